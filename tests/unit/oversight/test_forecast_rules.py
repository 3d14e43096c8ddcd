"""Expectations of a year of draws: exact small cases, the reference year of the sampling notes, simulation."""

from __future__ import annotations

import itertools
import random  # noqa: TID251 - simulates years to hold expectations against; decides nothing
from collections import Counter
from fractions import Fraction

import pytest

from fairdraw.oversight import forecast_rules as rules
from fairdraw.oversight.forecast_plan import connected
from fairdraw.oversight.forecast_rules import Cell


def test_the_chance_of_meeting_again_is_the_sum_over_all_outcomes():
    chances = [Fraction(1, 2), Fraction(1, 3), Fraction(1, 5), Fraction(3, 4)]
    exact = Counter()
    for outcome in itertools.product((0, 1), repeat=len(chances)):
        weight = Fraction(1)
        for drawn, p in zip(outcome, chances, strict=True):
            weight *= p if drawn else 1 - p
        exact[sum(outcome)] += weight

    for past in range(4):
        wanted = [sum(w for n, w in exact.items() if n + past >= times) for times in (1, 2, 3)]
        assert rules.at_least(chances, past) == pytest.approx([float(w) for w in wanted])


def test_one_key_opens_one_door_for_nested_samples():
    # 两项任务范围相同，各抽20%和5%：分别抽25户次，同一密钥只走20户
    cells = [Cell(100, {0: Fraction(1, 5), 1: Fraction(1, 20)})]

    apart, together = rules.independent(cells), rules.independent(cells, [(0, 1)])
    assert (apart.visits, together.visits) == (25, 20)
    assert apart.twice == pytest.approx(1.0)
    assert (together.once, together.twice) == (pytest.approx(20.0), 0.0)


def test_levelling_repeats_only_what_the_cell_cannot_hold():
    # 10户要走14次：全部走到，4户走两次，没有三次
    cells = [Cell(10, {0: Fraction(4, 5), 1: Fraction(3, 5)})]
    found = rules.coordinated(cells, [(0,), (1,)])

    assert (found.visits, found.once, found.twice, found.thrice) == (14, 10.0, 4.0, 0.0)


def test_levelling_spares_whoever_was_visited_before():
    # 同类10户中3户已走过一次，再抽7户：恰好是没走过的7户
    cells = [Cell(3, {0: Fraction(7, 10)}, past=1), Cell(7, {0: Fraction(7, 10)})]
    found = rules.coordinated(cells, [(0,)])

    assert (found.visits, found.once, found.twice) == (7, 10.0, 0.0)
    assert rules.independent(cells).twice == pytest.approx(2.1)


def reference_year():
    """40 tasks over 12 trades and four classes of 150,000 objects, as in the sampling notes: nine campaigns of 31."""
    rng = random.Random(1)
    kinds = {"ent": (30_000, (30, 52, 13, 5)), "ind": (120_000, (20, 66, 11, 3))}
    cells = {
        (kind, trade, c): whole * share // 1200
        for kind, (whole, shares) in kinds.items()
        for trade in range(12)
        for c, share in enumerate(shares)
    }
    tasks = []
    for _n in range(40):
        trades = frozenset(rng.sample(range(12), rng.choice((1, 2, 4, 12))))
        ratio = Fraction(rng.choice((10, 15, 20, 30, 50, 80, 150, 295)), 1000) / len(trades)
        tasks.append((trades, ratio))
    intensity = (Fraction(2, 5), Fraction(1), Fraction(5, 2), Fraction(5))
    found = []
    for (_kind, trade, c), held in cells.items():
        chances = {}
        for n, (trades, ratio) in enumerate(tasks):
            if trade in trades:
                size = round(min(Fraction(1), ratio * intensity[c]) * held)
                chances[n] = Fraction(size, held)
        found.append(Cell(held, chances))
    joints, left = [], list(range(40))
    for size in (4, 4, 4, 4, 3, 3, 3, 3, 3):
        joints.append(tuple(left[:size]))
        left = left[size:]
    return found, [*joints, *((n,) for n in left)]


def test_the_expectations_stand_against_a_simulated_year():
    cells, joints = reference_year()
    rng = random.Random(2)
    sums: dict[str, Counter[int]] = {"independent": Counter(), "merged": Counter(), "coordinated": Counter()}
    years = 5
    for _year in range(years):
        for cell in cells:
            for name, groups in (("independent", [(n,) for n in range(40)]), ("merged", joints)):
                sums[name].update(_simulated(cell, groups, rng, level=False))
            sums["coordinated"].update(_simulated(cell, joints, rng, level=True))
    found = {
        "independent": rules.independent(cells),
        "merged": rules.independent(cells, joints),
        "coordinated": rules.coordinated(cells, joints),
    }
    for name, hits in found.items():
        for times, expected in ((1, hits.once), (2, hits.twice), (3, hits.thrice)):
            simulated = sum(n for hit, n in sums[name].items() if hit >= times) / years
            assert simulated == pytest.approx(expected, rel=0.02, abs=35), (name, times)
    # 合并减少走访，协调减少重复
    assert found["merged"].visits < found["independent"].visits
    assert found["coordinated"].visits == found["merged"].visits
    assert found["coordinated"].twice < found["merged"].twice < found["independent"].twice


def _simulated(cell: Cell, groups, rng: random.Random, *, level: bool) -> Counter[int]:
    """One year of draws in one cell: fresh tickets for each group, samples of a group nested."""
    hits = [0] * cell.held
    for group in groups:
        sizes = [round(cell.chances[n] * cell.held) for n in group if n in cell.chances]
        if not sizes or not max(sizes):
            continue
        order = list(range(cell.held))
        if level:
            rng.shuffle(order)
            order.sort(key=lambda i: hits[i])
            chosen = order[: max(sizes)]
        else:
            chosen = rng.sample(order, max(sizes))
        for i in chosen:
            hits[i] += 1
    return Counter(hits)


@pytest.mark.parametrize(
    ("mean", "most"), [(0.3, 8), (4, 8), (8, 8), (21.5, 8), (21.5, 1), (90, 3), (700, 8)]
)
def test_routes_are_what_random_numbers_of_doors_need(mean, most):
    rng = random.Random(3)
    tries = 4000
    doors = [sum(1 for _ in range(int(mean * 50)) if rng.random() < 0.02) for _ in range(tries // 40)]
    simulated = sum(-(-n // most) for n in doors) / len(doors)

    assert rules.routes(mean, most) == pytest.approx(simulated, rel=0.12, abs=0.25)
    assert rules.routes(mean, most) >= mean / most - 1e-9


def test_the_range_is_whole_and_outward():
    assert rules.spread(100.4, 25) == (90, 111)
    assert rules.spread(1, 100) == (0, 21)
    assert rules.spread(7, 0) == (7, 7)


def test_expectations_are_never_shown_larger_than_they_are():
    assert str(rules.one_place(11.99)) == "11.9"
    assert str(rules.one_place(Fraction(1, 3))) == "0.3"


def test_pairs_connect_to_sets():
    assert connected(5, [(3, 4), (0, 3)]) == [(0, 3, 4), (1,), (2,)]
    assert connected(0, []) == []
