"""
Bad input to the main job: a Chinese sentence with file, row and column, exit 2, and nothing stored; a year without
``--invent`` holds what it cannot plan and makes nothing up.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.builders import year as builder
from tests.builders.rarer import rarer
from tests.builders.year import Ran

pytestmark = pytest.mark.only_sqlite  # the command works in a database of its own


def change(source: Path, folder: Path, old: str, new: str, *, encoding: str = "utf-8") -> Path:
    """A copy of a sample with the first *old* replaced."""
    text = source.read_text(encoding="utf-8")
    assert old in text
    path = folder / source.name
    path.write_bytes(text.replace(old, new, 1).encode(encoding))
    return path


def refused(folder: Path, *options: str | Path) -> Ran:
    """Run a year that must be refused without a trace."""
    out = folder / "out"
    ran = builder.year(out, *options)
    assert ran.code == 2, ran.err
    assert "Traceback" not in ran.err
    assert "建立数据库" not in ran.err  # everything is read before anything is set up
    assert not out.exists() or not list(out.iterdir())
    return ran


def first_code() -> str:
    return builder.rows_of(builder.targets())[0]["统一社会信用代码"]


def second_code() -> str:
    return builder.rows_of(builder.targets())[1]["统一社会信用代码"]


def test_a_plan_with_a_ratio_over_100_per_cent(tmp_path):
    plan = change(builder.PLAN, tmp_path, "全县企业,2%", "全县企业,120%")

    assert "plan-2025.csv 第2行「抽查比例」列" in refused(tmp_path, "--plan", plan).err


def test_a_plan_whose_end_lies_before_its_start(tmp_path):
    plan = change(builder.PLAN, tmp_path, "2025年5月至9月", "2025年9月至2025年5月")

    assert "plan-2025.csv 第6行「抽查时间」列" in refused(tmp_path, "--plan", plan).err


def test_a_plan_in_two_encodings(tmp_path):
    lines = builder.PLAN.read_bytes().splitlines(keepends=True)
    plan = tmp_path / "plan-2025.csv"
    plan.write_bytes(b"".join(lines[:3]) + lines[3].decode().encode("gb18030") + b"".join(lines[4:]))

    error = refused(tmp_path, "--plan", plan).err
    assert "plan-2025.csv 第4行" in error
    assert "编码" in error


def test_a_plan_without_the_columns_it_needs(tmp_path):
    plan = tmp_path / "plan-2025.csv"
    plan.write_text("科室,比例\n企业监管股,5%\n", encoding="utf-8")

    error = refused(tmp_path, "--plan", plan).err
    assert "plan-2025.csv 第1行" in error
    assert "缺少必需的列" in error


def test_a_file_that_is_no_table(tmp_path):
    plan = tmp_path / "plan-2025.xlsx"
    plan.write_bytes(b"%PDF-1.7\n" + os.urandom(64))

    assert "plan-2025.xlsx：这是 PDF" in refused(tmp_path, "--plan", plan).err


def test_targets_whose_codes_became_numbers_in_excel(tmp_path):
    targets = change(builder.targets(), tmp_path, first_code(), "9.1999901E+17")

    error = refused(tmp_path, "--plan", builder.PLAN, "--targets", targets).err
    assert "targets.csv 第2行「统一社会信用代码」列" in error
    assert "科学计数法" in error


def test_targets_that_come_twice(tmp_path):
    targets = change(builder.targets(), tmp_path, second_code(), first_code())

    error = refused(tmp_path, "--plan", builder.PLAN, "--targets", targets).err
    assert "targets.csv 第3行「统一社会信用代码」列" in error
    assert "第2行" in error


def test_targets_without_a_code_column(tmp_path):
    targets = tmp_path / "targets.csv"
    targets.write_text("企业名称,住所\n演示县甲公司,演示县一路1号\n", encoding="utf-8")

    error = refused(tmp_path, "--plan", builder.PLAN, "--targets", targets).err
    assert "targets.csv 第1行" in error
    assert "统一社会信用代码" in error


def test_an_inspector_whose_certificate_ends_before_it_begins(tmp_path):
    inspectors = change(builder.INSPECTORS, tmp_path, "2023-01-01,2027-12-31", "2023-01-01,2022-12-31")

    error = refused(tmp_path, "--plan", builder.PLAN, "--inspectors", inspectors).err
    assert "inspectors.csv 第2行「有效期至」列" in error


def test_an_item_whose_limit_is_over_100_per_cent(tmp_path):
    items = change(builder.ITEMS, tmp_path, ",20%,", ",220%,")

    assert "items.csv 第2行「比例上限」列" in refused(tmp_path, "--plan", builder.PLAN, "--items", items).err


RESULTS_HEAD = "任务编号,统一社会信用代码,检查日期,检查结果,后续处置"


@pytest.mark.parametrize(
    ("option", "old", "new", "said"),
    [
        ("--items", "YS01,登记注册", "9.1E+17,登记注册", ("第2行「事项编号」列", "科学计数法")),
        rarer("--items", "3,YS02", "3,YS01", ("第4行「事项编号」列", "与第2行相同而事项不同")),
        rarer("--items", "抽查事项,", "事情,", ("第1行", "缺少必需的列", "抽查事项")),
        rarer("--inspectors", "YS-0001", "9.1E+17", ("第2行「执法证号」列", "科学计数法")),
        ("--inspectors", "Y002,", "Y001,", ("第3行「编号」列", "与第2行重复")),
        rarer("--inspectors", "YS-0002", "YS-0001", ("第3行「执法证号」列", "与第2行重复")),
        rarer("--inspectors", "有效期至", "到期", ("第1行", "缺少必需的列", "有效期至")),
    ],
)
def test_a_table_of_items_or_inspectors_with_a_slip(tmp_path, option, old, new, said):
    source = {"--items": builder.ITEMS, "--inspectors": builder.INSPECTORS}[option]
    table = change(source, tmp_path, old, new)

    error = refused(tmp_path, "--plan", builder.PLAN, option, table).err
    assert all(words in error for words in (table.name, *said)), error


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((), ("第1行", "缺少必需的列", "检查日期")),
        rarer(("2025-001,91999901MA0000000X,2025-06-31,01,",), ("第2行「检查日期」列", "不是日期")),
        rarer(
            ("2025-001,91999901MA0000000X,2025-06-30,01,",) * 2,
            ("第3行「统一社会信用代码」列", "与第2行是同一项任务的同一检查对象"),
        ),
    ],
)
def test_a_table_of_results_with_a_slip(tmp_path, rows, said):
    head = RESULTS_HEAD if rows else RESULTS_HEAD.replace("检查日期", "日子")
    table = tmp_path / "results.csv"
    table.write_text("\n".join([head, *rows, ""]), encoding="utf-8")

    error = refused(tmp_path, "--plan", builder.PLAN, "--results", table).err
    assert all(words in error for words in (table.name, *said)), error


@pytest.mark.parametrize("option", ["--items", *map(rarer, ["--targets", "--inspectors", "--results"])])
def test_a_table_in_an_encoding_that_is_none(tmp_path, option):
    table = tmp_path / "表.csv"
    table.write_bytes("编号,姓名\n1,演示\n".encode("utf-16"))

    error = refused(tmp_path, "--plan", builder.PLAN, option, table).err
    assert "表.csv" in error
    assert "UTF-16" in error


def test_every_trouble_of_a_file_is_named_at_once(tmp_path):
    text = builder.targets().read_text(encoding="utf-8").replace(first_code(), "9.1E+17", 1)
    targets = tmp_path / "targets.csv"
    targets.write_text(text.replace("2025-02-20", "去年", 1), encoding="utf-8")

    error = refused(tmp_path, "--plan", builder.PLAN, "--targets", targets).err
    assert "「统一社会信用代码」列" in error
    assert "「分类日期」列：“去年”不是日期" in error


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--plan", "nowhere.csv"), "找不到 --plan 指定的文件 nowhere.csv"),
        rarer(("--targets", builder.ITEMS), "也要用 --plan"),
        (("--plan", builder.PLAN, "--invent", "classes,weather"), "--invent 不认识 weather"),
        rarer(("--plan", builder.PLAN, "--year", "25"), "--year 须是"),
        rarer(("--year", "明年"), "--year 须是整数"),
        rarer(("--colour", "red"), "不认识的参数"),
        rarer(("--enterprises", "3"), "--enterprises 须是"),
    ],
)
def test_options_that_cannot_be_meant(tmp_path, options, words):
    assert words in refused(tmp_path, *options).err


def test_a_plan_whose_year_nobody_states(tmp_path):
    plan = tmp_path / "plan.csv"
    plan.write_text(builder.PLAN.read_text(encoding="utf-8").replace("2025", ""), encoding="utf-8")

    assert "看不出计划年度，请用 --year 指定" in refused(tmp_path, "--plan", plan).err


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("留着", encoding="utf-8")

    ran = builder.year(out, "--plan", builder.PLAN)

    assert ran.code == 2
    assert "不是空目录" in ran.err
    assert [path.name for path in out.iterdir()] == ["notes.txt"]
    assert (out / "notes.txt").read_text(encoding="utf-8") == "留着"


def test_without_invent_rows_are_held_and_nothing_is_made_up(tmp_path):
    items = change(builder.ITEMS, tmp_path, "食品销售经营者,重点检查事项", "食品销售经营者,")

    year = builder.year(
        tmp_path / "out", "--plan", builder.PLAN, "--items", items, "--targets", builder.poor_targets()
    )

    assert year.code == 0, year.err
    held = {row["row"]: row["reason"] for row in year.answer["held"]}
    assert set(held) == {str(number) for number in range(1, 11)}
    assert all(
        "没有执法检查人员名录，不能抽取检查人员" in held[row] for row in ("1", "2", "3", "4", "5", "6", "10")
    )
    assert "抽查事项“食品销售监督检查”待核" in held["4"]
    assert "待核" not in held["1"]
    assert year.answer["targets"] == builder.ENTERPRISES + builder.INDIVIDUALS
    for key in ("tasks", "drawn", "visits", "inspections", "published", "findings"):
        assert year.answer[key] == 0
    assert year.answer["bundles"] == []
    assert year.inspections == []


def test_without_tags_or_beyond_the_limit_of_its_item_a_row_is_held(tmp_path):
    plan = change(builder.PLAN, tmp_path, "全县企业,2%", "全县企业,30%")
    year = builder.year(
        tmp_path / "out", "--plan", plan, "--items", builder.ITEMS,
        "--targets", builder.poor_targets(), "--inspectors", builder.INSPECTORS,
    )  # fmt: skip

    assert year.code == 0, year.err
    held = {row["row"]: row["reason"] for row in year.answer["held"]}
    assert all("没有符合抽查对象范围的检查对象" in held[row] for row in ("2", "3", "4", "5", "10"))
    assert re.search(r"一般事项“登记事项检查”至多抽\d+户", held["1"])  # 清单写明上限20%
    assert year.answer["tasks"] == 1  # 个体工商户登记事项，不需要标签
    assert year.answer["tasks"] + len(held) == 10
    assert year.answer["indicators"]["K5"]["numerator"] == 0  # 没有分类，不分类抽取
