"""
N07: the plan table is imported from the bureau's own file, reviewed, filed upward, published and amended in
public versions; a row that cannot be planned is held with its reason, never guessed (印发…计划表, 附件1).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from fairdraw.exchange import services as exchange
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from fairdraw.oversight import papers
from fairdraw.plans import amending, annual, editions, permissions, planning, receipts, selectors
from fairdraw.plans import services as plans
from fairdraw.plans.annual import Filing
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.models import PlanEdition, PlanRow, PlanRowVersion, Task
from fairdraw.plans.planning import Resolved
from fairdraw.plans.states import PlanMove, PlanState
from fairdraw.portal import selectors as portal
from fairdraw.publication import selectors as publications
from fairdraw.publication import services as publication
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.bureau import YEAR
from tests.builders.tables import text_file

TABLE = """演示县2026年度部门抽查计划表
序号,抽查任务名称,抽查事项,抽查对象范围,发起部门,抽查比例,开始时间,结束时间
1,广告行为抽查,广告行为检查,全县企业,广告监管股,10%,2026-03-02,2026-06-30
2,产品质量抽查,产品质量检查,全县企业,质量监管股,5%,2026-07-01,2026-10-30
3,拍卖行为抽查,拍卖行为检查,拍卖企业,广告监管股,5%,2026-07-01,2026-10-30
4,价格行为抽查,价格行为检查,全县企业,价监竞争股,5%,2026-12-01,2026-12-20
"""


@pytest.fixture
def entries(tmp_path):
    """The rows of the bureau's own table."""
    return exchange.read_plan(text_file(tmp_path, TABLE), year=YEAR, told=exchange.Told())


@pytest.fixture
def plan(bureau, entries):
    """The plan as imported."""
    return plans.import_plan(
        entries,
        agency=bureau.agency,
        year=YEAR,
        title="演示县2026年度“双随机、一公开”抽查计划",
        source="计划表.csv",
        invented="演示",
        actor=bureau.cast.office,
        now=bureau.now,
    )


def resolve(bureau, version):
    names = {v.item.name: v for v in (bureau.item(c) for c in ("GG01", "ZL01", "JG01", "TS01"))}
    items = [names[name] for name in version.items if name in names]
    problems = [f"抽查事项“{name}”不在本机关抽查事项清单中" for name in version.items if name not in names]
    ratio = version.ratio_min
    return Resolved(
        agency=bureau.cast.by_name(version.initiator),
        items=items,
        scope=ScopeSpec(kinds=("enterprise",)),
        asked=planning.Asked(ratio=ratio if ratio is None else planning.Fraction(ratio)),
        problems=problems,
    )


def plan_rows(bureau, plan):
    for version in selectors.current_versions(plan):
        planning.plan_row(
            version,
            resolve(bureau, version),
            region="演示县",
            cutoff=selectors.cutoff(YEAR),
            actor=bureau.cast.office,
            now=bureau.now,
            on=bureau.today,
        )


STEPS = (PlanMove.SUBMIT, PlanMove.APPROVE, PlanMove.FILE, PlanMove.PUBLISH)


def move(bureau, plan, step, **more):
    """One step by whose it is: the bureau's leader approves, the office does the rest."""
    actor = bureau.actor("juzhang") if step is PlanMove.APPROVE else bureau.cast.office
    if step is PlanMove.FILE:
        more.setdefault("filing", Filing("演示市市场监督管理局", bureau.today, "演市监〔2026〕5号"))
    return plans.move_plan(plan=plan, move=step, actor=actor, now=bureau.now, **more)


def announce(bureau, plan, reason=""):
    return publication.announce(
        kind="plan",
        reference=str(YEAR),
        title=plan.title,
        body=papers.plan_notice(plan),
        reason=reason,
        actor=bureau.cast.office,
        now=bureau.now,
    )


def test_n07_rows_become_tasks_with_schemes_or_are_held_with_their_reason(bureau, plan):
    plan_rows(bureau, plan)

    tasks = {t.plan_row.number: t for t in selectors.visible_tasks(bureau.cast.office)}
    assert sorted(tasks) == [1, 2]
    assert [t.scheme.name for t in tasks.values()] == [
        "演示县2026年广告行为抽查方案",
        "演示县2026年产品质量抽查方案",
    ]
    assert {v.row.source_no: v.held_reason for v in selectors.held_rows(plan)} == {
        "3": "抽查事项“拍卖行为检查”不在本机关抽查事项清单中",
        "4": "开始时间晚于年度截止日，当年不能按期检查公示",
    }


def published(bureau, plan):
    """The plan, taken through all its steps and made public."""
    for step in STEPS:
        plan = move(bureau, plan, step)
    announce(bureau, plan)
    return plan


def test_n07_the_plan_is_reviewed_filed_and_published_in_this_order(bureau, plan):
    # 未审核不能备案，未备案不能公布，非领导小组办公室不能办理
    for too_early in (PlanMove.APPROVE, PlanMove.FILE, PlanMove.PUBLISH, PlanMove.CLOSE):
        with pytest.raises(permissions.WrongState):
            move(bureau, plan, too_early)
    with pytest.raises(NotPermitted):
        plans.move_plan(plan=plan, move=PlanMove.SUBMIT, actor=bureau.actor("ggg-jh"), now=bureau.now)

    plan = move(bureau, plan, PlanMove.SUBMIT)
    with pytest.raises(permissions.WrongState, match="还没有审核通过"):
        move(bureau, plan, PlanMove.FILE)
    # 报审的人不审核，股室负责人也不审核
    for other in ("bangong", "ggg-fz"):
        with pytest.raises(NotPermitted):
            plans.move_plan(plan=plan, move=PlanMove.APPROVE, actor=bureau.actor(other), now=bureau.now)
    both = bureau.with_duties("bangong", Duty.LEADER)
    with pytest.raises(permissions.SamePerson):
        plans.move_plan(plan=plan, move=PlanMove.APPROVE, actor=both, now=bureau.now)
    plan = move(bureau, plan, PlanMove.APPROVE)
    with pytest.raises(InvalidInput, match="上级机关"):
        move(bureau, plan, PlanMove.FILE, filing=None)
    plan = move(bureau, plan, PlanMove.FILE)
    assert (plan.filed_with, plan.filing_number, plan.filed_on) == (
        "演示市市场监督管理局",
        "演市监〔2026〕5号",
        bureau.today,
    )
    plan = move(
        bureau, plan, PlanMove.PUBLISH, document_number="演市监〔2026〕8号", issued_on=dt.date(YEAR, 3, 2)
    )
    assert (plan.state, plan.document_number, plan.version) == (PlanState.PUBLISHED, "演市监〔2026〕8号", 1)
    notice = announce(bureau, plan)
    assert [row["task"] for row in notice.body["rows"]][:2] == ["广告行为抽查", "产品质量抽查"]
    assert notice.body["document_number"] == "演市监〔2026〕8号"
    # 暂缓原因是内部事项，不公布
    assert "held" not in str(notice.body)


def test_n07_a_plan_is_returned_with_its_reason_and_approved_again(bureau, plan, entries):
    plan = move(bureau, plan, PlanMove.SUBMIT)
    leader = bureau.actor("juzhang")
    with pytest.raises(plans.ReasonMissing):
        plans.move_plan(plan=plan, move=PlanMove.RETURN, actor=leader, now=bureau.now)
    plan = plans.move_plan(
        plan=plan, move=PlanMove.RETURN, reason="价格行为抽查时间太晚", actor=leader, now=bureau.now
    )
    assert (plan.state, plan.returned_reason) == (PlanState.DRAFT, "价格行为抽查时间太晚")

    # 改过的内容没有人审核过
    plan = move(bureau, move(bureau, plan, PlanMove.SUBMIT), PlanMove.APPROVE)
    row = PlanRow.objects.get(plan=plan, number=4)
    sooner = dataclasses.replace(
        entries[3], window_start=dt.date(YEAR, 8, 3), window_end=dt.date(YEAR, 9, 30)
    )
    plan = plans.amend_plan(
        [(row, sooner)], plan=plan, reason="提前", actor=bureau.cast.office, now=bureau.now
    )
    with pytest.raises(permissions.WrongState, match="还没有审核通过"):
        move(bureau, plan, PlanMove.FILE)


def test_n07_the_receipt_of_the_filing_and_the_number_are_filled_back(bureau, plan):
    office = bureau.cast.office
    with pytest.raises(RuleBroken, match="还没有公布"):
        annual.fill_back_number(
            plan, document_number="8号", issued_on=bureau.today, actor=office, now=bureau.now
        )
    plan = published(bureau, plan)
    assert (plan.document_number, plan.issued_on) == ("", None)

    plan = annual.enter_filing_receipt(
        plan, receipt="演市监备〔2026〕3号", received_on=bureau.today, actor=office, now=bureau.now
    )
    edition = annual.fill_back_number(
        plan, document_number="演市监〔2026〕8号", issued_on=bureau.today, actor=office, now=bureau.now
    )
    plan.refresh_from_db()
    assert (plan.filing_receipt, plan.document_number) == ("演市监备〔2026〕3号", "演市监〔2026〕8号")
    assert edition.document_number == "演市监〔2026〕8号"
    assert portal.plan(YEAR).document_number == "演市监〔2026〕8号"
    with pytest.raises(RuleBroken, match="不再改动"):
        annual.fill_back_number(
            plan, document_number="9号", issued_on=bureau.today, actor=office, now=bureau.now
        )


def test_n07_the_database_itself_keeps_a_published_plan(bureau, plan):
    plan = published(bureau, plan)
    version = PlanRowVersion.objects.filter(row__plan=plan).first()
    edition = PlanEdition.objects.get(plan=plan)
    for rows, change in (
        (PlanRowVersion.objects.filter(pk=version.pk), {"task_name": "改过"}),
        (PlanRowVersion.objects.filter(pk=version.pk), {"window_end": dt.date(YEAR, 9, 1)}),
        (PlanRow.objects.filter(pk=version.row_id), {"upstream": "改过"}),
        (PlanEdition.objects.filter(pk=edition.pk), {"rows": []}),
    ):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.model._base_manager.filter(pk__in=rows)._raw_delete(using="default")
    # 暂缓不改变计划本身
    PlanRowVersion.objects.filter(pk=version.pk).update(held_reason="等上级")


def test_n07_an_amendment_is_a_public_version_with_its_reason_and_the_old_one_stays(bureau, plan, entries):
    plan = published(bureau, plan)
    office, leader = bureau.cast.office, bureau.actor("juzhang")
    changed = dataclasses.replace(
        entries[1], ratio_min=Decimal("0.08"), ratio_max=Decimal("0.08"), window_end=dt.date(YEAR, 9, 30)
    )
    row = PlanRow.objects.get(plan=plan, number=2)
    with pytest.raises(permissions.WrongState, match="另一人审核"):
        plans.amend_plan([(row, changed)], plan=plan, reason="上级要求", actor=office, now=bureau.now)

    # 调整要有原因，由领导小组办公室起草，另一人公布
    with pytest.raises(plans.ReasonMissing):
        amending.draft_amendment(plan, reason=" ", actor=office, now=bureau.now)
    with pytest.raises(NotPermitted):
        amending.draft_amendment(plan, reason="上级要求", actor=bureau.actor("zlg-jh"), now=bureau.now)
    amending.draft_amendment(plan, reason="上级新增任务", actor=office, now=bureau.now)
    amending.put_change(plan, kind="change", row=2, entry=changed, actor=office)
    new = PlanRowEntry("", "广告行为专项抽查", ("广告行为检查",), upstream="市局〔2026〕20号")
    amending.put_change(plan, kind="add", row=None, entry=new, actor=office)
    amending.put_change(plan, kind="drop", row=3, actor=office)
    with pytest.raises(NotPermitted):
        amending.publish_amendment(plan, actor=office, now=bureau.now)
    both = bureau.with_duties("bangong", Duty.LEADER)
    with pytest.raises(permissions.SamePerson):
        amending.publish_amendment(plan, actor=both, now=bureau.now)
    done = amending.publish_amendment(plan, actor=leader, now=bureau.now)
    plan.refresh_from_db()
    with pytest.raises(publication.ReasonMissing):
        announce(bureau, plan)
    announce(bureau, plan, reason="上级新增任务")

    # 两个版本都可查，现行的是第二版，差别逐格可见
    assert (plan.version, done.edition.version) == (2, 2)
    versions = list(publications.versions("plan", str(YEAR)))
    assert [(v.version, v.reason) for v in versions] == [(2, "上级新增任务"), (1, "")]
    assert [v.body["rows"][1]["window_end"] for v in versions] == ["2026-09-30", "2026-10-30"]
    told = editions.change_of(done.edition)
    assert [r["task"] for r in told.added] == ["广告行为专项抽查"]
    assert [r["task"] for r in told.dropped] == ["拍卖行为抽查"]
    assert {(c.label, c.before, c.after) for one in told.changed for c in one.cells} == {
        ("比例或数量", "5%", "8%"),
        ("结束时间", "2026-10-30", "2026-09-30"),
    }
    assert [r["number"] for r in editions.editions(plan)[1].rows] == [1, 2, 3, 4]
    assert [v.row.number for v in selectors.current_versions(plan)] == [1, 2, 4, 5]
    assert selectors.current_versions(plan).get(row=row).ratio_min == Decimal("0.08")


def test_n07_a_row_that_is_withdrawn_cancels_its_task_unless_it_is_drawn(bureau, plan):
    plan = published(bureau, plan)
    office, leader = bureau.cast.office, bureau.actor("juzhang")
    plan_rows(bureau, plan)
    first, second = Task.objects.filter(plan_row__plan=plan).order_by("plan_row__number")
    drawn = bureau.approve(first)
    bureau.go(3, 2)
    bureau.draw(drawn)
    amending.draft_amendment(plan, reason="市局统一组织", actor=office, now=bureau.now)
    for number in (1, 2):
        amending.put_change(plan, kind="drop", row=number, actor=office)
    assert [words for _task, words in amending.foreseen(plan, 2)] == ["随之取消"]
    assert "继续完成" in amending.foreseen(plan, 1)[0][1]

    done = amending.publish_amendment(plan, actor=leader, now=bureau.now)

    assert [t.pk for t in done.cancelled] == [second.pk]
    assert [t.pk for t in done.going_on] == [first.pk]
    second.refresh_from_db()
    assert (second.state, second.held_reason) == ("cancelled", "计划调整取消：市局统一组织")
    assert bureau.fresh(first).state == "drawn"


def test_n07_every_unit_confirms_receipt_on_screen_or_on_paper(bureau, plan):
    plan = published(bureau, plan)
    office = bureau.cast.office
    rows = {r.agency.code: r for r in receipts.of_plan(plan)}
    assert {"ggg", "zlg", "sc01", "sc03"} <= set(rows)
    assert all(r.confirmed_at is None for r in rows.values())

    receipts.confirm(rows["ggg"], actor=bureau.actor("ggg-jh"), now=bureau.now)
    for stranger in ("zlg-jh", "bangong"):
        with pytest.raises(NotPermitted):
            receipts.confirm(rows["ggg"], actor=bureau.actor(stranger), now=bureau.now)
    with pytest.raises(NotPermitted):
        receipts.enter_paper(
            [rows["sc01"]], signer="甲", signed_on=bureau.today, actor=bureau.actor("ggg-jh"), now=bureau.now
        )
    with pytest.raises(InvalidInput, match="不晚于今天"):
        receipts.enter_paper(
            [rows["sc01"]],
            signer="甲",
            signed_on=bureau.today + dt.timedelta(1),
            actor=office,
            now=bureau.now,
        )
    receipts.enter_paper(
        [rows["sc01"]], signer="云栖所内勤", signed_on=bureau.today, actor=office, now=bureau.now
    )
    urged = receipts.urge(plan, actor=office, now=bureau.now)

    now = {r.agency.code: r for r in receipts.of_plan(plan)}
    assert (now["ggg"].on_paper, now["sc01"].on_paper, now["sc01"].signer) == (False, True, "云栖所内勤")
    assert {r.agency.code for r in urged} == set(now) - {"ggg", "sc01"}
    assert (now["zlg"].urged_times, now["ggg"].urged_times) == (1, 0)
    waiting = receipts.awaited_from(bureau.actor("zlg-jh"))
    assert [r.agency.code for r in waiting] == ["zlg"]


def test_n07_a_filed_or_closed_plan_is_not_amended(bureau, plan, entries):
    row = PlanRow.objects.get(plan=plan, number=1)
    for step in STEPS[:3]:
        plan = move(bureau, plan, step)

    with pytest.raises(permissions.WrongState):
        plans.amend_plan(
            [(row, entries[0])], plan=plan, reason="改", actor=bureau.cast.office, now=bureau.now
        )
    with pytest.raises(permissions.WrongState):
        amending.draft_amendment(plan, reason="改", actor=bureau.cast.office, now=bureau.now)


def test_n07_a_year_has_one_plan_and_a_wrong_table_stores_nothing(bureau, plan, entries, tmp_path):
    with pytest.raises(plans.PlanExists):
        plans.import_plan(
            entries,
            agency=bureau.agency,
            year=YEAR,
            title="又一份",
            source="计划表.csv",
            invented="",
            actor=bureau.cast.office,
            now=bureau.now,
        )
    with pytest.raises(InvalidInput, match="第3行"):
        exchange.read_plan(
            text_file(tmp_path, TABLE.replace("10%,2026-03-02,2026-06-30", "150%,2026-03-02,2026-06-30")),
            year=YEAR,
            told=exchange.Told(),
        )
