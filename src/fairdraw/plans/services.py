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
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import RuleBroken
from fairdraw.plans import permissions, rules, selectors
from fairdraw.plans.entries import PlanRowEntry, SchemeEntry
from fairdraw.plans.models import AnnualPlan, PlanRow, PlanRowVersion, Scheme, Task, TaskAgency, TaskItem
from fairdraw.plans.states import (
    PLAN_MOVES,
    TASK_MOVES,
    AgencyRole,
    Channel,
    PlanMove,
    PlanState,
    TaskKind,
    TaskMove,
    TaskState,
)
from fairdraw.registers.models import ItemVersion


class PlanExists(RuleBroken):
    """The bureau has a plan of that year already."""

    code = "plans.plan-exists"


class ItemNotPlannable(RuleBroken):
    """An item that is not confirmed and published cannot be checked (rules.md B1)."""

    code = "plans.item-not-plannable"


class HandPicked(RuleBroken):
    """Targets of a double-random task are drawn, never picked (N01; rules.md A1)."""

    code = "plans.hand-picked"


class SchemeIncomplete(RuleBroken):
    """A scheme lacks something that it must state (N12)."""

    code = "plans.scheme-incomplete"


@transaction.atomic
def import_plan(
    entries: Sequence[PlanRowEntry],
    *,
    agency: Agency,
    year: int,
    title: str,
    source: str,
    invented: str,
    actor: Actor,
    now: dt.datetime,
) -> AnnualPlan:
    """Enter a bureau's plan table as the draft of its annual plan (导入年度计划; N07)."""
    if selectors.annual_plan(agency, year) is not None:
        raise PlanExists(_("%(year)s年的年度计划已经存在，请在原计划上调整") % {"year": year})
    plan = AnnualPlan.objects.create(agency=agency, year=year, title=title, invented=invented, created_at=now)
    lines: list[bytes] = []
    for number, entry in enumerate(entries, start=1):
        row = PlanRow.objects.create(
            plan=plan, number=number, source_no=entry.source_no, upstream=entry.upstream
        )
        PlanRowVersion.objects.create(row=row, created_at=now, **_version_fields(entry))
        lines.append(f"{number}\t{entry.source_no}\t{entry.task_name}".encode())
    audit.record_batch(
        "plan.imported",
        actor=actor,
        at=now,
        body={"agency": agency.code, "year": year, "source": source},
        rows=lines,
    )
    return plan


def _version_fields(entry: PlanRowEntry) -> dict[str, object]:
    return {
        "task_name": entry.task_name,
        "check_type": entry.check_type,
        "items": list(entry.items),
        "object_scope": entry.object_scope,
        "initiator": entry.initiator,
        "participants": list(entry.participants),
        "ratio_min": entry.ratio_min,
        "ratio_max": entry.ratio_max,
        "ratio_by_class": {c: str(r) for c, r in entry.ratio_by_class.items()},
        "ratio_by_kind": {k: str(r) for k, r in entry.ratio_by_kind.items()},
        "count_min": entry.count_min,
        "count_max": entry.count_max,
        "count_by_class": dict(entry.count_by_class),
        "classes_excluded": list(entry.classes_excluded),
        "window_start": entry.window_start,
        "window_end": entry.window_end,
        "raw": {k: str(v) for k, v in entry.raw.items()},
        "problems": list(entry.problems),
    }


@transaction.atomic
def hold_row(*, version: PlanRowVersion, reason: str, actor: Actor, now: dt.datetime) -> PlanRowVersion:
    """Hold a row that cannot be planned, with its reason (暂缓)."""
    version.held_reason = reason
    version.save(update_fields=["held_reason"])
    plan = version.row.plan
    audit.record(
        "plan.row_held",
        actor=actor,
        at=now,
        body={"agency": plan.agency.code, "year": plan.year, "row": version.row.number, "reason": reason},
    )
    return version


@transaction.atomic
def move_plan(
    *,
    plan: AnnualPlan,
    move: PlanMove,
    actor: Actor,
    now: dt.datetime,
    document_number: str = "",
    issued_on: dt.date | None = None,
) -> AnnualPlan:
    """Take the annual plan one step on: submit, file, publish, amend, close (报审、备案、公布、调整、结束)."""
    plan = AnnualPlan.objects.select_for_update(of=("self",)).select_related("agency").get(pk=plan.pk)
    permissions.can_move_plan(actor, plan, move).require()
    plan.state = PLAN_MOVES[PlanState(plan.state), move].value
    if document_number:
        plan.document_number = document_number
    if issued_on is not None:
        plan.issued_on = issued_on
    if move is PlanMove.PUBLISH:
        plan.published_at = now
    if move is PlanMove.AMEND:
        plan.version += 1
    plan.save()
    audit.record(
        "plan.moved",
        actor=actor,
        at=now,
        body={"agency": plan.agency.code, "year": plan.year, "move": move.value, "version": plan.version},
    )
    return plan


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
    invented: str = "",
) -> Task:
    """
    Make a task of a plan row, or one of its own (建立任务; N08).

    Raises:
        ItemNotPlannable: An item is not confirmed and published.
        HandPicked: A reason for picking targets by hand is given for a double-random task.
    """
    for version in items:
        if version.state != "confirmed" or not version.published:
            raise ItemNotPlannable(
                _("抽查事项“%(item)s”尚未确认公布，不能列入任务") % {"item": version.item.name}
            )
    if kind is TaskKind.DOUBLE_RANDOM and hand_picked_reason:
        raise HandPicked(_("双随机任务的检查对象只能抽取产生；指定对象请另建其他类型的检查"))
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


@transaction.atomic
def draft_scheme(*, task: Task, entry: SchemeEntry, name: str, actor: Actor, now: dt.datetime) -> Scheme:
    """Write the scheme of a task (制定抽查方案; N12); an earlier draft is replaced."""
    [task] = selectors.tasks_for_update([task.number])
    permissions.can_draft(actor, task).require()
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
    Approve the scheme of a task (审定方案); *paper* marks an approval entered from a signed sheet.

    Raises:
        SchemeIncomplete: It does not state all that N12 asks for; names what is missing.
    """
    [task] = selectors.tasks_for_update([task.number])
    permissions.can_approve(actor, task).require()
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
    scheme.approved_by = actor.code
    scheme.approved_at = now
    scheme.paper_approval = paper
    scheme.approval_scan = scan
    scheme.save()
    task.state = TASK_MOVES[TaskState(task.state), TaskMove.APPROVE].value
    task.approved_at = now
    task.save()
    audit.record(
        "scheme.approved",
        actor=actor,
        at=now,
        body={"task": task.number, "paper": paper, "scheme": scheme_digest(scheme)},
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
    task.held_reason = reason
    move_all([task], TaskMove.CANCEL, actor=actor, now=now)
    return task
