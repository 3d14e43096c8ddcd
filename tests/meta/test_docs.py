"""
The words of the repository about itself: links lead somewhere, decisions have their form, commands exist.

A block under ``<!-- run: NAME -->`` is run by a shell in a real bundle. Figures: ``test_worked_tables.py``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

import verify
from fairdraw.operations import cli

ROOT = Path(__file__).resolve().parents[2]
ADR = ROOT / "docs" / "adr"
HOW_TO = ROOT / "docs" / "how-to" / "verify-a-draw.md"
README = ROOT / "README.md"
VECTORS = ROOT / "tests" / "golden" / "vdraw"
LINK = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
NOT_OURS = {".venv", "var", "wheelhouse", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
ADR_SECTIONS = ("## Context", "## Decision", "## Consequences", "## Clauses")


def in_repository(*patterns: str) -> list[Path]:
    """The files of the repository: tracked, or about to be."""
    if not (ROOT / ".git").exists():  # unpacked from an archive
        found = (path for pattern in patterns or ("*",) for path in ROOT.rglob(pattern) if path.is_file())
        return sorted(path for path in found if NOT_OURS.isdisjoint(path.relative_to(ROOT).parts))
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def named(path: Path) -> str:
    """The path of a file in the repository, as the id of a test."""
    return path.relative_to(ROOT).as_posix()


PAGES = in_repository("*.md")
DECISIONS = sorted(ADR.glob("*.md"))

# --- links --------------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings make."""
    found = set()
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            words = re.sub(r"[*`_]|\[([^\]]*)\]\([^)]*\)", r"\1", line.lstrip("# ").lower())
            kept = (c for c in words if c in " -_" or unicodedata.category(c)[0] in "LN")
            found.add("".join(kept).replace(" ", "-"))
    return found


def broken_links(page: Path) -> list[str]:
    """The links of a page inside the repository that lead nowhere."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = []
    for match in LINK.finditer(text):
        link = match[1] or match[2]
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        inside = target.is_relative_to(ROOT)
        if not inside or not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page):
    assert broken_links(page) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("[a](none.md) [b](#here) [c](#gone)\n# Here\n", encoding="utf-8")

    assert broken_links(page) == ["none.md", "#here", "#gone"]


@pytest.mark.parametrize("page", [path for path in PAGES if "docs" in path.parts], ids=named)
def test_every_page_of_the_documentation_can_be_reached_from_the_readme(page):
    seen, open_ = {README}, [README]
    while open_:
        here = open_.pop()
        for match in LINK.finditer(here.read_text(encoding="utf-8")):
            target = (here.parent / (match[1] or match[2]).partition("#")[0]).resolve()
            if target.suffix == ".md" and target.is_file() and target not in seen:
                seen.add(target)
                open_.append(target)

    assert page in seen, "put a line for it into docs/README.md"


# --- decisions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_form(page):
    lines = page.read_text(encoding="utf-8").splitlines()

    number = page.name[:4]
    assert re.fullmatch(r"\d{4}(-[a-z0-9]+)+\.md", page.name)
    assert lines[0].startswith(f"# {number} ")
    assert re.fullmatch(
        r"\*\*Status:\*\* (accepted|superseded by \[ADR \d{4}\]\(.+\)) · \*\*Date:\*\* \d{4}-\d\d-\d\d",
        lines[2],
    )
    assert [line for line in lines if line.startswith("## ")] == list(ADR_SECTIONS)
    assert len(lines) <= 60, "one page"


def test_decisions_are_numbered_without_gaps():
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_a_decision_that_the_source_cites_is_there():
    cited = {
        (named(path), number)
        for path in in_repository("*.py", "*.md", "*.html")
        if not path.is_relative_to(ROOT / "tests")
        for number in re.findall(r"ADR (\d{4})", path.read_text(encoding="utf-8"))
    }

    assert cited
    assert {(path, number) for path, number in cited if not list(ADR.glob(f"{number}-*.md"))} == set()


# --- papers -------------------------------------------------------------------------------------------

PAPERS = ROOT / "docs" / "reference" / "papers.md"
SHORT_NAME = re.compile(r"(?<![\w/.-])([a-z_]+\.md)(?= §| [A-Z]\d| T-)")


def test_a_paper_that_the_source_cites_is_explained():
    explained = PAPERS.read_text(encoding="utf-8")
    cited = {
        (named(path), paper)
        for path in in_repository("src/*.py", "src/*.html", "tools/*.py", "verify.py")
        for paper in SHORT_NAME.findall(path.read_text(encoding="utf-8"))
    }

    assert {(path, paper) for path, paper in cited if f"`{paper}" not in explained} == set()


def test_a_rule_that_the_source_cites_has_its_row():
    rows = set(re.findall(r"^\| ([A-Z]\d+) \| ", PAPERS.read_text(encoding="utf-8"), re.MULTILINE))
    cited = {
        (named(path), rule)
        for path in in_repository("src/*.py", "src/*.html", "docs/*.md")
        for text in re.findall(r"rules\.md ((?:[A-Z]\d+[–, ]*)+)", path.read_text(encoding="utf-8"))
        for rule in re.findall(r"[A-Z]\d+", text)
    }

    assert cited
    assert {(path, rule) for path, rule in cited if rule not in rows} == set()


@pytest.mark.real_data
def test_the_protocol_in_the_repository_is_the_paper_itself(real_data):
    paper = (real_data.parent / "draw-protocol.md").read_text(encoding="utf-8")

    assert (PAPERS.parent / "vdraw-1.md").read_text(encoding="utf-8") == paper


# --- what must not stand in the repository ------------------------------------------------------------

MACHINE_PATH = re.compile(r"(?<![\w.~}\]<*-])/(?:work|root|home|Users|mnt|tmp/fd)/\w")
BINARY = {".docx", ".png", ".xlsx", ".xls", ".ods", ".ttf", ".otf", ".woff2"}


def test_no_file_names_a_place_of_one_machine():
    found = []
    for path in in_repository():
        if path.suffix in BINARY or path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{named(path)}: {match[0]}" for match in MACHINE_PATH.finditer(text)]

    assert found == []


def test_a_place_of_one_machine_would_be_found():
    assert MACHINE_PATH.search("see /" + "home/somebody/file")
    assert not MACHINE_PATH.search("src/work/x and https://example.cn/home/x".replace("/home", "x/home"))


# --- the readme ---------------------------------------------------------------------------------------


def test_the_map_shows_every_package_in_the_order_of_the_contracts():
    text = README.read_text(encoding="utf-8").split("## Map of the source")[1].split("```")[1]
    layers = (ROOT / ".importlinter").read_text(encoding="utf-8").split("layers =")[1].split("\n\n")[0]
    rows = [re.findall(r"\w+", line) for line in layers.splitlines()]
    lowest_first = {name: place for place, row in enumerate(reversed(rows)) for name in row}

    shown = re.findall(r"^    (\w+)/ ", text, re.MULTILINE)
    packages = {path.parent.name for path in (ROOT / "src" / "fairdraw").glob("*/__init__.py")}
    assert set(shown) == packages
    assert shown == sorted(shown, key=lowest_first.__getitem__)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_command_that_a_page_names_exists(page):
    text = page.read_text(encoding="utf-8")
    named_commands = set(re.findall(r"(?:`|^)(?:sh run\.sh|fairdraw) ([a-z][a-z-]+)", text, re.MULTILINE))

    assert named_commands - set(cli.commands()) == set()


def test_both_readmes_name_the_same_two_commands_and_the_verifier():
    chinese = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")

    for words in ("sh run.sh", "sh test.sh", "verify.py", "sh run.sh year", "docs/pictures/cycle.svg"):
        assert words in README.read_text(encoding="utf-8")
        assert words in chinese


# --- checking a draw by hand --------------------------------------------------------------------------


def block(page: Path, name: str) -> str:
    """The shell block under ``<!-- run: name -->``."""
    found = re.search(rf"<!-- run: {name} -->\n```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"{page.name} has no block {name}"
    return found[1]


@pytest.fixture
def tools(tmp_path: Path) -> dict[str, str]:
    """The environment of the shell; where a machine has no openssl, its one use here is played by Python."""
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    if shutil.which("openssl") is None:
        stand_in = tmp_path / "openssl"
        stand_in.write_text(
            f"#!{sys.executable}\n"
            "import hashlib, hmac, sys\n"
            "assert sys.argv[1:6] == ['dgst', '-sha256', '-mac', 'HMAC', '-macopt'], sys.argv\n"
            "key = bytes.fromhex(sys.argv[6].removeprefix('hexkey:'))\n"
            "print('HMAC-SHA2-256(stdin)=', hmac.new(key, sys.stdin.buffer.read(), hashlib.sha256).hexdigest())\n",
            encoding="utf-8",
        )
        stand_in.chmod(0o755)
        env["PATH"] = f"{tmp_path}{os.pathsep}{env['PATH']}"
    return env


def shell(script: str, folder: Path, env: dict[str, str]) -> str:
    """Run *script* in *folder*; returns what it printed."""
    done = subprocess.run(
        ["sh", "-c", script], cwd=folder, env=env, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("page", [README, HOW_TO], ids=named)
def test_three_lines_of_shell_agree_with_the_numbers_of_a_draw(page, tools, tmp_path):
    script = block(page, "numbers").replace("object joint", "object main")
    folder = shutil.copytree(VECTORS / "v1", tmp_path / "bundle")

    assert shell(script, folder, tools) == ""

    result = folder / "result.tsv"
    result.write_text(result.read_text().replace("053130059e50c6fd", "053130059e50c6fe"))
    assert shell(script, folder, tools).startswith("E03 ")


def test_the_ranking_of_a_stratum_can_be_made_by_hand(tools):
    script = block(HOW_TO, "numbers") + block(HOW_TO, "ranking").replace("head -3", "head -2")

    shown = shell('cut() { command cut "$@"; }\n' + script, VECTORS / "v4", tools).splitlines()

    held = [line.split("\t") for line in (VECTORS / "v4" / "result.tsv").read_text().splitlines()]
    ranks = [f"{row[4]} {row[5]}" for row in held if row[:2] == ["2024-021", "B"]]
    assert shown[-2:] == ranks[:2]


def test_the_steps_that_the_page_explains_are_those_of_the_verifier():
    steps = verify.verify_bundle(VECTORS / "v1")

    rows = re.findall(r"^\| (\d+) \| (\S+) \| (\S+) \|$", HOW_TO.read_text(encoding="utf-8"), re.MULTILINE)
    assert [(int(number), title, cheat) for number, title, cheat in rows] == [
        (step.number, step.title, step.cheat) for step in steps
    ]


def test_what_the_page_promises_to_see_is_printed():
    printed = verify.report(verify.verify_bundle(VECTORS / "v1"))

    for words in ("审批核对码", "封存核对码", "锁定核对码", "凭证二维码应为"):
        assert words in printed
    assert printed.splitlines()[-1].startswith("复核通过")
