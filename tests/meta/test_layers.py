"""
Which module may know which: each import contract proved by a planted violation, and what contracts cannot say.

The contracts stand in ``.importlinter``; ``sh test.sh`` runs them on the tree itself. Here a copy of the tree gets
one wrong line, and the contract must name it. The checks below them read the source; each is proved the same way.
"""

from __future__ import annotations

import ast
import configparser
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
LOWEST_FIRST = """
    kernel ui audit jobs files accounts rulebook notify documents registers burden plans draws inspections
    publication followup oversight exchange desk portal operations demo config
"""
STAGE_ORDER = tuple(LOWEST_FIRST.split())


def contracts() -> dict[str, str]:
    """Return the name of each import contract by its key in ``.importlinter``."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    prefix = "importlinter:contract:"
    return {name.removeprefix(prefix): parser[name]["name"] for name in parser.sections() if prefix in name}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source tree and its contracts, to plant something in."""
    without = shutil.ignore_patterns("__pycache__", "templates", "static", "locale", "*.docx", "*.typ")
    shutil.copytree(SRC, tmp_path / "src", ignore=without)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def plant(tree: Path, place: str, line: str) -> None:
    """Add *line* to the module *place* of *tree*, making the module where it is not there."""
    path = tree / "src" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text() if path.exists() else ""
    path.write_text(f"{before}\n{line}\n")


def lint(tree: Path) -> tuple[int, str]:
    """Run the contracts on *tree*; returns the exit status and what was printed."""
    program = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert program is not None
    env = {**os.environ, "PYTHONPATH": str(tree / "src"), "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [program, "--no-cache"], cwd=tree, env=env, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout + done.stderr


# --- the contracts ------------------------------------------------------------------------------------

VIOLATIONS = [
    (
        "cycle",
        "fairdraw/plans/services.py",
        "import fairdraw.draws.models",
        "fairdraw.plans -> fairdraw.draws",
    ),
    ("cycle", "fairdraw/audit/services.py", "import fairdraw.jobs", "fairdraw.audit"),
    ("cycle", "fairdraw/ui/parts.py", "import fairdraw.plans.states", "fairdraw.ui"),
    ("cycle", "fairdraw/common/__init__.py", "", "common"),
    ("drawcore-alone", "drawcore/seed.py", "import fairdraw.kernel.canonical", "drawcore"),
    ("drawcore-readers", "fairdraw/plans/rules.py", "import drawcore", "fairdraw.plans.rules"),
    ("drawcore-readers", "fairdraw/exchange/tables.py", "import drawcore.seed", "fairdraw.exchange.tables"),
    ("pure", "fairdraw/kernel/errors.py", "import django.utils.translation", "fairdraw.kernel.errors"),
    ("pure", "fairdraw/plans/rules.py", "from django.conf import settings", "fairdraw.plans.rules"),
    ("pure", "fairdraw/plans/states.py", "import fairdraw.plans.models", "fairdraw.plans.states"),
    ("doors", "fairdraw/plans/views.py", "import fairdraw.plans.models", "fairdraw.plans.views"),
    ("doors", "fairdraw/plans/views.py", "from fairdraw.registers import models", "fairdraw.plans.views"),
    ("doors", "fairdraw/plans/forms.py", "import fairdraw.plans.models", "fairdraw.plans.forms"),
    ("inside", "fairdraw/plans/selectors.py", "import fairdraw.plans.services", "fairdraw.plans.selectors"),
    (
        "inside",
        "fairdraw/plans/permissions.py",
        "import fairdraw.plans.selectors",
        "fairdraw.plans.permissions",
    ),
    ("inside", "fairdraw/plans/services.py", "import fairdraw.plans.forms", "fairdraw.plans.services"),
]


@pytest.mark.parametrize(("contract", "place", "line", "named"), VIOLATIONS)
def test_a_planted_import_breaks_its_contract(copy, contract, place, line, named):
    plant(copy, "fairdraw/plans/forms.py", "")
    plant(copy, place, line)
    status, said = lint(copy)

    assert status != 0
    broken, _, reasons = said.partition("Broken contracts")
    assert f"{contracts()[contract]} BROKEN" in broken or "missing layers" in said.lower()
    assert named.split(" -> ")[0] in (reasons or said)


def test_every_contract_has_a_planted_violation():
    assert {contract for contract, *_ in VIOLATIONS} == set(contracts())


def test_every_stage_knows_nothing_of_the_next_one(copy):
    present = [name for name in STAGE_ORDER if (copy / "src/fairdraw" / name).is_dir()]
    pairs = list(itertools.pairwise(present))
    for earlier, later in pairs:
        plant(copy, f"fairdraw/{earlier}/planted.py", f"import fairdraw.{later}")
    _, said = lint(copy)

    unnoticed = [pair for pair in pairs if "fairdraw.{}.planted -> fairdraw.{}".format(*pair) not in said]
    assert unnoticed == []


def test_every_package_of_the_tree_is_held_by_the_contracts():
    text = (ROOT / ".importlinter").read_text()
    parser = configparser.ConfigParser()
    parser.read_string(text)
    roots = parser["importlinter"]["root_packages"].split()
    inside = {
        name.removeprefix("fairdraw.")
        for name in parser["importlinter:contract:inside"]["containers"].split()
    }
    order = {path.parent.name for path in (SRC / "fairdraw").glob("*/__init__.py")}

    assert sorted(path.parent.name for path in SRC.glob("*/__init__.py")) == sorted(roots)
    # what has no rows, doors or verbs of its own has no order inside
    assert order - inside == {"kernel", "ui", "operations", "demo", "config"} & order
    assert order <= set(STAGE_ORDER)


# --- what contracts cannot say ------------------------------------------------------------------------


@dataclass(frozen=True)
class Import:
    """One import: in which module (dotted), of what, on which line, and whether inside a function."""

    module: str
    target: str
    line: int
    in_function: bool

    @property
    def stage(self) -> str:
        """The stage that imports."""
        return [*self.module.split("."), ""][1]

    @property
    def place(self) -> str:
        """Module and line, for the message."""
        return f"{self.module}:{self.line} imports {self.target}"


@cache
def parsed(text: str) -> ast.Module:
    """The syntax tree of a module; the copies of the tree differ in one file each."""
    return ast.parse(text)


def modules(src: Path, *, under: str = "") -> Iterator[tuple[str, ast.Module]]:
    """Yield the dotted name and the syntax tree of every module in *src*, of the package *under* alone."""
    for path in sorted((src / under).rglob("*.py")):
        parts = path.relative_to(src).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), parsed(path.read_text())


def targets(node: ast.AST) -> list[str]:
    """Return what an import statement imports, with the names it takes from a package."""
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{name.name}" for name in node.names]
    return []


@cache
def imports(name: str, tree: ast.Module) -> tuple[Import, ...]:
    """Return every import of one module."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    inner = {id(node) for top in ast.walk(tree) if isinstance(top, functions) for node in ast.walk(top)}
    return tuple(
        Import(name, target, node.lineno, id(node) in inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt)
        for target in targets(node)
    )


def beyond_the_standard_library(src: Path) -> list[str]:
    """drawcore is the standard library and itself: an outsider repeats a draw with nothing installed."""
    found = [one for name, tree in modules(src, under="drawcore") for one in imports(name, tree)]
    return [
        one.place for one in found if one.target.split(".")[0] not in {*sys.stdlib_module_names, "drawcore"}
    ]


def anothers_doors(src: Path) -> list[str]:
    """No stage uses another's forms, views, jobs or addresses: those are its doors, not its words."""
    doors = {"forms", "views", "jobs", "urls", "management"}
    found = []
    for name, tree in modules(src, under="fairdraw"):
        for one in imports(name, tree):
            parts = one.target.split(".")
            if parts[0] == "fairdraw" and len(parts) > 2 and parts[2] in doors:
                if one.stage not in (parts[1], "config"):
                    found.append(one.place)
    return found


def code_in_migrations(src: Path) -> list[str]:
    """A migration imports none of our code: it must still mean the same when that code has changed."""
    found = []
    for name, tree in modules(src, under="fairdraw"):
        if ".migrations." in name:
            found += [
                one.place for one in imports(name, tree) if one.target.startswith(("fairdraw", "drawcore"))
            ]
    return found


def hidden_imports(src: Path) -> list[str]:
    """No import of our own inside a function: it would hide a cycle from the contracts' readers."""
    allowed = (
        "operations",
        "config",
    )  # the command line imports Django's world after the settings are chosen
    found = []
    for name, tree in modules(src, under="fairdraw"):
        if name.endswith(".apps"):
            continue
        inner = [one for one in imports(name, tree) if one.in_function and one.stage not in allowed]
        found += [one.place for one in inner if one.target.startswith("fairdraw.")]
    return found


CHANCE_AND_TIME = {
    "timezone.now",
    "clock.now",
    "clock.today",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid4",
    "os.urandom",
    "urandom",
}
INNER = {"services", "selectors", "permissions", "models", "rules", "states"}


def own_clocks(src: Path) -> list[str]:
    """Verbs and questions are given the time and the chance: only doors read a clock or make a number."""
    found = []
    for name, tree in modules(src, under="fairdraw"):
        if ".management." in name or not INNER & set(name.split(".")[2:]):  # a command is a door
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute | ast.Name):
                words = ".".join(ast.unparse(node).split(".")[-2:])
                if words in CHANCE_AND_TIME or words.startswith(("secrets.", "random.")):
                    found.append(f"{name}:{node.lineno} uses {words}")
    return found


def own_environments(src: Path) -> list[str]:
    """The environment is read in config.env alone, so that every variable is known and documented."""
    allowed = ("fairdraw.config.", "fairdraw.operations.")
    return [
        f"{name}:{node.lineno}"
        for name, tree in modules(src, under="fairdraw")
        if not name.startswith(allowed)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv")
    ]


CHECKS: list[tuple[Callable[[Path], list[str]], str, str]] = [
    (beyond_the_standard_library, "drawcore/planted.py", "import numpy"),
    (anothers_doors, "fairdraw/desk/planted.py", "from fairdraw.plans import forms"),
    (anothers_doors, "fairdraw/exchange/planted.py", "from fairdraw.draws.jobs import announce"),
    (
        code_in_migrations,
        "fairdraw/plans/migrations/0099_planted.py",
        "from fairdraw.plans.models import Task",
    ),
    (hidden_imports, "fairdraw/plans/planted.py", "def f():\n    from fairdraw.draws import services"),
    (own_clocks, "fairdraw/plans/services.py", "NOW = timezone.now()"),
    (own_clocks, "fairdraw/plans/rules.py", "def f(day=dt.date.today()): pass"),
    (own_clocks, "fairdraw/draws/services/planted.py", "key = secrets.token_bytes(32)"),
    (own_clocks, "fairdraw/draws/models.py", "def f(key=uuid.uuid4): pass"),
    (own_environments, "fairdraw/files/planted.py", "import os\nFOLDER = os.environ['HOME']"),
]


@pytest.mark.parametrize(
    "check", dict.fromkeys(check for check, *_ in CHECKS), ids=lambda check: check.__name__
)
def test_the_tree_keeps_what_contracts_cannot_say(check):
    assert check(SRC) == []


@pytest.mark.parametrize(("check", "place", "line"), CHECKS)
def test_each_of_these_checks_notices_a_planted_violation(copy, check, place, line):
    before = check(copy / "src")
    plant(copy, place, line)

    assert len(check(copy / "src")) == len(before) + 1


def test_the_standalone_verifier_needs_nothing_but_the_standard_library():
    tree = ast.parse((ROOT / "verify.py").read_text())
    found = [one.place for one in imports("verify", tree)]
    roots = {one.target.split(".")[0] for one in imports("verify", tree)}

    assert found
    assert roots <= set(sys.stdlib_module_names)
