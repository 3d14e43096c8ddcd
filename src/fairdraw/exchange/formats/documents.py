"""
Tables of Word and WPS documents (docx): merged cells, nested tables, a table that goes on after a page break.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from fairdraw.exchange.formats.grid import MAX_COLUMNS, Cell, Grid, Line, Refused, laid_out

_CONTINUED = re.compile(r"^[\s（(]*续?\s*(?:上?表)?\s*\d{0,2}[\s）)]*$")
_UNSEEN = frozenset(
    {qn("w:del"), qn("w:moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)


def grids(path: str) -> list[Grid]:
    """
    Every table in its order, nested ones after theirs; tables of one width with nothing between are one.

    Raises:
        Refused: Broken.
    """
    try:
        body = docx.Document(path).element.body
    except (OpcError, zipfile.BadZipFile, KeyError, ValueError, OSError, etree.XMLSyntaxError):
        raise Refused("broken") from None
    joined: list[list[Any]] = []
    last: Any = None
    for table in body.iter(qn("w:tbl")):
        if last is not None and _goes_on(last, table):
            joined[-1].append(table)
        else:
            joined.append([table])
        last = table
    return [
        Grid(f"表{number}", True, partial(_lines, tables)) for number, tables in enumerate(joined, start=1)
    ]


def _goes_on(first: Any, second: Any) -> bool:
    """Whether nothing but blank paragraphs and 续表 stand between two tables of one width."""
    if len(first.tblGrid.gridCol_lst) != len(second.tblGrid.gridCol_lst):
        return False
    for between in first.itersiblings():
        if between is second:
            return True
        if between.tag == qn("w:tbl") or not _CONTINUED.match(_text(between)):
            return False
    return False


def _lines(tables: list[Any], fill: bool) -> Iterator[Line]:
    rows = [row for table in tables for row in table.iter(qn("w:tr")) if _owner(row) is table]
    yield from laid_out(_rows(rows), fill=fill)


def _owner(row: Any) -> Any:
    return next(row.iterancestors(qn("w:tbl")))


def _rows(rows: list[Any]) -> Iterator[tuple[int, list[Cell]]]:
    """The rows with cells where they stand; a cell that goes on downwards counts the rows below it."""
    places = [_places(row) for row in rows if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None]
    for index, cells in enumerate(places):
        line = []
        for column, cell in cells.items():
            if cell.vMerge == "continue" and index and column in places[index - 1]:
                continue
            down = 1
            if cell.vMerge == "restart":
                while index + down < len(places):
                    below = places[index + down].get(column)
                    if below is None or below.vMerge != "continue":
                        break
                    down += 1
            line.append(Cell(_text(cell), across=cell.grid_span, down=down, at=column))
        yield index + 1, line


def _places(row: Any) -> dict[int, Any]:
    """The cells of a row by their first column."""
    places: dict[int, Any] = {}
    column = row.grid_before
    for cell in row.iter(qn("w:tc")):
        if next(cell.iterancestors(qn("w:tr"))) is not row:
            continue
        if column >= MAX_COLUMNS:
            raise Refused("columns", column + 1)
        places[column] = cell
        column += cell.grid_span
    return places


def _text(element: Any) -> str:
    """The text a person sees: paragraphs on lines of their own, without what is marked as deleted."""
    lines = "".join(_pieces(element)).split("\n")
    return "\n".join(line for part in lines if (line := part.strip()))


def _pieces(element: Any) -> Iterator[str]:
    tag = element.tag
    if tag in _UNSEEN or not isinstance(tag, str):
        return
    if tag == qn("w:t"):
        yield element.text or ""
    elif tag == qn("w:tab"):
        yield " "
    elif tag in {qn("w:br"), qn("w:cr")}:
        yield "\n"
    elif tag == qn("w:noBreakHyphen"):
        yield "-"
    for child in element:
        yield from _pieces(child)
    if tag == qn("w:p"):
        yield "\n"
