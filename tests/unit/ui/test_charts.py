"""Where the marks of the charts stand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairdraw.ui import charts

counts = st.integers(0, 10**9)


@given(st.lists(st.tuples(st.just("x"), counts), max_size=20))
def test_bars_are_as_long_as_their_values_and_small_ones_can_be_seen(rows):
    drawn = charts.bars(rows)

    assert all(0 <= bar.width <= 100 for bar in drawn)
    assert all((bar.width > 0) == (bar.value > 0) for bar in drawn)
    ordered = sorted(drawn, key=lambda bar: bar.value)
    assert [bar.width for bar in ordered] == sorted(bar.width for bar in drawn)


@given(st.lists(st.tuples(st.just("x"), counts), min_size=1, max_size=12))
def test_a_donut_closes_unless_it_is_empty(parts):
    total = sum(value for _label, value in parts)

    assert sum(s.ratio for s in charts.donut(parts)) == (1 if total else 0)


def test_the_second_arc_begins_where_the_first_one_ends():
    first, second = charts.donut([("a", 3), ("b", 1)])

    assert (first.dash, first.rest, first.offset) == (75.0, 25.0, 25.0)
    assert (second.dash, second.offset) == (25.0, 50.0)


@given(st.integers(1, 10**9))
def test_the_axis_reaches_above_every_value_in_four_even_steps(largest):
    axis = charts.scale(largest)

    assert axis.top >= largest
    assert axis.top <= max(4, largest * 3)
    assert [b - a for a, b in zip(axis.marks, axis.marks[1:], strict=False)] == [axis.top // 4] * 4


def test_a_gap_in_a_series_interrupts_its_line():
    chart = charts.lines(["1", "2", "3", "4", "5"], [("已检查", [1, 2, None, 4, 5])])

    (line,) = chart.lines
    assert len(line.pieces) == 2
    assert len(line.points) == 4


def test_a_single_month_is_a_point():
    chart = charts.lines(["1月"], [("已检查", [7])])

    assert chart.lines[0].points[0][2] == "1月 7"
    assert chart.lines[0].pieces == ()


def test_a_small_goal_is_drawn_in_the_middle():
    drawn = charts.meter(Fraction(35, 1000), Decimal("0.035"))

    assert (drawn.width, drawn.tick) == (50.0, 50.0)


@given(st.fractions(0, 1), st.decimals(0, 1, places=4))
def test_bar_and_goal_stay_on_the_meter_and_in_their_order(ratio, goal):
    drawn = charts.meter(ratio, goal)

    assert 0 <= drawn.width <= 100
    assert 0 <= drawn.tick <= 100
    if ratio > Fraction(goal):
        assert drawn.width >= drawn.tick


def test_inexact_values_are_refused():
    with pytest.raises(TypeError):
        charts.bars([("x", 0.5)])
