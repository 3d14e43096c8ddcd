"""A task is settled by a person: of a row that was held, of its own, or drafted anew (人工排定、修改方案)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from fractions import Fraction

import pytest

from fairdraw.audit import selectors as audit
from fairdraw.kernel.errors import NotPermitted
from fairdraw.plans import planning, selectors
from fairdraw.plans import services as plans
from fairdraw.plans.allocation import Asked
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.models import Task
from fairdraw.plans.permissions import WrongState
from fairdraw.plans.planning import Resolved, Wish
from fairdraw.plans.refusals import AlreadyPlanned, NotPlannable
from fairdraw.registers.models import ItemVersion
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.bureau import YEAR

ENTERPRISES = ScopeSpec(kinds=("enterprise",))
WISH = Wish(
    name="广告专项检查",
    year=YEAR,
    scope_text="企业",
    starts_on=dt.date(YEAR, 9, 1),
    ends_on=dt.date(YEAR, 10, 30),
    words="广告专项检查 企业",
    reason="省局专项部署",
)


@pytest.fixture
def version(bureau):
    """The one row of a plan, of which nobody knows what is meant."""
    plan = plans.import_plan(
        [PlanRowEntry("1", "广告行为抽查", ("广告行为检查",), object_scope="网红店")],
        agency=bureau.agency,
        year=YEAR,
        title="计划",
        source="表.csv",
        invented="",
        actor=bureau.cast.office,
        now=bureau.now,
    )
    return selectors.current_versions(plan).get()


def resolved(bureau, **more):
    values = {
        "agency": bureau.cast.units["ggg"],
        "items": [bureau.item()],
        "scope": ENTERPRISES,
        "asked": Asked(count=20),
    }
    return Resolved(**(values | more))


def by_hand(bureau, *, wish=WISH, actor="bangong", version=None, **more):
    return planning.plan_by_hand(
        wish,
        resolved(bureau, **more),
        region="演示县",
        cutoff=selectors.cutoff(YEAR),
        actor=bureau.actor(actor),
        now=bureau.now,
        on=bureau.today,
        version=version,
    )


def by_row(bureau, version, **more):
    return planning.plan_row(
        version,
        resolved(bureau, **more),
        region="演示县",
        cutoff=selectors.cutoff(YEAR),
        actor=bureau.cast.office,
        now=bureau.now,
        on=bureau.today,
    )


def test_a_section_makes_a_task_of_its_own_and_says_why(bureau):
    task = bureau.fresh(by_hand(bureau, actor="ggg-jh", unannounced=True))

    assert (task.plan_row, task.local_reason, task.unannounced) == (None, "省局专项部署", True)
    assert (task.scheme.starts_on, task.due_on) == (dt.date(YEAR, 9, 1), dt.date(YEAR, 10, 30))
    assert task.scheme.ratio_text.startswith("共20户")
    with pytest.raises(NotPermitted):
        by_hand(bureau, actor="zlg-jh")


@pytest.mark.parametrize(
    ("wish", "more", "why"),
    [
        ({}, {"scope": ScopeSpec(tags=("nobody",))}, "没有符合抽查对象范围"),
        ({}, {"asked": Asked()}, "未写明抽查比例或数量"),
        ({"ends_on": dt.date(YEAR, 8, 1)}, {}, "早于开始时间"),
        ({"starts_on": dt.date(YEAR, 12, 1), "ends_on": dt.date(YEAR, 12, 9)}, {}, "晚于年度截止日"),
    ],
)
def test_what_cannot_be_sized_is_refused_and_nothing_stays(bureau, wish, more, why):
    with pytest.raises(NotPlannable, match=why):
        by_hand(bureau, wish=dataclasses.replace(WISH, **wish), **more)
    assert not Task.objects.exists()


def test_a_held_row_goes_on_once_the_office_has_settled_it(bureau, version):
    plans.hold_row(version=version, reason="看不懂", actor=bureau.cast.office, now=bureau.now)
    with pytest.raises(NotPermitted):
        by_hand(bureau, actor="ggg-jh", version=version)

    task = by_hand(bureau, version=version)

    version.refresh_from_db()
    assert (task.plan_row, version.held_reason) == (version.row, "")
    assert audit.entries().filter(kind="plan.row_released").get().body()["row"] == 1


@pytest.mark.parametrize("again", [by_row, lambda bureau, version: by_hand(bureau, version=version)])
def test_a_row_becomes_one_task_however_often_the_button_is_pressed(bureau, version, again):
    first = by_row(bureau, version)
    with pytest.raises(AlreadyPlanned, match="第1行已经排定"):
        again(bureau, version)
    assert Task.objects.get() == first

    plans.cancel_task(task=first, reason="并入市级任务", actor=bureau.cast.office, now=bureau.now)
    assert again(bureau, version).plan_row == version.row


def test_a_scheme_is_written_anew_until_it_is_approved(bureau):
    task = by_hand(bureau)
    given = {"cutoff": selectors.cutoff(YEAR), "actor": bureau.actor("ggg-jh"), "now": bureau.now}
    smaller = resolved(bureau, asked=Asked(ratio=Fraction(1, 50)), assign_mode="each")
    planning.plan_again(
        task, dataclasses.replace(WISH, ends_on=dt.date(YEAR, 9, 30)), smaller, on=bureau.today, **given
    )

    task, scheme = bureau.fresh(task), bureau.fresh(task).scheme
    assert (task.window_start, task.window_end, task.due_on) == (
        dt.date(YEAR, 9, 1),
        dt.date(YEAR, 9, 30),
        dt.date(YEAR, 9, 30),
    )
    assert (scheme.assign_mode, scheme.finishes_on) == ("each", dt.date(YEAR, 9, 30))
    assert not scheme.ratio_text.startswith("共20户")
    with pytest.raises(NotPlannable):
        planning.plan_again(task, WISH, resolved(bureau, asked=Asked()), on=bureau.today, **given)
    approved = bureau.approve(task)
    with pytest.raises(WrongState, match="方案已审定"):
        planning.plan_again(approved, WISH, smaller, on=bureau.today, **given)


def test_a_scheme_that_comes_under_a_professional_field_counts_as_such(bureau):
    task = by_hand(bureau)
    assert task.exempt_field == ""

    words = dataclasses.replace(WISH, words="食品经营者")
    planning.plan_again(
        task,
        words,
        resolved(bureau),
        cutoff=selectors.cutoff(YEAR),
        actor=bureau.actor("ggg-jh"),
        now=bureau.now,
        on=bureau.today,
    )

    task = bureau.fresh(task)
    assert (task.exempt_field, task.scheme.stratified_by) == ("food", "none")


def test_a_task_of_ones_own_is_made_once_however_often_the_button_is_pressed(bureau):
    first = by_hand(bureau, actor="ggg-jh")
    with pytest.raises(AlreadyPlanned, match=first.number):
        by_hand(bureau, actor="ggg-jh")
    assert Task.objects.get() == first

    bureau.approve(first)
    assert by_hand(bureau, actor="ggg-jh").name == first.name


def test_numbers_of_tasks_go_on_after_the_thousandth(bureau):
    by_hand(bureau)
    Task.objects.update(number=f"{YEAR}-999")
    numbers = [by_hand(bureau, wish=dataclasses.replace(WISH, name=name)).number for name in ("甲", "乙")]

    assert numbers == [f"{YEAR}-1000", f"{YEAR}-1001"]


@pytest.mark.parametrize(
    ("said", "scope", "words"),
    [
        ({"kinds": ",individual_business,product,"}, ENTERPRISES, "只适用于个体工商户、产品"),
        ({"kinds": ",enterprise,"}, ScopeSpec(), "只适用于企业"),
        ({"tags": ",catering,"}, ENTERPRISES, "带有监管标签“catering”的对象"),
    ],
)
def test_a_scope_with_targets_that_an_item_is_not_for_is_refused(bureau, version, said, scope, words):
    ItemVersion.objects.filter(pk=bureau.item().pk).update(**said)
    kept = resolved(bureau, scope=scope)
    with pytest.raises(NotPlannable, match=words):
        planning.plan_by_hand(
            WISH,
            kept,
            region="演示县",
            cutoff=dt.date(YEAR, 12, 10),
            actor=bureau.actor("ggg-jh"),
            now=bureau.now,
            on=bureau.today,
        )
    assert not Task.objects.exists()


def test_a_scheme_drafted_from_elsewhere_meets_the_same_refusal(bureau):
    ItemVersion.objects.filter(pk=bureau.item().pk).update(kinds=",enterprise,")
    assert bureau.drafted(kinds=["enterprise"])
    with pytest.raises(NotPlannable, match="广告行为检查”只适用于企业"):
        bureau.drafted(kinds=["individual_business"])
