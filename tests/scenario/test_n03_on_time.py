"""
N03, K2: a task is due at the end of its scheme, at the latest at the year's cut-off; every step has its last
day, counted back in working days with make-up days; who is late is named (安市监〔2024〕26号 一、三（四）).
"""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.demo import world
from fairdraw.inspections import services as inspections
from fairdraw.inspections.models import Visit
from fairdraw.oversight import selectors as oversight
from fairdraw.plans import selectors as plans
from fairdraw.registers import services as registers
from fairdraw.rulebook import selectors as rulebook
from tests.builders.bureau import STAFF, YEAR


@pytest.mark.parametrize(
    ("ends", "due"), [((6, 30), dt.date(YEAR, 6, 30)), ((12, 15), dt.date(YEAR, 11, 20))]
)
def test_n03_a_task_is_due_at_its_schemes_end_but_no_later_than_the_cut_off(bureau, ends, due):
    task = bureau.approved(ends=ends)

    assert (task.due_on, plans.cutoff(YEAR)) == (due, dt.date(YEAR, 11, 20))


def test_n03_the_last_days_are_counted_back_over_holidays_and_make_up_days(bureau):
    # 2026年国庆放假10月1日至7日，10月10日（星期六）上班；任务10月14日到期
    task = bureau.approved(starts=(9, 1), ends=(10, 14))
    last = plans.schedule(task, on=bureau.today)

    # 公示系统3日、审核2日、录入2日，倒排到检查的最后一天
    assert last.last_submission == dt.date(2026, 10, 10)
    assert last.last_review == dt.date(2026, 10, 10)
    assert last.last_entry == dt.date(2026, 10, 8)
    assert last.last_visit == dt.date(2026, 9, 29)
    assert (last.due, last.notice) == (dt.date(2026, 10, 14), "")
    days = rulebook.workdays()
    assert days.between(last.last_seal, last.last_visit) == 20 + 2
    assert all(days.is_workday(d) for d in (last.last_seal, last.last_visit, last.last_entry))


def test_n03_every_visit_is_planned_on_a_working_day_before_the_last_one(bureau):
    task = bureau.drawn(count=60)
    planned = inspections.plan_visits(task=task, actor=bureau.actor("ggg-jh"), now=bureau.now)
    found = list(Visit.objects.filter(inspections__task=task).values_list("planned_on", flat=True))

    last = plans.schedule(task, on=bureau.today).last_visit
    assert planned == len(found) == 60
    assert all(bureau.today <= day <= last and rulebook.workdays().is_workday(day) for day in found)
    assert len(set(found)) > 3


def test_n03_a_late_task_is_named_and_one_late_record_is_enough(bureau):
    # 两项任务都在4月30日到期：一项按时，一项有一户迟了一天
    on_time = bureau.drawn(count=5, ends=(4, 30))
    late = bureau.drawn(section="zlg", item="ZL01", count=5, ends=(4, 30))
    later = bureau.drawn(section="jjg", item="JG01", count=5, ends=(6, 30))
    bureau.go(4, 29)
    bureau.publish(bureau.rows(on_time))
    bureau.publish(bureau.rows(late)[:4])
    # 一户到期之后才公示
    bureau.go(5, 6)
    bureau.publish(bureau.rows(late)[4:])

    named = oversight.late_tasks(bureau.agency, YEAR, as_of=bureau.today)
    found = bureau.indicators()
    assert [t.number for t in named] == [late.number]
    assert (found["K2"].numerator, found["K2"].denominator, found["K2"].met) == (1, 2, False)
    assert (found["K2'"].numerator, found["K2'"].denominator) == (9, 10)
    assert (found["K3"].numerator, found["K3"].denominator) == (10, 10)
    assert later.number not in [t.number for t in named]


def test_n03_a_task_that_was_never_drawn_is_late(bureau):
    waiting = bureau.approved(ends=(4, 30))
    bureau.go(4, 30)
    assert [t.number for t in oversight.late_tasks(bureau.agency, YEAR, as_of=bureau.today)] == [
        waiting.number
    ]
    bureau.go(4, 29)
    assert oversight.late_tasks(bureau.agency, YEAR, as_of=bureau.today) == []


def test_n03_a_year_whose_holidays_are_not_known_yet_still_works(bureau):
    # 2031年的放假安排还没有公布：照常计划、抽取、公示，并说明暂按周一至周五计算
    year = 2031
    bureau.go(3, 3, year=year)
    registers.import_inspectors(
        world.inspectors(seed="xiaoju", units=STAFF, year=year),
        source="换证名录.csv",
        actor=bureau.cast.office,
        now=bureau.now,
    )
    task = bureau.drawn(count=5, year=year)
    last = plans.schedule(task, on=bureau.today)
    assert last.notice.startswith("2031年放假安排尚未录入")
    assert not rulebook.workdays().known(year)
    assert last.last_visit.weekday() < 5

    inspections.plan_visits(task=task, actor=bureau.actor("ggg-jh"), now=bureau.now)
    bureau.go(3, 20, year=year)
    bureau.publish(bureau.rows(task))
    bureau.go(7, 1, year=year)
    found = bureau.indicators(year=year)
    assert (found["K2"].numerator, found["K2"].denominator) == (1, 1)
    assert bureau.fresh(task).state == "completed"
