"""
Who does what of a task in which weeks (任务分工; N10, 三（一）“根据抽查事项类型和企业信用风险分类等细化任务分工”).

A share names a unit, an area, weeks and who leads; it never names how many a person makes (国办发〔2024〕54号).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import Trouble
from fairdraw.plans import scheme_permissions, selectors
from fairdraw.plans.models import Task, WorkShare
from fairdraw.plans.refusals import DivisionWrong


@dataclass(frozen=True)
class ShareEntry:
    """A share of the work as it was typed; without an area it is the whole of the task's."""

    agency: Agency
    area: Agency | None
    starts_on: dt.date
    ends_on: dt.date
    leader: str = ""


@transaction.atomic
def set_division(
    *, task: Task, shares: Sequence[ShareEntry], actor: Actor, now: dt.datetime
) -> list[WorkShare]:
    """
    Say who does what of a task in which weeks (安排任务分工), in place of what was said before.

    Raises:
        DivisionWrong: A share lies outside the task's days, ends before it starts, or stands twice.
    """
    [task] = selectors.tasks_for_update([task.number])
    scheme_permissions.can_divide(actor, task).require()
    if troubles := _troubles(task, shares):
        raise DivisionWrong(_("任务分工有%(n)s处需要改正") % {"n": len(troubles)}, troubles=troubles)
    WorkShare.objects.filter(task=task).delete()
    made = WorkShare.objects.bulk_create(
        WorkShare(
            task=task,
            agency=share.agency,
            area=share.area,
            starts_on=share.starts_on,
            ends_on=share.ends_on,
            leader=share.leader.strip(),
            position=place,
        )
        for place, share in enumerate(shares, start=1)
    )
    audit.record_batch(
        "division.set",
        actor=actor,
        at=now,
        body={"task": task.number},
        rows=[_line(share).encode() for share in made],
    )
    return made


def _line(share: WorkShare) -> str:
    area = share.area.code if share.area else "*"
    return f"{share.agency.code}\t{area}\t{share.starts_on}\t{share.ends_on}"


def _troubles(task: Task, shares: Sequence[ShareEntry]) -> tuple[Trouble, ...]:
    found, seen = [], set()
    for row, share in enumerate(shares, start=1):
        if share.ends_on < share.starts_on:
            found.append(Trouble(_("结束周早于开始周"), row=row, column=_("结束")))
        elif share.starts_on < task.window_start or share.ends_on > task.window_end:
            found.append(Trouble(_("不在任务的检查期限内"), row=row, column=_("开始")))
        key = (share.agency.pk, share.area.pk if share.area else None, share.starts_on)
        if key in seen:
            found.append(Trouble(_("同一单位、辖区和周次已有一行"), row=row, column=_("承办单位")))
        seen.add(key)
    return tuple(found)


def shares_of(task: Task) -> QuerySet[WorkShare]:
    """The shares of a task in their order."""
    return WorkShare.objects.filter(task=task).select_related("agency", "area").order_by("position")


def shares_on(actor: Actor, first: dt.date, last: dt.date) -> QuerySet[WorkShare]:
    """The shares of the actor's visible tasks that fall into a period: who is to do what then."""
    tasks = selectors.visible_tasks(actor).filter(cancelled_at=None).values("pk")
    rows = WorkShare.objects.filter(task__in=tasks, starts_on__lte=last, ends_on__gte=first)
    return rows.select_related("agency", "area", "task").order_by("agency__code", "starts_on", "pk")


def moved(
    shares: Sequence[WorkShare], *, task_start: dt.date, start: dt.date, end: dt.date
) -> list[ShareEntry]:
    """The shares of another task moved to begin with this one, cut to its days (沿用分工)."""
    shift = start - task_start
    shift -= dt.timedelta(shift.days % 7) if shift.days % 7 < 4 else dt.timedelta(shift.days % 7 - 7)
    found = []
    for share in shares:
        first, last = max(start, share.starts_on + shift), min(end, share.ends_on + shift)
        if first <= last:
            found.append(ShareEntry(share.agency, share.area, first, last, share.leader))
    return found
