"""
N13: draw targets, draw inspectors, check on site, enter, publish: one flow from plan to publication in which each
step has its guard and is refused out of order (安市监〔2024〕26号 三（一）).
"""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.draws.models import DrawnTeam
from fairdraw.draws.refusals import NotDrawable
from fairdraw.files import services as files
from fairdraw.inspections import permissions as inspection_permissions
from fairdraw.inspections import selectors as inspection_selectors
from fairdraw.inspections import services as inspections
from fairdraw.inspections.models import Assignment, Inspection, Visit
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import NotPermitted
from fairdraw.oversight import services as oversight
from fairdraw.plans import permissions as plan_permissions
from fairdraw.plans.states import TaskState
from tests.builders.bureau import YEAR


def send_summary(bureau, task):
    stored = files.store(b"summary", media_type="text/plain", name="总结.txt", now=bureau.now)
    return oversight.send_task_summary(task=task, stored=stored, actor=bureau.actor("ggg-jh"), now=bureau.now)


def states(task):
    return set(Inspection.objects.filter(task=task).values_list("state", flat=True))


def test_n13_from_the_plan_to_publication_each_step_in_its_turn(bureau):
    planner = bureau.actor("ggg-jh")
    # 方案没有审定，不能抽取
    task = bureau.drafted(count=6)
    with pytest.raises(NotDrawable, match="方案审定后才能抽取"):
        bureau.prepare(task)
    # 没有抽取，不能安排检查
    with pytest.raises(inspection_permissions.WrongState, match="抽取后才能安排检查"):
        inspections.plan_visits(task=task, actor=planner, now=bureau.now)
    task = bureau.approve(task)

    # 一、二 抽取检查对象，抽取检查人员
    draw = bureau.draw(task)
    task = bureau.fresh(task)
    rows = bureau.rows(task)
    assert (task.state, len(rows), DrawnTeam.objects.filter(draw=draw).count()) == (TaskState.DRAWN, 6, 12)
    assert inspections.plan_visits(task=task, actor=planner, now=bureau.now) == 6
    inspections.notify(
        list(inspection_selectors.open_visits(task)), prefix="演市监", actor=planner, now=bureau.now
    )
    assert (bureau.fresh(task).state, states(task)) == (TaskState.IN_PROGRESS, {"notified"})
    assert Visit.objects.filter(inspections__task=task).exclude(number="").count() == 6

    # 三 实地检查：没有录入不能审核，检查日期不能在抽取之前、今天之后
    with pytest.raises(inspection_permissions.WrongState):
        bureau.review(rows)
    for day in (dt.date(YEAR, 3, 1), dt.date(YEAR, 3, 3)):
        with pytest.raises(inspections.OutcomeRefused, match="检查日期不能"):
            bureau.record(rows, on=day)

    # 四 录入：检查人员不足两人不能录入；录入的人不能审核；没有审核不能报送
    bureau.go(3, 20)
    bureau.record(rows)
    with pytest.raises(inspection_permissions.WrongState):
        bureau.submit(rows)
    with pytest.raises(NotPermitted):
        inspections.review([rows[0].pk], passed=True, opinion="同意", actor=planner, now=bureau.now)
    bureau.review(rows)

    # 五 公示：没有报送不能公示，没有全部公示任务不算完成，不能报总结
    with pytest.raises(inspection_permissions.WrongState):
        bureau.acknowledge(rows)
    bureau.submit(rows)
    bureau.acknowledge(rows[:5])
    with pytest.raises(plan_permissions.WrongState):
        send_summary(bureau, task)
    bureau.acknowledge(rows[5:])
    task = bureau.fresh(task)
    assert (task.state, states(task)) == (TaskState.COMPLETED, {InspectionState.PUBLISHED.value})
    assert task.summary_due_on == dt.date(YEAR, 3, 30)

    send_summary(bureau, task)
    assert bureau.fresh(task).state == TaskState.SUMMARISED


def test_n13_without_two_inspectors_nothing_is_recorded(bureau):
    task = bureau.drawn(count=3)
    rows = bureau.rows(task)
    seat = Assignment.objects.filter(inspection=rows[0]).first()
    seat.replaced_at = bureau.now
    seat.save()
    bureau.go(3, 20)

    with pytest.raises(inspections.NoTeam, match=rows[0].number):
        bureau.record(rows)
    assert states(task) == {"assigned"}


def test_n13_a_returned_record_is_entered_again_and_every_word_of_the_reviewer_stays(bureau):
    task = bureau.drawn(count=3)
    rows = bureau.rows(task)
    bureau.go(3, 20)
    bureau.record(rows)
    with pytest.raises(inspections.OutcomeRefused, match="退回必须写明原因"):
        inspections.review(
            [rows[0].pk], passed=False, opinion="", actor=bureau.leader(rows[0]), now=bureau.now
        )
    bureau.review(rows[:1], passed=False)
    assert bureau.rows(task)[0].state == InspectionState.RETURNED

    bureau.record(rows[:1], codes={0: "05"})
    bureau.review(rows[:1])
    again = bureau.rows(task)[0]
    assert (again.state, again.outcome, again.answers.count()) == (InspectionState.REVIEWED, "05", 1)
    assert list(again.reviews.order_by("pk").values_list("passed", "opinion")) == [
        (False, "请补充证据"),
        (True, "同意"),
    ]


def test_n13_who_enters_does_not_review(bureau):
    rows = bureau.rows(bureau.drawn(count=3))
    bureau.go(3, 20)
    leader = bureau.actor("ggg-fz")
    inspections.record(
        [bureau.entry(rows[0])], actor=bureau.with_duties("ggg-fz", Duty.CLERK), now=bureau.now
    )

    with pytest.raises(inspection_permissions.SamePerson):
        inspections.review([rows[0].pk], passed=True, opinion="同意", actor=leader, now=bureau.now)


def test_n13_a_target_that_is_gone_is_taken_out_with_a_code_and_the_task_can_still_end(bureau):
    task = bureau.drawn(count=3)
    rows = bureau.rows(task)
    planner = bureau.actor("ggg-jh")
    with pytest.raises(inspections.OutcomeRefused, match="没有代码"):
        inspections.exclude(
            inspection_id=rows[0].pk, code="whatever", reason="", actor=planner, now=bureau.now
        )
    with pytest.raises(inspections.OutcomeRefused, match="需要说明"):
        inspections.exclude(
            inspection_id=rows[0].pk, code="wrong_tag", reason=" ", actor=planner, now=bureau.now
        )
    for row in rows:
        inspections.exclude(
            inspection_id=row.pk, code="deregistered", reason="", actor=planner, now=bureau.now
        )

    found = bureau.rows(task)
    assert bureau.fresh(task).state == TaskState.COMPLETED
    assert {(i.excluded_code, i.excluded_reason) for i in found} == {("deregistered", "注销")}
    # 已经排除的不能再录入
    with pytest.raises(inspection_permissions.WrongState):
        bureau.record(found)
