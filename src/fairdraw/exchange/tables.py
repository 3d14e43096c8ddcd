"""
Tables given to the platform: csv, xlsx, xls, ods as a header and rows of text (导入文件; issue B, T-I1–T-I4).

The content decides what a file is, its name does not. Everything is decoded strictly. Row numbers are
those a person sees when the file is open in Excel: the first line is row 1. A csv is streamed.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.utils.translation import gettext as _

from fairdraw.exchange import text_encoding, workbooks
from fairdraw.kernel.errors import InvalidInput, Trouble

MAX_TEXT_BYTES = 500 * 10**6
MAX_ROWS = 1_050_000
MAX_COLUMNS = 256
#: Title lines may stand above the header, at most so many rows.
HEADER_WITHIN_ROWS = 15

Record = tuple[int, list[str]]
LooksLikeHeader = Callable[[Sequence[str]], bool]

_WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


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
            if any(cells):
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


def read(
    path: Path | str, *, looks_like_header: LooksLikeHeader | None = None, fill_merged: bool = False
) -> Table:
    """
    Open the table in the file *path* (打开导入文件).

    Args:
        path: A csv (UTF-8 or GB18030, commas or tabs), xlsx, xls or ods file.
        looks_like_header: Tells the header among the first rows, where titles may stand above it;
            without it, or when it finds none, the first row that is not blank is the header.
        fill_merged: Repeat the content of merged cells in every cell they cover.

    Returns:
        The table; of a workbook the first visible sheet with content.

    Raises:
        InvalidInput: The file cannot be read as a table; the troubles name the line where there is one.
    """
    path = Path(path)
    source = _source(path, fill_merged=fill_merged)
    header_row, header = _find_header(path, source, looks_like_header)
    _check_header(path, header_row, header)
    return Table(name=path.name, header=header, header_row=header_row, source=source)


def _source(path: Path, *, fill_merged: bool) -> Callable[[], Iterator[Record]]:
    try:
        with path.open("rb") as stream:
            head = stream.read(512)
    except OSError as error:
        raise _refused(path, None, _("打不开文件：{reason}").format(reason=error.strerror or error)) from None
    if not head.strip():
        raise _refused(path, None, _("文件是空的"))
    if head.startswith(_WORKBOOK_MARKS):
        return partial(
            workbooks.records, path, max_rows=MAX_ROWS, max_columns=MAX_COLUMNS, fill_merged=fill_merged
        )
    _refuse_what_is_no_table(path, head)
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise _refused(path, None, _("文件超过 500 MB，请拆成几个文件"))
    encoding = text_encoding.detect(path)
    return partial(_text_records, path, encoding=encoding, delimiter=_delimiter(path, encoding))


def _refuse_what_is_no_table(path: Path, head: bytes) -> None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"%PDF"):
        raise _refused(path, None, _("这是 PDF，不能直接读取。请取得原来的表格文件（xlsx 或 csv）"))
    if start.startswith(b"<"):
        raise _refused(
            path, None, _("这是网页或 XML 文件，不是表格。请在 Excel 或 WPS 里打开后另存为 xlsx 或 csv")
        )
    if start.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")):
        raise _refused(path, None, _("这不是表格文件。请提供 csv、xlsx、xls 或 ods"))


def _delimiter(path: Path, encoding: str) -> str:
    """A comma, or a tab where the first line that is not blank has tabs and no commas."""
    with path.open(encoding=encoding, newline="") as stream:
        for line in stream:
            if line.strip():
                return "\t" if "\t" in line and "," not in line else ","
    return ","


def _text_records(path: Path, *, encoding: str, delimiter: str) -> Iterator[Record]:
    with path.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
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
                path, number + 1, _("这一行的双引号不成对或含有不能读取的字符，从这里起读不下去。请改正后再导入")
            ) from None


def _find_header(
    path: Path, source: Callable[[], Iterator[Record]], looks_like_header: LooksLikeHeader | None
) -> tuple[int, list[str]]:
    first: tuple[int, list[str]] | None = None
    rows = source()
    try:
        for number, cells in rows:
            if number > HEADER_WITHIN_ROWS and first is not None:
                break
            tidy = _without_blank_tail([" ".join(cell.split()) for cell in cells])
            if not tidy:
                continue
            first = first or (number, tidy)
            if looks_like_header is None or looks_like_header(tidy):
                return number, tidy
    finally:
        rows.close()  # type: ignore[attr-defined]  # both sources are generators
    if first is None:
        raise _refused(path, None, _("文件里没有任何内容"))
    return first


def _without_blank_tail(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _check_header(path: Path, row: int, header: list[str]) -> None:
    """Name blank header cells by their place, refuse the same name twice."""
    seen: dict[str, int] = {}
    for index, name in enumerate(header):
        if not name:
            header[index] = name = _("第{number}列").format(number=index + 1)
        if name in seen:
            raise _refused(
                path,
                row,
                _("表头“{name}”出现了两次（第{first}列和第{second}列）。请改名或删去一列").format(
                    name=name, first=seen[name] + 1, second=index + 1
                ),
            )
        seen[name] = index


def _refused(path: Path, row: int | None, message: str) -> InvalidInput:
    trouble = Trouble(message, file=path.name, row=row)
    return InvalidInput(str(trouble), code="exchange.table", troubles=(trouble,))
