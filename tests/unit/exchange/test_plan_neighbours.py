"""Neighbours of the conventions of issue B: cells that look alike and are not, files as they come, files made to hurt."""

import json
import subprocess
import sys

import docx
import pytest
import xlsxwriter

from fairdraw.exchange import tables
from fairdraw.exchange.readers import plans
from fairdraw.exchange.readers.plan_amounts import read_count, read_ratio
from fairdraw.exchange.readers.plan_windows import read_window
from fairdraw.kernel.errors import InvalidInput
from tests.builders.sheets import (
    Sheet,
    add_docx_table,
    compound_file,
    html,
    ods_package,
    write_csv,
    write_xlsx,
)

HEAD = ["序号", "任务名称", "抽查事项", "检查对象", "抽查比例", "抽查时间"]
ROW = ["1", "甲检查", "甲事项", "企业", "5%", "10月底前"]


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [
        ("不少于辖区总数的5%", "0.05", None),
        ("超过5%", "0.05", None),
        ("低于5%", None, "0.05"),
        ("5%（含）以上", "0.05", None),
        ("十分之一", "0.1", "0.1"),
        ("百分之百", "1", "1"),
        ("2%──5%", "0.02", "0.05"),
    ],
)
def test_a_bound_is_no_exact_ratio(cell, low, high):
    amount = read_ratio(cell)

    assert [None if v is None else str(v) for v in (amount.ratio_min, amount.ratio_max)] == [low, high]
    assert amount.problem == ""


@pytest.mark.parametrize(
    "cell", ["三分之一", "3%或20户", "5%/次", "三级医院50%", "企业不低于3%", "A-B类3%", "5%(待定)", "3%-"]
)
def test_a_ratio_of_a_part_or_of_a_choice_is_not_read(cell):
    amount = read_ratio(cell)

    assert (amount.ratio_min, amount.ratio_max, amount.ratio_by_class) == (None, None, {})
    assert amount.problem


@pytest.mark.parametrize(
    ("cell", "figures"),
    [
        ("A/B类3%、D类全覆盖", {"A": "0.03", "B": "0.03", "D": "1"}),
        ("对A、B、C类企业分别按1%、3%、10%抽取", {"A": "0.01", "B": "0.03", "C": "0.1"}),
        ("A类（1%）、B类（3%）", {"A": "0.01", "B": "0.03"}),
        ("低风险(A类)1%,高风险(D类)10%", {"A": "0.01", "D": "0.1"}),
    ],
)
def test_classes_are_read_however_they_are_listed(cell, figures):
    amount = read_ratio(cell)

    assert {key: str(value) for key, value in amount.ratio_by_class.items()} == figures
    assert (amount.ratio_min, amount.problem) == (None, "")


def test_kinds_may_stand_without_a_sign_between():
    assert {k: str(v) for k, v in read_ratio("企业3%个体1%").ratio_by_kind.items()} == {
        "enterprise": "0.03",
        "individual_business": "0.01",
    }


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [
        ("3千户", 3000, 3000),
        ("1,200户", 1200, 1200),
        ("3000余户", 3000, None),
        ("上限50户", None, 50),
        ("20.0", 20, 20),
    ],
)
def test_a_count_keeps_its_size(cell, low, high):
    amount = read_count(cell)

    assert (amount.count_min, amount.count_max, amount.problem) == (low, high, "")


@pytest.mark.parametrize(
    "cell", ["每所2户", "20户/所", "各县5户", "12OO户", "每年2次,每次10户", "15户(待定)"]
)
def test_a_count_for_each_of_several_is_no_total(cell):
    amount = read_count(cell)

    assert (amount.count_min, amount.count_max) == (None, None)
    assert amount.problem


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("三月至十月", "2025-03-01", "2025-10-31"),
        ("2025年3月1日起至10月31日", "2025-03-01", "2025-10-31"),
        ("3/1-10/31", "2025-03-01", "2025-10-31"),
        ("最迟11月30日", None, "2025-11-30"),
        ("三季度末前", None, "2025-09-30"),
        ("3月-11月底前", "2025-03-01", "2025-11-30"),
        ("45717", "2025-03-01", "2025-03-01"),
    ],
)
def test_a_window_in_another_wording_is_read(cell, start, end):
    window = read_window(cell, year=2025)

    assert [None if d is None else d.isoformat() for d in (window.start, window.end)] == [start, end]


@pytest.mark.parametrize("cell", ["4月,10月", "二、四季度", "上、下半年各一次", "1-6月,7-12月", "99999"])
def test_two_windows_are_not_one(cell):
    window = read_window(cell, year=2025)

    assert (window.start, window.end) == (None, None)
    assert window.problem


def read(path):
    return plans.read(plans.open_table(path), year=2025).rows


def test_the_plan_is_found_among_the_tables_of_a_document_and_goes_on_after_a_page_break(tmp_path):
    document = docx.Document()
    add_docx_table(document, Sheet([["文号", "日期"], ["1号", "3月"]]))
    document.add_paragraph("附件")
    add_docx_table(document, Sheet([HEAD, ROW]))
    document.add_paragraph("续表")
    add_docx_table(document, Sheet([HEAD, ["2", "乙检查", "乙事项", "企业", "3%", "全年"]]))
    path = tmp_path / "计划.wps"
    document.save(str(path))

    assert [row.task_name for row in read(path)] == ["甲检查", "乙检查"]


def test_a_table_inside_a_table_that_places_it_is_found(tmp_path):
    path = tmp_path / "计划.xls"
    path.write_text(f"<table><tr><td>标题<td>{html(Sheet([HEAD, ROW]))}</table>", encoding="utf-8")

    assert [(row.task_name, str(row.window_end)) for row in read(path)] == [("甲检查", "2025-10-31")]


def test_other_sheets_before_the_plan_are_passed_over(tmp_path):
    path = tmp_path / "计划.et"
    write_xlsx(path, Sheet([HEAD, ROW]), before=[("说明", Sheet([["填表说明", ""], ["一", "二"]]))])

    assert [row.number for row in read(path)] == [2]


def test_a_cell_shown_as_a_percentage_is_one(tmp_path):
    path = tmp_path / "计划.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    for number, share in enumerate([1, 0.05], start=1):
        sheet.write_row(number, 0, ROW)
        sheet.write_number(number, 4, share, book.add_format({"num_format": "0%"}))
    book.close()

    assert [str(row.ratio_min) for row in read(path)] == ["1", "0.05"]


def test_names_of_columns_that_are_not_known_tell_what_they_hold(tmp_path):
    path = tmp_path / "表.csv"
    head = ["编号", "年度抽查任务", "主要检查内容", "抽查检查对象范围", "拟抽取比例", "检查完成时限要求"]
    write_csv(path, Sheet([["计划表", *[""] * 5], head, ROW]))
    (row,) = read(path)

    assert (row.task_name, row.items, str(row.ratio_min)) == ("甲检查", ("甲事项",), "0.05")
    assert str(row.window_end) == "2025-10-31"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("旧.doc", compound_file({"WordDocument": b"x"}), "另存为 docx"),
        ("密.xlsx", compound_file({"EncryptedPackage": b"x"}), "密码"),
        (
            "实体.xml",
            b'<!DOCTYPE w [<!ENTITY a "x">]><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "实体",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_advice(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(InvalidInput, match=said):
        tables.read(path)


def test_an_ods_of_endless_repeated_rows_is_refused(tmp_path):
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    rows = f'<table:table-row table:number-rows-repeated="99999999">{cell}</table:table-row>'
    path = ods_package(tmp_path / "炸.ods", f'<table:table table:name="a">{rows}</table:table>')

    with pytest.raises(InvalidInput, match="最多读取 1050000 行"):
        tables.read(path)


def test_plan_read_prints_one_list_without_an_installation(tmp_path):
    path = tmp_path / "表.csv"
    write_csv(path, Sheet([HEAD, ROW]))
    code = "import sys; from fairdraw.operations.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "plan", "read", str(path), "--year", "2025", "--json"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr.decode()
    (row,) = json.loads(done.stdout)
    assert (row["ratio_min"], row["window_start"], row["window_end"]) == ("0.05", None, "2025-10-31")
