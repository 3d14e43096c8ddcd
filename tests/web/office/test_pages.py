"""Every page of the office opens for its people, is well made, and stays shut or absent for others."""

from __future__ import annotations

from collections import OrderedDict

import pytest

from fairdraw.accounts import services as accounts
from fairdraw.desk import goals
from fairdraw.followup.models import FollowUp
from fairdraw.inspections.models import Inspection
from fairdraw.kernel import clock
from fairdraw.kernel.actor import SYSTEM, Duty
from fairdraw.plans.models import TaskAgency
from fairdraw.registers.models import CreditClass
from fairdraw.ui import formats, pages
from tests.builders import county as builder
from tests.web.office.conftest import Officer
from tests.web.ui.html import Page

EVERYBODY = [
    "/work/",
    "/tasks/",
    "/draws/",
    "/inspections/",
    "/publication/",
    "/followups/",
    "/board/",
    "/plans/2026/",
    "/plans/2026/6/",
    "/registers/targets/",
]
OF_A_TASK = ["", "draw/", "team/", "inspections/", "publication/", "followups/"]


@pytest.mark.parametrize("name", ["bangong", "juzhang", "jiandu", "jianzheng", "zlg-jh", "sc01-fz"])
def test_everybody_has_the_common_pages(officer, name):
    person = officer(name)
    for address in EVERYBODY:
        person.get(address)


def test_an_administrator_keeps_accounts_and_sees_no_daily_work(officer, county):
    """三员 are parted from the work: no business page, no count, no menu line that leads to one."""
    keeper = officer("guanli")
    work = keeper.page("/work/")

    assert "不办理抽查业务" in work.text("//main")
    assert work.all("//main//a[starts-with(@href, '/tasks/')]") == []
    assert work.all("//nav//a[starts-with(@href, '/tasks/') or starts-with(@href, '/registers/')]") == []
    task = county.task("zlg-ZL01").number
    for address in (*EVERYBODY[1:], f"/tasks/{task}/", f"/tasks/{task}/draw/"):
        keeper.get(address, status=403)


def test_a_partner_department_sees_its_tasks_and_nothing_else_of_the_bureau(county, officer):
    partner = accounts.create_user(
        username="partner", name="联络员", password="partner-1234", actor=SYSTEM, now=builder.NOW
    )
    department = county.cast.units["jjz"]
    accounts.grant(
        user=partner,
        agency=department,
        duty=Duty.CLERK,
        starts_on=builder.OPENED,
        actor=SYSTEM,
        now=builder.NOW,
    )
    mine, others = county.task("zlg-ZL01"), county.task("ggg-GG01")
    TaskAgency.objects.create(task=mine, agency=department, role="partner")
    person = Officer(partner)
    work = person.page("/work/")

    assert mine.name in person.page("/tasks/").text("//main")
    assert others.name not in person.page("/tasks/").text("//main")
    person.get(f"/tasks/{mine.number}/")
    for address in ("/board/", "/plans/", "/plans/2026/", "/plans/2026/6/", "/registers/targets/"):
        person.get(address, status=404)
    assert work.all("//nav//a[@href='/board/' or @href='/plans/']") == []
    assert "企业抽查" not in work.text("//main")


@pytest.mark.parametrize("size", [max(pages.SIZES)])
def test_every_row_of_the_longest_page_can_be_ticked(planner, county, settings, size):
    task = county.task("zlg-ZL01")
    rows = list(Inspection.objects.filter(task=task).values_list("pk", flat=True))
    ticked = (rows * size)[:size]

    answer = planner.post("/inspections/many/", {"do": "clean", "id": ticked}, status=200)

    assert "录入未发现问题" in Page(answer).text("//h1")


def test_a_scheme_and_its_strata_say_a_rate_in_the_same_way(planner, county):
    """An exact share of 1/29 is 3.45 %, in the scheme's own text and beside each stratum."""
    scheme = county.task("zlg-ZL01").scheme
    rows = [{"code": "A", "num": 1, "den": 29, "min": 0, "reserve": 0}]
    type(scheme).objects.filter(pk=scheme.pk).update(strata=rows, ratio_text="A类3.45%")

    told = planner.page(f"/tasks/{scheme.task.number}/").text("//main")

    assert "3.44%" not in told
    assert told.count("3.45%") == 2


@pytest.mark.parametrize("part", OF_A_TASK)
def test_a_task_is_shown_to_its_section_and_to_the_office(officer, county, part):
    for key, people in {
        "zlg-ZL01": ("zlg-jh", "zlg-fz", "bangong", "juzhang"),
        "ggg-GG01": ("ggg-jh", "bangong"),
        "qjg-QX01": ("qjg-jh",),
        "ggg-draft": ("ggg-fz", "ggg-jh"),
    }.items():
        for name in people:
            officer(name).get(f"/tasks/{county.task(key).number}/{part}")


@pytest.mark.parametrize("part", [*OF_A_TASK, "batch.pdf", "notify/", "paper/"])
def test_a_task_of_another_section_does_not_exist(officer, county, part):
    officer("ggg-jh").get(f"/tasks/{county.task('zlg-ZL01').number}/{part}", status=404)


def test_an_inspection_of_another_section_does_not_exist(officer, county):
    number = Inspection.objects.filter(task=county.task("zlg-ZL01")).first().number
    stranger = officer("ggg-jh")

    stranger.get(f"/inspections/{number}/", status=404)
    stranger.get(f"/inspections/{number}/record/", status=404)
    stranger.get("/tasks/2026-999/", status=404)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("zlg-fz", "/draws/pool/"),
        ("zlg-jh", "/plans/2026/steps/close/"),
        ("jiandu", "/inspections/2026-002-0001/record/"),
        ("zlg-jh", "/tasks/2026-002/cancel/"),
        ("jianzheng", "/tasks/2026-002/batch.pdf"),
        ("zlg-fz", "/tasks/2026-002/notify/"),
    ],
)
def test_without_the_duty_the_page_is_refused(officer, name, address):
    answer = officer(name).get(address, status=403)

    assert Page(answer).text("//p[@class='refusal-text']")


def test_the_workbench_counts_what_waits_and_each_line_opens_it(planner):
    page = planner.page("/work/")
    piles = page.all("//section[@id='todo']//section[contains(@class,'card')]")

    assert piles
    for pile in piles:
        lines = pile.xpath(".//li/a/@href")
        assert lines
        planner.get(lines[0])


def test_the_leader_finds_the_scheme_that_waits(officer):
    page = officer("ggg-fz").page("/work/")

    assert page.all("//section[@id='todo']//a[normalize-space()='秋季广告补充检查']")


def test_a_held_row_of_the_plan_is_a_warning_for_the_office(office):
    page = office.page("/work/")

    assert "盐业专项检查" in page.text("//section[@id='warnings']")


def test_the_line_for_the_work_group_is_short_and_names_nobody(office):
    message = office.page("/work/").text("//div[contains(@class,'message-line')]//code")

    assert len(message) <= 60
    assert message.startswith("9月14日双随机：待办")
    assert "有限公司" not in message


def test_goals_show_numerator_denominator_and_what_is_missing(office):
    page = office.page("/work/")

    goals = page.all("//div[contains(@class,'goal ')]")
    assert len(goals) == 5
    publication = next(g for g in goals if "抽查结果公示率" in g.text_content())
    told = " ".join(publication.text_content().split())
    checked = Inspection.objects.filter(checked_on__isnull=False).count()
    published = Inspection.objects.filter(published_at__isnull=False).count()
    assert 0 < published < checked
    assert f"还差{checked - published}户次" in told
    assert f"{published} / {checked}" in told


def test_the_scheme_states_rates_by_class_and_the_days_counted_back(planner, county):
    page = planner.page(f"/tasks/{county.task('zlg-ZL01').number}/")

    assert "信用风险高（D）" in page.source
    assert "最迟封存抽取" in page.text("//dl[contains(@class,'schedule')]")
    assert page.all("//ol[@class='steps']/li[@aria-current='step']//a[normalize-space()='检查']")


def test_a_step_done_in_time_says_so_with_its_day_and_never_that_the_day_is_past(planner, county):
    task = county.task("zlg-ZL01")
    page = planner.page(f"/tasks/{task.number}/")
    sealing = page.text("//dl[contains(@class,'schedule')]/div[2]")

    assert f"按时，{formats.date_zh(clock.local_date(task.drawn_at))}办结" in sealing
    assert "已过" not in sealing


def test_a_share_of_nothing_is_said_in_words(office):
    told = office.page("/board/2031/").text("//main")

    assert "尚无应差异化抽查的户数" in told
    assert "尚无检查完毕的户次" in told


def test_team_pages_name_certificates_and_print_the_batch(planner, county):
    number = county.task("zlg-ZL01").number
    page = planner.page(f"/tasks/{number}/team/")

    assert "演999901" in page.text("//table")
    assert planner.get(f"/tasks/{number}/batch.pdf").content.startswith(b"%PDF")


def test_who_drew_a_target_and_what_it_bore_is_on_its_page(planner, county):
    row = Inspection.objects.filter(task=county.task("zlg-ZL01"), checked_on__isnull=False).first()
    page = planner.page(f"/targets/{row.target.draw_code}/")

    assert row.task.name in page.text("//div[@id='drawn']")
    assert "双随机抽查" in page.text("//div[@id='borne']")


def test_a_changed_class_keeps_its_history_with_date_and_edition(office):
    changed = CreditClass.objects.select_related("target").get()
    page = office.page(f"/targets/{changed.target.draw_code}/")

    line = page.text("//div[@id='classes']//tbody/tr")
    assert line.startswith("信用风险一般（B）")
    assert "2026年8月25日" in line
    assert "2026-2" in line


def test_a_station_sees_its_own_targets_alone(officer):
    person: Officer = officer("sc01-jh")
    page = person.page("/registers/targets/?size=200")
    stations = {cell.text_content() for cell in page.all("//tbody//td[@data-l='市场监管所']")}

    assert stations == {"云栖市场监管所"}


def test_a_department_outside_the_bureau_sees_no_register(officer):
    assert "没有符合条件的检查对象" in officer("jianzheng").page("/registers/targets/").source


def test_the_board_shows_every_goal_every_unit_and_who_has_no_task(office):
    page = office.page("/board/")

    for code in ("K1", "K2", "K3", "K4", "K5", "K6"):
        assert page.all(f"//span[@class='kind' and text()='{code}']"), code
    assert "K7" in page.source
    assert "法规股" in page.text("//div[contains(@class,'notice')]")
    busy = [row.text_content() for row in page.all("//div[@id='units']//tbody/tr/th")]
    idle = page.text("//p[contains(@class,'idle')]").split("：")[1].split("、")
    assert "法规股" in idle
    assert "法规股" not in busy
    assert len(busy) + len(idle) == 7
    assert page.all("//figure[contains(@class,'lines')]//svg")
    assert page.all("//figure[contains(@class,'lines')]//table")


def test_a_task_that_was_not_sealed_in_time_is_late_on_the_board(office, county, monkeypatch):
    task = county.task("qjg-QX01")
    task.due_on = county.task("zlg-ZL01").drawn_at.date()
    task.save()
    monkeypatch.setattr(goals, "_figures", OrderedDict())  # kept until the log grows; this went past it

    assert task.name in office.page("/board/").text("//div[@id='late']")


def test_plan_rows_show_what_became_of_them(office, county):
    page = office.page("/plans/2026/")

    rows = {r.xpath(".//th")[0].text_content().strip(): r for r in page.all("//tbody/tr")}
    assert "抽查事项“盐业”不在本机关抽查事项清单中" in rows["盐业专项检查"].text_content()
    assert rows["广告行为检查"].xpath(f".//a[@href='/tasks/{county.task('ggg-GG01').number}/']")
    held = Page(office.get("/plans/2026/?state=held"))
    assert [r.text_content().strip() for r in held.all("//tbody/tr/th")] == ["盐业专项检查"]


def test_the_plan_of_a_year_without_one_says_so(office):
    assert "还没有年度计划" in office.page("/plans/2031/").source
    assert office.get("/plans/", status=302)["Location"] == "/plans/2026/"


def test_followups_open_from_their_list(planner):
    page = planner.page("/followups/")

    first = page.all("//tbody/tr/th/a/@href")[0]
    planner.get(first)
    assert FollowUp.objects.count() == len(page.all("//tbody/tr"))


def test_fragments_come_alone_for_htmx(planner):
    for address in (
        "/tasks/",
        "/inspections/",
        "/followups/",
        "/plans/2026/",
        "/registers/targets/",
        "/draws/",
    ):
        part = planner.client.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part, address
        assert 'id="list"' in part, address
