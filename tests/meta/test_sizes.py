"""
The outer limits of size: a function 60 lines, its docstring not counted; a file 500.

Left out: ``verify.py``, carried as one file, and migrations, which are tables of columns and triggers.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("src", "tests", "tools")
FUNCTION, FILE = 60, 500


def sources() -> list[Path]:
    """The Python files that the limits hold for."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return sorted([*(p for p in found if "migrations" not in p.parts), ROOT / "manage.py"])


def functions(source: str) -> Iterator[tuple[str, int]]:
    """The functions in *source* with their lines, signature and body, without the docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if ast.get_docstring(node) is not None:
                lines -= (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
            yield node.name, lines


def test_no_file_is_longer_than_the_limit():
    lines = {path.relative_to(ROOT): len(path.read_text("utf-8").splitlines()) for path in sources()}

    assert {str(path): count for path, count in lines.items() if count > FILE} == {}


def test_no_function_is_longer_than_the_limit():
    long = {
        f"{path.relative_to(ROOT)} {name}": lines
        for path in sources()
        for name, lines in functions(path.read_text("utf-8"))
        if lines > FUNCTION
    }

    assert long == {}


def test_most_functions_are_short():
    lines = sorted(n for path in sources() for _name, n in functions(path.read_text("utf-8")))

    assert lines[len(lines) // 2] < 10
    assert lines[len(lines) * 9 // 10] < 30


@pytest.mark.parametrize(("body", "lines"), [('    """Say."""\n', 1), ("", 1), ("    x = 1\n" * 60, 61)])
def test_a_docstring_is_not_counted(body, lines):
    source = f"def f():\n{body}" + ("" if body else "    pass\n")

    assert dict(functions(source))["f"] == lines + (0 if body else 1)
