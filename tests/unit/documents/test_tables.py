"""Tables out: typed cells, nothing that a spreadsheet would run, the same bytes every time."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
import python_calamine

from fairdraw.documents import tables
from fairdraw.documents.tables import CellKind, Column, table_csv, table_xlsx

COLUMNS = (
    Column("名称", width=30),
    Column("统一社会信用代码", width=22),
    Column("户数", CellKind.INTEGER),
    Column("比例", CellKind.PERCENT),
    Column("检查日期", CellKind.DATE),
    Column("公示时间", CellKind.MOMENT),
)
MOMENT = dt.datetime(2024, 11, 19, 16, 30, tzinfo=dt.UTC)
ROW = ("演示茶业", "913505240000000007", 35, Decimal("0.035"), dt.date(2024, 11, 20), MOMENT)
DANGEROUS = ["=1+1", "+8613800000000", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1+1", " =1+1", "＝1+1", "\r=1"]


def sheet(made: bytes):
    return openpyxl.load_workbook(io.BytesIO(made)).active


def test_a_workbook_holds_title_mark_heads_typed_cells_and_note():
    made = sheet(
        table_xlsx("抽查结果", COLUMNS, [ROW], note="数据截至2024年11月20日", mark="演示（虚构数据）")
    )
    rows = list(made.iter_rows(values_only=True))

    assert rows[0][0] == "抽查结果"
    assert rows[1][0] == "演示（虚构数据）"
    assert list(rows[2]) == [column.name for column in COLUMNS]
    assert rows[3][:4] == ("演示茶业", "913505240000000007", 35, 0.035)
    assert rows[3][4].isoformat() == "2024-11-20T00:00:00"
    assert rows[3][5].isoformat() == "2024-11-20T00:30:00", "Chinese wall time"
    assert rows[4][0] == "数据截至2024年11月20日"


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_begins_like_a_formula_stays_text_in_excel(text):
    made = table_xlsx("名单", COLUMNS[:2], [(text, text)])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()

    assert "<f>" not in xml
    assert sheet(made).cell(row=3, column=1).data_type == "s"


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_begins_like_a_formula_is_disarmed_in_csv(text):
    made = table_csv(COLUMNS[:2], [(text, "演示")]).decode("utf-8-sig")

    assert next(iter(list(csv.reader(io.StringIO(made, newline="")))[1])) == "'" + text


def test_a_negative_number_is_a_number_and_gets_no_apostrophe():
    made = table_csv((Column("变化", CellKind.INTEGER),), [(-25,)]).decode("utf-8-sig")

    assert made == "变化\r\n-25\r\n"


def test_csv_opens_in_excel_in_china():
    made = table_csv(COLUMNS, [ROW, (None,) * 6])

    assert made.startswith(b"\xef\xbb\xbf")
    assert made.decode("utf-8-sig").split("\r\n")[1:3] == [
        "演示茶业,913505240000000007,35,0.035,2024-11-20,2024-11-20 00:30:00",
        ",,,,,",
    ]


def test_addresses_and_web_links_are_plain_text():
    made = table_xlsx("名单", COLUMNS[:1], [("http" + "://example.invalid",)])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert not any("rels" in name and "sheet" in name for name in archive.namelist())


def test_an_eighteen_digit_code_stays_whole_for_other_readers():
    book = python_calamine.load_workbook(io.BytesIO(table_xlsx("名单", COLUMNS, [ROW])))

    assert book.get_sheet_by_index(0).to_python()[2][1] == "913505240000000007"


def test_the_same_table_gives_the_same_bytes():
    rows = [ROW] * 50

    assert table_xlsx("名单", COLUMNS, rows) == table_xlsx("名单", COLUMNS, iter(rows))


def test_a_row_with_a_cell_too_many_is_an_error_and_not_a_shift():
    with pytest.raises(ValueError, match="zip"):
        table_xlsx("名单", COLUMNS[:1], [("甲", "乙")])
    with pytest.raises(ValueError, match="zip"):
        table_csv(COLUMNS[:1], [("甲", "乙")])


def test_a_text_too_long_for_a_cell_is_refused_with_its_row():
    with pytest.raises(tables.TooMuchForATable, match="第4行"):
        table_xlsx("名单", COLUMNS[:1], [("甲",), ("乙" * 32768,)])


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 5)

    with pytest.raises(tables.TooMuchForATable, match="超过5行"):
        table_xlsx("名单", COLUMNS[:1], [("甲",)] * 4)


def test_a_title_that_excel_forbids_as_a_sheet_name_is_still_the_title():
    title = "2024年[第1/4季度]抽查结果汇总表：按监管所和抽查事项分列的全部明细"
    made = sheet(table_xlsx(title, COLUMNS[:1], []))

    assert made.cell(row=1, column=1).value == title
    assert len(made.title) <= 31
