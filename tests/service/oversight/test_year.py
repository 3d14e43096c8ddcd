"""Figures of the year from the rows of all stages, and summaries sent (指标、总结)."""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.files import services as files
from fairdraw.inspections import services as inspections
from fairdraw.kernel.errors import NotPermitted
from fairdraw.oversight import selectors, services
from fairdraw.oversight.models import Summary
from fairdraw.plans import services as plans
from fairdraw.registers.models import Target, YearBase
from tests.builders.bureau import YEAR, hand_picked


def figure(bureau, code):
    it = bureau.indicators()[code]
    return it.numerator, it.denominator


@pytest.fixture
def published(bureau):
    """A task of ten targets, all published on 20 March; two problems, one of them begun."""
    task = bureau.drawn(count=10)
    bureau.go(3, 20)
    rows = bureau.rows(task)
    bureau.publish(rows, codes={0: "05", 1: "08"})
    first, _second = bureau.findings(bureau.rows(task))
    bureau.start(first)
    return task


def test_the_figures_of_a_task_are_its_own(bureau, published):
    bureau.drawn("zlg", item="ZL01", count=5)
    found = selectors.indicators_of_task(published, as_of=bureau.today)

    assert {code: (i.numerator, i.denominator) for code, i in found.items()} == {
        "K3": (10, 10),
        "K4": (1, 2),
        "K6": (2, 10),
    }


def test_every_figure_can_be_asked_for_an_earlier_day(bureau, published):
    before = selectors.indicators(bureau.agency, YEAR, as_of=dt.date(YEAR, 3, 19))

    assert (before["K1"].numerator, before["K3"].denominator, before["K5"].numerator) == (0, 0, 10)
    assert figure(bureau, "K1")[0] == 10


def test_work_of_another_kind_counts_nowhere(bureau, published):
    tasks = {t.number for t in selectors.year_tasks(bureau.agency, YEAR)}

    assert hand_picked(bureau).number not in tasks
    assert published.number in tasks
    assert [f.task for f in selectors.task_facts(bureau.agency, YEAR)] == [published.number]


def test_a_task_given_up_in_time_is_not_late(bureau):
    task = bureau.approved(ends=(4, 30))
    bureau.go(4, 1)
    plans.cancel_task(task=task, reason="计划调整", actor=bureau.cast.office, now=bureau.now)
    bureau.go(5, 1)

    assert figure(bureau, "K2") == (0, 0)


def test_visits_to_class_a_stand_against_a_base_that_does_not_move(bureau, published):
    bureau.enter_base(320)
    frozen = YearBase.objects.get().low_risk_count
    assert frozen == selectors.low_risk_enterprises(bureau.agency, YEAR) > 0
    visited = sum(i.class_as_sealed == "A" for i in bureau.rows(published))
    assert figure(bureau, "K7") == (visited, frozen)

    # 年中重新分类，基数不变；没有基数的年度用名录库现数
    Target.objects.filter(credit_class="A").update(credit_class="B")
    assert figure(bureau, "K7") == (visited, frozen)
    assert selectors.low_risk_enterprises(bureau.agency, YEAR + 1) == 0


def test_last_years_value_is_the_goal_where_last_year_was_run_here(bureau, published):
    bureau.enter_base(320)
    assert bureau.indicators()["K7"].goal is None
    bureau.go(4, 1, year=YEAR + 1)
    bureau.drawn(count=3, year=YEAR + 1)
    found = bureau.indicators(year=YEAR + 1)["K7"]

    assert found.goal == bureau.indicators()["K7"].value
    assert found.goal is not None


def test_an_excluded_target_is_not_to_be_checked(bureau):
    task = bureau.drawn(count=5)
    row = bureau.rows(task)[0]
    inspections.exclude(
        inspection_id=row.pk, code="moved_out", reason="", actor=bureau.actor("ggg-jh"), now=bureau.now
    )
    facts = selectors.inspection_facts(bureau.agency, selectors.year_tasks(bureau.agency, YEAR))

    assert sum(f.is_drawn(bureau.today) for f in facts) == 5
    assert sum(f.is_to_check(bureau.today) for f in facts) == 4


def test_summaries_are_sent_by_those_who_answer_for_them(bureau, published):
    stored = files.store(b"docx", media_type="text/plain", name="总结.docx", now=bureau.now)
    with pytest.raises(NotPermitted):
        services.send_task_summary(
            task=published, stored=stored, actor=bureau.actor("zlg-jh"), now=bureau.now
        )
    services.send_task_summary(task=published, stored=stored, actor=bureau.actor("ggg-jh"), now=bureau.now)
    with pytest.raises(NotPermitted):
        services.send_year_summary(
            agency=bureau.agency, year=YEAR, stored=stored, actor=bureau.actor("ggg-jh"), now=bureau.now
        )
    services.send_year_summary(
        agency=bureau.agency, year=YEAR, stored=stored, actor=bureau.cast.office, now=bureau.now
    )

    assert bureau.fresh(published).state == "summarised"
    assert [(s.task, s.year) for s in Summary.objects.order_by("pk")] == [(published, YEAR), (None, YEAR)]
