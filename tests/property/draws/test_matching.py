"""
Two people whose qualifications together cover all items (N21): the rule that shares them out over the seats, against
an independent search of every way; what is drawn then, by both programs.
"""

from __future__ import annotations

import dataclasses
from itertools import permutations, product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawcore import seal as seals
from drawcore import seed as seeding
from drawcore import suites
from drawcore.errors import TooFewOfficers, TooFewTeams
from drawcore.outcome import Sealed, outcome
from drawcore.plan import Allocation, Assign, Part, Plan, Slot, Stratum
from drawcore.rows import Exclusions, Frame, Officers, Recusals
from drawcore.seal import Seal
from drawcore.sealing import check_sealing
from fairdraw.draws import matching, run
from tests.builders import vectors

BLIND_KEY = bytes(range(32))
SUITE = suites.suite("sha256")
NEEDED = ("q1", "q2", "q3")
WORKS = {"*": {"S1", "S2"}, "S1": {"S1"}, "S2": {"S2"}, "S1,S2": {"S1", "S2"}}
Person = tuple[str, str, frozenset[str]]


@dataclasses.dataclass(frozen=True)
class Case:
    """People of one department, what their teams need, targets, who is recused where."""

    mode: str
    needed: tuple[str, ...]
    people: tuple[Person, ...]
    targets: tuple[tuple[str, str], ...]
    recused: frozenset[tuple[str, str]]

    def sealed(self) -> Sealed:
        """The lists, with every qualification still at the first seat."""
        first = ",".join(sorted({"cert", *self.needed}))
        slots = (Slot("MR-1", "MR", first), Slot("MR-2", "MR", "cert"))
        cluster = {"by": "area", "max_per_bundle": 2, "form": "drawn"} if self.mode == "cluster" else {}
        everybody = Allocation("rate", (Stratum("N", num=1, den=1),))
        parts = (Part("2026-1", "main", "*", "none", "joint", everybody),)
        return Sealed(
            Plan(("moved",), parts, Assign(self.mode, slots, **cluster)),  # type: ignore[arg-type]
            Frame.build([(t, unit, "-", "-") for t, unit in self.targets], blind_key=BLIND_KEY, suite=SUITE),
            Exclusions.build([], blind_key=BLIND_KEY, suite=SUITE),
            Officers.build(
                [
                    (who, "MR", units, ",".join(sorted({"cert", *held})), 0)
                    for who, units, held in self.people
                ],
                blind_key=BLIND_KEY,
                suite=SUITE,
            ),
            Recusals.build(sorted(self.recused)),
        )

    def shared(self) -> Sealed:
        """The lists as they would be sealed."""
        held = self.sealed()
        plan = matching.share_out(held.plan, held.frame, held.excluded, held.officers, held.recusals)
        return dataclasses.replace(held, plan=plan)

    def may(self, who: Person, target: tuple[str, str]) -> bool:
        """Whether a person may go to a target."""
        return target[1] in WORKS[who[1]] and (who[0], target[0]) not in self.recused


@st.composite
def cases(draw: st.DrawFn, *, places: tuple[str, ...] = ("S1", "S2"), recusals: bool = True) -> Case:
    """A few people, qualifications and targets."""
    needed = NEEDED[: draw(st.integers(2, 3))]
    held = st.frozensets(st.sampled_from(needed))
    works = ["*"] if places == ("S1",) or draw(st.booleans()) else [*WORKS]
    size = draw(st.integers(1, 6))
    people = tuple((f"M{n}", draw(st.sampled_from(works)), draw(held)) for n in range(size))
    targets = tuple((f"E{n}", draw(st.sampled_from(places))) for n in range(draw(st.integers(1, 4))))
    pairs = st.tuples(st.sampled_from([p[0] for p in people]), st.sampled_from([t[0] for t in targets]))
    recused = draw(st.frozensets(pairs, max_size=3)) if recusals else frozenset[tuple[str, str]]()
    return Case(draw(st.sampled_from(["each", "cluster"])), needed, people, targets, recused)


def is_lawful(case: Case, first: set[str], second: set[str]) -> bool:
    """The protocol's rule of sufficiency for one way to share out, read from its text (§12.1, §12.2)."""
    return all(
        _each(case, target, first, second) if case.mode == "each" else _teams(case, target, first, second)
        for target in case.targets
    )


def _each(case: Case, target: tuple[str, str], first: set[str], second: set[str]) -> bool:
    one = {p[0] for p in case.people if case.may(p, target) and first <= p[2]}
    two = {p[0] for p in case.people if case.may(p, target) and second <= p[2]}
    return bool(one) and len(two) > (1 if one & two else 0)


def _teams(case: Case, target: tuple[str, str], first: set[str], second: set[str]) -> bool:
    teams = 0
    for works, places in WORKS.items():
        group = [p for p in case.people if p[1] == works]
        one, two = ({p[0] for p in group if share <= p[2]} for share in (first, second))
        if target[1] in places:
            teams += min(len(one), len(two) // (2 if one & two else 1))
    reach = [p[0] for p in case.people if target[1] in WORKS[p[1]]]
    return teams > sum((who, target[0]) in case.recused for who in reach)


def is_possible(case: Case) -> bool:
    """Whether any way at all to share out is lawful everywhere."""
    for seats in product((0, 1), repeat=len(case.needed)):
        shares = [{q for q, seat in zip(case.needed, seats, strict=True) if seat == n} for n in (0, 1)]
        if is_lawful(case, *shares):
            return True
    return False


def passes(sealed: Sealed) -> bool:
    """Whether the lists may be sealed."""
    try:
        check_sealing(sealed)
    except (TooFewOfficers, TooFewTeams):
        return False
    return True


def pairs_that_cover(case: Case, target: tuple[str, str]) -> set[frozenset[str]]:
    """Every two who may go to a target and have all that is needed between them."""
    able = [p for p in case.people if case.may(p, target)]
    return {frozenset((a[0], b[0])) for a, b in permutations(able, 2) if set(case.needed) <= a[2] | b[2]}


SEEN: set[object] = set()
GENERATED = settings(
    database=None,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


@settings(GENERATED, max_examples=400)
@given(case=cases())
def sealed_exactly_where_it_can_be(case: Case) -> None:
    assert passes(case.shared()) == is_possible(case)
    SEEN.add((case.mode, is_possible(case), passes(case.sealed())))


def test_lists_are_sealed_exactly_where_some_way_to_share_out_is_lawful():
    SEEN.clear()

    sealed_exactly_where_it_can_be()

    for mode in ("each", "cluster"):  # impossible; possible; possible though no single person has all
        assert {(mode, False, False), (mode, True, True), (mode, True, False)} <= SEEN


@settings(GENERATED, max_examples=300)
@given(case=cases(places=("S1",), recusals=False))
def test_in_one_place_without_recusals_two_who_cover_all_are_enough_and_needed(case: Case):
    assert passes(case.shared()) == bool(pairs_that_cover(case, case.targets[0]))


def files_of(sealed: Sealed, seed: bytes) -> dict[str, bytes]:
    """The files of a draw up to ``seed.txt``: vector 1's seal with these lists."""
    plan = sealed.plan.encode()
    held = Seal.parse(vectors.bundle(1).files["seal.json"])
    roots = seals.list_roots(sealed, SUITE)
    seal = dataclasses.replace(held, suite=SUITE.name, plan=SUITE.hex(plan), **roots)
    return {
        "seal.json": seal.encode(),
        "plan.json": plan,
        "seed.txt": seed.hex().encode() + b"\n",
        **{
            f"{name}.tsv": getattr(sealed, name).data
            for name in ("frame", "excluded", "officers", "recusals")
        },
    }


def drawn(sealed: Sealed, seed: bytes) -> dict[str, bytes]:
    """The two files of the outcome."""
    files = files_of(sealed, seed)
    found = outcome(sealed, seeding.keys(files["seed.txt"], Seal.parse(files["seal.json"])))
    return {"result.tsv": found.result, "assign.tsv": found.assign}


def who_goes(found: dict[str, bytes]) -> dict[str, frozenset[str]]:
    """The people at each target."""
    gone: dict[str, set[str]] = {}
    for line in found["assign.tsv"].decode().splitlines():
        gone.setdefault(line.split("\t")[0], set()).add(line.split("\t")[2])
    return {target: frozenset(people) for target, people in gone.items()}


@settings(GENERATED, max_examples=150)
@given(case=cases(), seed=st.binary(min_size=32, max_size=32))
def test_whoever_is_drawn_covers_all_and_the_other_program_draws_the_same(case: Case, seed: bytes):
    sealed = case.shared()
    if not passes(sealed):
        return

    found = drawn(sealed, seed)

    assert run.verifier().recompute(files_of(sealed, seed)) == found
    for target in case.targets:
        assert who_goes(found)[target[0]] in pairs_that_cover(case, target)


def told(case: Case) -> list[tuple[str, int]]:
    """Where the people were not drawn by chance, and for how many targets."""
    sealed = case.shared()
    doors = [(target, unit, "MR") for target, unit in case.targets]
    found = matching.unchosen(sealed.plan.assign, sealed.officers, sealed.recusals, doors)
    assert all(str(one) == "人员未构成随机（可选2人，需2人）" for one in found)
    return [(one.unit, one.targets) for one in found]


@settings(GENERATED, max_examples=200)
@given(case=cases())
def test_where_those_who_may_go_are_exactly_the_team_no_seed_changes_who_goes(case: Case):
    sealed = case.shared()
    if not passes(sealed):
        return
    outcomes = [who_goes(drawn(sealed, bytes([n]) * 32)) for n in range(4)]
    for target, unit in case.targets:
        found = matching.unchosen(
            sealed.plan.assign, sealed.officers, sealed.recusals, [(target, unit, "MR")]
        )
        if found:
            assert len({one[target] for one in outcomes}) == 1


def test_two_of_two_are_counted_by_place():
    people = (
        ("M1", "S1", frozenset({"q1"})),
        ("M2", "S1", frozenset({"q2"})),
        ("M3", "S2", frozenset(NEEDED)),
    )
    more = tuple((f"M{n}", "S2", frozenset({"q1", "q2"})) for n in (4, 5))
    targets = (("E1", "S1"), ("E2", "S1"), ("E3", "S2"))

    assert told(Case("each", ("q1", "q2"), people + more, targets, frozenset())) == [("S1", 2)]
    assert told(Case("cluster", ("q1", "q2"), people + more, targets, frozenset())) == [("S1", 2)]
