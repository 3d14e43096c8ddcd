"""The papers of a visit say what the law and the party need, once, in order, and the same every time."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from pypdf import PdfReader

from fairdraw.documents import pdf, qrcodes
from fairdraw.documents.qrcodes import CodeTooLong
from fairdraw.kernel.errors import InvalidInput
from tests.unit.documents import papers
from tests.unit.documents.papers import ADVERTISING, BATCH, CHOICES, MARK, REGISTRATION


def test_the_notice_tells_the_party_everything():
    text = papers.pdf_text(pdf.notice_pdf(papers.visit((REGISTRATION, ADVERTISING)), mark=MARK))

    for words in (
        MARK,
        "演示县市场监督管理局",
        "演市监抽查通〔2024〕1号",
        "演示县虚构一号茶业有限公司：",
        "演市监〔2024〕26号",
        "2024-017",
        "登记事项检查",
        "2024-018",
        "广告发布行为检查",
        "2024年9月2日至2024年9月30日",
        "实地核查",
        "35050024001",
        "35050024002",
        "营业执照；进货台账",
        "申请回避",
        "陈述和申辩",
        "情节严重",
        "0595-00000000",
        "5d258a21b637db3d",
        "收件人签名",
        "印章",
    ):
        assert words in text, words


def test_the_record_sheet_is_filled_in_and_has_room_for_four_signatures():
    text = papers.pdf_text(pdf.record_sheet_pdf(papers.visit(), CHOICES, task_number="2024-017", mark=MARK))

    for words in (
        MARK,
        "随机抽查情况记录表",
        "2024-017",
        "登记事项检查",
        "演示县虚构一号茶业有限公司",
        "91350500MA0000007P",
        "演示县城关镇茶都路9号",
        "陈虚构13800000000",
        "林联络13900000000",
        "JY13505000000001",
        "营业执照是否置于醒目位置",
        "★住所与登记是否一致",
        "发现问题情况",
        "处置情况",
        "核查方式",
        "04通过登记的住所（经营场所）无法联系",
        "责令改正，日常监管跟踪",
        "完结日期",
        "演示县市场监督管理局企监股",
        "张检查（35050024001）、李检查（35050024002）",
        "检查日期",
        "被检查单位意见",
        "检查人员签名",
        "组长审核意见",
        "结果公示审批意见",
        "录入员",
        "审核意见",
    ):
        assert words in text, words


def test_a_record_sheet_holds_one_task_only():
    both = papers.visit((REGISTRATION, ADVERTISING))
    text = papers.pdf_text(pdf.record_sheet_pdf(both, CHOICES, task_number="2024-018"))

    assert "广告发布行为检查" in text
    assert "营业执照是否置于醒目位置" not in text


def test_a_sheet_for_a_task_that_the_visit_does_not_serve_is_refused():
    with pytest.raises(pdf.TaskNotServed, match="2024-999"):
        pdf.record_sheet_pdf(papers.visit(), CHOICES, task_number="2024-999")


def test_a_batch_is_one_sorted_file_of_list_notice_and_sheet():
    visits = [
        papers.visit(number=3, name="丙公司", station="湖头所", address="中山路2号"),
        papers.visit(number=2, name="乙公司", station="城关所", address="中山路12号"),
        papers.visit(number=1, name="甲公司", station="城关所", address="中山路9号"),
    ]
    pages = papers.pdf_pages(pdf.task_batch_pdf(BATCH, visits, mark=MARK))

    cover, *papers_of_visits = pages
    assert cover.index("甲公司") < cover.index("乙公司") < cover.index("丙公司")
    assert "城关所2户" in cover
    assert len(papers_of_visits) == 6
    for page, name, kind in zip(
        papers_of_visits,
        ("甲公司", "甲公司", "乙公司", "乙公司", "丙公司", "丙公司"),
        ("通知书", "记录表") * 3,
        strict=True,
    ):
        assert name in page
        assert kind in page
    assert ["序号3" in page for page in papers_of_visits] == [False] * 4 + [True] * 2
    assert all(MARK in page for page in pages)


def test_a_visit_for_two_tasks_has_one_notice_and_is_printed_once():
    both = papers.visit((REGISTRATION, ADVERTISING), name="甲公司")
    second = papers.visit((ADVERTISING,), name="乙公司", number=2)
    of_first = papers.pdf_pages(pdf.task_batch_pdf(BATCH, [both]))
    advertising = papers.shapes.TaskBatch(
        "2024-018", "广告行为检查", papers.OFFICE, CHOICES, BATCH.finish_on, BATCH.printed_on
    )
    of_second = papers.pdf_pages(pdf.task_batch_pdf(advertising, [both, second]))

    assert sum("收件人签名" in page for page in of_first) == 1
    assert sum("组长审核意见" in page for page in of_first) == 2
    assert "合并任务2024-018" in of_first[0]
    assert "与任务2024-017合并检查" in of_second[0]
    assert len(of_second) == 3
    assert not any("甲公司" in page for page in of_second[1:])


def test_a_long_batch_keeps_its_order_and_numbers_across_runs_of_the_typesetter():
    visits = [papers.visit(number=n, name=f"第{n}公司", address=f"中山路{n}号") for n in range(42, 0, -1)]
    pages = PdfReader(io.BytesIO(pdf.task_batch_pdf(BATCH, visits))).pages
    first_notice = len(pages) - 2 * len(visits)

    for n in (1, 40, 41, 42):
        notice = "".join(pages[first_notice + 2 * (n - 1)].extract_text().split())
        assert f"第{n}公司：" in notice
        assert f"序号{n}第1页" in notice


def test_an_empty_batch_and_a_stray_visit_are_refused():
    with pytest.raises(InvalidInput, match="没有可以打印"):
        pdf.task_batch_pdf(BATCH, [])
    with pytest.raises(pdf.TaskNotServed, match="演示县虚构一号"):
        pdf.task_batch_pdf(BATCH, [papers.visit((ADVERTISING,))])


def test_the_same_input_gives_the_same_bytes():
    visits = [papers.visit(number=n, name=f"第{n}公司") for n in range(1, 4)]

    assert pdf.notice_pdf(visits[0]) == pdf.notice_pdf(visits[0])
    assert pdf.task_batch_pdf(BATCH, visits) == pdf.task_batch_pdf(BATCH, reversed(visits))


def test_text_that_looks_like_markup_is_printed_as_text():
    text = papers.pdf_text(pdf.notice_pdf(papers.visit(name='甲#panic("x")$公司*[]<b>')))

    assert '甲#panic("x")$公司*[]<b>：' in text


def test_the_code_is_plain_text_without_an_address():
    text = qrcodes.visit_text(papers.visit((REGISTRATION, ADVERTISING)))

    for words in (
        "2024-017、2024-018",
        "演示县市场监督管理局",
        "35050024001、35050024002",
        "演市监〔2024〕26号",
        "0595-00000000",
        "5d258a21b637db3d",
    ):
        assert words in text
    assert "://" not in text
    assert "www." not in text


def test_the_code_is_a_square_picture_of_whole_modules():
    picture = qrcodes.png("VDRAW1|x")
    width, height, depth, colour = struct.unpack(">IIBB", picture[16:26])
    start = picture.index(b"IDAT") + 4
    length = struct.unpack(">I", picture[start - 8 : start - 4])[0]
    lines = zlib.decompress(picture[start : start + length])

    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert (width, depth, colour) == (height, 1, 0)
    assert len(lines) == height * (width // 8 + 1)
    assert lines[1:8] == b"\x00" * 7, "the finder pattern begins with seven dark modules"


def test_a_code_too_dense_to_read_from_paper_is_refused():
    with pytest.raises(CodeTooLong, match="过长"):
        qrcodes.png("检" * 300)
    with pytest.raises(CodeTooLong, match="过长"):
        qrcodes.png("检" * 2000)
