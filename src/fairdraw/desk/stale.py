"""Classes that are too old to draw by (分类时效; rules.md O2), said before a list is frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from fairdraw.plans.models import Task
from fairdraw.plans.states import Channel
from fairdraw.registers.rules import EXCLUSION_BY_STATUS
from fairdraw.registers.scopes import ScopeSpec, in_scope
from fairdraw.rulebook import selectors as rulebook


@dataclass(frozen=True)
class Stale:
    """Of a task that draws by class: how many targets' classes are too old, and the oldest one's day."""

    task: Task
    count: int
    oldest: dt.date | None
    days: int


def of_tasks(tasks: Iterable[Task], *, today: dt.date) -> list[Stale]:
    """The tasks whose frame would hold classes that are too old today; drawn so, they do not count for K5."""
    days = int(rulebook.number("class_max_age_days", today))
    old = Q(credit_computed_on__lt=today - dt.timedelta(days)) | Q(credit_computed_on=None)
    found = []
    for task in tasks:
        scheme = getattr(task, "scheme", None)
        if scheme is None or not scheme.class_rates or task.channel != Channel.FAIRDRAW:
            continue
        rows = in_scope(ScopeSpec.from_json(scheme.scope)).exclude(status__in=EXCLUSION_BY_STATUS)
        if scheme.stratified_by == "mix":  # the others are told apart by what they are
            rows = rows.filter(kind="enterprise")
        said = rows.exclude(credit_class="").aggregate(
            count=Count("pk", filter=old), oldest=Min("credit_computed_on")
        )
        if said["count"]:
            found.append(Stale(task, said["count"], said["oldest"], days))
    return found
