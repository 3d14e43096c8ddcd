"""
N08: the plan holds tasks that the city and the county ordered and tasks of one's own; those stand on published items and
say why they are needed here; the sections without a task of their own are listed (安市监〔2024〕26号 二).
"""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from docx import Document

from fairdraw.kernel.actor import SYSTEM
from fairdraw.oversight import papers
from fairdraw.plans import annual, life, planning, sections, selectors
from fairdraw.plans import services as plans
from fairdraw.plans.entries import PlanRowEntry, asked_of
from fairdraw.plans.models import Task
from fairdraw.plans.planning import Resolved, Wish
from fairdraw.plans.refusals import ItemNotPlannable, ReasonMissing
from fairdraw.plans.states import Channel
from fairdraw.registers import services as registers
from fairdraw.registers.entries import ItemEntry
from fairdraw.registers.models import ItemVersion
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.bureau import YEAR

ROWS = (
    PlanRowEntry(
        "1",
        "广告行为抽查",
        ("广告行为检查",),
        object_scope="企业",
        initiator="广告监管股",
        ratio_min=Decimal("0.05"),
        upstream="演市监〔2026〕3号 第4项",
    ),
    PlanRowEntry(
        "2",
        "产品质量抽查",
        ("产品质量检查",),
        object_scope="企业",
        initiator="质量监管股",
        ratio_min=Decimal("0.05"),
    ),
)


@pytest.fixture
def plan(bureau):
    """A plan with a row that the city ordered and one of the county's own, each with its task."""
    made = plans.import_plan(
        ROWS,
        agency=bureau.agency,
        year=YEAR,
        title="演示县2026年度抽查计划",
        source="计划表.csv",
        invented="演示",
        actor=bureau.cast.office,
        now=bureau.now,
    )
    own = made.rows.get(number=2)
    annual.state_ground(
        own, upstream="", local_reason="去年质量投诉集中", actor=bureau.cast.office, now=bureau.now
    )
    items = {"广告行为检查": "GG01", "产品质量检查": "ZL01"}
    for version in selectors.current_versions(made):
        planning.plan_row(
            version,
            Resolved(
                agency=bureau.cast.by_name(version.initiator),
                items=[bureau.item(items[version.items[0]])],
                scope=ScopeSpec(kinds=("enterprise",)),
                asked=asked_of(version),
            ),
            region="演示县",
            cutoff=selectors.cutoff(YEAR),
            actor=bureau.cast.office,
            now=bureau.now,
            on=bureau.today,
        )
    return made


def create(bureau, *, section="ggg", item="GG01", **more):
    """A task that stands in no plan."""
    stated = {
        "name": "广告专项检查",
        "year": YEAR,
        "agency": bureau.cast.units[section],
        "items": [bureau.item(item)],
        "window_start": dt.date(YEAR, 4, 1),
        "window_end": dt.date(YEAR, 6, 30),
        "due_on": dt.date(YEAR, 6, 30),
        "local_reason": "景区周边投诉集中",
        "actor": bureau.actor(f"{section}-jh"),
        "now": bureau.now,
    }
    return plans.create_task(**(stated | more))


def idle(bureau, plan):
    """The names of the sections that the page of the plan lists, with how much a superior ordered of each."""
    return {one.section.name: one.ordered for one in life.shown(bureau.cast.office, plan).idle}


def test_n08_unified_and_own_tasks_stand_in_one_plan_and_are_told_apart(bureau, plan):
    ordered, own = selectors.visible_tasks(bureau.cast.office)

    assert (ordered.plan_row.upstream, ordered.plan_row.local_reason) == ("演市监〔2026〕3号 第4项", "")
    assert (own.plan_row.upstream, own.plan_row.local_reason) == ("", "去年质量投诉集中")
    done = {one.section.name: (one.ordered, one.own) for one in sections.work(plan)}
    assert (done["广告监管股"], done["质量监管股"]) == ((1, 0), (0, 1))


@pytest.mark.parametrize("reason", ["", "   "])
@pytest.mark.parametrize("channel", list(Channel))
def test_n08_a_task_outside_the_plan_needs_its_local_reason(bureau, reason, channel):
    with pytest.raises(ReasonMissing, match="地方理由"):
        create(bureau, local_reason=reason, channel=channel)

    assert not Task.objects.exists()


def test_n08_no_way_of_planning_by_hand_goes_round_the_reason(bureau):
    wish = Wish(
        name="广告专项检查",
        year=YEAR,
        scope_text="企业",
        starts_on=dt.date(YEAR, 4, 1),
        ends_on=dt.date(YEAR, 6, 30),
        words="广告专项检查",
    )
    resolved = Resolved(
        agency=bureau.cast.units["ggg"],
        items=[bureau.item()],
        scope=ScopeSpec(kinds=("enterprise",)),
        asked=planning.Asked(count=20),
    )
    with pytest.raises(ReasonMissing, match="地方理由"):
        planning.plan_by_hand(
            wish,
            resolved,
            region="演示县",
            cutoff=selectors.cutoff(YEAR),
            actor=bureau.actor("ggg-jh"),
            now=bureau.now,
            on=bureau.today,
        )

    assert not Task.objects.exists()


def test_n08_an_own_task_stands_on_published_items_alone(bureau):
    registers.import_items(
        [ItemEntry(code="PM01", name="拍卖行为检查", legal_basis="《演示条例》第二条", item_class="key")],
        source="清单.csv",
        starts_on=dt.date(YEAR, 1, 1),
        actor=bureau.cast.office,
        now=bureau.now,
    )
    pending = bureau.item("PM01")
    ItemVersion.objects.filter(item__code="ZL01").update(published=False)

    for items in ([], [pending], [bureau.item("ZL01")], [bureau.item("GG01"), pending]):
        with pytest.raises(ItemNotPlannable):
            create(bureau, items=items)
    assert not Task.objects.exists()

    task = create(bureau)
    assert (task.plan_row, task.local_reason) == (None, "景区周边投诉集中")


def test_n08_sections_without_a_task_of_their_own_are_listed(bureau, plan):
    listed = {"企业监管股": 0, "法规股": 0, "广告监管股": 1, "价监竞争股": 0, "特种设备股": 0}
    assert idle(bureau, plan) == listed

    own = create(bureau)
    assert "广告监管股" not in idle(bureau, plan)

    plans.cancel_task(task=own, reason="合并到市级任务", actor=bureau.cast.office, now=bureau.now)
    assert idle(bureau, plan)["广告监管股"] == 1

    summary = papers.year_summary(bureau.agency, YEAR, mark="", as_of=bureau.today, on=bureau.today)
    told = [p.text for p in Document(io.BytesIO(summary)).paragraphs if "没有自行安排" in p.text]
    assert len(told) == 1
    assert all(name in told[0] for name in idle(bureau, plan))
    assert "质量监管股" not in told[0]


def test_n08_the_hand_of_the_system_needs_the_reason_as_well(bureau):
    with pytest.raises(ReasonMissing):
        create(bureau, local_reason="", actor=SYSTEM)
