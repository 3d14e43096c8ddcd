"""What a person says of a file's shape: sheet, row of the header, the field of each column (列对照)."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from fairdraw.exchange import tables
from fairdraw.exchange.readers import items, plan_columns, plans
from fairdraw.exchange.readers.columns import Columns, MissingColumns, match, open_register
from fairdraw.exchange.services import Sieve, Told, read_items
from fairdraw.exchange.tables import AS_FOUND, Layout
from fairdraw.kernel.errors import InvalidInput
from tests.builders.tables import text_file

ALIASES = {"name": ("企业名称", "名称"), "code": ("统一社会信用代码",), "note": ("备注",)}


def test_a_column_is_the_field_that_a_person_says() -> None:
    columns = Columns(["字号", "名称", "证照"], ALIASES, {"字号": "name", "证照": "code"})

    assert columns.at == {"name": 0, "code": 2}
    assert columns.unused == ["名称"], "the recognised name gives way to what is said"


def test_a_column_that_is_left_out_holds_nothing() -> None:
    columns = Columns(["企业名称", "备注"], ALIASES, {"备注": ""})

    assert "note" not in columns


def test_missing_columns_are_named_as_groups(tmp_path: Path) -> None:
    table = tables.read(text_file(tmp_path, "字号\n甲\n"))

    with pytest.raises(MissingColumns) as refused:
        match(table, ALIASES, required=[("name",), ("code", "note")])

    assert refused.value.groups == (("name",), ("code", "note"))
    assert "第1行" in str(refused.value)


def test_a_reader_reads_what_the_layout_says(tmp_path: Path) -> None:
    path = text_file(tmp_path, "要查什么,代号\n广告行为检查,GG01\n")

    table = tables.read(path, layout=Layout(columns={"要查什么": "item", "代号": "item_code"}))
    [row] = items.read(table).rows

    assert (row.item, row.item_code) == ("广告行为检查", "GG01")


def test_a_plan_table_with_its_own_words_is_read_by_what_is_said(tmp_path: Path) -> None:
    text = "某局计划\n干什么,查什么,查谁,查多少,什么时候\n广告抽查,广告行为检查,广告企业,5%,10月底前\n"
    said = {"干什么": "task_name", "查什么": "items", "查谁": "object_scope", "查多少": "ratio"}
    layout = Layout(header_row=2, columns={**said, "什么时候": "window_raw"})

    table = tables.read(text_file(tmp_path, text), words=plan_columns, layout=layout)
    [row] = plans.read(table, year=2026).rows

    assert (row.task_name, row.items, str(row.ratio_min)) == ("广告抽查", ("广告行为检查",), "0.05")
    assert str(row.window_end) == "2026-10-31"


def _two_sheets(folder: Path) -> Path:
    path = folder / "两张表.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name, rows in (("说明", [["填表说明"]]), ("名录", [["企业名称"], ["甲公司"]])):
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.add_worksheet("藏起来的").hide()
    book.close()
    return path


def test_the_sheets_that_a_person_sees_are_listed(tmp_path: Path) -> None:
    assert tables.sheets(_two_sheets(tmp_path)) == ("说明", "名录")
    assert tables.sheets(text_file(tmp_path, "企业名称\n")) == ()


def test_the_named_sheet_is_read(tmp_path: Path) -> None:
    path = _two_sheets(tmp_path)

    assert tables.read(path).header == ["填表说明"]
    table = tables.read(path, layout=Layout(sheet="名录"))
    assert (table.header, [row.cells for row in table.rows]) == (["企业名称"], [{"企业名称": "甲公司"}])


@pytest.mark.parametrize(
    ("layout", "said"),
    [(Layout(sheet="没有"), "没有名为“没有”的工作表"), (Layout(header_row=9), "不能作为表头")],
)
def test_a_sheet_or_row_that_is_not_there_is_refused(tmp_path: Path, layout: Layout, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        tables.read(_two_sheets(tmp_path), layout=layout)


def test_a_text_file_has_no_sheets_to_choose(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="没有工作表"):
        tables.read(text_file(tmp_path, "企业名称\n甲\n"), layout=Layout(sheet="名录"))


def test_titles_and_a_header_of_two_rows_stand_above_a_register(tmp_path: Path) -> None:
    text = "某县企业名录\n企业名称,统一社会信用代码,登记,\n,,状态,机关\n甲公司,X,存续,某局\n"
    names = {
        "name": ("企业名称",),
        "code": ("统一社会信用代码",),
        "status": ("登记状态",),
        "at": ("登记机关",),
    }

    table = open_register(text_file(tmp_path, text), names, AS_FOUND)

    assert (table.header, table.header_row) == (["企业名称", "统一社会信用代码", "登记状态", "登记机关"], 3)


def test_a_name_that_stands_twice_is_refused_until_somebody_says_which(tmp_path: Path) -> None:
    path = text_file(tmp_path, "企业名称,备注,备注,企业名称\n甲,一,二,乙\n")

    with pytest.raises(InvalidInput, match="表头“备注”出现了两次"):
        open_register(path, ALIASES, AS_FOUND)
    said = Layout(columns={"备注（第3列）": "", "企业名称": "", "企业名称（第4列）": "name"})
    table = open_register(path, ALIASES, said)
    assert Columns(table.header, ALIASES, said.columns).at == {"name": 3, "note": 1}


def test_of_a_file_with_errors_the_good_rows_can_be_taken(tmp_path: Path) -> None:
    path = text_file(tmp_path, "抽查事项,事项编号\n广告行为检查,GG01\n,GG02\n价格行为检查,9.1E+17\n")

    with pytest.raises(InvalidInput, match="2 处错误，没有存入"):
        read_items(path, confirm=False, told=Told())
    sieve = Sieve()
    entries = read_items(path, confirm=False, told=sieve)

    assert [entry.name for entry in entries] == ["广告行为检查"]
    assert [(trouble.row, trouble.column) for trouble in sieve.refused] == [(3, "抽查事项"), (4, "事项编号")]
