"""The draw stands alone: the standard library, no clock, no generator, no assert that decides."""

import ast
import sys
from pathlib import Path

import drawcore

SOURCES = sorted(Path(drawcore.__file__).parent.glob("*.py"))
CLOCKS_AND_GENERATORS = {
    "time",
    "datetime",
    "calendar",
    "random",
    "secrets",
    "uuid",
    "os",
    "socket",
    "threading",
}


def imported(source: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


def test_the_draw_needs_nothing_but_the_standard_library():
    assert len(SOURCES) > 30
    for source in SOURCES:
        assert imported(source) <= set(sys.stdlib_module_names) | {"drawcore"}, source.name


def test_the_draw_reads_no_clock_and_no_generator():
    for source in SOURCES:
        assert not imported(source) & CLOCKS_AND_GENERATORS, source.name


def test_no_number_of_the_draw_is_a_float():
    for source in SOURCES:
        tree = ast.parse(source.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            floats = isinstance(node, ast.Constant) and isinstance(node.value, float)
            assert not floats, f"{source.name}:{getattr(node, 'lineno', 0)}"
            assert not (
                isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and source.stem != "bundle"
            )


def test_everything_that_is_announced_is_there():
    assert all(hasattr(drawcore, name) for name in drawcore.__all__)
