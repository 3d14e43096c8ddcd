"""
The year on one board (年度看板; N11, N19, N24): progress of sections and stations, late tasks, the course of the year.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.desk import goals
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel import clock
from fairdraw.oversight import selectors as oversight
from fairdraw.plans import selectors as plans
from fairdraw.plans.models import Task
from fairdraw.ui.parts import Series


@dataclass
class UnitLine:
    """One section or station: its tasks and how far their inspections are."""

    agency: Agency
    tasks: int = 0
    to_check: int = 0
    checked: int = 0
    published: int = 0
    problems: int = 0
    overdue: int = 0

    @property
    def is_busy(self) -> bool:
        """Whether it has a task or an inspection of the year."""
        return bool(self.tasks or self.to_check)


def units(bureau: Agency, year: int, *, on: dt.date) -> list[UnitLine]:
    """Progress by executing unit; units without a task of the year are listed with zeros (N08, N24)."""
    agencies = (
        Agency.objects.filter(path__startswith=bureau.path).exclude(pk=bureau.pk).order_by("kind", "code")
    )
    found = {a.pk: UnitLine(a) for a in agencies}
    tasks = oversight.year_tasks(bureau, year)
    for agency, count in tasks.order_by().values_list("agency").annotate(n=Count("pk")):
        if agency in found:
            found[agency].tasks = count
    rows = Inspection.objects.filter(task__in=tasks).exclude(state=InspectionState.EXCLUDED.value)
    counted = rows.values("agency").annotate(
        all=Count("pk"),
        checked=Count("pk", filter=Q(checked_on__isnull=False)),
        published=Count("pk", filter=Q(published_at__isnull=False, withdrawn_at__isnull=True)),
        problems=Count("pk", filter=Q(problem=True)),
        overdue=Count("pk", filter=Q(due_on__lt=on, published_at__isnull=True)),
    )
    for row in counted:
        line = found.get(row["agency"])
        if line is not None:
            line.to_check, line.checked, line.published = row["all"], row["checked"], row["published"]
            line.problems, line.overdue = row["problems"], row["overdue"]
    return list(found.values())


@dataclass
class StationLine:
    """The inspections at targets of one station's area, whoever carries them out."""

    name: str
    to_check: int
    checked: int
    published: int


def areas(bureau: Agency, year: int) -> list[StationLine]:
    """Progress by the area in which the targets lie (各所辖区)."""
    rows = Inspection.objects.filter(task__in=oversight.year_tasks(bureau, year)).exclude(
        state=InspectionState.EXCLUDED.value
    )
    counted = (
        rows.values("target__station__name")
        .annotate(
            all=Count("pk"),
            checked=Count("pk", filter=Q(checked_on__isnull=False)),
            published=Count("pk", filter=Q(published_at__isnull=False)),
        )
        .order_by("target__station__name")
    )
    return [
        StationLine(r["target__station__name"] or _("未分所"), r["all"], r["checked"], r["published"])
        for r in counted
    ]


def course(bureau: Agency, year: int, *, on: dt.date) -> tuple[list[str], list[Series]]:
    """Drawn, checked and published by the end of each month so far; months to come stay empty."""
    last = 12 if on.year > year else on.month if on.year == year else 0
    counts: dict[str, Count] = {}
    for month in range(1, last + 1):
        end = dt.date(year + month // 12, month % 12 + 1, 1)
        midnight = clock.at(end, 0)
        counts[f"drawn_{month}"] = Count("pk", filter=Q(drawn_at__lt=midnight))
        counts[f"checked_{month}"] = Count("pk", filter=Q(checked_on__lt=end))
        counts[f"published_{month}"] = Count("pk", filter=Q(published_at__lt=midnight))
    rows = Inspection.objects.filter(task__in=oversight.year_tasks(bureau, year)).exclude(
        state=InspectionState.EXCLUDED.value
    )
    found = rows.aggregate(**counts) if counts else {}
    months = range(1, 13)
    named = (("drawn", _("抽中")), ("checked", _("已检查")), ("published", _("已公示")))
    series = [Series(label, [found.get(f"{name}_{m}") for m in months]) for name, label in named]
    return [_("%(m)d月") % {"m": m} for m in months], series


@dataclass(frozen=True)
class LateTask:
    """A task that missed its day, or whose next step is past its last day."""

    task: Task
    last_on: dt.date
    why: str


def late_tasks(bureau: Agency, year: int, *, on: dt.date) -> list[LateTask]:
    """Who is late (N03): tasks counted as missed by K2, and tasks not sealed by their last day."""
    missed = oversight.late_tasks(bureau, year, as_of=on)
    found = [LateTask(task, task.due_on, _("逾期未完成")) for task in missed]
    undrawn = oversight.year_tasks(bureau, year).filter(drawn_at=None, cancelled_at=None)
    for task in undrawn.exclude(pk__in=[task.pk for task in missed]):
        last = plans.schedule(task, on=on).last_seal
        if last < on:
            found.append(LateTask(task, last, _("最迟封存日已过，尚未抽取")))
    return found


@dataclass(frozen=True)
class YearBoard:
    """What the board shows beside the goals."""

    units: list[UnitLine]
    areas: list[StationLine]
    months: list[str]
    series: list[Series]
    late: list[LateTask]


def year_board(bureau: Agency, year: int, *, on: dt.date) -> YearBoard:
    """The board of *year*, kept until the log grows."""

    def count() -> YearBoard:
        return YearBoard(
            units(bureau, year, on=on),
            areas(bureau, year),
            *course(bureau, year, on=on),
            late_tasks(bureau, year, on=on),
        )

    return goals.kept("board", bureau, year, on, count)
