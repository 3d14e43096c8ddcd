"""Scheme and summaries: the fields the notice demands, every figure with both numbers, official proportions."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from fairdraw.documents import word
from tests.unit.documents import papers
from tests.unit.documents.papers import MARK


def test_a_scheme_states_the_five_things_the_notice_demands():
    text = "\n".join(papers.word_lines(word.scheme_docx(papers.scheme(), mark=MARK)))

    for words in (
        "演示县2024年登记事项抽查方案",
        "演市监〔2024〕30号",
        "一、检查对象",
        "存续企业（含未年报），共28571户。",
        "二、参与部门",
        "各市场监管所、县税务局",
        "三、检查事项",
        "登记事项检查",
        "四、抽查比例和数量",
        "差异化抽查比例",
        "信用风险高（D）|428|30%|129",
        "合计|19028||408",
        "六、完成时间和实施步骤",
        "2024年10月31日前",
        "20个工作日内公示",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("lack", "name"),
    [
        ({"targets": ""}, "检查对象"),
        ({"departments": ()}, "参与部门"),
        ({"items": ()}, "检查事项"),
        ({"rates": ()}, "抽查比例"),
        ({"finish_on": None}, "完成时间"),
    ],
)
def test_a_scheme_that_lacks_one_of_them_is_refused_by_name(lack, name):
    with pytest.raises(word.IncompleteScheme, match=name) as refusal:
        word.scheme_docx(replace(papers.scheme(), **lack))

    assert [trouble.column for trouble in refusal.value.troubles] == [name]


def test_a_flat_scheme_gives_its_reason_instead():
    flat = replace(papers.scheme(), is_differentiated=False, exempt_reason="专业领域：特种设备")
    text = "\n".join(papers.word_lines(word.scheme_docx(flat)))

    assert "统一的抽查比例（专业领域：特种设备）" in text
    assert "差异化" not in text


def test_the_task_summary_has_eight_sections_and_counts_what_was_left_out():
    lines = papers.word_lines(word.task_summary_docx(papers.task_summary(), mark=MARK))
    heads = [line for line in lines if line[:2] in {f"{n}、" for n in "一二三四五六七八"}]

    assert len(heads) == 8
    assert any("抽取检查对象408户，其中检查前剔除8户，应检查400户" in line for line in lines)
    assert "注销|8" in lines
    assert "05 发现问题已责令改正|231" in lines


def test_every_indicator_stands_with_numerator_denominator_goal_and_verdict():
    lines = papers.word_lines(word.year_summary_docx(papers.year_summary()))

    assert "K1|企业抽查比例|999|28571|3.49%|不低于3.5%|未达到" in lines
    assert "K2|抽查任务按时完成率|12|12|100.00%|100%|达到" in lines
    assert "K6|问题发现率|231|2010|11.49%|—|—" in lines
    assert "K7|每百户A类企业被检查次数|279|18600|每百户 1.50 次|—|—" in lines


def test_the_year_says_what_was_missed_and_what_was_held_back():
    lines = papers.word_lines(word.year_summary_docx(papers.year_summary()))
    text = "\n".join(lines)

    assert "达到1项；未达到的有：企业抽查比例" in text
    assert "企业实有数28571户（演市监〔2024〕3号，含未年报）" in text
    assert "第9行|计量器具检查|抽查比例写作“待定”" in lines
    assert any(
        line.startswith("广告行为检查\n2024-018|") and line.endswith("未完成|10-31|否") for line in lines
    )
    assert "0190f3a2-0000-7000-8000-000000000001" in text


def test_a_year_without_held_rows_says_none():
    lines = papers.word_lines(word.year_summary_docx(replace(papers.year_summary(), held=())))

    assert lines[lines.index("计划中未实施的项目及原因") + 1] == "无。"


def test_what_only_people_can_write_is_left_visibly_open():
    text = "\n".join(papers.word_lines(word.task_summary_docx(papers.task_summary())))

    assert text.count("（本项由承办部门补充。）") == 4


@pytest.mark.parametrize(
    "made",
    [
        lambda mark: word.scheme_docx(papers.scheme(), mark=mark),
        lambda mark: word.task_summary_docx(papers.task_summary(), mark=mark),
        lambda mark: word.year_summary_docx(papers.year_summary(), mark=mark),
    ],
)
def test_every_word_paper_carries_its_mark_on_top_and_on_every_page_and_the_same_bytes(made):
    document = Document(io.BytesIO(made(MARK)))

    assert document.paragraphs[0].text == f"【{MARK}】"
    assert document.sections[0].header.paragraphs[0].text == MARK
    assert made(MARK) == made(MARK)
    assert MARK not in "\n".join(papers.word_lines(made("")))


def test_a_word_paper_has_official_proportions_and_faces():
    document = Document(io.BytesIO(word.scheme_docx(papers.scheme())))
    section = document.sections[0]
    title = document.paragraphs[0].runs[0]

    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert abs(width - Mm(156)) < Mm(0.1)
    assert abs(height - Mm(225)) < Mm(0.1)
    assert title.font.size == Pt(22)
    faces = {
        run._r.rPr.rFonts.get(qn("w:eastAsia")) for paragraph in document.paragraphs for run in paragraph.runs
    }
    assert {"方正小标宋简体", "仿宋_GB2312", "黑体"} <= faces


def test_nothing_in_a_word_file_tells_the_time_it_was_made():
    with zipfile.ZipFile(io.BytesIO(word.scheme_docx(papers.scheme()))) as archive:
        moments = {member.date_time for member in archive.infolist()}
        properties = archive.read("docProps/core.xml").decode()

    assert moments == {(1980, 1, 1, 0, 0, 0)}
    assert "2000-01-01" in properties
