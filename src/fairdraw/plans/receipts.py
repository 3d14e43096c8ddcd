"""
Who has received the plan (计划签收): each unit confirms on screen, the office enters what was signed on paper and urges (N07).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.audit import services as audit
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.canonical import JSON
from fairdraw.kernel.errors import InvalidInput, NotFound
from fairdraw.plans import editions, permissions
from fairdraw.plans.models import AnnualPlan, PlanReceipt
from fairdraw.plans.states import PlanState


def of_plan(plan: AnnualPlan) -> QuerySet[PlanReceipt]:
    """The receipts of the version in force, unit by unit."""
    edition = editions.newest(plan)
    rows = PlanReceipt.objects.filter(edition=edition) if edition else PlanReceipt.objects.none()
    return rows.select_related("agency", "edition__plan__agency").order_by("agency__kind", "agency__path")


def seen_by(actor: Actor, plan: AnnualPlan) -> list[PlanReceipt]:
    """
    The receipts of the version in force that *actor* may see.

    The bureau's own people see who has the plan and who has not; a department that takes part sees its own line.
    """
    rows = of_plan(plan)
    if not accounts.is_of_the_bureau(actor):
        rows = rows.filter(accounts.within_scopes(actor, "agency__path"))
    return list(rows)


def require_reader(actor: Actor, plan: AnnualPlan) -> None:
    """
    Let the bureau's own people read a version of *plan*, and the departments that received one.

    Raises:
        NotFound: For everybody else, as if there were none.
    """
    received = PlanReceipt.objects.filter(accounts.within_scopes(actor, "agency__path"), edition__plan=plan)
    if not (accounts.is_of_the_bureau(actor) or received.exists()):
        raise NotFound(_("没有这份年度计划，或本单位不在签收名单中"))


def awaited_from(actor: Actor) -> list[PlanReceipt]:
    """The receipts that *actor* can still give, of the version in force of each plan that runs."""
    units = [grant.path for grant in actor.grants if grant.duty in permissions.UNIT_DUTIES]
    if not units:
        return []
    rows = PlanReceipt.objects.filter(
        agency__path__in=units,
        confirmed_at=None,
        edition__version=F("edition__plan__version"),
        edition__plan__state=PlanState.PUBLISHED.value,
    )
    return list(rows.select_related("agency", "edition__plan").order_by("edition", "agency__path"))


@transaction.atomic
def confirm(receipt: PlanReceipt, *, actor: Actor, now: dt.datetime) -> PlanReceipt:
    """Confirm on screen that the own unit has received the plan (签收); a second time changes nothing."""
    receipt = _locked([receipt])[0]
    permissions.can_confirm_receipt(actor, receipt).require()
    if receipt.confirmed_at is None:
        receipt.signer = actor.name[:40]
        receipt.signed_on = clock.local_date(now)
        _confirmed(receipt, actor, now)
    return receipt


@transaction.atomic
def enter_paper(
    receipts: Iterable[PlanReceipt], *, signer: str, signed_on: dt.date, actor: Actor, now: dt.datetime
) -> int:
    """
    Enter receipts that were signed on paper (录入纸质签收); those that are confirmed already stay.

    Raises:
        InvalidInput: Nobody is named, or the day lies ahead or before the plan was published.
    """
    rows = _locked(receipts)
    entered = 0
    for receipt in rows:
        permissions.can_enter_plan(actor, receipt.edition.plan.agency).require()
        if not signer.strip():
            raise InvalidInput(_("请填写签收人"))
        first = clock.local_date(receipt.edition.published_at)
        if not first <= signed_on <= clock.local_date(now):
            raise InvalidInput(
                _("签收日期应在公布之日（%(day)s）以后，不晚于今天") % {"day": first.isoformat()}
            )
        if receipt.confirmed_at is None:
            receipt.signer, receipt.signed_on, receipt.on_paper = signer.strip()[:40], signed_on, True
            _confirmed(receipt, actor, now)
            entered += 1
    return entered


def _confirmed(receipt: PlanReceipt, actor: Actor, now: dt.datetime) -> None:
    receipt.confirmed_at, receipt.confirmed_by = now, actor.code
    receipt.save()
    plan = receipt.edition.plan
    body: dict[str, JSON] = {
        "year": plan.year,
        "version": receipt.edition.version,
        "agency": receipt.agency.code,
    }
    audit.record("plan.received", actor=actor, at=now, body={**body, "paper": receipt.on_paper})


@transaction.atomic
def urge(plan: AnnualPlan, *, actor: Actor, now: dt.datetime) -> list[PlanReceipt]:
    """Urge every unit that has not confirmed (催收); it stands on its workbench from then on with the day."""
    permissions.can_enter_plan(actor, plan.agency).require()
    rows = [row for row in _locked(of_plan(plan)) if row.confirmed_at is None]
    for row in rows:
        row.urged_at, row.urged_times = now, row.urged_times + 1
        row.save(update_fields=["urged_at", "urged_times"])
    if rows:
        units = "、".join(str(row.agency) for row in rows)
        body: dict[str, JSON] = {
            "agency": plan.agency.code,
            "year": plan.year,
            "version": plan.version,
            "units": units,
        }
        audit.record("plan.urged", actor=actor, at=now, body=body)
    return rows


def _locked(receipts: Iterable[PlanReceipt]) -> list[PlanReceipt]:
    keys = [receipt.pk for receipt in receipts]
    rows = PlanReceipt.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    return list(rows.select_related("agency", "edition__plan__agency").order_by("pk"))
