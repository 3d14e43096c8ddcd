"""
The target directory from a file (导入检查对象名录; N20, rules.md C1-C4): all of the file, or nothing.

New targets go in by plain statements. Of a target that is held, only what the file speaks of is changed; every
changed field is kept with its editor, and where station or town change, the place until then is kept as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput
from fairdraw.registers import bulk, ledger, licences, permissions, rules
from fairdraw.registers.entries import ImportCount, TargetEntry
from fairdraw.registers.ledger import Edit
from fairdraw.registers.models import Target

CHUNK = 2000
PLAIN = (
    "uscc",
    "old_number",
    "name",
    "kind",
    "entity_type",
    "status",
    "registered_on",
    "address",
    "town_code",
    "town",
    "industry",
    "scope",
    "credit_class",
    "credit_computed_on",
    "abnormal",
    "serious",
    "annual_report",
    "food_grade",
    "food_graded_on",
    "risk_index",
    "risk_index_on",
    "risk_index_source",
    "invented",
)
# What a file that leaves it blank does not take away.
KEPT_WHEN_BLANK = ("uscc", "old_number", "credit_class", "credit_computed_on", "invented")


@dataclass
class _Tally:
    """What an import has done so far."""

    added: int = 0
    changed: int = 0
    same: int = 0
    lines: list[bytes] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)


@transaction.atomic
def import_targets(
    entries: Iterable[TargetEntry], *, source: str, actor: Actor, now: dt.datetime
) -> ImportCount:
    """
    Enter the target directory (导入检查对象名录): all of the file, or nothing.

    Targets are known by their draw code. A class in an entry is entered as received with its date.

    Raises:
        InvalidInput: An entry's station is not known here.
    """
    permissions.can_keep_registers(actor).require()
    stations = dict(Agency.objects.filter(kind="station").values_list("code", "pk"))
    empty = not Target.objects.exists()
    tally = _Tally()
    licensed: list[TargetEntry] = []
    for chunk in _chunks(entries):
        _enter(chunk, {} if empty else _held(chunk), stations, tally, now)
        licensed += [entry for entry in chunk if entry.licence is not None]
    log = audit.record_batch(
        "targets.imported",
        actor=actor,
        at=now,
        body={"added": tally.added, "changed": tally.changed, "same": tally.same, "source": source},
        rows=tally.lines,
    )
    ledger.keep(tally.edits, reason=source, seq=log.seq, actor=actor, now=now)
    licences.store(
        ((entry.draw_code, entry.licence) for entry in licensed if entry.licence), source=source, now=now
    )
    licences.settle_tags(actor=actor, now=now)
    return ImportCount(tally.added, tally.changed, tally.same)


def _chunks(entries: Iterable[TargetEntry]) -> Iterator[list[TargetEntry]]:
    walk = iter(entries)
    while chunk := list(islice(walk, CHUNK)):
        yield chunk


def _held(chunk: list[TargetEntry]) -> dict[str, Target]:
    rows = Target.objects.filter(draw_code__in=[e.draw_code for e in chunk]).select_related("station")
    return {row.draw_code: row for row in rows}


def _enter(
    chunk: list[TargetEntry],
    held: Mapping[str, Target],
    stations: Mapping[str, int],
    tally: _Tally,
    now: dt.datetime,
) -> None:
    fresh: list[tuple[object, ...]] = []
    altered: list[Target] = []
    for entry in chunk:
        row = held.get(entry.draw_code)
        fields = _fields(entry, stations)
        if row is None:
            fresh.append((entry.draw_code, *(fields[c] for c in bulk.INSERT_COLUMNS[1:-1]), now))
            tally.lines.append(_line(entry.draw_code, entry.kind, entry.status))
            continue
        differs = {k: v for k, v in _said(entry, fields).items() if getattr(row, k) != v}
        if not differs:
            tally.same += 1
            continue
        tally.edits.append(ledger.edit(row, differs))
        for key, value in differs.items():
            setattr(row, key, value)
        row.updated_at = now
        altered.append(row)
        tally.lines.append(_line(row.draw_code, row.kind, row.status))
    ledger.keep_places(tally.edits[-len(altered) :] if altered else [], on=clock.local_date(now))
    bulk.insert(fresh)
    bulk.update(altered)
    tally.added += len(fresh)
    tally.changed += len(altered)


def _line(code: str, kind: str, status: str) -> bytes:
    return f"{code}\t{kind}\t{status}".encode()


def _fields(entry: TargetEntry, stations: Mapping[str, int]) -> dict[str, Any]:
    if entry.station_code and entry.station_code not in stations:
        raise InvalidInput(
            _("检查对象 %(target)s 的市场监管所代码 %(station)s 不存在，请先建立该所")
            % {"target": entry.draw_code, "station": entry.station_code}
        )
    fields = {name: getattr(entry, name) for name in PLAIN}
    fields["station_id"] = stations.get(entry.station_code)
    fields["tags"] = rules.pack_tags(entry.tags)
    return fields


def _said(entry: TargetEntry, fields: dict[str, Any]) -> dict[str, Any]:
    """Of the fields of an entry those that its file speaks of."""
    blank = {name for name in KEPT_WHEN_BLANK if not fields[name]}
    said = entry.said
    return {
        name: value for name, value in fields.items() if name not in blank and (said is None or name in said)
    }
