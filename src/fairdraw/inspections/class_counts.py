"""
Numbers by class of a task whose targets have none (分类户数; N15, kpi.md K5): a list drawn elsewhere, from a document.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.inspections import rules
from fairdraw.inspections.models import Inspection
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.plans.models import Task
from fairdraw.plans.states import Channel
from fairdraw.registers import class_counts
from fairdraw.registers import services as registers
from fairdraw.rulebook import selectors as rulebook


@transaction.atomic
def count_classes(
    *,
    task: Task,
    held: Mapping[str, int],
    drawn: Mapping[str, int],
    computed_on: dt.date,
    source: str,
    actor: Actor,
    now: dt.datetime,
) -> bool:
    """
    Enter of how many targets of each class the list of *task* was drawn elsewhere (录入任务的分类户数).

    Args:
        task: The task; its list was drawn on the platform of a higher authority.
        held: Targets in its scope by class.
        drawn: Drawn ones by class.
        computed_on: The day of the classes.
        source: The document that says so.
        actor: The bureau's office or its clerk.
        now: When.

    Returns:
        Whether the task counts as drawn with class-dependent rates (K5).

    Raises:
        CountsRefused: The task was drawn here, or the numbers cannot be right.
    """
    if task.channel == Channel.FAIRDRAW:
        raise registers.CountsRefused(_("本任务在本系统抽取，各类比例以抽取底册为准，不录入户数"))
    registers.enter_class_counts(
        agency=accounts.root(),
        task=task.number,
        held=held,
        drawn=drawn,
        computed_on=computed_on,
        source=source,
        actor=actor,
        now=now,
    )
    rows = Inspection.objects.filter(task=task)
    first = rows.order_by("drawn_at").first()
    day = clock.local_date(first.drawn_at if first else now)
    counts = is_differentiated(task, oldest_class_on=None, drawn_on=day)
    rows.update(differentiated=counts)
    return counts


def is_differentiated(task: Task, *, oldest_class_on: dt.date | None, drawn_on: dt.date) -> bool:
    """
    Whether a task counts as drawn with class-dependent rates (K5): by the numbers entered for it, else by its scheme.

    Args:
        task: The task.
        oldest_class_on: The oldest day of the classes of its targets, as the register has them.
        drawn_on: When it was drawn.
    """
    rates, computed_on = task.scheme.class_rates, oldest_class_on
    counted = class_counts.counts_of(accounts.root(), task.number)
    if counted is not None and task.channel != Channel.FAIRDRAW:
        rates, computed_on = counted.rates, counted.computed_on
    limit = int(rulebook.number(rules.STALE_AFTER_DAYS_RULE, drawn_on))
    return rules.is_differentiated(rates, oldest_class_on=computed_on, drawn_on=drawn_on, days=limit)
