"""
Assistants and experts of a task (辅助人员、专家; rules.md D2, D3, J6): named beforehand, printed, never in a slot.

They have no power to inspect and sign nothing; who inspects is drawn, and these are not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.inspections.models import Helper
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotFound, NotPermitted, RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans import selectors as plans
from fairdraw.plans.models import Task
from fairdraw.plans.states import TaskState
from fairdraw.registers.models import Inspector

BEFORE_THE_END = frozenset(
    {
        TaskState.DRAFTING.value,
        TaskState.APPROVED.value,
        TaskState.SEALED.value,
        TaskState.DRAWN.value,
        TaskState.IN_PROGRESS.value,
    }
)


class HelperRefused(RuleBroken):
    """Somebody cannot help with a task."""

    code = "inspections.helper-refused"


def can_name(actor: Actor, task: Task) -> Verdict:
    """Whether *actor* may name who helps with *task*, until its checks are done."""
    if not actor.holds(Duty.PLANNER, Duty.LEADER, within=task.agency.path):
        return Verdict(NotPermitted(_("辅助人员和专家由承办单位的承办人或负责人指定")))
    if task.state not in BEFORE_THE_END:
        return Verdict(HelperRefused(_("任务已经办结或取消，不能再指定辅助人员和专家")))
    return ALLOWED


def eligible(task: Task) -> QuerySet[Inspector]:
    """The assistants and experts of the directory who may be named: in service, and not named already."""
    named = Helper.objects.filter(task=task, removed_at__isnull=True).values("inspector")
    return (
        Inspector.objects.filter(Q(assistant=True) | Q(expert=True), active=True)
        .exclude(pk__in=named)
        .select_related("agency")
        .order_by("agency__path", "code")
    )


def helpers_of(tasks: Iterable[Task] | Iterable[int]) -> QuerySet[Helper]:
    """Who helps with *tasks* now, in the order in which they were named."""
    rows = Helper.objects.filter(task__in=list(tasks), removed_at__isnull=True)
    return rows.select_related("inspector__agency").order_by("task", "named_at", "pk")


@transaction.atomic
def name_helper(*, task: Task, inspector: str, work: str, actor: Actor, now: dt.datetime) -> Helper:
    """
    Name an assistant or expert for a task (指定辅助人员或专家).

    Args:
        task: Whose papers name them.
        inspector: Number in the directory.
        work: What they help with.
        actor: The section.
        now: When.

    Raises:
        HelperRefused: Not an assistant or expert in service, or named already.
    """
    [held] = plans.tasks_for_update([task.number])
    can_name(actor, held).require()
    person = eligible(held).filter(code=inspector).first()
    if person is None:
        raise HelperRefused(_("只能指定名录中在岗的辅助人员或专家，每人一次"))
    row = Helper.objects.create(task=held, inspector=person, work=work.strip(), named_at=now)
    audit.record("helper.named", actor=actor, at=now, body={"task": held.number, "inspector": person.code})
    return row


@transaction.atomic
def remove_helper(*, task: Task, helper: int, actor: Actor, now: dt.datetime) -> Helper:
    """
    Take an assistant or expert off a task (取消指定); the row stays with the time.

    Raises:
        NotFound: Nobody is named so.
    """
    [held] = plans.tasks_for_update([task.number])
    can_name(actor, held).require()
    row = helpers_of([held]).filter(pk=helper).first()
    if row is None:
        raise NotFound(_("这项任务没有指定这个人"))
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    body = {"task": held.number, "inspector": row.inspector.code}
    audit.record("helper.removed", actor=actor, at=now, body=body)
    return row
