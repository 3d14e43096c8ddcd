"""
How often everybody is drawn, over many seeds (入样概率), against the exact probabilities.

Fixed seeds, so that the tests give the same figures every time; the limits are the 0.1 % points of
chi-square (the protocol's longer runs belong to the bench).

Source: vdraw/1 §11, §19.5.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable

from drawcore.outcome import Sealed, outcome
from drawcore.plan import Allocation, Assign, Part, Plan, Slot, Stratum
from drawcore.prf import Keys
from drawcore.rows import Exclusions, Frame, Officers, Recusals
from drawcore.selection import select
from drawcore.suites import suite
from tests.property.drawcore.strategies import BLIND_KEY

SHA256 = suite("sha256")
ROUNDS = 3000
LIMIT_6, LIMIT_14 = 22.46, 36.12
EACH = Assign("each", (Slot("1"),))


def keys(number: int) -> Keys:
    return Keys(hashlib.sha256(f"round {number}".encode()).digest(), SHA256, "keyhash")


def sealed(tags: Iterable[str], parts: tuple[Part, ...], assign: Assign = EACH, officers: int = 1) -> Sealed:
    frame = [(f"E{number}", "S1", "-", text) for number, text in enumerate(tags)]
    people = [(f"P{number}", "MR", "*", "-", 0) for number in range(officers)]
    return Sealed(
        Plan((), parts, assign),
        Frame.build(frame, blind_key=BLIND_KEY, suite=SHA256),
        Exclusions.parse(b""),
        Officers.build(people, blind_key=BLIND_KEY, suite=SHA256),
        Recusals.parse(b""),
    )


def part(alloc: Allocation, code: str = "T", key: str = "k") -> Part:
    return Part(code, "main", "*", "none", key, alloc)


def fixed(take: int) -> Allocation:
    return Allocation("fixed", (Stratum("N", take=take),))


def drawn(lists: Sealed, number: int, code: str = "T") -> list[str]:
    return select(lists.membership(), keys(number)).main(code)


def test_everybody_is_drawn_equally_often():
    lists = sealed(["-"] * 7, (part(fixed(3)),))
    seen = Counter(id_ for number in range(ROUNDS) for id_ in drawn(lists, number))

    expected = ROUNDS * 3 / 7
    spread = sum((seen[f"E{number}"] - expected) ** 2 for number in range(7)) / expected
    assert spread * 6 / (7 * (1 - 3 / 7)) < LIMIT_6


def test_neighbours_are_drawn_together_as_often_as_any_pair():
    lists = sealed(["-"] * 7, (part(fixed(3)),))
    together = Counter(
        number for round_ in range(ROUNDS) for number in range(6) if _both(drawn(lists, round_), number)
    )

    expected = ROUNDS * 3 * 2 / (7 * 6)
    assert sum((together[number] - expected) ** 2 for number in range(6)) / expected < LIMIT_6


def _both(ids: list[str], number: int) -> bool:
    return f"E{number}" in ids and f"E{number + 1}" in ids


def test_parts_with_different_keys_are_independent():
    lists = sealed(["-"] * 4, (part(fixed(2), "A", "k"), part(fixed(2), "B", "l")))
    both = Counter(
        len(set(drawn(lists, number, "A")) & set(drawn(lists, number, "B"))) for number in range(ROUNDS)
    )

    expected = {0: ROUNDS / 6, 1: ROUNDS * 4 / 6, 2: ROUNDS / 6}
    assert sum((both[n] - expected[n]) ** 2 / expected[n] for n in expected) < 13.82


def test_pareto_draws_one_of_three_with_its_exact_probabilities():
    sizes = (100, 250, 400)
    alloc = Allocation("pareto", (Stratum("N", num=1, den=3),), size="risk", missing=1)
    lists = sealed([f"risk.{size}" for size in sizes], (part(alloc),))
    seen = Counter(drawn(lists, number)[0] for number in range(ROUNDS))

    exact = _pareto_first([size / sum(sizes) for size in sizes])
    assert abs(sum(exact) - 1) < 1e-6
    assert sum((seen[f"E{n}"] - ROUNDS * p) ** 2 / (ROUNDS * p) for n, p in enumerate(exact)) < 13.82


def _pareto_first(targets: list[float], steps: int = 20000) -> list[float]:
    """Integrate the probability that each one's Q is the smallest of all (n = 1)."""
    odds = [target / (1 - target) for target in targets]
    found = [0.0] * len(odds)
    for step in range(steps):
        x = (step + 0.5) / steps
        q, width = x / (1 - x), 1 / steps / (1 - x) ** 2
        above = 1.0
        for odd in odds:
            above /= 1 + q * odd
        for number, odd in enumerate(odds):
            found[number] += above * odd / (1 + q * odd) * width
    return found


def test_certainties_of_pareto_are_always_drawn():
    alloc = Allocation("pareto", (Stratum("N", num=2, den=4),), size="risk", missing=10)
    lists = sealed(["risk.900", "-", "-", "-"], (part(alloc),))

    assert all(drawn(lists, number)[0] == "E0" for number in range(200))


def test_ledger_gives_everybody_the_same_chance_over_a_year():
    """Three draws of a year: hits of the earlier ones are sealed in the later ones; cells of unequal size."""
    cells = ["x"] * 5 + ["y"] * 2
    alloc = Allocation("ledger", (Stratum("N", num=3, den=7),), cell="cell", hits="hits")
    seen = Counter[str]()
    for year in range(1200):
        hits = [0] * 7
        for month in range(3):
            tags = [f"cell.{cell},hits.{hit}" for cell, hit in zip(cells, hits, strict=True)]
            ids = drawn(sealed(tags, (part(alloc, key=f"k{month}"),)), 3 * year + month)
            hits = [hit + (f"E{number}" in ids) for number, hit in enumerate(hits)]
            seen.update(ids if month == 2 else ())
        assert max(hits) - min(hits) <= 2

    expected = 1200 * 3 / 7
    spread = sum((seen[f"E{number}"] - expected) ** 2 for number in range(7)) / expected
    assert spread * 6 / (7 * (1 - 3 / 7)) < LIMIT_6


def test_every_pair_of_officers_becomes_a_team_equally_often():
    assign = Assign("cluster", (Slot("1", "MR"), Slot("2", "MR")), "unit", 1, "drawn")
    lists = sealed(["-"], (part(fixed(1)),), assign, officers=6)
    member = lists.membership()
    seen = Counter[frozenset[str]]()
    for number in range(1500):
        dealt = outcome(lists, keys(number), member).clustered
        assert dealt is not None
        seen.update(team.codes for team in dealt.teams)

    expected = 1500 * 3 / 15
    assert len(seen) == 15
    assert sum((count - expected) ** 2 for count in seen.values()) / expected < LIMIT_14


def test_every_officer_goes_to_a_target_equally_often():
    lists = sealed(["-"], (part(fixed(1)),), officers=7)
    member = lists.membership()
    seen = Counter(outcome(lists, keys(number), member).seats[0].officer for number in range(ROUNDS))

    expected = ROUNDS / 7
    assert sum((count - expected) ** 2 for count in seen.values()) / expected < LIMIT_6
