"""
The ledger of the year (本年抽中次数): later draws take first whom earlier ones have left, in cells that keep it fair.

A cell is what the protocol asks of it: all targets of one cell have stood in the same strata of the same earlier
draws of the year, read from the lists that were sealed then. Hits count the draws of the year that took the target,
nothing else: a visit that no draw decided would tell targets of a cell apart. Over the whole year every target keeps
the chance that its stratum has.

Source: vdraw/1 §11.3.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from drawcore.allocation import sizes
from drawcore.membership import Membership
from drawcore.plan import Allocation, Part, Plan, Stratum
from fairdraw.draws import selectors
from fairdraw.draws.models import Draw, DrawnRow
from fairdraw.draws.states import FINISHED, Purpose

CELL, HITS = "cell", "hits"
OWN_TAGS = (f"{CELL}.", f"{HITS}.")


@dataclass(frozen=True)
class Ledger:
    """Cell and hits of every target that an earlier draw of the year has looked at."""

    cells: Mapping[str, str]
    hits: Mapping[str, int]

    def beside(self, tags: str, code: str) -> str:
        """The *tags* of a frame row with its cell and hits; as they are where no draw has looked at the target."""
        cell, hits = self.cells.get(code, ""), self.hits.get(code, 0)
        if not cell:
            return tags
        more = [f"{CELL}.{cell}", *([f"{HITS}.{hits}"] if hits else [])]
        return ",".join(sorted([*tags.split(","), *more]))


EMPTY = Ledger({}, {})


def of_year(year: int, codes: Collection[str]) -> Ledger:
    """
    The ledger of *codes* before the next draw of *year*; empty where none of them was drawn yet.

    Args:
        year: Of the tasks.
        codes: Draw codes of the register rows in scope.
    """
    rows = DrawnRow.objects.filter(
        reserve=False, drawn_list__source="own", drawn_list__draw__year=year, replaced_by__isnull=True
    )
    drawn = rows.values_list("target__draw_code", "drawn_list__draw").distinct().iterator(chunk_size=5000)
    hits = Counter(code for code, _draw in drawn if code in codes)
    if not hits:
        return EMPTY
    finished = Draw.objects.filter(year=year, state__in=[state.value for state in FINISHED])
    looked = (
        (
            draw.number,
            selectors.content(draw, "frame.tsv").decode(),
            selectors.content(draw, "excluded.tsv").decode(),
        )
        for draw in finished.order_by("drawn_at", "pk")
    )
    return ledger(hits, looked, codes)


def ledger(hits: Mapping[str, int], looked: Iterable[tuple[str, str, str]], codes: Collection[str]) -> Ledger:
    """
    Hits, and the cells that follow from the lists of earlier draws (微层).

    Args:
        hits: How many draws of the year took each target.
        looked: Number, frame and exclusions of each earlier draw, in their order.
        codes: Draw codes that are asked about.
    """
    told: dict[str, list[str]] = defaultdict(list)
    for number, frame, excluded in looked:
        _look(number, frame, excluded, codes, told)
    names: dict[tuple[str, ...], str] = {}
    return Ledger({code: _named(tuple(seen), names) for code, seen in told.items()}, hits)


def _look(number: str, frame: str, excluded: str, codes: Collection[str], told: dict[str, list[str]]) -> None:
    """Note of each target in which strata of which parts of a draw it stood."""
    out: dict[str, list[str]] = defaultdict(list)
    for line in excluded.splitlines():
        code, part, *_rest = line.split("\t")
        if part != "*":
            out[code].append(part)
    short: dict[str, str] = {}
    for line in frame.splitlines():
        code, _unit, _area, tags, _blind = line.split("\t")
        if code not in codes:
            continue
        if tags not in short:
            strata = [tag for tag in tags.split(",") if not tag.startswith(OWN_TAGS)]
            short[tags] = f"{number} {','.join(strata)}"
        told[code].append(short[tags] + "-".join(("", *sorted(out.get(code, ())))))


def _named(seen: tuple[str, ...], names: dict[tuple[str, ...], str]) -> str:
    if seen not in names:
        names[seen] = hashlib.sha256("\n".join(seen).encode()).hexdigest()[:12]
    return names[seen]


def spread(plan: Plan, member: Membership, ledger: Ledger) -> Plan:
    """
    The plan whose main parts draw by the ledger, with the very sizes that their schemes give (按本年抽中次数排序).

    A part none of whose targets was drawn this year stays as it is, and one that asks for more than there are.
    """
    return replace(plan, parts=tuple(_part(part, member, ledger) for part in plan.parts))


def _part(part: Part, member: Membership, ledger: Ledger) -> Part:
    if part.purpose != Purpose.MAIN.value or part.alloc.mode not in {"rate", "fixed", "total"}:
        return part
    ids = member.frame.ids
    hit = any(ids[row] in ledger.hits for rows in member.strata[part.part].values() for row in rows)
    if not hit:
        return part
    counts = member.counts(part.part)
    found = sizes(part, counts)
    if any(rule.take > counts.get(code, 0) for code, rule in part.alloc.by_code.items()):
        return part  # fewer than the scheme asks for: the sealed plan goes on saying so
    if all(size.drawn == size.held for size in found.values()):
        return part  # all are checked: nothing is chosen
    strata = tuple(
        Stratum(code, reserve=rule.reserve, num=found[code].drawn, den=found[code].held)
        if code in found
        else Stratum(code, reserve=rule.reserve, num=0, den=1)
        for code, rule in sorted(part.alloc.by_code.items())
    )
    alloc = Allocation("ledger", strata, cell=CELL, hits=HITS, floor=part.alloc.floor)
    return replace(part, alloc=alloc)
