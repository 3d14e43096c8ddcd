"""
N12: a scheme states targets, departments, items, ratio and finishing time, bears the name
地区+年度+抽查事项+抽查方案, and is approved by another person, on screen or on paper (安市监〔2024〕26号 三（一）).
"""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.files import services as files
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import NotPermitted
from fairdraw.plans import permissions, rules
from fairdraw.plans import services as plans
from fairdraw.plans.allocation import Asked
from fairdraw.plans.states import TaskState
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.bureau import YEAR, scheme_entry


@pytest.fixture
def task(bureau):
    """A task whose scheme is drafted."""
    return bureau.drafted()


@pytest.fixture
def scan(bureau):
    """The scan of a signed approval sheet."""
    return files.store(b"%PDF-1.4 signed", media_type="application/pdf", name="审批表.pdf", now=bureau.now).pk


def entry_of(bureau, task, **more):
    scope = ScopeSpec(kinds=("enterprise",))
    found = bureau.allocation(Asked(count=30), scope)
    return scheme_entry(found, scope, starts_on=task.window_start, finishes_on=task.window_end, **more)


def draft(bureau, task, *, actor="ggg-jh", name="演示县2026年广告行为抽查方案", **more):
    return plans.draft_scheme(
        task=task, entry=entry_of(bureau, task, **more), name=name, actor=bureau.actor(actor), now=bureau.now
    )


def approve(bureau, task, actor="ggg-fz"):
    return plans.approve_scheme(task=task, actor=bureau.actor(actor), now=bureau.now)


def test_n12_the_name_is_made_of_region_year_and_item_and_may_be_edited(bureau, task):
    made = rules.scheme_name(region="演示县", year=YEAR, subject="广告行为检查")
    assert made == "演示县2026年广告行为抽查方案"

    assert draft(bureau, task, name=made).name == made
    assert draft(bureau, task, name="演示县2026年广告专项抽查方案").name == "演示县2026年广告专项抽查方案"


@pytest.mark.parametrize(
    ("missing", "named"),
    [({"scope_text": " "}, "检查对象"), ({"ratio_text": ""}, "抽查比例")],
)
def test_n12_what_is_missing_is_named_and_keeps_the_scheme_from_approval(bureau, task, missing, named):
    draft(bureau, task, **missing)

    with pytest.raises(plans.SchemeIncomplete, match=named):
        approve(bureau, task)
    assert bureau.fresh(task).state == TaskState.DRAFTING


def test_n12_items_and_departments_are_asked_for_too():
    whole = {
        "scope_text": "企业",
        "departments": 1,
        "items": 1,
        "ratio_text": "3%",
        "finishes_on": dt.date(YEAR, 6, 30),
    }

    assert rules.missing_in_scheme(**whole) == []
    assert rules.missing_in_scheme(**(whole | {"departments": 0})) == ["参与部门"]
    assert rules.missing_in_scheme(**(whole | {"items": 0})) == ["检查事项"]
    assert rules.missing_in_scheme(**(whole | {"finishes_on": None})) == ["完成时间"]


def test_n12_who_drafts_does_not_approve_and_only_the_leader_does(bureau, task):
    # 计划岗不能审定；负责人自己起草的，也不能自己审定
    with pytest.raises(NotPermitted):
        approve(bureau, task, "ggg-jh")
    both = bureau.with_duties("ggg-fz", Duty.PLANNER)
    plans.draft_scheme(
        task=task, entry=entry_of(bureau, task), name="演示县2026年方案", actor=both, now=bureau.now
    )
    with pytest.raises(permissions.SamePerson):
        plans.approve_scheme(task=task, actor=both, now=bureau.now)

    # 另一位负责人（分管局领导）审定
    done = approve(bureau, task, "juzhang")
    assert (done.state, done.scheme.approved_by, done.scheme.paper_approval) == (
        TaskState.APPROVED,
        bureau.actor("juzhang").code,
        False,
    )


def test_n12_an_approved_scheme_is_not_edited(bureau, task):
    approve(bureau, task)

    with pytest.raises(permissions.WrongState, match="不能再改"):
        draft(bureau, task)


def test_n12_an_approval_on_paper_is_entered_by_one_and_confirmed_by_another(bureau, task, scan):
    # 领导在纸上签批：承办人回填扫描件、签批人、日期
    entered = {"task": task, "scan": scan, "signer": "张某", "signed_on": bureau.today, "now": bureau.now}
    planner = bureau.actor("ggg-jh")
    for wrong in ({"scan": ""}, {"signer": " "}, {"signed_on": bureau.today + dt.timedelta(1)}):
        with pytest.raises(plans.SchemeIncomplete):
            plans.enter_paper_approval(**(entered | wrong), actor=planner)
    with pytest.raises(permissions.WrongState, match="还没有回填"):
        plans.confirm_paper_approval(task=task, actor=bureau.cast.office, now=bureau.now)
    plans.enter_paper_approval(**entered, actor=planner)
    assert bureau.fresh(task).state == TaskState.DRAFTING

    # 回填人不能自己确认，另一人核对后生效
    with pytest.raises(permissions.SamePerson):
        plans.confirm_paper_approval(task=task, actor=planner, now=bureau.now)
    done = plans.confirm_paper_approval(task=task, actor=bureau.cast.office, now=bureau.now)
    scheme = done.scheme
    assert done.state == TaskState.APPROVED
    assert (scheme.paper_approval, scheme.approval_signer, scheme.approval_scan) == (True, "张某", scan)
    assert (scheme.approval_entered_by, scheme.approved_by) == (planner.code, bureau.cast.office.code)


def test_n12_a_scheme_changed_after_the_signature_is_signed_again(bureau, task, scan):
    plans.enter_paper_approval(
        task=task,
        scan=scan,
        signer="张某",
        signed_on=bureau.today,
        actor=bureau.actor("ggg-jh"),
        now=bureau.now,
    )
    draft(bureau, task, name="改过的方案")

    with pytest.raises(permissions.WrongState, match="还没有回填"):
        plans.confirm_paper_approval(task=task, actor=bureau.cast.office, now=bureau.now)


@pytest.mark.parametrize(
    "stated", [{"scope_text": "全县广告企业"}, {"ratio_text": "各类5%"}, {"bundle_size": 5}]
)
def test_n12_approval_is_of_everything_that_the_scheme_states(bureau, task, stated):
    before = plans.scheme_digest(draft(bureau, task))

    assert plans.scheme_digest(draft(bureau, task)) == before
    assert plans.scheme_digest(draft(bureau, task, **stated)) != before
