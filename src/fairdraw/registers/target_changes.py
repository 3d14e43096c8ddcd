"""
One target changed by hand (变更检查对象信息; N20): with a reason, by one person, kept in the ledger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.registers import ledger, permissions
from fairdraw.registers.models import FormerPlace, Target
from fairdraw.registers.refusals import RefusedAtField

CHANGEABLE = frozenset(
    {
        "name",
        "old_number",
        "entity_type",
        "status",
        "registered_on",
        "address",
        "industry",
        "scope",
        "tags",
        "abnormal",
        "serious",
        "annual_report",
        "food_grade",
        "food_graded_on",
        "risk_index",
        "risk_index_on",
        "risk_index_source",
    }
)


class TargetRefused(RefusedAtField):
    """A target cannot be changed as asked."""

    code = "registers.target-refused"


@transaction.atomic
def change_target(
    *, target: Target, fields: Mapping[str, Any], reason: str, actor: Actor, now: dt.datetime
) -> list[str]:
    """
    Change what the directory says of a target (变更检查对象信息). Classes are received, places moved: neither here.

    Draws that are sealed keep what they sealed.

    Args:
        target: Which.
        fields: New values by field, as the model has them.
        reason: Why, or on which document.
        actor: The bureau's office or its clerk.
        now: When.

    Returns:
        The names of the fields that changed; empty where nothing did, and then nothing is logged.

    Raises:
        TargetRefused: No reason is given, or a field is not changed by hand.
    """
    permissions.can_keep_registers(actor).require()
    if not reason.strip():
        raise TargetRefused(_("请写明变更的理由或依据"), field="reason")
    if not set(fields) <= CHANGEABLE:
        raise TargetRefused(_("分类、所属和代码不在这里变更"))
    row = Target.objects.select_for_update().get(pk=target.pk)
    differs = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not differs:
        return []
    edit = ledger.edit(row, differs)
    Target.objects.filter(pk=row.pk).update(**differs, updated_at=now)
    log = audit.record(
        "target.changed",
        actor=actor,
        at=now,
        body={"target": row.draw_code, "fields": sorted(differs), "reason": reason.strip()},
    )
    ledger.keep([edit], reason=reason.strip(), seq=log.seq, actor=actor, now=now)
    return sorted(differs)


@transaction.atomic
def move_target(
    *,
    target: Target,
    station: Agency | None,
    town_code: str,
    town: str,
    on: dt.date,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> Target:
    """
    Let a target belong to another station or town from a day on (变更所属); as of any day before, it is where it was.

    Args:
        target: Which.
        station: The station that it belongs to from now on.
        town_code: Code of the town.
        town: Name of the town.
        on: The first day there; today or earlier.
        reason: Why.
        actor: The bureau's office or its clerk.
        now: When it is entered.

    Raises:
        TargetRefused: No reason, a day to come, a day before the last move, or it belongs there.
    """
    permissions.can_keep_registers(actor).require()
    row = Target.objects.select_for_update(of=("self",)).select_related("station").get(pk=target.pk)
    if not reason.strip():
        raise TargetRefused(_("请写明变更的理由或依据"), field="reason")
    if on > clock.local_date(now):
        raise TargetRefused(_("所属变更从当日或以前的日期起算，请在生效之日再录入"), field="on")
    if FormerPlace.objects.filter(target=row, ended_on__gte=on).exists():
        raise TargetRefused(_("%(day)s或以后已有一次所属变更，日期须晚于它") % {"day": on}, field="on")
    after = {"station_id": station.pk if station else None, "town_code": town_code, "town": town}
    differs = {name: value for name, value in after.items() if getattr(row, name) != value}
    if not differs:
        raise TargetRefused(_("所属与现在相同，没有变更"), field="station")
    edit = ledger.edit(row, differs)
    Target.objects.filter(pk=row.pk).update(**differs, updated_at=now)
    ledger.keep_places([edit], on=on)
    log = audit.record(
        "target.moved",
        actor=actor,
        at=now,
        body={"target": row.draw_code, "on": on.isoformat(), "reason": reason.strip()},
    )
    why = _("自%(day)s起：%(reason)s") % {"day": on, "reason": reason.strip()}
    ledger.keep([edit], reason=why, seq=log.seq, actor=actor, now=now)
    row.refresh_from_db()
    return row
