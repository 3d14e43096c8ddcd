"""
What planned draws will do, before anything is drawn (推演): expectations alone, no ticket and no randomness.

A target's chance of being drawn by a task is its stratum's size over the stratum's number. How often the year meets
a target follows from its chances: independently for draws with keys of their own, nested for draws with one key,
levelled for draws that leave to the last whoever was visited. Source: docs/explanation/what-if.md; sampling notes
on coordination; N06, X05, X14.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

TIMES = 3  # hit once, twice, three times and more
NORMAL_95 = 1.96  # two-sided 95 % of a normal distribution


@dataclass(frozen=True)
class Cell:
    """
    Targets that the year treats alike (同类单元).

    Attributes:
        held: How many there are.
        past: Visits that each of them has had, or is to have, this year.
        chances: Chance of being drawn, by the place of the task.
    """

    held: int
    chances: Mapping[int, Fraction]
    past: int = 0


@dataclass(frozen=True)
class Hits:
    """
    What a year of draws is expected to do at the doors (走访次数、不同对象、重复).

    Attributes:
        visits: Doors opened by the planned draws.
        once: Distinct targets met at least once, visits of the past included.
        twice: Met twice or more.
        thrice: Met three times or more.
    """

    visits: Fraction
    once: float
    twice: float
    thrice: float


def at_least(chances: Iterable[Fraction | float], past: int = 0) -> tuple[float, float, float]:
    """
    The chance that a target is met at least once, twice, three times (泊松二项分布).

    Args:
        chances: Of independent draws, one each.
        past: Visits that are certain already.

    >>> at_least([0.5, 0.5])
    (0.75, 0.25, 0.0)
    """
    exactly = [1.0] + [0.0] * (TIMES - 1)  # met exactly 0, 1, 2 times by the draws
    for chance in chances:
        p = float(chance)
        for times in range(TIMES - 1, 0, -1):
            exactly[times] = exactly[times] * (1 - p) + exactly[times - 1] * p
        exactly[0] *= 1 - p
    return (_more(exactly, 1 - past), _more(exactly, 2 - past), _more(exactly, 3 - past))


def _more(exactly: Sequence[float], needed: int) -> float:
    return 1.0 if needed <= 0 else max(0.0, 1.0 - sum(exactly[:needed]))


def alone(cell: Cell) -> list[Fraction]:
    """The chances of visits where every task goes by itself."""
    return list(cell.chances.values())


def together(cell: Cell, joints: Sequence[Sequence[int]]) -> list[Fraction]:
    """
    The chances of visits where the tasks of each joint share one key, in the order of *joints*.

    With one key the smaller sample lies inside the larger (vdraw/1 §11), so one door is opened for all of them, with
    the largest chance. Exact where the tasks' strata are the same; where they only overlap, a target can fall between
    two cuts, and the expectation is low by less than one target a stratum.
    """
    found = [max((cell.chances[t] for t in joint if t in cell.chances), default=None) for joint in joints]
    return [chance for chance in found if chance is not None]


def independent(cells: Iterable[Cell], joints: Sequence[Sequence[int]] | None = None) -> Hits:
    """The expectation for draws that know nothing of each other; the tasks of one of *joints* share a key."""
    visits, met = Fraction(0), [0.0, 0.0, 0.0]
    for cell in cells:
        chances = alone(cell) if joints is None else together(cell, joints)
        visits += cell.held * sum(chances, Fraction(0))
        for times, chance in enumerate(at_least(chances, cell.past)):
            met[times] += cell.held * chance
    return Hits(visits, *met)


def coordinated(cells: Iterable[Cell], joints: Sequence[Sequence[int]]) -> Hits:
    """
    The expectation for draws that leave to the last, inside each cell, whoever was visited most (本年少访优先).

    Each joint takes its number from the lowest level of visits upward, so the levels of a cell never lie more than
    one apart and repeats are left only where a cell's year asks for more visits than it has targets.
    """
    visits, met = Fraction(0), [0.0, 0.0, 0.0]
    levels: dict[frozenset[tuple[int, Fraction]], dict[int, Fraction]] = {}
    for cell in cells:  # the draws treat alike whoever stands in the same tasks, whatever the past visits
        held = levels.setdefault(frozenset(cell.chances.items()), {})
        held[cell.past] = held.get(cell.past, Fraction(0)) + cell.held
    for chances, standing in levels.items():
        whole = sum(standing.values(), Fraction(0))
        for chance in together(Cell(0, dict(chances)), joints):
            visits += whole * chance
            standing = _levelled(standing, whole * chance)
        for times in range(TIMES):
            met[times] += float(sum((n for level, n in standing.items() if level > times), Fraction(0)))
    return Hits(visits, *met)


def _levelled(standing: Mapping[int, Fraction], asked: Fraction) -> dict[int, Fraction]:
    left, after = asked, dict[int, Fraction]()
    for level in sorted(standing):
        taken = min(left, standing[level])
        left -= taken
        for to, moved in ((level, standing[level] - taken), (level + 1, taken)):
            if moved:
                after[to] = after.get(to, Fraction(0)) + moved
    return after


def routes(mean: float, most: int) -> float:
    """
    How many routes of at most *most* doors a place is expected to need, for a random number of doors there.

    The number is taken as Poisson with that *mean*: few out of many. Large places need half a route more than full
    ones.

    >>> round(routes(4, 1), 6)
    4.0
    """
    if mean <= 0:
        return 0.0
    if mean > 60 * most or mean > 300:
        return mean / most + (most - 1) / (2 * most)
    term = total = math.exp(-mean)  # P(X = 0), P(X <= 0)
    wanted, doors = 1.0 - total, 0
    while doors < mean + 12 * math.sqrt(mean) + 20:
        doors += 1
        term *= mean / doors
        total += term
        if doors % most == 0:
            wanted += max(0.0, 1.0 - total)
    return wanted


def spread(mean: float, variance: float) -> tuple[int, int]:
    """
    Between which whole numbers a random count lies in 19 of 20 years: outward, never below nothing.

    Fixed-size draws spread less than independent coins with the same chances, so *variance* may be that of coins.
    """
    half = NORMAL_95 * math.sqrt(max(variance, 0.0))
    return max(0, math.floor(mean - half)), math.ceil(mean + half)


def one_place(value: float | Fraction) -> Decimal:
    """An expectation as it is shown, with one decimal; floored, so that it never looks like more."""
    return Decimal(math.floor(round(float(value) * 10, 6))) / 10
