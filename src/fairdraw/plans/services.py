"""
Verbs on plans, tasks and schemes. The order never changes: lock, judge, change, last the log.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.plans import permissions, rules, selectors
from fairdraw.plans.annual import amend_plan, hold_row, import_plan, move_plan, release_row, require_unplanned
from fairdraw.plans.entries import SchemeEntry
from fairdraw.plans.models import PlanRowVersion, Scheme, Task, TaskAgency, TaskItem
from fairdraw.plans.refusals import (
    HandPicked,
    ItemNotPlannable,
    PlanExists,
    ReasonMissing,
    SchemeIncomplete,
    require_reason,
)
from fairdraw.plans.states import (
    TASK_MOVES,
    AgencyRole,
    Channel,
    TaskKind,
    TaskMove,
    TaskState,
)
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
        ItemNotPlannable: An item is not confirmed and published.
        HandPicked: A reason for picking targets by hand is given for a double-random task.
        ReasonMissing: Work of another kind does not say why its targets are not drawn.
    """
    permissions.can_create(actor, agency).require()
    _require_plannable(items)
    _require_drawn_or_explained(kind, hand_picked_reason)
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
        local_reason=local_reason,
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


def _require_plannable(items: Sequence[ItemVersion]) -> None:
    for version in items:
        if version.state != "confirmed" or not version.published:
            raise ItemNotPlannable(
                _("抽查事项“%(item)s”尚未确认公布，不能列入任务") % {"item": version.item.name}
            )


def _require_drawn_or_explained(kind: TaskKind, hand_picked_reason: str) -> None:
    if kind is not TaskKind.DOUBLE_RANDOM:
        require_reason(hand_picked_reason)
    elif hand_picked_reason:
        raise HandPicked(_("双随机任务的检查对象只能抽取产生；指定对象请另建其他类型的检查"))


@transaction.atomic
def draft_scheme(*, task: Task, entry: SchemeEntry, name: str, actor: Actor, now: dt.datetime) -> Scheme:
    """Write the scheme of a task (制定抽查方案; N12); an earlier draft is replaced, its days are the task's."""
    [task] = selectors.tasks_for_update([task.number])
    permissions.can_draft(actor, task).require()
    task.window_start, task.window_end = entry.starts_on, entry.finishes_on
    task.due_on = rules.due_on(scheme_end=entry.finishes_on, cutoff=selectors.cutoff(task.year))
    task.save(update_fields=["window_start", "window_end", "due_on"])
    scheme, _created = Scheme.objects.update_or_create(
        task=task,
        defaults={
            "name": name,
            "scope": entry.scope.to_json(),
            "scope_text": entry.scope_text,
            "stratified_by": entry.stratified_by,
            "mode": entry.mode,
            "strata": list(entry.strata),
            "class_rates": {c: str(r) for c, r in entry.class_rates.items()},
            "total": entry.total,
            "slots": list(entry.slots),
            "assign_mode": entry.assign_mode,
            "bundle_size": entry.bundle_size,
            "method": entry.method,
            "ratio_text": entry.ratio_text,
            "starts_on": entry.starts_on,
            "finishes_on": entry.finishes_on,
            "drafted_by": actor.code,
            "paper_approval": False,
            "approval_scan": "",
            "approval_signer": "",
            "approval_signed_on": None,
            "approval_entered_by": "",
        },
    )
    audit.record(
        "scheme.drafted", actor=actor, at=now, body={"task": task.number, "scheme": scheme_digest(scheme)}
    )
    return scheme


def scheme_digest(scheme: Scheme) -> str:
    """The SHA-256 of what a scheme states, in hex: what its approval approves."""
    stated = [
        scheme.name,
        scheme.scope,
        scheme.scope_text,
        scheme.ratio_text,
        scheme.class_rates,
        scheme.method,
        scheme.stratified_by,
        scheme.mode,
        scheme.strata,
        scheme.total,
        scheme.slots,
        scheme.assign_mode,
        scheme.bundle_size,
        scheme.starts_on.isoformat(),
        scheme.finishes_on.isoformat(),
    ]
    return hashlib.sha256(json.dumps(stated, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def approve_scheme(
    *, task: Task, actor: Actor, now: dt.datetime, paper: bool = False, scan: str = ""
) -> Task:
    """
    Approve the scheme of a task (审定方案); *paper* marks an approval whose signed sheet is at hand.

    Raises:
        SchemeIncomplete: It does not state all that N12 asks for, or the sheet's scan is missing.
    """
    [task] = selectors.tasks_for_update([task.number])
    permissions.can_approve(actor, task).require()
    _require_complete(task)
    if paper and not scan:
        raise SchemeIncomplete(_("线下审批请附签字的审批表扫描件"))
    task.scheme.paper_approval = paper
    task.scheme.approval_scan = scan
    return _approve(task, actor=actor, now=now)


@transaction.atomic
def enter_paper_approval(
    *, task: Task, scan: str, signer: str, signed_on: dt.date, actor: Actor, now: dt.datetime
) -> Scheme:
    """
    Enter an approval that was signed on paper (纸质审批回填); it holds once a second person confirms it.

    Args:
        task: Its scheme waits for approval.
        scan: The SHA-256 of the stored scan of the signed sheet.
        signer: Who signed.
        signed_on: When.
        actor: Who enters it: a planner or clerk, the drafter as well.
        now: When it is entered.

    Raises:
        SchemeIncomplete: The scheme lacks something, or scan or signer are missing.

    Source: design.md §3; N12.
    """
    [task] = selectors.tasks_for_update([task.number])
    permissions.can_enter_approval(actor, task).require()
    _require_complete(task)
    if not scan or not signer.strip():
        raise SchemeIncomplete(_("线下审批请填写签批人，并附签字的审批表扫描件"))
    if signed_on > clock.local_date(now):
        raise SchemeIncomplete(_("签批日期不能晚于今天"))
    scheme = task.scheme
    scheme.paper_approval = True
    scheme.approval_scan = scan
    scheme.approval_signer = signer.strip()
    scheme.approval_signed_on = signed_on
    scheme.approval_entered_by = actor.code
    scheme.save()
    audit.record(
        "scheme.paper_entered",
        actor=actor,
        at=now,
        body={"task": task.number, "scan": scan, "scheme": scheme_digest(scheme)},
    )
    return scheme


@transaction.atomic
def confirm_paper_approval(*, task: Task, actor: Actor, now: dt.datetime) -> Task:
    """Confirm, as a second person, that the signed sheet says what was entered (确认线下审批)."""
    [task] = selectors.tasks_for_update([task.number])
    permissions.can_confirm_approval(actor, task).require()
    _require_complete(task)
    return _approve(task, actor=actor, now=now)


def _require_complete(task: Task) -> None:
    scheme = task.scheme
    missing = rules.missing_in_scheme(
        scope_text=scheme.scope_text,
        departments=task.task_agencies.count(),
        items=task.task_items.count(),
        ratio_text=scheme.ratio_text,
        finishes_on=scheme.finishes_on,
    )
    if missing:
        named = "、".join(_(m) for m in missing)
        raise SchemeIncomplete(_("方案缺少：%(named)s") % {"named": named})


def _approve(task: Task, *, actor: Actor, now: dt.datetime) -> Task:
    scheme = task.scheme
    scheme.approved_by = actor.code
    scheme.approved_at = now
    scheme.save()
    task.state = TASK_MOVES[TaskState(task.state), TaskMove.APPROVE].value
    task.approved_at = now
    task.due_on = rules.due_on(scheme_end=scheme.finishes_on, cutoff=selectors.cutoff(task.year))
    task.save()
    audit.record(
        "scheme.approved",
        actor=actor,
        at=now,
        body={"task": task.number, "paper": scheme.paper_approval, "scheme": scheme_digest(scheme)},
    )
    return task


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
    move_all([task], TaskMove.CANCEL, actor=actor, now=now)
    return task
