"""
Verbs on what targets bear (入企检查记录、专项检查、停检期). Visits of our own are written by the stage that makes them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.audit import services as audit
from fairdraw.burden import permissions, selectors
from fairdraw.burden.entries import BlackoutEntry, CampaignEntry, VisitEntry
from fairdraw.burden.models import Blackout, BorneVisit, Campaign
from fairdraw.burden.rules import RANDOM, pack
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.canonical import JSON
from fairdraw.kernel.errors import InvalidInput
from fairdraw.registers.entries import ImportCount
from fairdraw.registers.models import Item

OWN = "fairdraw"
CHUNK = 1000


@dataclass(frozen=True)
class Door:
    """
    A visit of ours as its stage knows it.

    Attributes:
        key: Of the visit; the same door is written once.
        on: When it was made, or the last day on which it is to be.
    """

    key: int
    target_id: int
    agency_id: int
    on: dt.date

    @property
    def reference(self) -> str:
        """How the visit is named here."""
        return f"visit:{self.key}"


def expect(doors: Iterable[Door]) -> None:
    """Write down visits that are to come (待检查), so that caps see them before they are made."""
    BorneVisit.objects.bulk_create(
        (_row(door, waiting=True) for door in doors), batch_size=CHUNK, ignore_conflicts=True
    )


def enter(doors: Sequence[Door]) -> None:
    """Write down visits that were made; where they were expected, what was expected becomes what was."""
    forgo([door.key for door in doors])
    BorneVisit.objects.bulk_create(
        (_row(door, waiting=False) for door in doors), batch_size=CHUNK, ignore_conflicts=True
    )


def forgo(keys: Sequence[int]) -> None:
    """Take visits out that were expected and are not made: done by documents, excluded, replaced."""
    for start in range(0, len(keys), CHUNK):
        named = [f"visit:{key}" for key in keys[start : start + CHUNK]]
        BorneVisit.objects.filter(source=OWN, reference__in=named, waiting=True).delete()


def _row(door: Door, *, waiting: bool) -> BorneVisit:
    return BorneVisit(
        target_id=door.target_id,
        visited_on=door.on,
        agency_id=door.agency_id,
        kind=RANDOM,
        source=OWN,
        reference=door.reference,
        waiting=waiting,
    )


@transaction.atomic
def import_visits(
    entries: Sequence[VisitEntry], *, source: str, actor: Actor, now: dt.datetime
) -> ImportCount:
    """
    Write down visits that came from no draw (导入非随机的入企检查), each once: by target, day, unit and kind.

    Args:
        entries: As read and matched.
        source: Where they come from, for the log.
        actor: An officer of the bureau.
        now: When.

    Returns:
        How many were new, changed (more is known of a visit), and known as they are.

    Source: rules.md I2; mission N06.
    """
    permissions.can_import_visits(actor).require()
    targets = selectors.target_keys({entry.draw_code for entry in entries})
    units = selectors.agency_keys({entry.agency_code for entry in entries})
    known = selectors.imported(targets.values())
    fresh: dict[tuple[int, str], BorneVisit] = {}
    changed: list[BorneVisit] = []
    for entry in entries:
        row = BorneVisit(
            target_id=targets[entry.draw_code],
            visited_on=entry.visited_on,
            agency_id=units.get(entry.agency_code),
            unit_name="" if entry.agency_code else entry.unit_name,
            kind=entry.kind,
            higher=entry.higher,
            items=pack(entry.items),
            items_count=max(1, len(entry.items)),
            exempt_code=entry.exempt_code,
            note=entry.note,
            source="import",
            reference=entry.reference,
        )
        held = known.get((row.target_id, row.reference))
        if held is None:
            fresh[row.target_id, row.reference] = row
        elif selectors.said(held) != selectors.said(row):
            row.pk = held.pk
            changed.append(row)
    BorneVisit.objects.bulk_create(fresh.values(), batch_size=CHUNK)
    BorneVisit.objects.bulk_update(changed, selectors.SAID, batch_size=CHUNK)
    count = ImportCount(len(fresh), len(changed), len(entries) - len(fresh) - len(changed))
    audit.record_batch(
        "visits.imported",
        actor=actor,
        at=now,
        body={"source": source},
        rows=[f"{e.draw_code}\t{e.reference}".encode() for e in entries],
    )
    return count


@transaction.atomic
def register_campaign(entry: CampaignEntry, *, actor: Actor, now: dt.datetime) -> Campaign:
    """
    Register a special campaign with the document that approved it (登记专项检查; rules.md E5).

    Raises:
        InvalidInput: No item, or the days are the wrong way round.
    """
    permissions.can_keep_campaigns(actor).require()
    _require_days(entry.starts_on, entry.ends_on)
    items = list(Item.objects.filter(code__in=entry.items))
    if not items:
        raise InvalidInput(_("请选择专项检查的抽查事项"))
    made = Campaign.objects.create(
        name=entry.name,
        organised_by=entry.organised_by,
        document_number=entry.document_number,
        approved_by=entry.approved_by,
        approved_on=entry.approved_on,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        scope_text=entry.scope_text,
        entered_by=actor.code,
        entered_at=now,
    )
    made.items.set(items)
    body = {"campaign": made.name, "document": made.document_number}
    audit.record("campaign.registered", actor=actor, at=now, body=body)
    return made


@transaction.atomic
def withdraw_campaign(*, campaign_id: int, reason: str, actor: Actor, now: dt.datetime) -> Campaign:
    """Take a campaign off that is not held, or was entered wrongly (撤销专项检查); it stays in the list."""
    permissions.can_keep_campaigns(actor).require()
    if not reason.strip():
        raise InvalidInput(_("请写明原因"))
    held = selectors.campaign_for_update(campaign_id)
    held.withdrawn_at, held.withdrawn_reason = now, reason.strip()
    held.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    body = {"campaign": held.name, "reason": held.withdrawn_reason}
    audit.record("campaign.withdrawn", actor=actor, at=now, body=body)
    return held


@transaction.atomic
def enter_blackout(entry: BlackoutEntry, *, actor: Actor, now: dt.datetime) -> Blackout:
    """Enter days without visits for an industry or place (登记停检期)."""
    permissions.can_keep_blackouts(actor).require()
    _require_days(entry.starts_on, entry.ends_on)
    if not entry.reason.strip():
        raise InvalidInput(_("请写明停检的依据或原因"))
    station = accounts.agency(entry.station) if entry.station else None
    made = Blackout.objects.create(
        name=entry.name,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        industry=entry.industry,
        tag=entry.tag,
        station=station,
        town=entry.town,
        reason=entry.reason.strip(),
        entered_by=actor.code,
        entered_at=now,
    )
    audit.record("blackout.entered", actor=actor, at=now, body=_days(made))
    return made


@transaction.atomic
def withdraw_blackout(*, blackout_id: int, actor: Actor, now: dt.datetime) -> Blackout:
    """Take days without visits back (撤销停检期)."""
    permissions.can_keep_blackouts(actor).require()
    held = selectors.blackout_for_update(blackout_id)
    held.withdrawn_at = now
    held.save(update_fields=["withdrawn_at"])
    audit.record("blackout.withdrawn", actor=actor, at=now, body=_days(held))
    return held


def _days(held: Blackout) -> dict[str, JSON]:
    return {"blackout": held.name, "from": held.starts_on.isoformat(), "to": held.ends_on.isoformat()}


def _require_days(starts_on: dt.date, ends_on: dt.date) -> None:
    if ends_on < starts_on:
        raise InvalidInput(_("结束日期不能早于开始日期"))
