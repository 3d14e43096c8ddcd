"""
What the pages of one inspection show and take (检查记录): facts, team, choices of the form, answers by item.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.desk import tasks
from fairdraw.draws.rules import AWAY
from fairdraw.followup import permissions as followup_permissions
from fairdraw.followup.models import FollowUp
from fairdraw.followup.states import FOLLOWUP_LABELS, FollowUpMove, FollowUpState
from fairdraw.inspections import papers, permissions
from fairdraw.inspections import selectors as inspections
from fairdraw.inspections.entries import ItemAnswer, RecordEntry
from fairdraw.inspections.models import Answer, Assignment, Inspection
from fairdraw.inspections.states import INSPECTION_LABELS, InspectionMove, InspectionState
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.verdict import Verdict
from fairdraw.plans.models import TaskItem
from fairdraw.registers.rules import CLASS_LABELS, EXCLUSION_LABELS
from fairdraw.rulebook import selectors as rulebook
from fairdraw.ui import formats
from fairdraw.ui.parts import Event, Tone

CLEAN = "01"
NONE_NEEDED = "none_needed"
TONES = {
    InspectionState.ASSIGNED: Tone.PLAIN,
    InspectionState.NOTIFIED: Tone.INFO,
    InspectionState.RECORDED: Tone.WARNING,
    InspectionState.RETURNED: Tone.DANGER,
    InspectionState.REVIEWED: Tone.INFO,
    InspectionState.SUBMITTED: Tone.WARNING,
    InspectionState.PUBLISHED: Tone.SUCCESS,
    InspectionState.EXCLUDED: Tone.PLAIN,
}


@dataclass(frozen=True)
class InspectionLine:
    """An inspection in a list: its state in words, what can be done to it now."""

    row: Inspection
    state: str
    tone: str
    result: str
    is_late: bool
    may_record: Verdict
    is_open: bool


def list_lines(actor: Actor, rows: Sequence[Inspection], *, today: dt.date) -> list[InspectionLine]:
    """Inspections as a list shows them."""
    codes = rulebook.result_codes(today)
    done = (InspectionState.PUBLISHED.value, InspectionState.EXCLUDED.value)
    return [
        InspectionLine(
            row=row,
            state=state_of(row)[0],
            tone=state_of(row)[1],
            result=codes[row.outcome].label if row.outcome in codes else "",
            is_late=row.due_on < today and row.state not in done,
            may_record=permissions.can_move(actor, row, InspectionMove.RECORD),
            is_open=row.state not in done,
        )
        for row in rows
    ]


def state_of(row: Inspection) -> tuple[str, str]:
    """The state of an inspection in words, with its tone; a result that was taken off is not called public."""
    state = InspectionState(row.state)
    if state is InspectionState.PUBLISHED and row.withdrawn_at is not None:
        return _("已撤下"), Tone.WARNING.value
    return _(INSPECTION_LABELS[state]), TONES[state].value


def facts(row: Inspection) -> list[tuple[str, Any]]:
    """What was sealed about the target, and its place in the draw."""
    visit = row.visits.order_by("pk").first()
    chance = _chance(row)
    return [
        (_("编号"), row.number),
        (_("代码"), row.target.uscc or row.target.draw_code),
        (_("住所"), row.target.address),
        (_("市场监管所"), str(row.target.station or "")),
        (_("检查单位"), row.agency.name),
        (_("信用风险（封存时）"), _(CLASS_LABELS.get(row.class_as_sealed or "N", ""))),
        (_("被抽中概率"), chance),
        (_("计划检查日期"), visit.planned_on if visit else None),
        (_("通知书文号"), visit.number if visit else ""),
        (_("核对码"), visit.check_code if visit else ""),
        (_("办结期限"), row.due_on),
        (_("不再检查"), _excluded(row)),
    ]


def _excluded(row: Inspection) -> str:
    if not row.excluded_code:
        return ""
    label = _(EXCLUSION_LABELS.get(row.excluded_code, row.excluded_code))
    return f"{label}：{row.excluded_reason}" if row.excluded_reason else label


def _chance(row: Inspection) -> str:
    num, den = row.row.probability_num, row.row.probability_den
    if not num or not den:
        return ""
    return f"{formats.rate(Fraction(num, den))}（{num}/{den}）"


def result(row: Inspection, *, on: dt.date) -> list[tuple[str, Any]]:
    """What was found, in words; empty before the record."""
    if not row.outcome:
        return []
    codes = rulebook.result_codes(on)
    measures = rulebook.measures(on)
    given = [codes[c].label for c in row.outcome_codes.split(",") if c in codes]
    measure = measures[row.measure].label if row.measure in measures else ""
    return [
        (_("检查日期"), row.checked_on),
        (_("检查方式"), dict(papers.METHODS).get(row.method, row.method)),
        (_("检查结果"), "；".join(given)),
        (_("对外公示"), codes[row.outcome].label if row.outcome in codes else ""),
        (_("处置措施"), measure),
        (_("情况说明"), row.note),
    ]


def team(row: Inspection) -> list[tuple[str, str, str, str]]:
    """Who goes: name, certificate number, unit, code; replaced ones are not shown."""
    seats = Assignment.objects.filter(inspection=row, replaced_at__isnull=True).order_by("slot")
    return [
        (s.inspector.name, s.inspector.certificate_number, str(s.inspector.agency), s.inspector.code)
        for s in seats.select_related("inspector__agency")
    ]


def answers(row: Inspection) -> list[Answer]:
    """What the record says of each item."""
    return list(Answer.objects.filter(inspection=row).select_related("version").order_by("pk"))


def events(row: Inspection) -> list[Event]:
    """Who did what when to this inspection (办理过程)."""
    reviews = list(row.reviews.order_by("at"))
    who = tasks.names([row.entered_by, *(r.actor for r in reviews)])
    found = [Event("", row.drawn_at, _("抽中"))]
    if row.notified_at:
        found.append(Event("", row.notified_at, _("制发通知书")))
    if row.entered_at:
        found.append(Event(who.get(row.entered_by, ""), row.entered_at, _("录入检查结果")))
    for one in reviews:
        what, tone = (_("审核通过"), Tone.SUCCESS) if one.passed else (_("退回"), Tone.WARNING)
        found.append(Event(who.get(one.actor, ""), one.at, what, one.opinion, tone))
    left = Assignment.objects.filter(inspection=row, replaced_at__isnull=False).select_related("inspector")
    for seat in left.order_by("replaced_at", "pk"):
        why = _(AWAY.get(seat.replaced_reason, seat.replaced_reason))
        found.append(
            Event(seat.inspector.name, seat.replaced_at, _("离开检查组，已由他人接替"), why, Tone.WARNING)
        )
    for at, what, tone in (
        (row.submitted_at, _("报送公示"), Tone.PLAIN),
        (row.published_at, _("公示"), Tone.SUCCESS),
        (row.withdrawn_at, _("撤下公示"), Tone.DANGER),
        (row.excluded_at, _("不再检查"), Tone.WARNING),
    ):
        if at:
            found.append(Event("", at, what, tone=tone))
    return sorted(found, key=lambda e: e.at or row.drawn_at)


def methods() -> list[tuple[str, Any]]:
    """The ways in which one can check."""
    return list(papers.METHODS)


def choices(row: Inspection, *, on: dt.date) -> dict[str, Any]:
    """The choices of the record form that the rulebook and the items allow, and which results are problems."""
    results, steps = inspections.allowed([row.task_id])[row.task_id]
    known = [
        c for c in rulebook.result_codes(on).values() if results is None or c.code in results or c.is_status
    ]
    measures = [m for m in rulebook.measures(on).values() if steps is None or m.code in {*steps, NONE_NEEDED}]
    return {
        "problems": frozenset(c.code for c in rulebook.result_codes(on).values() if c.is_problem),
        "codes": [(c.code, f"{c.code} {c.label}") for c in known],
        "measures": [("", _("请选择")), *((m.code, m.label) for m in measures)],
        "methods": methods(),
    }


def initial(row: Inspection, *, today: dt.date) -> dict[str, Any]:
    """What the form begins with: the planned day, or what was entered before a return."""
    visit = row.visits.order_by("pk").first()
    planned = visit.planned_on if visit and visit.planned_on else today
    return {
        "checked_on": row.checked_on or min(planned, today),
        "method": row.method,
        "codes": row.outcome_codes.split(",") if row.outcome_codes else [],
        "measure": row.measure,
        "note": row.note,
    }


def hints(on: dt.date) -> list[tuple[str, str]]:
    """What usually follows each result, for who enters it."""
    return [(c.label, c.next_step) for c in rulebook.result_codes(on).values() if c.next_step]


def items(row: Inspection) -> list[TaskItem]:
    """The items that the record answers, in their order."""
    held = TaskItem.objects.filter(task=row.task).select_related("item", "version")
    return list(held.order_by("position"))


def item_answers(given: Sequence[tuple[TaskItem, Mapping[str, Any]]]) -> tuple[ItemAnswer, ...]:
    """The answers of the form by item."""
    return tuple(
        ItemAnswer(
            item_id=item.item_id,
            version_id=item.version_id,
            checked=bool(values.get("checked")),
            problem=values.get("problem", ""),
            handling=values.get("handling", ""),
        )
        for item, values in given
    )


def clean_entries(ids: Sequence[int], *, checked_on: dt.date, method: str) -> list[RecordEntry]:
    """Records of targets at which nothing was found, each item ticked as checked in a batch."""
    by_task: dict[int, tuple[ItemAnswer, ...]] = {}
    entries = []
    for start in range(0, len(ids), 500):
        rows = Inspection.objects.filter(pk__in=ids[start : start + 500]).values_list("pk", "task")
        for pk, task in rows.order_by("pk"):
            if task not in by_task:
                held = TaskItem.objects.filter(task=task).order_by("position").values_list("item", "version")
                by_task[task] = tuple(ItemAnswer(item, version, bulk=True) for item, version in held)
            entries.append(
                RecordEntry(pk, checked_on, (CLEAN,), NONE_NEEDED, answers=by_task[task], method=method)
            )
    return entries


FOLLOWUP_TONES = {
    FollowUpState.OPEN: Tone.WARNING,
    FollowUpState.CLOSED: Tone.SUCCESS,
}


@dataclass(frozen=True)
class FollowUpLine:
    """A follow-up in a list, with the step that comes next."""

    row: FollowUp
    state: str
    tone: str
    measure: str
    is_late: bool
    step: str
    label: str
    verdict: Verdict | None


STEPS = {
    FollowUpState.OPEN: ("start", FollowUpMove.ORDER),
    FollowUpState.ORDERED: ("submit", FollowUpMove.SUBMIT),
    FollowUpState.SUBMITTED: ("verify", FollowUpMove.VERIFY),
    FollowUpState.VERIFIED: ("close", FollowUpMove.CLOSE),
    FollowUpState.TRANSFERRED: ("close", FollowUpMove.CLOSE),
    FollowUpState.CASE_FILED: ("close", FollowUpMove.CLOSE),
}


def step_labels() -> dict[str, str]:
    """What the next step of a follow-up is called."""
    return {
        "start": _("选择措施"),
        "submit": _("登记已报整改"),
        "verify": _("复查通过"),
        "close": _("完结"),
    }


def followup_lines(actor: Actor, rows: Sequence[FollowUp], *, on: dt.date) -> list[FollowUpLine]:
    """Follow-ups as a list shows them."""
    measures = rulebook.measures(on)
    labels = step_labels()
    found = []
    for row in rows:
        state = FollowUpState(row.state)
        step, move = STEPS.get(state, ("", None))
        found.append(
            FollowUpLine(
                row=row,
                state=_(FOLLOWUP_LABELS[state]),
                tone=FOLLOWUP_TONES.get(state, Tone.INFO).value,
                measure=measures[row.measure].label if row.measure in measures else "",
                is_late=row.due_on < on and state is not FollowUpState.CLOSED,
                step=step,
                label=labels.get(step, ""),
                verdict=followup_permissions.can_move(actor, row, move) if move else None,
            )
        )
    return found
