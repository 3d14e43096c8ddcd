"""
Tables that leave the product: Excel and CSV, the same columns, typed.

A cell that begins like a formula stays text: names and addresses come from outside, and a spreadsheet
that runs them is a way in. In Excel such text is stored as text; CSV knows no types, so there a leading
apostrophe keeps it text (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from fairdraw.kernel.clock import SHANGHAI
from fairdraw.kernel.errors import InvalidInput
from fairdraw.kernel.formulas import harmless

if TYPE_CHECKING:
    import xlsxwriter  # loaded where a workbook is written: dear, and few commands write one

Cell = str | int | Decimal | dt.date | dt.datetime | bool | None
LONGEST_TEXT = 32767
MOST_ROWS = 1048576
_FIXED_MOMENT = dt.datetime(2000, 1, 1)  # noqa: DTZ001  the file format has no zone; fixed for equal bytes


class TooMuchForATable(InvalidInput):
    """More rows, or a longer text, than a spreadsheet can hold."""

    code = "documents.too-much-for-a-table"


class CellKind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    PERCENT = "percent"
    DATE = "date"
    MOMENT = "moment"


@dataclass(frozen=True)
class Column:
    """A column: heading, kind, and width in characters of half width."""

    name: str
    kind: CellKind = CellKind.TEXT
    width: int = 16


_NUMBER_FORMATS = {
    CellKind.TEXT: "@",
    CellKind.INTEGER: "0",
    CellKind.DECIMAL: "0.00",
    CellKind.PERCENT: "0.00%",
    CellKind.DATE: "yyyy-mm-dd",
    CellKind.MOMENT: "yyyy-mm-dd hh:mm",
}


def table_xlsx(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, note: str = "", mark: str = ""
) -> bytes:
    """
    Write an Excel workbook of one sheet: title, mark, headings, rows, note; row by row, so that memory stays small.

    Args:
        title: First line, also the sheet's name as far as Excel allows.
        columns: Headings and kinds.
        rows: Cells in the columns' order; ``None`` is an empty cell. Codes belong in text columns.
        note: Last line: source, time, how counted.
        mark: 演示（虚构数据）, 演练 …, printed under the title.

    Raises:
        TooMuchForATable: Names the row.
    """
    buffer = io.BytesIO()
    import xlsxwriter

    book = xlsxwriter.Workbook(
        buffer,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": title, "author": "Fairdraw", "created": _FIXED_MOMENT})
    sheet = book.add_worksheet(_sheet_name(title))
    _set_up_print(sheet, columns)
    next_row = _write_head(book, sheet, columns, title=title, mark=mark)
    formats = [
        book.add_format({"num_format": _NUMBER_FORMATS[c.kind], "border": 1, "valign": "vcenter"})
        for c in columns
    ]
    for row in rows:
        if next_row >= MOST_ROWS - 1:
            raise TooMuchForATable(_("表格超过%(most)d行，请缩小范围后分次导出") % {"most": MOST_ROWS})
        for index, (cell, column) in enumerate(zip(row, columns, strict=True)):
            _write(sheet, next_row, index, cell, column.kind, formats[index])
        next_row += 1
    if note:
        sheet.write_string(next_row, 0, note)
    book.close()
    return buffer.getvalue()


def table_csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """
    Write CSV as Excel in China opens it: UTF-8 with a byte order mark, CRLF, apostrophe before would-be formulas.

    Days and moments are ISO text in Chinese time, percentages fractions.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(column.name) for column in columns])
    writer.writerows(_csv_cells(row, columns) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _csv_cells(row: Sequence[Cell], columns: Sequence[Column]) -> Iterator[str]:
    for cell, _column in zip(row, columns, strict=True):
        if isinstance(cell, dt.datetime):
            yield cell.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        elif cell is None:
            yield ""
        else:
            yield harmless(cell) if isinstance(cell, str) else str(cell)


def _sheet_name(title: str) -> str:
    clean = "".join(" " if char in "[]:*?/\\" else char for char in title).strip().strip("'")
    return clean[:31] or "Sheet1"


def _set_up_print(sheet: xlsxwriter.worksheet.Worksheet, columns: Sequence[Column]) -> None:
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width)
    sheet.set_paper(9)
    if sum(column.width for column in columns) > 90:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.set_footer("&C&P / &N")


def _write_head(
    book: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet.Worksheet,
    columns: Sequence[Column],
    *,
    title: str,
    mark: str,
) -> int:
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 15}))
    row = 1
    if mark:
        sheet.write_string(row, 0, mark, book.add_format({"bold": True, "font_color": "#A8201A"}))
        row += 1
    style = {"bold": True, "bg_color": "#EEF2F7", "border": 1, "align": "center", "text_wrap": True}
    head = book.add_format(style)
    for index, column in enumerate(columns):
        sheet.write_string(row, index, column.name, head)
    sheet.freeze_panes(row + 1, 0)
    sheet.repeat_rows(row)
    return row + 1


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    index: int,
    cell: Cell,
    kind: CellKind,
    style: xlsxwriter.format.Format,
) -> None:
    if cell is None or cell == "":
        sheet.write_blank(row, index, None, style)
    elif kind is CellKind.TEXT or isinstance(cell, str):
        text = str(cell)
        if len(text) > LONGEST_TEXT:
            raise TooMuchForATable(_("第%(row)d行的文字过长，表格放不下") % {"row": row + 1})
        sheet.write_string(row, index, text, style)
    elif isinstance(cell, dt.datetime):
        sheet.write_datetime(row, index, cell.astimezone(SHANGHAI).replace(tzinfo=None), style)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, index, cell, style)
    else:
        sheet.write_number(row, index, cell, style)
