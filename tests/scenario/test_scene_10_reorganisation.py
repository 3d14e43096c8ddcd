"""
Scene 10: a reorganisation in June, spreadsheets from WPS, HTML tables named .xls (X17, N20).

One section is renamed, another merged into it, a station merged into its neighbour. Files of every old form that still
write the old names are understood; what was drawn and published stays as it was, on paper under the names of then; what
is still to be drawn means the new area, approved anew. The browser five years old is held by ``tests/meta/test_browser_floor.py``.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from pypdf import PdfReader

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts import services as account_services
from fairdraw.accounts.models import Agency, User
from fairdraw.burden.models import BorneVisit
from fairdraw.desk import planning, reorganising
from fairdraw.documents import pdf
from fairdraw.draws import frames, sheets
from fairdraw.draws import selectors as draws
from fairdraw.kernel import clock
from fairdraw.kernel.actor import SYSTEM
from fairdraw.kernel.uscc import check_character
from fairdraw.plans import schemes as scheme_verbs
from fairdraw.plans.allocation import Asked
from fairdraw.plans.models import AnnualPlan, Task
from fairdraw.registers.models import Inspector, Target
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.bureau import YEAR, Bureau, existing, scheme_entry
from tests.builders.pressing import Person
from tests.builders.sheets import Sheet, write_html, write_spreadsheetml, write_xls

DOCUMENT = "县委编办〔2026〕5号"
OLD, MERGED, NEW = "质量监管股", "广告监管股", "质量安全监督管理股"
OLD_STATION = "云栖市场监管所"


@pytest.fixture
def june(bureau: Bureau) -> Iterator[Bureau]:
    """The bureau on 10 June: a task of the merged section drawn and half published, another one not drawn yet."""
    clock.use(lambda: bureau.now)
    bureau.enter_base(len(existing()))
    yield bureau
    clock.use(None)


def reorganise(bureau: Bureau) -> None:
    """质量监管股 gets a new name, 广告监管股 goes into it, the station 云栖 into 松岚."""
    bureau.go(6, 10)
    account_services.rename_agency(
        agency_id=unit("zlg").pk,
        name=NEW,
        short_name="质安股",
        document=DOCUMENT,
        actor=SYSTEM,
        now=bureau.now,
    )
    for old, into in (("ggg", "zlg"), ("sc01", "sc02")):
        reorganising.merge_units(
            unit=unit(old), into=unit(into), document=DOCUMENT, actor=bureau.cast.office, now=bureau.now
        )


def unit(code: str) -> Agency:
    return accounts.agency(code)


def of_the_area(bureau: Bureau, station: str) -> Task:
    """An approved task whose scheme is limited to the area of a station."""
    task = bureau.drafted("jjg", item="JG01", starts=(3, 2), ends=(10, 30))
    write_scheme(bureau, task, stations=(station,))
    return bureau.approve(bureau.fresh(task))


def write_scheme(bureau: Bureau, task: Task, *, stations: tuple[str, ...]) -> None:
    """The planner writes the scheme anew: six enterprises of these stations' area."""
    scope = ScopeSpec(kinds=("enterprise",), stations=stations)
    found = bureau.allocation(Asked(count=6), scope)
    entry = scheme_entry(found, scope, starts_on=dt.date(YEAR, 3, 2), finishes_on=dt.date(YEAR, 10, 30))
    planner = bureau.actor("jjg-jh")
    scheme_verbs.draft_scheme(task=task, entry=entry, name=f"{task.name}方案", actor=planner, now=bureau.now)


def at_the_screen(name: str) -> Person:
    person = Person()
    user = User.objects.get(username=name)
    person.client = Client()
    person.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return person


def paper(data: bytes) -> str:
    return "".join("".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(data)).pages)


def figures(bureau: Bureau) -> dict[str, tuple[int, int]]:
    return {code: (it.numerator, it.denominator) for code, it in bureau.indicators().items()}


def test_scene_10_the_years_figures_and_draws_stay_right_over_a_reorganisation(june: Bureau) -> None:
    done = june.drawn("ggg")
    june.publish(june.rows(done)[:3])
    limited = of_the_area(june, "sc01")
    june.go(6, 9)
    before = figures(june)
    area = {t.pk for t in existing(station__code__in=("sc01", "sc02"))}
    assert reorganising.preview(unit("sc01")).schemes == 1

    reorganise(june)

    assert figures(june) == before
    # 没有抽取的方案：辖区改为承接所的，已审定的重新审定
    limited = june.fresh(limited)
    assert limited.state == "drafting"
    assert limited.scheme.scope["stations"] == ["sc02"]
    assert DOCUMENT in limited.scheme.returned_reason
    write_scheme(june, limited, stations=("sc02",))
    june.draw(june.approve(june.fresh(limited)))
    drawn = {row.target_id for row in june.rows(limited)}
    assert len(drawn) == 6
    assert drawn <= area
    # 其余三分之二由承接股室接着办，各项指标照常
    left = [row for row in june.rows(done) if row.published_at is None]
    assert {row.agency.code for row in left} == {"zlg"}
    june.publish(left)
    assert figures(june)["K1"][0] == before["K1"][0] + len({r.target_id for r in left})
    assert figures(june)["K3"][0] == figures(june)["K3"][1]


def test_scene_10_old_papers_say_the_names_of_then(june: Bureau) -> None:
    task, other = june.drawn("zlg", item="ZL01"), june.drawn("ggg")
    reorganise(june)
    for number, name in ((task.number, OLD), (other.number, MERGED)):
        draw = draws.live_draw_of(Task.objects.get(number=number))
        assert draw is not None
        text = paper(pdf.approval_sheet_pdf(sheets.approval_sheet(draw), mark="演示"))
        assert f"发起机关{name}" in text
        assert NEW not in text
        assert name in paper(pdf.draw_record_pdf(sheets.record(draw), mark="演示"))
    # 页面：单位表有曾用名，任务现在归新名称
    office = at_the_screen("bangong").open("/units/")
    assert OLD in office.text
    assert f"并入{NEW}" in office.text
    assert "质安股" in office.open(f"/tasks/{task.number}/").text
    # 改名以后抽取的，用新名称
    june.go(6, 11)
    later = june.drawn("zlg", item="ZL01", starts=(6, 11), ends=(9, 30))
    draw = draws.live_draw_of(later)
    assert draw is not None
    assert f"发起机关{NEW}" in paper(pdf.approval_sheet_pdf(sheets.approval_sheet(draw), mark="演示"))


INSPECTORS = Sheet(
    rows=(
        ("2026年执法人员名录", "", "", "", "", "", ""),
        ("编号", "姓名", "所属单位", "执法证号", "有效期起", "有效期至", "片区"),
        ("X1", "演示新甲", MERGED, "YS-9001", "2024-01-01", "2028-12-31", OLD_STATION),
        ("X2", "演示新乙", OLD, "YS-9002", "2024-01-01", "2028-12-31", "全部"),
        ("X3", "演示新丙", "质监股", "YS-9003", "2024-01-01", "2028-12-31", "全部"),
        (
            "X4",
            "演示新丁",
            OLD_STATION,
            "YS-9004",
            "2024-01-01",
            "2028-12-31",
            "云栖市场监管所、松岚市场监管所",
        ),
    ),
    merged=((0, 0, 0, 6),),
)
CODE = "91999901MA00099X0"
TARGETS = Sheet(
    rows=(
        ("企业名称", "统一社会信用代码", "成立日期", "主体类别", "登记状态", "住所", "管辖单位"),
        ("演示县新设贸易有限公司", CODE + check_character(CODE), "2026-05-06", "企业", "存续", "演示县云栖镇1号", OLD_STATION),
    )
)  # fmt: skip
PLAN = Sheet(
    rows=(
        ("序号", "任务名称", "抽查事项", "抽查对象", "抽查比例", "抽查时间", "责任单位"),
        ("1", "广告秋季抽查", "广告行为检查", "企业", "3%", "9月—10月", MERGED),
        ("2", "产品质量秋季抽查", "产品质量检查", "企业", "3%", "9月—10月", OLD),
        ("3", "个体户价格抽查", "价格行为检查", "个体工商户", "5%", "9月—10月", OLD_STATION),
    )
)


def bring_in(office: Person, kind: str, path: Path) -> Person:
    """Bring a file in by the page, as it is; whatever is asked is left as it was understood."""
    office.open("/imports/").press("上传并核对列", {"导入": kind, "文件": path})
    if office.offers("试导入"):
        office.press("试导入")
    assert "有错误0行" in office.text.replace(" ", ""), office.text
    return office.press("确认导入")


def written(folder: Path, name: str, write: Callable[[Path, Sheet], None], sheet: Sheet) -> Path:
    path = folder / name
    write(path, sheet)
    return path


def test_scene_10_files_of_wps_and_tables_named_xls_may_still_write_the_old_names(
    june: Bureau, tmp_path: Path
) -> None:
    Agency.objects.filter(code="zlg").update(short_name="质监股")
    reorganise(june)
    office = at_the_screen("bangong")

    bring_in(office, "执法检查人员名录", written(tmp_path, "人员.et", write_xls, INSPECTORS))
    held = {p.code: p.agency.code for p in Inspector.objects.filter(code__startswith="X")}
    assert held == {"X1": "zlg", "X2": "zlg", "X3": "zlg", "X4": "sc02"}
    task = june.approved("zlg", item="ZL01", starts=(6, 11), ends=(9, 30))
    reach = {code: units for code, _dept, units, *_rest in frames.officer_rows([task])}
    assert {code: reach[code] for code in held} == {"X1": "sc02", "X2": "*", "X3": "*", "X4": "sc02"}

    bring_in(office, "检查对象名录", written(tmp_path, "名录.xls", write_html, TARGETS))
    assert Target.objects.get(name="演示县新设贸易有限公司").station == unit("sc02")

    bring_in(office, "年度抽查计划", written(tmp_path, "2026年补充计划.xls", write_spreadsheetml, PLAN))
    plan = AnnualPlan.objects.get(year=YEAR)
    rows = planning.waiting(june.cast.office, plan, on=june.today)
    assert {r.version.row.number: (r.resolved.agency and r.resolved.agency.code) for r in rows} == {
        1: "zlg",
        2: "zlg",
        3: "sc02",
    }
    assert [r.text for r in rows if not r.is_ready] == []
    third = next(r for r in rows if r.version.row.number == 3)
    assert third.resolved.scope is not None
    assert third.resolved.scope.stations == ("sc02",)  # 所在新辖区内抽取

    head = ("统一社会信用代码", "检查日期", "检查单位", "检查类型")
    visit = Sheet(rows=(head, (existing()[0].uscc, "2026-06-01", MERGED, "专项检查")))
    bring_in(office, "入企检查记录", written(tmp_path, "检查.et", write_xls, visit))
    assert BorneVisit.objects.get(visited_on="2026-06-01").agency == unit("zlg")
