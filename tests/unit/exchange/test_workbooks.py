"""Workbooks: what Excel makes of cells, and files made to hurt (T-I1, T-I3)."""

import datetime
import struct
import zipfile

import pytest
import xlsxwriter

from fairdraw.exchange import tables, workbooks
from fairdraw.exchange.formats.grid import cell_text
from fairdraw.kernel.errors import InvalidInput
from tests.builders.tables import replace_part, workbook

SHEET = "xl/worksheets/sheet1.xml"
SHEET_XML = (
    b'<?xml version="1.0" encoding="UTF-8"?>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
)


def rows(path):
    return [(row.number, row.cells) for row in tables.read(path).rows]


def test_cells_become_text_as_a_person_reads_them(tmp_path):
    path = workbook(
        tmp_path,
        [
            ["名称", "编号", "日期", "比例", "代码"],
            ["甲", 12, datetime.date(2024, 3, 1), 0.05, "0012"],
        ],
    )

    assert rows(path) == [
        (2, {"名称": "甲", "编号": "12", "日期": "2024-03-01", "比例": "0.05", "代码": "0012"})
    ]


def test_a_code_kept_as_a_number_shows_that_it_is_damaged(tmp_path):
    path = workbook(tmp_path, [["名称", "代码"], ["甲", 913505241234567890], ["乙", 350524600012345]])

    assert [cells["代码"] for _number, cells in rows(path)] == ["9.13505E+17", "350524600012345"]


def test_blank_rows_do_not_shift_the_row_numbers(tmp_path):
    assert [number for number, _ in rows(workbook(tmp_path, [["名称"], ["甲"], [], [], ["乙"]]))] == [2, 5]


def test_the_first_visible_sheet_with_content_is_taken(tmp_path):
    path = tmp_path / "表.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("封面")
    hidden = book.add_worksheet("隐藏")
    hidden.write_row(0, 0, ["名称"])
    hidden.hide()
    book.add_worksheet("数据").write_column(0, 0, ["名称", "甲"])
    book.close()

    assert rows(path) == [(2, {"名称": "甲"})]


def test_the_content_decides_not_the_name(tmp_path):
    path = workbook(tmp_path, [["名称"], ["甲"]], name="其实是表格.csv")

    assert rows(path) == [(2, {"名称": "甲"})]


def test_an_empty_workbook_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="没有任何内容"):
        tables.read(workbook(tmp_path, []))


def test_a_bomb_is_refused_before_it_is_opened(tmp_path):
    path = replace_part(workbook(tmp_path, [["名称"]]), SHEET, SHEET_XML % (b" " * 60_000_000))
    assert path.stat().st_size < 1_000_000

    with pytest.raises(InvalidInput, match="解压后过大"):
        tables.read(path)


def test_a_directory_that_lies_about_sizes_is_refused(tmp_path):
    path = replace_part(workbook(tmp_path, [["名称"], ["甲"]]), SHEET, SHEET_XML % (b" " * 500_000))
    with zipfile.ZipFile(path) as package:
        part = package.getinfo(SHEET)
    content = path.read_bytes().replace(struct.pack("<L", part.file_size), struct.pack("<L", 100))
    path.write_bytes(content)

    with pytest.raises(InvalidInput, match="已损坏或被改动"):
        tables.read(path)


def test_two_parts_of_one_name_are_refused(tmp_path):
    path = workbook(tmp_path, [["名称"], ["甲"]])
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as package:
        package.writestr(SHEET, SHEET_XML % b"")

    with pytest.raises(InvalidInput, match="内部结构不正常"):
        tables.read(path)


def test_a_sheet_that_claims_endless_cells_ends_only_the_child(tmp_path):
    far = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = replace_part(workbook(tmp_path, [["名称"]]), SHEET, SHEET_XML % far)

    with pytest.raises(InvalidInput, match=r"列|太大"):
        tables.read(path)


def test_too_many_columns_are_refused(tmp_path):
    with pytest.raises(InvalidInput, match="有 300 列"):
        tables.read(workbook(tmp_path, [[f"列{n}" for n in range(300)]]))


def test_a_truncated_workbook_is_refused(tmp_path):
    path = workbook(tmp_path, [["名称"], ["甲"]])
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(InvalidInput, match="已损坏"):
        tables.read(path)


def test_something_that_only_begins_like_an_old_workbook_is_refused(tmp_path):
    path = tmp_path / "表.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)

    with pytest.raises(InvalidInput, match="已损坏"):
        tables.read(path)


def test_a_packed_file_over_the_limit_is_refused_without_unpacking(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_PACKED_BYTES", 1000)

    with pytest.raises(InvalidInput, match="超过 50 MB"):
        tables.read(workbook(tmp_path, [["名称"], ["甲"]]))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "TRUE"),
        (0.1 + 0.2, "0.3"),
        (-3.0, "-3"),
        (999999999999999.0, "999999999999999"),
        (datetime.datetime(2024, 3, 1), "2024-03-01"),  # noqa: DTZ001 a cell has no zone
        (datetime.datetime(2024, 3, 1, 8, 30), "2024-03-01 08:30:00"),  # noqa: DTZ001
        (datetime.time(8, 30), "08:30:00"),
        ("  甲 ", "甲"),
    ],
)
def test_values_of_each_kind_have_one_text(value, text):
    assert cell_text(value) == text
