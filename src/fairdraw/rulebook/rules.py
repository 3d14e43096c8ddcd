"""
Working days, time limits and the rules between result codes (工作日、期限、检查结果互斥).

Pure decisions over plain values. A period counts from the day after its event (民法典 第二百零一条);
working days follow the State Council's yearly notice, make-up days (调休) included. A year whose notice
is not entered counts Monday to Friday and says so: it never stops the work.
"""

from __future__ import annotations

import calendar
import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from fairdraw.kernel.errors import Trouble
from fairdraw.kernel.text import gettext_noop as _
from fairdraw.rulebook.states import DeadlineUnit
from fairdraw.rulebook.values import Deadline, Holiday, Measure, ResultCode

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


def _weekdays_until(day: dt.date) -> int:
    """Mondays to Fridays from 0001-01-01 (a Monday) to *day*."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


@dataclass(frozen=True)
class Workdays:
    """
    The calendar of working days (工作日), as a value.

    Attributes:
        holidays: Days that differ from the plain week, in any order; a later one of the same day wins.
        years: Years whose notice is known; other years fall back to Monday to Friday.
    """

    holidays: tuple[Holiday, ...] = ()
    years: frozenset[int] = frozenset()
    _differs: Mapping[dt.date, bool] = field(init=False, repr=False, compare=False)
    _change_days: list[dt.date] = field(init=False, repr=False, compare=False)
    _change_sums: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        differs = {h.day: h.is_workday for h in self.holidays}
        days: list[dt.date] = []
        sums: list[int] = [0]
        for day in sorted(differs):
            plain = day.weekday() < SATURDAY
            if differs[day] != plain:
                days.append(day)
                sums.append(sums[-1] + (1 if differs[day] else -1))
        object.__setattr__(self, "_differs", differs)
        object.__setattr__(self, "_change_days", days)
        object.__setattr__(self, "_change_sums", sums)

    def known(self, year: int) -> bool:
        """Whether the holiday notice of *year* is entered."""
        return year in self.years

    def is_workday(self, day: dt.date) -> bool:
        """Whether offices work on *day*, make-up days included."""
        return self._differs.get(day, day.weekday() < SATURDAY)

    def add(self, day: dt.date, count: int) -> dt.date:
        """
        The *count*-th working day after *day* (自次日起算).

        With 0 it is *day* itself, working or not; a negative count goes back.
        """
        if count < 0:
            return self.subtract(day, -count)
        for _step in range(count):
            day = self.next_workday(day)
        return day

    def subtract(self, day: dt.date, count: int) -> dt.date:
        """The *count*-th working day before *day*; with 0 *day* itself."""
        if count < 0:
            return self.add(day, -count)
        for _step in range(count):
            day = self.previous_workday(day)
        return day

    def next_workday(self, day: dt.date) -> dt.date:
        """The first working day after *day*."""
        day += ONE_DAY
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def previous_workday(self, day: dt.date) -> dt.date:
        """The last working day before *day*."""
        day -= ONE_DAY
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def on_or_after(self, day: dt.date) -> dt.date:
        """*day* if it is a working day, else the next one (节假日顺延)."""
        return day if self.is_workday(day) else self.next_workday(day)

    def on_or_before(self, day: dt.date) -> dt.date:
        """*day* if it is a working day, else the one before (提前)."""
        return day if self.is_workday(day) else self.previous_workday(day)

    def between(self, start: dt.date, end: dt.date) -> int:
        """
        Working days after *start* up to and including *end*; negative where *end* is earlier.

        ``between(day, add(day, n)) == n`` for every day and every n.
        """
        return self._until(end) - self._until(start)

    def _until(self, day: dt.date) -> int:
        return _weekdays_until(day) + self._change_sums[bisect_right(self._change_days, day)]

    def notice(self, *days: dt.date) -> str:
        """
        What to tell the reader about a period that touches *days*: empty where every year is known.

        The years from the earliest to the latest of *days* are looked at.
        """
        if not days:
            return ""
        touched = range(min(days).year, max(days).year + 1)
        missing = [str(year) for year in touched if year not in self.years]
        if not missing:
            return ""
        years = "、".join(missing)
        return _("%(years)s年放假安排尚未录入，暂按周一至周五为工作日计算，录入后自动更正") % {"years": years}


def _months_later(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _fixed_day(year: int, month_day: str) -> dt.date:
    month, day = (int(part) for part in month_day.split("-"))
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def due(deadline: Deadline, from_day: dt.date, workdays: Workdays, *, extensions: int = 0) -> dt.date:
    """
    The last day on which *deadline* is still kept (到期日).

    Args:
        deadline: The limit; a fixed date is the one of the year of *from_day*.
        from_day: The day of the event; counting starts on the day after.
        workdays: The calendar.
        extensions: How many times the limit's own extension was granted (延长).

    Source: workflow D1-D26; 民法典 第二百零一条、第二百零三条 for the counting and the rolling over.
    """
    count = deadline.days + extensions * deadline.extension
    match deadline.unit:
        case DeadlineUnit.WORKDAYS:
            last = workdays.add(from_day, count)
        case DeadlineUnit.DAYS:
            last = from_day + dt.timedelta(days=count)
        case DeadlineUnit.MONTHS:
            last = _months_later(from_day, count)
        case DeadlineUnit.YEARS:
            last = _months_later(from_day, 12 * count)
        case DeadlineUnit.DATE:
            last = _fixed_day(from_day.year, deadline.month_day)
        case _:
            assert_never(deadline.unit)
    return workdays.on_or_after(last) if deadline.rolls else last


def combined_due(scheme_end: dt.date | None, cutoff: dt.date) -> dt.date:
    """
    When a task must be checked and published: the scheme's finishing day, at the latest the year's cut-off.

    Source: 安市监〔2024〕26号 三（一）、三（四）; N03, N19.
    """
    return cutoff if scheme_end is None else min(scheme_end, cutoff)


def publication_due(
    checked_on: dt.date, task_due: dt.date, deadline: Deadline, workdays: Workdays
) -> dt.date:
    """When one result must be public: its own limit after the check (D4), at the latest the task's due day."""
    return min(due(deadline, checked_on, workdays), task_due)


@dataclass(frozen=True, slots=True)
class StepTimes:
    """
    Working days that the steps before publication take; rule numbers, not law (工作步骤用时).

    Attributes:
        platform: From handing in a result until the publicity system shows it (平台延迟).
        review: From entry until review is done.
        entry: From the visit until entry.
        field: For the visits of the task.
        assign: From the seal until inspectors and notices are ready (D2).
    """

    platform: int = 0
    review: int = 0
    entry: int = 0
    field: int = 0
    assign: int = 0


@dataclass(frozen=True, slots=True)
class BackwardSchedule:
    """The last possible day of each step of a task, counted back from its due day (倒排工期)."""

    last_seal: dt.date
    last_visit: dt.date
    last_entry: dt.date
    last_review: dt.date
    last_submission: dt.date
    due: dt.date
    notice: str = ""


def backward_schedule(due_on: dt.date, workdays: Workdays, steps: StepTimes) -> BackwardSchedule:
    """
    Count back from *due_on* what must be done by when (倒排工期).

    Results are handed in at the latest ``platform`` working days before; review, entry, the last visit
    and the seal each lie their own working days before the step that follows. Every day is a working
    day, never after *due_on*.

    Source: N03; the step times are rule numbers of the office.
    """
    submission = workdays.subtract(workdays.on_or_before(due_on), steps.platform)
    review = submission
    entry = workdays.subtract(review, steps.review)
    visit = workdays.subtract(entry, steps.entry)
    seal = workdays.subtract(visit, steps.field + steps.assign)
    return BackwardSchedule(
        last_seal=seal,
        last_visit=visit,
        last_entry=entry,
        last_review=review,
        last_submission=submission,
        due=due_on,
        notice=workdays.notice(seal, due_on),
    )


def check_outcome(
    codes: Collection[str], known: Mapping[str, ResultCode], *, headline: str | None = None
) -> tuple[Trouble, ...]:
    """
    What is wrong with the result codes of one inspection (检查结果互斥关系); empty where nothing is.

    Args:
        codes: The codes chosen, at least one, each once.
        known: The codes in force.
        headline: The one to be published, where it was chosen already.

    Source: workflow §5 note (c).
    """
    troubles: list[Trouble] = []
    if not codes:
        troubles.append(Trouble(_("尚未选择检查结果，请至少选择一项")))
    unknown = sorted(set(codes) - known.keys())
    troubles += [Trouble(_("没有代码为“%(code)s”的检查结果，请重新选择") % {"code": c}) for c in unknown]
    chosen = sorted(set(codes) & known.keys())
    if len(chosen) + len(unknown) != len(codes):
        troubles.append(Trouble(_("同一检查结果选择了两次，请去掉重复的一项")))
    for i, first in enumerate(chosen):
        for second in chosen[i + 1 :]:
            if _exclude_each_other(known[first], known[second]):
                labels = {"first": known[first].label, "second": known[second].label}
                troubles.append(Trouble(_("“%(first)s”与“%(second)s”不能同时选择") % labels))
    if headline is not None and headline not in codes:
        troubles.append(Trouble(_("对外公示的结果必须是已选择的检查结果之一")))
    return tuple(troubles)


def _exclude_each_other(first: ResultCode, second: ResultCode) -> bool:
    return first.alone or second.alone or second.code in first.excludes or first.code in second.excludes


def headline(codes: Iterable[str], known: Mapping[str, ResultCode]) -> str:
    """The one code that is published (公示结果): the gravest of *codes*, a stated order of the rulebook."""
    return min(codes, key=lambda code: (known[code].headline_order, code))


def is_problem(codes: Iterable[str], known: Mapping[str, ResultCode]) -> bool:
    """Whether one of *codes* is a problem found (02-06 and 08)."""
    return any(known[code].is_problem for code in codes)


def is_handled(measure: Measure | None, *, problem: bool, number: str = "", reason: str = "") -> bool:
    """
    Whether what an inspection found is being dealt with (已启动后续处置).

    A measure that fits is chosen and, for orders, cases and transfers, its document or hand-over number
    exists. "Nothing needed" (无需后续处置) never answers a problem.

    Source: kpi K4 reading; 安市监〔2024〕26号 一.
    """
    if measure is None or not (measure.for_problem if problem else measure.for_clean):
        return False
    return not (measure.needs_number and not number) and not (measure.needs_reason and not reason)
