"""
The target directory of a file as plain rows (检查对象名录), kept outside memory: a million of them come in at once.

A block of rows goes from the file's columns to the directory's column by column; a row is never an object.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.exchange.readers import targets as target_reader
from fairdraw.exchange.readers.columns import Columns, open_register
from fairdraw.exchange.readers.report import Kept, Told
from fairdraw.exchange.readers.targets import TargetRow
from fairdraw.exchange.tables import AS_FOUND, Layout
from fairdraw.kernel.errors import Trouble
from fairdraw.kernel.spool import Spool
from fairdraw.registers import rules
from fairdraw.registers.entries import TARGET_FIELDS, LicenceEntry, PlainTarget, TargetBlock

Tagger = Callable[[TargetRow], tuple[str, ...]]
StationCode = Callable[[str], str]
Said = frozenset[str] | None

#: So many rows are given on at once.
BLOCK = 2400
#: Of each sorted run so many rows are in memory at once.
RUN_BLOCK = 250
_DRAW_CODE = itemgetter(0)

#: Which fields of the directory a column speaks of, where they are called otherwise.
SPEAKS_OF = {
    "code": ("uscc", "old_number"),
    "authority": ("town_code",),
    "station": ("station_id",),
    "credit_class": ("credit_class", "credit_computed_on"),
    "class_computed_on": ("credit_computed_on",),
}


class TargetRows:
    """
    The rows of a file in the order of their draw codes, those that are silent on the status last.

    In that order they go into a directory in two thirds of the time: its index grows at one end.

    Args:
        said: The fields that the file speaks of; ``None`` for all.
    """

    def __init__(self, said: Said) -> None:
        """Begin empty."""
        self._said = (said, None if said is None else said - {"status"})
        self._held: Spool[list[PlainTarget]] = Spool()
        self._runs: tuple[list[range], list[range]] = ([], [])  # blocks in order, by whether they are silent
        self._licences: Spool[list[tuple[str, ...]]] = Spool()
        self._count = 0

    def __len__(self) -> int:
        """How many rows there are."""
        return self._count

    def append(self, rows: list[PlainTarget], licences: list[tuple[str, ...]], *, silent: bool) -> None:
        """Add some thousand rows; *silent* ones do not speak of the status."""
        if not rows:
            return
        rows.sort(key=_DRAW_CODE)
        first = len(self._held)
        for start in range(0, len(rows), RUN_BLOCK):
            self._held.append(rows[start : start + RUN_BLOCK])
        self._runs[silent].append(range(first, len(self._held)))
        self._count += len(rows)
        if licences:
            self._licences.append(licences)

    def blocks(self) -> Iterator[TargetBlock]:
        """All rows, in blocks, and after them the licences that stand beside them."""
        for runs, said in zip(self._runs, self._said, strict=True):
            rows = heapq.merge(*map(self._run, runs), key=_DRAW_CODE)
            while block := list(islice(rows, BLOCK)):
                yield TargetBlock(block, said)
        for licences in self._licences:
            yield TargetBlock([], None, tuple(map(_licence, licences)))

    def _run(self, places: range) -> Iterator[PlainTarget]:
        return chain.from_iterable(map(self._held.__getitem__, places))

    def towns(self) -> set[tuple[str, str]]:
        """Every town with the codes of the stations that its targets belong to."""
        town, station = (TARGET_FIELDS.index(name) for name in ("town", "station_id"))
        return {(row[town], row[station]) for block in self.blocks() for row in block.rows}


def read_targets(
    path: Path,
    *,
    station_code: StationCode,
    tagger: Tagger | None,
    told: Told,
    layout: Layout = AS_FOUND,
    report: Callable[[float, int], None] = lambda _fraction, _rows: None,
) -> TargetRows:
    """
    The targets of a file (检查对象名录), kept outside memory.

    Args:
        path: csv or a workbook.
        station_code: Gives a station's code by the name that the file has for it; empty where there is none.
        tagger: Makes up supervision tags from a row, in a rehearsal whose file has none.
        told: Collects the cautions.
        layout: What a person said of the file's shape.
        report: Told after each block what part of the file has been read, and how many rows.

    Raises:
        InvalidInput: At least one row cannot be used; names file, row and column.
    """
    table = open_register(path, target_reader.ALIASES, layout)
    said = None if tagger is not None else _said(Columns(table.header, target_reader.ALIASES, layout.columns))
    found = TargetRows(said)
    kept = Kept(file=path.name)
    silent = 0
    for batch in target_reader.batches(table):
        kept.add(batch.troubles)
        spoken = [row for row in batch.rows if row.status]
        unspoken = [row for row in batch.rows if not row.status] if len(spoken) < len(batch.rows) else []
        silent += len(unspoken)
        for rows in (spoken, unspoken):
            found.append(_plain(rows, station_code, tagger), _licences(rows), silent=rows is unspoken)
        report(table.fraction, len(found))
    told.require_kept(kept)
    if silent:
        told.cautions.append(Trouble(_("%(n)s行没有登记状态，暂按存续登记") % {"n": silent}, file=path.name))
    return found


def _said(columns: Columns) -> frozenset[str]:
    return frozenset(name for column in columns.at for name in SPEAKS_OF.get(column, (column,)))


def _plain(rows: list[TargetRow], station_code: StationCode, tagger: Tagger | None) -> list[PlainTarget]:
    """The rows as the directory keeps them."""
    if not rows:
        return []
    held: dict[str, Any] = dict(zip(TargetRow._fields, zip(*rows, strict=True), strict=True))
    made_up = [tagger(row) if tagger is not None and not row.tags else () for row in rows] if tagger else ()
    held |= {
        "draw_code": _either(held["draw_code"], held["code"]),
        "status": ("existing",) * len(rows) if not rows[0].status else held["status"],
        "town_code": _either(held["town_code"], held["authority"]),
        "station_id": [station_code(name) if name else "" for name in held["station"]],
        "tags": map(_packed, _either(held["tags"], made_up) if made_up else held["tags"]),
        "credit_computed_on": held["class_computed_on"],
        "abnormal": map(bool, held["abnormal"]),
        "serious": map(bool, held["serious"]),
        "risk_index": (None if value is None else rules.index_text(value) for value in held["risk_index"]),
        "invented": ["scopes" if tags else "" for tags in made_up] or ("",) * len(rows),
    }
    held |= {name: map(_iso, held[name]) for name in TARGET_FIELDS if name.endswith("_on")}
    return list(zip(*(held[name] for name in TARGET_FIELDS), strict=True))


def _either(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    return [one or other for one, other in zip(first, second, strict=True)]


@lru_cache(maxsize=4096)
def _packed(tags: tuple[str, ...]) -> str:
    return rules.pack_tags(tags)


@lru_cache(maxsize=65536)
def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _licences(rows: list[TargetRow]) -> list[tuple[str, ...]]:
    return [
        (
            row.draw_code or row.code,
            row.licence_kind or _("许可证"),
            row.licence_number,
            _iso(row.licence_from) or "",
            _iso(row.licence_to) or "",
            row.licence_issuer,
            row.licence_tag,
        )
        for row in rows
        if row.licence_number
    ]


def _licence(held: tuple[str, ...]) -> tuple[str, LicenceEntry]:
    code, kind, number, first, last, issuer, tag = held
    begins, ends = (dt.date.fromisoformat(day) if day else None for day in (first, last))
    return code, LicenceEntry(kind, number, begins, ends, issuer, tag)
