"""A row of the plan becomes a task with a scheme, or is held with its reason, never guessed (排定任务)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from fairdraw.draws import shown
from fairdraw.draws.models import DrawnTeam
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import NotPermitted, RuleBroken
from fairdraw.plans import planning, selectors
from fairdraw.plans import services as plans
from fairdraw.plans.allocation import Asked
from fairdraw.plans.annual import Filing
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.models import Task
from fairdraw.plans.planning import Resolved
from fairdraw.plans.states import Channel, PlanMove
from fairdraw.registers.models import Inspector, ItemVersion, Target
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.bureau import YEAR

ENTERPRISES = ScopeSpec(kinds=("enterprise",))


@pytest.fixture
def version(bureau):
    """The one row of a plan."""
    plan = plans.import_plan(
        [
            PlanRowEntry(
                "1",
                "广告行为抽查",
                ("广告行为检查",),
                object_scope="全县企业",
                ratio_min=Decimal("0.1"),
                window_start=dt.date(YEAR, 4, 1),
                window_end=dt.date(YEAR, 6, 30),
            )
        ],
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
        "asked": Asked(ratio=Fraction("0.1")),
    }
    return Resolved(**(values | more))


def plan_row(bureau, version, **more):
    return planning.plan_row(
        version,
        resolved(bureau, **more),
        region="演示县",
        cutoff=selectors.cutoff(YEAR),
        actor=bureau.cast.office,
        now=bureau.now,
        on=bureau.today,
    )


def reason(version):
    version.refresh_from_db()
    assert not Task.objects.exists()
    return version.held_reason


def test_a_row_gives_a_task_with_its_scheme(bureau, version):
    task = bureau.fresh(plan_row(bureau, version, qualification="advertising", channel=Channel.PROVINCIAL))

    assert (task.name, task.row_version, task.channel) == ("广告行为抽查", version, "provincial")
    assert (task.window_start, task.due_on) == (dt.date(YEAR, 4, 1), dt.date(YEAR, 6, 30))
    scheme = task.scheme
    assert (scheme.name, scheme.scope_text) == ("演示县2026年广告行为抽查方案", "全县企业")
    assert (scheme.stratified_by, scheme.mode) == ("credit", "total")
    assert scheme.slots == [{"agency": "scj", "qualification": "advertising"}]
    assert set(scheme.class_rates) == set("ABCD")


def test_who_is_counted_is_who_is_framed(bureau, version):
    register_ids = Target.objects.filter(kind="enterprise").order_by("pk").values_list("pk", flat=True)
    Target.objects.filter(pk__in=list(register_ids[:30])).update(status="suspended")
    task = bureau.approve(plan_row(bureau, version))
    classes, _kinds = planning.scope_counts(ENTERPRISES)
    draw = bureau.prepare(task)

    assert shown.frozen(draw).excluded["suspended"] >= 30
    [part] = shown.frozen(draw).parts
    assert {s.code: s.held for s in part.strata if s.held} == classes
    assert part.drawn == -(-part.held // 10)


def test_a_class_with_too_few_targets_is_said_before_anything_is_sealed(bureau, version):
    there = planning.scope_counts(ENTERPRISES)[0]
    asked = Asked(count_by_class={"B": 2, "D": there["D"] + 5, "N": 1})
    task = bureau.approve(plan_row(bureau, version, asked=asked))

    assert f"D类{there['D'] + 5}户（名录库仅{there['D']}户" in bureau.fresh(task).scheme.ratio_text
    [part] = shown.frozen(bureau.prepare(task)).parts
    by_code = {s.code: s for s in part.strata}
    assert [c for c, s in by_code.items() if s.is_short] == ["D"]
    assert (by_code["D"].asked, by_code["D"].drawn) == (there["D"] + 5, there["D"])


def test_qualifications_and_areas_in_words_are_drawn_by(bureau, version):
    # 检查人员名录按本局的写法：资格用中文，片区写所名
    own = Inspector.objects.filter(agency__path__startswith=bureau.agency.path)
    own.update(qualifications="广告审查", areas="云栖市场监管所,松岚市场监管所,石溪市场监管所")
    idle = own.order_by("code")[0]
    Inspector.objects.filter(pk=idle.pk).update(areas="云外片区")
    scope = ScopeSpec(kinds=("enterprise",), stations=("sc01",))
    task = bureau.approve(plan_row(bureau, version, qualification="广告审查", scope=scope))
    bureau.draw(task)

    seated = DrawnTeam.objects.filter(draw__number=task.number)
    assert seated.exists()
    assert idle.pk not in set(seated.values_list("inspector", flat=True))


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"agency": None}, "没有这个股室"),
        ({"items": []}, "没有可以列入计划的抽查事项"),
        ({"scope": None}, "无法对应到名录库"),
        ({"scope": ScopeSpec(tags=("whaling",))}, "没有符合抽查对象范围"),
        ({"asked": Asked()}, "未写明抽查比例或数量"),
        ({"problems": ("原表此行不完整", "原表此行不完整")}, "原表此行不完整"),
    ],
)
def test_what_is_not_known_holds_the_row(bureau, version, missing, words):
    assert plan_row(bureau, version, **missing) is None
    held = reason(version)
    assert words in held
    assert held.count(words) == 1


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (dt.date(YEAR, 12, 1), dt.date(YEAR, 12, 20), "开始时间晚于年度截止日"),
        (None, dt.date(YEAR, 2, 1), "完成时间早于开始时间"),
    ],
)
def test_a_window_that_cannot_be_kept_holds_the_row(bureau, version, start, end, words):
    version.window_start, version.window_end = start, end

    assert plan_row(bureau, version) is None
    assert words in reason(version)


def test_a_row_without_window_ends_at_the_cut_off(bureau, version):
    version.window_start = version.window_end = None
    task = plan_row(bureau, version)

    assert (task.window_start, task.due_on) == (bureau.today, dt.date(YEAR, 11, 20))


def test_a_professional_field_is_drawn_flat_with_its_reason(bureau, version):
    version.task_name = "特种设备使用抽查"
    task = bureau.fresh(plan_row(bureau, version))

    assert task.exempt_field == "special_equipment"
    assert "第57号" in task.exempt_reason
    assert (task.scheme.mode, task.scheme.class_rates) == ("fixed", {})


def test_rows_are_held_by_the_office_with_a_reason(bureau, version):
    with pytest.raises(plans.ReasonMissing):
        plans.hold_row(version=version, reason=" ", actor=bureau.cast.office, now=bureau.now)
    with pytest.raises(NotPermitted):
        plans.hold_row(version=version, reason="等上级", actor=bureau.actor("ggg-jh"), now=bureau.now)
    plans.hold_row(version=version, reason="等上级", actor=bureau.cast.office, now=bureau.now)

    assert [v.held_reason for v in selectors.held_rows(version.row.plan)] == ["等上级"]


def test_a_plan_is_entered_by_the_bureaus_office(bureau):
    with pytest.raises(NotPermitted):
        plans.import_plan(
            [],
            agency=bureau.agency,
            year=YEAR,
            title="计划",
            source="表.csv",
            invented="",
            actor=bureau.actor("ggg-jh"),
            now=bureau.now,
        )
    assert selectors.annual_plan(bureau.agency, YEAR) is None
    assert selectors.years(bureau.agency) == []


def test_a_draft_is_edited_without_a_new_public_version(bureau, version):
    plan = version.row.plan
    entry = PlanRowEntry("1", "广告行为专项抽查", ("广告行为检查",))
    plan = plans.amend_plan(
        [(version.row, entry)], plan=plan, reason="核对", actor=bureau.cast.office, now=bureau.now
    )

    assert plan.version == 1
    assert selectors.current_versions(plan).get().task_name == "广告行为专项抽查"


def test_a_row_of_another_plan_is_not_amended_here(bureau, version):
    other = plans.import_plan(
        [],
        agency=bureau.agency,
        year=YEAR + 1,
        title="下一年",
        source="表.csv",
        invented="",
        actor=bureau.cast.office,
        now=bureau.now,
    )
    entry = PlanRowEntry("1", "改名", ())

    with pytest.raises(RuleBroken, match="不属于这份年度计划"):
        plans.amend_plan(
            [(version.row, entry)], plan=other, reason="改", actor=bureau.cast.office, now=bureau.now
        )
    assert selectors.years(bureau.agency) == [YEAR + 1, YEAR]


def test_a_closed_plan_goes_nowhere(bureau, version):
    plan = version.row.plan
    for step in (PlanMove.SUBMIT, PlanMove.APPROVE, PlanMove.FILE, PlanMove.PUBLISH, PlanMove.CLOSE):
        actor = bureau.actor("juzhang") if step is PlanMove.APPROVE else bureau.cast.office
        filing = Filing("演示市市场监督管理局", bureau.today) if step is PlanMove.FILE else None
        plan = plans.move_plan(plan=plan, move=step, filing=filing, actor=actor, now=bureau.now)

    assert (plan.state, plan.version) == ("closed", 1)
    both = bureau.with_duties("bangong", Duty.LEADER)
    for step in PlanMove:
        with pytest.raises(RuleBroken):
            plans.move_plan(plan=plan, move=step, actor=both, now=bureau.now)


def test_the_lower_end_of_a_range_is_planned(bureau):
    entry = PlanRowEntry("1", "抽查", (), ratio_min=Decimal("0.03"), ratio_max=Decimal("0.05"))

    assert entry.asked().ratio == Fraction("0.03")
    assert dataclasses.replace(entry, ratio_min=None).asked().ratio == Fraction("0.05")


def test_a_general_item_is_drawn_up_to_its_limit_and_a_key_item_without_one(bureau, version):
    ItemVersion.objects.filter(item__code="GG01").update(item_class="general", ratio_limit=Decimal("0.15"))
    within = bureau.approve(plan_row(bureau, version))
    bureau.prepare(within)
    beyond = bureau.approved(ratio="0.2")

    with pytest.raises(RuleBroken, match="一般事项“广告行为检查”至多抽"):
        bureau.prepare(beyond)
    ItemVersion.objects.filter(item__code="GG01").update(item_class="key")
    assert bureau.prepare(beyond).state == "draft"
