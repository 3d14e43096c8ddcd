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
from itertools import chain, groupby, islice
from operator import attrgetter

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput
from fairdraw.kernel.spool import Spool
from fairdraw.registers import bulk, ledger, licences, permissions
from fairdraw.registers.entries import (
    TARGET_FIELDS,
    ImportCount,
    PlainTarget,
    TargetBlock,
    TargetEntry,
)
from fairdraw.registers.ledger import Edit, Line
from fairdraw.registers.models import Target

CHUNK = 2000
#: A first block of so many targets is the beginning of a whole directory.
MANY = 1000
# What a file that leaves it blank does not take away.
KEPT_WHEN_BLANK = ("uscc", "old_number", "credit_class", "credit_computed_on", "invented")
STATION, KIND, STATUS = (TARGET_FIELDS.index(name) for name in ("station_id", "kind", "status"))
PLACE = tuple(TARGET_FIELDS.index(name) for name in ledger.PLACE)


@dataclass
class _Tally:
    """What an import has done so far; what may be a million rows lies outside memory."""

    added: int = 0
    changed: int = 0
    same: int = 0
    lines: list[bytes] = field(default_factory=list)  # a block of targets each
    edits: Spool[list[Line]] = field(default_factory=Spool)


def import_targets(
    entries: Iterable[TargetEntry], *, source: str, actor: Actor, now: dt.datetime
) -> ImportCount:
    """
    Enter the target directory (导入检查对象名录): all of the file, or nothing.

    Targets are known by their draw code. A class in an entry is entered as received with its date.

    Raises:
        InvalidInput: An entry's station is not known here.
    """
    return import_target_blocks(_blocks(entries), source=source, actor=actor, now=now)


@transaction.atomic
def import_target_blocks(
    blocks: Iterable[TargetBlock], *, source: str, actor: Actor, now: dt.datetime
) -> ImportCount:
    """Enter the target directory as :func:`import_targets`, from plain rows: a file of a million."""
    permissions.can_keep_registers(actor).require()
    stations = dict(Agency.objects.filter(kind="station").values_list("code", "pk"))
    names = ledger.stations_by_key()
    empty = not Target.objects.exists()
    tally = _Tally()
    walk = iter(blocks)
    first = next(walk, TargetBlock([]))
    with bulk.rows_first() if empty and len(first.rows) >= MANY else nullcontext():
        for block in chain([first], walk):
            rows = _placed(block.rows, stations)
            edits = _enter(rows, block.said, {} if empty else _held(rows), tally, now)
            ledger.keep_places(edits, on=clock.local_date(now))
            tally.edits.append(ledger.lines(edits, names))
            licences.store(block.licences, source=source, now=now)
    log = audit.record_batch(
        "targets.imported",
        actor=actor,
        at=now,
        body={"added": tally.added, "changed": tally.changed, "same": tally.same, "source": source},
        rows=tally.lines,
    )
    for lines in tally.edits:
        ledger.keep_lines(lines, reason=source, seq=log.seq, actor=actor, now=now)
    licences.settle_tags(actor=actor, now=now)
    return ImportCount(tally.added, tally.changed, tally.same)


def _blocks(entries: Iterable[TargetEntry]) -> Iterator[TargetBlock]:
    for said, alike in groupby(entries, attrgetter("said")):
        while chunk := list(islice(alike, CHUNK)):
            held = tuple((entry.draw_code, entry.licence) for entry in chunk if entry.licence)
            yield TargetBlock(list(map(bulk.plain, chunk)), said, held)


def _placed(rows: list[PlainTarget], stations: Mapping[str, int]) -> list[PlainTarget]:
    """The rows with their stations by key."""
    columns = list(zip(*rows, strict=True))
    if not columns:
        return []
    keys = {"": None, **stations}
    if unknown := set(columns[STATION]) - keys.keys():
        row = next(row for row in rows if row[STATION] in unknown)
        raise InvalidInput(
            _("检查对象 %(target)s 的市场监管所代码 %(station)s 不存在，请先建立该所")
            % {"target": row[0], "station": row[STATION]}
        )
    columns[STATION] = tuple(map(keys.__getitem__, columns[STATION]))
    return list(zip(*columns, strict=True))


Held = dict[str, tuple[int, PlainTarget]]


def _held(rows: list[PlainTarget]) -> Held:
    """What is held of the targets of a block, key and values, by draw code."""
    found = Target.objects.filter(draw_code__in=[row[0] for row in rows])
    return {row[1]: (row[0], bulk.plain_held(row[1:])) for row in found.values_list("pk", *TARGET_FIELDS)}


def _enter(
    rows: list[PlainTarget], said: frozenset[str] | None, held: Held, tally: _Tally, now: dt.datetime
) -> list[Edit]:
    """Enter a block; gives what it changes of targets that are held."""
    fresh: list[PlainTarget] = []
    altered: Held = {}
    edits: list[Edit] = []
    spoken = _spoken(said)
    for row in rows:
        if row[0] not in held:
            fresh.append(row)
            continue
        pk, before = held[row[0]]
        differs = () if before == row else _differs(before, row, spoken)
        if not differs:
            tally.same += 1
            continue
        edits.append(_edit(pk, before, row, differs))
        merged = list(before)
        for place in differs:
            merged[place] = row[place]
        held[row[0]] = altered[row[0]] = pk, tuple(merged)
    bulk.insert(fresh, at=now)
    bulk.update(altered.values(), at=now)
    tally.added += len(fresh)
    tally.changed += len(edits)
    if lines := [*fresh, *(row for _pk, row in altered.values())]:
        tally.lines.append("\n".join(f"{row[0]}\t{row[KIND]}\t{row[STATUS]}" for row in lines).encode())
    return edits


def _differs(before: PlainTarget, row: PlainTarget, spoken: tuple[int, ...]) -> tuple[int, ...]:
    """The places of what the file says otherwise."""
    return tuple(
        place
        for place in spoken
        if row[place] != before[place] and (row[place] or TARGET_FIELDS[place] not in KEPT_WHEN_BLANK)
    )


def _edit(pk: int, before: PlainTarget, row: PlainTarget, differs: tuple[int, ...]) -> Edit:
    station, town_code, town = (before[place] for place in PLACE)
    return Edit(pk, {TARGET_FIELDS[n]: (before[n], row[n]) for n in differs}, (station, town_code, town))


@cache
def _spoken(said: frozenset[str] | None) -> tuple[int, ...]:
    """The places of the fields that a file speaks of; a target's draw code is what it is known by."""
    return tuple(
        place for place, name in enumerate(TARGET_FIELDS) if place and (said is None or name in said)
    )
