"""
The target directory from a file (导入检查对象名录; N20, rules.md C1-C4): all of the file, or nothing.

New targets go in by plain statements. Of a target that is held, only what the file speaks of is changed; every
changed field is kept with its editor, and where station or town change, the place until then is kept as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, islice
from operator import attrgetter
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
# What a file that leaves it blank does not take away.
KEPT_WHEN_BLANK = ("uscc", "old_number", "credit_class", "credit_computed_on", "invented")
#: The values of an entry in the order of the directory's columns; station and tags as the entry has them.
FIELDS = bulk.INSERT_COLUMNS[:-1]
STATION, TAGS = FIELDS.index("station_id"), FIELDS.index("tags")
_values = attrgetter(*("station_code" if name == "station_id" else name for name in FIELDS))

Row = tuple[Any, ...]


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
    chunks = _chunks(entries)
    first = next(chunks, [])
    with bulk.indexes_last() if empty and len(first) == CHUNK else nullcontext():
        for chunk in chain([first], chunks):
            _enter(chunk, {} if empty else _held(chunk), stations, tally, now)
            licences.store(((e.draw_code, e.licence) for e in chunk if e.licence), source=source, now=now)
    log = audit.record_batch(
        "targets.imported",
        actor=actor,
        at=now,
        body={"added": tally.added, "changed": tally.changed, "same": tally.same, "source": source},
        rows=tally.lines,
    )
    ledger.keep(tally.edits, reason=source, seq=log.seq, actor=actor, now=now)
    licences.settle_tags(actor=actor, now=now)
    return ImportCount(tally.added, tally.changed, tally.same)


def _chunks(entries: Iterable[TargetEntry]) -> Iterator[list[TargetEntry]]:
    walk = iter(entries)
    while chunk := list(islice(walk, CHUNK)):
        yield chunk


def _held(chunk: list[TargetEntry]) -> dict[str, Row]:
    """What is held of the targets of a chunk, by draw code: bare values, as most come again unchanged."""
    rows = Target.objects.filter(draw_code__in=[e.draw_code for e in chunk]).values_list(*FIELDS)
    return {row[0]: row for row in rows}


def _row(entry: TargetEntry, stations: Mapping[str, int]) -> Row:
    if entry.station_code and entry.station_code not in stations:
        raise InvalidInput(
            _("检查对象 %(target)s 的市场监管所代码 %(station)s 不存在，请先建立该所")
            % {"target": entry.draw_code, "station": entry.station_code}
        )
    row = list(_values(entry))
    row[STATION] = stations.get(entry.station_code)
    row[TAGS] = rules.pack_tags(entry.tags) if entry.tags else ""
    return tuple(row)


def _enter(
    chunk: list[TargetEntry],
    held: Mapping[str, Row],
    stations: Mapping[str, int],
    tally: _Tally,
    now: dt.datetime,
) -> None:
    fresh: list[Row] = []
    altered: list[Target] = []
    rows = [_row(entry, stations) for entry in chunk]
    unlike = {row[0] for entry, row in zip(chunk, rows, strict=True) if _differs(entry, row, held)}
    objects = {row.draw_code: row for row in Target.objects.filter(draw_code__in=unlike)} if unlike else {}
    for entry, values in zip(chunk, rows, strict=True):
        if entry.draw_code not in held:
            fresh.append((*values, now))
            tally.lines.append(_line(entry.draw_code, entry.kind, entry.status))
            continue
        row = objects.get(entry.draw_code)
        said = _said(entry.said)
        differs = {
            FIELDS[place]: values[place]
            for place in (said if row is not None else ())
            if getattr(row, FIELDS[place]) != values[place]
            and (values[place] or FIELDS[place] not in KEPT_WHEN_BLANK)
        }
        if row is None or not differs:
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


def _differs(entry: TargetEntry, row: Row, held: Mapping[str, Row]) -> bool:
    """Whether a target that is held may have to be changed."""
    before = held.get(entry.draw_code)
    if before is None or before == row:
        return False
    return any(
        row[place] != before[place] and (row[place] or FIELDS[place] not in KEPT_WHEN_BLANK)
        for place in _said(entry.said)
    )


@cache
def _said(said: frozenset[str] | None) -> tuple[int, ...]:
    """The places of the fields that a file speaks of; a target's draw code is what it is known by."""
    return tuple(place for place, name in enumerate(FIELDS) if place and (said is None or name in said))
