"""Plan tables whole: headers, merged cells, groups, errors (issue B, rules.md E3)."""

import json

import pytest

from fairdraw.exchange.readers import plans, report
from fairdraw.exchange.readers.plan_cells import split_departments, split_items, split_level
from fairdraw.exchange.services import Told, read_plan
from fairdraw.kernel.errors import InvalidInput
from tests.builders.tables import SAMPLES, text_file, workbook

#: Issue B, item 4.
FIELDS = [
    "source_no",
    "task_name",
    "items",
    "initiator",
    "participants",
    "organised_by",
    "carried_out_by",
    "object_scope",
    "ratio_min",
    "ratio_max",
    "ratio_by_class",
    "ratio_by_kind",
    "count_min",
    "count_max",
    "count_by_class",
    "classes_excluded",
    "window_start",
    "window_end",
    "problems",
]
HEAD = "序号,任务名称,抽查事项,检查对象,抽查比例,抽查数量,抽查时间\n"


def read(path, year=2025):
    return plans.read(plans.open_table(path), year=year)


def county():
    return read(SAMPLES / "plan-county.csv")


def test_a_table_with_a_title_and_a_total_row_gives_its_rows_alone():
    reading = county()

    assert [row.source_no for row in reading.rows] == ["1.1", "1.2", "1.3", "2", "3"]
    assert [row.number for row in reading.rows] == [3, 4, 5, 6, 7]
    assert report.errors(reading.troubles) == []


def test_a_row_of_blanks_is_no_row(tmp_path):
    path = text_file(
        tmp_path, HEAD + "1,甲检查,甲事项,企业,5%,,3月\n\u3000,\u3000,\u2028,\x1f,\x1f,\x1f,\x1f\n"
    )

    assert [row.task_name for row in read(path).rows] == ["甲检查"]


def test_classes_excluded_and_counts_that_do_not_add_up_are_told():
    row = county().rows[3]

    assert row.items == ("广告业务承接登记情况", "广告档案管理情况")
    assert row.classes_excluded == ("A",)
    assert row.count_by_class == {"B": 1, "C": 2, "D": 3}
    assert (row.window_start, str(row.window_end)) == (None, "2025-10-31")
    assert [str(problem) for problem in row.problems] == []
    assert row.missing == ()


def test_a_row_that_cannot_be_planned_says_what_it_lacks_and_keeps_its_words():
    row = county().rows[4]

    assert [problem.written for problem in row.problems] == ["市级2% 区级10%", "待定", "根据实际情况确定"]
    assert row.missing == ("抽查比例或数量", "完成时间")
    assert row.raw["抽查比例"] == "市级2% 区级10%"


AMOUNTS = "任务名称,抽查事项,检查对象,抽查比例,抽查数量,信用风险分类要求,抽查时间\n甲检查,甲事项,企业,"


@pytest.mark.parametrize(
    ("cells", "quoted", "why"),
    [
        ("5%,餐饮服务50个、校园食堂5个,", "抽查数量“餐饮服务50个、校园食堂5个”", "分不清总数"),
        ("5%,待定,", "抽查数量“待定”", "另行确定"),
        ("待定,20户,", "抽查比例“待定”", "另行确定"),
        ("5%（40户）,43,", "抽查数量“43”", "与“5%（40户）”中的数量不一致"),
        (",5,B类2%(1户)、C类30%(2户)、D类35%(3户)", "抽查数量“5”", "各类数量之和 6 与总数 5 不一致"),
        ("B类5%、C类10%,,C类20%", "信用风险分类要求“C类20%”", "与另一栏写的分类数字不一致"),
    ],
)
def test_an_amount_that_leaves_a_doubt_holds_its_row_and_is_quoted(tmp_path, cells, quoted, why):
    path = text_file(tmp_path, f"{AMOUNTS}{cells},全年\n")
    told = Told()

    (entry,) = read_plan(path, year=2025, told=told)

    (reason,) = [problem for problem in entry.problems if not problem.startswith("缺少")]
    assert reason.startswith(quoted)
    assert why in reason
    (caution,) = told.cautions
    assert (caution.file, caution.row) == (path.name, 2)
    assert reason in caution.message


@pytest.mark.parametrize(
    "cells",
    [
        "5%（40户）,40户,",
        "3%且不少于20户,30户,",
        "不低于3%,1200户,",
        ",20,按照B类40%(13户)、C类80%(7户)比例抽取",
        "5%,43,按照C类25%(1户)、D类67%(2户)比例抽取。个体按5%(40户)的比例抽取",
        ",43,A类1%、D类67%(2户)",
    ],
)
def test_an_amount_without_a_doubt_holds_nothing(tmp_path, cells):
    told = Told()

    (entry,) = read_plan(text_file(tmp_path, f"{AMOUNTS}{cells},全年\n"), year=2025, told=told)

    assert entry.problems == ()
    assert told.cautions == []


def test_parts_of_one_task_become_one_and_another_scope_stays_apart():
    first, second, *others = plans.group_rows(county().rows)

    assert first.numbers == (3, 4)
    assert first.row.items == ("食品经营许可情况的检查", "加工制作过程的检查")
    assert first.row.participants == ("教育局", "卫健局")
    assert (second.numbers, second.row.object_scope) == ((5,), "入网餐饮服务提供者")
    assert [group.numbers for group in others] == [(6,), (7,)]


def test_the_json_form_holds_exactly_the_agreed_fields():
    line = county().rows[3].as_json()

    assert list(line) == FIELDS
    assert line["ratio_by_class"] == {"B": "0.02", "C": "0.3", "D": "0.35"}
    assert line["ratio_min"] is None
    json.dumps(line)


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ("1,甲检查,甲事项,企业,120%,,全年", "抽查比例", "超过 100%"),
        ("1,甲检查,甲事项,企业,5%,,2025年10月-2025年3月", "抽查时间", "早于开始时间"),
        ("1,甲检查,甲事项,企业,5%,70-60户,全年", "抽查数量", "下限大于上限"),
    ],
)
def test_what_cannot_be_true_refuses_the_table_with_row_and_column(tmp_path, cells, column, said):
    reading = read(text_file(tmp_path, HEAD + cells + "\n"))

    with pytest.raises(InvalidInput) as refused:
        report.require(reading.troubles)

    (trouble,) = refused.value.troubles
    assert (trouble.row, trouble.column) == (2, column)
    assert said in trouble.message
    assert said in reading.rows[0].problems[0].reason


def test_a_partial_row_is_kept_and_may_not_be_planned(tmp_path):
    reading = read(
        text_file(tmp_path, "task_name,items,ratio,window_raw,row_status\n甲检查,甲事,,,partial\n")
    )

    assert reading.rows[0].is_partial
    assert [str(problem) for problem in reading.rows[0].problems] == ["row_status：原表此行不完整"]


def test_partial_rows_are_never_joined(tmp_path):
    text = (
        "task_name,items,ratio,window_raw,row_status\n甲检查,甲,5%,全年,partial\n甲检查,乙,5%,全年,partial\n"
    )

    assert len(plans.group_rows(read(text_file(tmp_path, text)).rows)) == 2


def test_two_columns_for_the_window_go_before_its_wording(tmp_path):
    text = "任务名称,抽查事项,开始时间,结束时间,抽查时间\n甲检查,甲,2025/3/1,2025/10/31,三月到十月\n"
    row = read(text_file(tmp_path, text)).rows[0]

    assert (str(row.window_start), str(row.window_end)) == ("2025-03-01", "2025-10-31")


def test_a_window_of_two_columns_upside_down_is_an_error(tmp_path):
    text = "任务名称,抽查事项,开始时间,结束时间\n甲检查,甲,2025-10-31,2025-03-01\n"

    assert [t.column for t in report.errors(read(text_file(tmp_path, text)).troubles)] == ["结束时间"]


def test_merged_cells_and_a_header_of_two_rows_are_understood(tmp_path):
    path = workbook(
        tmp_path,
        [
            [],
            [],
            ["", "", "", "范围", "比例（%）", "开始时间", "结束时间"],
            ["1", "", "甲事项", "餐饮服务经营者", 5, "3月", "10月"],
            ["2", "", "乙事项", "餐饮服务经营者", 5, "3月", "10月"],
        ],
        merge=[
            (0, 0, 0, 6, "演示县2025年度抽查工作计划"),
            (1, 0, 2, 0, "序号"),
            (1, 1, 2, 1, "任务名称"),
            (1, 2, 2, 2, "抽查事项"),
            (1, 3, 1, 4, "抽查对象"),
            (1, 5, 1, 6, "抽查时间"),
            (3, 1, 4, 1, "餐饮服务检查"),
        ],
    )

    first, second = read(path).rows

    assert (first.number, first.task_name, first.items, first.object_scope) == (
        4,
        "餐饮服务检查",
        ("甲事项",),
        "餐饮服务经营者",
    )
    assert second.task_name == "餐饮服务检查"
    assert str(first.ratio_min) == "0.05"
    assert (str(first.window_start), str(first.window_end)) == ("2025-03-01", "2025-10-31")


def test_a_header_of_two_rows_in_text_is_understood(tmp_path):
    text = "计划表,,,,,\n序号,任务名称,抽查事项,检查对象,抽查时间,\n,,,,起,止\n1,甲检查,甲,企业,2025-03-01,2025-06-30\n"
    row = read(text_file(tmp_path, text)).rows[0]

    assert (row.number, row.task_name, str(row.window_end)) == (4, "甲检查", "2025-06-30")


def test_columns_in_another_order_and_by_other_names_are_found(tmp_path):
    text = "时间安排,检查事项,牵头单位,监管对象,检查比例,项目名称\n全年,甲,甲股,企业,3%,甲检查\n"
    row = read(text_file(tmp_path, text)).rows[0]

    assert (row.task_name, row.items, row.initiator, row.object_scope) == ("甲检查", ("甲",), "甲股", "企业")


def test_a_table_that_is_no_plan_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="任务名称"):
        read(text_file(tmp_path, "颜色,尺寸\n红,大\n"))


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("甲检查;乙检查。", ("甲检查", "乙检查")),
        (
            "甲情况的检查（只针对实缴制企业）、乙情况的检查",
            ("甲情况的检查(只针对实缴制企业)", "乙情况的检查"),
        ),
        (
            "广告经营者、广告发布者建立、健全制度情况的检查",
            ("广告经营者、广告发布者建立、健全制度情况的检查",),
        ),
        ("1.是否备案;2.是否公示。", ("是否备案", "是否公示")),
        ("对(1;2)号的检查;乙", ("对(1;2)号的检查", "乙")),
        ("-", ()),
    ],
)
def test_items_are_parted_where_the_cell_parts_them(cell, items):
    assert split_items(cell) == items


def test_departments_lose_their_notes_and_keep_their_brackets():
    assert split_departments("教育行政部门（牵头）、市、县（区、市）局") == (
        "教育行政部门",
        "市",
        "县(区、市)局",
    )


@pytest.mark.parametrize(
    ("cell", "organised", "carried_out"),
    [
        ("组织:市;实施:县,直属分局", "市", "县,直属分局"),
        ("区级发起,区级检查", "区级", "区级"),
        ("市级发起、下派区级检查", "市级", "区级"),
        ("市抽县查", "市", "县"),
        ("市抽市查、市抽县(区)查", "市", "市、县(区)"),
        ("市级检查", "", "市级"),
        ("县级", "", "县级"),
        ("市级检查(每半年一次) 区级发起,区级检查(每季度一次)", "", ""),
        ("-", "", ""),
    ],
)
def test_a_level_tells_who_organises_and_who_carries_out(cell, organised, carried_out):
    assert split_level(cell) == (organised, carried_out)
