"""
Licences of targets (许可; rules.md C2, C3): entered, and the tags that rest on them put on and taken off.

A tag that rests on licences stands on a target while one of them is valid: who is drawn for it holds one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput
from fairdraw.registers import ledger, permissions, rules
from fairdraw.registers.entries import ImportCount, LicenceEntry
from fairdraw.registers.ledger import Edit
from fairdraw.registers.models import Licence, Target
from fairdraw.registers.refusals import RefusedAtField

CHUNK = 2000
SAID = ("valid_from", "valid_to", "issuer", "tag")


class LicenceRefused(RefusedAtField):
    """A licence cannot be entered as it stands."""

    code = "registers.licence-refused"


def is_valid(valid_from: dt.date | None, valid_to: dt.date | None, *, on: dt.date) -> bool:
    """
    Whether a licence holds on a day; without a day it has no beginning, or no end (长期).

    >>> is_valid(None, dt.date(2026, 6, 30), on=dt.date(2026, 6, 30))
    True
    """
    return (valid_from is None or valid_from <= on) and (valid_to is None or valid_to >= on)


@transaction.atomic
def import_licences(
    entries: Iterable[tuple[str, LicenceEntry]], *, source: str, actor: Actor, now: dt.datetime
) -> ImportCount:
    """
    Enter licences by draw code of their targets (导入许可): known by kind and number, so that a renewal changes the days.

    Raises:
        LicenceRefused: A number names the licence of another target.
    """
    permissions.can_keep_registers(actor).require()
    count, lines = _store(entries, source=source, now=now)
    audit.record_batch(
        "licences.imported",
        actor=actor,
        at=now,
        body={"added": count.added, "changed": count.changed, "same": count.same, "source": source},
        rows=lines,
    )
    settle_tags(actor=actor, now=now)
    return count


def store(entries: Iterable[tuple[str, LicenceEntry]], *, source: str, now: dt.datetime) -> ImportCount:
    """Enter licences inside another verb, which writes the log."""
    return _store(entries, source=source, now=now)[0]


def _store(
    entries: Iterable[tuple[str, LicenceEntry]], *, source: str, now: dt.datetime
) -> tuple[ImportCount, list[bytes]]:
    added = changed = same = 0
    lines: list[bytes] = []
    walk = iter(entries)
    while chunk := list(islice(walk, CHUNK)):
        targets = dict(
            Target.objects.filter(draw_code__in={code for code, _l in chunk}).values_list("draw_code", "pk")
        )
        rows = Licence.objects.filter(number__in={entry.number for _c, entry in chunk})
        held = {(row.kind, row.number): row for row in rows.select_related("target")}
        fresh: dict[tuple[str, str], Licence] = {}
        altered: list[Licence] = []
        for code, entry in chunk:
            if code not in targets:
                raise InvalidInput(_("名录库中没有检查对象 %(code)s，不能登记其许可") % {"code": code})
            key = (entry.kind, entry.number)
            row = fresh.get(key) or held.get(key)
            if row is not None and row.target_id != targets[code]:
                said = _("%(kind)s %(number)s 已登记在另一户（%(name)s）名下，请核对")
                words = {"kind": entry.kind, "number": entry.number, "name": row.target.name}
                raise LicenceRefused(said % words, field="number")
            if row is None:
                fresh[key] = Licence(
                    target_id=targets[code],
                    kind=entry.kind,
                    number=entry.number,
                    source=source[:100],
                    entered_at=now,
                    **{name: getattr(entry, name) for name in SAID},
                )
                added += 1
            elif all(getattr(row, name) == getattr(entry, name) for name in SAID):
                same += 1
                continue
            else:
                for name in SAID:
                    setattr(row, name, getattr(entry, name))
                row.source, row.entered_at = source[:100], now
                if key in held:
                    altered.append(row)
                changed += 1
            lines.append(f"{code}\t{entry.kind}\t{entry.number}\t{entry.valid_to or ''}".encode())
        Licence.objects.bulk_create(fresh.values(), batch_size=CHUNK)
        Licence.objects.bulk_update(altered, [*SAID, "source", "entered_at"], batch_size=500)
    return ImportCount(added, changed, same), lines


@transaction.atomic
def enter_licence(
    *, target: Target, entry: LicenceEntry, reason: str, actor: Actor, now: dt.datetime
) -> Licence:
    """
    Enter or renew one licence by hand (登记许可).

    Raises:
        LicenceRefused: It would end before it starts, or its number names another target's licence.
    """
    permissions.can_keep_registers(actor).require()
    if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
        raise LicenceRefused(_("许可有效期的止期早于起期，请核对"), field="valid_to")
    import_licences([(target.draw_code, entry)], source=reason, actor=actor, now=now)
    return Licence.objects.get(kind=entry.kind, number=entry.number)


@transaction.atomic
def settle_tags(*, actor: Actor, now: dt.datetime) -> int:
    """
    Put on and take off the tags that rest on licences, as the licences are today (按许可有效期核定标签).

    Called whenever licences come in, and before the lists of a draw are frozen.

    Returns:
        How many targets changed.
    """
    today = clock.local_date(now)
    valid: dict[int, dict[str, bool]] = {}
    rows = Licence.objects.exclude(tag="").values_list("target_id", "tag", "valid_from", "valid_to")
    for pk, tag, starts, ends in rows.iterator(chunk_size=5000):
        tags = valid.setdefault(pk, {})
        tags[tag] = tags.get(tag, False) or is_valid(starts, ends, on=today)
    edits: list[Edit] = []
    lines: list[bytes] = []
    keys = iter(valid)
    while chunk := list(islice(keys, CHUNK)):
        altered = []
        for row in Target.objects.filter(pk__in=chunk):
            settled = _settled(row.tags, valid[row.pk])
            if settled != row.tags:
                edits.append(ledger.edit(row, {"tags": settled}))
                row.tags, row.updated_at = settled, now
                altered.append(row)
                lines.append(f"{row.draw_code}\t{settled}".encode())
        Target.objects.bulk_update(altered, ["tags", "updated_at"], batch_size=500)
    if edits:
        log = audit.record_batch(
            "tags.settled", actor=actor, at=now, body={"on": today.isoformat()}, rows=lines
        )
        ledger.keep(edits, reason=_("按许可有效期核定"), seq=log.seq, actor=actor, now=now)
    return len(edits)


def _settled(stored: str, valid: Mapping[str, bool]) -> str:
    kept = {tag for tag in rules.unpack_tags(stored) if valid.get(tag, True)}
    return rules.pack_tags(kept | {tag for tag, holds in valid.items() if holds})
