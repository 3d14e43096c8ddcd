"""
Tables given to the platform, in any form, as a header and rows of text (导入文件; issue B, T-I1–T-I4).

The content decides what a file is, its name does not. Everything is decoded strictly. Row numbers are
those a person sees when the file is open in Excel: the first line is row 1. A csv is streamed.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from django.utils.translation import gettext as _

from fairdraw.exchange import recognising, text_encoding, workbooks
from fairdraw.kernel.errors import InvalidInput, Trouble

MAX_TEXT_BYTES = 500 * 10**6
MAX_ROWS = 1_050_000
MAX_COLUMNS = 256
#: Title lines may stand above the header, at most so many rows.
HEADER_WITHIN_ROWS = 15
#: A person may name a row so far down as the header.
HEADER_SAID_WITHIN_ROWS = 60
#: A header takes at most so many rows.
HEADER_ROWS = 3
#: A name in the second row of a header is at most so long.
SHORT_NAME = 12
#: How the last line of a table that was exported here begins: it says when, and is no row.
TAKEN_AT = "导出时间："

#: After so many rows of a text it is told how far they are.
LOOKED_EVERY = 1000

Record = tuple[int, list[str]]


class HeaderWords(Protocol):
    """What is known of the column names of one kind of table, for tables with titles above the header."""

    def looks_like_header(self, cells: Sequence[str]) -> bool:
        """Whether the cells of a row are column names."""

    def join(self, upper: str, lower: str) -> str:
        """The name of a column whose header stands in two rows."""


@dataclass(frozen=True, slots=True)
class Layout:
    """
    What a person said of a file's shape (列对照); what is not said is found.

    Attributes:
        sheet: The worksheet by name; empty: the first visible one with content.
        header_row: The row of the column names as seen in the file, 0: looked for.
        columns: The field that each named column of the file holds; empty text leaves the column out.
    """

    sheet: str = ""
    header_row: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)


AS_FOUND = Layout()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file and its cells by header."""

    number: int
    cells: dict[str, str]


@dataclass(slots=True)
class Table:
    """
    A table that can be read again and again.

    ``troubles`` holds what was wrong with rows that could not be yielded; it is complete when an
    iteration has come to its end.
    """

    name: str
    header: list[str]
    header_row: int
    source: Callable[[], Iterator[Record]]
    troubles: list[Trouble] = field(default_factory=list)
    layout: Layout = AS_FOUND
    more: tuple[Table, ...] = ()

    @property
    def fraction(self) -> float:
        """What part of a text file has been read; 0 of other files, which are read at once."""
        return self.source.read / self.source.size if isinstance(self.source, _Text) else 0.0

    def records(self) -> Iterator[Record]:
        """Yield (row number, one text per header column) of each row that is not blank."""
        self.troubles.clear()
        width = len(self.header)
        for number, cells in self.source():
            if number <= self.header_row:
                continue
            have = len(cells)
            if have == width:
                pass
            elif have < width:
                cells = cells + [""] * (width - have)
            elif any(cell.strip() for cell in cells[width:]):
                self.troubles.append(self._too_wide(number, have, width))
                continue
            if any(cells) and not (cells[0].startswith(TAKEN_AT) and not any(cells[1:])):
                yield number, cells

    @property
    def rows(self) -> Iterator[Row]:
        """The rows, each with its cells by header."""
        header = self.header
        for number, cells in self.records():
            yield Row(number, dict(zip(header, cells, strict=False)))

    def _too_wide(self, number: int, have: int, width: int) -> Trouble:
        message = _("这一行有 {have} 格，表头只有 {width} 格，内容错位。含逗号的内容请用双引号括起").format(
            have=have, width=width
        )
        return Trouble(message, file=self.name, row=number)


def read(path: Path | str, *, words: HeaderWords | None = None, layout: Layout = AS_FOUND) -> Table:
    """
    Open the table in the file *path* (打开导入文件).

    Args:
        path: A csv (UTF-8 or GB18030, commas or tabs), xlsx, xls or ods file.
        words: The column names to look for, in tables made for reading: titles may stand above the header,
            the header may take two rows, and merged cells are filled. Without it the first row that is not
            blank is the header.
        layout: What a person said of the file: sheet, row of the header, columns.

    Returns:
        The table; of a workbook the first visible sheet with content, where no sheet is said.

    Raises:
        InvalidInput: The file cannot be read as a table; the troubles name the line where there is one.
    """
    path = Path(path)
    choose = getattr(words, "choose", None)
    if choose is not None and not layout.sheet and (chosen := _chosen(path, words, choose)):
        named = [read(path, words=words, layout=replace(layout, sheet=name)) for name in chosen]
        return replace(named[0], more=tuple(named[1:]))
    source = _source(path, fill_merged=words is not None, sheet=layout.sheet)
    if layout.header_row:
        first = _rows_from(path, source, layout.header_row)
    else:
        first = _first_rows(path, source, count=1 if words is None else HEADER_WITHIN_ROWS + 1)
    if words is None:
        header_row, header = first[0]
        _refuse_repeated_names(path, header_row, _named(header))
    else:
        found = None if layout.header_row else _find_header(first, words)
        header_row, header = found or _joined_header(first, 0, words)
        header = _told_apart(_named(header))
    return Table(name=path.name, header=_named(header), header_row=header_row, source=source, layout=layout)


def _chosen(path: Path, words: Any, choose: Callable[[list[list[str]]], list[int]]) -> list[str]:
    """The tables of a file that are of the kind looked for; hidden ones where no other is."""
    form = recognising.form_of(path)
    if form == "text":
        return []
    glimpses = workbooks.glimpses(path, form=form, max_rows=MAX_ROWS, count=HEADER_WITHIN_ROWS + 2)
    for shown in (True, False):
        named = [one for one in glimpses if one.shown == shown]
        headers = []
        for one in named:
            tidy = (
                (n, _without_blank_tail([" ".join(cell.split()) for cell in cells])) for n, cells in one.rows
            )
            first = [row for row in tidy if row[1]]
            headers.append(_find_header(first, words)[1] if first else [])
        if held := [named[index].sheet for index in choose(headers)]:
            return held
    return []


def sheets(path: Path | str) -> tuple[str, ...]:
    """
    The names of the worksheets of a workbook that a person sees (工作表); none of a text file.

    Raises:
        InvalidInput: It is too large, broken, or locked by a password.
    """
    path = Path(path)
    form = recognising.form_of(path)
    return () if form == "text" else workbooks.sheets(path, form=form, max_rows=MAX_ROWS)


def first_records(path: Path | str, *, count: int, layout: Layout = AS_FOUND) -> list[Record]:
    """The first rows of the file as they stand, titles above the header included, for a person to look at."""
    source = _source(Path(path), fill_merged=False, sheet=layout.sheet)
    return _first_rows(Path(path), source, count=count)


def _source(path: Path, *, fill_merged: bool, sheet: str) -> Callable[[], Iterator[Record]]:
    form = recognising.form_of(path)
    if form != "text":
        return partial(
            workbooks.records, path, form=form, max_rows=MAX_ROWS, fill_merged=fill_merged, sheet=sheet
        )
    if sheet:
        raise _refused(path, None, _("这个文件没有工作表，不能指定工作表“{sheet}”").format(sheet=sheet))
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise _refused(path, None, _("文件超过 500 MB，请拆成几个文件"))
    encoding = text_encoding.detect(path)
    return _Text(path, encoding, _delimiter(path, encoding), path.stat().st_size)


def _delimiter(path: Path, encoding: str) -> str:
    """A comma, or a tab where the first line that is not blank has tabs and no commas."""
    with path.open(encoding=encoding, newline="") as stream:
        for line in stream:
            if line.strip():
                return "\t" if "\t" in line and "," not in line else ","
    return ","


@dataclass
class _Text:
    """The rows of a text file; *read* is how many of its *size* bytes have gone by."""

    path: Path
    encoding: str
    delimiter: str
    size: int
    read: int = 0

    def __call__(self) -> Iterator[Record]:
        return _text_records(self)


def _text_records(text: _Text) -> Iterator[Record]:
    path = text.path
    with path.open(encoding=text.encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=text.delimiter, strict=True)
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
                if number % LOOKED_EVERY == 0:
                    text.read = os.lseek(stream.fileno(), 0, os.SEEK_CUR)
                if number > MAX_ROWS + 1:
                    raise _refused(path, number, _("超过 1050000 行，请拆成几个文件"))
                if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
                    raise _refused(
                        path, number, _("这一行有 {count} 列，最多读取 256 列").format(count=len(cells))
                    )
                if cells:
                    yield number, cells
        except csv.Error:
            raise _refused(
                path,
                number + 1,
                _("这一行的双引号不成对或含有不能读取的字符，从这里起读不下去。请改正后再导入"),
            ) from None


def _rows_from(path: Path, source: Callable[[], Iterator[Record]], header_row: int) -> list[Record]:
    """The row that is said to be the header, and the next one."""
    rows = [row for row in _first_rows(path, source, count=HEADER_SAID_WITHIN_ROWS) if row[0] >= header_row]
    if not rows or rows[0][0] != header_row:
        raise _refused(path, header_row, _("这一行是空的或不在文件前部，不能作为表头"))
    return rows[:2]


def _first_rows(path: Path, source: Callable[[], Iterator[Record]], *, count: int) -> list[Record]:
    """The rows among which the header stands, blank ones left out, each cell on one line."""
    first: list[Record] = []
    rows = source()
    for number, cells in rows:
        tidy = _without_blank_tail([" ".join(cell.split()) for cell in cells])
        if tidy:
            first.append((number, tidy))
        if len(first) == count:
            break
    rows.close()  # type: ignore[attr-defined]  # both sources are generators
    if not first:
        raise _refused(path, None, _("文件里没有任何内容"))
    return first


def _find_header(first: list[Record], words: HeaderWords) -> Record:
    """The header among the first rows: one row, or two joined; else the first row."""
    for index, (_number, cells) in enumerate(first[:HEADER_WITHIN_ROWS]):
        if words.looks_like_header(cells):
            return _joined_header(first, index, words)
    return first[0]


def _joined_header(first: list[Record], index: int, words: HeaderWords) -> Record:
    """The header that begins in the row at *index*: that row alone, or joined with the next."""
    number, cells = first[index]
    last = cells
    for below, lower in first[index + 1 : index + HEADER_ROWS]:
        if not _is_second_row(last, lower):
            break
        number, cells, last = below, _joined_rows(cells, lower, words), lower
    return number, cells


def _is_second_row(upper: list[str], lower: list[str]) -> bool:
    """
    Whether *lower* belongs to the header: it repeats cells merged downwards, or names only what *upper* leaves open.
    """
    if any(above and above == below for above, below in zip(upper, lower, strict=False)):
        return True
    filled = [index for index, cell in enumerate(lower) if cell]
    open_columns = {i for i in range(len(lower)) if i >= len(upper) or not upper[i] or upper[i] in upper[:i]}
    parents = {index - 1 for index in open_columns}
    short = all(len(lower[index]) <= SHORT_NAME and not lower[index][0].isdigit() for index in filled)
    return short and bool(open_columns & set(filled)) and set(filled) <= open_columns | parents


def _joined_rows(upper: list[str], lower: list[str], words: HeaderWords) -> list[str]:
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    names: list[str] = []
    parent = ""
    for above, below in zip(upper, lower, strict=True):
        parent = above or (parent if below else "")
        names.append(words.join(parent, below) if parent and below and parent != below else parent or below)
    return names


def _without_blank_tail(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _named(header: list[str]) -> list[str]:
    """Name blank header cells by their place."""
    return [name or _("第{number}列").format(number=index) for index, name in enumerate(header, start=1)]


def _told_apart(header: list[str]) -> list[str]:
    """Add its place to a name that comes again."""
    return [
        name
        if name not in header[:index]
        else _("{name}（第{number}列）").format(name=name, number=index + 1)
        for index, name in enumerate(header)
    ]


def _refuse_repeated_names(path: Path, row: int, header: list[str]) -> None:
    seen: dict[str, int] = {}
    for index, name in enumerate(header, start=1):
        if name in seen:
            message = _("表头“{name}”出现了两次（第{first}列和第{second}列）。请改名或删去一列")
            raise _refused(path, row, message.format(name=name, first=seen[name], second=index))
        seen[name] = index


def _refused(path: Path, row: int | None, message: str) -> InvalidInput:
    trouble = Trouble(message, file=path.name, row=row)
    return InvalidInput(str(trouble), code="exchange.table", troubles=(trouble,))
