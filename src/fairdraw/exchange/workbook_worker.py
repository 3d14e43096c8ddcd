"""
The child process that opens workbooks (xlsx, xls, ods), with a limit on memory and processor time (T-I1).

Run as a file by :mod:`fairdraw.exchange.workbooks`; it imports the reader library and the standard library only.
A sheet that claims ten thousand million cells ends this process, not the platform's.

It writes lines of JSON: ``{"sheet", "width", "height"}``, then blocks ``[[row number, [cell, …]], …]``, then ``{"end": rows}``;
or one ``{"refused": code, …}``; or, asked for names alone, ``{"sheets": [name, …]}``.
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator
from typing import Any, TextIO

import python_calamine as calamine

MEMORY_BYTES = 2 << 30
PROCESSOR_SECONDS = 60
BLOCK_ROWS = 200
#: A number of sixteen digits and more has lost its last digits: it is written as Excel shows it.
LOSSLESS_BELOW = 1e15


def cell_text(value: Any) -> str:
    """
    Write one cell as text: dates as ISO, whole numbers without ``.0``, long numbers in Excel's notation.

    >>> cell_text(3.0), cell_text(datetime.date(2024, 5, 1)), cell_text(913505241234567890.0)
    ('3', '2024-05-01', '9.13505E+17')
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_text(float(value))
    if isinstance(value, datetime.datetime):
        if (value.hour, value.minute, value.second) == (0, 0, 0):
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _number_text(number: float) -> str:
    if abs(number) >= LOSSLESS_BELOW:
        return f"{number:.5E}"
    if number.is_integer():
        return str(int(number))
    return f"{number:.15g}"


def main(arguments: list[str], out: TextIO) -> int:
    """
    Write a sheet of the workbook ``arguments[0]``: the one named last, or the first with content; merged cells
    filled if asked. With the path alone the names of the visible sheets are written.
    """
    path, *asked = arguments
    _limit_resources()
    try:
        book = calamine.load_workbook(path)
        if not asked:
            return _say(out, {"sheets": _visible(book)})
        max_rows, max_columns, fill, name = int(asked[0]), int(asked[1]), asked[2] == "fill", asked[3]
        if name and name not in book.sheet_names:
            return _say(out, {"refused": "sheet", "count": name})
        sheet = book.get_sheet_by_name(name) if name else _first_sheet(book)
    except calamine.PasswordError:
        return _say(out, {"refused": "password"})
    except (calamine.CalamineError, OSError, ValueError):
        return _say(out, {"refused": "broken"})
    if sheet is None or sheet.start is None:
        return _say(out, {"refused": "empty"})
    height, width = (last + 1 for last in sheet.end)
    if width > max_columns:
        return _say(out, {"refused": "columns", "count": width})
    if height > max_rows + 1:
        return _say(out, {"refused": "rows", "count": height})
    _say(out, {"sheet": sheet.name, "width": width, "height": height})
    count = _write_rows(out, _texts(sheet, fill=fill))
    return _say(out, {"end": count})


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:  # not on Windows; the size limits of the parent still hold
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))


def _visible(book: Any) -> list[str]:
    """The names of the worksheets that a person sees."""
    shown, plain = calamine.SheetVisibleEnum.Visible, calamine.SheetTypeEnum.WorkSheet
    return [m.name for m in book.sheets_metadata if m.typ == plain and m.visible == shown]


def _first_sheet(book: Any) -> Any:
    """The first visible worksheet that holds anything; a hidden one only when no other does."""
    plain = [m for m in book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
    plain.sort(key=lambda m: m.visible != calamine.SheetVisibleEnum.Visible)
    for metadata in plain:
        sheet = book.get_sheet_by_name(metadata.name)
        if sheet.start is not None:
            return sheet
    return None


def _texts(sheet: Any, *, fill: bool) -> Iterator[list[str]]:
    """Every row from the sheet's first, every column from its first, as text."""
    offset = [""] * sheet.start[1]
    merged = _merged(sheet) if fill else {}
    carried: dict[tuple[int, int], str] = {}
    for index, row in enumerate(sheet.iter_rows()):
        cells = offset + [cell_text(value) for value in row]
        for column, corner in merged.get(index, ()):
            if column >= len(cells):
                continue
            if corner == (index, column):
                carried[corner] = cells[column]
            else:
                cells[column] = carried.get(corner, cells[column])
        yield cells


def _merged(sheet: Any) -> dict[int, list[tuple[int, tuple[int, int]]]]:
    """Row → the columns that belong to a merged range, each with the range's upper left corner."""
    rows: dict[int, list[tuple[int, tuple[int, int]]]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom, sheet.end[0]) + 1):
            rows.setdefault(row, []).extend(
                (column, (top, left)) for column in range(left, min(right, sheet.end[1]) + 1)
            )
    return rows


def _write_rows(out: TextIO, rows: Iterator[list[str]]) -> int:
    block: list[tuple[int, list[str]]] = []
    number = 0
    for number, cells in enumerate(rows, start=1):
        if any(cells):
            block.append((number, cells))
        if len(block) == BLOCK_ROWS:
            _say(out, block)
            block = []
    if block:
        _say(out, block)
    return number


def _say(out: TextIO, thing: Any) -> int:
    out.write(json.dumps(thing, ensure_ascii=False, separators=(",", ":")) + "\n")
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a real stream, not a replacement
    sys.exit(main(sys.argv[1:], sys.stdout))
