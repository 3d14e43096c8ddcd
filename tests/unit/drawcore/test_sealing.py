"""What sealing refuses, naming part, unit, department or entity (封存前核对)."""

import pytest

from drawcore.errors import (
    EmptyFrame,
    EmptyPart,
    EntityOfNoPart,
    ExclusionRefused,
    FloorMissed,
    NobodyDrawn,
    NoSlot,
    SealingRefused,
    StratumUnnamed,
    TagRefused,
    TeamRefused,
    TooFewOfficers,
    TooFewTeams,
    TotalUnreachable,
)
from drawcore.plan import Allocation, Assign, Floor, Slot, Stratum
from drawcore.sealing import check_sealing, difference, preview
from tests.unit.drawcore.building import EACH, fixed, frame, part, sealed

ONE = [("E1", "S1", "-", "-")]
TWO = [("E1", "S1", "-", "food"), ("E2", "S2", "-", "kind.A")]
CERT = Assign("each", (Slot("1", "MR", "cert"), Slot("2", "MR", "cert")))


def refusal(error: type[SealingRefused], lists) -> dict[str, object]:
    with pytest.raises(error) as refused:
        check_sealing(lists)
    return refused.value.data


def test_an_empty_frame_is_refused():
    assert refusal(EmptyFrame, sealed([])) == {}


def test_a_part_with_nobody_in_scope_is_refused():
    parts = (part(fixed(1)), part(fixed(1), "F", scope="gas"))

    assert refusal(EmptyPart, sealed(TWO, parts=parts)) == {"part": "F"}


def test_a_part_that_would_draw_nobody_is_refused():
    assert refusal(NobodyDrawn, sealed(ONE, parts=(part(fixed(0)),))) == {"part": "T"}


def test_fewer_than_the_legal_floor_is_refused():
    alloc = Allocation("fixed", (Stratum("N", take=1),), floor=Floor(101, 1, 50))

    assert refusal(FloorMissed, sealed(TWO, parts=(part(alloc),))) == {"part": "T", "drawn": 1, "floor": 3}


def test_an_entity_of_no_part_is_refused():
    assert refusal(EntityOfNoPart, sealed(TWO, parts=(part(fixed(1), scope="food"),))) == {"entity": "E2"}


def test_a_class_that_the_plan_forgot_is_refused():
    lists = sealed(TWO, parts=(part(fixed(1), by="kind"),))

    assert refusal(StratumUnnamed, lists) == {"part": "T", "stratum": "A"}


def test_a_total_that_cannot_be_placed_is_refused():
    alloc = Allocation("total", (Stratum("N", weight=0), Stratum("A", weight=1)), total=2)

    assert refusal(TotalUnreachable, sealed(TWO, parts=(part(alloc, by="kind"),))) == {"part": "T", "left": 1}


@pytest.mark.parametrize("tags", ["kind.A,kind.B", "kind.A,kind.A"])
def test_an_entity_of_two_classes_is_refused(tags):
    lists = sealed([("E1", "S1", "-", tags)], parts=(part(fixed(1), by="kind"),))

    assert refusal(TagRefused, lists) == {"entity": "E1", "tag": "kind"}


@pytest.mark.parametrize("tags", ["risk.0", "risk.1000001", "risk.x", "risk.07", "risk.1,risk.2"])
def test_a_size_that_is_no_number_from_one_to_a_million_is_refused(tags):
    alloc = Allocation("pareto", (Stratum("N", num=1, den=2),), size="risk", missing=1)

    assert refusal(TagRefused, sealed([("E1", "S1", "-", tags)], parts=(part(alloc),)))["tag"] == "risk"


@pytest.mark.parametrize(
    ("tags", "tag"), [("hits.-1", "hits"), ("hits.1,hits.2", "hits"), ("cell.a,cell.b", "cell")]
)
def test_hits_and_cells_that_the_ledger_could_not_use_are_refused(tags, tag):
    alloc = Allocation("ledger", (Stratum("N", num=1, den=2),), cell="cell", hits="hits")

    assert refusal(TagRefused, sealed([("E1", "S1", "-", tags)], parts=(part(alloc),)))["tag"] == tag


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (("E9", "*", "whim"), "reason-not-in-plan"),
        (("E1", "X", "gone"), "part-not-in-plan"),
        (("E1", "*", "gone"), "excluded-and-in-frame"),
        (("E9", "T", "gone"), "neither-in-frame-nor-excluded"),
    ],
)
def test_an_exclusion_against_plan_or_frame_is_refused(row, rule):
    assert refusal(ExclusionRefused, sealed(ONE, left_out=[row]))["rule"] == rule


def test_an_entity_excluded_from_every_part_belongs_under_the_whole_draw():
    assert refusal(
        EntityOfNoPart, sealed([*ONE, ("E2", "S1", "-", "-")], left_out=[("E1", "T", "gone")])
    ) == {"entity": "E1"}


def test_a_part_exclusion_takes_out_of_that_part_alone():
    parts = (part(fixed(1), "A"), part(fixed(1), "B"))
    seen = preview(
        sealed(TWO, parts=parts, left_out=[("E1", "A", "gone"), ("E9", "*", "gone"), ("E9", "A", "gone")])
    )

    assert (seen.member.in_scope("A"), seen.member.in_scope("B")) == (1, 2)


def test_an_entity_for_which_no_slot_applies_is_refused():
    parts = (part(fixed(1), "A"), part(fixed(1), "B", scope="food"))
    assign = Assign("each", (Slot("1", part="A"),))

    assert refusal(NoSlot, sealed(TWO, parts=parts, assign=assign)) == {"entity": "E1", "part": "B"}
    assert refusal(NoSlot, sealed(TWO, assign=Assign("each", (Slot("1", when="food"),))))["entity"] == "E2"


def test_too_few_officers_are_refused_naming_unit_slot_and_department():
    people = [("P1", "MR", "*", "cert", 0)]

    assert refusal(TooFewOfficers, sealed(ONE, people, assign=CERT)) == {
        "entity": "E1",
        "unit": "S1",
        "slot": "2",
        "dept": "MR",
        "eligible": 1,
        "needed": 2,
    }


@pytest.mark.parametrize(
    "second",
    [
        ("P2", "FD", "*", "cert", 0),
        ("P2", "MR", "S2", "cert", 0),
        ("P2", "MR", "-", "cert", 0),
        ("P2", "MR", "*", "-", 0),
    ],
)
def test_officers_of_another_department_unit_or_qualification_do_not_count(second):
    people = [("P1", "MR", "*", "cert", 0), second]

    assert refusal(TooFewOfficers, sealed(ONE, people, assign=CERT))["eligible"] == 1


def test_recused_officers_do_not_count():
    people = [("P1", "MR", "*", "cert", 0), ("P2", "MR", "S1,S2", "cert,food", 0), ("P3", "MR", "S1", "*", 0)]

    assert check_sealing(sealed(ONE, people, assign=CERT, recusals=[("P3", "E1")])).drawn("T") == 1
    recusals = [("P3", "E1"), ("P2", "E1")]
    assert refusal(TooFewOfficers, sealed(ONE, people, assign=CERT, recusals=recusals))["eligible"] == 1


def cluster(form: str = "drawn", slots: int = 2) -> Assign:
    return Assign("cluster", tuple(Slot(str(n), "MR", "cert") for n in range(slots)), "unit", 5, form)


def test_too_few_teams_are_refused_naming_unit_and_department():
    people = [("P1", "MR", "S1", "cert", 0), ("P2", "MR", "S2", "cert", 0)]

    assert refusal(TooFewTeams, sealed(ONE, people, assign=cluster())) == {
        "entity": "E1",
        "unit": "S1",
        "dept": "MR",
        "teams": 0,
        "needed": 1,
    }


def test_every_recused_officer_may_spoil_a_team():
    people = [(f"P{n}", "MR", "*", "cert", 0) for n in range(4)]

    assert check_sealing(sealed(ONE, people, assign=cluster(), recusals=[("P1", "E1")])).drawn("T") == 1
    spoiled = sealed(ONE, people, assign=cluster(), recusals=[("P1", "E1"), ("P2", "E1"), ("Q9", "E1")])
    assert refusal(TooFewTeams, spoiled)["needed"] == 3


@pytest.mark.parametrize(
    ("people", "rule"),
    [
        ([("P1", "MR", "*", "cert,team.A", 0)], "wrong-number-of-officers"),
        ([("P1", "MR", "*", "cert,team.A", 0), ("P2", "MR", "*", "team.A", 0)], "slot-without-officer"),
        ([("P1", "MR", "*", "cert,team.A,team.B", 0)], "officer-in-two-teams"),
        (
            [(f"P{n}", "MR", units, "cert,team.A", 0) for n, units in enumerate(["*", "*", "S1", "S1"])],
            "team-in-two-groups",
        ),
    ],
)
def test_a_standing_team_that_does_not_fit_its_slots_is_refused(people, rule):
    assert refusal(TeamRefused, sealed(ONE, people, assign=cluster("standing")))["rule"] == rule


def test_standing_teams_with_one_officer_a_slot_are_accepted():
    people = [
        ("P1", "MR", "*", "cert,team.A", 0),
        ("P2", "MR", "*", "team.A,cert", 0),
        ("P3", "MR", "*", "team.", 0),
    ]

    assert check_sealing(sealed(ONE, people, assign=cluster("standing"))).takes_everybody("T")


def test_the_preview_tells_sizes_without_any_randomness():
    seen = preview(sealed(TWO, parts=(part(fixed(1, reserve=3)),), assign=EACH))

    assert seen.sizes == {"T": {"N": (2, 1, 1)}}
    assert not seen.takes_everybody("T")


def test_a_frame_is_compared_with_the_last_one():
    before = frame(("E1", "S1", "-", "-"), ("E2", "S1", "-", "-"), ("E3", "S1", "-", "kind.A"))
    after = frame(("E2", "S1", "-", "-"), ("E3", "S1", "-", "kind.B"), ("E4", "S1", "-", "-"))

    assert difference(before, after) == (("E4",), ("E1",), ("E3",))
