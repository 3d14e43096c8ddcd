"""Items, inspectors, lists, classes, results and visits as files bring them."""

import datetime

import pytest

from fairdraw.exchange import tables
from fairdraw.exchange.readers import classes, inspectors, items, lists, report, results, visits
from fairdraw.kernel.errors import InvalidInput, Trouble
from tests.builders.tables import SAMPLES, text_file


def said(troubles):
    return [(trouble.row, trouble.column, type(trouble).__name__) for trouble in troubles]


def read_text(reader, tmp_path, text):
    return reader.read(tables.read(text_file(tmp_path, text)))


# --- items ---------------------------------------------------------------------------------------------


def test_an_item_list_is_read_under_chinese_names():
    reading = items.read(tables.read(SAMPLES / "items.csv"))

    assert [(row.item_code, row.item, row.item_class) for row in reading.rows] == [
        ("YS01", "住所（经营场所）检查", "general"),
        ("YS02", "餐饮服务监督检查", "key"),
        ("YS03", "明码标价检查", ""),
    ]
    assert reading.troubles == []


def test_a_row_cut_off_in_the_source_is_kept_and_told(tmp_path):
    reading = read_text(items, tmp_path, "item,row_status\n明码标价检查,full\n广告检,partial\n,partial\n")

    assert [(row.item, row.partial) for row in reading.rows] == [("明码标价检查", False), ("广告检", True)]
    assert said(reading.troubles) == [(3, "row_status", "Caution"), (4, "item", "Caution")]


def test_a_class_of_item_that_is_neither_is_left_to_be_confirmed(tmp_path):
    reading = read_text(items, tmp_path, "抽查事项,事项类型\n明码标价检查,重点和一般\n")

    assert reading.rows[0].item_class == ""
    assert said(reading.troubles) == [(2, "事项类型", "Caution")]


def test_an_item_without_a_name_is_an_error(tmp_path):
    assert said(read_text(items, tmp_path, "序号,抽查事项\n1,\n").troubles) == [(2, "抽查事项", "Trouble")]


# --- inspectors ----------------------------------------------------------------------------------------


def test_inspectors_are_read_with_certificates_and_areas():
    reading = inspectors.read(tables.read(SAMPLES / "inspectors.csv"))
    first, second, assistant = reading.rows

    assert reading.troubles == []
    assert (first.valid_to, first.qualifications, first.areas) == (
        datetime.date(2027, 12, 31),
        ("食品检查员", "特种设备安全监察员"),
        (),
    )
    assert (second.qualifications, second.areas, second.expert) == ((), ("东镇", "西镇"), True)
    assert (assistant.assistant, assistant.certificate_no) == (True, "")


def test_an_officer_without_a_certificate_is_an_error_and_an_assistant_is_not(tmp_path):
    reading = read_text(
        inspectors,
        tmp_path,
        "编号,姓名,单位,执法证号,有效期至,辅助人员\nY1,张演一,甲股,,2027-01-01,否\nY2,李演二,甲股,,,是\n"
        "Y3,王演三,甲股,YS-3,,\n",
    )

    assert said(reading.troubles) == [(2, "执法证号", "Trouble"), (4, "有效期至", "Trouble")]


def test_a_certificate_that_ends_before_it_starts_and_numbers_twice_are_errors(tmp_path):
    reading = read_text(
        inspectors,
        tmp_path,
        "编号,姓名,单位,执法证号,有效期起,有效期至\nY1,张演一,甲股,YS-1,2027-01-01,2025-01-01\n"
        "Y1,李演二,甲股,YS-1,2024-01-01,2025-01-01\n",
    )

    assert said(reading.troubles) == [
        (2, "有效期至", "Trouble"),
        (3, "编号", "Trouble"),
        (3, "执法证号", "Trouble"),
    ]


def test_a_number_that_no_sealed_list_can_hold_is_refused_where_it_stands(tmp_path):
    own = read_text(
        inspectors, tmp_path, "编号,姓名,单位,有效期至,执法证号\n甲01,张演一,甲股,2027-01-01,Y1\n"
    )
    certificate = read_text(
        inspectors, tmp_path, "执法证号,姓名,单位,有效期至\n演执证第1号,张演一,甲股,2027-01-01\n"
    )
    beside = read_text(
        inspectors, tmp_path, "编号,姓名,单位,有效期至,执法证号\nY1,张演一,甲股,2027-01-01,演执证第1号\n"
    )

    assert said(own.troubles) == [(2, "编号", "Trouble")]
    assert said(certificate.troubles) == [(2, "执法证号", "Trouble")]
    assert "加一列“编号”" in certificate.troubles[0].message
    assert beside.troubles == []


# --- lists, classes, results, visits -------------------------------------------------------------------


def test_a_list_drawn_elsewhere_takes_targets_by_code_or_by_name():
    reading = lists.read(tables.read(SAMPLES / "list-from-city.csv"))

    assert [(row.name, row.code) for row in reading.rows] == [
        ("演示县甲一贸易有限公司", "91350524MA0000007P"),
        ("演示县乙二小吃店", ""),
    ]


def test_a_target_twice_in_a_list_is_an_error(tmp_path):
    reading = read_text(lists, tmp_path, "企业名称\n演示甲\n演示乙\n演示甲\n")

    assert said(reading.troubles) == [(4, "企业名称", "Trouble")]


def test_classes_are_the_four_of_the_country_and_nothing_else(tmp_path):
    reading = read_text(
        classes,
        tmp_path,
        "代码,信用风险等级\n91350524MA0000007P,低风险\n92350524MA0000015F,E\n93350524MA00000237,A（信用风险高）\n",
    )

    assert [(row.code, row.credit_class) for row in reading.rows] == [("91350524MA0000007P", "A")]
    assert said(reading.troubles) == [(3, "信用风险等级", "Trouble"), (4, "信用风险等级", "Trouble")]


def test_a_class_file_is_read_with_its_days():
    reading = classes.read(tables.read(SAMPLES / "classes.csv"))

    assert [(row.credit_class, row.computed_on) for row in reading.rows] == [
        ("B", datetime.date(2025, 6, 1)),
        ("D", datetime.date(2025, 6, 1)),
    ]
    assert reading.troubles == []


def test_results_are_read_with_several_outcomes_and_items():
    reading = results.read(tables.read(SAMPLES / "results.csv"))
    first, second = reading.rows

    assert reading.troubles == []
    assert (first.code, first.outcomes, first.measures) == ("91350524MA0000007P", ("正常",), ())
    assert (second.code, second.name, second.checked_on) == (
        "",
        "演示县乙二小吃店",
        datetime.date(2025, 6, 11),
    )
    assert second.outcomes == ("通过登记的住所无法联系", "其他问题")
    assert second.items == ("住所检查", "名称检查")


def test_a_result_without_target_day_or_outcome_is_an_error(tmp_path):
    reading = read_text(
        results, tmp_path, "检查对象,检查日期,检查结果\n,2025-06-01,正常\n演示甲,,正常\n演示乙,2025-06-01,\n"
    )

    assert said(reading.troubles) == [
        (2, "检查对象", "Trouble"),
        (3, "检查日期", "Trouble"),
        (4, "检查结果", "Trouble"),
    ]


def test_visits_are_read():
    reading = visits.read(tables.read(SAMPLES / "visits.csv"))

    assert [(row.agency, row.visited_on) for row in reading.rows] == [
        ("演示县消防大队", datetime.date(2025, 4, 2))
    ]


@pytest.mark.parametrize("reader", [inspectors, items, lists, classes, results, visits])
def test_a_table_of_something_else_is_refused_with_the_missing_names(tmp_path, reader):
    with pytest.raises(InvalidInput, match="缺少必需的列"):
        read_text(reader, tmp_path, "颜色,尺寸\n红,大\n")


# --- the gate ------------------------------------------------------------------------------------------


def test_the_gate_lists_twenty_errors_and_counts_all():
    troubles = [Trouble("坏", file="表.csv", row=row) for row in range(2, 32)]

    with pytest.raises(InvalidInput) as refused:
        report.require([report.Caution("小事"), *troubles])

    assert len(refused.value.troubles) == 30
    assert "30 处错误" in refused.value.message
    assert refused.value.message.count("坏") == 20
    assert "另有 10 处" in refused.value.message


def test_the_gate_lets_cautions_through():
    report.require([report.Caution("校验位不符")])
