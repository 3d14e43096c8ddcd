"""Tasks and schemes: who may do what, and when (任务、方案)."""

from __future__ import annotations

import pytest

from fairdraw.kernel.actor import SYSTEM
from fairdraw.kernel.errors import NotFound, NotPermitted
from fairdraw.plans import permissions, selectors
from fairdraw.plans import services as plans
from fairdraw.plans.allocation import Asked
from fairdraw.plans.states import TASK_MOVES, TaskMove, TaskState
from fairdraw.registers import services as registers
from fairdraw.registers.entries import ItemEntry
from fairdraw.registers.models import ItemVersion
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.bureau import YEAR, hand_picked, scheme_entry


def test_a_task_is_made_by_its_own_section_or_the_office(bureau):
    with pytest.raises(NotPermitted):
        hand_picked(bureau, actor=bureau.actor("zlg-jh"))
    with pytest.raises(NotPermitted):
        hand_picked(bureau, actor=bureau.actor("jjg-fz"))
    assert hand_picked(bureau, actor=bureau.cast.office).agency.code == "jjg"


def test_an_item_that_is_not_published_is_not_put_into_a_task(bureau):
    registers.import_items(
        [ItemEntry(code="PD01", name="待核事项")],
        source="清单.csv",
        starts_on=bureau.today,
        actor=bureau.cast.office,
        now=bureau.now,
    )

    with pytest.raises(plans.ItemNotPlannable, match="待核事项"):
        hand_picked(bureau, items=[ItemVersion.objects.get(item__code="PD01")])


def test_tasks_are_numbered_through_the_year(bureau):
    numbers = [hand_picked(bureau).number for _n in range(3)]

    assert numbers == [f"{YEAR}-001", f"{YEAR}-002", f"{YEAR}-003"]


def test_a_task_is_seen_by_its_agencies_alone(bureau):
    joint = bureau.drafted(partners=("xfj",))
    own = bureau.drafted("zlg", item="ZL01")

    def seen(name):
        return set(selectors.visible_tasks(bureau.actor(name)))

    assert seen("bangong") == seen("juzhang") == {joint, own}
    assert seen("ggg-jh") == seen("xfj-jh") == {joint}
    assert seen("zlg-fz") == {own}
    assert set(selectors.visible_tasks(SYSTEM)) == {joint, own}
    assert selectors.task(bureau.actor("xfj-jh"), joint.number) == joint
    with pytest.raises(NotFound):
        selectors.task(bureau.actor("xfj-jh"), own.number)


def test_a_scheme_is_drafted_by_the_section_while_it_is_not_approved(bureau):
    task = bureau.drafted(count=20)
    scope = ScopeSpec(kinds=("enterprise",))
    entry = scheme_entry(
        bureau.allocation(Asked(count=20), scope),
        scope,
        starts_on=task.window_start,
        finishes_on=task.window_end,
    )

    def draft(actor):
        return plans.draft_scheme(task=task, entry=entry, name="方案", actor=actor, now=bureau.now)

    with pytest.raises(NotPermitted):
        draft(bureau.actor("zlg-jh"))
    assert draft(bureau.actor("ggg-jh")).drafted_by == bureau.actor("ggg-jh").code
    bureau.approve(task)
    with pytest.raises(permissions.WrongState):
        draft(bureau.actor("ggg-jh"))


def test_a_task_without_scheme_is_not_approved(bureau):
    task = hand_picked(bureau)
    leader = bureau.actor("jjg-fz")

    with pytest.raises(permissions.WrongState, match="还没有抽查方案"):
        plans.approve_scheme(task=task, actor=leader, now=bureau.now)


def test_a_task_is_approved_once_and_by_its_own_leader(bureau):
    task = bureau.drafted()
    with pytest.raises(NotPermitted):
        plans.approve_scheme(task=task, actor=bureau.actor("zlg-fz"), now=bureau.now)
    bureau.approve(task)

    with pytest.raises(permissions.WrongState, match="不需要审定"):
        bureau.approve(task)
    with pytest.raises(permissions.WrongState, match="不需要审定"):
        plans.enter_paper_approval(
            task=task,
            scan="0" * 64,
            signer="某",
            signed_on=bureau.today,
            actor=bureau.actor("ggg-jh"),
            now=bureau.now,
        )


def test_a_sheet_marked_as_paper_has_its_scan(bureau):
    task = bureau.drafted()

    with pytest.raises(plans.SchemeIncomplete, match="扫描件"):
        plans.approve_scheme(task=task, actor=bureau.actor("ggg-fz"), now=bureau.now, paper=True)
    done = plans.approve_scheme(
        task=task, actor=bureau.actor("ggg-fz"), now=bureau.now, paper=True, scan="0" * 64
    )
    assert done.scheme.paper_approval


def test_a_paper_approval_is_entered_by_the_tasks_own_people(bureau):
    with pytest.raises(NotPermitted):
        plans.enter_paper_approval(
            task=bureau.drafted(),
            scan="0" * 64,
            signer="某",
            signed_on=bureau.today,
            actor=bureau.actor("zlg-jh"),
            now=bureau.now,
        )


def test_a_task_is_given_up_before_its_draw_by_the_office_with_a_reason(bureau):
    waiting, drawn = bureau.approved(), bureau.drawn("zlg", item="ZL01", count=3)
    office = bureau.cast.office
    with pytest.raises(NotPermitted):
        plans.cancel_task(task=waiting, reason="计划调整", actor=bureau.actor("ggg-jh"), now=bureau.now)
    with pytest.raises(plans.ReasonMissing):
        plans.cancel_task(task=waiting, reason="", actor=office, now=bureau.now)
    with pytest.raises(permissions.WrongState, match="已抽取"):
        plans.cancel_task(task=drawn, reason="计划调整", actor=office, now=bureau.now)

    done = plans.cancel_task(task=waiting, reason="计划调整", actor=office, now=bureau.now)
    assert (done.state, done.held_reason, done.cancelled_at) == (TaskState.CANCELLED, "计划调整", bureau.now)
    assert bureau.fresh(drawn).state == TaskState.DRAWN


def test_many_tasks_move_together_or_not_at_all(bureau):
    ready, drafting = bureau.approved(), bureau.drafted("zlg", item="ZL01")
    both = selectors.tasks_for_update([ready.number, drafting.number])

    with pytest.raises(permissions.WrongState):
        plans.move_all(both, TaskMove.RETURN, actor=bureau.cast.office, now=bureau.now)
    assert {bureau.fresh(t).state for t in (ready, drafting)} == {TaskState.APPROVED, TaskState.DRAFTING}


@pytest.mark.parametrize("state", list(TaskState))
def test_each_state_has_exactly_the_moves_of_the_table(bureau, state):
    task = bureau.drafted()
    task.state = state.value
    allowed = {m for m in TaskMove if permissions.can_move(SYSTEM, task, m)}

    assert allowed == {move for (before, move) in TASK_MOVES if before is state}
