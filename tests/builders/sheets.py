"""One sheet, cells merged, written in each form in which bureaus hand their tables in."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import docx
import xlsxwriter

#: First row, first column, last row, last column, from 0.
Range = tuple[int, int, int, int]


@dataclass
class Sheet:
    """Rows of text; of a merged range only the upper left cell is filled."""

    rows: Sequence[Sequence[str]]
    merged: Sequence[Range] = field(default_factory=list)

    def filled(self) -> list[list[str]]:
        """The rows with merged ranges filled, as a table without merging has them."""
        rows = [list(row) for row in self.rows]
        for top, left, bottom, right in self.merged:
            for row in range(top, bottom + 1):
                rows[row][left : right + 1] = [self.rows[top][left]] * (right - left + 1)
        return rows

    def corners(self) -> dict[tuple[int, int], Range]:
        """The merged ranges by their upper left cell."""
        return {(r[0], r[1]): r for r in self.merged}

    def covered(self) -> set[tuple[int, int]]:
        """The cells of merged ranges besides the upper left ones."""
        return {
            (row, column)
            for top, left, bottom, right in self.merged
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        }


def write_csv(path: Path, sheet: Sheet, *, encoding: str = "utf-8") -> None:
    """Text with commas; what was merged stands in every cell."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(sheet.filled())
    path.write_bytes(out.getvalue().encode(encoding))


def write_gb18030(path: Path, sheet: Sheet) -> None:
    """Text with commas as old Excel and WPS write it."""
    write_csv(path, sheet, encoding="gb18030")


def write_xlsx(path: Path, sheet: Sheet, *, before: Sequence[tuple[str, Sheet]] = ()) -> None:
    """A workbook; other sheets may stand *before* the one."""
    book = xlsxwriter.Workbook(str(path))
    for name, one in [*before, ("抽查计划", sheet)]:
        page = book.add_worksheet(name)
        for number, row in enumerate(one.rows):
            for column, text in enumerate(row):
                page.write_string(number, column, text)
        for top, left, bottom, right in one.merged:
            page.merge_range(top, left, bottom, right, one.rows[top][left])
    book.close()


def write_docx(path: Path, sheet: Sheet) -> None:
    """A document with a heading and the one table."""
    document = docx.Document()
    document.add_paragraph("附件1")
    add_docx_table(document, sheet)
    document.save(str(path))


def add_docx_table(document: docx.document.Document, sheet: Sheet) -> docx.table.Table:
    """Add the table to a document."""
    table = document.add_table(rows=len(sheet.rows), cols=len(sheet.rows[0]))
    cells = [row.cells for row in table.rows]
    for top, left, bottom, right in sheet.merged:
        cells[top][left].merge(cells[bottom][right])
    covered = sheet.covered()
    for number, row in enumerate(sheet.rows):
        for column, text in enumerate(row):
            if (number, column) not in covered:
                cells[number][column].text = text
    return table


def html(sheet: Sheet, *, cell: str = "td") -> str:
    """The table element as web pages and old systems have it."""
    corners, covered = sheet.corners(), sheet.covered()
    lines = []
    for number, row in enumerate(sheet.rows):
        tags = []
        for column, text in enumerate(row):
            if (number, column) in covered:
                continue
            top, left, bottom, right = corners.get((number, column), (number, column, number, column))
            spans = f' rowspan="{bottom - top + 1}"' if bottom > top else ""
            spans += f" colspan={right - left + 1}" if right > left else ""
            tags.append(f"<{cell}{spans}><font>{escape(text).replace(chr(10), '<br>')}</font>")
        lines.append("<tr>" + "".join(tags))
    return "<table border=1>" + "\n".join(lines) + "</table>"


def write_html(path: Path, sheet: Sheet, *, encoding: str = "gb18030", charset: str = "gb2312") -> None:
    """A web page that bears the name of an old workbook."""
    head = f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv=Content-Type content="text/html; charset={charset}"><style>td{{mso-number-format:"\\@"}}</style></head>'
    path.write_bytes(f"{head}<body>{html(sheet)}</body></html>".encode(encoding))


def write_spreadsheetml(path: Path, sheet: Sheet) -> None:
    """XML of Excel 2003, as systems export it under the name .xls."""
    corners, covered = sheet.corners(), sheet.covered()
    rows = []
    for number, row in enumerate(sheet.rows):
        cells = []
        skipped = False
        for column, text in enumerate(row):
            if (number, column) in covered:
                skipped = True
                continue
            top, left, bottom, right = corners.get((number, column), (number, column, number, column))
            spans = f' ss:Index="{column + 1}"' if skipped else ""
            spans += f' ss:MergeAcross="{right - left}"' if right > left else ""
            spans += f' ss:MergeDown="{bottom - top}"' if bottom > top else ""
            data = escape(text).replace("\n", "&#10;")
            cells.append(
                f'<Cell{spans}><Data ss:Type="String">{data}</Data></Cell>' if text else f"<Cell{spans}/>"
            )
            skipped = False
        rows.append("<Row>" + "".join(cells) + "</Row>")
    path.write_text(
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="抽查计划"><Table>{"".join(rows)}</Table></Worksheet></Workbook>',
        encoding="utf-8",
    )


ODS_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)


def write_ods(path: Path, sheet: Sheet) -> None:
    """An OpenDocument workbook."""
    corners, covered = sheet.corners(), sheet.covered()
    rows = []
    for number, row in enumerate(sheet.rows):
        cells = []
        for column, text in enumerate(row):
            if (number, column) in covered:
                cells.append("<table:covered-table-cell/>")
                continue
            top, left, bottom, right = corners.get((number, column), (number, column, number, column))
            spans = f' table:number-rows-spanned="{bottom - top + 1}"' if bottom > top else ""
            spans += f' table:number-columns-spanned="{right - left + 1}"' if right > left else ""
            body = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))
            cells.append(
                f'<table:table-cell{spans} office:value-type="string">{body}</table:table-cell>'
                if text
                else f"<table:table-cell{spans}/>"
            )
        rows.append("<table:table-row>" + "".join(cells) + "</table:table-row>")
    ods_package(path, f'<table:table table:name="抽查计划">{"".join(rows)}</table:table>')


def ods_package(path: Path, tables: str) -> Path:
    """A package with the given tables as its content."""
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_MIME}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", ODS_MIME, zipfile.ZIP_STORED)
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr(
            "content.xml",
            f"{_ODS_HEAD}{tables}</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _label(row: int, column: int, text: str) -> bytes:
    body = text.encode("utf-16-le")
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(body) // 2, 1) + body)


def biff8(sheet: Sheet, *, name: str = "抽查计划", numbers: Sequence[tuple[int, int, float]] = ()) -> bytes:
    """The stream of an old workbook (BIFF8): texts, numbers, merged ranges."""
    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    page = [_record(0x0809, bof[:2] + struct.pack("<H", 0x0010) + bof[4:])]
    page.append(_record(0x0200, struct.pack("<IIHHH", 0, len(sheet.rows), 0, len(sheet.rows[0]), 0)))
    for number, row in enumerate(sheet.rows):
        page += [_label(number, column, text) for column, text in enumerate(row) if text]
    page += [_record(0x0203, struct.pack("<HHHd", row, column, 0, value)) for row, column, value in numbers]
    ranges = [struct.pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in sheet.merged]
    if ranges:
        page.append(_record(0x00E5, struct.pack("<H", len(ranges)) + b"".join(ranges)))
    page.append(_record(0x000A, b""))
    title = name.encode("utf-16-le")
    fixed = [_record(0x0809, bof), _record(0x0042, struct.pack("<H", 1200))]
    fixed.append(_record(0x00E0, struct.pack("<HHH", 0, 0, 0) + b"\0" * 14))
    length = sum(map(len, fixed)) + 4 + 8 + len(title) + 4
    fixed.append(_record(0x0085, struct.pack("<IBBBB", length, 0, 0, len(title) // 2, 1) + title))
    fixed.append(_record(0x000A, b""))
    assert sum(map(len, fixed)) == length
    return b"".join([*fixed, *page])


_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound_file(streams: dict[str, bytes]) -> bytes:
    """An OLE container of streams, each stored in whole sectors (version 3, no short streams)."""
    starts: dict[str, int] = {}
    chain: list[int] = []
    content = b""
    for name, stream in streams.items():
        body = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
        count = len(body) // _SECTOR
        starts[name] = len(chain)
        chain += [*range(len(chain) + 1, len(chain) + count), _END]
        content += body
    entries = [_entry("Root Entry", 5, child=1 if streams else _FREE, start=_END)]
    names = list(streams)
    for index, name in enumerate(names):
        right = index + 2 if index + 1 < len(names) else _FREE
        size = max(4096, len(streams[name]))
        entries.append(_entry(name, 2, right=right, start=starts[name], size=size))
    entries += [b"\0" * 68 + struct.pack("<III", _FREE, _FREE, _FREE) + b"\0" * 48] * (-len(entries) % 4)
    directory = len(chain)
    count = len(entries) // 4
    chain += [*range(directory + 1, directory + count), _END]
    content += b"".join(entries)
    tables = 1
    while (len(chain) + tables) * 4 > tables * _SECTOR:
        tables += 1
    first_table = len(chain)
    chain += [_FAT] * tables
    content += b"".join(struct.pack("<I", link) for link in chain).ljust(tables * _SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, tables, directory, 0, 4096, _END, 0, _END, 0)
    places = [first_table + index for index in range(tables)]
    header += struct.pack("<109I", *places, *[_FREE] * (109 - tables))
    return header + content


def _entry(
    name: str, kind: int, *, child: int = _FREE, right: int = _FREE, start: int, size: int = 0
) -> bytes:
    title = name.encode("utf-16-le") + b"\0\0"
    body = title.ljust(64, b"\0") + struct.pack("<HBB", len(title), kind, 1)
    return body + struct.pack("<III", _FREE, right, child) + b"\0" * 36 + struct.pack("<IQ", start, size)


def write_xls(path: Path, sheet: Sheet) -> None:
    """An old workbook, as .xls and .et hold it."""
    path.write_bytes(compound_file({"Workbook": biff8(sheet)}))


#: Every form in which the same sheet is read alike: a name ending, and who writes it.
FORMS: dict[str, tuple[str, Callable[[Path, Sheet], None]]] = {
    "csv": (".csv", write_csv),
    "csv-gb18030": (".csv", write_gb18030),
    "xlsx": (".xlsx", write_xlsx),
    "xls": (".xls", write_xls),
    "et": (".et", write_xls),
    "ods": (".ods", write_ods),
    "docx": (".docx", write_docx),
    "wps": (".wps", write_docx),
    "html": (".xls", write_html),
    "spreadsheetml": (".xls", write_spreadsheetml),
}
