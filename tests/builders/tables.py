"""Files for tests of what comes in: text in any encoding, workbooks, and broken or hostile ones."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "exchange"


def text_file(folder: Path, text: str, *, encoding: str = "utf-8", name: str = "表.csv") -> Path:
    """A text table in *encoding*."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def workbook(
    folder: Path, rows: Sequence[Sequence[Any]], *, name: str = "表.xlsx", merge: Sequence[Any] = ()
) -> Path:
    """A workbook with *rows*; *merge* holds (first row, first column, last row, last column, text)."""
    path = folder / name
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("数据")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    for first_row, first_column, last_row, last_column, text in merge:
        sheet.merge_range(first_row, first_column, last_row, last_column, text)
    book.close()
    return path


def replace_part(path: Path, part: str, content: bytes) -> Path:
    """The same package with another content of one part."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[part] = content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in parts.items():
            package.writestr(name, body)
    return path
