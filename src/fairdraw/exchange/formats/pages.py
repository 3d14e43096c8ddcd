"""
Tables of web pages that bear the name of a workbook (HTML named .xls), as old systems export them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from lxml import etree, html

from fairdraw.exchange.formats.grid import Cell, Grid, Line, Refused, laid_out

_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]*\n[ \t\r\f\v\u00a0]*")
_BLOCKS = frozenset({"p", "div", "li", "br", "tr"})
_UNSEEN = frozenset({"script", "style", "head", "title"})


def grids(path: str, encoding: str) -> list[Grid]:
    """
    Every table of the page in its order, tables inside tables too.

    Raises:
        Refused: No page.
    """
    with open(path, encoding=encoding) as stream:
        text = stream.read()
    try:
        root = html.document_fromstring(
            text.encode(), parser=html.HTMLParser(encoding="utf-8", no_network=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError):
        raise Refused("broken") from None
    found = list(root.iter("table"))
    return [Grid(f"表{number}", True, partial(_lines, table)) for number, table in enumerate(found, start=1)]


def _lines(table: Any, fill: bool) -> Iterator[Line]:
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    yield from laid_out(
        ((number, _cells(row, len(rows))) for number, row in enumerate(rows, start=1)), fill=fill
    )


def _cells(row: Any, height: int) -> Iterator[Cell]:
    for cell in row.iterchildren("td", "th"):
        down = _span(cell, "rowspan", height)
        yield Cell(_text(cell), across=_span(cell, "colspan", height), down=down)


def _span(cell: Any, name: str, height: int) -> int:
    """How far a cell reaches; 0 rows are all that are left."""
    said = (cell.get(name) or "").strip()
    if not (said.isascii() and said.isdecimal() and len(said) < 6):
        return 1
    return int(said) or (height if name == "rowspan" else 1)


def _text(cell: Any) -> str:
    lines = _BLANKS.sub("\n", "".join(_pieces(cell)).replace("\u00a0", " ")).split("\n")
    return "\n".join(line for part in lines if (line := " ".join(part.split())))


def _pieces(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return
    if element.text:
        yield " ".join(element.text.split("\n"))
    for child in element:
        if child.tag in _BLOCKS:
            yield "\n"
        yield from _pieces(child)
        if child.tag in _BLOCKS:
            yield "\n"
        if child.tail:
            yield " ".join(child.tail.split("\n"))
