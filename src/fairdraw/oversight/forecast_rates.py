"""
A set of rates that meets the goals with the fewest visits to class A (比例建议): an exact search in whole numbers.

The rates are whole steps of a stated ladder; the numbers drawn are whole targets. The search is complete: it goes up
the ladder of class A and stops at the first step at which any rates of the other classes reach the goals, so a set
with fewer visits to class A does not exist on the ladder. Among those it takes the fewest targets in all, then the
lower rates of B and of C. Source: 安市监〔2024〕26号 二、三（二）; rules.md B3; docs/explanation/what-if.md.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

CLASSES = ("A", "B", "C", "D")


def _steps(*stretches: tuple[int, int, int]) -> tuple[Fraction, ...]:
    return tuple(Fraction(n, 1000) for start, stop, by in stretches for n in range(start, stop, by))


#: In thousandths: fine where most rates lie, coarse above. Nobody of a class is left out altogether.
LADDER = _steps((1, 50, 1), (50, 200, 5), (200, 500, 20), (500, 1001, 50))


@dataclass(frozen=True)
class Ladder:
    """
    What each step of each class gives; every sequence rises with the step.

    Attributes:
        steps: The rates.
        gain: By class: distinct enterprises that count for the floor, expected.
        drawn: By class: targets drawn.
    """

    steps: Sequence[Fraction]
    gain: Mapping[str, Sequence[float]]
    drawn: Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Cap:
    """The most that a task with a general item may draw: by class what each step draws there (比例上限)."""

    drawn: Mapping[str, Sequence[int]]
    most: int


@dataclass(frozen=True)
class Choice:
    """The rates found, what they give, and the steps that they are."""

    rates: Mapping[str, Fraction]
    gain: float
    drawn: int
    drawn_a: int
    places: tuple[int, int, int, int]


def propose(ladder: Ladder, *, gain: float, drawn: int, caps: Sequence[Cap] = ()) -> Choice | None:
    """
    The rates with the fewest targets of class A that reach both floors within all caps; ``None`` where none do.

    Args:
        ladder: What each step gives.
        gain: Distinct enterprises to be reached.
        drawn: Targets to be drawn at least, so that class-dependent draws make up their share.
        caps: Limits of general items.

    Returns:
        Rates that never fall from A to D, and differ between A and D.
    """
    top = len(ladder.steps) - 1
    reaches = _reaches(ladder, gain=gain, drawn=drawn)
    for a in range(top + 1):
        if not reaches(a, top, top, top):
            continue
        best: tuple[int, int, int, int] | None = None
        for b in range(a, top + 1):
            if not reaches(a, b, top, top):
                continue
            for c in range(b, top + 1):
                if not reaches(a, b, c, top):
                    continue
                d = _first(reaches, a, b, c, top)
                if d > top or not _within(caps, (a, b, c, d)):
                    continue
                asked = (_total(ladder.drawn, (a, b, c, d)), b, c, d)
                best = asked if best is None or asked < best else best
        if best is not None:
            return _choice(ladder, (a, *best[1:]))
    return None


def _first(reaches: Callable[[int, int, int, int], bool], a: int, b: int, c: int, top: int) -> int:
    """The lowest step of D above A's, not below C's, that reaches the floors; past the top where none does."""
    rest = range(max(c, a + 1), top + 1)

    def enough(d: int) -> bool:
        return reaches(a, b, c, d)

    return rest.start + bisect_left(rest, True, key=enough)


def _reaches(ladder: Ladder, *, gain: float, drawn: int) -> Callable[[int, int, int, int], bool]:
    gains = [ladder.gain[c] for c in CLASSES]
    counts = [ladder.drawn[c] for c in CLASSES]

    def reaches(*places: int) -> bool:
        enough = sum(row[n] for row, n in zip(gains, places, strict=True)) >= gain - 1e-9
        return enough and sum(row[n] for row, n in zip(counts, places, strict=True)) >= drawn

    return reaches


def _total(drawn: Mapping[str, Sequence[int]], places: Sequence[int]) -> int:
    return sum(drawn[code][n] for code, n in zip(CLASSES, places, strict=True))


def _within(caps: Sequence[Cap], places: Sequence[int]) -> bool:
    return all(_total(cap.drawn, places) <= cap.most for cap in caps)


def _choice(ladder: Ladder, places: tuple[int, int, int, int]) -> Choice:
    return Choice(
        rates={code: ladder.steps[n] for code, n in zip(CLASSES, places, strict=True)},
        gain=sum(ladder.gain[code][n] for code, n in zip(CLASSES, places, strict=True)),
        drawn=_total(ladder.drawn, places),
        drawn_a=ladder.drawn["A"][places[0]],
        places=places,
    )
