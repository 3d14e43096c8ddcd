"""
Workbooks (xlsx, xlsm, xlsb, xls, et) by calamine; of xlsx also which cells show percentages.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import Any

import python_calamine as calamine
from lxml import etree

from fairdraw.exchange.formats.grid import MAX_COLUMNS, Grid, Line, Refused, cell_text, percent_text

_PERCENT_FORMATS = frozenset({9, 10})
_QUOTED = re.compile(r'"[^"]*"|\\.')
_PLACE = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Places = frozenset[tuple[int, int]]


def grids(path: str, *, max_rows: int) -> list[Grid]:
    """
    The worksheets that hold anything, those that a person sees first.

    Raises:
        Refused: Locked by a password, or broken.
    """
    try:
        book = calamine.load_workbook(path)
        plain = [m for m in book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
    except calamine.PasswordError:
        raise Refused("password") from None
    except (calamine.CalamineError, OSError, ValueError):
        raise Refused("broken") from None
    shown = calamine.SheetVisibleEnum.Visible
    plain.sort(key=lambda m: m.visible != shown)
    return [Grid(m.name, m.visible == shown, partial(_lines, book, path, m.name, max_rows)) for m in plain]


def _lines(book: Any, path: str, name: str, max_rows: int, fill: bool) -> Iterator[Line]:
    """Every row from the sheet's first, every column from its first, as text."""
    try:
        sheet = book.get_sheet_by_name(name)
    except (calamine.CalamineError, OSError, ValueError):
        raise Refused("broken") from None
    if sheet.start is None:
        return
    height, width = (last + 1 for last in sheet.end)
    if width > MAX_COLUMNS:
        raise Refused("columns", width)
    if height > max_rows + 1:
        raise Refused("rows", height)
    offset = [""] * sheet.start[1]
    merged = _merged(sheet) if fill else {}
    shares = _percentages(path, name) if fill else frozenset()
    carried: dict[tuple[int, int], str] = {}
    for index, row in enumerate(sheet.iter_rows()):
        cells = offset + [cell_text(value) for value in row]
        if shares:
            cells = [
                percent_text(text) if text and (index, column) in shares else text
                for column, text in enumerate(cells)
            ]
        for column, corner in merged.get(index, ()):
            if column >= len(cells):
                continue
            if corner == (index, column):
                carried[corner] = cells[column]
            else:
                cells[column] = carried.get(corner, cells[column])
        yield index + 1, cells


def _merged(sheet: Any) -> dict[int, list[tuple[int, tuple[int, int]]]]:
    """Row → the columns that belong to a merged range, each with the range's upper left corner."""
    rows: dict[int, list[tuple[int, tuple[int, int]]]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom, sheet.end[0]) + 1):
            rows.setdefault(row, []).extend(
                (column, (top, left)) for column in range(left, min(right, sheet.end[1]) + 1)
            )
    return rows


def _percentages(path: str, name: str) -> Places:
    """The cells of a sheet of an xlsx that are shown as percentages; none where that cannot be told."""
    try:
        with zipfile.ZipFile(path) as package:
            styles = _percent_styles(package)
            return _cells_of(package, name, styles) if styles else frozenset()
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
        return frozenset()


def _percent_styles(package: zipfile.ZipFile) -> frozenset[str]:
    """The places among the cell styles whose number format has a percent sign."""
    root = _parsed(package, "xl/styles.xml")
    formats = set(_PERCENT_FORMATS)
    for one in root.iterfind("{*}numFmts/{*}numFmt"):
        if "%" in _QUOTED.sub("", one.get("formatCode", "")):
            formats.add(int(one.get("numFmtId", "0")))
    styles = root.findall("{*}cellXfs/{*}xf")
    return frozenset(str(i) for i, one in enumerate(styles) if int(one.get("numFmtId", "0")) in formats)


def _cells_of(package: zipfile.ZipFile, name: str, styles: frozenset[str]) -> Places:
    book = _parsed(package, "xl/workbook.xml")
    sheet = next((s for s in book.iterfind("{*}sheets/{*}sheet") if s.get("name") == name), None)
    relations = _parsed(package, "xl/_rels/workbook.xml.rels")
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    if sheet is None or sheet.get(_RELATION) not in targets:
        return frozenset()
    part = posixpath.join("/xl", targets[sheet.get(_RELATION)]).lstrip("/")
    places: set[tuple[int, int]] = set()
    with package.open(part) as stream:
        for _event, cell in etree.iterparse(stream, tag="{*}c", resolve_entities=False, no_network=True):
            found = _PLACE.match(cell.get("r", ""))
            if found and cell.get("s") in styles and cell.get("t", "n") == "n":
                places.add((int(found[2]) - 1, _column(found[1])))
            _forget(cell)
    return frozenset(places)


def _column(letters: str) -> int:
    """AB → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _forget(element: Any) -> None:
    """Free an element that has been read, and those before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _parsed(package: zipfile.ZipFile, part: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(package.read(part), parser)
