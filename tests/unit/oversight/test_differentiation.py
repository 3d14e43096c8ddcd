"""Whether a task counts as class-dependent, and what to do where it does not (差异化抽查)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from fairdraw.oversight.differentiation import DrawnTask, judge

DRAWN = dt.date(2024, 4, 15)
RISING = {"A": Fraction(3, 200), "B": Fraction(1, 20), "C": Fraction(3, 25), "D": Fraction(3, 10)}


def verdict(**more):
    values = {
        "rates": RISING,
        "classes_computed_on": dt.date(2024, 4, 1),
        "drawn_on": DRAWN,
        "proved": True,
    }
    return judge(DrawnTask(**(values | more)), max_age_days=45)


def missing(**more):
    return [condition.code for condition in verdict(**more).missing]


def test_rising_rates_on_fresh_classes_with_a_draw_record_count():
    found = verdict()

    assert found.counts
    assert not found.missing
    assert [c.code for c in found.conditions] == ["two_rates", "rising", "fresh", "proved"]


@pytest.mark.parametrize(
    ("change", "condition"),
    [
        ({"rates": dict.fromkeys("ABCD", Fraction(1, 20))}, "two_rates"),
        ({"rates": {"A": Fraction(1, 20)}}, "two_rates"),
        ({"rates": {}}, "two_rates"),
        ({"rates": RISING | {"D": Fraction(1, 100)}}, "rising"),
        ({"classes_computed_on": None}, "fresh"),
        ({"classes_computed_on": DRAWN - dt.timedelta(days=46)}, "fresh"),
        ({"classes_computed_on": DRAWN + dt.timedelta(days=1)}, "fresh"),
        ({"drawn_on": None}, "fresh"),
        ({"proved": False}, "proved"),
    ],
)
def test_one_condition_missed_is_named_alone_with_what_to_do(change, condition):
    found = verdict(**change)

    assert not found.counts
    assert [c.code for c in found.missing] == [condition]
    assert found.missing[0].sentence


def test_classes_of_45_days_are_fresh_enough():
    assert not missing(classes_computed_on=DRAWN - dt.timedelta(days=45))
    assert not missing(classes_computed_on=DRAWN)


def test_two_classes_with_equal_rates_among_rising_ones_count():
    assert verdict(rates=RISING | {"B": RISING["A"]}).counts


def test_a_stratum_that_is_no_class_decides_nothing():
    assert missing(rates={"A": Fraction(1, 20), "abnormal": Fraction(1, 2)}) == ["two_rates"]


def test_an_exempt_task_counts_nowhere_and_keeps_its_reason():
    found = verdict(exempt_reason="特种设备另有检查计划")

    assert found.exempt
    assert not found.counts
    assert found.exempt_reason == "特种设备另有检查计划"
