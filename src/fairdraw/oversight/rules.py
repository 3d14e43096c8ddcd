"""
The indicators of the year, K1 to K7 (指标), as pure functions of plain facts.

Every figure is a numerator over a denominator; goals are met or missed on the exact fraction, and what is
shown is never rounded up to a goal. A bureau counts the inspections of its own agencies. Source:
安市监〔2024〕26号 一、二、三（二）; domain/kpi.md, whose readings are taken where the notice defines nothing.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from fairdraw.oversight.facts import ENTERPRISE, Goals, Indicator, InspectionFact, TaskFact, VisitFact

CLASSES = ("A", "B", "C", "D")
LOW_RISK = "A"
UNCLASSED = "N"
SEALED = (*CLASSES, UNCLASSED)


def _ratio(
    code: str,
    facts: Iterable[InspectionFact],
    counts: Callable[[InspectionFact], bool],
    goal: Fraction | None,
) -> Indicator:
    held = list(facts)
    return Indicator(code, sum(1 for fact in held if counts(fact)), len(held), goal)


def _own(facts: Iterable[InspectionFact]) -> list[InspectionFact]:
    return [fact for fact in facts if fact.own_agency]


def enterprise_ratio(
    facts: Iterable[InspectionFact], *, base: int, as_of: dt.date, goal: Fraction | None = None
) -> dict[str, Indicator]:
    """
    K1 企业抽查比例: distinct enterprises with a published result out of the year-end stock.

    Args:
        facts: Inspections of the year's double-random tasks, dispatched ones included.
        base: 企业实有数 at the end of last year, those without an annual report included.
        as_of: The day of the figure.
        goal: The floor (3.5 %).

    Returns:
        ``K1`` and beside it the other readings: ``K1.drawn``, ``K1.checked``, and ``K1.forecast``, what is
        reached if every inspection still open is published.

    Source: 安市监〔2024〕26号 一、二; kpi §1, §2.
    """
    held = [fact for fact in _own(facts) if fact.kind == ENTERPRISE]
    readings: dict[str, Callable[[InspectionFact], bool]] = {
        "K1": lambda f: f.is_published(as_of),
        "K1.checked": lambda f: f.is_checked(as_of),
        "K1.drawn": lambda f: f.is_drawn(as_of),
        "K1.forecast": lambda f: f.is_to_check(as_of),
    }
    return {
        code: Indicator(code, len({f.target for f in held if counts(f)}), base, goal)
        for code, counts in readings.items()
    }


def on_time_tasks(
    tasks: Iterable[TaskFact],
    facts: Iterable[InspectionFact],
    *,
    as_of: dt.date,
    goal: Fraction | None = None,
) -> Indicator:
    """
    K2 抽查任务按时完成率: tasks due by *as_of* whose every inspection was published by the task's due day.

    A task that was not drawn by its due day is late; one whose targets were all excluded is on time.
    """
    tasks_due = [task for task in tasks if task.is_due(as_of)]
    late = _late(tasks_due, facts)
    return Indicator("K2", len(tasks_due) - len(late), len(tasks_due), goal)


def late_tasks(
    tasks: Iterable[TaskFact], facts: Iterable[InspectionFact], *, as_of: dt.date
) -> tuple[TaskFact, ...]:
    """The tasks that K2 counts as missed, the earliest due first (逾期任务)."""
    late = _late([task for task in tasks if task.is_due(as_of)], facts)
    return tuple(sorted(late, key=lambda task: (task.due_on, task.task)))


def _late(tasks_due: list[TaskFact], facts: Iterable[InspectionFact]) -> list[TaskFact]:
    by_task: dict[str, list[InspectionFact]] = {}
    for fact in _own(facts):
        by_task.setdefault(fact.task, []).append(fact)
    return [task for task in tasks_due if not _is_on_time(task, by_task.get(task.task, []))]


def _is_on_time(task: TaskFact, facts: list[InspectionFact]) -> bool:
    last = task.due_on
    drawn = task.is_drawn(last) or any(fact.is_drawn(last) for fact in facts)
    return drawn and all(fact.is_published(last) for fact in facts if fact.is_to_check(last))


def on_time_records(
    facts: Iterable[InspectionFact], *, as_of: dt.date, goal: Fraction | None = None
) -> Indicator:
    """K2' 按时公示户次率: inspections published by their due day out of those due by *as_of* (应检查数)."""
    held = [fact for fact in _own(facts) if fact.due_on <= as_of and fact.is_to_check(fact.due_on)]
    return _ratio("K2'", held, lambda f: f.is_published(f.due_on), goal)


def publication(
    facts: Iterable[InspectionFact], *, as_of: dt.date, goal: Fraction | None = None
) -> Indicator:
    """K3 抽查结果公示率: published out of those whose check is finished."""
    held = [fact for fact in _own(facts) if fact.is_checked(as_of)]
    return _ratio("K3", held, lambda f: f.is_published(as_of), goal)


def timely_publication(
    facts: Iterable[InspectionFact],
    *,
    as_of: dt.date,
    publish_by: Callable[[dt.date], dt.date],
    goal: Fraction | None = None,
) -> Indicator:
    """
    K3' 按时公示率: published within the limit after the check (20 working days), out of published and overdue.

    Args:
        publish_by: The last day for a check finished on a day, from the rulebook's D4.
    """
    limits: dict[dt.date, dt.date] = {}
    timely = counted = 0
    for fact in _own(facts):
        if fact.checked_on is None or not fact.is_checked(as_of):
            continue
        if fact.checked_on not in limits:
            limits[fact.checked_on] = publish_by(fact.checked_on)
        last = limits[fact.checked_on]
        counted += fact.is_published(as_of) or last < as_of
        timely += fact.is_published(min(last, as_of))
    return Indicator("K3'", timely, counted, goal)


def follow_up(facts: Iterable[InspectionFact], *, as_of: dt.date, goal: Fraction | None = None) -> Indicator:
    """K4 抽查发现问题后续处置率: problems whose measure is chosen and begun out of problems found."""
    held = [fact for fact in _own(facts) if fact.is_problem(as_of)]
    return _ratio("K4", held, lambda f: f.is_followed_up(as_of), goal)


def closed(facts: Iterable[InspectionFact], *, as_of: dt.date) -> Indicator:
    """K4' 完结率: closed out of published; an inspection without a problem closes itself."""
    held = [fact for fact in _own(facts) if fact.is_published(as_of)]
    return _ratio("K4'", held, lambda f: f.is_closed(as_of), None)


def problems_closed(facts: Iterable[InspectionFact], *, as_of: dt.date) -> Indicator:
    """K4'' 问题完结率: problems closed out of problems found."""
    held = [fact for fact in _own(facts) if fact.is_problem(as_of)]
    return _ratio("K4''", held, lambda f: f.is_closed(as_of), None)


def differentiated_share(
    facts: Iterable[InspectionFact], *, as_of: dt.date, goal: Fraction | None = None
) -> Indicator:
    """
    K5 差异化抽查户数占比: targets drawn by class-dependent tasks out of those drawn by all tasks outside the
    professional fields; a target counts once in each task, excluded ones stay drawn.

    Source: 安市监〔2024〕26号 三（二）.
    """
    held = [fact for fact in _own(facts) if fact.is_drawn(as_of) and not fact.exempt]
    rows = {(fact.task, fact.target) for fact in held}
    by_class = {(fact.task, fact.target) for fact in held if fact.differentiated}
    return Indicator("K5", len(by_class), len(rows), goal)


def differentiated_tasks(
    tasks: Iterable[TaskFact], *, as_of: dt.date, goal: Fraction | None = None
) -> Indicator:
    """K5 by tasks (任务口径): class-dependent tasks out of the drawn ones that are not exempt."""
    held = [task for task in tasks if task.is_drawn(as_of) and not task.exempt]
    return Indicator("K5.tasks", sum(1 for task in held if task.differentiated), len(held), goal)


def detection(facts: Iterable[InspectionFact], *, as_of: dt.date) -> Indicator:
    """K6 问题发现率: inspections with a problem (02-06, 08) out of those checked."""
    held = [fact for fact in _own(facts) if fact.is_checked(as_of)]
    return _ratio("K6", held, lambda f: f.is_problem(as_of), None)


def detection_by_class(facts: Iterable[InspectionFact], *, as_of: dt.date) -> dict[str, Indicator]:
    """K6 by credit-risk class as sealed: ``K6.A`` to ``K6.D`` and ``K6.N`` (分类问题发现率)."""
    by_class: dict[str, list[InspectionFact]] = {c: [] for c in SEALED}
    for fact in _own(facts):
        by_class[fact.class_as_sealed or UNCLASSED].append(fact)
    found = {f"K6.{c}": detection(held, as_of=as_of) for c, held in by_class.items()}
    return {code: Indicator(code, each.numerator, each.denominator) for code, each in found.items()}


def detection_rises(by_class: Mapping[str, Indicator]) -> bool | None:
    """
    Whether problems are found the more often the higher the risk, D > C > B > A.

    Classes in which nothing was checked are passed over; ``None`` where fewer than two are left.
    """
    values = [by_class[f"K6.{c}"].value for c in CLASSES if f"K6.{c}" in by_class]
    rates = [value for value in values if value is not None]
    if len(rates) < 2:
        return None
    return all(low < high for low, high in itertools.pairwise(rates))


def low_risk_visits(
    visits: Iterable[VisitFact], *, enterprises: int, as_of: dt.date, last_year: Fraction | None = None
) -> Indicator:
    """
    K7: on-site visits to class A enterprises per hundred of them, against last year (守信少扰).

    Args:
        visits: Visits of the year; one that serves several tasks counts once.
        enterprises: Enterprises of class A in the register.
        as_of: The day of the figure.
        last_year: The value of last year up to the same day, to be undercut; ``None`` where unknown.

    Source: 安市监〔2024〕26号 三（二）; N17.
    """
    held = {
        visit.visit
        for visit in visits
        if visit.on_site
        and visit.kind == ENTERPRISE
        and visit.class_as_sealed == LOW_RISK
        and visit.visited_on <= as_of
    }
    return Indicator("K7", len(held), enterprises, last_year, lower_is_better=True)


def visits_of(facts: Iterable[InspectionFact]) -> tuple[VisitFact, ...]:
    """Visits as far as inspections alone tell: one to a target on a day (无走访记录时的近似)."""
    found: dict[tuple[str, dt.date], VisitFact] = {}
    for fact in sorted(facts, key=lambda f: (f.class_as_sealed, f.kind)):
        if fact.checked_on is not None and fact.is_to_check(fact.checked_on):
            name = f"{fact.target}@{fact.checked_on.isoformat()}"
            visit = VisitFact(name, fact.target, fact.kind, fact.class_as_sealed, fact.checked_on)
            found.setdefault((fact.target, fact.checked_on), visit)
    return tuple(found.values())


def year_indicators(
    *,
    facts: Iterable[InspectionFact],
    tasks: Iterable[TaskFact],
    visits: Iterable[VisitFact] | None,
    base: int,
    low_risk_enterprises: int,
    publish_by: Callable[[dt.date], dt.date],
    goals: Goals,
    as_of: dt.date,
) -> dict[str, Indicator]:
    """All indicators of a year as of a day, by code, K1 to K7 in order with their variants."""
    held, held_tasks = list(facts), list(tasks)
    seen = visits_of(_own(held)) if visits is None else visits
    found = [
        *enterprise_ratio(held, base=base, as_of=as_of, goal=goals.enterprise_ratio).values(),
        on_time_tasks(held_tasks, held, as_of=as_of, goal=goals.on_time),
        on_time_records(held, as_of=as_of, goal=goals.on_time_records),
        publication(held, as_of=as_of, goal=goals.publication),
        timely_publication(held, as_of=as_of, publish_by=publish_by, goal=goals.timely_publication),
        follow_up(held, as_of=as_of, goal=goals.follow_up),
        closed(held, as_of=as_of),
        problems_closed(held, as_of=as_of),
        differentiated_share(held, as_of=as_of, goal=goals.differentiated),
        differentiated_tasks(held_tasks, as_of=as_of, goal=goals.differentiated_tasks),
        detection(held, as_of=as_of),
        *detection_by_class(held, as_of=as_of).values(),
        low_risk_visits(seen, enterprises=low_risk_enterprises, as_of=as_of, last_year=goals.low_risk_visits),
    ]
    return {indicator.code: indicator for indicator in found}
