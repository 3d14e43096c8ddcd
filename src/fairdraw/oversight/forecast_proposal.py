"""
The proposed set of rates for the tasks whose rates are free (比例建议): what each step of the ladder gives, then the search.

The floors: distinct enterprises still missing for K1 after all that is drawn and fixed, and targets missing for K5.
The limits: those of general items. See :mod:`fairdraw.oversight.forecast_rates` for why the answer is minimal.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from fairdraw.oversight import forecast_rates as search
from fairdraw.oversight import forecast_rules as rules
from fairdraw.oversight.forecast import WhatIf
from fairdraw.oversight.forecast_cells import Kind
from fairdraw.oversight.forecast_goals import Foresight
from fairdraw.plans.allocation import UNCLASSED


@dataclass(frozen=True)
class Proposal:
    """
    The proposal, or why there is none.

    Attributes:
        choice: The rates; ``None`` where no rates reach the floors within the limits.
        gain: Distinct enterprises that the free tasks must bring.
        drawn: Targets that they must draw for the 85 %.
        tasks: Keys of the tasks that the rates are for.
    """

    choice: search.Choice | None
    gain: int
    drawn: int
    tasks: tuple[str, ...]

    @property
    def rates(self) -> dict[str, Fraction]:
        """The rates by class; the unclassed are drawn as class B is."""
        if self.choice is None:
            return {}
        return {**self.choice.rates, UNCLASSED: self.choice.rates["B"]}


def propose(found: WhatIf, seen: Foresight) -> Proposal:
    """The rates with the fewest targets of class A that reach the floors (最少抽取A类的比例)."""
    shown = set(found.places_shown())
    free = [n for n, one in enumerate(found.stated) if one.free and n in shown]
    ladder = search.Ladder(search.LADDER, *_ladder(found, seen, free))
    gain = _missing_enterprises(found, seen, free)
    drawn = _missing_differentiated(found, seen, free)
    caps = [cap for n in free for cap in _caps(found, n)]
    keys = tuple(found.stated[n].key for n in free)
    choice = search.propose(ladder, gain=gain, drawn=drawn, caps=caps) if free else None
    return Proposal(choice, gain, drawn, keys)


def _code(credit: str) -> str:
    return credit or "B"  # the unclassed are drawn as class B is


def _sized(rate: Fraction, held: int) -> int:
    return min(held, -(-held * rate.numerator // rate.denominator))


def _held(found: WhatIf, place: int) -> dict[str, Counter[str]]:
    """By class as it is rated: the targets of a task by class as it is sealed."""
    counts: dict[str, Counter[str]] = {c: Counter() for c in search.CLASSES}
    for sealed, n in found.classes_of(place).items():
        counts[_code("" if sealed == UNCLASSED else sealed)][sealed] += n
    return counts


def _ladder(
    found: WhatIf, seen: Foresight, free: list[int]
) -> tuple[dict[str, list[float]], dict[str, list[int]]]:
    drawn: dict[str, list[int]] = {c: [0] * len(search.LADDER) for c in search.CLASSES}
    chance: dict[tuple[int, str], list[float]] = {}
    for place in free:
        for code, sealed in _held(found, place).items():
            for stratum, n in sealed.items():
                sizes = [_sized(rate, n) for rate in search.LADDER]
                chance[place, stratum] = [size / n for size in sizes]
                drawn[code] = [a + b for a, b in zip(drawn[code], sizes, strict=True)]
    return _gains(found, seen, free, chance), drawn


def _gains(
    found: WhatIf, seen: Foresight, free: list[int], chance: Mapping[tuple[int, str], list[float]]
) -> dict[str, list[float]]:
    """Distinct enterprises by class and step, those that fixed tasks meet anyway not counted again."""
    gains = {c: [0.0] * len(search.LADDER) for c in search.CLASSES}
    kept = float(1 - seen.attrition)
    for kind, held in seen.uncounted.items():
        inside = [n for n in free if kind.mask >> n & 1]
        if not inside or not held:
            continue
        missed = _missed_by_fixed(found, kind, free)
        sealed = kind.credit or UNCLASSED
        row = gains[_code(kind.credit)]
        for step in range(len(search.LADDER)):
            left = missed
            for joint in found.joints:
                chances = [chance[n, sealed][step] for n in joint if n in inside]
                if chances:
                    left *= 1 - max(chances)
            row[step] += held * (missed - left) * kept
    return gains


def _missed_by_fixed(found: WhatIf, kind: Kind, free: list[int]) -> float:
    chances = {n: chance for n, chance in found.chances_of(kind).items() if n not in free}
    return 1 - rules.at_least(rules.together(rules.Cell(1, chances), found.joints))[0]


def _missing_enterprises(found: WhatIf, seen: Foresight, free: list[int]) -> int:
    """Whole enterprises that the free tasks must bring for K1."""
    kept = float(1 - seen.attrition)
    brought = sum(
        held * (1 - _missed_by_fixed(found, kind, free)) * kept for kind, held in seen.uncounted.items()
    )
    sure = seen.now["K1.forecast"].numerator
    return max(0, seen.needed - sure - math.floor(round(brought, 6)))


def _missing_differentiated(found: WhatIf, seen: Foresight, free: list[int]) -> int:
    """Targets that the free tasks must draw by class, so that K5 is reached: (all·goal − counted) / (1 − goal)."""
    k5 = seen.now["K5"]
    if k5.goal is None or k5.goal >= 1:
        return 0
    fixed = [n for n, one in enumerate(found.stated) if n not in free and not one.exempt]
    sizes = {n: sum((found.sizes[n] or {}).values()) for n in fixed}
    counted = k5.numerator + sum(sizes[n] for n in fixed if found.stated[n].rising)
    whole = k5.denominator + sum(sizes.values())
    return max(0, math.ceil((whole * k5.goal - counted) / (1 - k5.goal)))


def _caps(found: WhatIf, place: int) -> list[search.Cap]:
    one, held = found.stated[place], _held(found, place)
    if not one.limits:
        return []
    most = min(math.ceil(limit * found.held[place]) for _name, limit in one.limits)
    drawn = {
        code: [sum(_sized(rate, n) for n in sealed.values()) for rate in search.LADDER]
        for code, sealed in held.items()
    }
    return [search.Cap(drawn, most)]
