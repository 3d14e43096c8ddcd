"""
XML of Excel 2003 (SpreadsheetML), named .xls or .xml, as many systems export it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from lxml import etree

from fairdraw.exchange.formats.grid import Cell, Grid, Line, Refused, cell_text, laid_out, percent_text

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"


def grids(path: str, *, max_rows: int) -> list[Grid]:
    """
    The worksheets that hold anything, those that a person sees first.

    Raises:
        Refused: Broken, or it declares entities of its own.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.parse(path, parser)
    except (etree.XMLSyntaxError, OSError):
        raise Refused("broken") from None
    if tree.docinfo.internalDTD is not None:
        raise Refused("entities")
    root = tree.getroot()
    shares = _percent_styles(root)
    sheets = sorted(root.iterfind(f"{_SS}Worksheet"), key=_is_hidden)
    return [
        Grid(sheet.get(f"{_SS}Name", ""), not _is_hidden(sheet), partial(_lines, sheet, shares, max_rows))
        for sheet in sheets
    ]


def _is_hidden(sheet: Any) -> bool:
    return any((one.text or "") != "SheetVisible" for one in sheet.iterfind("{*}WorksheetOptions/{*}Visible"))


def _percent_styles(root: Any) -> frozenset[str]:
    """The styles whose number format has a percent sign."""
    return frozenset(
        style.get(f"{_SS}ID", "")
        for style in root.iterfind(f"{_SS}Styles/{_SS}Style")
        for one in style.iterfind(f"{_SS}NumberFormat")
        if "%" in one.get(f"{_SS}Format", "") or one.get(f"{_SS}Format") == "Percent"
    )


def _lines(sheet: Any, shares: frozenset[str], max_rows: int, fill: bool) -> Iterator[Line]:
    table = sheet.find(f"{_SS}Table")
    if table is not None:
        yield from laid_out(_rows(table, shares, max_rows), fill=fill)


def _rows(table: Any, shares: frozenset[str], max_rows: int) -> Iterator[tuple[int, list[Cell]]]:
    number = 0
    for row in table.iterfind(f"{_SS}Row"):
        number = _whole(row, "Index", number + 1)
        if number > max_rows + 1:
            raise Refused("rows", number)
        yield number, [_cell(cell, row, shares) for cell in row.iterfind(f"{_SS}Cell")]
        number += _whole(row, "Span", 0)


def _cell(cell: Any, row: Any, shares: frozenset[str]) -> Cell:
    data = cell.find(f"{_SS}Data")
    text = "" if data is None else "".join(data.itertext())
    kind = "String" if data is None else data.get(f"{_SS}Type", "String")
    if kind == "Number":
        try:
            text = cell_text(float(text))
        except ValueError:
            text = cell_text(text)
        style = cell.get(f"{_SS}StyleID") or row.get(f"{_SS}StyleID")
        text = percent_text(text) if style in shares else text
    elif kind == "DateTime":
        text = text.strip().removesuffix(".000").removesuffix("T00:00:00").replace("T", " ")
    elif kind == "Boolean":
        text = "TRUE" if text.strip() == "1" else "FALSE"
    index = _whole(cell, "Index", 0)
    return Cell(
        text.strip(),
        across=_whole(cell, "MergeAcross", 0) + 1,
        down=_whole(cell, "MergeDown", 0) + 1,
        at=index - 1 if index else None,
    )


def _whole(element: Any, name: str, otherwise: int) -> int:
    said = element.get(_SS + name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else otherwise
