"""Working days: holidays, make-up days, years without a notice (工作日、调休)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairdraw.rulebook import shipped
from fairdraw.rulebook.rules import Workdays
from fairdraw.rulebook.values import Holiday

SHIPPED_YEARS = shipped.holidays()
CALENDAR = Workdays(
    holidays=tuple(day for days in SHIPPED_YEARS.values() for day in days), years=frozenset(SHIPPED_YEARS)
)
days = st.dates(min_value=dt.date(2004, 1, 1), max_value=dt.date(2029, 12, 31))
counts = st.integers(0, 120)
calendars = st.builds(
    Workdays,
    holidays=st.lists(
        st.builds(Holiday, day=days, is_workday=st.booleans(), name=st.just("节")), max_size=30
    ).map(tuple),
    years=st.frozensets(st.integers(2004, 2029)),
)


def test_the_shipped_calendar_covers_2004_to_2026():
    assert sorted(SHIPPED_YEARS) == list(range(2004, 2027))


def test_a_weekend_made_up_is_a_working_day_and_a_weekday_off_is_not():
    assert CALENDAR.is_workday(dt.date(2026, 2, 14))  # 周六，春节调休上班
    assert CALENDAR.is_workday(dt.date(2024, 9, 29))  # 周日，国庆节调休上班
    assert not CALENDAR.is_workday(dt.date(2026, 2, 18))  # 周三，春节
    assert not CALENDAR.is_workday(dt.date(2024, 10, 1))


def test_counting_starts_on_the_day_after_and_passes_over_the_national_holiday():
    # 2024年9月27日（周五）起3个工作日：29日（调休）、30日、10月8日
    assert CALENDAR.add(dt.date(2024, 9, 27), 3) == dt.date(2024, 10, 8)


def test_going_back_passes_over_the_same_days():
    assert CALENDAR.subtract(dt.date(2024, 10, 8), 2) == dt.date(2024, 9, 29)


def test_an_unknown_year_counts_monday_to_friday_and_says_so():
    new_year = dt.date(2031, 1, 1)  # 周三

    assert not CALENDAR.known(2031)
    assert CALENDAR.is_workday(new_year)
    assert CALENDAR.add(dt.date(2031, 9, 30), 1) == dt.date(2031, 10, 1)
    assert "2031年" in CALENDAR.notice(new_year)


def test_a_period_into_an_unknown_year_names_that_year_only():
    notice = CALENDAR.notice(dt.date(2028, 1, 5), dt.date(2026, 12, 20))

    assert "2027、2028年" in notice
    assert "2026" not in notice


def test_a_known_period_needs_no_notice():
    assert CALENDAR.notice(dt.date(2024, 1, 1), dt.date(2026, 12, 31)) == ""
    assert CALENDAR.notice() == ""


def test_two_calendars_with_the_same_days_are_equal():
    one = Workdays(holidays=(Holiday(dt.date(2026, 1, 1), False, "元旦"),), years=frozenset({2026}))
    other = Workdays(holidays=(Holiday(dt.date(2026, 1, 1), False, "元旦"),), years=frozenset({2026}))

    assert one == other
    assert hash(one) == hash(other)


def test_a_day_off_is_moved_to_the_nearest_working_day_either_way():
    spring_festival = dt.date(2026, 2, 18)

    assert CALENDAR.on_or_after(spring_festival) == dt.date(2026, 2, 24)
    assert CALENDAR.on_or_before(spring_festival) == dt.date(2026, 2, 14)
    assert CALENDAR.on_or_after(dt.date(2026, 2, 24)) == dt.date(2026, 2, 24)
    assert CALENDAR.on_or_before(dt.date(2026, 2, 14)) == dt.date(2026, 2, 14)


@given(calendar=calendars, day=days, count=counts)
def test_add_then_between_gives_the_count_back(calendar, day, count):
    assert calendar.between(day, calendar.add(day, count)) == count


@given(calendar=calendars, day=days, count=st.integers(1, 120))
def test_adding_ends_on_a_working_day(calendar, day, count):
    assert calendar.is_workday(calendar.add(day, count))
    assert calendar.is_workday(calendar.subtract(day, count))


@given(calendar=calendars, day=days, fewer=counts, more=counts)
def test_more_working_days_never_end_earlier(calendar, day, fewer, more):
    fewer, more = sorted((fewer, more))

    assert calendar.add(day, fewer) <= calendar.add(day, more)


@given(calendar=calendars, one=days, other=days, count=counts)
def test_a_later_start_never_ends_earlier(calendar, one, other, count):
    first, second = sorted((one, other))

    assert calendar.add(first, count) <= calendar.add(second, count)


@given(calendar=calendars, day=days, count=counts)
def test_subtracting_undoes_adding_from_a_working_day(calendar, day, count):
    start = calendar.on_or_after(day)

    assert calendar.subtract(calendar.add(start, count), count) == start
    assert calendar.add(start, -count) == calendar.subtract(start, count)
    assert calendar.subtract(start, -count) == calendar.add(start, count)


@given(calendar=calendars, start=days, length=st.integers(0, 400))
def test_between_counts_the_days_one_by_one(calendar, start, length):
    end = start + dt.timedelta(days=length)
    one_by_one = sum(calendar.is_workday(start + dt.timedelta(days=n)) for n in range(1, length + 1))

    assert calendar.between(start, end) == one_by_one
    assert calendar.between(end, start) == -one_by_one


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_shipped_year_has_about_250_working_days(year):
    workdays = CALENDAR.between(dt.date(year - 1, 12, 31), dt.date(year, 12, 31))

    assert 243 <= workdays <= 253
