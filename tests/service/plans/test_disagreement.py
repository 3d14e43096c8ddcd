"""A ratio and a count that the directory shows to contradict each other hold their row (比例与数量不符)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from fairdraw.plans import planning, selectors
from fairdraw.plans import services as plans
from fairdraw.plans.allocation import Asked
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.models import Task
from fairdraw.plans.planning import Resolved
from fairdraw.registers.models import Target
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.bureau import YEAR

HELD = 200
ENTERPRISES = ScopeSpec(kinds=("enterprise",))


@pytest.fixture
def register(bureau):
    """A directory of 200 enterprises: 100 of class A, 60 of B, 30 of C, 10 of D."""
    pks = list(Target.objects.filter(kind="enterprise").order_by("pk").values_list("pk", flat=True))
    assert len(pks) >= HELD
    Target.objects.exclude(pk__in=pks[:HELD]).update(status="deregistered")
    Target.objects.filter(pk__in=pks[:HELD]).update(status="existing")
    for letter, first, last in (("A", 0, 100), ("B", 100, 160), ("C", 160, 190), ("D", 190, HELD)):
        Target.objects.filter(pk__in=pks[first:last]).update(credit_class=letter)
    return bureau


def plan(bureau, *, made_up_frame=False, problems=(), scope=ENTERPRISES, **figures):
    """The task of a row with these figures, and why it is held."""
    entry = PlanRowEntry(
        "1",
        "公示信息抽查",
        ("公示信息检查",),
        object_scope="全县企业",
        window_start=dt.date(YEAR, 4, 1),
        window_end=dt.date(YEAR, 6, 30),
        **figures,
    )
    entered = plans.import_plan(
        [entry],
        agency=bureau.agency,
        year=YEAR,
        title="计划",
        source="表.csv",
        invented="",
        actor=bureau.cast.office,
        now=bureau.now,
    )
    version = selectors.current_versions(entered).get()
    resolved = Resolved(
        agency=bureau.cast.units["ggg"],
        items=[bureau.item()],
        scope=scope,
        asked=entry.asked(),
        count_by_kind=entry.count_by_kind,
        made_up_frame=made_up_frame,
        problems=problems,
    )
    planning.plan_row(
        version,
        resolved,
        region="演示县",
        cutoff=selectors.cutoff(YEAR),
        actor=bureau.cast.office,
        now=bureau.now,
        on=bureau.today,
    )
    version.refresh_from_db()
    return Task.objects.first(), version.held_reason


def ratio(least=None, most=None):
    return {
        "ratio_min": None if least is None else Decimal(least),
        "ratio_max": None if most is None else Decimal(most),
    }


def count(fewest=None, greatest=None):
    return {"count_min": fewest, "count_max": greatest}


@pytest.mark.parametrize(
    "figures",
    [
        {**ratio("0.05", "0.05"), **count(10, 10)},
        {**ratio("0.05", "0.05"), **count(8, 8)},  # the directory has grown by a fifth
        {**ratio("0.05", "0.05"), **count(12, 12)},  # or shrunk
        {**ratio("0.001", "0.001"), **count(1, 1)},  # rounded up
        {**ratio("0.03"), **count(100, 100)},  # 不低于3%, and more than that
        {**ratio(None, "0.1"), **count(3, 3)},  # 不高于10%, and less than that
        {**ratio("0.05", "0.1"), **count(15, 15)},
        {**ratio("0.05", "0.05"), **count(8, None)},  # 不少于8户
        {"ratio_by_class": {"D": Decimal("0.3")}, "count_by_class": {"D": 3}},
    ],
)
def test_figures_that_can_both_be_kept_give_a_task(register, figures):
    task, held = plan(register, **figures)

    assert held == ""
    assert task is not None


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({**ratio("0.5", "0.5"), **count(10, 10)}, ("比例50%", "数量10户", "有200户", "应抽100户")),
        ({**ratio("0.05", "0.05"), **count(60, 60)}, ("比例5%", "数量60户", "应抽10户")),
        ({**ratio("1", "1"), **count(1, 1)}, ("比例100%", "数量1户", "应抽200户")),
        ({**ratio("0.3"), **count(None, 20)}, ("比例30%", "数量20户", "应抽60户")),
        ({**ratio(None, "0.1"), **count(50, None)}, ("比例10%", "数量50户", "应抽20户")),
        (
            {"ratio_by_class": {"D": Decimal("0.3")}, "count_by_class": {"D": 9}},
            ("D类抽查比例30%", "数量9户", "有10户", "应抽3户"),
        ),
    ],
)
def test_figures_that_contradict_each_other_hold_the_row_with_both(register, figures, said):
    task, held = plan(register, **figures)

    assert task is None
    assert all(words in held for words in said), held


def test_a_class_is_counted_without_the_kind_that_has_a_ratio_of_its_own(register):
    pks = Target.objects.filter(status="existing", credit_class="D").values_list("pk", flat=True)
    Target.objects.filter(pk__in=list(pks[:8])).update(kind="individual_business")
    figures = {
        "ratio_by_class": {"D": Decimal("0.5")},
        "count_by_class": {"D": 1},
        "ratio_by_kind": {"individual_business": Decimal("0.05")},
        "count_by_kind": {"individual_business": 1},
    }
    task, held = plan(register, scope=ScopeSpec(), **figures)

    assert held == ""  # two enterprises of class D are left
    assert task is not None


def test_the_number_of_a_kind_is_held_against_its_ratio(register):
    figures = {
        "ratio_by_class": {"D": Decimal("0.3")},
        "count_by_class": {"D": 3},
        "ratio_by_kind": {"enterprise": Decimal("0.05")},
        "count_by_kind": {"enterprise": 40},
    }
    task, held = plan(register, **figures)

    assert task is None
    assert "企业抽查比例5%与抽查数量40户不符" in held


def test_a_made_up_directory_contradicts_no_plan(register):
    task, held = plan(register, made_up_frame=True, **ratio("0.5", "0.5"), **count(10, 10))

    assert held == ""
    assert task.scheme.total == 10
    resolved = Resolved(register.agency, [], ENTERPRISES, Asked(), made_up_frame=True)
    assert "应抽100户" in planning.disagreement(task.row_version, resolved)


def test_classes_that_the_row_leaves_out_are_not_drawn_from(register):
    task, held = plan(register, classes_excluded=("A",), **ratio("0.05", "0.05"))

    assert held == ""
    assert task.scheme.scope["classes"] == ["B", "C", "D", "N"]
    assert task.scheme.total == 5  # of 100, not of 200


def test_a_ratio_for_one_kind_alone_leaves_the_others_open(register):
    task, held = plan(
        register, ratio_by_kind={"individual_business": Decimal("0.03")}, **ratio("0.05", "0.05")
    )

    assert task is None
    assert "没有写明其他对象怎样抽取" in held


def test_a_reason_never_outgrows_its_room(register):
    _task, held = plan(register, problems=["检查对象写得很长" * 50], **ratio("0.05", "0.05"))

    assert len(held) == 300
    assert held.endswith("…")
