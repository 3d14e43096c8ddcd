"""Document numbers, order of a batch, masks and percentages."""

from __future__ import annotations

import doctest
from fractions import Fraction

import pytest

from fairdraw.documents import rules
from fairdraw.documents.rules import BadNumberPattern, document_number, fold_number
from fairdraw.documents.summaries import Indicator, Unit
from fairdraw.kernel.errors import InvalidInput
from tests.unit.documents import papers


def test_the_examples_in_the_rules_are_true():
    assert doctest.testmod(rules).failed == 0


@pytest.mark.parametrize("brackets", ["[]", "［］", "()", "（）", "〔〕", "【】"])
def test_any_brackets_around_the_year_become_the_official_ones(brackets):
    pattern = f"演市监异入{brackets[0]}{{year}}{brackets[1]}第{{seq}}号"

    assert document_number(pattern, 2026, 12) == "演市监异入〔2026〕第12号"


def test_a_decision_over_several_parties_numbers_each():
    assert document_number("演市监异出〔{year}〕第{seq}号", 2026, 12, part=3) == "演市监异出〔2026〕第12-3号"


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "演市监〔{year}〕号",
        "演市监{seq}号",
        "{year}{seq}{seq}",
        "{year}{seq}{x}",
        "{year.real}{seq}",
        "{year}{seq:04}",
        "{year",
    ],
)
def test_a_pattern_that_would_give_wrong_numbers_is_refused(pattern):
    with pytest.raises(BadNumberPattern, match="文号格式"):
        document_number(pattern, 2026, 1)


@pytest.mark.parametrize(("year", "seq"), [(26, 1), (2026, 0), (2026, -3)])
def test_a_year_or_number_out_of_range_is_refused(year, seq):
    with pytest.raises(InvalidInput):
        document_number("〔{year}〕{seq}号", year, seq)


def test_a_number_is_found_however_it_was_typed():
    typed = ["安市监 [2024] 26 号", "安市监（2024）26号", "安市监［２０２４］２６号", "安市监〔2024〕26号"]

    assert {fold_number(text) for text in typed} == {"安市监〔2024〕26号"}


def test_a_scheme_is_named_by_place_year_and_item():
    assert rules.scheme_name("安溪县", 2024, "广告行为") == "安溪县2024年广告行为抽查方案"
    assert rules.scheme_name("安溪县", 2024, "广告行为抽查") == "安溪县2024年广告行为抽查方案"


def test_a_batch_goes_by_station_town_and_house_number_and_leaves_the_unknown_to_the_end():
    visits = [
        papers.visit(name="丁", station="", town=""),
        papers.visit(name="丙", station="湖头所", address="中山路2号"),
        papers.visit(name="乙", station="城关所", address="中山路12号"),
        papers.visit(name="甲", station="城关所", address="中山路9号"),
    ]

    assert [visit.party.name for visit in sorted(visits, key=rules.batch_order)] == ["甲", "乙", "丙", "丁"]


def test_a_share_is_never_rounded_up_to_its_goal():
    short = Indicator("K1", "企业抽查比例", 999, 28571, Fraction(35, 1000), "3.5%", met=False)
    enough = Indicator("K1", "企业抽查比例", 1000, 28571, Fraction(35, 1000), "3.5%", met=True)

    assert (rules.indicator_text(short), rules.verdict_text(short)) == ("3.49%", "未达到")
    assert (rules.indicator_text(enough), rules.verdict_text(enough)) == ("3.50%", "达到")
    assert rules.quotient_text(99996, 100000) == "99.99%"
    assert rules.quotient_text(198, 200) == "99.00%"
    assert rules.quotient_text(100, 100) == "100.00%"


def test_visits_per_hundred_are_not_called_a_percentage():
    seventh = Indicator("K7", "A类企业", 279, 18600, unit=Unit.PER_HUNDRED)

    assert rules.indicator_text(seventh) == "每百户 1.50 次"
    assert rules.verdict_text(seventh) == "—"


def test_people_are_masked_for_the_public():
    assert rules.mask_phone("13812345678") == "138****5678"
    assert rules.mask_phone("23232323") == "****"
    assert rules.mask_id_number("350524199001010012") == "350524**********12"
    assert rules.mask_id_number("1234") == "****"
    assert rules.mask_name("欧阳小明") == "欧***"
    assert rules.mask_name("") == ""
