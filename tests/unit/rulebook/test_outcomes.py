"""Which result codes may stand together, which one is published, when a problem is being dealt with."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

import pytest

from fairdraw.rulebook import rules, selectors, shipped
from fairdraw.rulebook.book import Book, Entry, Shelf

DAY = dt.date(2026, 5, 1)


def shelf(name, convert):
    rows = shipped.rows_of(name)
    return Shelf(Entry(r.code, r.scope, r.starts_on, r.ends_on, convert(r)) for r in rows)


BOOK = Book(
    codes=shelf("result_codes.csv", selectors._result_code),
    dispositions=shelf("measures.csv", selectors._measure),
)
CODES = BOOK.result_codes(DAY)
MEASURES = BOOK.measures(DAY)
PROBLEMS = ("02", "03", "04", "05", "06", "08")
GONE = ("10", "11", "12", "13")


def messages(codes, **more):
    return [trouble.message for trouble in rules.check_outcome(codes, CODES, **more)]


def test_the_thirteen_codes_are_there_in_order():
    assert list(CODES) == [f"{n:02d}" for n in range(1, 14)]
    assert tuple(code for code, row in CODES.items() if row.is_problem) == PROBLEMS


@pytest.mark.parametrize("code", [f"{n:02d}" for n in range(1, 14)])
def test_every_code_may_stand_alone(code):
    assert not messages([code])


@pytest.mark.parametrize("other", ["07", *PROBLEMS])
def test_nothing_found_excludes_problems_and_the_absent_activity(other):
    assert messages(["01", other])
    assert messages([other, "01"])


@pytest.mark.parametrize("other", PROBLEMS)
def test_an_absent_activity_excludes_problems(other):
    assert messages([other, "07"])


@pytest.mark.parametrize("gone", GONE)
@pytest.mark.parametrize("other", [f"{n:02d}" for n in range(1, 14)])
def test_a_target_that_is_gone_has_no_other_result(gone, other):
    if gone != other:
        assert messages([gone, other])


@pytest.mark.parametrize("pair", list(combinations(("02", "03", "04", "05", "06"), 2)))
def test_problems_may_stand_together(pair):
    assert not messages(pair)


def test_the_message_names_both_results():
    assert messages(["01", "04"]) == ["“未发现问题”与“通过登记的住所（经营场所）无法联系”不能同时选择"]


def test_no_code_an_unknown_code_and_a_doubled_code_are_each_reported():
    assert messages([])
    assert "14" in messages(["14"])[0]
    assert messages(["02", "02"])


def test_the_headline_is_one_of_the_codes_chosen():
    assert not messages(["02", "05"], headline="02")
    assert messages(["02", "05"], headline="01")


@pytest.mark.parametrize(
    ("codes", "published"),
    [(("05", "04"), "04"), (("08", "02", "06"), "06"), (("01",), "01"), (("13",), "13")],
)
def test_the_gravest_code_is_the_one_published(codes, published):
    assert rules.headline(codes, CODES) == published


def test_a_problem_is_a_problem_code_among_others():
    assert rules.is_problem(("09", "04"), CODES)
    assert not rules.is_problem(("09",), CODES)


def test_nothing_needed_never_answers_a_problem():
    nothing = MEASURES["none_needed"]

    assert not rules.is_handled(nothing, problem=True)
    assert rules.is_handled(nothing, problem=False)


def test_an_order_counts_once_its_document_has_a_number():
    order = MEASURES["order_correction"]

    assert not rules.is_handled(order, problem=True)
    assert rules.is_handled(order, problem=True, number="安市监责改〔2026〕1号")


def test_another_measure_counts_once_its_reason_is_given():
    other = MEASURES["other"]

    assert not rules.is_handled(other, problem=True)
    assert rules.is_handled(other, problem=True, reason="移交属地街道处理")


def test_no_measure_is_no_follow_up():
    assert not rules.is_handled(None, problem=True)
