"""
Amendments of a published plan (计划调整; rules.md E4): drafted by the office, made public by another person, with a reason.

Rows are added, dropped, changed; the plan gets a new public version and the old one stays. A dropped row cancels its tasks
that are not drawn yet; what is drawn is carried through.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.canonical import JSON
from fairdraw.kernel.errors import InvalidInput, RuleBroken
from fairdraw.plans import editions, permissions, selectors, shown
from fairdraw.plans.annual import next_version
from fairdraw.plans.differing import Cell, difference
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.models import AnnualPlan, PlanAmendment, PlanEdition, PlanRow, PlanRowVersion, Task
from fairdraw.plans.refusals import require_reason
from fairdraw.plans.services import move_all
from fairdraw.plans.states import TASK_LABELS, TASK_MOVES, TaskMove, TaskState

ADD, CHANGE, DROP = "add", "change", "drop"
_DECIMALS = ("ratio_min", "ratio_max")
_DAYS = ("window_start", "window_end")
_TUPLES = ("items", "participants", "classes_excluded", "problems")
_RATIOS = ("ratio_by_class", "ratio_by_kind")


class NoAmendment(RuleBroken):
    """Nothing is drafted, or the draft changes nothing."""

    code = "plans.no-amendment"


class StillSealed(RuleBroken):
    """A row cannot be dropped while the draw of its task is sealed and neither drawn nor given up."""

    code = "plans.still-sealed"


@dataclass(frozen=True)
class Published:
    """What an amendment did: its version, the tasks that it cancelled, those that go on because they are drawn."""

    edition: PlanEdition
    cancelled: tuple[Task, ...]
    going_on: tuple[Task, ...]


def entry_of(version: PlanRowVersion) -> PlanRowEntry:
    """What a version of a row says, as an entry that can be changed."""
    return PlanRowEntry(
        source_no=version.row.source_no,
        task_name=version.task_name,
        items=tuple(version.items),
        object_scope=version.object_scope,
        check_type=version.check_type,
        initiator=version.initiator,
        participants=tuple(version.participants),
        ratio_min=version.ratio_min,
        ratio_max=version.ratio_max,
        ratio_by_class={c: Decimal(r) for c, r in version.ratio_by_class.items()},
        ratio_by_kind={k: Decimal(r) for k, r in version.ratio_by_kind.items()},
        count_min=version.count_min,
        count_max=version.count_max,
        count_by_class=dict(version.count_by_class),
        classes_excluded=tuple(version.classes_excluded),
        window_start=version.window_start,
        window_end=version.window_end,
        upstream=version.row.upstream,
        raw=dict(version.raw),
        problems=tuple(version.problems),
    )


def to_json(entry: PlanRowEntry) -> dict[str, Any]:
    """
    An entry as it is kept in a draft; :func:`from_json` gives it back.

    >>> entry = PlanRowEntry("1", "甲", ("乙",), ratio_min=Decimal("0.05"), window_end=dt.date(2026, 6, 30))
    >>> from_json(to_json(entry)) == entry
    True
    """
    held = {field.name: getattr(entry, field.name) for field in fields(entry)}
    for name in _RATIOS:
        held[name] = {key: str(value) for key, value in held[name].items()}
    held["raw"] = {key: str(value) for key, value in held["raw"].items()}
    return {
        name: str(value)
        if isinstance(value, Decimal | dt.date)
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in held.items()
    }


def from_json(held: Mapping[str, Any]) -> PlanRowEntry:
    """The entry that a draft keeps."""
    values = dict(held)
    for name in _DECIMALS:
        values[name] = Decimal(values[name]) if values.get(name) else None
    for name in _DAYS:
        values[name] = dt.date.fromisoformat(values[name]) if values.get(name) else None
    for name in _TUPLES:
        values[name] = tuple(values.get(name) or ())
    for name in _RATIOS:
        values[name] = {key: Decimal(value) for key, value in (values.get(name) or {}).items()}
    return PlanRowEntry(**values)


@transaction.atomic
def draft_amendment(plan: AnnualPlan, *, reason: str, actor: Actor, now: dt.datetime) -> PlanAmendment:
    """Begin an amendment, or say its reason anew (起草计划调整); whoever writes last is its drafter."""
    plan = _locked(plan)
    permissions.can_draft_amendment(actor, plan).require()
    require_reason(reason)
    draft, _made = PlanAmendment.objects.update_or_create(
        plan=plan,
        defaults={
            "reason": reason.strip(),
            "drafted_by": actor.code,
            "drafted_at": now,
            "returned_reason": "",
        },
    )
    body: dict[str, JSON] = {"agency": plan.agency.code, "year": plan.year, "reason": draft.reason}
    audit.record("plan.amendment_drafted", actor=actor, at=now, body=body)
    return draft


@transaction.atomic
def put_change(
    plan: AnnualPlan,
    *,
    kind: str,
    row: int | None,
    entry: PlanRowEntry | None = None,
    local_reason: str = "",
    actor: Actor,
) -> PlanAmendment:
    """
    Put one change into the draft (增加、修改、取消计划行); a later one for the same row takes its place.

    Args:
        plan: With a draft.
        kind: ``add``, ``change`` or ``drop``.
        row: The number of the row; ``None`` for a new one.
        entry: What it says from then on; nothing for a dropped one.
        local_reason: Why a new row that no superior ordered is added (N08).
        actor: The office.

    Raises:
        InvalidInput: A row is not in the plan, says nothing new, or a new one has neither superior nor local reason.
    """
    draft = _draft(_locked(plan))
    permissions.can_draft_amendment(actor, draft.plan).require()
    if kind == ADD:
        _require_ground(entry, local_reason)
    else:
        version = selectors.current_versions(plan).filter(row__number=row or 0).first()
        if version is None:
            raise InvalidInput(_("年度计划没有第%(n)s行，或已经取消") % {"n": row})
        if kind == CHANGE and entry == entry_of(version):
            raise InvalidInput(_("第%(n)s行没有改动") % {"n": row})
    kept = [c for c in draft.changes if row is None or c["row"] != row]
    change = {
        "kind": kind,
        "row": row,
        "entry": to_json(entry) if entry else None,
        "local_reason": local_reason.strip(),
    }
    draft.changes = [*kept, change]
    draft.drafted_by, draft.returned_reason = actor.code, ""
    draft.save()
    return draft


def _require_ground(entry: PlanRowEntry | None, local_reason: str) -> None:
    if entry is None or not entry.task_name.strip() or not entry.items:
        raise InvalidInput(_("新增的计划行请写明任务名称和抽查事项"))
    if not entry.upstream.strip() and not local_reason.strip():
        raise InvalidInput(_("新增的计划行请写明上级来源；自行安排的写明本地理由"))


@transaction.atomic
def take_back_change(plan: AnnualPlan, *, index: int, actor: Actor) -> PlanAmendment:
    """Take one change out of the draft again, by its place."""
    draft = _draft(_locked(plan))
    permissions.can_draft_amendment(actor, draft.plan).require()
    if not 0 <= index < len(draft.changes):
        raise InvalidInput(_("调整草稿里没有这一项"))
    draft.changes = [c for n, c in enumerate(draft.changes) if n != index]
    draft.drafted_by = actor.code
    draft.save()
    return draft


@transaction.atomic
def return_amendment(plan: AnnualPlan, *, reason: str, actor: Actor, now: dt.datetime) -> PlanAmendment:
    """Send a draft back to the office with the reason (退回计划调整)."""
    draft = _draft(_locked(plan))
    permissions.can_decide_amendment(actor, draft.plan, draft.drafted_by).require()
    require_reason(reason)
    draft.returned_reason = reason.strip()
    draft.save(update_fields=["returned_reason"])
    body: dict[str, JSON] = {
        "agency": draft.plan.agency.code,
        "year": draft.plan.year,
        "reason": draft.returned_reason,
    }
    audit.record("plan.amendment_returned", actor=actor, at=now, body=body)
    return draft


@transaction.atomic
def discard_amendment(plan: AnnualPlan, *, actor: Actor, now: dt.datetime) -> None:
    """Give a draft up (放弃计划调整); the published plan stays as it is."""
    draft = _draft(_locked(plan))
    permissions.can_draft_amendment(actor, draft.plan).require()
    body: dict[str, JSON] = {"agency": draft.plan.agency.code, "year": draft.plan.year}
    draft.delete()
    audit.record("plan.amendment_discarded", actor=actor, at=now, body=body)


@transaction.atomic
def publish_amendment(plan: AnnualPlan, *, actor: Actor, now: dt.datetime) -> Published:
    """
    Make the draft the next public version of the plan (公布计划调整); the caller tells the public.

    Raises:
        NoAmendment: Nothing is drafted, it changes nothing, or it was returned and not written anew.
        StillSealed: The task of a dropped row is sealed.
        SamePerson: Whoever drafted it does not make it public.
    """
    plan = _locked(plan)
    draft = _draft(plan)
    permissions.can_decide_amendment(actor, plan, draft.drafted_by).require()
    if not draft.changes:
        raise NoAmendment(_("调整草稿里还没有改动"))
    if draft.returned_reason:
        raise NoAmendment(_("这份调整已经退回：%(why)s") % {"why": draft.returned_reason})
    cancelled: list[Task] = []
    going_on: list[Task] = []
    lines: list[bytes] = []
    for change in draft.changes:
        row, entry = _applied(plan, change)
        dropped = change["kind"] == DROP
        version = next_version(row, entry, reason=draft.reason, now=now, dropped=dropped)
        lines.append(f"{change['kind']}\t{row.number}\t{version.version}\t{entry.task_name}".encode())
        if dropped:
            gone, left = _cancel(row, reason=draft.reason, actor=actor, now=now)
            cancelled += gone
            going_on += left
    plan.version += 1
    plan.save(update_fields=["version"])
    edition = editions.publish(
        plan, reason=draft.reason, drafted_by=draft.drafted_by, approved_by=actor.code, now=now
    )
    body: dict[str, JSON] = {
        "agency": plan.agency.code,
        "year": plan.year,
        "version": plan.version,
        "reason": draft.reason,
    }
    draft.delete()
    audit.record_batch("plan.amended", actor=actor, at=now, body=body, rows=lines)
    return Published(edition, tuple(cancelled), tuple(going_on))


def _applied(plan: AnnualPlan, change: Mapping[str, Any]) -> tuple[PlanRow, PlanRowEntry]:
    """The row that a change is about, made where it is new, and what it says from then on."""
    if change["kind"] == ADD:
        entry = from_json(change["entry"])
        last = plan.rows.order_by("-number").first()
        number = last.number + 1 if last else 1
        row = PlanRow.objects.create(
            plan=plan,
            number=number,
            source_no=entry.source_no or str(number),
            upstream=entry.upstream,
            local_reason=change["local_reason"],
        )
        return row, entry
    row = PlanRow.objects.get(plan=plan, number=change["row"])
    if change["kind"] == CHANGE:
        return row, replace(from_json(change["entry"]), upstream=row.upstream)
    version = row.versions.order_by("-version").first()
    if version is None:
        raise NoAmendment(_("年度计划没有第%(n)s行") % {"n": change["row"]})
    return row, entry_of(version)


def _cancel(row: PlanRow, *, reason: str, actor: Actor, now: dt.datetime) -> tuple[list[Task], list[Task]]:
    """Cancel the tasks of a dropped row that are not drawn; those that are go on."""
    tasks = list(
        Task.objects.select_for_update(of=("self",))
        .filter(plan_row=row)
        .exclude(state=TaskState.CANCELLED.value)
        .select_related("agency")
        .order_by("pk")
    )
    gone = []
    for task in tasks:
        state = TaskState(task.state)
        if state is TaskState.SEALED:
            words = {"n": task.number, "row": row.number}
            raise StillSealed(
                _("第%(row)s行的任务 %(n)s 已封存待抽取，请先完成或作废这次抽取，再取消这一行") % words
            )
        if (state, TaskMove.CANCEL) in TASK_MOVES:
            task.held_reason = _("计划调整取消：%(why)s") % {"why": reason}
            task.held_reason = task.held_reason[:300]
            gone.append(task)
    move_all(gone, TaskMove.CANCEL, actor=actor, now=now)
    return gone, [task for task in tasks if task not in gone]


def foreseen(plan: AnnualPlan, row: int) -> list[tuple[Task, str]]:
    """The tasks of a row and what dropping it does to each, in words, for the page before it is done."""
    tasks = Task.objects.filter(plan_row__plan=plan, plan_row__number=row).order_by("number")
    told = []
    for task in tasks.exclude(state=TaskState.CANCELLED.value):
        state = TaskState(task.state)
        if state is TaskState.SEALED:
            words = _("已封存，先完成或作废抽取")
        elif (state, TaskMove.CANCEL) in TASK_MOVES:
            words = _("随之取消")
        else:
            words = _("%(label)s，继续完成") % {"label": _(TASK_LABELS[state])}
        told.append((task, words))
    return told


def cells_of(version: PlanRowVersion, entry: PlanRowEntry) -> tuple[Cell, ...]:
    """What a drafted change alters in a row, cell by cell."""
    found = difference([_plain(entry_of(version))], [_plain(entry)])
    return found.changed[0].cells if found.changed else ()


def _plain(entry: PlanRowEntry) -> dict[str, Any]:
    """A row as editions keep it, without its number."""
    return {
        "number": 0,
        "task": entry.task_name,
        "type": entry.check_type,
        "items": list(entry.items),
        "scope": entry.object_scope,
        "amount": shown.amount(entry),
        "initiator": entry.initiator,
        "participants": list(entry.participants),
        "starts_on": entry.window_start.isoformat() if entry.window_start else "",
        "ends_on": entry.window_end.isoformat() if entry.window_end else "",
    }


def amendment_of(plan: AnnualPlan) -> PlanAmendment | None:
    """What is drafted for *plan*, if anything is."""
    return PlanAmendment.objects.filter(plan=plan).select_related("plan__agency").first()


def _locked(plan: AnnualPlan) -> AnnualPlan:
    return AnnualPlan.objects.select_for_update(of=("self",)).select_related("agency").get(pk=plan.pk)


def _draft(plan: AnnualPlan) -> PlanAmendment:
    found = PlanAmendment.objects.select_related("plan__agency").filter(plan=plan).first()
    if found is None:
        raise NoAmendment(_("还没有起草计划调整，请先写明调整原因"))
    return found
