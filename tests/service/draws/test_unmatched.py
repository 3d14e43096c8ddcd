"""Where no lawful team can go, the refusal says which rule leaves nobody and what would mend it (X04, N21)."""

from __future__ import annotations

import pytest

from drawcore import suites
from drawcore.outcome import Sealed
from drawcore.plan import Allocation, Assign, Part, Plan, Slot, Stratum
from drawcore.rows import Exclusions, Frame, Officers, Recusals
from fairdraw.draws import matching, unmatched
from fairdraw.draws.refusals import DrawRefused
from tests.builders.county import County

pytestmark = pytest.mark.django_db
BLIND_KEY = bytes(range(32))
SUITE = suites.suite("sha256")
AREA = {"by": "area", "max_per_bundle": 5, "form": "drawn"}
Person = tuple[str, str, str]


def lists(
    *people: Person, mode: str = "each", needed: str = "q1,q2", recused: tuple[tuple[str, str], ...] = ()
) -> Sealed:
    """Two targets, E1 at sc01 and E2 at sc02, and people of the bureau: code, places, qualifications."""
    tag = ",".join(sorted({"cert", *needed.split(",")} - {""}))
    slots = (Slot("scj-1", "scj", tag), Slot("scj-2", "scj", "cert"))
    assign = Assign(mode, slots, **(AREA if mode == "cluster" else {}))  # type: ignore[arg-type]
    everybody = Allocation("rate", (Stratum("N", num=1, den=1),))
    plan = Plan(("moved",), (Part("2026-1", "main", "*", "none", "joint", everybody),), assign)
    rows = [
        (who, "scj", units, ",".join(sorted({"cert", *held.split(",")} - {""})), 0)
        for who, units, held in people
    ]
    frame = Frame.build(
        [("E1", "sc01", "-", "-"), ("E2", "sc02", "-", "-")], blind_key=BLIND_KEY, suite=SUITE
    )
    nobody = Exclusions.build([], blind_key=BLIND_KEY, suite=SUITE)
    officers, recusals = Officers.build(rows, blind_key=BLIND_KEY, suite=SUITE), Recusals.build(recused)
    return Sealed(
        matching.share_out(plan, frame, nobody, officers, recusals), frame, nobody, officers, recusals
    )


CASES = {
    "nobody may be sent": (lists(("M1", "*", "q1,q2")), "可以选派的执法检查人员只有1人.*另有.*人因证件.*核对检查人员名录"),
    "too few in the place": (
        lists(("M1", "*", "q1"), ("M2", "sc01", "q2"), ("M3", "sc01", "q1")),
        "片区不够：.*可以选派3人，片区包括松岚市场监管所的只有1人.*扩大人员的片区",
    ),
    "recused": (
        lists(("M1", "*", "q1"), ("M2", "*", "q2"), recused=(("M1", "E2"),)),
        "回避后无人：.*2人中，有1人须回避对象E2.*核对回避登记",
    ),
    "a qualification that nobody has": (
        lists(("M1", "*", "q1"), ("M2", "*", "q1")),
        "缺少资格“q2”：.*2人都不具备.*更新其资格证件",
    ),
    "a qualification in another place": (
        lists(("M1", "*", "q1"), ("M2", "*", ""), ("M3", "sc01", "q2")),
        "缺少资格“q2”：具备的1人片区都不包括松岚市场监管所.*扩大其片区",
    ),
    "a qualification of the recused": (
        lists(("M1", "*", "q1"), ("M2", "*", ""), ("M3", "*", "q2"), recused=(("M3", "E1"),)),
        "缺少资格“q2”：具备的1人都须回避对象E1.*核对回避登记",
    ),
    "three that two do not cover": (
        lists(("M1", "*", "q1"), ("M2", "*", "q2"), ("M3", "*", "q3"), needed="q1,q2,q3"),
        "资格不够：.*合起来须具备“q1、q2、q3”.*最接近的两人还缺“q3”.*分开抽取",
    ),
    "two who cover work in other places": (
        lists(("M1", "*", "q1"), ("M2", "sc01,sc02", "q2"), mode="cluster"),
        "编组不成：.*两人片区不同.*逐户选派",
    ),
    "every team may have a recused one": (
        lists(
            ("M1", "*", "q1"), ("M2", "*", "q2"), ("M3", "*", ""), mode="cluster", recused=(("M3", "E1"),)
        ),
        "回避后无组：.*有1人须回避对象E1.*逐户选派",
    ),
    "places that cover in different ways": (
        lists(
            ("M1", "sc01", "q1,q2"), ("M2", "sc01", "q3"), ("M3", "sc02", "q1"), ("M4", "sc02", "q2,q3"),
            needed="q1,q2,q3",
        ),
        "席位不合：.*资格搭配不同.*分开抽取",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_rule_that_leaves_nobody_is_named_with_what_would_mend_it(ground: County, name: str):
    sealed, said = CASES[name]
    with pytest.raises(DrawRefused, match=said) as refused:
        unmatched.check_sealing(sealed, [])

    assert "不能封存" in str(refused.value)
    assert refused.value.data["dept"] == "scj"


@pytest.mark.parametrize("mode", ["each", "cluster"])
@pytest.mark.parametrize(
    "people",
    [
        (("M1", "*", "q1"), ("M2", "*", "q2")),
        (("M1", "*", "q1,q2"), ("M2", "*", "")),
        (("M1", "*", "q2"), ("M2", "*", "q1,q2")),
    ],
)
def test_two_who_cover_all_between_them_are_enough(ground: County, mode: str, people: tuple[Person, ...]):
    sealed = lists(*people, mode=mode)

    unmatched.check_sealing(sealed, [])

    first, second = sealed.plan.assign.slots
    assert {*first.tag.split(","), *second.tag.split(",")} == {"cert", "q1", "q2"}


def test_seats_are_shared_out_so_that_most_people_may_take_them(ground: County):
    """Three who have both and many who have one each: the seats ask for one each, and more people may go."""
    both = [(f"B{n}", "*", "q1,q2") for n in range(3)]
    single = [(f"S{n}", "*", f"q{n % 2 + 1}") for n in range(20)]

    first, second = lists(*both, *single).plan.assign.slots

    assert sorted((first.tag, second.tag)) == ["cert,q1", "cert,q2"]


def test_more_qualifications_than_can_be_tried_leave_the_first_seat_with_all(ground: County):
    needed = ",".join(f"q{n}" for n in range(matching.MOST_SHARED + 1))

    first, second = lists(("M1", "*", needed), ("M2", "*", ""), needed=needed).plan.assign.slots

    assert (set(first.tag.split(",")), second.tag) == ({"cert", *needed.split(",")}, "cert")
