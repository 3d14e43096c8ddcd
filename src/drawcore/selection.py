"""
Who is drawn (抽取检查对象): ranks of every stratum, main objects, reserves.

Ranks are by ticket (``rate``, ``fixed``, ``total``), by Rosén's pareto number (``pareto``), or by
cell and hits of the year (``ledger``). A longer draw with the same seed only adds targets.

Source: vdraw/1 §11.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from drawcore.allocation import Size, sizes
from drawcore.errors import TagRefused
from drawcore.membership import Membership
from drawcore.plan import Part
from drawcore.prf import Keys, Ticket, prn, prn_hex
from drawcore.tags import Tags

_SIZE = re.compile(r"[1-9][0-9]{0,6}")
_HITS = re.compile(r"0|[1-9][0-9]{0,14}")
LARGEST_SIZE = 10**6
Ticketed = list[tuple[Ticket, str]]


@dataclass(frozen=True)
class StratumDraw:
    """All entities of a stratum in rank order, with its size; the first ``drawn`` are main objects."""

    part: str
    stratum: str
    size: Size
    ranked: Ticketed

    @property
    def main(self) -> list[str]:
        """Give the ids of the main objects in rank order."""
        return [id_ for _ticket, id_ in self.ranked[: self.size.drawn]]

    @property
    def listed(self) -> Ticketed:
        """Give the rows that ``result.tsv`` lists: main objects, then reserves."""
        return self.ranked[: self.size.drawn + self.size.reserve]


@dataclass
class Selection:
    """The ranks of the whole draw; ``parts[part][stratum]``, both sorted by code."""

    parts: dict[str, dict[str, StratumDraw]] = field(default_factory=dict)

    def main(self, part: str) -> list[str]:
        """Give the ids of the main objects of *part*, stratum by stratum."""
        return [id_ for stratum in self.parts[part].values() for id_ in stratum.main]

    def result_tsv(self) -> bytes:
        """Write ``result.tsv``: part, stratum, rank, ``M``/``R``, PRN, id."""
        lines = []
        for part, strata in self.parts.items():
            for code, stratum in strata.items():
                for rank, (ticket, id_) in enumerate(stratum.listed, 1):
                    kind = "M" if rank <= stratum.size.drawn else "R"
                    lines.append(f"{part}\t{code}\t{rank}\t{kind}\t{prn_hex(ticket)}\t{id_}\n")
        return "".join(lines).encode()


def select(member: Membership, keys: Keys) -> Selection:
    """
    Rank every stratum of every part, in order of part code (抽取).

    Args:
        member: Who is in which part and stratum.
        keys: The keys of this draw's seed.

    Returns:
        The ranks, main objects and reserves of all parts.

    Raises:
        TagRefused: a size or hits tag that is not one number in its range.

    Source: vdraw/1 §11.
    """
    selection = Selection()
    tickets: dict[str, dict[str, Ticket]] = {}
    visited: dict[str, set[str]] = {}
    for part in member.plan.in_code_order:
        known = tickets.setdefault(part.key, {})
        found = sizes(part, member.counts(part.part))
        others = Counter(id_ for key, ids in visited.items() if key != part.key for id_ in ids)
        selection.parts[part.part] = {
            code: _rank(part, code, size, member, keys, known, others) for code, size in found.items()
        }
        visited.setdefault(part.key, set()).update(selection.main(part.part))
    return selection


def _rank(
    part: Part,
    code: str,
    size: Size,
    member: Membership,
    keys: Keys,
    known: dict[str, Ticket],
    others: Mapping[str, int],
) -> StratumDraw:
    ids, prf = member.frame.ids, keys.tickets(f"object {part.key}")
    rows = member.strata[part.part][code]
    for row in rows:
        if ids[row] not in known:
            known[ids[row]] = prf(ids[row])
    by_ticket = sorted([(known[ids[row]], ids[row]) for row in rows])
    if part.alloc.mode == "pareto":
        ranked = _pareto(by_ticket, size.drawn, size_of(part, member))
    elif part.alloc.mode == "ledger":
        ranked = _ledger(by_ticket, part, code, size, member, keys, others)
    else:
        ranked = by_ticket
    return StratumDraw(part.part, code, size, ranked)


def number_tag(text: str, name: str, form: re.Pattern[str], entity: str) -> int | None:
    """Give the number in the tag ``name.value`` of tags *text*; TagRefused unless it is one number."""
    values = Tags(text).values(name)
    if not values:
        return None
    if len(values) > 1 or not form.fullmatch(values[0]):
        raise TagRefused(entity=entity, tag=name)
    return int(values[0])


def size_of(part: Part, member: Membership) -> Callable[[str], int]:
    """Give the function from an id to its size x_i in a ``pareto`` part (1 to 10^6)."""
    index, tags = member.frame.index, member.frame.tags

    def size(id_: str) -> int:
        value = number_tag(tags[index[id_]], part.alloc.size, _SIZE, id_)
        if value is not None and value > LARGEST_SIZE:
            raise TagRefused(entity=id_, tag=part.alloc.size)
        return part.alloc.missing if value is None else value

    return size


def hits_of(part: Part, member: Membership) -> Callable[[str], int]:
    """Give the function from an id to its hits so far this year in a ``ledger`` part."""
    index, tags = member.frame.index, member.frame.tags
    return lambda id_: number_tag(tags[index[id_]], part.alloc.hits, _HITS, id_) or 0


def cell_of(part: Part, member: Membership) -> Callable[[str], str]:
    """Give the function from an id to its cell in a ``ledger`` part, ``-`` without one."""
    index, tags = member.frame.index, member.frame.tags

    def cell(id_: str) -> str:
        values = Tags(tags[index[id_]]).values(part.alloc.cell)
        if len(values) > 1:
            raise TagRefused(entity=id_, tag=part.alloc.cell)
        return values[0] if values else "-"

    return cell


def check_number_tags(part: Part, member: Membership) -> None:
    """Refuse sizes, hits and cells that the draw could not use; TagRefused names entity and tag."""
    alloc = part.alloc
    if alloc.mode == "pareto":
        readers: Sequence[Callable[[str], object]] = [size_of(part, member)]
    elif alloc.mode == "ledger":
        readers = [hits_of(part, member), cell_of(part, member)]
    else:
        return
    ids = member.frame.ids
    for rows in member.strata[part.part].values():
        for row in rows:
            for read in readers:
                read(ids[row])


def _pareto(by_ticket: Ticketed, drawn: int, size: Callable[[str], int]) -> Ticketed:
    sized = [(size(id_), ticket, id_) for ticket, id_ in by_ticket]
    left, certain = drawn, set[str]()
    while left > 0:
        whole = sum(x for x, _t, id_ in sized if id_ not in certain)
        more = {id_ for x, _t, id_ in sized if id_ not in certain and left * x >= whole}
        if not more:
            break
        certain |= more
        left -= len(more)
    others = [item for item in sized if item[2] not in certain]
    whole = sum(x for x, _t, _id in others)

    def order(item: tuple[int, Ticket, str]) -> tuple[int, Ticket, str]:
        x, ticket, id_ = item
        twice = 2 * prn(ticket) + 1
        return ((twice * (whole - left * x) << 64) // ((2**65 - twice) * x), ticket, id_)

    first = [(ticket, id_) for _x, ticket, id_ in sized if id_ in certain]
    return first + [(ticket, id_) for _x, ticket, id_ in sorted(others, key=order)]


def _ledger(
    by_ticket: Ticketed,
    part: Part,
    code: str,
    size: Size,
    member: Membership,
    keys: Keys,
    others: Mapping[str, int],
) -> Ticketed:
    hits, cell_name = hits_of(part, member), cell_of(part, member)
    cells: dict[str, list[tuple[int, Ticket, str]]] = {}
    for ticket, id_ in by_ticket:
        entry = (hits(id_) + others.get(id_, 0), ticket, id_)
        cells.setdefault(cell_name(id_), []).append(entry)
    prf = keys.tickets(f"round {part.part}")
    start = prn(prf(code + "\x1f")) * size.held >> 64
    taken, left, before = [], [], 0
    for cell in sorted(cells, key=lambda name: (prf(f"{code}\x1f{name}"), name)):
        after = before + size.drawn * len(cells[cell])
        share = (after + start) // size.held - (before + start) // size.held
        before = after
        ordered = sorted(cells[cell])
        taken += ordered[:share]
        left += ordered[share:]
    return [(ticket, id_) for _hits, ticket, id_ in sorted(taken) + sorted(left)]
