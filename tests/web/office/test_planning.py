"""A row of the plan becomes a task on the pages: all sure rows at once, the others settled one by one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fairdraw.plans import annual
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.models import PlanRowVersion, Task
from tests.builders import county as builder
from tests.web.ui.html import Page

YEAR = 2027
AD, PRODUCT = "广告行为检查", "产品质量监督检查"
LIST = f"/plans/{YEAR}/planning/"
ROWS = (
    PlanRowEntry("1", "广告抽查", (AD,), "企业", initiator="广告监管股", ratio_min=Decimal("0.1")),
    PlanRowEntry("2", "网红店抽查", (AD,), "网红打卡店", initiator="广告监管股", ratio_min=Decimal("0.2")),
    PlanRowEntry("3", "产品抽查", (PRODUCT,), "企业", initiator="质量监管股", count_min=12),
    PlanRowEntry("4", "盐业抽查", ("盐业",), "企业", initiator="盐业监管股"),
)
SETTLED = {
    "name": "网红店抽查",
    "scope_words": "个体工商户",
    "amount": "10%",
    "starts_on": "2027-03-01",
    "ends_on": "2027-06-30",
    "method": "on_site",
    "assign_mode": "each",
    "channel": "provincial",
    "unannounced": "on",
}


@pytest.fixture(autouse=True)
def plan(county):
    """Next year's plan: two rows that are sure, two that nobody can read."""
    return annual.import_plan(
        list(ROWS),
        agency=county.bureau,
        year=YEAR,
        title="2027年度抽查计划",
        source="计划.xlsx",
        invented="",
        actor=county.actor("bangong"),
        now=builder.NOW,
    )


@pytest.fixture
def settled(county) -> dict[str, str]:
    """What a person types who knows what the second row means."""
    item = county.task("ggg-GG01").task_items.get().version
    return {**SETTLED, "agency": str(county.cast.units["ggg"].pk), "items": str(item.pk)}


def made() -> dict[str, Task]:
    return {task.name: task for task in Task.objects.filter(year=YEAR)}


def rows_of(page: Page, table: str) -> list[str]:
    return [" ".join(r.text_content().split()) for r in page.all(f"//*[@id='{table}']//tbody/tr")]


def test_all_sure_rows_become_tasks_at_once_and_the_others_are_named(office):
    page = office.page(LIST)
    first, second = rows_of(page, "ready")
    assert "广告抽查" in first
    assert "广告监管股" in first
    assert "共12户" in second
    unread, unknown = rows_of(page, "others")
    assert "“网红打卡店”不在对象范围对照表里" in unread
    assert "没有名为“盐业监管股”的承办单位" in unknown

    asked = Page(office.post(LIST, status=200))
    assert "2 行" in asked.text("//p[@class='confirm-count']")
    assert "另有 2 行待确认或暂缓" in asked.source
    assert made() == {}
    said = office.follow(office.post(LIST, {"sure": "1"}))

    assert set(made()) == {"广告抽查", "产品抽查"}
    task = made()["产品抽查"]
    assert (task.agency.name, task.state, task.scheme.total) == ("质量监管股", "drafting", 12)
    assert "已排定 2 项任务" in said.source
    assert "还有 2 行待确认或暂缓" in said.source
    office.post(LIST, {"sure": "1"})
    assert len(made()) == 2


def test_a_section_sees_and_plans_its_own_rows_alone(officer):
    planner = officer("zlg-jh")
    page = planner.page(LIST)
    assert [row for row in rows_of(page, "ready") if "产品抽查" not in row] == []

    planner.post(LIST, {"sure": "1"})
    assert set(made()) == {"产品抽查"}


def test_a_section_makes_no_task_of_another_sections_row(officer, settled):
    other = officer("ggg-jh")
    page = other.page(f"{LIST}3/")
    assert not page.all("//button[@value='plan']")
    assert "承办单位的计划岗" in page.text("//span[@class='refused']")

    other.post(f"{LIST}3/", {**settled, "step": "plan"}, status=403)
    assert made() == {}


def test_a_row_is_put_right_sized_and_planned(office, settled):
    page = office.page(f"{LIST}2/")
    assert "“网红打卡店”不在对象范围对照表里" in page.text("//div[contains(@class,'warning')]")
    assert page.all("//input[@name='items'][@checked]/@value") == [settled["items"]]
    assert page.all("//input[@name='amount']/@value") == ["20%"]

    sized = Page(office.post(f"{LIST}2/", {**settled, "step": "size"}, status=200))
    assert "59 户" in sized.text("//dl")
    assert "共6户" in sized.source
    assert made() == {}

    shown = office.follow(office.post(f"{LIST}2/", {**settled, "step": "plan"}))
    task = made()["网红店抽查"]
    assert shown.text("//h1").startswith("排定任务")  # 回到其余各行
    assert "已排定“网红店抽查”" in shown.source
    assert (task.plan_row.number, task.channel, task.unannounced) == (2, "provincial", True)
    assert (task.scheme.scope["kinds"], task.scheme.assign_mode) == (["individual_business"], "each")
    assert task.scheme.finishes_on == dt.date(YEAR, 6, 30)
    office.post(f"{LIST}2/hold/", {"reason": "以后再说"}, status=409)
    again = office.post(f"{LIST}2/", {**settled, "step": "plan"})
    assert again["Location"] == f"/plans/{YEAR}/2/"
    assert len(made()) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"scope_words": "网红打卡店"}, "不在对象范围对照表里"),
        ({"amount": "很多"}, "请写成 5%（不超过100%）或 20户"),
        ({"amount": "120%"}, "请写成 5%（不超过100%）或 20户"),
        ({"amount": ""}, "请填写抽查比例或数量"),
        ({"class_A": "1%"}, "按类别分别写了比例或数量的，这里请空着"),
        ({"ends_on": "2027-01-01"}, "完成时间早于开始时间"),
        ({"items": ""}, "请至少选择一项抽查事项"),
        ({"agency": ""}, "承办单位"),
    ],
)
def test_what_is_typed_wrong_is_said_at_its_field(office, settled, typed, said):
    given = {k: v for k, v in {**settled, **typed, "step": "plan"}.items() if v or k != "items"}
    page = Page(office.post(f"{LIST}2/", given, status=422))

    assert said in page.text("//div[@role='alert']")
    assert made() == {}


def test_figures_by_class_are_sized_by_class(office, settled):
    by_class = {
        **settled,
        "scope_words": "企业",
        "amount": "",
        "class_A": "2%",
        "class_B": "5%",
        "class_N": "5%",
    }
    lacking = Page(office.post(f"{LIST}2/", {**by_class, "class_N": "", "step": "plan"}, status=422))
    assert "未写明未分类对象的比例" in lacking.text("//div[@role='alert']")

    office.post(f"{LIST}2/", {**by_class, "step": "plan"})
    assert made()["网红店抽查"].scheme.ratio_text == "A类2%、B类5%、未分类5%"


def test_a_row_is_held_with_its_reason_and_only_the_office_lets_it_go_on(office, officer, settled):
    planner = officer("ggg-jh")
    planner.post(f"{LIST}2/hold/", {"reason": "等省局文件"}, status=403)
    office.post(f"{LIST}2/hold/", {"reason": "等省局文件"})

    assert PlanRowVersion.objects.get(row__plan__year=YEAR, row__number=2).held_reason == "等省局文件"
    [line] = [row for row in rows_of(office.page(LIST), "others") if "网红店抽查" in row]
    assert "暂缓" in line
    assert "等省局文件" in line
    page = planner.page(f"{LIST}2/")
    assert not page.all("//button[@value='plan']")
    assert "领导小组办公室" in page.text("//span[@class='refused']")
    planner.post(f"{LIST}2/", {**settled, "step": "plan"}, status=403)

    office.post(f"{LIST}2/", {**settled, "step": "plan"})
    assert PlanRowVersion.objects.get(row__plan__year=YEAR, row__number=2).held_reason == ""


def test_a_task_outside_the_plan_says_why_it_is_made(officer, settled):
    planner = officer("ggg-jh")
    own = {**settled, "starts_on": "2026-10-01", "ends_on": "2026-10-30", "step": "plan"}
    refused = Page(planner.post("/tasks/new/", own, status=422))
    assert "列入理由" in refused.text("//div[@role='alert']")

    shown = planner.follow(planner.post("/tasks/new/", {**own, "reason": "省局专项部署"}))
    assert shown.text("//h1").startswith("网红店抽查")
    assert "省局专项部署" in shown.text("//main")
    task = Task.objects.get(name="网红店抽查")
    assert (task.plan_row, task.local_reason, task.year) == (None, "省局专项部署", 2026)
    [choices] = planner.page("/tasks/new/").all("//select[@name='agency']")
    assert "质量监管股" not in choices.text_content()


def test_a_scheme_is_written_anew_until_it_is_approved(officer, county):
    draft = county.task("ggg-draft")
    planner = officer("ggg-jh")
    assert planner.page(f"/tasks/{draft.number}/").all(f"//a[@href='/tasks/{draft.number}/scheme/']")
    page = planner.page(f"/tasks/{draft.number}/scheme/")
    assert not page.all("//*[@name='items']")
    form = {k: v for k, v in SETTLED.items() if k not in {"name", "channel", "unannounced"}}
    dates = {"starts_on": "2026-10-12", "ends_on": "2026-11-10"}

    planner.post(f"/tasks/{draft.number}/scheme/", {**form, **dates, "step": "plan"})

    draft.refresh_from_db()
    scheme = draft.scheme
    scheme.refresh_from_db()
    assert (scheme.scope_text, scheme.finishes_on) == ("个体工商户", dt.date(2026, 11, 10))
    assert draft.name == "秋季广告补充检查"
    officer("ggg-fz").post(f"/tasks/{draft.number}/approve/")
    planner.get(f"/tasks/{draft.number}/scheme/", status=409)


def test_a_year_without_a_plan_says_how_it_comes_in(office):
    assert office.page("/plans/2031/").all("//a[@href='/imports/'][text()='导入计划表']")


def test_the_plan_leads_to_its_rows_that_wait_for_who_may_plan_them(office, officer):
    assert office.page(f"/plans/{YEAR}/").all(f"//a[@href='{LIST}']")
    assert not officer("jiandu").page(f"/plans/{YEAR}/").all(f"//a[@href='{LIST}']")
    officer("jiandu").get(LIST, status=403)


def test_a_task_beyond_the_limit_of_its_item_is_named_when_all_are_planned(office, county):
    county.task("ggg-GG01").task_items.get().item.versions.update(ratio_limit=Decimal("0.01"))

    said = office.follow(office.post(LIST, {"sure": "1"}))
    assert "超过抽查事项的比例上限，请修改方案：广告抽查" in said.source


def test_targets_of_one_scope_are_counted_once_for_all_rows(office):
    with CaptureQueriesContext(connection) as asked:
        office.get(LIST)

    counted = [q for q in asked.captured_queries if 'COUNT("registers_target"' in q["sql"]]
    assert len(counted) == 1
