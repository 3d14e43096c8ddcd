"""
Verbs on the annual plan (年度抽查工作计划; N07): entered, reviewed, filed, published, amended as public versions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.canonical import JSON
from fairdraw.kernel.errors import InvalidInput, RuleBroken
from fairdraw.plans import editions, permissions, selectors
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.models import AnnualPlan, PlanEdition, PlanRow, PlanRowVersion
from fairdraw.plans.refusals import AlreadyPlanned, PlanExists, require_reason
from fairdraw.plans.states import PLAN_MOVES, PlanMove, PlanState


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
    permissions.can_enter_plan(actor, agency).require()
    if selectors.annual_plan(agency, year) is not None:
        raise PlanExists(_("%(year)s年的年度计划已经存在，请在原计划上调整") % {"year": year})
    plan = AnnualPlan.objects.create(agency=agency, year=year, title=title, invented=invented, created_at=now)
    lines: list[bytes] = []
    for number, entry in enumerate(entries, start=1):
        row = PlanRow.objects.create(
            plan=plan, number=number, source_no=entry.source_no, upstream=entry.upstream
        )
        PlanRowVersion.objects.create(row=row, created_at=now, **version_fields(entry))
        lines.append(f"{number}\t{entry.source_no}\t{entry.task_name}".encode())
    audit.record_batch(
        "plan.imported",
        actor=actor,
        at=now,
        body={"agency": agency.code, "year": year, "source": source},
        rows=lines,
    )
    return plan


def version_fields(entry: PlanRowEntry) -> dict[str, object]:
    """The fields of a row's version that an entry states."""
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
    """
    Hold a row that cannot be planned, with its reason (暂缓).

    Raises:
        ReasonMissing: No reason is given.
        AlreadyPlanned: It has a task.
    """
    plan = version.row.plan
    permissions.can_enter_plan(actor, plan.agency).require()
    require_unplanned(version)
    require_reason(reason)
    version.held_reason = reason
    version.save(update_fields=["held_reason"])
    audit.record(
        "plan.row_held",
        actor=actor,
        at=now,
        body={"agency": plan.agency.code, "year": plan.year, "row": version.row.number, "reason": reason},
    )
    return version


def require_unplanned(version: PlanRowVersion) -> None:
    """
    See that no task was made of a row, or that it was given up; the row is locked from then on.

    Raises:
        AlreadyPlanned: The row has a task.
    """
    PlanRow.objects.select_for_update().get(pk=version.row_id)
    if selectors.planned_rows([version.row_id]):
        raise AlreadyPlanned(_("计划第%(row)s行已经排定任务") % {"row": version.row.number})


@transaction.atomic
def release_row(*, version: PlanRowVersion, actor: Actor, now: dt.datetime) -> PlanRowVersion:
    """Let a held row go on (取消暂缓): a person has settled what could not be read."""
    plan = version.row.plan
    permissions.can_enter_plan(actor, plan.agency).require()
    version.held_reason = ""
    version.save(update_fields=["held_reason"])
    body: dict[str, JSON] = {"agency": plan.agency.code, "year": plan.year, "row": version.row.number}
    audit.record("plan.row_released", actor=actor, at=now, body=body)
    return version


@transaction.atomic
def state_ground(
    row: PlanRow, *, upstream: str, local_reason: str, actor: Actor, now: dt.datetime
) -> PlanRow:
    """Write down where a row comes from (上级来源), or why the bureau adds it itself (本地理由; N08), before publication."""
    plan = AnnualPlan.objects.select_for_update(of=("self",)).select_related("agency").get(pk=row.plan_id)
    permissions.can_amend(actor, plan).require()
    row.upstream, row.local_reason = upstream.strip(), local_reason.strip()
    row.save(update_fields=["upstream", "local_reason"])
    body: dict[str, JSON] = {"agency": plan.agency.code, "year": plan.year, "row": row.number}
    audit.record("plan.ground", actor=actor, at=now, body=body)
    return row


@transaction.atomic
def amend_plan(
    changes: Sequence[tuple[PlanRow, PlanRowEntry]],
    *,
    plan: AnnualPlan,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> AnnualPlan:
    """
    Change rows of a plan that is not public yet (修改年度计划): each becomes a new version, the earlier ones stay.

    What somebody approved is not what stands there any more, so it is approved again.

    Args:
        changes: Rows of *plan* and what they say from now on.
        plan: Being drafted or reviewed; a published one is changed by an amendment (``plans.amending``).
        reason: Why (调整原因).
        actor: The leading group's office.
        now: When.

    Source: rules.md E4; N07.
    """
    plan = AnnualPlan.objects.select_for_update(of=("self",)).select_related("agency").get(pk=plan.pk)
    permissions.can_amend(actor, plan).require()
    require_reason(reason)
    lines = [_said(row, entry, plan=plan, reason=reason, now=now) for row, entry in changes]
    plan.approved_by, plan.approved_at = "", None
    plan.save(update_fields=["approved_by", "approved_at"])
    body: dict[str, JSON] = {
        "agency": plan.agency.code,
        "year": plan.year,
        "version": plan.version,
        "reason": reason,
    }
    audit.record_batch("plan.amended", actor=actor, at=now, body=body, rows=lines)
    return plan


def _said(row: PlanRow, entry: PlanRowEntry, *, plan: AnnualPlan, reason: str, now: dt.datetime) -> bytes:
    if row.plan_id != plan.pk:
        raise RuleBroken(_("第%(n)s行不属于这份年度计划") % {"n": row.number})
    version = next_version(row, entry, reason=reason, now=now)
    return f"{row.number}\t{version.version}\t{entry.task_name}".encode()


def next_version(
    row: PlanRow, entry: PlanRowEntry, *, reason: str, now: dt.datetime, dropped: bool = False
) -> PlanRowVersion:
    """What a row says from now on, as its next version; called inside the verb that amends."""
    last = row.versions.order_by("-version").first()
    return PlanRowVersion.objects.create(
        row=row,
        version=last.version + 1 if last else 1,
        reason=reason,
        dropped=dropped,
        created_at=now,
        **version_fields(entry),
    )


@dataclass(frozen=True)
class Filing:
    """How a plan was filed with the next higher bureau (报上一级备案; rules.md E1)."""

    filed_with: str
    filed_on: dt.date
    number: str = ""


@transaction.atomic
def move_plan(
    *,
    plan: AnnualPlan,
    move: PlanMove,
    actor: Actor,
    now: dt.datetime,
    document_number: str = "",
    issued_on: dt.date | None = None,
    reason: str = "",
    filing: Filing | None = None,
) -> AnnualPlan:
    """
    Take the annual plan one step on (报审、退回、审核、报备案、公布、结束).

    Args:
        plan: As it stands.
        move: Any but ``AMEND``, which is ``plans.amending.publish_amendment``.
        actor: The office; a leader of the bureau who did not submit it approves.
        now: When.
        document_number: Of the document that issues the plan; it may be filled back later.
        issued_on: Its day.
        reason: Why it is returned.
        filing: With whom it is filed, when and under which number; needed for ``FILE``.

    Raises:
        ReasonMissing: It is returned without a reason.
        InvalidInput: Filed with nobody, or on a day to come.
    """
    plan = AnnualPlan.objects.select_for_update(of=("self",)).select_related("agency").get(pk=plan.pk)
    if move is PlanMove.AMEND:
        raise RuleBroken(_("计划调整请起草调整内容，由另一人审核后公布"))
    permissions.can_move_plan(actor, plan, move).require()
    plan.state = PLAN_MOVES[PlanState(plan.state), move].value
    body: dict[str, JSON] = {"agency": plan.agency.code, "year": plan.year}
    if move is PlanMove.SUBMIT:
        plan.submitted_by, plan.returned_reason = actor.code, ""
    elif move is PlanMove.RETURN:
        require_reason(reason)
        plan.returned_reason = reason.strip()
        plan.approved_by, plan.approved_at = "", None
    elif move is PlanMove.APPROVE:
        plan.approved_by, plan.approved_at = actor.code, now
    elif move is PlanMove.FILE:
        _file(plan, filing, now)
    elif move is PlanMove.PUBLISH:
        plan.published_at = now
        plan.document_number, plan.issued_on = document_number.strip(), issued_on
    plan.save()
    if move is PlanMove.PUBLISH:
        editions.publish(plan, drafted_by=plan.submitted_by, approved_by=plan.approved_by, now=now)
    if move is PlanMove.RETURN:
        audit.record("plan.returned", actor=actor, at=now, body={**body, "reason": reason.strip()})
    elif move is PlanMove.FILE:
        told = {"with": plan.filed_with, "number": plan.filing_number, "on": str(plan.filed_on)}
        audit.record("plan.filed", actor=actor, at=now, body={**body, **told})
    else:
        moved: dict[str, JSON] = {"move": move.value, "version": plan.version}
        audit.record("plan.moved", actor=actor, at=now, body={**body, **moved})
    return plan


def _file(plan: AnnualPlan, filing: Filing | None, now: dt.datetime) -> None:
    if filing is None or not filing.filed_with.strip():
        raise InvalidInput(_("请填写报备案的上级机关和日期"))
    if filing.filed_on > clock.local_date(now):
        raise InvalidInput(_("报备日期不能晚于今天"))
    plan.filed_with, plan.filed_on = filing.filed_with.strip(), filing.filed_on
    plan.filing_number = filing.number.strip()
    plan.filing_receipt, plan.filing_receipt_on = "", None


@transaction.atomic
def enter_filing_receipt(
    plan: AnnualPlan, *, receipt: str, received_on: dt.date, actor: Actor, now: dt.datetime
) -> AnnualPlan:
    """Enter the receipt of the higher bureau (备案回执) when it comes, before or after publication."""
    plan = AnnualPlan.objects.select_for_update(of=("self",)).select_related("agency").get(pk=plan.pk)
    permissions.can_enter_plan(actor, plan.agency).require()
    if plan.filed_on is None:
        raise RuleBroken(_("年度计划还没有报备案，没有回执可登记"))
    if not receipt.strip() or not plan.filed_on <= received_on <= clock.local_date(now):
        raise InvalidInput(_("请填写回执，日期在报备日期以后、不晚于今天"))
    plan.filing_receipt, plan.filing_receipt_on = receipt.strip(), received_on
    plan.save(update_fields=["filing_receipt", "filing_receipt_on"])
    body: dict[str, JSON] = {
        "agency": plan.agency.code,
        "year": plan.year,
        "receipt": plan.filing_receipt,
        "on": received_on.isoformat(),
    }
    audit.record("plan.filing_receipt", actor=actor, at=now, body=body)
    return plan


@transaction.atomic
def fill_back_number(
    plan: AnnualPlan, *, document_number: str, issued_on: dt.date, actor: Actor, now: dt.datetime
) -> PlanEdition:
    """
    Fill back number and day that the office system gave to the version in force (回填文号); once, it then stays.

    Raises:
        RuleBroken: The plan is not public, or its number stands already.
        InvalidInput: No number, or a day to come.
    """
    plan = AnnualPlan.objects.select_for_update(of=("self",)).select_related("agency").get(pk=plan.pk)
    permissions.can_enter_plan(actor, plan.agency).require()
    edition = editions.newest(plan)
    if edition is None:
        raise RuleBroken(_("年度计划还没有公布，公布后回填文号"))
    if edition.document_number:
        raise RuleBroken(_("文号已经是%(n)s，不再改动") % {"n": edition.document_number})
    if not document_number.strip() or issued_on > clock.local_date(now):
        raise InvalidInput(_("请填写文号，印发日期不能晚于今天"))
    edition.document_number, edition.issued_on = document_number.strip(), issued_on
    edition.save(update_fields=["document_number", "issued_on"])
    plan.document_number, plan.issued_on = edition.document_number, issued_on
    plan.save(update_fields=["document_number", "issued_on"])
    body: dict[str, JSON] = {
        "agency": plan.agency.code,
        "year": plan.year,
        "version": edition.version,
        "number": edition.document_number,
        "on": issued_on.isoformat(),
    }
    audit.record("plan.numbered", actor=actor, at=now, body=body)
    return edition
