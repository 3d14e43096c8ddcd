"""
Verbs on findings and follow-ups (发现问题、后续处置; N05): each has an owner, a measure, a document, a deadline,
and an end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.followup import permissions, selectors
from fairdraw.followup.models import Finding, FollowUp
from fairdraw.followup.states import FOLLOWUP_MOVES, FollowUpMove, FollowUpState
from fairdraw.inspections.models import Inspection
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput
from fairdraw.rulebook import rules as book
from fairdraw.rulebook import selectors as rulebook

CHUNK = 500
CORRECTION_DAYS = "D7"
MOVE_OF_MEASURE = {
    "order_correction": FollowUpMove.ORDER,
    "to_daily_supervision": FollowUpMove.TRANSFER,
    "notify_department": FollowUpMove.TRANSFER,
    "other": FollowUpMove.TRANSFER,
    "to_case_unit": FollowUpMove.FILE_CASE,
}


class MeasureRefused(InvalidInput):
    """The measure does not answer a problem, or its document has no number."""

    code = "followup.measure-refused"


@transaction.atomic
def open_findings(inspections: Sequence[Inspection], *, actor: Actor, now: dt.datetime) -> list[FollowUp]:
    """Open a finding and its follow-up for each problem code of reviewed records (登记发现问题)."""
    codes = rulebook.result_codes(clock.local_date(now))
    limit = rulebook.deadline(CORRECTION_DAYS, clock.local_date(now))
    workdays = rulebook.workdays()
    findings = [
        Finding(inspection=i, code=code, description=codes[code].label, found_on=i.checked_on)
        for i in inspections
        if i.problem
        for code in i.outcome_codes.split(",")
        if codes[code].is_problem
    ]
    Finding.objects.bulk_create(findings, batch_size=CHUNK)
    made = [
        FollowUp(
            finding=f,
            owner=f.inspection.agency,
            opened_on=clock.local_date(now),
            due_on=book.due(limit, clock.local_date(now), workdays),
        )
        for f in findings
    ]
    FollowUp.objects.bulk_create(made, batch_size=CHUNK)
    lines = [f"{f.inspection.number}\t{f.code}".encode() for f in findings]
    audit.record_batch("findings.opened", actor=actor, at=now, body={}, rows=lines)
    return made


@transaction.atomic
def start(choices: Iterable[tuple[int, str, str]], *, actor: Actor, now: dt.datetime) -> list[FollowUp]:
    """
    Begin follow-ups: a measure and the number of its document (启动后续处置).

    Args:
        choices: (follow-up id, measure code, document number) each.
        actor: Of the owner's agency.
        now: When.

    Raises:
        MeasureRefused: 无需后续处置 for a problem, or a document without number (kpi.md K4).
    """
    chosen = {pk: (measure, number) for pk, measure, number in choices}
    rows = selectors.for_update(chosen)
    measures = rulebook.measures(clock.local_date(now))
    for row in rows:
        code, number = chosen[row.pk]
        measure = measures.get(code)
        if (
            not book.is_handled(measure, problem=True, number=number, reason=number)
            or code not in MOVE_OF_MEASURE
        ):
            raise MeasureRefused(_("发现问题必须选择处置措施并填写文书编号，不能选“无需后续处置”"))
        move = MOVE_OF_MEASURE[code]
        permissions.can_move(actor, row, move).require()
        row.state = FOLLOWUP_MOVES[FollowUpState(row.state), move].value
        row.measure = code
        row.document_number = number
        row.started_on = clock.local_date(now)
    FollowUp.objects.bulk_update(
        rows, ["state", "measure", "document_number", "started_on"], batch_size=CHUNK
    )
    _log("start", rows, actor=actor, now=now)
    return rows


@transaction.atomic
def move(
    ids: Iterable[int], step: FollowUpMove, *, how: str = "", actor: Actor, now: dt.datetime
) -> list[FollowUp]:
    """Take follow-ups one step on: correction reported, rechecked, closed (报送整改、复查、完结)."""
    facts = {
        FollowUpMove.SUBMIT: "submitted_on",
        FollowUpMove.VERIFY: "verified_on",
        FollowUpMove.CLOSE: "closed_on",
    }
    rows = selectors.for_update(ids)
    for row in rows:
        permissions.can_move(actor, row, step).require()
        row.state = FOLLOWUP_MOVES[FollowUpState(row.state), step].value
        setattr(row, facts[step], clock.local_date(now))
        if step is FollowUpMove.CLOSE:
            row.closed_how = how
    FollowUp.objects.bulk_update(rows, ["state", *facts.values(), "closed_how"], batch_size=CHUNK)
    _log(step.value, rows, actor=actor, now=now)
    return rows


def _log(step: str, rows: Sequence[FollowUp], *, actor: Actor, now: dt.datetime) -> None:
    lines = [
        f"{r.finding.inspection.number}\t{r.finding.code}\t{r.measure}\t{r.state}".encode() for r in rows
    ]
    audit.record_batch("followups.moved", actor=actor, at=now, body={"move": step}, rows=lines)
