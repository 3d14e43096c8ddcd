"""
Verbs on the annual plan (年度抽查工作计划; N07): entered, reviewed, filed, published, amended as public versions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.canonical import JSON
from fairdraw.kernel.errors import RuleBroken
from fairdraw.plans import permissions, selectors
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.models import AnnualPlan, PlanRow, PlanRowVersion
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
def amend_plan(
    changes: Sequence[tuple[PlanRow, PlanRowEntry]],
    *,
    plan: AnnualPlan,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> AnnualPlan:
    """
    Change rows of the plan (调整年度计划): each becomes a new version, the earlier ones stay.

    A published plan gets a new version of its own, which the caller makes public with the reason.

    Args:
        changes: Rows of *plan* and what they say from now on.
        plan: Being drafted or reviewed, or published.
        reason: Why (调整原因).
        actor: The leading group's office.
        now: When.

    Source: rules.md E4; N07.
    """
    plan = AnnualPlan.objects.select_for_update(of=("self",)).select_related("agency").get(pk=plan.pk)
    permissions.can_amend(actor, plan).require()
    require_reason(reason)
    lines: list[bytes] = []
    for row, entry in changes:
        if row.plan_id != plan.pk:
            raise RuleBroken(_("第%(n)s行不属于这份年度计划") % {"n": row.number})
        last = row.versions.order_by("-version").first()
        version = last.version + 1 if last else 1
        PlanRowVersion.objects.create(
            row=row, version=version, reason=reason, created_at=now, **_version_fields(entry)
        )
        lines.append(f"{row.number}\t{version}\t{entry.task_name}".encode())
    if plan.state == PlanState.PUBLISHED.value:
        plan.version += 1
        plan.save(update_fields=["version"])
    body: dict[str, JSON] = {
        "agency": plan.agency.code,
        "year": plan.year,
        "version": plan.version,
        "reason": reason,
    }
    audit.record_batch("plan.amended", actor=actor, at=now, body=body, rows=lines)
    return plan


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
