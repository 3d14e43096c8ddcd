"""A file from its upload to its rows (导入): recognised, tried, reported, confirmed, remembered; or nothing of it."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest

from fairdraw.audit import selectors as audit
from fairdraw.exchange import uploads
from fairdraw.exchange.models import ColumnMapping, FileImport, ImportState
from fairdraw.exchange.tables import Layout
from fairdraw.jobs import slips
from fairdraw.jobs.models import Job
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput, NotFound, NotPermitted
from fairdraw.plans.models import PlanRow
from fairdraw.registers.models import ItemVersion, Target
from tests.builders.bureau import Bureau, bureau, founded

__all__ = ["bureau", "founded"]
pytestmark = pytest.mark.django_db
HEADER = "企业名称,统一社会信用代码,登记状态,主体类别\n"
GOOD = "甲茶业有限公司,91350524MA0000007P,存续,企业\n乙食品有限公司,91350524MA00000153,存续,企业\n"
BAD = "丙有限公司,9.1350524E+17,存续,企业\n"
ODD = "某县名录,,\n证照,字号,类\n91350524MA0000007P,甲茶业有限公司,企业\n"
SAID = {"证照": "code", "字号": "name", "类": "kind"}


@pytest.fixture
def clerk(bureau: Bureau) -> Actor:
    return bureau.actor("bangong")


@pytest.fixture
def now(bureau: Bureau) -> dt.datetime:
    return bureau.now


def taken(
    text: str, actor: Actor, now: dt.datetime, *, kind: str = "targets", name: str = "名录.csv"
) -> FileImport:
    return uploads.take(kind=kind, data=text.encode(), name=name, actor=actor, now=now)


def tried(row: FileImport, actor: Actor, now: dt.datetime, **said: object) -> FileImport:
    layout = Layout(row.sheet, row.header_row, said.pop("columns", row.columns))  # type: ignore[arg-type]
    return uploads.arrange(
        row, layout=layout, options=said, remember=bool(said.pop("remember", False)), actor=actor, now=now
    )


def test_a_trial_counts_what_would_come_and_stores_nothing(clerk: Actor, now: dt.datetime):
    before, entries = Target.objects.count(), audit.entries().count()

    row = tried(taken(HEADER + GOOD + BAD, clerk, now), clerk, now)

    assert row.state == ImportState.TRIED
    assert (row.trial["added"], row.trial["refused_rows"], row.trial["obstacle"]) == (2, 1, "")
    [line] = [line for line in uploads.report_of(row).lines if line.refused]
    assert (line.row, line.column) == (4, "统一社会信用代码")
    assert Target.objects.count() == before
    assert audit.entries().count() == entries


def test_a_trial_tells_what_would_change(clerk: Actor, now: dt.datetime):
    target = Target.objects.filter(kind="enterprise", status="existing").exclude(uscc="").first()
    assert target is not None
    text = f"企业名称,统一社会信用代码,登记状态,主体类别\n改名后的有限公司,{target.uscc},注销,企业\n"

    row = tried(taken(text, clerk, now), clerk, now)

    changes = uploads.report_of(row).changes
    assert row.trial["changes"] == 1
    assert (target.draw_code, "改名后的有限公司", "登记状态", "存续", "注销") in changes
    target.refresh_from_db()
    assert target.status == "existing"


def test_a_file_without_errors_comes_in_whole_and_the_log_names_its_digest(clerk: Actor, now: dt.datetime):
    row = tried(taken(HEADER + GOOD, clerk, now), clerk, now)

    done = uploads.confirm(row, good_rows=False, tried=row.report, actor=clerk, now=now)

    assert (done.state, done.outcome["added"]) == (ImportState.IMPORTED, 2)
    assert Target.objects.filter(uscc="91350524MA0000007P", name="甲茶业有限公司").exists()
    [entry] = audit.entries(kind="file.imported", actor_code=clerk.code)
    assert entry.body()["sha256"] == hashlib.sha256((HEADER + GOOD).encode()).hexdigest()


def test_errors_keep_the_file_out_until_somebody_asks_for_the_good_rows(clerk: Actor, now: dt.datetime):
    row = tried(taken(HEADER + GOOD + BAD, clerk, now), clerk, now)

    with pytest.raises(uploads.ImportRefused, match="只导入可用行"):
        uploads.confirm(row, good_rows=False, tried=row.report, actor=clerk, now=now)
    assert not Target.objects.filter(uscc="91350524MA0000007P").exists()
    done = uploads.confirm(row, good_rows=True, tried=row.report, actor=clerk, now=now)

    assert (done.good_rows, done.outcome["added"], done.outcome["refused_rows"]) == (True, 2, 1)
    assert uploads.report_of(done).lines, "the report stays"


def test_what_is_confirmed_is_what_was_looked_at(clerk: Actor, now: dt.datetime):
    row = tried(taken(HEADER + GOOD, clerk, now), clerk, now)

    with pytest.raises(uploads.ImportRefused, match="已经变了"):
        uploads.confirm(row, good_rows=False, tried="0" * 64, actor=clerk, now=now)


def test_an_imported_file_is_not_imported_again(clerk: Actor, now: dt.datetime):
    row = tried(taken(HEADER + GOOD, clerk, now), clerk, now)
    uploads.confirm(row, good_rows=False, tried=row.report, actor=clerk, now=now)
    entries = audit.entries().count()

    again = uploads.enter(row.pk, actor=clerk, now=now, report=lambda label, fraction: None)
    with pytest.raises(uploads.ImportRefused, match="已经导入或撤下"):
        uploads.withdraw(row, actor=clerk, now=now)

    assert again.state == ImportState.IMPORTED
    assert audit.entries().count() == entries


def test_columns_that_were_said_are_offered_when_the_header_comes_again(clerk: Actor, now: dt.datetime):
    first = taken(ODD, clerk, now)
    assert first.columns == {}
    uploads.arrange(
        first, layout=Layout(header_row=2, columns=SAID), options={}, remember=True, actor=clerk, now=now
    )

    second = taken(ODD.replace("甲茶业", "丁茶业"), clerk, now, name="下月名录.csv")

    assert (second.header_row, second.columns) == (2, SAID)
    seen = uploads.look(second, uploads.layout_of(second))
    assert (seen.header_rows, seen.missing, [c.field for c in seen.columns]) == (
        (2, 2),
        (),
        list(SAID.values()),
    )
    [held] = ColumnMapping.objects.all()
    assert (held.said_by, held.said_at) == (clerk.code, now)
    uploads.forget(held.pk, actor=clerk, now=now)
    assert taken(ODD, clerk, now).columns == {}


def test_a_needed_column_is_named_before_anything_is_tried(clerk: Actor, now: dt.datetime):
    row = taken("字号,证照\n甲,91350524MA0000007P\n", clerk, now)

    with pytest.raises(InvalidInput, match="还缺少：企业名称、统一社会信用代码或抽取编码"):
        tried(row, clerk, now)

    assert not Job.objects.filter(kind=uploads.TRY).exists()


def test_classes_without_a_day_are_an_obstacle_that_says_what_to_do(clerk: Actor, now: dt.datetime):
    code = Target.objects.exclude(uscc="").values_list("uscc", flat=True)[0]
    row = taken(f"统一社会信用代码,信用风险分类\n{code},D\n", clerk, now, kind="classes")

    without = tried(row, clerk, now)
    job = Job.objects.get(pk=without.job)
    assert "请写明计算日期" in job.person_error
    dated = tried(row, clerk, now, computed_on="2026-01-01", edition="2026-01")

    assert dated.trial["changed"] == 1


def test_items_and_plans_come_in_by_the_same_steps(clerk: Actor, now: dt.datetime):
    items = "抽查事项清单\n抽查事项,事项编号,事项类型,抽查依据\n旅游市场检查,LY01,重点,旅游法第八十五条\n"
    plan = (
        "年度计划\n任务名称,抽查事项,抽查对象,抽查比例,抽查时间\n旅游抽查,旅游市场检查,旅行社,5%,10月底前\n"
    )

    for kind, text, options in (("items", items, {}), ("plan", plan, {"year": 2031})):
        row = tried(taken(text, clerk, now, kind=kind), clerk, now, **options)
        assert row.trial is not None, Job.objects.get(pk=row.job).person_error
        uploads.confirm(row, good_rows=False, tried=row.report, actor=clerk, now=now)

    assert ItemVersion.objects.filter(item__code="LY01").exists()
    assert PlanRow.objects.get(plan__year=2031).versions.get().task_name == "旅游抽查"


def test_only_who_keeps_the_registers_brings_files_in(bureau: Bureau, clerk: Actor, now: dt.datetime):
    planner = bureau.actor("ggg-jh")
    row = taken(HEADER + GOOD, clerk, now)

    with pytest.raises(NotPermitted):
        taken(HEADER + GOOD, planner, now)
    with pytest.raises(NotFound):
        uploads.file_import(planner, row.pk)


def test_what_is_no_table_is_refused_at_the_door(clerk: Actor, now: dt.datetime, tmp_path: Path):
    with pytest.raises(InvalidInput, match="PDF"):
        uploads.take(kind="targets", data=b"%PDF-1.7 ...", name="名录.pdf", actor=clerk, now=now)
    assert not FileImport.objects.exists()


def test_an_import_that_is_stopped_stores_nothing_and_can_be_confirmed_again(clerk: Actor, now: dt.datetime):
    row = tried(taken(HEADER + GOOD, clerk, now), clerk, now)
    before = Target.objects.count()
    slips.ask_to_stop(
        Job.objects.order_by("-pk")[0].pk + 1
    )  # as if pressed while the next job waits its turn

    stopped = uploads.confirm(row, good_rows=False, tried=row.report, actor=clerk, now=now)

    assert (stopped.state, Target.objects.count()) == (ImportState.TRIED, before)
    assert "已按要求停止" in Job.objects.get(pk=stopped.job).person_error
    done = uploads.confirm(row, good_rows=False, tried=row.report, actor=clerk, now=now)
    assert (done.state, Target.objects.count()) == (ImportState.IMPORTED, before + 2)


def test_only_who_may_import_the_kind_stops_it(clerk: Actor, now: dt.datetime, bureau: Bureau):
    row = tried(taken(HEADER + GOOD, clerk, now), clerk, now)

    with pytest.raises(NotPermitted):
        uploads.stop(row, actor=bureau.actor("ggg-jh"))
    uploads.stop(row, actor=clerk)  # its trial has ended: nothing is left to stop
    assert not slips.is_asked_to_stop(row.job or 0)
