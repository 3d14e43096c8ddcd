"""
N05, K4: each problem found has an owner, a measure, a document, a deadline and an end; "nothing needed" never
answers a problem (安市监〔2024〕26号 一; domain/kpi.md K4).
"""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.followup import permissions, selectors, services
from fairdraw.followup.models import FollowUp
from fairdraw.followup.states import FollowUpMove
from fairdraw.inspections import services as inspections
from fairdraw.kernel.actor import SYSTEM
from fairdraw.kernel.errors import NotPermitted
from tests.builders.bureau import YEAR


@pytest.fixture
def reviewed(bureau):
    """Four reviewed records, the first two with a problem."""
    task = bureau.drawn(count=4)
    bureau.go(3, 20)
    rows = bureau.rows(task)
    bureau.record(rows, codes={0: "05", 1: "08"})
    bureau.review(rows)
    return bureau.rows(task)


def share(bureau):
    it = bureau.indicators()["K4"]
    return it.numerator, it.denominator


def start(bureau, row, measure, number, **more):
    services.start([(row.pk, measure, number)], actor=bureau.cast.planner(row.owner), now=bureau.now, **more)
    return FollowUp.objects.get(pk=row.pk)


def test_n05_a_problem_is_never_recorded_with_nothing_to_do(bureau):
    rows = bureau.rows(bureau.drawn(count=4))
    bureau.go(3, 20)

    with pytest.raises(inspections.OutcomeRefused, match="处置措施与检查结果不符"):
        inspections.record(
            [bureau.entry(rows[0], code="05", measure="none_needed")],
            actor=bureau.planner(rows[0]),
            now=bureau.now,
        )


def test_n05_each_finding_has_owner_measure_document_deadline_and_end(bureau, reviewed):
    # 登记发现问题：责任单位和期限随即确定（2026年3月20日起10个工作日，清明放假一天）
    first, second = bureau.findings(reviewed)
    assert (first.owner.code, first.due_on, first.state) == ("ggg", dt.date(YEAR, 4, 3), "open")
    assert share(bureau) == (0, 2)
    assert list(selectors.open_followups(SYSTEM)) == [first, second]

    # 无需后续处置、没有文号，都不能启动
    for measure, number in (("none_needed", "演改1号"), ("order_correction", " "), ("", "演改1号")):
        with pytest.raises(services.MeasureRefused):
            start(bureau, first, measure, number)
    # 责令改正：文号，以及文书自己定的期限
    ordered = start(
        bureau, first, "order_correction", "演市监改〔2026〕1号", due={first.pk: dt.date(YEAR, 4, 20)}
    )
    assert (ordered.state, ordered.due_on, ordered.document_number) == (
        "ordered",
        dt.date(YEAR, 4, 20),
        "演市监改〔2026〕1号",
    )
    # 移送办案机构：15个工作日内决定是否立案
    case = start(bureau, second, "to_case_unit", "演市监移〔2026〕1号")
    assert (case.state, case.due_on) == ("case_filed", dt.date(YEAR, 4, 13))
    assert share(bureau) == (2, 2)

    # 完结必须写明结果
    bureau.go(4, 1)
    actor = bureau.cast.planner(first.owner)
    services.move([first.pk], FollowUpMove.SUBMIT, actor=actor, now=bureau.now)
    services.move([first.pk], FollowUpMove.VERIFY, actor=actor, now=bureau.now)
    with pytest.raises(services.MeasureRefused, match="写明处置结果"):
        services.move([first.pk], FollowUpMove.CLOSE, actor=actor, now=bureau.now)
    services.move([first.pk], FollowUpMove.CLOSE, how="已改正", actor=actor, now=bureau.now)
    ended = FollowUp.objects.get(pk=first.pk)
    assert (ended.submitted_on, ended.verified_on, ended.closed_on, ended.closed_how) == (
        *(dt.date(YEAR, 4, 1),) * 3,
        "已改正",
    )
    assert list(selectors.open_followups(SYSTEM)) == [case]
    assert bureau.indicators()["K4''"].numerator == 1


def test_n05_an_order_without_a_day_of_its_own_gets_the_offices_general_one(bureau, reviewed):
    row = bureau.findings(reviewed)[0]

    # 30日，末日4月19日是星期日，顺延
    assert start(bureau, row, "order_correction", "演改1号").due_on == dt.date(YEAR, 4, 20)


def test_n05_another_measure_needs_its_reason_not_a_number(bureau, reviewed):
    row = bureau.findings(reviewed)[0]
    with pytest.raises(services.MeasureRefused):
        start(bureau, row, "other", "随便编个号")
    told = start(bureau, row, "other", "", reasons={row.pk: "已当场改正，纳入下次检查"})

    assert (told.state, told.reason) == ("transferred", "已当场改正，纳入下次检查")
    assert share(bureau) == (1, 2)


def test_n05_an_order_cannot_set_a_day_that_is_gone(bureau, reviewed):
    row = bureau.findings(reviewed)[0]

    with pytest.raises(services.MeasureRefused, match="不能早于今天"):
        start(bureau, row, "order_correction", "演改1号", due={row.pk: dt.date(YEAR, 3, 19)})


def test_n05_two_problems_at_one_door_are_two_findings_and_one_record(bureau):
    rows = bureau.rows(bureau.drawn(count=4))
    bureau.go(3, 20)
    entry = bureau.entry(rows[0], code="05")
    both = type(entry)(**(entry.__dict__ | {"codes": ("04", "05")}))
    inspections.record([both], actor=bureau.planner(rows[0]), now=bureau.now)
    bureau.review(rows[:1])
    first, second = bureau.findings(rows[:1])

    # 两个问题都启动处置，这一户次才算已处置
    start(bureau, first, "order_correction", "演改1号")
    assert share(bureau) == (0, 1)
    start(bureau, second, "propose_listing", "演列1号")
    assert share(bureau) == (1, 1)


def test_n05_nothing_is_forgotten_and_nothing_entered_twice(bureau, reviewed):
    # 审核过的问题没有登记：单独列出
    assert list(selectors.without_finding(SYSTEM)) == reviewed[:2]
    bureau.findings(reviewed)
    assert not selectors.without_finding(SYSTEM).exists()
    with pytest.raises(services.AlreadyOpened):
        bureau.findings(reviewed)
    # 到期未办：列出
    bureau.go(4, 4)
    assert selectors.overdue(SYSTEM, on=bureau.today).count() == 2


def test_n05_a_record_must_have_passed_its_review_first(bureau):
    rows = bureau.rows(bureau.drawn(count=4))
    bureau.go(3, 20)
    bureau.record(rows, codes={0: "05"})

    with pytest.raises(permissions.WrongState, match="审核通过后"):
        bureau.findings(rows)


def test_n05_only_the_owner_deals_with_it_and_only_in_order(bureau, reviewed):
    row = bureau.findings(reviewed)[0]
    with pytest.raises(NotPermitted):
        services.start(
            [(row.pk, "order_correction", "演改1号")], actor=bureau.actor("zlg-jh"), now=bureau.now
        )
    with pytest.raises(permissions.WrongState):
        services.move([row.pk], FollowUpMove.VERIFY, actor=bureau.cast.planner(row.owner), now=bureau.now)
    with pytest.raises(services.MeasureRefused, match="文书编号"):
        services.move([row.pk], FollowUpMove.ORDER, actor=bureau.cast.planner(row.owner), now=bureau.now)
