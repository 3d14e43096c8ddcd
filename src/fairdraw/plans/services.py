"""
Verbs on plans, tasks and schemes. The order never changes: lock, judge, change, last the log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.plans import permissions, rules, selectors
from fairdraw.plans.annual import amend_plan, hold_row, import_plan, move_plan, release_row, require_unplanned
from fairdraw.plans.models import PlanRowVersion, Scheme, Task, TaskAgency, TaskItem
from fairdraw.plans.refusals import (
    HandPicked,
    ItemNotPlannable,
    PlanExists,
    ReasonMissing,
    SchemeIncomplete,
    require_reason,
)
from fairdraw.plans.schemes import (
    approve_scheme,
    confirm_paper_approval,
    draft_scheme,
    enter_paper_approval,
    scheme_digest,
)
from fairdraw.plans.states import (
    TASK_MOVES,
    AgencyRole,
    Channel,
    TaskKind,
    TaskMove,
    TaskState,
)
from fairdraw.registers import selectors as registers
from fairdraw.registers.models import ItemVersion

__all__ = [
    "HandPicked",
    "ItemNotPlannable",
    "PlanExists",
    "ReasonMissing",
    "SchemeIncomplete",
    "amend_plan",
    "approve_scheme",
    "cancel_task",
    "confirm_paper_approval",
    "create_task",
    "draft_scheme",
    "enter_paper_approval",
    "hold_row",
    "import_plan",
    "move_all",
    "move_plan",
    "release_row",
    "require_unplanned",
    "scheme_digest",
]


@transaction.atomic
def create_task(
    *,
    name: str,
    year: int,
    agency: Agency,
    items: Sequence[ItemVersion],
    window_start: dt.date,
    window_end: dt.date,
    due_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    kind: TaskKind = TaskKind.DOUBLE_RANDOM,
    channel: Channel = Channel.FAIRDRAW,
    row_version: PlanRowVersion | None = None,
    partners: Sequence[Agency] = (),
    executors: Sequence[Agency] = (),
    exempt_field: str = "",
    exempt_reason: str = "",
    local_reason: str = "",
    hand_picked_reason: str = "",
    unannounced: bool = False,
    invented: str = "",
) -> Task:
    """
    Make a task of a plan row, or one of its own (建立任务; N08).

    Raises:
        ItemNotPlannable: It has no item, or one that is not confirmed and published.
        HandPicked: A reason for picking targets by hand is given for a double-random task.
        ReasonMissing: Work of another kind does not say why its targets are not drawn; a task that stands in no
            plan does not say why it is needed here (地方理由).
    """
    permissions.can_create(actor, agency).require()
    _require_plannable(items, on=clock.local_date(now))
    _require_explained(kind, hand_picked_reason, local_reason, own=row_version is None)
    task = Task.objects.create(
        number=rules.task_number(year=year, sequence=selectors.next_sequence(year)),
        name=name,
        year=year,
        plan_row=row_version.row if row_version else None,
        row_version=row_version,
        kind=kind.value,
        channel=channel.value,
        agency=agency,
        window_start=window_start,
        window_end=window_end,
        due_on=due_on,
        exempt_field=exempt_field,
        exempt_reason=exempt_reason,
        local_reason=local_reason.strip(),
        hand_picked_reason=hand_picked_reason,
        unannounced=unannounced,
        invented=invented,
        created_at=now,
    )
    TaskItem.objects.bulk_create(
        TaskItem(task=task, item=v.item, version=v, position=n) for n, v in enumerate(items, start=1)
    )
    roles = [(agency, AgencyRole.LEAD)]
    roles += [(a, AgencyRole.PARTNER) for a in partners] + [(a, AgencyRole.EXECUTOR) for a in executors]
    TaskAgency.objects.bulk_create(TaskAgency(task=task, agency=a, role=r.value) for a, r in roles)
    audit.record(
        "task.created",
        actor=actor,
        at=now,
        body={"task": task.number, "agency": agency.code, "kind": kind.value, "channel": channel.value},
    )
    return task


def _require_plannable(items: Sequence[ItemVersion], *, on: dt.date) -> None:
    if not items:
        raise ItemNotPlannable(_("任务须从已公布的抽查事项清单中至少选定一项"))
    for version in items:
        if not registers.is_plannable(version, on=on):
            raise ItemNotPlannable(_("抽查事项“%(item)s”尚未确认公布，不能列入任务") % {"item": version.name})


def _require_explained(kind: TaskKind, hand_picked_reason: str, local_reason: str, *, own: bool) -> None:
    """Hand-picked work says why; a drawn task of one's own which key field or risk of the place it answers to (二)."""
    if kind is not TaskKind.DOUBLE_RANDOM:
        require_reason(hand_picked_reason)
    elif hand_picked_reason:
        raise HandPicked(_("双随机任务的检查对象只能抽取产生；指定对象请另建其他类型的检查"))
    elif own and not local_reason.strip():
        raise ReasonMissing(_("这项任务不在年度计划内，请写明地方理由：针对本地哪个重点领域或突出风险"))


@transaction.atomic
def move_all(tasks: Iterable[Task], move: TaskMove, *, actor: Actor, now: dt.datetime) -> None:
    """
    Take locked tasks one step on; a later stage calls this inside its own verb.

    Each stage writes its date fact once: ``drawn_at``, ``completed_at``, ``summarised_at``, ``cancelled_at``.
    """
    facts = {
        TaskMove.DRAW: "drawn_at",
        TaskMove.COMPLETE: "completed_at",
        TaskMove.SUMMARISE: "summarised_at",
        TaskMove.CANCEL: "cancelled_at",
    }
    for task in tasks:
        permissions.can_move(actor, task, move).require()
        task.state = TASK_MOVES[TaskState(task.state), move].value
        if move in facts:
            setattr(task, facts[move], now)
        task.save()
        audit.record("task.moved", actor=actor, at=now, body={"task": task.number, "move": move.value})


@transaction.atomic
def cancel_task(*, task: Task, reason: str, actor: Actor, now: dt.datetime) -> Task:
    """Give a task up before it is drawn (取消任务); a published amendment of the plan is the ground."""
    [task] = selectors.tasks_for_update([task.number])
    permissions.can_move(actor, task, TaskMove.CANCEL, Duty.OFFICE).require()
    require_reason(reason)
    task.held_reason = reason
    Scheme.objects.filter(task=task).update(name_key=None)
    move_all([task], TaskMove.CANCEL, actor=actor, now=now)
    return task
