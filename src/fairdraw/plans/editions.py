"""
The versions of the plan that were made public (计划版本): the whole table of each, and who received it (N07; rules.md E4).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from fairdraw.accounts.models import Agency, AgencyKind
from fairdraw.plans import selectors, shown
from fairdraw.plans.differing import Difference, difference
from fairdraw.plans.models import AnnualPlan, PlanEdition, PlanReceipt


def rows_of(plan: AnnualPlan) -> list[dict[str, Any]]:
    """The table of *plan* as it stands: what an edition keeps, the annex prints and a difference compares."""
    names = shown.unit_names()
    return [
        {
            "number": version.row.number,
            "source_no": version.row.source_no,
            "task": version.task_name,
            "type": version.check_type,
            "items": list(version.items),
            "scope": version.object_scope,
            "amount": shown.amount(version),
            "initiator": names.get(version.initiator, version.initiator),
            "participants": list(version.participants),
            "starts_on": version.window_start.isoformat() if version.window_start else "",
            "ends_on": version.window_end.isoformat() if version.window_end else "",
            "upstream": version.row.upstream,
            "local_reason": version.row.local_reason,
        }
        for version in selectors.current_versions(plan)
    ]


def publish(
    plan: AnnualPlan, *, reason: str = "", drafted_by: str, approved_by: str, now: dt.datetime
) -> PlanEdition:
    """Keep the table of *plan* as a public version and send it to the units; called inside the verb that publishes."""
    edition = PlanEdition.objects.create(
        plan=plan,
        version=plan.version,
        reason=reason,
        rows=rows_of(plan),
        document_number=plan.document_number if plan.version == 1 else "",
        issued_on=plan.issued_on if plan.version == 1 else None,
        drafted_by=drafted_by,
        approved_by=approved_by,
        published_at=now,
    )
    PlanReceipt.objects.bulk_create(PlanReceipt(edition=edition, agency=unit) for unit in receivers(plan))
    return edition


def receivers(plan: AnnualPlan) -> list[Agency]:
    """Who receives the plan: the open sections and stations of the bureau, and the departments that take part."""
    open_units = Agency.objects.filter(closes_on__isnull=True)
    own = open_units.filter(
        path__startswith=plan.agency.path, kind__in=(AgencyKind.SECTION, AgencyKind.STATION)
    )
    named = {word.strip() for version in selectors.current_versions(plan) for word in version.participants}
    partners = [
        unit
        for unit in open_units.filter(kind=AgencyKind.DEPARTMENT)
        if named & {unit.name, unit.short_name, unit.code}
    ]
    return [*own.order_by("path"), *sorted(partners, key=lambda unit: unit.code)]


def editions(plan: AnnualPlan) -> list[PlanEdition]:
    """Every public version of *plan*, the newest first."""
    return list(plan.editions.order_by("-version"))


def newest(plan: AnnualPlan) -> PlanEdition | None:
    """The public version in force, if the plan was published."""
    return plan.editions.order_by("-version").first()


def change_of(edition: PlanEdition) -> Difference:
    """What *edition* changed against the one before it; nothing for the first."""
    before = PlanEdition.objects.filter(plan=edition.plan_id, version__lt=edition.version)
    last = before.order_by("-version").first()
    return difference(last.rows, edition.rows) if last else Difference()
