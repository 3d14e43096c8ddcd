"""
The draw calls no clock and no random generator (vdraw/1 §19.8): what it is given is all that it knows.

Read from the syntax tree of ``drawcore`` and of the modules of ``fairdraw.draws`` that draw. Types of the clock
(``dt.datetime``) and ``uuid.UUID`` of given bytes are free; asking the machine is not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
DRAWING = (
    *("run", "frames", "store", "services", "preparing", "ending", "sealtext", "rules", "keep", "vault"),
    *("course", "replacing", "supplementing", "receiving", "bundles", "selectors"),
    *("disclosing", "auditing", "limits", "members"),
)
GENERATORS = {"random", "secrets", "numpy", "tempfile"}  # modules that are not even imported
ASKED = {
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("django.utils.timezone.now", "django.utils.timezone.localtime", "django.utils.timezone.localdate"),
    *("django.db.models.functions.Now", "django.utils.crypto.get_random_string"),
    *("time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter"),
    *("time.perf_counter_ns", "time.localtime", "time.gmtime", "time.strftime", "time.ctime"),
    *("os.urandom", "os.getrandom", "uuid.uuid1", "uuid.uuid4", "uuid.uuid6", "uuid.uuid7"),
    *("fairdraw.kernel.clock.now", "fairdraw.kernel.clock.today"),
    *("fairdraw.kernel.clock._system", "fairdraw.kernel.clock._source"),
}
CLOSED = {name.rsplit(".", 1)[0] for name in ASKED if not name.startswith(("datetime", "django"))}


def drawing() -> list[Path]:
    """The files that draw."""
    return sorted([*(SRC / "drawcore").rglob("*.py"), *(SRC / "fairdraw/draws" / f"{n}.py" for n in DRAWING)])


def violations(source: str) -> list[str]:
    """Every place in *source* where the machine's clock or a generator is named, as ``line: name``."""
    tree = ast.parse(source)
    return [f"{line}: {name}" for line, name in sorted({*_imported(tree), *_named(tree), *_dynamic(tree)})]


def _imports(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Line, local name, full name of everything imported anywhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                local = alias.asname or alias.name.split(".")[0]
                yield node.lineno, local, alias.name if alias.asname else local
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield node.lineno, alias.asname or alias.name, f"{node.module}.{alias.name}"


def _imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for line, _local, full in _imports(tree):
        module, _, name = full.rpartition(".")
        if (
            full.split(".")[0] in GENERATORS
            or full in ASKED
            or (name == "*" and module in {*CLOSED, "datetime"})
        ):
            yield line, full


def _named(tree: ast.AST) -> Iterator[tuple[int, str]]:
    names = {local: full for _line, local, full in _imports(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            full = _full(node, names)
            if full in ASKED or full.split(".")[0] in GENERATORS:
                yield node.lineno, full


def _full(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_full(node.value, names)}.{node.attr}"
    return names.get(node.id, node.id) if isinstance(node, ast.Name) else "?"


def _dynamic(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Names given as text: ``getattr(os, "urandom")``, ``import_module("random")``, ``__import__("secrets")``."""
    last = {name.rsplit(".", 1)[1] for name in ASKED}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = {a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
        wanted = last if called == "getattr" else {*GENERATORS, *CLOSED} if "import" in called else set()
        for text in texts & wanted:
            yield node.lineno, f"{called}({text!r})"


@pytest.mark.parametrize("path", drawing(), ids=lambda path: str(path.relative_to(SRC)))
def test_the_draw_asks_neither_clock_nor_generator(path: Path):
    assert violations(path.read_text("utf-8")) == []


def test_everything_that_draws_is_looked_at():
    looked_at = {str(path.relative_to(SRC)) for path in drawing()}

    assert len(looked_at) > 30
    assert {"drawcore/outcome.py", "drawcore/selection.py", "drawcore/cluster.py"} <= looked_at
    assert {f"fairdraw/draws/{name}.py" for name in DRAWING} <= looked_at


@pytest.mark.parametrize(
    "planted",
    [
        "import datetime as dt\ndef f():\n    return dt.datetime.now(dt.UTC)",
        "from datetime import datetime\nx = datetime.utcnow()",
        "from datetime import datetime as when\nx = when.today()",
        "import datetime\nx = datetime.date.today()",
        "import time\nx = time.time()",
        "from time import time_ns as t\nx = t()",
        "import time as clock\nx = clock.monotonic()",
        "from django.utils import timezone\nx = timezone.now()",
        "from django.utils.timezone import now\nx = now()",
        "from django.db.models.functions import Now\nx = Now()",
        "from fairdraw.kernel import clock\nx = clock.now()",
        "from fairdraw.kernel.clock import today\nx = today()",
        "import random\nx = random.random()",
        "def f():\n    import random as r\n    return r.shuffle([1])",
        "from random import SystemRandom",
        "import secrets",
        "from secrets import token_hex",
        "import os\nx = os.urandom(32)",
        "from os import urandom\nx = urandom(32)",
        "import os\nentropy = os.urandom",
        "import uuid\nx = uuid.uuid4()",
        "from uuid import uuid1\nx = uuid1()",
        "import numpy.random\nx = numpy.random.rand()",
        "from os import *",
        "import os\nx = getattr(os, 'urandom')(3)",
        "from importlib import import_module\nx = import_module('random')",
        "x = __import__('secrets')",
        "from django.utils.crypto import get_random_string",
    ],
)
def test_a_planted_clock_or_generator_is_seen(planted: str):
    assert violations(planted) != []


@pytest.mark.parametrize(
    "free",
    [
        "import datetime as dt\ndef f(now: dt.datetime):\n    return dt.datetime.fromtimestamp(0, dt.UTC)",
        "import uuid\ndef f(entropy):\n    return uuid.UUID(bytes=entropy(16), version=4)",
        "from fairdraw.kernel import clock\ndef f(now):\n    return clock.local_date(now)",
        "import os\nx = os.environ",
    ],
)
def test_what_is_given_may_be_used(free: str):
    assert violations(free) == []


# No preview (vdraw/1 §2): what computes ranks, and the only modules that may name it.
RANKING = {
    "drawcore.prf.Keys": {"fairdraw.draws.run"},
    "drawcore.seed.keys": {"fairdraw.draws.run"},
    "drawcore.outcome.outcome": {"fairdraw.draws.run"},
    "drawcore.selection.select": {"fairdraw.draws.run"},
    "drawcore.each": {"fairdraw.draws.run"},
    "drawcore.cluster": {"fairdraw.draws.run"},
    "drawcore.changes.Course": {"fairdraw.draws.run", "fairdraw.draws.course"},
    "fairdraw.draws.run.compute": {"fairdraw.draws.services"},
    "fairdraw.draws.run.again": {"fairdraw.draws.course"},
    "fairdraw.draws.run.verifier": set(),
    "fairdraw.draws.services.compute": set(),
    "fairdraw.draws.course.standing": {
        *("fairdraw.draws.replacing", "fairdraw.draws.supplementing", "fairdraw.inspections.replacing"),
    },
}


def previews(name: str, source: str) -> list[str]:
    """Every place in the module *name* that names something by which ranks are computed, and may not."""
    tree = ast.parse(source)
    named = [(line, full) for line, _local, full in _imports(tree)]
    local = {local: full for _line, local, full in _imports(tree)}
    named += [(n.lineno, _full(n, local)) for n in ast.walk(tree) if isinstance(n, ast.Attribute)]
    return [
        f"{name}:{line}: {full}"
        for line, full in sorted(set(named))
        for ranking, allowed in RANKING.items()
        if (full == ranking or full.startswith(f"{ranking}.")) and name not in allowed
    ]


def product() -> Iterator[tuple[str, str]]:
    """Name and text of every module of the product: doors, jobs, commands, template tags among them."""
    for path in sorted((SRC / "fairdraw").rglob("*.py")):
        parts = path.relative_to(SRC).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), path.read_text("utf-8")


def test_nothing_but_the_draw_and_what_follows_it_computes_a_rank():
    assert [place for name, source in product() for place in previews(name, source)] == []


def test_the_search_for_previews_sees_the_draw_itself():
    found = {name for name, source in product() if previews("somewhere.else", source)}

    assert found == {module for allowed in RANKING.values() for module in allowed}


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("fairdraw.desk.views.draw", "from drawcore.outcome import outcome"),
        ("fairdraw.portal.views", "import drawcore.outcome\nx = drawcore.outcome.outcome"),
        ("fairdraw.plans.planning", "from drawcore.prf import Keys"),
        ("fairdraw.draws.shown", "from drawcore import seed\nx = seed.keys(b'', None)"),
        ("fairdraw.desk.services", "from fairdraw.draws import services as verbs\nx = verbs.compute(None)"),
        ("fairdraw.operations.management.commands.try_it", "from fairdraw.draws import run\nrun.compute({})"),
        ("fairdraw.ui.templatetags.ui", "from fairdraw.draws.run import again"),
        ("fairdraw.draws.jobs", "from fairdraw.draws.run import verifier as v"),
        ("fairdraw.desk.draw_page", "from fairdraw.draws import course\nx = course.standing(None)"),
        ("fairdraw.draws.bundles", "from drawcore.selection import select"),
    ],
)
def test_a_planted_preview_is_seen(module: str, planted: str):
    assert previews(module, planted) != []
