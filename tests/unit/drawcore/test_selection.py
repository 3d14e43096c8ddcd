"""Who is drawn and who goes there: the figures that the rules give on small lists (抽取、选派)."""

from dataclasses import replace

import pytest

from drawcore import cluster, officers
from drawcore.errors import TooFewOfficers, TooFewTeams
from drawcore.outcome import outcome
from drawcore.plan import Allocation, Assign, Slot, Stratum
from drawcore.selection import select
from tests.builders import vectors
from tests.unit.drawcore.building import KEYS, fixed, part, sealed

TEAM_OF_ONE = Assign("cluster", (Slot("1", "MR"),), "unit", 2, "drawn")
FIVE = [(f"E{n}", "S1", "-", f"risk.{n}" if n else "-") for n in range(5)]


def test_reserves_are_the_next_ranks_and_end_with_the_stratum():
    lists = sealed(FIVE, parts=(part(fixed(3, reserve=9)),))
    rows = [line.split("\t") for line in select(lists.membership(), KEYS).result_tsv().decode().splitlines()]

    assert [row[2] + row[3] for row in rows] == ["1M", "2M", "3M", "4R", "5R"]
    assert [row[4] for row in rows] == sorted(row[4] for row in rows)


def test_pareto_without_a_main_object_in_a_stratum_still_ranks_reserves():
    strata = (Stratum("N", num=1, den=1), Stratum("A", reserve=1))
    alloc = Allocation("pareto", strata, size="risk", missing=1)
    lists = sealed([*FIVE, ("F1", "S1", "-", "kind.A")], parts=(part(alloc, by="kind"),))

    selection = select(lists.membership(), KEYS)

    assert [id_ for _t, id_ in selection.parts["T"]["A"].listed] == ["F1"]
    assert len(selection.main("T")) == 5


def test_the_ledger_counts_what_other_keys_of_this_draw_took():
    year = Allocation("ledger", (Stratum("N", num=1, den=5),), cell="cell", hits="hits")
    parts = (part(fixed(4), "A", key="a"), part(year, "B", key="b"), part(year, "C", key="a"))
    selection = select(sealed(FIVE, parts=parts).membership(), KEYS)

    assert set(selection.main("B")) == {row[0] for row in FIVE} - set(selection.main("A"))
    assert selection.main("C") == selection.main("A")[:1]


def test_the_least_loaded_officer_goes_first():
    people = [("P1", "MR", "*", "-", 5), ("P2", "MR", "*", "-", 0)]
    found = outcome(sealed(FIVE, people, parts=(part(fixed(5)),)), KEYS)

    assert [seat.officer for seat in found.seats] == ["P2"] * 5
    assert [seat.load for seat in found.seats] == [0, 1, 2, 3, 4]


def test_one_slot_for_two_parts_gives_one_team():
    parts = (part(fixed(5), "A"), part(fixed(5), "B"))
    found = outcome(sealed(FIVE, parts=parts, assign=Assign("each", (Slot("1", part="A,B"),))), KEYS)

    assert len(found.seats) == 5


def test_bundles_differ_by_at_most_one_larger_ones_first():
    members = [(bytes([n]), f"E{n}") for n in range(7)]

    assert [len(piece) for piece in cluster.pieces(members, 3)] == [3, 2, 2]
    assert [len(piece) for piece in cluster.pieces(members, 7)] == [7]
    assert [id_ for piece in cluster.pieces(members, 3) for _t, id_ in piece] == [f"E{n}" for n in range(7)]


def test_a_target_with_a_recused_officer_travels_alone():
    dealt = outcome(vectors.sealed(4), vectors.keys_of(4)).clustered
    assert dealt is not None

    assert [deal.bundle.ids for deal in dealt.dealt if "H08" in deal.bundle.ids] == [("H08",), ("H08",)]


def test_standing_teams_keep_their_members_and_seats():
    people = [
        ("P1", "MR", "*", "team.A", 0),
        ("P2", "MR", "*", "cert,team.A", 0),
        ("P3", "MR", "*", "cert,team.B", 0),
        ("P4", "MR", "*", "cert,team.B", 0),
        ("P5", "MR", "*", "cert", 0),
    ]
    slots = (Slot("1", "MR", "cert"), Slot("2", "MR"))
    lists = sealed(
        FIVE, people, parts=(part(fixed(5)),), assign=Assign("cluster", slots, "area", 2, "standing")
    )

    dealt = outcome(lists, KEYS).clustered

    assert dealt is not None
    assert {team.code: [m.id for m in team.members] for team in dealt.teams} == {
        "MR-A": ["P2", "P1"],
        "MR-B": ["P3", "P4"],
    }
    assert {deal.team.code for deal in dealt.dealt} == {"MR-A", "MR-B"}


def test_the_most_demanding_slot_first_costs_fewer_teams():
    people = [(f"P{n}", "MR", "*", "cert" if n < 2 else "-", 0) for n in range(4)]
    group = cluster.groups("MR", sealed(FIVE, people).officers)[0]
    demanding, anybody = Slot("1", "MR", "cert"), Slot("2", "MR")

    assert officers.team_count(group, (demanding, anybody)) == 2
    assert officers.team_count(group, (anybody, demanding)) == 1


def test_lists_that_were_never_checked_are_not_dealt_to_nobody():
    nobody = sealed(FIVE, [("P1", "MR", "S9", "-", 0)])
    with pytest.raises(TooFewOfficers):
        outcome(nobody, KEYS)
    with pytest.raises(TooFewTeams):
        outcome(replace(nobody, plan=replace(nobody.plan, assign=TEAM_OF_ONE)), KEYS)
