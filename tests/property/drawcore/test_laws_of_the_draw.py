"""What holds for every draw, whatever the lists, the plan and the seed (抽取、选派的规律)."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawcore.allocation import sizes
from drawcore.cluster import Clustered
from drawcore.errors import SealingRefused
from drawcore.officers import suits
from drawcore.outcome import Outcome, Sealed, outcome
from drawcore.plan import Allocation, Part, Plan, Stratum
from drawcore.prf import Keys
from drawcore.seal import list_roots
from drawcore.sealing import check_sealing, difference
from drawcore.selection import select
from drawcore.suites import suite
from tests.property.drawcore.strategies import Case, Rows, allocations, cases, plans, seeds

slow = settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
counts = st.dictionaries(st.sampled_from("ABN"), st.integers(1, 60), min_size=1)


def seated(found: Outcome) -> dict[str, list[tuple[str, str]]]:
    """Give (slot, officer) by target, from the bytes of ``assign.tsv``."""
    by_target: dict[str, list[tuple[str, str]]] = {}
    for line in found.assign.decode().splitlines():
        id_, slot, officer, *_rest = line.split("\t")
        by_target.setdefault(id_, []).append((slot, officer))
    return by_target


@slow
@given(case=cases(), seed=seeds)
def test_whatever_passes_the_checks_of_sealing_can_be_drawn_with_every_seed(case: Case, seed):
    found = outcome(case.sealed, case.keys(seed))

    for part in case.sealed.plan.parts:
        assert len(found.selection.main(part.part)) == case.seen.drawn(part.part) > 0
    assert set(seated(found)) == set(found.drawn)


@slow
@given(case=cases(), seed=seeds)
def test_every_slot_that_applies_gets_one_eligible_officer_and_nobody_sits_twice(case: Case, seed):
    found = outcome(case.sealed, case.keys(seed))
    frame, plan = case.sealed.frame, case.sealed.plan
    slots = {slot.slot: slot for slot in plan.assign.slots}
    mains = {part.part: set(found.selection.main(part.part)) for part in plan.parts}
    for id_, seats in seated(found).items():
        tags = frame.tags[frame.index[id_]].split(",")
        drawn_by = {part for part, ids in mains.items() if id_ in ids}
        applying = [
            slot.slot
            for slot in plan.assign.slots
            if (slot.when == "*" or slot.when in tags) and (slot.part == "*" or drawn_by & set(slot.parts))
        ]
        assert sorted(slot for slot, _officer in seats) == sorted(applying)
        officers = [case.sealed.officers.by_id[officer] for _slot, officer in seats]
        assert len({officer.id for officer in officers}) == len(officers)
        assert not {officer.id for officer in officers} & case.sealed.recusals.at(id_)
        for (slot, _code), officer in zip(seats, officers, strict=True):
            assert suits(officer, slots[slot], frame.units[frame.index[id_]])


@slow
@given(case=cases(), seed=seeds, data=st.data())
def test_shuffled_rows_change_nothing(case: Case, seed, data):
    def shuffled(name: str) -> list:
        return data.draw(st.permutations(getattr(case.rows, name)))

    rows = Rows(*(shuffled(name) for name in ("frame", "excluded", "officers", "recusals")))
    again = rows.sealed(case.sealed.plan, case.suite)

    assert list_roots(again, case.suite) == list_roots(case.sealed, case.suite)
    assert outcome(again, case.keys(seed)).result == outcome(case.sealed, case.keys(seed)).result
    assert outcome(again, case.keys(seed)).assign == outcome(case.sealed, case.keys(seed)).assign


@slow
@given(case=cases(), seed=seeds, data=st.data())
def test_a_target_that_leaves_changes_nobody_elses_number(case: Case, seed, data):
    gone = data.draw(st.sampled_from(case.sealed.frame.ids))
    rows = replace(
        case.rows,
        frame=[row for row in case.rows.frame if row[0] != gone],
        excluded=[row for row in case.rows.excluded if row[0] != gone],
    )
    smaller = rows.sealed(case.sealed.plan, case.suite)
    try:
        seen = check_sealing(smaller)
    except SealingRefused:
        return

    assert difference(case.sealed.frame, smaller.frame) == ((), (gone,), ())
    before = _numbers(case.sealed, case.keys(seed))
    after = _numbers(smaller, case.keys(seed))
    assert len(seen.member.frame) == len(case.sealed.frame) - 1
    assert after.items() <= before.items()


def _numbers(sealed: Sealed, keys: Keys) -> dict[tuple[str, str], bytes]:
    selection = select(sealed.membership(), keys)
    return {
        (part, id_): ticket
        for part, strata in selection.parts.items()
        for stratum in strata.values()
        for ticket, id_ in stratum.ranked
    }


@slow
@given(case=cases(), seed=seeds, take=st.integers(0, 10), more=st.integers(0, 10))
def test_a_longer_draw_only_adds_targets(case: Case, seed, take, more):
    def drawn(size: int) -> list[str]:
        stratum = Stratum("N", take=size)
        part = Part("2024-1", "main", "*", "none", "k", Allocation("fixed", (stratum,)))
        plan = Plan(("gone", "moved"), (part,), case.sealed.plan.assign)
        sealed = replace(case.sealed, plan=plan, excluded=replace(case.sealed.excluded, rows=()))
        return select(sealed.membership(), case.keys(seed)).main("2024-1")

    assert drawn(take + more)[: min(take, len(case.sealed.frame))] == drawn(take)


@slow
@given(case=cases(), seed=seeds)
def test_parts_with_one_key_draw_the_same_targets_as_far_as_their_sizes_go(case: Case, seed):
    part = Part("A", "main", "*", "none", "joint", Allocation("fixed", (Stratum("N", take=3),)))
    parts = (part, replace(part, part="B", alloc=Allocation("fixed", (Stratum("N", take=5),))))
    plan = Plan(("gone", "moved"), parts, case.sealed.plan.assign)
    sealed = replace(case.sealed, plan=plan, excluded=replace(case.sealed.excluded, rows=()))

    selection = select(sealed.membership(), case.keys(seed))

    assert set(selection.main("A")) <= set(selection.main("B"))


@slow
@given(case=cases(), seed=seeds)
def test_bundles_stay_in_one_place_and_below_their_limit(case: Case, seed):
    dealt = outcome(case.sealed, case.keys(seed)).clustered
    if dealt is None:
        return
    frame, assign = case.sealed.frame, case.sealed.plan.assign
    for deal in dealt.dealt:
        rows = [frame.index[id_] for id_ in deal.bundle.ids]
        assert len(rows) <= assign.max_per_bundle
        assert {frame.units[row] for row in rows} == {deal.bundle.unit}
        if assign.by == "area":
            assert len({frame.areas[row] for row in rows}) == 1
    assert _members_sit_once(dealt)


def _members_sit_once(dealt: Clustered) -> bool:
    members = [officer.id for team in dealt.teams for officer in team.members]
    return len(members) == len(set(members))


@given(plan=plans())
def test_a_plan_is_read_as_it_was_written(plan: Plan):
    assert Plan.parse(plan.encode()) == plan


@given(alloc=allocations(("rate", "pareto", "ledger")), held=counts)
def test_a_rate_never_draws_less_than_it_says_nor_more_than_there_are(alloc: Allocation, held):
    found = sizes(Part("T", "main", "*", "kind", "k", alloc), held)

    for code, size in found.items():
        rule = alloc.by_code[code]
        asked = max(rule.min, -(-held[code] * rule.num // rule.den))
        assert size.drawn == min(held[code], asked)
        assert size.drawn == held[code] or size.drawn * rule.den >= held[code] * rule.num
        assert size.drawn + size.reserve <= held[code]


@given(held=counts, total=st.integers(0, 150), weights=st.tuples(*[st.integers(1, 9)] * 3))
def test_a_total_is_spread_as_near_to_its_weights_as_whole_numbers_go(held, total, weights):
    strata = tuple(Stratum(code, weight=weight) for code, weight in zip("ABN", weights, strict=True))
    alloc = Allocation("total", strata, total=total)

    drawn = {c: s.drawn for c, s in sizes(Part("T", "main", "*", "kind", "k", alloc), held).items()}

    assert sum(drawn.values()) == min(total, sum(held.values()))
    weight = dict(zip("ABN", weights, strict=True))
    for one, size in drawn.items():
        for free in (code for code in drawn if drawn[code] < held[code]):
            assert size * weight[free] <= drawn[free] * weight[one] + weight[one] + weight[free]


@given(data=st.binary(max_size=80))
def test_both_suites_agree_on_what_a_mac_of_a_long_key_is(data):
    for name in ("sha256", "sm3"):
        kind = suite(name)
        assert kind.mac(b"k" * 65)(data) == kind.mac(kind.hash(b"k" * 65))(data)
