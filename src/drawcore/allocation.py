"""
How many are drawn in each stratum (样本量分配): integers only, no randomness.

Sizes follow from the counts alone, so they may be shown at any time before the draw.

Source: vdraw/1 §10.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from drawcore.errors import FloorMissed, NobodyDrawn, StratumUnnamed, TotalUnreachable
from drawcore.plan import Allocation, Part


class Size(NamedTuple):
    """Entities in a stratum, how many of them are main objects, how many ranks are reserves."""

    held: int
    drawn: int
    reserve: int


def sizes(part: Part, counts: Mapping[str, int]) -> dict[str, Size]:
    """
    Compute the sizes of every stratum of *part* that occurs.

    Args:
        part: The part, with its rule of allocation.
        counts: Number of entities of each stratum in the part (N_h).

    Returns:
        Stratum code to size, sorted by code.

    Raises:
        StratumUnnamed: the plan names no size for a stratum that occurs.
        TotalUnreachable: mode ``total`` with nobody left to give the rest to.

    Source: vdraw/1 §10.
    """
    alloc = part.alloc
    for code in counts:
        if code not in alloc.by_code:
            raise StratumUnnamed(part=part.part, stratum=code)
    drawn = _drawn(part, alloc, counts)
    return {
        code: Size(counts[code], drawn[code], min(alloc.by_code[code].reserve, counts[code] - drawn[code]))
        for code in sorted(counts)
    }


def check_sizes(part: Part, found: Mapping[str, Size]) -> None:
    """
    Refuse a part that draws nobody or fewer than its floor.

    Raises:
        NobodyDrawn, FloorMissed: as named.

    Source: vdraw/1 §6.3, §10.
    """
    drawn = sum(size.drawn for size in found.values())
    if not drawn:
        raise NobodyDrawn(part=part.part)
    if part.alloc.floor and drawn < part.alloc.floor.least:
        raise FloorMissed(part=part.part, drawn=drawn, floor=part.alloc.floor.least)


def _drawn(part: Part, alloc: Allocation, counts: Mapping[str, int]) -> dict[str, int]:
    if alloc.mode == "total":
        return _largest_remainder(part.part, alloc, counts)
    if alloc.mode == "fixed":
        return {code: min(count, alloc.by_code[code].take) for code, count in counts.items()}
    found = {}
    for code, count in counts.items():
        rule = alloc.by_code[code]
        found[code] = min(count, max(-(-count * rule.num // rule.den), rule.min))
    return found


def _largest_remainder(part: str, alloc: Allocation, counts: Mapping[str, int]) -> dict[str, int]:
    weight = {code: alloc.by_code[code].weight for code in counts}
    found = dict.fromkeys(counts, 0)
    left = min(alloc.total, sum(counts.values()))
    active = set(counts)
    while left:
        whole = sum(weight[code] for code in active)
        if not whole:
            raise TotalUnreachable(part=part, left=left)
        quota = {code: left * weight[code] // whole for code in active}
        full = {code for code in active if quota[code] >= counts[code]}
        for code in full:
            found[code] = counts[code]
        if full:
            left -= sum(counts[code] for code in full)
            active -= full
            continue
        rest = left - sum(quota.values())
        order = sorted(active, key=lambda c: (-(left * weight[c] % whole), -counts[c], c))
        for place, code in enumerate(order):
            found[code] = quota[code] + (place < rest)
        break
    return found
