"""Questions on the year: facts from the rows of all stages, and the indicators computed from them (督导)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypedDict

from django.db.models import Exists, OuterRef, QuerySet

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.followup.models import FollowUp
from fairdraw.inspections.models import Inspection, Visit
from fairdraw.kernel import clock
from fairdraw.oversight import counting, rules
from fairdraw.oversight.facts import Goals, Indicator, InspectionFact, TaskFact, VisitFact
from fairdraw.plans.models import Task
from fairdraw.plans.states import TaskKind, TaskState
from fairdraw.registers import class_counts
from fairdraw.registers import selectors as registers
from fairdraw.rulebook import rules as book
from fairdraw.rulebook import selectors as rulebook


def year_tasks(bureau: Agency, year: int) -> QuerySet[Task]:
    """The double-random tasks that the bureau's agencies carry in *year*, cancelled ones too."""
    return (
        Task.objects.filter(
            agency__path__startswith=bureau.path, year=year, kind=TaskKind.DOUBLE_RANDOM.value
        )
        .exclude(state=TaskState.HELD.value)
        .select_related("agency")
        .order_by("number")
    )


def inspection_facts(bureau: Agency, tasks: QuerySet[Task]) -> list[InspectionFact]:
    """One fact for each inspection of *tasks*, read from what was sealed and dated."""
    begun, ended = _followups(tasks)
    rows = (
        Inspection.objects.filter(task__in=tasks)
        .order_by("number")
        .values_list(
            "pk",
            "task__number",
            "target__draw_code",
            "kind",
            "stratum",
            "class_as_sealed",
            "differentiated",
            "exempt",
            "due_on",
            "checked_on",
            "published_at",
            "withdrawn_at",
            "outcome_codes",
            "problem",
            "excluded_at",
            "drawn_at",
            "agency__path",
        )
    )
    return [
        InspectionFact(
            task=row[1],
            target=row[2],
            kind=row[3],
            stratum=row[4],
            class_as_sealed=row[5] or "N",
            differentiated=row[6],
            exempt=row[7],
            due_on=row[8],
            checked_on=row[9],
            published_on=clock.local_date(row[10]) if row[10] else None,
            withdrawn_on=clock.local_date(row[11]) if row[11] else None,
            outcome_codes=tuple(filter(None, row[12].split(","))),
            problem=row[13],
            followed_up=row[0] in begun,
            followed_up_on=begun.get(row[0]),
            closed_on=ended.get(row[0]),
            excluded=row[14] is not None,
            excluded_on=clock.local_date(row[14]) if row[14] else None,
            drawn_on=clock.local_date(row[15]),
            own_agency=row[16].startswith(bureau.path),
        )
        for row in rows.iterator(chunk_size=2000)
    ]


def _followups(tasks: QuerySet[Task]) -> tuple[dict[int, dt.date], dict[int, dt.date]]:
    """By inspection: the day its last follow-up began, and ended; only where all of them have."""
    begun: dict[int, dt.date | None] = {}
    ended: dict[int, dt.date | None] = {}
    rows = FollowUp.objects.filter(finding__inspection__task__in=tasks)
    for pk, started, closed in rows.values_list("finding__inspection", "started_on", "closed_on"):
        for days, day in ((begun, started), (ended, closed)):
            earlier = days.get(pk, day)
            days[pk] = None if day is None or earlier is None else max(earlier, day)
    return {k: v for k, v in begun.items() if v}, {k: v for k, v in ended.items() if v}


def task_facts(bureau: Agency, year: int) -> list[TaskFact]:
    """One fact for each task of the year."""
    differentiated = Inspection.objects.filter(task=OuterRef("pk"), differentiated=True)
    rows = year_tasks(bureau, year).values_list(
        "number", "due_on", "exempt_field", Exists(differentiated), "drawn_at", "cancelled_at"
    )
    return [
        TaskFact(
            task=number,
            due_on=due_on,
            exempt=bool(exempt_field),
            differentiated=by_class,
            drawn_on=clock.local_date(drawn_at) if drawn_at else None,
            cancelled_on=clock.local_date(cancelled_at) if cancelled_at else None,
        )
        for number, due_on, exempt_field, by_class, drawn_at, cancelled_at in rows
    ]


@dataclass(frozen=True)
class TaskShare:
    """A drawn task in K5: how many targets, whether they count, why it is exempt."""

    task: Task
    targets: int
    counts: bool
    exempt_reason: str


def differentiation(bureau: Agency, year: int, *, as_of: dt.date) -> list[TaskShare]:
    """
    The tasks drawn by *as_of* as K5 sees them (差异化抽查明细; N16): flat and exempt ones stand beside the others.

    The targets of the tasks that are not exempt add up to the denominator, of those that count to the numerator.
    """
    tasks = {task.number: task for task in year_tasks(bureau, year)}
    drawn: dict[str, dict[str, bool]] = {}
    for fact in inspection_facts(bureau, year_tasks(bureau, year)):
        if fact.own_agency and fact.is_drawn(as_of):
            drawn.setdefault(fact.task, {})[fact.target] = fact.differentiated
    return [
        TaskShare(
            task=tasks[number],
            targets=len(held),
            counts=not tasks[number].exempt_field and any(held.values()),
            exempt_reason=tasks[number].exempt_reason,
        )
        for number, held in sorted(drawn.items())
    ]


def year_visits(bureau: Agency, year: int) -> QuerySet[Visit]:
    """The visits made in the year."""
    return Visit.objects.filter(year=year, visited_on__isnull=False, agency__path__startswith=bureau.path)


def visit_facts(bureau: Agency, year: int) -> list[VisitFact]:
    """The visits made in the year: a door once for each class that its inspections were sealed with."""
    rows = year_visits(bureau, year).values_list(
        "pk", "target__draw_code", "inspections__kind", "inspections__class_as_sealed", "visited_on", "method"
    )
    return [
        VisitFact(str(pk), target, kind or "", sealed or "N", day, method == "on_site")
        for pk, target, kind, sealed, day, method in rows.distinct()
        if day is not None
    ]


def goals(year: int, on: dt.date, *, last_year: Fraction | None) -> Goals:
    """The goals in force, from the rulebook; K7's is last year's value."""
    held = rulebook.book()

    def number(code: str) -> Fraction:
        return Fraction(held.number(code, on))

    return Goals(
        enterprise_ratio=number("county_min_ratio"),
        on_time=number("on_time_goal"),
        on_time_records=number("on_time_record_goal"),
        publication=number("publication_goal"),
        timely_publication=number("timely_publication_goal"),
        follow_up=number("follow_up_goal"),
        differentiated=number("diff_share_min"),
        differentiated_tasks=number("diff_task_share_min"),
        low_risk_visits=last_year,
    )


def low_risk_enterprises(bureau: Agency, year: int) -> int:
    """The enterprises of class A that K7 is of: frozen with the year's base, else those of the register."""
    base = registers.base_of(bureau, year)
    if base is not None and base.low_risk_count is not None:
        return base.low_risk_count
    return class_counts.low_risk_enterprises(bureau)


def indicators(bureau: Agency, year: int, *, as_of: dt.date) -> dict[str, Indicator]:
    """Every indicator of *year* as it stood on *as_of* (指标), by code, counted by the database."""
    tasks = year_tasks(bureau, year)
    return counting.year_indicators(
        rows=counting.own_inspections(bureau, tasks),
        tasks=task_facts(bureau, year),
        visits=year_visits(bureau, year),
        surely=rulebook.deadline("D4", as_of).days,
        **_measures(bureau, year, as_of),
    )


def indicators_by_facts(bureau: Agency, year: int, *, as_of: dt.date) -> dict[str, Indicator]:
    """The same by the rules over one fact a row: slow, and what :func:`indicators` is held against."""
    return rules.year_indicators(
        facts=inspection_facts(bureau, year_tasks(bureau, year)),
        tasks=task_facts(bureau, year),
        visits=visit_facts(bureau, year),
        **_measures(bureau, year, as_of),
    )


class _Measures(TypedDict):
    base: int
    low_risk_enterprises: int
    publish_by: Callable[[dt.date], dt.date]
    goals: Goals
    as_of: dt.date


def _measures(bureau: Agency, year: int, as_of: dt.date) -> _Measures:
    base = registers.base_of(bureau, year)
    limit = rulebook.deadline("D4", as_of)
    workdays = rulebook.workdays()
    return {
        "base": base.count if base else 0,
        "low_risk_enterprises": low_risk_enterprises(bureau, year),
        "publish_by": lambda day: book.due(limit, day, workdays),
        "goals": goals(year, as_of, last_year=_low_risk_last_year(bureau, year, as_of=as_of)),
        "as_of": as_of,
    }


def _low_risk_last_year(bureau: Agency, year: int, *, as_of: dt.date) -> Fraction | None:
    """K7 of the year before up to the same day, where that year was run here."""
    if not year_tasks(bureau, year - 1).exists():
        return None
    day = as_of.replace(year=as_of.year - 1, day=min(as_of.day, 28))
    visits = counting.low_risk_visits(year_visits(bureau, year - 1), as_of=day)
    enterprises = low_risk_enterprises(bureau, year - 1)
    return Fraction(visits, enterprises) if enterprises else None


def late_tasks(bureau: Agency, year: int, *, as_of: dt.date) -> list[Task]:
    """The tasks that K2 counts as missed on *as_of*, the earliest due first (逾期任务; N03)."""
    tasks = year_tasks(bureau, year)
    late = counting.late_tasks(counting.own_inspections(bureau, tasks), task_facts(bureau, year), as_of=as_of)
    by_number = {task.number: task for task in tasks.filter(number__in=[fact.task for fact in late])}
    return [by_number[fact.task] for fact in late]


def indicators_of_task(task: Task, *, as_of: dt.date) -> dict[str, Indicator]:
    """The indicators that mean something for one task: publication, follow-up, detection."""
    bureau = accounts.department_of(task.agency)
    held = inspection_facts(bureau, Task.objects.filter(pk=task.pk))
    aims = goals(task.year, as_of, last_year=None)
    found = [
        rules.publication(held, as_of=as_of, goal=aims.publication),
        rules.follow_up(held, as_of=as_of, goal=aims.follow_up),
        rules.detection(held, as_of=as_of),
    ]
    return {indicator.code: indicator for indicator in found}
