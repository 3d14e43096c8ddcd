"""
A deadline that the superior moved, down to the inspections that are open already (上级调整时限; N03, N14).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction

from fairdraw.audit import services as audit
from fairdraw.burden import services as burden
from fairdraw.inspections import selectors, services
from fairdraw.inspections.models import Inspection, Visit
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel import clock
from fairdraw.kernel.actor import SYSTEM, Actor
from fairdraw.plans import deadlines
from fairdraw.plans import selectors as plans
from fairdraw.plans.deadlines import Moved
from fairdraw.plans.models import DeadlineChange, Task

ENDED = (InspectionState.PUBLISHED.value, InspectionState.EXCLUDED.value)
ON_SITE = "on_site"


@dataclass(frozen=True)
class Change:
    """What moving a deadline did: *inspections* got the new day, *told* visits are announced for a day past the last one."""

    change: DeadlineChange
    inspections: int
    told: int


@transaction.atomic
def change_deadline(*, task: Task, moved: Moved, actor: Actor, now: dt.datetime) -> Change:
    """
    Enter a deadline that the superior moved (登记上级调整的时限): the task's, its open inspections', and what is counted from it.

    Visits that nobody was told of get days within the new time.

    Raises:
        DeadlineWrong: See :func:`plans.deadlines.put`.

    Source: N03, N14.
    """
    [held] = plans.tasks_for_update([task.number])
    change = deadlines.put(held, moved, actor=actor, now=now)
    rows = Inspection.objects.filter(task=held).exclude(state__in=ENDED)
    count = rows.update(due_on=change.due_on)
    if count:
        _expect_anew(held)
        services.plan_visits(task=held, actor=SYSTEM, now=now)
    audit.record(
        "task.deadline", actor=actor, at=now, body=deadlines.body_of(change) | {"inspections": count}
    )
    return Change(change, count, _told_too_late(held, on=clock.local_date(now)))


def _expect_anew(task: Task) -> None:
    """Let the visits to come be expected by the last day that any of their inspections has now."""
    doors: dict[int, list[Inspection]] = defaultdict(list)
    visits = {visit.pk: visit for visit in selectors.open_visits(task)}
    links = Inspection.visits.through.objects.filter(visit_id__in=visits).select_related("inspection")
    for link in links:
        doors[link.visit_id].append(link.inspection)
    burden.forgo(list(doors))
    burden.expect(
        burden.Door(key, visits[key].target_id, visits[key].agency_id, max(i.due_on for i in held))
        for key, held in doors.items()
        if any(i.method == ON_SITE for i in held)
    )


def _told_too_late(task: Task, *, on: dt.date) -> int:
    """How many visits were announced for a day after the last one that is left for visits."""
    last = plans.schedule(task, on=on).last_visit
    rows = Visit.objects.filter(inspections__task=task, visited_on__isnull=True, planned_on__gt=last)
    return rows.filter(notified_at__isnull=False).distinct().count()
