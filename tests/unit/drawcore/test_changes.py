"""What happens after the draw, on lists small enough to follow (递补、追加、更换、改派)."""

import pytest

from drawcore import afterwards
from drawcore.changes import Course
from drawcore.errors import ChangeRefused, DrawError, FileRefused, Mismatch, NobodyLeft
from drawcore.log import FIRST_PREV, Entry
from drawcore.outcome import Sealed, outcome
from drawcore.plan import Assign, Slot
from drawcore.rows import Officer
from tests.builders import vectors
from tests.unit.drawcore.building import KEYS, fixed, part, sealed

FIVE = [(f"E{n}", "S1", "T1", "-") for n in range(5)]
THREE_OFFICERS = [(f"P{n}", "MR", "*", "-", 0) for n in range(3)]
CLUSTER = Assign("cluster", (Slot("1", "MR"),), "area", 2, "drawn")


def begun(lists: Sealed) -> Course:
    member = lists.membership()
    return Course(lists, member, outcome(lists, KEYS, member), KEYS)


def vector(number: int) -> Course:
    lists, keys = vectors.sealed(number), vectors.keys_of(number)
    member = lists.membership()
    return Course(lists, member, outcome(lists, keys, member), keys)


def seats(course: Course) -> dict[str, dict[str, str]]:
    assert course.seats is not None
    return course.seats.at


def test_the_next_rank_moves_up_with_officers_of_its_own():
    course = vector(1)
    moved = course.replace_object("2024-017", "E03")

    assert (moved.stratum, moved.rank, moved.id) == ("A", 3, "E04")
    assert [seat.slot for seat in moved.seated] == ["1", "2"]
    assert "E03" not in course.objects
    assert seats(course)["E03"] == {}
    assert seats(course)["E04"] == {seat.slot: seat.officer for seat in moved.seated}


def test_after_the_reserves_the_stratum_goes_on_as_an_extension():
    course = vector(1)

    assert [course.replace_object("2024-017", id_).rank for id_ in ("E03", "E05", "E04")] == [3, 4, 5]


def test_an_extension_follows_the_ranks_that_moved_up():
    course = vector(1)
    course.replace_object("2024-017", "E03")

    assert course.add_object("2024-017", "A").rank == 4


def test_a_target_that_another_task_still_has_keeps_that_tasks_officers():
    course = vector(2)
    before = seats(course)["F04"]
    moved = course.replace_object("2024-018", "F04")

    assert moved.id == "F07"
    assert course.objects["F04"]
    assert seats(course)["F04"] == {"3": before["3"]}


def test_a_target_drawn_for_a_second_task_gains_only_the_missing_slots():
    course = vector(2)
    before = dict(seats(course)["F06"])
    moved = course.replace_object("2024-018", "F11")

    assert moved.id == "F06"
    assert {seat.slot for seat in moved.seated} == {"1", "2"}
    assert seats(course)["F06"]["3"] == before["3"]


def test_a_list_drawn_elsewhere_knows_no_moving_up():
    with pytest.raises(ChangeRefused) as refused:
        vector(4).replace_object("2024-C07", "H05")

    assert refused.value.rule == "list-drawn-elsewhere"


@pytest.mark.parametrize(("code", "id_"), [("2024-017", "E04"), ("2024-017", "E99"), ("X", "E03")])
def test_only_a_main_object_of_the_part_can_be_replaced(code, id_):
    with pytest.raises(ChangeRefused):
        vector(1).replace_object(code, id_)


def test_only_a_stratum_of_the_draw_can_be_extended():
    for code, stratum in (("X", "A"), ("2024-017", "B")):
        with pytest.raises(ChangeRefused):
            vector(1).add_object(code, stratum)


def test_a_stratum_that_is_used_up_has_nobody_left():
    with pytest.raises(NobodyLeft) as refused:
        begun(sealed(FIVE, parts=(part(fixed(5)),))).replace_object("T", "E0")

    assert refused.value.what == "T N"


def test_an_officer_who_was_removed_does_not_come_back():
    course = begun(sealed(FIVE[:1], THREE_OFFICERS))
    assert course.seats is not None
    removed = [seats(course)["E0"]["1"]]
    removed.append(course.seats.replace_officer("E0", "1").officer)
    removed.append(course.seats.replace_officer("E0", "1").officer)

    assert sorted(removed) == ["P0", "P1", "P2"]
    with pytest.raises(NobodyLeft):
        course.seats.replace_officer("E0", "1")
    course.supplement([Officer("P9", "MR", "*", "-", 0, "0" * 32)])
    assert course.seats.replace_officer("E0", "1").officer == "P9"
    assert "P9" in course.officers.by_id


def test_somebody_recused_after_the_seal_is_not_the_successor():
    course = begun(sealed(FIVE[:1], THREE_OFFICERS))
    assert course.seats is not None
    first = seats(course)["E0"]["1"]
    other, last = sorted({"P0", "P1", "P2"} - {first})
    course.bar(other, "E0")

    assert course.seats.replace_officer("E0", "1").officer == last


def test_nobody_can_be_supplemented_who_is_on_the_list():
    with pytest.raises(ChangeRefused):
        vector(1).supplement([Officer("P1", "MR", "*", "-", 0, "0" * 32)])


def test_an_empty_seat_cannot_be_replaced():
    course = vector(1)
    assert course.seats is not None
    with pytest.raises(ChangeRefused):
        course.seats.replace_officer("E01", "1")


def test_a_target_that_moves_up_joins_the_bundle_of_the_one_it_replaces():
    course = begun(sealed(FIVE, THREE_OFFICERS, parts=(part(fixed(4)),), assign=CLUSTER))
    assert course.teams is not None
    leaving = min(course.objects)
    team = course.teams.holder[leaving, "MR"]

    moved = course.replace_object("T", leaving)

    assert course.teams.holder[moved.id, "MR"] == team
    assert (leaving, "MR") not in course.teams.holder


def test_a_target_of_another_area_is_dealt_like_one_that_was_passed_on():
    rows = [("E0", "S1", "T1", "-"), ("E1", "S1", "T2", "-")]
    course = begun(sealed(rows, THREE_OFFICERS, assign=CLUSTER))
    assert course.teams is not None
    (leaving,) = course.objects
    moved = course.replace_object("T", leaving)

    prf = KEYS.tickets("officer")
    assert moved.seated[0].team == min(course.teams.teams, key=lambda team: prf(f"{moved.id}\x1f{team}"))


def test_a_target_with_a_recused_officer_does_not_join_the_bundle():
    rows = FIVE[:2]
    people = [(f"P{n}", "MR", "*", "-", 0) for n in range(3)]
    for recused in ("P0", "P1", "P2"):
        course = begun(sealed(rows, people, assign=CLUSTER, recusals=[(recused, "E0"), (recused, "E1")]))
        assert course.teams is not None
        (leaving,) = course.objects
        moved = course.replace_object("T", leaving)
        assert recused not in {seat.officer for seat in moved.seated}


def test_a_team_that_lost_its_targets_does_not_get_them_back():
    course = begun(sealed(FIVE[:1], THREE_OFFICERS[:2], assign=CLUSTER))
    assert course.teams is not None
    first = course.teams.holder["E0", "MR"]
    second = course.teams.pass_target("E0", first)[0].team

    assert second != first
    with pytest.raises(NobodyLeft):
        course.teams.pass_target("E0", second)


def test_an_extension_is_dealt_to_the_team_with_the_smallest_ticket():
    course = begun(sealed(FIVE, THREE_OFFICERS, assign=CLUSTER))
    assert course.teams is not None
    moved = course.add_object("T", "N")

    prf = KEYS.tickets("officer")
    assert moved.seated[0].team == min(course.teams.teams, key=lambda team: prf(f"{moved.id}\x1f{team}"))


def test_a_standby_takes_over_all_targets_of_the_team():
    slots = (Slot("1", "MR", "cert"), Slot("2", "MR"))
    people = [("P0", "MR", "*", "cert", 0), ("P1", "MR", "*", "-", 0), ("P2", "MR", "*", "-", 0)]
    course = begun(
        sealed(FIVE, people, parts=(part(fixed(5)),), assign=Assign("cluster", slots, "unit", 9, "drawn"))
    )
    assert course.teams is not None
    second = course.teams.teams["MR-1"].members[1].id
    relief = course.teams.replace_officer("MR-1", second)

    assert relief.slot == "2"
    assert {second, relief.successor} == {"P1", "P2"}
    assert course.teams.standby("MR-1") == []
    with pytest.raises(NobodyLeft):
        course.teams.replace_officer("MR-1", relief.successor)


def test_only_a_member_of_a_team_can_leave_it():
    teams = vector(4).teams
    assert teams is not None
    for team, officer in (("MR-9", "M1"), ("MR-1", "M1")):
        with pytest.raises(ChangeRefused):
            teams.replace_officer(team, officer)
    with pytest.raises(ChangeRefused):
        teams.pass_target("H05", "MR-2")


def test_a_bundle_whose_team_was_dissolved_is_not_joined():
    course = vector(4)
    assert course.teams is not None
    course.teams.replace_officer("MR-1", "M3")
    moved = course.replace_object("2024-021", "H12")

    assert "MR-1" not in {seat.team for seat in moved.seated}


def test_a_target_drawn_for_a_partner_keeps_its_team_and_gains_the_partners():
    course = vector(4)
    assert course.teams is not None
    before = course.teams.holder["H05", "MR"]
    moved = course.replace_object("2024-H05", "H02")

    assert moved.id == "H05"
    assert {seat.team.split("-")[0] for seat in moved.seated} == {"HLT"}
    assert course.teams.holder["H05", "MR"] == before
    assert ("H02", "HLT") not in course.teams.holder
    assert ("H02", "MR") in course.teams.holder


def entry(kind: str, **body: object) -> Entry:
    return Entry(9, 0, "u:1", kind, {"draw": "d", "approver": "u:9", **body}, FIRST_PREV)


def replay(course: Course, number: int, *entries: Entry) -> afterwards.Tally:
    return afterwards.replay(course, vectors.sealed(number).plan, entries)


MOVED_UP = entry("draw.object_replaced", part="2024-017", object="E03", reason="closed", successor="E04")
RELIEVED = entry("draw.officer_replaced", object="E09", slot="1", officer="P2", reason="ill", successor="P1")


def test_the_log_of_changes_is_replayed():
    tally = replay(
        vector(1),
        1,
        MOVED_UP,
        RELIEVED,
        entry("draw.extended", part="2024-017", stratum="D", objects=["E10"]),
        entry("draw.recused", officer="P3", object="E09", reason="relative"),
        entry("draw.officers_supplemented", rows=[f"P9\tMR\t*\t-\t0\t{'0' * 32}"], reason="ill"),
        entry("draw.officer_replaced", object="E09", slot="2", officer="P4", reason="ill", successor="P9"),
        entry("draw.disclosed"),
    )

    assert tally.changes == 6
    assert tally.at_entity == {"E03": 1, "E09": 2}
    assert tally.more_than_two == []


def test_the_log_of_team_changes_is_replayed():
    tally = replay(
        vector(4),
        4,
        entry("draw.officer_replaced", team="MR-1", officer="M4", reason="ill", successor="M2"),
        entry("draw.team_replaced", object="H05", team="MR-1", reason="relative", successor="MR-3"),
    )

    # the stand-by sits at all three targets of the team; then one of them passes to another team
    assert tally.at_entity == {"H05": 2, "H03": 1, "H12": 1}
    assert tally.in_part == {"2024-C07": 2, "2024-021": 2}
    assert tally.more_than_5_percent({"2024-C07": 40, "2024-021": 39}) == ["2024-021"]


def test_a_dissolved_team_counts_at_each_of_its_targets():
    tally = replay(
        vector(4), 4, entry("draw.officer_replaced", team="MR-1", officer="M3", reason="ill", successor="")
    )

    assert tally.at_entity == {"H05": 1, "H03": 1, "H12": 1}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (
            entry("draw.object_replaced", part="2024-017", object="E03", reason="closed", successor="E06"),
            Mismatch,
        ),
        (
            entry("draw.object_replaced", part="2024-017", object="E03", reason="whim", successor="E04"),
            FileRefused,
        ),
        (entry("draw.object_replaced", part="2024-017", object="E03", reason="closed"), FileRefused),
        (entry("draw.extended", part="2024-017", stratum="D", objects=["E07"]), Mismatch),
        (entry("draw.extended", part="2024-017", stratum="D", objects=[]), FileRefused),
        (
            entry(
                "draw.officer_replaced", object="E09", slot="1", officer="P2", reason="ill", successor="P3"
            ),
            Mismatch,
        ),
        (
            entry(
                "draw.officer_replaced", object="E09", slot="1", officer="P1", reason="ill", successor="P1"
            ),
            Mismatch,
        ),
        (entry("draw.team_replaced", object="E09", team="MR-1", reason="ill", successor="MR-2"), Mismatch),
        (entry("draw.officers_supplemented", rows=["P9"], reason="ill"), FileRefused),
    ],
)
def test_a_change_that_the_rules_do_not_give_is_refused(change, error):
    with pytest.raises(error) as refused:
        replay(vector(1), 1, change)

    assert isinstance(refused.value, DrawError)
