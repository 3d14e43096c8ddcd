"""
Verbs on findings and follow-ups (发现问题、后续处置; N05): each has an owner, a measure, a document, a deadline,
and an end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.files.models import StoredFile
from fairdraw.followup import permissions, selectors
from fairdraw.followup.models import Finding, FollowUp
from fairdraw.followup.states import FOLLOWUP_MOVES, FollowUpMove, FollowUpState
from fairdraw.inspections.models import Inspection
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput, RuleBroken
from fairdraw.rulebook import rules as book
from fairdraw.rulebook import selectors as rulebook
from fairdraw.rulebook.values import Measure

CHUNK = 500
START_BY = "follow_up_start"  # deadlines of the rulebook: to choose a measure, to bring it to its end
END_BY = "follow_up_end"
MOVE_OF_MEASURE = {
    "order_correction": FollowUpMove.ORDER,
    "to_daily_supervision": FollowUpMove.TRANSFER,
    "notify_department": FollowUpMove.TRANSFER,
    "propose_listing": FollowUpMove.TRANSFER,
    "other": FollowUpMove.TRANSFER,
    "to_case_unit": FollowUpMove.FILE_CASE,
}
DATED = {
    FollowUpMove.SUBMIT: "submitted_on",
    FollowUpMove.VERIFY: "verified_on",
    FollowUpMove.CLOSE: "closed_on",
}


class MeasureRefused(InvalidInput):
    """The measure does not answer a problem, or its document, reason or day is missing."""

    code = "followup.measure-refused"


class AlreadyOpened(RuleBroken):
    """What an inspection found is entered once."""

    code = "followup.already-opened"


@transaction.atomic
def open_findings(inspections: Sequence[Inspection], *, actor: Actor, now: dt.datetime) -> list[FollowUp]:
    """
    Open a finding and its follow-up for each problem code of reviewed records (登记发现问题).

    The owner is the agency that checked; a measure must be chosen by the day that the rulebook leaves.

    Raises:
        AlreadyOpened: The findings of one of them are entered.
        permissions.WrongState: One of them has not passed its review.
    """
    day = clock.local_date(now)
    codes = rulebook.result_codes(day)
    with_problem = [i for i in inspections if i.problem]
    for inspection in with_problem:
        permissions.can_open(actor, inspection).require()
    _refuse_opened(with_problem)
    start_by = book.due(rulebook.deadline(START_BY, day), day, rulebook.workdays())
    findings = [
        Finding(inspection=i, code=code, description=codes[code].label, found_on=i.checked_on or day)
        for i in with_problem
        for code in i.outcome_codes.split(",")
        if codes[code].is_problem
    ]
    Finding.objects.bulk_create(findings, batch_size=CHUNK)
    made = [FollowUp(finding=f, owner=f.inspection.agency, opened_on=day, due_on=start_by) for f in findings]
    FollowUp.objects.bulk_create(made, batch_size=CHUNK)
    lines = [f"{f.inspection.number}\t{f.code}".encode() for f in findings]
    audit.record_batch("findings.opened", actor=actor, at=now, body={}, rows=lines)
    return made


def _refuse_opened(inspections: Sequence[Inspection]) -> None:
    for start in range(0, len(inspections), CHUNK):
        ids = [i.pk for i in inspections[start : start + CHUNK]]
        opened = Finding.objects.filter(inspection__in=ids).select_related("inspection").first()
        if opened is not None:
            raise AlreadyOpened(_("%(n)s 的发现问题已经登记") % {"n": opened.inspection.number})


@transaction.atomic
def start(
    choices: Iterable[tuple[int, str, str]],
    *,
    reasons: Mapping[int, str] | None = None,
    due: Mapping[int, dt.date] | None = None,
    actor: Actor,
    now: dt.datetime,
) -> list[FollowUp]:
    """
    Begin follow-ups: a measure and the number of its document (启动后续处置).

    Args:
        choices: (follow-up id, measure code, document number) each.
        reasons: In words, by follow-up, where the measure asks for it (其他).
        due: The day that the document itself sets, by follow-up; else the measure's own deadline holds,
            else the rulebook's general one.
        actor: Of the owner's agency.
        now: When.

    Raises:
        MeasureRefused: 无需后续处置 for a problem, a document without number (kpi.md K4), a day gone by.
    """
    chosen = {pk: (measure, number.strip()) for pk, measure, number in choices}
    said, days = reasons or {}, due or {}
    rows = selectors.for_update(chosen)
    day = clock.local_date(now)
    measures = rulebook.measures(day)
    for row in rows:
        code, number = chosen[row.pk]
        measure, reason = measures.get(code), said.get(row.pk, "").strip()
        if measure is None or not book.is_handled(measure, problem=True, number=number, reason=reason):
            raise MeasureRefused(
                _("发现问题必须选择处置措施，并填写文书编号（其他措施填写说明），不能选“无需后续处置”")
            )
        if row.pk in days and days[row.pk] < day:
            raise MeasureRefused(_("文书所定期限不能早于今天"))
        move = MOVE_OF_MEASURE.get(code, FollowUpMove.TRANSFER)
        permissions.can_move(actor, row, move).require()
        row.state = FOLLOWUP_MOVES[FollowUpState(row.state), move].value
        row.measure, row.document_number, row.reason = code, number, reason
        row.started_on = day
        row.due_on = days.get(row.pk) or _end_by(measure, day)
    FollowUp.objects.bulk_update(
        rows, ["state", "measure", "document_number", "reason", "started_on", "due_on"], batch_size=CHUNK
    )
    _log("start", rows, actor=actor, now=now)
    return rows


def _end_by(measure: Measure, day: dt.date) -> dt.date:
    """When a measure begun on *day* must have come to its end: its own deadline, else the general one."""
    return book.due(rulebook.deadline(measure.deadline or END_BY, day), day, rulebook.workdays())


@transaction.atomic
def move(
    ids: Iterable[int],
    step: FollowUpMove,
    *,
    how: str = "",
    evidence: StoredFile | None = None,
    actor: Actor,
    now: dt.datetime,
) -> list[FollowUp]:
    """
    Take follow-ups one step on: correction reported, rechecked, closed (报送整改、复查、完结).

    Args:
        ids: Follow-ups.
        step: ``SUBMIT``, ``VERIFY`` or ``CLOSE``; measures begin with :func:`start`.
        how: How it ended, asked for when closing.
        evidence: What proves the correction, if a file does.

    Raises:
        MeasureRefused: Closing without saying how it ended, or a step that belongs to :func:`start`.
    """
    if step not in DATED:
        raise MeasureRefused(_("请选择处置措施并填写文书编号"))
    if step is FollowUpMove.CLOSE and not how.strip():
        raise MeasureRefused(_("完结必须写明处置结果"))
    rows = selectors.for_update(ids)
    for row in rows:
        permissions.can_move(actor, row, step).require()
        row.state = FOLLOWUP_MOVES[FollowUpState(row.state), step].value
        setattr(row, DATED[step], clock.local_date(now))
        row.evidence = evidence or row.evidence
        if step is FollowUpMove.CLOSE:
            row.closed_how = how
    FollowUp.objects.bulk_update(rows, ["state", *DATED.values(), "evidence", "closed_how"], batch_size=CHUNK)
    _log(step.value, rows, actor=actor, now=now)
    return rows


def _log(step: str, rows: Sequence[FollowUp], *, actor: Actor, now: dt.datetime) -> None:
    lines = [
        f"{r.finding.inspection.number}\t{r.finding.code}\t{r.measure}\t{r.state}".encode() for r in rows
    ]
    audit.record_batch("followups.moved", actor=actor, at=now, body={"move": step}, rows=lines)
