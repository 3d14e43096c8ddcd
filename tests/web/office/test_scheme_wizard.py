"""The scheme wizard page by page: it keeps what is typed, says what is missing, sizes at once, copies, and saves once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from fairdraw.plans import annual
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.models import SchemeDraft, Task, WorkShare
from tests.builders import county as builder
from tests.web.ui.html import Page

YEAR = 2027
ROW = PlanRowEntry(
    "1",
    "广告抽查",
    ("广告行为检查",),
    "企业",
    initiator="广告监管股",
    ratio_min=Decimal("0.05"),
    window_start=dt.date(YEAR, 3, 1),
    window_end=dt.date(YEAR, 3, 28),
)


@pytest.fixture(autouse=True)
def plan(county):
    """Next year's plan of one row."""
    return annual.import_plan(
        [ROW],
        agency=county.bureau,
        year=YEAR,
        title="2027年度抽查计划",
        source="计划.xlsx",
        invented="",
        actor=county.actor("bangong"),
        now=builder.NOW,
    )


@pytest.fixture
def planner(officer):
    return officer("ggg-jh")


def begin(planner, address=f"/plans/{YEAR}/planning/1/wizard/"):
    """The address of the first page of a draft."""
    return planner.post(address)["Location"]


def at(first, step):
    return first.replace("/objects/", f"/{step}/")


def fields(page):
    """What the form of a page would send, as a browser does without scripts."""
    sent: dict[str, list[str]] = {}
    for one in page.all("//form[contains(@class,'wide')]//input | //form[contains(@class,'wide')]//select"):
        name, kind = one.get("name"), one.get("type")
        if one.tag == "select":
            chosen = one.xpath("./option[@selected]") or one.xpath("./option")[:1]
            sent.setdefault(name, []).extend(o.get("value") for o in chosen)
        elif kind not in {"checkbox", "radio"} or one.get("checked") is not None:
            sent.setdefault(name, []).append(one.get("value") or "")
    return sent


def go(planner, address, to="next", status=302, **typed):
    """Fill in a page over what it holds and press a button."""
    given = {**fields(planner.page(address)), **typed, "go": to}
    return planner.post(address, given, status=status)


RATES = {"class_A": "2%", "class_B": "5%", "class_C": "10%", "class_D": "50%", "class_N": "5%", "amount": ""}


def test_a_row_becomes_a_scheme_page_by_page_and_its_division_stands_with_it(planner, county):
    first = begin(planner)
    assert planner.page(first).all("//input[@name='name'][@value='广告抽查']")
    assert go(planner, first)["Location"] == at(first, "rates")
    assert go(planner, at(first, "rates"), **RATES)["Location"] == at(first, "method")
    assert go(planner, at(first, "method"))["Location"] == at(first, "division")
    unit, area = str(county.cast.units["ggg"].pk), str(county.cast.units["sc01"].pk)
    share = {"share_1_agency": unit, "share_1_area": area, "share_1_leader": "陈某"}
    share |= {"share_1_first": "2027-03-08", "share_1_last": "2027-03-14"}
    assert go(planner, at(first, "division"), **share)["Location"] == at(first, "summary")

    summary = planner.page(at(first, "summary"))
    assert "演示县2027年广告抽查方案" in summary.text("//dl[@class='facts']")
    assert "保存时编号" in summary.text("//dl[@class='facts']")
    assert "陈某带队" in summary.source
    assert not summary.all("//div[contains(@class,'notice')]//a")
    shown = planner.follow(go(planner, at(first, "summary"), "save"))

    task = Task.objects.get(year=YEAR)
    assert shown.text("//h1").startswith("广告抽查")
    assert task.scheme.name == "演示县2027年广告抽查方案"
    assert task.scheme.number == "演市监抽查〔2027〕1号"
    assert task.scheme.ratio_text == "A类2%、B类5%、C类10%、D类50%、未分类5%"
    kept = WorkShare.objects.get(task=task)
    assert (kept.area.code, kept.starts_on, kept.ends_on) == (
        "sc01",
        dt.date(2027, 3, 8),
        dt.date(2027, 3, 14),
    )
    assert not SchemeDraft.objects.exists()
    planner.get(first, status=404)


def test_what_was_typed_stays_right_or_wrong_and_is_one_s_own(planner, officer):
    first = begin(planner)
    refused = Page(go(planner, first, status=422, scope_words="网红打卡店"))
    assert "不在对象范围对照表里" in refused.text("//div[@role='alert']")

    # 换个时候回来，草稿还在；到后面的页再回来也在
    assert planner.page(begin(planner)).all("//input[@name='scope_words'][@value='网红打卡店']")
    assert go(planner, first, "summary", scope_words="网红打卡店")["Location"] == at(first, "summary")
    missing = planner.page(at(first, "summary"))
    [line] = missing.all("//div[contains(@class,'notice')]//li[a]")
    assert "对象与事项" in line.text_content()
    assert "不在对象范围对照表里" in line.text_content()
    assert line.xpath("./a/@href") == [first]
    go(planner, at(first, "summary"), "save", status=422)
    assert not Task.objects.filter(year=YEAR).exists()

    officer("zlg-jh").get(first, status=404)
    planner.post(first.replace("/objects/", "/discard/"))
    planner.get(first, status=404)


def test_rates_that_fall_are_said_at_the_riskier_class(planner):
    first = begin(planner)
    page = Page(go(planner, at(first, "rates"), status=422, **{**RATES, "class_C": "4.99%"}))

    [field] = page.all("//input[@name='class_C']/ancestor::div[contains(@class,'wrong')]")
    assert "风险越高比例应当越高" in field.text_content()
    # 专业领域另有规定的可以
    exempt = {**RATES, "class_C": "4.99%", "exempt": "food"}
    go(planner, at(first, "rates"), **exempt)


def test_sizes_ratio_and_limits_are_shown_at_once(planner, county):
    item = county.task("ggg-GG01").task_items.get().item
    item.versions.update(ratio_limit=Decimal("0.06"))
    first = begin(planner)
    sized = Page(go(planner, at(first, "rates"), "stay", status=200, **RATES))
    rows = {r.xpath("./th")[0].text_content(): r for r in sized.all("//table[@id='sizes']//tbody/tr")}
    total = [td.text_content() for td in rows["合计"].xpath("./td")]
    parts = [[int(td.text_content()) for td in r.xpath("./td")[:2]] for k, r in rows.items() if k != "合计"]
    assert [int(total[0]), int(total[1])] == [sum(p[0] for p in parts), sum(p[1] for p in parts)]

    checks = " ".join(sized.text("//ul[@class='checks']").split())
    assert "上限6%，至多" in checks
    assert "计划要求不低于5%" in checks
    assert "计入差异化抽查（目标85%）" in checks
    flat = Page(
        go(planner, at(first, "rates"), "stay", status=200, **dict.fromkeys(RATES, "50%") | {"amount": ""})
    )
    told = flat.text("//ul[@class='checks']")
    assert "已超过，冻结名单时会被拒绝" in told
    assert "不计入差异化抽查" in told


def test_strata_of_its_own_come_with_their_fields(planner):
    first = begin(planner)
    by_index = Page(go(planner, at(first, "rates"), "stay", status=200, by="index"))
    assert by_index.all("//input[@name='bounds'][not(@type='hidden')]")
    banded = Page(go(planner, at(first, "rates"), "stay", status=200, bounds="60、80", amount=""))
    labels = [label.text_content() for label in banded.all("//div[contains(@class,'narrow-fields')]//label")]
    assert labels == [
        "严重违法失信名单",
        "经营异常名录",
        "风险指数低于60",
        "风险指数60至80",
        "风险指数80以上",
        "无风险指数",
    ]
    wrong = Page(go(planner, at(first, "rates"), status=422, bounds="80、60", class_N="5%", amount=""))
    assert "请从低到高写" in wrong.text("//div[@role='alert']")


def test_lines_of_the_division_are_made_for_every_area_or_one_by_one(planner, county):
    first = begin(planner)
    go(planner, at(first, "division"), "areas")
    units = planner.page(at(first, "division")).all("//select[contains(@name,'_agency')]/option[@selected]")
    assert {u.text_content() for u in units} == {str(county.cast.units[c]) for c in ("sc01", "sc02")}
    go(planner, at(first, "division"), "more")
    assert len(planner.page(at(first, "division")).all("//tbody/tr")) == 4


def test_a_scheme_is_copied_with_its_days_moved(planner, county):
    source = county.task("ggg-WL01")
    first = begin(planner, "/tasks/new/wizard/")
    go(planner, first, "copy", source=source.number)
    page = planner.page(first)
    assert page.all(f"//input[@name='name'][@value='{source.name}']")
    method = planner.page(at(first, "method"))
    assert method.all(f"//input[@name='starts_on'][@value='{source.scheme.starts_on}']")
    foreign = county.task("zlg-ZL01")
    go(planner, first, "copy", status=404, source=foreign.number)


def test_a_name_or_number_that_is_taken_is_said_at_its_field(planner, county):
    other = county.task("ggg-draft").scheme
    planner.post("/tasks/new/wizard/")
    held = SchemeDraft.objects.get()
    first = f"/schemes/drafts/{held.pk}/objects/"
    item = str(county.task("ggg-GG01").task_items.get().version_id)
    unit = str(county.cast.units["ggg"].pk)
    go(planner, first, name="补充抽查", reason="部署", agency=unit, items=item, scope_words="企业")
    go(planner, at(first, "rates"), **RATES)
    go(planner, at(first, "method"), starts_on="2026-10-12", ends_on="2026-11-10")
    taken = Page(go(planner, at(first, "summary"), "save", status=422, scheme_name=other.name))
    assert "已用这个名称" in taken.text("//div[@role='alert']")
    numbered = Page(
        go(planner, at(first, "summary"), "save", status=422, scheme_name="", scheme_number=other.number)
    )
    assert "已用这个编号" in numbered.text("//div[@role='alert']")
    go(planner, at(first, "summary"), "save", scheme_number="演市监抽查〔2026〕临1号")
    assert Task.objects.get(name="补充抽查").scheme.number == "演市监抽查〔2026〕临1号"
