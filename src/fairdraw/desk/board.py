"""
The year on one board (年度看板; N11, N19, N24): progress of sections and stations, late tasks, the course of the year.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel import clock
from fairdraw.oversight import rules
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
    late_tasks: list[str] = field(default_factory=list)


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
    """Checked and published so far, month by month, as running totals; months to come stay empty."""
    rows = Inspection.objects.filter(task__in=oversight.year_tasks(bureau, year)).exclude(
        state=InspectionState.EXCLUDED.value
    )
    drawn: dict[int, int] = defaultdict(int)
    checked: dict[int, int] = defaultdict(int)
    published: dict[int, int] = defaultdict(int)
    for sealed, day, at in rows.values_list("drawn_at", "checked_on", "published_at").iterator(
        chunk_size=5000
    ):
        drawn[clock.local_date(sealed).month] += 1
        if day is not None:
            checked[day.month] += 1
        if at is not None:
            published[clock.local_date(at).month] += 1
    last = 12 if on.year > year else on.month if on.year == year else 0
    months = list(range(1, 13))
    series = [
        Series(label, _running(found, months, last))
        for label, found in ((_("抽中"), drawn), (_("已检查"), checked), (_("已公示"), published))
    ]
    return [_("%(m)d月") % {"m": m} for m in months], series


def _running(found: dict[int, int], months: list[int], last: int) -> list[int | None]:
    total, values = 0, []
    for month in months:
        total += found.get(month, 0)
        values.append(total if month <= last else None)
    return values


@dataclass(frozen=True)
class LateTask:
    """A task that missed its day, or whose next step is past its last day."""

    task: Task
    last_on: dt.date
    why: str


def late_tasks(bureau: Agency, year: int, *, on: dt.date) -> list[LateTask]:
    """Who is late (N03): tasks counted as missed by K2, and tasks not sealed by their last day."""
    tasks = oversight.year_tasks(bureau, year)
    by_number = {t.number: t for t in tasks}
    facts = oversight.inspection_facts(bureau, tasks)
    missed = rules.late_tasks(oversight.task_facts(bureau, year), facts, as_of=on)
    found = [LateTask(by_number[f.task], f.due_on, _("逾期未完成")) for f in missed]
    seen = {f.task for f in missed}
    for task in by_number.values():
        if task.number in seen or task.drawn_at or task.cancelled_at:
            continue
        last = plans.schedule(task, on=on).last_seal
        if last < on:
            found.append(LateTask(task, last, _("最迟封存日已过，尚未抽取")))
    return found
