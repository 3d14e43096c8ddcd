"""
The indicators counted by the database (指标统计), so that a province's year is answered while somebody waits.

The reading is that of ``rules``, which stays the law: tests hold both equal on every kind of row, on both
databases. Moments are compared with the end of a day in China, days with days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet

from fairdraw.accounts.models import Agency
from fairdraw.followup.models import FollowUp
from fairdraw.inspections.models import Inspection, Visit
from fairdraw.kernel import clock
from fairdraw.oversight import rules
from fairdraw.oversight.facts import ENTERPRISE, Goals, Indicator, InspectionFact, TaskFact
from fairdraw.plans.models import Task


class EndOfDay(Func):
    """The moment at which a day ends in China, 16:00 UTC; *later* counts days on."""

    output_field = DateTimeField()

    def __init__(self, day: F, *, later: int = 0) -> None:
        super().__init__(day)
        self.later = int(later)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """Moments are text in UTC; ``date()`` is called only where days are counted on."""
        moved = f"date(%(expressions)s, '+{self.later} days')" if self.later else "%(expressions)s"
        return self.as_sql(compiler, connection, template=f"({moved} || ' 16:00:00')", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """A day and a time of day make a moment."""
        moment = f"((%(expressions)s + {self.later} + TIME '16:00') AT TIME ZONE 'UTC')"
        return self.as_sql(compiler, connection, template=moment, **more)


@dataclass(frozen=True)
class Day:
    """What had happened by the end of a day: of one day for all rows, or of a day of each row."""

    day: dt.date | F
    end: dt.datetime | EndOfDay

    @classmethod
    def of(cls, day: dt.date) -> Day:
        """One day for all rows."""
        return cls(day, clock.at(day + dt.timedelta(1), 0))

    @classmethod
    def at(cls, field: str) -> Day:
        """The day in *field* of each row."""
        return cls(F(field), EndOfDay(F(field)))

    @property
    def drawn(self) -> Q:
        """Drawn by then."""
        return Q(drawn_at__lt=self.end)

    @property
    def to_check(self) -> Q:
        """Drawn and not excluded by then (应检查)."""
        return self.drawn & (Q(excluded_at=None) | Q(excluded_at__gte=self.end))

    @property
    def checked(self) -> Q:
        """Checked by then."""
        return self.to_check & Q(checked_on__lte=self.day)

    @property
    def published(self) -> Q:
        """Published by then, and not taken down as wrong."""
        standing = Q(withdrawn_at=None) | Q(withdrawn_at__gte=self.end)
        return self.to_check & Q(published_at__lt=self.end) & standing

    @property
    def unpublished(self) -> Q:
        """To be checked by then and not public (NULL is neither before nor after a moment)."""
        hidden = Q(published_at=None) | Q(published_at__gte=self.end) | Q(withdrawn_at__lt=self.end)
        return self.to_check & hidden


def own_inspections(bureau: Agency, tasks: QuerySet[Task]) -> QuerySet[Inspection]:
    """The inspections of *tasks* that agencies of the bureau execute."""
    agencies = Agency.objects.filter(path__startswith=bureau.path).values("pk")
    return Inspection.objects.filter(task__in=tasks.order_by().values("pk"), agency__in=agencies).order_by()


def year_indicators(
    *,
    rows: QuerySet[Inspection],
    tasks: Iterable[TaskFact],
    visits: QuerySet[Visit],
    base: int,
    low_risk_enterprises: int,
    publish_by: Callable[[dt.date], dt.date],
    surely: int,
    goals: Goals,
    as_of: dt.date,
) -> dict[str, Indicator]:
    """
    As ``rules.year_indicators``, of the bureau's own inspections *rows* and of its visits.

    Args:
        surely: Days after the check that are never past ``publish_by``: the limit's own number, working days or not.
    """
    held = list(tasks)
    late = late_tasks(rows, held, as_of=as_of)
    due = sum(1 for task in held if task.is_due(as_of))
    counted = _records(rows, as_of)
    problems = _problems(rows, as_of)
    share = _differentiated(rows, as_of)
    found = [
        *_enterprise_ratio(rows, base=base, as_of=as_of, goal=goals.enterprise_ratio),
        Indicator("K2", due - len(late), due, goals.on_time),
        Indicator("K2'", counted["in_time"], counted["due"], goals.on_time_records),
        Indicator("K3", counted["checked_published"], counted["checked"], goals.publication),
        _timely_publication(
            rows,
            checked=counted["checked"],
            publish_by=publish_by,
            surely=surely,
            as_of=as_of,
            goal=goals.timely_publication,
        ),
        Indicator("K4", problems["begun"], counted["problems"], goals.follow_up),
        Indicator(
            "K4'",
            counted["published"] - counted["published_problems"] + problems["closed_published"],
            counted["published"],
        ),
        Indicator("K4''", problems["closed"], counted["problems"]),
        Indicator("K5", share["differentiated"], share["all"], goals.differentiated),
        rules.differentiated_tasks(held, as_of=as_of, goal=goals.differentiated_tasks),
        Indicator("K6", counted["problems"], counted["checked"]),
        *(Indicator(f"K6.{c}", counted[f"problems_{c}"], counted[f"checked_{c}"]) for c in rules.SEALED),
        Indicator(
            "K7",
            low_risk_visits(visits, as_of=as_of),
            low_risk_enterprises,
            goals.low_risk_visits,
            lower_is_better=True,
        ),
    ]
    return {each.code: each for each in found}


def late_tasks(
    rows: QuerySet[Inspection], tasks: Iterable[TaskFact], *, as_of: dt.date
) -> tuple[TaskFact, ...]:
    """As ``rules.late_tasks``: what K2 counts as missed, the earliest due first (逾期任务)."""
    due = [task for task in tasks if task.is_due(as_of)]
    last = Day.at("task__due_on")
    unfinished = set(
        rows.filter(last.unpublished, task__due_on__lte=as_of)
        .values_list("task__number", flat=True)
        .distinct()
    )
    undrawn = {task.task for task in due if not task.is_drawn(task.due_on)}
    if undrawn:
        undrawn -= set(
            rows.filter(last.drawn, task__number__in=undrawn)
            .values_list("task__number", flat=True)
            .distinct()
        )
    late = [task for task in due if task.task in unfinished | undrawn]
    return tuple(sorted(late, key=lambda task: (task.due_on, task.task)))


def low_risk_visits(visits: QuerySet[Visit], *, as_of: dt.date) -> int:
    """The numerator of K7: visits on site to enterprises that some inspection of theirs sealed as class A."""
    held = visits.filter(
        method="on_site",
        visited_on__lte=as_of,
        inspections__kind=ENTERPRISE,
        inspections__class_as_sealed=rules.LOW_RISK,
    )
    return held.order_by().aggregate(n=Count("pk", distinct=True))["n"]


def _enterprise_ratio(
    rows: QuerySet[Inspection], *, base: int, as_of: dt.date, goal: Fraction | None
) -> list[Indicator]:
    day = Day.of(as_of)
    readings = {"published": day.published, "checked": day.checked, "to_check": day.to_check}
    targets = (
        rows.filter(day.drawn, kind=ENTERPRISE)
        .values("target")
        .annotate(**{name: Count("pk", filter=counts) for name, counts in readings.items()})
    )
    found = targets.aggregate(
        drawn=Count("target"),
        **{f"n_{name}": Count("target", filter=Q(**{f"{name}__gt": 0})) for name in readings},
    )
    return [
        Indicator("K1", found["n_published"], base, goal),
        Indicator("K1.checked", found["n_checked"], base, goal),
        Indicator("K1.drawn", found["drawn"], base, goal),
        Indicator("K1.forecast", found["n_to_check"], base, goal),
    ]


def _records(rows: QuerySet[Inspection], as_of: dt.date) -> dict[str, int]:
    day, last = Day.of(as_of), Day.at("due_on")
    problem = Q(problem=True)
    wanted = {
        "due": Q(due_on__lte=as_of) & last.to_check,
        "in_time": Q(due_on__lte=as_of) & last.published,
        "published": day.published,
        "published_problems": problem & day.published,
        "checked_published": day.checked & day.published,
    }
    for sealed in rules.SEALED:
        of_class = Q(class_as_sealed__in=("", sealed) if sealed == rules.UNCLASSED else (sealed,))
        wanted[f"checked_{sealed}"] = of_class & day.checked
        wanted[f"problems_{sealed}"] = of_class & problem & day.checked
    found = rows.filter(day.drawn).aggregate(
        **{name: Count("pk", filter=counts) for name, counts in wanted.items()}
    )
    for name in ("checked", "problems"):
        found[name] = sum(found[f"{name}_{sealed}"] for sealed in rules.SEALED)
    return found


def _problems(rows: QuerySet[Inspection], as_of: dt.date) -> dict[str, int]:
    day = Day.of(as_of)
    held = FollowUp.objects.filter(finding__inspection=OuterRef("pk"))
    begun = Exists(held) & ~Exists(held.filter(Q(started_on=None) | Q(started_on__gt=as_of)))
    ended = ~Exists(held.filter(Q(closed_on=None) | Q(closed_on__gt=as_of)))
    return rows.filter(day.checked, begun, problem=True).aggregate(
        begun=Count("pk"),
        closed=Count("pk", filter=ended),
        closed_published=Count("pk", filter=ended & day.published),
    )


def _timely_publication(
    rows: QuerySet[Inspection],
    *,
    checked: int,
    publish_by: Callable[[dt.date], dt.date],
    surely: int,
    as_of: dt.date,
    goal: Fraction | None,
) -> Indicator:
    """What was public within *surely* days is timely; the rest, few, is judged row by row."""
    day = Day.of(as_of)
    held = rows.filter(day.checked)
    waiting = dict(
        held.filter(Q(published_at=None) | Q(published_at__gte=day.end))
        .values_list("checked_on")
        .annotate(n=Count("pk"))
    )
    overdue = sum(n for checked_on, n in waiting.items() if publish_by(checked_on) < as_of)
    soon = EndOfDay(F("checked_on"), later=surely)
    dates = held.filter(
        Q(published_at__gte=soon)
        | Q(excluded_at__isnull=False)
        | Q(withdrawn_at__isnull=False)
        | Q(drawn_at__gt=F("published_at")),
        published_at__lt=day.end,
    ).values_list("checked_on", "published_at", "withdrawn_at", "excluded_at", "drawn_at")
    doubtful = [_dated(*row) for row in dates]
    judged = rules.timely_publication(doubtful, as_of=as_of, publish_by=publish_by)
    timely = checked - sum(waiting.values()) - len(doubtful)
    return Indicator("K3'", timely + judged.numerator, timely + overdue + judged.denominator, goal)


def _dated(
    checked_on: dt.date | None,
    published_at: dt.datetime | None,
    withdrawn_at: dt.datetime | None,
    excluded_at: dt.datetime | None,
    drawn_at: dt.datetime,
) -> InspectionFact:
    return InspectionFact(
        task="",
        target="",
        kind="",
        stratum="",
        class_as_sealed="",
        differentiated=False,
        exempt=False,
        due_on=clock.local_date(drawn_at),
        checked_on=checked_on,
        published_on=clock.local_date(published_at) if published_at else None,
        withdrawn_on=clock.local_date(withdrawn_at) if withdrawn_at else None,
        excluded=excluded_at is not None,
        excluded_on=clock.local_date(excluded_at) if excluded_at else None,
        drawn_on=clock.local_date(drawn_at),
    )


def _differentiated(rows: QuerySet[Inspection], as_of: dt.date) -> dict[str, int]:
    targets = (
        rows.filter(Day.of(as_of).drawn, exempt=False)
        .values("task", "target")
        .annotate(by_class=Count("pk", filter=Q(differentiated=True)))
    )
    return targets.aggregate(all=Count("target"), differentiated=Count("target", filter=Q(by_class__gt=0)))
