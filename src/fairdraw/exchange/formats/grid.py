"""
What every form of table comes to: rows of text by number, merged cells laid out (表格；T-I1, T-I3).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

MAX_COLUMNS = 256
#: A number of sixteen digits and more has lost its last digits: it is written as Excel shows it.
LOSSLESS_BELOW = 1e15

Line = tuple[int, list[str]]


class Refused(Exception):
    """The file is not read; the code says why, the count how much there was of it."""

    def __init__(self, code: str, count: int | str = "") -> None:
        super().__init__(code)
        self.code = code
        self.count = count


@dataclass(frozen=True, slots=True)
class Grid:
    """
    One table of a file.

    Attributes:
        name: The worksheet's name, or 表1, 表2 … of a document.
        shown: Whether a person sees it when the file is open.
        lines: Yields (row number from 1, texts); told whether merged cells are filled. Blank rows may be left out.
    """

    name: str
    shown: bool
    lines: Callable[[bool], Iterator[Line]]

    @property
    def is_blank(self) -> bool:
        """Whether it holds no text at all."""
        return next((False for _number, cells in self.lines(False) if any(cells)), True)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, the columns and rows that it covers, and its column where the file says it (from 0)."""

    text: str
    across: int = 1
    down: int = 1
    at: int | None = None


def laid_out(rows: Iterable[tuple[int, Iterable[Cell]]], *, fill: bool) -> Iterator[Line]:
    """
    Put cells that cover others into their columns; *fill* repeats their text in every cell covered.

    >>> table = [(1, [Cell("甲", down=2), Cell("乙", across=2)]), (2, [Cell("丙"), Cell("丁")])]
    >>> list(laid_out(table, fill=True))
    [(1, ['甲', '乙', '乙']), (2, ['甲', '丙', '丁'])]
    >>> list(laid_out(table, fill=False))
    [(1, ['甲', '乙']), (2, ['', '丙', '丁'])]
    """
    covered: dict[int, tuple[int, str]] = {}  # column → last row covered from above, text
    for number, cells in rows:
        covered = {column: over for column, over in covered.items() if over[0] >= number}
        texts = {column: text for column, (_last, text) in covered.items() if fill}
        column = 0
        for cell in cells:
            column = column if cell.at is None else cell.at
            while cell.at is None and column in covered:
                column += 1
            if column >= MAX_COLUMNS and cell.text:
                raise Refused("columns", column + 1)
            end = min(column + cell.across, MAX_COLUMNS)
            for place in range(column, end):
                if place == column or fill:
                    texts[place] = cell.text
                if cell.down > 1:
                    covered[place] = (number + cell.down - 1, cell.text if place == column or fill else "")
            column += cell.across
        width = max((place + 1 for place, text in texts.items() if text), default=0)
        yield number, [texts.get(place, "") for place in range(width)]


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


def percent_text(number: str) -> str:
    """
    A number that the file shows as a percentage, with its sign.

    >>> percent_text("0.05"), percent_text("1"), percent_text("0.005"), percent_text("甲")
    ('5%', '100%', '0.5%', '甲')
    """
    try:
        hundredfold = Decimal(number) * 100
    except ArithmeticError:
        return number
    return f"{hundredfold.normalize():f}%"


def _number_text(number: float) -> str:
    if abs(number) >= LOSSLESS_BELOW:
        return f"{number:.5E}"
    if number.is_integer():
        return str(int(number))
    return f"{number:.15g}"
