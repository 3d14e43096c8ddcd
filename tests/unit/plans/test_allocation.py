"""From the figures of real plan rows to whole numbers in each stratum (抽取数量分配; N10, N15; vdraw/1 §10)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawcore import allocation as core
from drawcore.plan import Allocation as CoreAllocation
from drawcore.plan import Part, Stratum
from fairdraw.exchange import services as exchange
from fairdraw.plans.allocation import Allocation, Asked, Held, allocate

DEFAULT = {
    "A": Fraction("0.015"),
    "B": Fraction("0.05"),
    "C": Fraction("0.12"),
    "D": Fraction("0.3"),
    "N": Fraction("0.05"),
}
THOUSAND = {"A": 654, "B": 253, "C": 77, "D": 15, "N": 1}  # the class shares published for 丹东 2023

QINGCHUAN_1 = Asked(
    count=20,
    ratio_by_class={"B": Fraction("0.4"), "C": Fraction("0.8")},
    count_by_class={"B": 13, "C": 7},
    classes_excluded=("D",),
)
QINGCHUAN_2 = Asked(
    count=5,
    ratio_by_class={"B": Fraction("0.02"), "C": Fraction("0.3"), "D": Fraction("0.35")},
    count_by_class={"B": 1, "C": 2, "D": 3},
    classes_excluded=("A",),
)
QINGCHUAN_3 = Asked(
    ratio=Fraction("0.05"),
    count=43,
    ratio_by_class={"C": Fraction("0.25"), "D": Fraction("0.67")},
    count_by_class={"C": 1, "D": 2},
    ratio_by_kind={"individual_business": Fraction("0.05")},
)
FENGXIANG_1 = Asked(ratio=Fraction("0.05"))
FENGXIANG_2 = Asked(ratio=Fraction("0.05"), count=10)
FENGXIANG_32 = Asked(ratio=Fraction(1), count=1)


def planned(asked, counts, *, kinds=None, exempt=False, reserve=0):
    found = allocate(
        asked,
        counts=counts,
        kinds=kinds or {"enterprise": sum(counts.values())},
        default_rates=DEFAULT,
        exempt=exempt,
        reserve=reserve,
    )
    assert isinstance(found, Allocation), found
    return found


def drawn(found, counts):
    """The sizes that the protocol computes from the allocation."""
    strata = tuple(Stratum(**row) for row in found.strata)
    part = Part("T", "main", "*", found.by, "T", CoreAllocation(found.mode, strata, total=found.total or 0))
    held = {"N": sum(counts.values())} if found.by == "none" else counts
    return {code: size.drawn for code, size in core.sizes(part, held).items()}


def held(asked, counts, **more):
    found = allocate(
        asked,
        counts=counts,
        kinds=more.pop("kinds", {}),
        default_rates=DEFAULT,
        exempt=False,
        reserve=0,
        **more,
    )
    assert isinstance(found, Held), found
    return found.reason


@pytest.mark.real_data
def test_the_figures_below_are_those_of_the_real_tables(real_data):
    def rows(name):
        told = exchange.Told()
        return {
            e.source_no: e.asked()
            for e in exchange.read_plan(real_data / "plans" / name, year=2025, told=told)
        }

    qingchuan, fengxiang = rows("qingchuan-2025.csv"), rows("fengxiang-2025.csv")
    assert [qingchuan[n] for n in ("1", "2", "3")] == [QINGCHUAN_1, QINGCHUAN_2, QINGCHUAN_3]
    assert [fengxiang[n] for n in ("1.1", "2", "3.2")] == [FENGXIANG_1, FENGXIANG_2, FENGXIANG_32]


def test_qingchuan_1_draws_13_of_class_b_and_7_of_class_c():
    counts = {"A": 40, "B": 33, "C": 9}
    found = planned(QINGCHUAN_1, counts)

    assert (found.by, found.mode, found.text) == ("credit", "fixed", "B类13户、C类7户")
    assert drawn(found, counts) == {"A": 0, "B": 13, "C": 7}
    assert found.differentiated


def test_qingchuan_1_takes_all_there_are_where_the_register_has_fewer():
    counts = {"A": 40, "B": 10, "C": 9}

    assert drawn(planned(QINGCHUAN_1, counts), counts) == {"A": 0, "B": 10, "C": 7}


def test_qingchuan_1_is_held_while_some_are_unclassed():
    assert held(QINGCHUAN_1, {"B": 33, "C": 9, "N": 4}) == "有4户未分类，计划未写明未分类对象的比例"


def test_qingchuan_2_leaves_class_a_out():
    counts = {"A": 120, "B": 50, "C": 7, "D": 9}
    found = planned(QINGCHUAN_2, counts)

    assert drawn(found, counts) == {"A": 0, "B": 1, "C": 2, "D": 3}
    assert found.differentiated


def test_qingchuan_3_draws_enterprises_by_class_and_40_individual_businesses_of_800():
    found = planned(
        QINGCHUAN_3, {"C": 4, "D": 3, "N": 800}, kinds={"enterprise": 7, "individual_business": 800}
    )

    assert (found.by, found.mode) == ("mix", "fixed")
    assert found.text == "C类1户、D类2户、个体工商户5%（40户）"
    assert drawn(found, {"C": 4, "D": 3, "ind": 800}) == {"C": 1, "D": 2, "ind": 40}
    assert found.differentiated


def test_a_ratio_by_class_beside_one_by_kind_is_held_without_numbers():
    asked = Asked(
        ratio_by_class={"C": Fraction("0.25")}, ratio_by_kind={"individual_business": Fraction("0.05")}
    )

    assert "没有写明C类企业的户数" in held(asked, {"C": 4, "N": 800}, kinds={"individual_business": 800})


def test_fengxiang_1_spreads_five_per_cent_as_the_bureaus_own_rates_stand():
    found = planned(FENGXIANG_1, THOUSAND)

    assert (found.mode, found.total) == ("total", 50)
    assert drawn(found, THOUSAND) == {"A": 14, "B": 17, "C": 13, "D": 6, "N": 0}
    assert found.differentiated


def test_fengxiang_1_is_flat_in_a_professional_field():
    found = planned(FENGXIANG_1, THOUSAND, exempt=True, reserve=3)

    assert drawn(found, THOUSAND) == {"N": 50}
    assert found.strata == ({"code": "N", "take": 50, "reserve": 3},)
    assert not found.differentiated


def test_fengxiang_2_draws_the_ten_of_the_plan():
    counts = {"A": 100, "B": 80, "C": 7}

    assert drawn(planned(FENGXIANG_2, counts, exempt=True), counts) == {"N": 10}


def test_fengxiang_32_takes_the_only_one_there_is():
    counts = {"B": 1}
    found = planned(FENGXIANG_32, counts)

    assert (found.by, found.text) == ("none", "全部检查（1户）")
    assert drawn(found, counts) == {"N": 1}


@pytest.mark.parametrize(
    ("asked", "counts", "reason"),
    [
        (Asked(ratio=Fraction("0.05")), {}, "没有符合抽查对象范围"),
        (Asked(), {"A": 5}, "未写明抽查比例或数量"),
        (Asked(count=0), {"A": 5}, "数量为零"),
        (Asked(count_by_class={"D": 3}), {"A": 5}, "没有计划所列信用风险类别"),
    ],
)
def test_what_cannot_be_sized_is_held_with_its_reason(asked, counts, reason):
    assert reason in held(asked, counts)


def test_numbers_by_class_without_rates_are_compared_with_those_that_there_are():
    counts = {"A": 100, "B": 50, "C": 10}
    rising = planned(Asked(count_by_class={"A": 2, "B": 5, "C": 5}), counts)
    falling = planned(Asked(count_by_class={"A": 50, "B": 5, "C": 1}), counts)

    assert rising.class_rates == {"A": Fraction(1, 50), "B": Fraction(1, 10), "C": Fraction(1, 2)}
    assert (rising.differentiated, falling.differentiated) == (True, False)


def test_numbers_for_some_classes_and_rates_for_others_are_held():
    asked = Asked(ratio_by_class={"B": Fraction("0.1")}, count_by_class={"C": 3})

    assert "C类只写户数" in held(asked, {"B": 10, "C": 10})


def test_rates_that_fall_with_the_risk_are_not_class_dependent():
    falling = Asked(ratio_by_class={"A": Fraction("0.1"), "B": Fraction("0.05")})
    equal = Asked(ratio_by_class={c: Fraction("0.03") for c in "ABCD"})

    assert not planned(falling, {"A": 50, "B": 50}).differentiated
    assert not planned(equal, dict.fromkeys("ABCD", 50)).differentiated


COUNTS = st.fixed_dictionaries({c: st.integers(0, 400) for c in "ABCDN"}).filter(
    lambda c: sum(c[k] for k in "ABCD") > 0
)


@given(counts=COUNTS, data=st.data())
def test_the_size_of_the_plan_is_drawn_to_the_last_one_and_no_class_is_overdrawn(counts, data):
    frame = sum(counts.values())
    size = data.draw(st.integers(1, frame))
    found = planned(Asked(count=size), counts)
    there = {c: n for c, n in counts.items() if n}
    sizes = drawn(found, there)

    assert sum(sizes.values()) == size
    if found.by == "credit":
        assert all(sizes[c] <= n for c, n in there.items())
        assert found.differentiated or found.class_rates["A"] == 1


@given(counts=COUNTS, data=st.data())
def test_a_ratio_is_never_undercut(counts, data):
    ratio = data.draw(st.fractions(Fraction(1, 200), 1))
    sizes = drawn(planned(Asked(ratio=ratio), counts), {c: n for c, n in counts.items() if n})

    assert sum(sizes.values()) >= ratio * sum(counts.values())


def test_a_class_with_too_few_targets_is_said_with_what_was_asked_and_what_is_there():
    asked = Asked(count_by_class={"B": 13, "C": 7, "N": 0})

    assert (
        planned(asked, {"A": 9, "B": 40, "C": 3}).text
        == "B类13户、C类7户（名录库仅3户，有多少抽多少）、未分类0户"
    )
