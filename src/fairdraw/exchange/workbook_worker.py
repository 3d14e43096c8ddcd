"""
The child process that opens workbooks, documents and web pages, with a limit on memory and processor time (T-I1).

Run as a file by :mod:`fairdraw.exchange.workbooks`; it imports reader libraries and :mod:`fairdraw.exchange.formats`
only. A sheet that claims ten thousand million cells ends this process, not the platform's.

It writes lines of JSON: blocks ``[[row number, [cell, …]], …]``, then ``{"end": rows}``; or one ``{"refused": code, …}``;
or, asked for names alone, ``{"sheets": [name, …]}``; or, asked for the first rows of all tables,
``{"sheet": name, "shown": …, "rows": […]}`` for each.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

if not __package__:  # run as a file, isolated from everything but the installed packages
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from fairdraw.exchange.formats.grid import Grid, Line, Refused

MEMORY_BYTES = 1 << 30
PROCESSOR_SECONDS = 60
BLOCK_ROWS = 200


def main(arguments: list[str], out: TextIO) -> int:
    """
    Write a table of the file ``arguments[0]``, whose form is ``arguments[1]``.

    ``sheets``: the names of the visible tables. ``first N``: the first rows of every table, merged cells filled.
    ``rows fill|plain NAME``: the table of that name, or the first one that holds anything.
    """
    path, form, most, verb, *asked = arguments
    _limit_resources()
    try:
        grids = _grids(path, form, int(most))
        if verb == "sheets":
            return _say(out, {"sheets": [grid.name for grid in grids if grid.shown]})
        if verb == "first":
            for grid in grids:
                rows = list(islice((line for line in grid.lines(True) if any(line[1])), int(asked[0])))
                _say(out, {"sheet": grid.name, "shown": grid.shown, "rows": rows})
            return _say(out, {"end": 0})
        fill, name = asked[0] == "fill", asked[1]
        _write_rows(out, _chosen(grids, name, form).lines(fill), int(most))
    except Refused as refusal:
        return _say(out, {"refused": refusal.code, "count": refusal.count})
    return 0


READERS = {
    "workbook": "workbooks",
    "opendocument": "opendocument",
    "spreadsheetml": "spreadsheetml",
    "document": "documents",
}


def _grids(path: str, form: str, max_rows: int) -> list[Grid]:
    """The tables of the file; only the module of its form is imported."""
    name = READERS.get(form, "pages")
    reader = importlib.import_module(f"fairdraw.exchange.formats.{name}")
    if name == "pages":
        grids: list[Grid] = reader.grids(path, form.partition(":")[2])
    elif name == "documents":
        grids = reader.grids(path)
    else:
        grids = reader.grids(path, max_rows=max_rows)
    return grids


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:  # not on Windows; the size limits of the parent still hold
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))


def _chosen(grids: list[Grid], name: str, form: str) -> Grid:
    """
    The table of that name; else the first that holds anything, hidden ones last.

    Of a document or page it is the first of at least two columns: others only place text.
    """
    if name:
        for grid in grids:
            if grid.name == name:
                return grid
        raise Refused("sheet", name)
    held = [grid for grid in grids if not grid.is_blank]
    if form not in {"workbook", "opendocument", "spreadsheetml"}:
        held.sort(key=lambda grid: not any(len(cells) > 1 for _n, cells in islice(grid.lines(False), 20)))
    if not held:
        raise Refused("empty")
    return held[0]


def _write_rows(out: TextIO, lines: Iterator[Line], max_rows: int) -> None:
    block: list[Line] = []
    number = 0
    for number, cells in lines:
        if number > max_rows + 1:
            raise Refused("rows", number)
        if any(cells):
            block.append((number, cells))
        if len(block) == BLOCK_ROWS:
            _say(out, block)
            block = []
    if block:
        _say(out, block)
    _say(out, {"end": number})


def _say(out: TextIO, thing: Any) -> int:
    out.write(json.dumps(thing, ensure_ascii=False, separators=(",", ":")) + "\n")
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a real stream, not a replacement
    sys.exit(main(sys.argv[1:], sys.stdout))
