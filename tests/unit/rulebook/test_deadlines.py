"""Time limits and the schedule counted back from a task's due day (期限、倒排工期)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairdraw.rulebook import rules, shipped
from fairdraw.rulebook.rules import StepTimes, Workdays
from fairdraw.rulebook.states import DeadlineUnit
from fairdraw.rulebook.values import Deadline

YEARS = shipped.holidays()
CALENDAR = Workdays(tuple(day for days in YEARS.values() for day in days), frozenset(YEARS))
D4 = Deadline(days=20, unit=DeadlineUnit.WORKDAYS)
D5 = Deadline(days=0, unit=DeadlineUnit.DATE, month_day="11-20")
steps = st.builds(
    StepTimes,
    platform=st.integers(0, 10),
    review=st.integers(0, 10),
    entry=st.integers(0, 10),
    field=st.integers(0, 60),
    assign=st.integers(0, 5),
)


def test_twenty_working_days_after_a_check_in_late_september_2024():
    # 9月25日检查完毕：国庆七天休、29日与10月12日调休上班
    assert rules.due(D4, dt.date(2024, 9, 25), CALENDAR) == dt.date(2024, 10, 28)


def test_calendar_days_count_holidays_too():
    ten_days = Deadline(days=10, unit=DeadlineUnit.DAYS)

    assert rules.due(ten_days, dt.date(2024, 9, 25), CALENDAR) == dt.date(2024, 10, 5)


def test_a_limit_for_the_party_does_not_end_on_a_holiday():
    ten_days = Deadline(days=10, unit=DeadlineUnit.DAYS, rolls=True)

    assert rules.due(ten_days, dt.date(2024, 9, 25), CALENDAR) == dt.date(2024, 10, 8)


def test_an_extension_is_added_only_when_granted():
    d15 = Deadline(days=15, unit=DeadlineUnit.WORKDAYS, extension=15)
    found = dt.date(2025, 3, 3)

    assert rules.due(d15, found, CALENDAR) == dt.date(2025, 3, 24)
    assert rules.due(d15, found, CALENDAR, extensions=1) == dt.date(2025, 4, 15)


@pytest.mark.parametrize(
    ("unit", "amount", "start", "last"),
    [
        (DeadlineUnit.MONTHS, 6, dt.date(2025, 8, 31), dt.date(2026, 2, 28)),
        (DeadlineUnit.MONTHS, 1, dt.date(2024, 12, 31), dt.date(2025, 1, 31)),
        (DeadlineUnit.YEARS, 2, dt.date(2024, 2, 29), dt.date(2026, 2, 28)),
        (DeadlineUnit.DAYS, -60, dt.date(2025, 9, 1), dt.date(2025, 7, 3)),
    ],
)
def test_months_and_years_end_on_the_same_day_or_the_last_of_the_month(unit, amount, start, last):
    assert rules.due(Deadline(days=amount, unit=unit), start, CALENDAR) == last


def test_a_fixed_date_is_that_of_the_year_of_the_event():
    assert rules.due(D5, dt.date(2025, 3, 3), CALENDAR) == dt.date(2025, 11, 20)


def test_a_task_is_due_at_the_earlier_of_scheme_and_cut_off():
    cutoff = dt.date(2024, 11, 20)

    assert rules.combined_due(dt.date(2024, 6, 30), cutoff) == dt.date(2024, 6, 30)
    assert rules.combined_due(dt.date(2024, 12, 31), cutoff) == cutoff
    assert rules.combined_due(None, cutoff) == cutoff


def test_a_result_is_due_after_its_check_but_never_after_its_task():
    task_due = dt.date(2024, 10, 10)

    assert rules.publication_due(dt.date(2024, 9, 25), task_due, D4, CALENDAR) == task_due
    assert rules.publication_due(dt.date(2024, 6, 3), task_due, D4, CALENDAR) == dt.date(2024, 7, 2)


def test_the_schedule_of_the_year_cut_off_counts_back_over_the_national_holiday():
    schedule = rules.backward_schedule(
        dt.date(2024, 11, 20), CALENDAR, StepTimes(platform=3, review=2, entry=2, field=20, assign=2)
    )

    assert schedule.last_submission == dt.date(2024, 11, 15)
    assert schedule.last_review == dt.date(2024, 11, 15)
    assert schedule.last_entry == dt.date(2024, 11, 13)
    assert schedule.last_visit == dt.date(2024, 11, 11)
    assert schedule.last_seal == dt.date(2024, 10, 11)
    assert schedule.notice == ""


def test_a_due_day_without_work_leaves_only_the_working_day_before():
    sunday = dt.date(2026, 11, 1)

    assert rules.backward_schedule(sunday, CALENDAR, StepTimes()).last_submission == dt.date(2026, 10, 30)


def test_a_schedule_in_a_year_without_notice_says_so():
    assert "2027年" in rules.backward_schedule(dt.date(2027, 3, 1), CALENDAR, StepTimes(field=5)).notice


@given(due_on=st.dates(dt.date(2005, 1, 1), dt.date(2030, 12, 31)), times=steps)
def test_every_step_of_the_schedule_is_a_working_day_in_order(due_on, times):
    schedule = rules.backward_schedule(due_on, CALENDAR, times)
    in_order = [
        schedule.last_seal,
        schedule.last_visit,
        schedule.last_entry,
        schedule.last_review,
        schedule.last_submission,
        schedule.due,
    ]

    assert in_order == sorted(in_order)
    assert all(CALENDAR.is_workday(day) for day in in_order[:-1])


@given(due_on=st.dates(dt.date(2005, 1, 1), dt.date(2030, 12, 31)), times=steps)
def test_a_task_that_keeps_its_last_days_is_published_in_time(due_on, times):
    schedule = rules.backward_schedule(due_on, CALENDAR, times)

    visited = CALENDAR.add(schedule.last_seal, times.assign + times.field)
    shown = CALENDAR.add(visited, times.entry + times.review + times.platform)
    assert visited == schedule.last_visit
    assert shown <= due_on
