"""Characters that the document fonts lack are found and named; nothing disappears silently."""

from __future__ import annotations

import pytest

from fairdraw.documents import fonts, pdf
from tests.unit.documents import papers

RARE = "𠮷"


def test_common_text_and_the_signs_of_the_forms_can_be_shown():
    text = "安溪县市场监督管理局〔2024〕26号“双随机、一公开”（虚构数据）□★〓—％①AZaz09,.;:·㎡℃"

    assert fonts.missing_glyphs(text + "\n") == set()


def test_a_rare_character_is_found():
    assert fonts.missing_glyphs(f"演示县{RARE}野家餐饮店") == {RARE}


def test_a_strict_form_names_the_character_its_code_point_and_the_field():
    with pytest.raises(fonts.MissingGlyph) as refusal:
        fonts.require_glyphs([("名称", f"{RARE}野家"), ("住所", "茶都路")])

    assert "𠮷" in str(refusal.value)
    assert "U+20BB7" in str(refusal.value)
    assert [trouble.column for trouble in refusal.value.troubles] == ["名称"]


def test_a_strict_form_accepts_what_can_be_shown():
    fonts.require_glyphs([("名称", "演示县虚构茶业有限公司")])


def test_a_notice_prints_a_mark_for_the_character_and_says_which_one_it_was():
    text = papers.pdf_text(pdf.notice_pdf(papers.visit(name=f"演示县{RARE}野家餐饮店")))

    assert "演示县〓野家餐饮店：" in text
    assert "U+20BB7" in text


def test_the_note_stands_only_with_the_party_it_concerns():
    visits = [papers.visit(name="甲店"), papers.visit(name=f"乙{RARE}店")]
    pages = papers.pdf_pages(pdf.task_batch_pdf(papers.BATCH, visits))

    assert [("U+20BB7" in page) for page in pages] == [True, True, True, False, False], "乙 sorts before 甲"


def test_control_characters_in_received_names_do_not_reach_the_paper():
    text = papers.pdf_text(pdf.notice_pdf(papers.visit(name="甲\x00\x0b\ufeff店")))

    assert "甲店：" in text
