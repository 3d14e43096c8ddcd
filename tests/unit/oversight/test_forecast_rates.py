"""The proposed rates are the fewest for class A: held against every combination of a small ladder."""

from __future__ import annotations

import itertools
import random  # noqa: TID251 - simulates years to hold expectations against; decides nothing
from fractions import Fraction

import pytest

from fairdraw.oversight.forecast_rates import CLASSES, LADDER, Cap, Ladder, propose

STEPS = tuple(Fraction(n, 100) for n in (1, 2, 5, 10, 20, 40, 70, 100))


def sized(held):
    return [-(-held * step.numerator // step.denominator) for step in STEPS]


def brute(ladder, *, gain, drawn, caps):
    """Every set of rates that reaches the floors within the caps; the one with the fewest of A, then in all."""
    best = None
    for places in itertools.combinations_with_replacement(range(len(STEPS)), 4):
        if places[0] == places[3]:
            continue
        total = sum(ladder.drawn[c][n] for c, n in zip(CLASSES, places, strict=True))
        reached = sum(ladder.gain[c][n] for c, n in zip(CLASSES, places, strict=True))
        within = all(
            sum(cap.drawn[c][n] for c, n in zip(CLASSES, places, strict=True)) <= cap.most for cap in caps
        )
        if reached >= gain and total >= drawn and within:
            asked = (places[0], total, *places[1:])
            best = asked if best is None or asked < best else best
    return best and (best[0], *best[2:])


@pytest.mark.parametrize("seed", range(24))
def test_no_other_rates_of_the_ladder_need_fewer_of_class_a(seed):
    rng = random.Random(seed)
    held = {c: rng.randint(0, 400) for c in CLASSES}
    overlap = {c: rng.uniform(0.5, 1) for c in CLASSES}
    ladder = Ladder(
        STEPS,
        {c: [n * overlap[c] for n in sized(held[c])] for c in CLASSES},
        {c: sized(held[c]) for c in CLASSES},
    )
    part = {c: rng.randint(0, held[c]) for c in CLASSES}
    caps = [Cap({c: sized(part[c]) for c in CLASSES}, rng.randint(1, 400))] if seed % 2 else []
    gain, drawn = rng.uniform(0, 500), rng.randint(0, 500)

    wanted = brute(ladder, gain=gain, drawn=drawn, caps=caps)
    found = propose(ladder, gain=gain, drawn=drawn, caps=caps)
    assert (found and found.places) == wanted


def test_the_rates_rise_and_differ_and_nobody_is_left_out():
    held = {"A": 6540, "B": 2530, "C": 770, "D": 150}
    sizes = {c: [-(-n * s.numerator // s.denominator) for s in LADDER] for c, n in held.items()}
    found = propose(Ladder(LADDER, sizes, sizes), gain=350, drawn=0)

    rates = [found.rates[c] for c in CLASSES]
    assert rates == sorted(rates)
    assert rates[0] < rates[3]
    assert found.drawn >= 350
    assert found.drawn_a == 7  # 0.1% of 6540: the lowest step, for the others can bear the rest


def test_limits_of_items_can_make_the_floor_unreachable():
    held = {"A": 100, "B": 100, "C": 100, "D": 100}
    sizes = {c: [-(-n * s.numerator // s.denominator) for s in LADDER] for c, n in held.items()}
    ladder = Ladder(LADDER, sizes, sizes)

    assert propose(ladder, gain=100, drawn=0, caps=[Cap(sizes, 40)]) is None
    assert propose(ladder, gain=40, drawn=0, caps=[Cap(sizes, 40)]).drawn == 40
