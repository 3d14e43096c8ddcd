"""
N07: the plan table is imported from the bureau's own file, reviewed, filed upward, published and amended in
public versions; a row that cannot be planned is held with its reason, never guessed (印发…计划表, 附件1).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from fairdraw.exchange import services as exchange
from fairdraw.kernel.errors import InvalidInput, NotPermitted
from fairdraw.oversight import papers
from fairdraw.plans import permissions, planning, selectors
from fairdraw.plans import services as plans
from fairdraw.plans.models import PlanRow, PlanRowVersion
from fairdraw.plans.planning import Resolved
from fairdraw.plans.states import PlanMove, PlanState
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


def move(bureau, plan, step, **more):
    return plans.move_plan(plan=plan, move=step, actor=bureau.cast.office, now=bureau.now, **more)


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


def test_n07_the_plan_is_reviewed_filed_and_published_in_this_order(bureau, plan):
    # 未备案不能公布，非领导小组办公室不能办理
    for too_early in (PlanMove.FILE, PlanMove.PUBLISH, PlanMove.AMEND, PlanMove.CLOSE):
        with pytest.raises(permissions.WrongState):
            move(bureau, plan, too_early)
    with pytest.raises(NotPermitted):
        plans.move_plan(plan=plan, move=PlanMove.SUBMIT, actor=bureau.actor("ggg-jh"), now=bureau.now)

    plan = move(bureau, plan, PlanMove.SUBMIT)
    plan = move(bureau, plan, PlanMove.FILE)
    plan = move(
        bureau, plan, PlanMove.PUBLISH, document_number="演市监〔2026〕8号", issued_on=dt.date(YEAR, 3, 2)
    )
    assert (plan.state, plan.document_number, plan.version) == (PlanState.PUBLISHED, "演市监〔2026〕8号", 1)
    notice = announce(bureau, plan)
    assert [row["task"] for row in notice.body["rows"]][:2] == ["广告行为抽查", "产品质量抽查"]
    assert notice.body["document_number"] == "演市监〔2026〕8号"
    # 暂缓原因是内部事项，不公布
    assert "held" not in str(notice.body)


def test_n07_an_amendment_is_a_public_version_with_its_reason_and_the_old_one_stays(bureau, plan, entries):
    for step in (PlanMove.SUBMIT, PlanMove.FILE, PlanMove.PUBLISH):
        plan = move(bureau, plan, step)
    announce(bureau, plan)
    row = PlanRow.objects.get(plan=plan, number=2)
    changed = dataclasses.replace(entries[1], ratio_min=Decimal("0.08"), window_end=dt.date(YEAR, 9, 30))

    # 调整要有原因，由领导小组办公室办理
    with pytest.raises(plans.ReasonMissing):
        plans.amend_plan([(row, changed)], plan=plan, reason=" ", actor=bureau.cast.office, now=bureau.now)
    with pytest.raises(NotPermitted):
        plans.amend_plan(
            [(row, changed)], plan=plan, reason="上级要求", actor=bureau.actor("zlg-jh"), now=bureau.now
        )
    plan = plans.amend_plan(
        [(row, changed)], plan=plan, reason="上级新增任务", actor=bureau.cast.office, now=bureau.now
    )
    with pytest.raises(publication.ReasonMissing):
        announce(bureau, plan)
    announce(bureau, plan, reason="上级新增任务")

    # 两个版本都可查，现行的是第二版
    assert plan.version == 2
    versions = list(publications.versions("plan", str(YEAR)))
    assert [(v.version, v.reason) for v in versions] == [(2, "上级新增任务"), (1, "")]
    assert [v.body["rows"][1]["window_end"] for v in versions] == ["2026-09-30", "2026-10-30"]
    assert list(
        PlanRowVersion.objects.filter(row=row).order_by("version").values_list("version", "reason")
    ) == [
        (1, ""),
        (2, "上级新增任务"),
    ]
    assert selectors.current_versions(plan).get(row=row).ratio_min == Decimal("0.08")
    assert selectors.current_versions(plan).count() == 4


def test_n07_a_filed_or_closed_plan_is_not_amended(bureau, plan, entries):
    row = PlanRow.objects.get(plan=plan, number=1)
    plan = move(bureau, move(bureau, plan, PlanMove.SUBMIT), PlanMove.FILE)

    with pytest.raises(permissions.WrongState):
        plans.amend_plan(
            [(row, entries[0])], plan=plan, reason="改", actor=bureau.cast.office, now=bureau.now
        )


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
