"""
The words of the repository about itself: links lead somewhere, decisions have their form, figures are recomputed.

A table under ``<!-- table: NAME -->`` is read and computed again from the source; a block under ``<!-- run: NAME -->``
is run by a shell in a real bundle.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

import verify
from drawcore import allocation, plan
from drawcore.bundle import read_bundle
from drawcore.each import Seat
from drawcore.officers import Eligible
from drawcore.outcome import Outcome, Sealed, outcome
from drawcore.prf import Keys, prn_hex
from drawcore.rows import Exclusions, Frame, Officers, Recusals
from drawcore.seal import Seal
from drawcore.seed import keys
from fairdraw.operations import cli
from fairdraw.oversight import rules as indicators
from fairdraw.oversight.facts import Goals, Indicator, InspectionFact, TaskFact
from fairdraw.plans.allocation import Asked, Held, allocate
from fairdraw.rulebook import shipped

ROOT = Path(__file__).resolve().parents[2]
ADR = ROOT / "docs" / "adr"
EXPLANATION = ROOT / "docs" / "explanation"
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

    assert page in seen


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


# --- worked tables ------------------------------------------------------------------------------------

Row = dict[str, str]


def table(page: str, name: str) -> list[Row]:
    """The rows of the table under ``<!-- table: name -->``, by the words of its head."""
    text = (EXPLANATION / page).read_text(encoding="utf-8")
    lines = text.split(f"<!-- table: {name} -->\n")[1].split("\n\n")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    assert len({len(row) for row in cells}) == 1, f"{name}: rows of different length"
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


def tables() -> Iterator[tuple[str, str]]:
    """Every worked table: its page and its name."""
    for path in sorted(EXPLANATION.glob("*.md")):
        for name in re.findall(r"<!-- table: ([\w-]+) -->", path.read_text(encoding="utf-8")):
            yield path.name, name


def test_every_worked_table_is_recomputed_here():
    source = Path(__file__).read_text(encoding="utf-8")

    assert {name for _page, name in tables() if f'"{name}")' not in source} == set()


class Vector:
    """One of the protocol's test vectors, drawn again."""

    def __init__(self, number: int) -> None:
        files = read_bundle(VECTORS / f"v{number}").files
        self.sealed = Sealed(
            plan.Plan.parse(files["plan.json"]),
            Frame.parse(files["frame.tsv"]),
            Exclusions.parse(files["excluded.tsv"]),
            Officers.parse(files["officers.tsv"]),
            Recusals.parse(files["recusals.tsv"]),
        )
        self.seed_text = files["seed.txt"]
        self.keys: Keys = keys(self.seed_text, Seal.parse(files["seal.json"]))
        self.outcome: Outcome = outcome(self.sealed, self.keys)


@pytest.fixture(scope="module")
def first() -> Vector:
    """Vector 1: one task, officers per target."""
    return Vector(1)


@pytest.fixture(scope="module")
def fourth() -> Vector:
    """Vector 4: a pool of tasks, two departments, teams and routes."""
    return Vector(4)


def test_the_seed_text_and_its_keys_are_those_of_the_vector(first):
    held = {row["what"]: row["value"].strip("`") for row in table("draw.md", "draw-keys")}

    assert first.seed_text.decode() in (EXPLANATION / "draw.md").read_text(encoding="utf-8")
    assert held == {
        "seed": first.keys.seed.hex(),
        "key of the part": first.keys.key("object main").hex(),
    }


def test_the_tickets_of_the_worked_draw(first):
    tickets = first.keys.tickets("object main")
    drawn = first.outcome.selection.parts["2024-017"]

    expected = []
    for id_, tags in zip(first.sealed.frame.ids, first.sealed.frame.tags, strict=True):
        stratum = drawn[tags.removeprefix("credit.")]
        rank = [id_ for _ticket, id_ in stratum.ranked].index(id_) + 1
        reserve = stratum.size.drawn < rank <= stratum.size.drawn + stratum.size.reserve
        told = "drawn" if rank <= stratum.size.drawn else "reserve" if reserve else ""
        expected.append([id_, stratum.stratum, f"`{prn_hex(tickets(id_))}`", str(rank), told])
    assert [list(row.values()) for row in table("draw.md", "draw-tickets")] == expected


def ratio(text: str) -> Fraction:
    """A share as a page writes it: ``3.5 %``."""
    return Fraction(text.removesuffix("%").strip()) / 100


def shown(value: Fraction, digits: int) -> str:
    """An exact number with some decimals, rounded half up."""
    scaled = (2 * value.numerator * 10**digits + value.denominator) // (2 * value.denominator)
    return f"{scaled // 10**digits}.{scaled % 10**digits:0{digits}d}"


def sizes(mode: str, strata: list[plan.Stratum], counts: dict[str, int], total: int = 0) -> dict[str, int]:
    """What drawcore draws in each stratum."""
    part = plan.Part("t", "main", "*", "credit", "k", plan.Allocation(mode, tuple(strata), total=total))
    return {code: size.drawn for code, size in allocation.sizes(part, counts).items()}


def test_the_table_of_ratios():
    *rows, whole = table("allocation.md", "allocation-rate")
    rates = {row["class"]: ratio(row["rate r"]) for row in rows}
    counts = {row["class"]: int(row["in scope N"]) for row in rows}

    drawn = sizes(
        "rate", [plan.Stratum(c, num=r.numerator, den=r.denominator) for c, r in rates.items()], counts
    )

    for row in rows:
        code = row["class"]
        assert row["N·r"] == shown(counts[code] * rates[code], 2)
        assert int(row["drawn n"]) == drawn[code]
        assert row["probability n/N"] == f"{shown(Fraction(100 * drawn[code], counts[code]), 2)} %"
    assert int(whole["in scope N"]) == sum(counts.values())
    assert int(whole["drawn n"]) == sum(drawn.values()) >= -(-sum(counts.values()) * 35 // 1000)
    assert (
        whole["probability n/N"] == f"{shown(Fraction(100 * sum(drawn.values()), sum(counts.values())), 2)} %"
    )


def test_the_rates_of_the_table_are_those_that_are_shipped():
    rates = {row["class"]: ratio(row["rate r"]) for row in table("allocation.md", "allocation-rate")[:-1]}
    held = {
        row.stratum: Fraction(row.ratio)
        for row in shipped.rows_of("class_rates.csv")
        if row.set_code == "default" and row.stratum in rates
    }

    assert rates == held


def test_the_table_of_one_total():
    *rows, whole = table("allocation.md", "allocation-total")
    rates = {row["class"]: ratio(row["rate r"]) for row in table("allocation.md", "allocation-rate")[:-1]}
    counts = {row["class"]: int(row["in scope N"]) for row in rows}
    found = allocate(
        Asked(count=1000),
        counts=counts,
        kinds={"enterprise": sum(counts.values())},
        default_rates=rates,
        exempt=False,
        reserve=3,
    )
    assert not isinstance(found, Held)

    weights = {str(row["code"]): int(row["weight"]) for row in found.strata}
    strata = [plan.Stratum(code, weight=weight) for code, weight in weights.items()]
    drawn = sizes(found.mode, strata, counts, total=found.total or 0)

    for row in rows:
        code = row["class"]
        share = Fraction(1000 * weights[code], sum(weights.values()))
        assert row["weight N·r"] == shown(counts[code] * rates[code], 3)
        assert row["share of 1000"] == shown(share, 3)
        assert int(row["whole part"]) == share.numerator // share.denominator
        assert int(row["drawn n"]) == drawn[code]
        assert row["probability n/N"] == f"{shown(Fraction(100 * drawn[code], counts[code]), 2)} %"
    assert int(whole["whole part"]) == sum(int(row["whole part"]) for row in rows)
    assert int(whole["drawn n"]) == sum(drawn.values()) == 1000


def by_class(text: str) -> dict[str, int]:
    """Numbers by class as a page writes them: ``A 5, B 9``."""
    return {code: int(number) for code, number in re.findall(r"([A-DN]) (\d+)", text)}


@pytest.mark.parametrize("row", table("allocation.md", "allocation-small"), ids=lambda row: row["drawn"])
def test_small_totals(row):
    counts = by_class(row["in scope, equal weights"])

    drawn = sizes("total", [plan.Stratum(c, weight=1) for c in counts], counts, total=int(row["total"]))

    assert drawn == by_class(row["drawn"])


ASKED = {
    "5 %": Asked(ratio=Fraction(1, 20)),
    "neither ratio nor number": Asked(),
    "A 2 %, B 5 %": Asked(ratio_by_class={"A": Fraction(1, 50), "B": Fraction(1, 20)}),
    "D 100 %": Asked(ratio_by_class={"D": Fraction(1)}),
}


@pytest.mark.parametrize(
    "row", table("allocation.md", "allocation-held"), ids=lambda row: row["the row says"]
)
def test_a_row_is_held_for_the_reason_that_the_page_gives(row):
    found = allocate(
        ASKED[row["the row says"]],
        counts=by_class(row["the register has"]),
        kinds={},
        default_rates={"A": Fraction(1, 100), "B": Fraction(1, 50)},
        exempt=False,
        reserve=3,
    )

    assert found == Held(row["reason"])


def _seat(vector: Vector, seat: Seat, loads: dict[str, int], here: set[str]) -> list[str]:
    eligible = Eligible(vector.sealed.plan, vector.sealed.officers)
    unit = vector.sealed.frame.units[vector.sealed.frame.index[seat.id]]
    number = [slot.slot for slot in vector.sealed.plan.assign.slots].index(seat.slot)
    free = sorted(set(eligible.for_slot(unit, number)) - here - set(vector.sealed.recusals.at(seat.id)))
    least = min(loads[one] for one in free)
    return [
        seat.id,
        seat.slot,
        ", ".join(f"{one} ({loads[one]})" for one in free),
        ", ".join(one for one in free if loads[one] == least),
        f"**{seat.officer}** `{prn_hex(seat.ticket)}`",
    ]


def test_the_worked_assignment_one_by_one(first):
    loads = {officer.id: officer.load0 for officer in first.sealed.officers.rows}
    here: dict[str, set[str]] = {}
    expected = []
    for seat in first.outcome.seats:
        expected.append(_seat(first, seat, loads, here.setdefault(seat.id, set())))
        loads[seat.officer] += 1
        here[seat.id].add(seat.officer)

    assert [list(row.values()) for row in table("matching.md", "matching-each")] == expected


def test_the_worked_teams(fourth):
    expected = [
        [team.code, team.units, ", ".join(officer.id for officer in team.members), str(team.load0)]
        for team in fourth.outcome.clustered.teams
    ]

    assert [list(row.values()) for row in table("matching.md", "matching-teams")] == expected


def test_the_worked_bundles(fourth):
    expected = [
        [
            str(deal.number),
            ", ".join(deal.bundle.ids),
            deal.bundle.unit,
            deal.bundle.area,
            deal.team.code,
            f"`{prn_hex(deal.ticket)}`",
            str(deal.load),
        ]
        for deal in fourth.outcome.clustered.dealt
    ]

    assert [list(row.values()) for row in table("matching.md", "matching-bundles")] == expected


YEAR = 2026
BASE, LOW_RISK = 120, 80
DUE = {"T1": "05-20", "T2": "09-30", "T3": "11-20"}
GOALS = Goals(
    enterprise_ratio=Fraction("0.035"),
    on_time=Fraction(1),
    on_time_records=Fraction(1),
    publication=Fraction(1),
    follow_up=Fraction(1),
    differentiated=Fraction("0.85"),
    low_risk_visits=Fraction(3, 100),
)


def day(text: str) -> dt.date | None:
    """A day of the worked year."""
    return dt.date.fromisoformat(f"{YEAR}-{text}") if text else None


def facts() -> list[InspectionFact]:
    """The inspections of the worked year as its table gives them."""
    held = []
    for row in table("indicators.md", "indicators-facts"):
        due = day(DUE[row["task"]])
        assert due is not None
        held.append(
            InspectionFact(
                task=row["task"],
                target=row["target"],
                kind="enterprise" if row["target"].startswith("E") else "individual_business",
                stratum=row["class"],
                class_as_sealed=row["class"],
                differentiated=row["task"] == "T1",
                exempt=row["task"] == "T3",
                due_on=due,
                drawn_on=day(row["drawn"]),
                checked_on=day(row["checked"]),
                published_on=day(row["published"]),
                problem=row["problem"] == "yes",
                followed_up=bool(row["measure begun"]),
                followed_up_on=day(row["measure begun"]),
                excluded=bool(row["excluded"]),
                excluded_on=day(row["excluded"]),
            )
        )
    return held


def year(as_of: str) -> dict[str, Indicator]:
    """The indicators of the worked year as of a day."""
    held = facts()
    tasks = [
        TaskFact(
            task=task,
            due_on=due_on,
            exempt=task == "T3",
            differentiated=task == "T1",
            drawn_on=next(fact.drawn_on for fact in held if fact.task == task),
        )
        for task, due in DUE.items()
        if (due_on := day(due)) is not None
    ]
    on = day(as_of)
    assert on is not None
    return indicators.year_indicators(
        facts=held,
        tasks=tasks,
        visits=None,
        base=BASE,
        low_risk_enterprises=LOW_RISK,
        publish_by=lambda checked: checked + dt.timedelta(days=28),
        goals=GOALS,
        as_of=on,
    )


@pytest.mark.parametrize("row", table("indicators.md", "indicators-year"), ids=lambda row: row["code"])
def test_the_worked_year(row):
    early, late = year("05-20")[row["code"]], year("11-20")[row["code"]]

    assert row["as of 05-20"] == f"{early.numerator}/{early.denominator}"
    assert row["as of 11-20"] == f"{late.numerator}/{late.denominator}"
    assert row["shown"] == late.display
    assert row["met"] == {True: "yes", False: "no", None: ""}[late.met]


def test_the_board_says_how_many_enterprises_are_missing():
    missing = re.search(r"还差(\d+)户", (EXPLANATION / "indicators.md").read_text(encoding="utf-8"))

    assert missing is not None
    assert int(missing[1]) == year("11-20")["K1"].shortfall


@pytest.mark.parametrize(
    "row", table("indicators.md", "indicators-rounding"), ids=lambda row: row["numerator"]
)
def test_a_missed_goal_never_looks_met(row):
    found = Indicator("K1", int(row["numerator"]), int(row["denominator"]), ratio(row["goal"]))

    assert found.value is not None
    assert row["exact"] == f"{shown(100 * found.value, 5)} %"
    assert row["shown"] == found.display
    assert row["met"] == ("yes" if found.met else "no")
