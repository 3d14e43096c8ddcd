"""
OpenDocument workbooks (ods): merged cells, percentages and dates as the file states them.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from lxml import etree

from fairdraw.exchange.formats.grid import (
    MAX_COLUMNS,
    Cell,
    Grid,
    Line,
    Refused,
    cell_text,
    laid_out,
    percent_text,
)

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_ROW = f"{_TABLE}table-row"
_NOT_TEXT = frozenset({f"{_OFFICE}annotation", f"{_TEXT}note"})


def grids(path: str, *, max_rows: int) -> list[Grid]:
    """
    The sheets that hold anything, those that a person sees first.

    Raises:
        Refused: Locked by a password, or broken.
    """
    try:
        with zipfile.ZipFile(path) as package:
            if b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise Refused("password")
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            root = etree.fromstring(package.read("content.xml"), parser)
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, etree.XMLSyntaxError):
        raise Refused("broken") from None
    hidden = {
        style.get("{*}name") or style.get("{urn:oasis:names:tc:opendocument:xmlns:style:1.0}name")
        for style in root.iterfind(".//{*}style")
        for properties in style.iterfind("{*}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    tables = root.findall(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table")
    tables.sort(key=lambda table: table.get(f"{_TABLE}style-name") in hidden)
    return [
        Grid(
            table.get(f"{_TABLE}name", ""),
            table.get(f"{_TABLE}style-name") not in hidden,
            partial(_lines, table, max_rows),
        )
        for table in tables
    ]


def _lines(table: Any, max_rows: int, fill: bool) -> Iterator[Line]:
    yield from laid_out(_rows(table, max_rows), fill=fill)


def _rows(table: Any, max_rows: int) -> Iterator[tuple[int, list[Cell]]]:
    """The rows that hold anything, by number; a row is repeated as often as the file says."""
    number = 1
    for row in table.iter(_ROW):
        if next(row.iterancestors(f"{_TABLE}table")) is not table:
            continue
        times = _count(row, "number-rows-repeated")
        cells = _cells(row)
        if any(cell.text for cell in cells):
            if number + times > max_rows + 2:
                raise Refused("rows", number + times - 1)
            for place in range(times):
                yield number + place, cells
        number += times


def _cells(row: Any) -> list[Cell]:
    cells: list[Cell] = []
    column = 0
    for element in row.iterchildren(*_CELLS):
        times = _count(element, "number-columns-repeated")
        text = "" if element.tag == _CELLS[1] else _value(element)
        if text:
            if column + times > MAX_COLUMNS:
                raise Refused("columns", column + times)
            spans = _count(element, "number-columns-spanned"), _count(element, "number-rows-spanned")
            cells += [Cell(text, *spans, at=column + place) for place in range(times)]
        column += times
    return cells


def _count(element: Any, name: str) -> int:
    said = element.get(_TABLE + name, "1")
    return int(said) if said.isascii() and said.isdecimal() and 0 < len(said) < 9 and int(said) else 1


def _value(cell: Any) -> str:
    kind = cell.get(f"{_OFFICE}value-type", "string")
    value = cell.get(f"{_OFFICE}value")
    if kind == "date" and cell.get(f"{_OFFICE}date-value"):
        return cell_text(cell.get(f"{_OFFICE}date-value").removesuffix("T00:00:00"))
    if kind in {"float", "currency", "percentage"} and value is not None:
        try:
            text = cell_text(float(value))
        except ValueError:
            return cell_text(value)
        return percent_text(text) if kind == "percentage" else text
    return "\n".join(_paragraph(p) for p in cell.iterchildren(f"{_TEXT}p", f"{_TEXT}h")).strip()


def _paragraph(element: Any) -> str:
    """The text of a paragraph; its blanks, tabs and line breaks are elements."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s" or child.tag == f"{_TEXT}tab":
            parts.append(" ")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag not in _NOT_TEXT and isinstance(child.tag, str):
            parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)
