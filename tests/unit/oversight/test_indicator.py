"""One figure: met on the exact fraction, never rounded up to a goal (指标)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairdraw.oversight.facts import Indicator

FLOOR = Fraction(35, 1000)
WHOLE = Fraction(1)
counts = st.integers(0, 10**6)
goals = st.one_of(
    st.integers(0, 100).map(lambda n: Fraction(n, 100)), st.fractions(0, 1, max_denominator=10_000)
)


def test_a_thousand_of_28571_meets_the_floor():
    ratio = Indicator("K1", 1000, 28571, FLOOR)

    assert ratio.met is True
    assert ratio.shortfall == 0
    assert ratio.display == "3.50"


def test_999_of_28571_is_missed_and_shown_as_missed():
    ratio = Indicator("K1", 999, 28571, FLOOR)

    assert ratio.met is False
    assert ratio.shortfall == 1
    assert ratio.display == "3.49"


def test_the_gap_is_told_in_whole_enterprises():
    assert Indicator("K1", 988, 28571, FLOOR).shortfall == 12


def test_an_incomplete_share_never_looks_whole():
    assert Indicator("K3", 99_996, 100_000, WHOLE).display == "99.99"
    assert Indicator("K6", 99_996, 100_000).display == "99.99"
    assert Indicator("K3", 100_000, 100_000, WHOLE).display == "100.00"


def test_a_share_is_rounded_half_up_where_no_goal_is_near():
    assert Indicator("K5", 300, 380, Fraction(85, 100)).display == "78.95"
    assert Indicator("K6", 1, 8).display == "12.50"
    assert Indicator("K6", 1, 32).display == "3.13"
    assert Indicator("K6", 0, 7).display == "0.00"


def test_nothing_to_count_is_neither_met_nor_missed():
    nothing = Indicator("K4", 0, 0, WHOLE)

    assert nothing.value is None
    assert nothing.met is None
    assert nothing.display == ""
    assert nothing.shortfall == 0


def test_no_goal_no_verdict():
    assert Indicator("K6", 3, 10).met is None
    assert Indicator("K6", 3, 10).shortfall == 0


@pytest.mark.parametrize(
    ("visits", "met", "too_many", "shown"),
    [(124, True, 0, "12.40"), (125, False, 1, "12.50"), (126, False, 2, "12.60"), (0, True, 0, "0.00")],
)
def test_fewer_visits_than_last_year_are_the_goal_of_k7(visits, met, too_many, shown):
    k7 = Indicator("K7", visits, 1000, Fraction(125, 1000), lower_is_better=True)

    assert (k7.met, k7.shortfall, k7.display) == (met, too_many, shown)


def test_more_visits_than_last_year_never_look_like_as_many():
    k7 = Indicator("K7", 100_001, 800_000, Fraction(1, 8), lower_is_better=True)

    assert k7.met is False
    assert k7.display == "12.51"


def test_a_year_without_visits_after_one_without_visits_is_met():
    none_again = Indicator("K7", 0, 1000, Fraction(0), lower_is_better=True)

    assert none_again.met is True
    assert Indicator("K7", 2, 1000, Fraction(0), lower_is_better=True).shortfall == 2


@given(numerator=counts, denominator=st.integers(1, 10**6), goal=goals)
def test_what_is_shown_agrees_with_the_verdict(numerator, denominator, goal):
    figure = Indicator("K", numerator, denominator, goal)
    shown = Fraction(Decimal(figure.display)) / 100

    assert abs(shown - figure.value) < Fraction(1, 10_000)
    if not figure.met:
        assert shown < goal
    if goal * 10_000 == int(goal * 10_000) and figure.met:
        assert shown >= goal


@given(numerator=counts, denominator=st.integers(1, 10**6), goal=goals)
def test_the_shortfall_is_the_smallest_number_that_meets_the_goal(numerator, denominator, goal):
    figure = Indicator("K", numerator, denominator, goal)

    assert Indicator("K", numerator + figure.shortfall, denominator, goal).met
    if figure.shortfall:
        assert not Indicator("K", numerator + figure.shortfall - 1, denominator, goal).met


@given(numerator=counts, denominator=st.integers(1, 10**6), goal=st.fractions(0, 2, max_denominator=1000))
def test_the_excess_is_the_smallest_number_to_leave_out(numerator, denominator, goal):
    figure = Indicator("K7", numerator, denominator, goal, lower_is_better=True)
    left = numerator - figure.shortfall

    assert Indicator("K7", left, denominator, goal, lower_is_better=True).met
    if figure.shortfall:
        assert not Indicator("K7", left + 1, denominator, goal, lower_is_better=True).met
    if figure.value > goal:
        assert Fraction(Decimal(figure.display)) / 100 > goal
