"""
N10: schemes and division of work refined by item type, credit class and risk index, settled before anything is drawn
(安市监〔2024〕26号 三（一）), approved as a batch on one sheet, and planned by unit, area and weeks.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from fairdraw.audit import selectors as audit
from fairdraw.files import services as files
from fairdraw.kernel.errors import NotPermitted
from fairdraw.plans import division, permissions, planning, schemes, sheets, strata
from fairdraw.plans import services as plans
from fairdraw.plans.division import ShareEntry
from fairdraw.plans.refusals import DivisionWrong, NameTaken, NumberTaken
from fairdraw.plans.states import TaskState
from fairdraw.registers.models import ItemVersion
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.bureau import YEAR, scheme_entry


@pytest.fixture
def pair(bureau):
    """Two tasks of one section whose schemes are drafted."""
    return [bureau.drafted(), bureau.drafted()]


def numbers(tasks):
    return [task.number for task in tasks]


def sheet_of(bureau, tasks, actor="ggg-jh"):
    return sheets.make_sheet(numbers_of=numbers(tasks), actor=bureau.actor(actor), now=bureau.now)


def entry_like(bureau, task, **more):
    scope = ScopeSpec.from_json(task.scheme.scope)
    found = bureau.allocation(planning.Asked(count=30), scope)
    made = scheme_entry(found, scope, starts_on=task.window_start, finishes_on=task.window_end)
    return dataclasses.replace(made, **more)


def redraft(bureau, task, *, name, **more):
    return plans.draft_scheme(
        task=task,
        entry=entry_like(bureau, task, **more),
        name=name,
        actor=bureau.actor("ggg-jh"),
        now=bureau.now,
    )


def test_n10_schemes_are_numbered_by_the_pattern_of_the_bureau_each_once(bureau, pair):
    first, second = (task.scheme for task in pair)
    prefix = bureau.agency.number_prefix
    assert (first.number, second.number) == (f"{prefix}抽查〔{YEAR}〕1号", f"{prefix}抽查〔{YEAR}〕2号")

    # 改写方案，编号不变；换成自拟编号可以，重号、重名不行
    assert redraft(bureau, pair[0], name="改名").number == first.number
    assert redraft(bureau, pair[0], name="改名", number="自拟1号").number == "自拟1号"
    with pytest.raises(NumberTaken, match=pair[0].number):
        redraft(bureau, pair[1], name="另一份", number="自拟1号")
    with pytest.raises(NameTaken, match=pair[0].number):
        redraft(bureau, pair[1], name="改名")
    assert schemes.free_name("改名", year=YEAR) == "改名（二）"
    assert schemes.free_name("改名", year=YEAR + 1) == "改名"


def test_n10_the_name_of_a_task_that_was_given_up_is_free_again(bureau, pair):
    name = pair[0].scheme.name
    plans.cancel_task(task=pair[0], reason="计划调整", actor=bureau.cast.office, now=bureau.now)

    assert redraft(bureau, pair[1], name=name).name == name


def test_n10_going_to_the_door_is_explained_where_documents_would_do(bureau):
    ItemVersion.objects.filter(item__code="GG01").update(method="实地核查、书面检查")
    task = bureau.drafted()
    with pytest.raises(plans.SchemeIncomplete, match="实地检查理由"):
        bureau.approve(task)

    redraft(bureau, task, name="有理由", method_reason="户外广告须现场查看")
    assert bureau.approve(task).state == TaskState.APPROVED
    other = bureau.drafted()
    redraft(bureau, other, name="书面", method="documentary")
    assert bureau.approve(other).state == TaskState.APPROVED


def test_n10_a_batch_is_approved_by_one_signature_on_paper(bureau, pair):
    # 两份方案编成一张审批表，打印签批
    sheet = sheet_of(bureau, pair)
    scan = files.store(b"%PDF-1.4 signed", media_type="application/pdf", name="表.pdf", now=bureau.now).pk
    planner = bureau.actor("ggg-jh")
    signed = {"scan": scan, "signer": "张某", "signed_on": bureau.today, "now": bureau.now}
    sheets.enter_paper(sheet, actor=planner, **signed)

    # 回填人不能确认；另一人确认后两份一起生效
    with pytest.raises(permissions.SamePerson):
        sheets.confirm_paper(sheet, actor=planner, now=bureau.now)
    assert bureau.fresh(pair[0]).state == TaskState.DRAFTING
    sheets.confirm_paper(sheet, actor=bureau.cast.office, now=bureau.now)
    for task in pair:
        scheme = bureau.fresh(task).scheme
        assert (bureau.fresh(task).state, scheme.approval_scan) == (TaskState.APPROVED, scan)
    entry = audit.entries().filter(kind="sheet.approved").get()
    assert all(number in bytes(entry.document).decode() for number in numbers(pair))


def test_n10_a_batch_is_all_or_nothing_and_never_approved_by_who_drafted_one(bureau, pair):
    both = bureau.with_duties("ggg-fz", *(grant.duty for grant in bureau.actor("ggg-jh").grants))
    plans.draft_scheme(
        task=pair[1], entry=entry_like(bureau, pair[1]), name="负责人起草", actor=both, now=bureau.now
    )
    sheet = sheet_of(bureau, pair)

    with pytest.raises(permissions.SamePerson):
        sheets.approve_sheet(sheet, actor=bureau.actor("ggg-fz"), now=bureau.now)
    assert bureau.fresh(pair[0]).state == TaskState.DRAFTING
    sheets.approve_sheet(sheet, actor=bureau.actor("juzhang"), now=bureau.now)
    assert bureau.fresh(pair[0]).state == TaskState.APPROVED


def test_n10_what_cannot_be_approved_does_not_get_onto_a_sheet(bureau, pair):
    redraft(bureau, pair[1], name="缺比例", ratio_text="")
    with pytest.raises(plans.SchemeIncomplete, match="抽查比例"):
        sheet_of(bureau, pair)
    with pytest.raises(NotPermitted):
        sheet_of(bureau, pair[:1], actor="zlg-jh")
    sheet_of(bureau, pair[:1])
    with pytest.raises(permissions.WrongState, match="已列入审批表"):
        sheet_of(bureau, pair[:1])


def test_n10_a_returned_scheme_says_why_until_it_is_written_anew(bureau, pair):
    leader = bureau.actor("ggg-fz")
    bureau.approve(pair[0])
    with pytest.raises(plans.ReasonMissing):
        schemes.return_scheme(task=pair[0], reason=" ", actor=leader, now=bureau.now)
    schemes.return_scheme(task=pair[0], reason="完成时间太紧", actor=leader, now=bureau.now)

    back = bureau.fresh(pair[0])
    assert (back.state, back.scheme.returned_reason) == (TaskState.DRAFTING, "完成时间太紧")
    assert (back.approved_at, back.scheme.approved_by) == (None, "")
    redraft(bureau, pair[0], name="改过的方案")
    assert bureau.fresh(pair[0]).scheme.returned_reason == ""
    bureau.drawn()
    drawn = bureau.drawn()
    with pytest.raises(permissions.WrongState, match="没有可以退回的方案"):
        schemes.return_scheme(task=drawn, reason="太迟", actor=leader, now=bureau.now)


def test_n10_work_is_divided_by_unit_area_and_weeks_and_never_by_number(bureau, pair):
    [task, other] = pair
    units = bureau.cast.units
    start = task.window_start
    week = dt.timedelta(7)
    first = ShareEntry(units["sc01"], units["sc01"], start, start + week, "陈某")
    planner = bureau.actor("ggg-jh")

    def divide(*shares, actor=planner):
        return division.set_division(task=task, shares=shares, actor=actor, now=bureau.now)

    for wrong, said in (
        (dataclasses.replace(first, ends_on=start - week), "结束周早于开始周"),
        (dataclasses.replace(first, ends_on=task.window_end + week), "不在任务的检查期限内"),
    ):
        with pytest.raises(DivisionWrong) as refused:
            divide(first, wrong)
        assert [(t.row, t.message) for t in refused.value.troubles if said in t.message] == [(2, said)]
    with pytest.raises(NotPermitted):
        divide(first, actor=bureau.actor("zlg-jh"))
    divide(first, ShareEntry(units["ggg"], None, start, start))
    divide(first)

    assert [(s.agency.code, s.leader) for s in division.shares_of(task)] == [("sc01", "陈某")]
    assert [s.task for s in division.shares_on(planner, start, start)] == [task]
    # 沿用到另一任务：整周平移，不出其期限
    later = dataclasses.replace(first, starts_on=start)
    moved = division.moved(
        list(division.shares_of(task)), task_start=start, start=start + 4 * week, end=task.window_end
    )
    assert [(s.starts_on, s.ends_on) for s in moved] == [(start + 4 * week, start + 5 * week)]
    assert later.agency == moved[0].agency
    assert not any("count" in f.name or "quota" in f.name for f in dataclasses.fields(ShareEntry))
    assert not division.shares_of(other).exists()


def test_n10_flat_schemes_keep_their_one_stratum(bureau):
    task = bureau.drafted(flat=True)

    assert strata.labels(task.scheme.stratified_by) == {"N": "全部对象"}
