"""Approval sheet, draw record and order to correct."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from fairdraw.documents import pdf
from fairdraw.kernel.errors import InvalidInput
from tests.unit.documents import papers


def test_the_approval_sheet_carries_code_tasks_sizes_and_people():
    text = papers.pdf_text(pdf.approval_sheet_pdf(papers.approval(), mark=papers.MARK))

    for words in (
        papers.MARK,
        "5d258a21b637db3d",
        "2024-C003",
        "日常抽取",
        "登记事项检查",
        "28571",
        "1000",
        "28891",
        "1033",
        "信用风险低（A）",
        "1.5%",
        "279",
        "陈发起",
        "林监督",
        "办公室",
        "新增37户，注销12户",
        "4a5b6c7d8e9f0011",
        "承办部门负责人意见",
        "审批意见",
    ):
        assert words in text, words


@pytest.mark.parametrize("code", ["", "5d258a21b637db3", "5D258A21B637DB3D", "5d258a21b637db3d0"])
def test_an_approval_sheet_without_its_code_is_refused(code):
    with pytest.raises(InvalidInput, match="核对码"):
        pdf.approval_sheet_pdf(replace(papers.approval(), approval_code=code))


def test_an_approval_sheet_without_a_task_is_refused():
    with pytest.raises(InvalidInput, match="任务"):
        pdf.approval_sheet_pdf(replace(papers.approval(), tasks=()))


def test_the_draw_record_shows_roots_people_attempts_and_whose_list_it_was():
    record = papers.record()
    text = papers.pdf_text(pdf.draw_record_pdf(record))

    for words in (
        record.seal_hash[:16],
        record.seal_hash[:32],
        record.result_root[:16],
        record.assign_root[:16],
        record.log_root[:16],
        "2024年8月21日09:30",
        "2024年8月21日09:42",
        "07392281465099137824",
        "号码球",
        "王见证",
        "审计局",
        "全部检查，仅随机确定次序和人员",
        "不是由本协议抽取",
        "演示市局",
        "作废",
        "名单有误",
        "verify.py",
    ):
        assert words in text, words
    assert "演练" not in text


def test_the_code_of_a_draw_is_the_protocols():
    record = papers.record()

    assert record.code_text == (
        "VDRAW1|0190f3a2-0000-7000-8000-000000000001|4a5b6c7d8e9f0011|"
        f"{record.result_root[:16]}|4211|{record.log_root[:16]}"
    )
    assert record.code_text in papers.pdf_text(pdf.draw_record_pdf(record))


def test_a_level_one_record_has_no_line_for_what_it_did_not_have():
    plain = replace(papers.record(), commits_hash="", public_number="", attempts=())
    text = papers.pdf_text(pdf.draw_record_pdf(plain))

    assert "锁定" not in text
    assert "公开随机数" not in text
    assert "历次情况" not in text


def test_a_rehearsal_says_so_even_where_the_caller_forgot():
    record = papers.pdf_pages(pdf.draw_record_pdf(replace(papers.record(), rehearsal=True)))
    sheet = papers.pdf_pages(
        pdf.approval_sheet_pdf(replace(papers.approval(), rehearsal=True), mark="虚构部分：名单")
    )

    assert all("演练" in page for page in record)
    assert all("演练虚构部分：名单" in page for page in sheet)


def test_an_order_to_correct_states_facts_clause_demand_limit_and_remedies():
    text = papers.pdf_text(pdf.correction_order_pdf(papers.order(), mark=papers.MARK))

    for words in (
        papers.MARK,
        "演市监责改〔2024〕5号",
        "演示县虚构一号茶业有限公司（91350500MA0000007P）：",
        "未办理变更登记",
        "违反了《市场主体登记管理条例》第二十四条的规定",
        "第四十六条",
        "2024年10月12日前改正",
        "1.申请办理住所变更登记。",
        "六十日内向演示县人民政府申请行政复议",
        "六个月内依法向演示县人民法院提起行政诉讼",
        "2024年9月13日",
        "收件人签名",
    ):
        assert words in text, words


@pytest.mark.parametrize("wrong", [{"due_on": dt.date(2024, 9, 12)}, {"demands": ()}])
def test_an_order_that_cannot_be_obeyed_is_refused(wrong):
    with pytest.raises(InvalidInput, match="责令改正"):
        pdf.correction_order_pdf(replace(papers.order(), **wrong))


def test_the_same_draw_prints_the_same_bytes():
    assert pdf.draw_record_pdf(papers.record()) == pdf.draw_record_pdf(papers.record())
    assert pdf.approval_sheet_pdf(papers.approval()) == pdf.approval_sheet_pdf(papers.approval())
