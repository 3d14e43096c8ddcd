"""The plan after its publication, on screen: amended by two people, received by its units, handed to the office system."""

from __future__ import annotations

import io

from docx import Document
from openpyxl import load_workbook

from fairdraw.accounts import services as accounts
from fairdraw.kernel.actor import SYSTEM, Duty
from fairdraw.plans.models import AnnualPlan, PlanEdition, PlanReceipt
from fairdraw.publication.models import Announcement
from tests.builders.county import NOW, OPENED
from tests.web.ui.html import Page

PLAN = "/plans/2026/"


def test_an_amendment_is_drafted_by_the_office_and_made_public_by_a_leader(office, officer):
    address = f"{PLAN}amendment/"
    office.post(address, {"step": "draft", "reason": ""}, status=422)
    office.post(address, {"step": "draft", "reason": "市局统一组织"})
    office.post(address, {"step": "drop", "row": "6"})
    office.post(
        f"{address}row/", {"task_name": "直销检查", "items": "广告行为检查", "amount": "许多"}, status=422
    )
    lacking = office.post(f"{address}row/", {"task_name": "直销检查", "items": "广告行为检查"}, status=422)
    assert "本地理由" in Page(lacking).text("//div[@role='alert']")
    new = {"task_name": "直销检查", "items": "广告行为检查", "amount": "5%", "local_reason": "投诉集中"}
    office.post(f"{address}row/", new)
    before = Announcement.objects.filter(kind="plan").count()
    office.post(address, {"step": "publish"}, status=403)

    leader = officer("juzhang")
    leader.post(address, {"step": "return", "reason": "请补充依据"})
    leader.post(address, {"step": "publish"}, status=409)
    assert "请补充依据" in office.page(address).text("//main")
    office.post(address, {"step": "draft", "reason": "市局统一组织"})
    page = leader.follow(leader.post(address, {"step": "publish"}))

    assert AnnualPlan.objects.get(year=2026).version == 2
    newest = Announcement.objects.filter(kind="plan").order_by("-version").first()
    assert (Announcement.objects.filter(kind="plan").count(), newest.reason) == (before + 1, "市局统一组织")
    said = page.text("//section[@class='difference']")
    assert "直销检查" in said
    assert "盐业专项检查" in said
    assert "盐业专项检查" in office.page(f"{PLAN}versions/1/").text("//table")


def test_units_confirm_the_office_enters_paper_and_urges(office, officer):
    address = f"{PLAN}receipts/"
    row = PlanReceipt.objects.get(agency__code="ggg")
    officer("zlg-jh").post(address, {"step": "confirm", "receipt": row.pk}, status=403)
    officer("ggg-jh").post(address, {"step": "confirm", "receipt": row.pk})
    other = PlanReceipt.objects.get(agency__code="sc01")
    office.post(
        address,
        {"step": "paper", "signer": "张某", "signed_on": "2027-01-01", "receipt": other.pk},
        status=422,
    )
    office.post(address, {"step": "urge"})

    row.refresh_from_db()
    assert row.confirmed_at is not None
    assert "未签收" in office.page(address).text("//div[@id='receipts']")
    assert PlanReceipt.objects.filter(urged_times=1).count() == PlanReceipt.objects.count() - 1


def test_the_workbench_of_a_unit_says_what_it_has_to_confirm_until_it_did(office, officer):
    office.post(f"{PLAN}receipts/", {"step": "urge"})
    section, station, other = officer("ggg-jh"), officer("sc01-fz"), officer("bangong")

    pile = "//section[./header/h3[contains(., '年度计划待签收')]]"
    home = section.page("/work/")
    assert "广告监管股签收2026年度计划第1版已催收1次" in home.text(pile)
    assert "云栖市场监管所签收" in station.page("/work/").text(pile)
    assert not other.page("/work/").all(pile)

    [link] = home.all(f"{pile}//li/a")
    asked = section.page(link.get("href"))
    assert "广告监管股还没有签收第 1 版" in asked.text("//main")
    assert section.page(asked.all("//p/a[contains(., '先看计划全文')]")[0].get("href")).all("//table")
    section.post(link.get("href"), {"step": "confirm"})
    assert "请先选定要签收的单位" in section.page(link.get("href")).text("//main")
    [button] = asked.all("//form[.//input[@name='step' and @value='confirm']]")
    section.post(link.get("href"), {i.get("name"): i.get("value") for i in button.xpath(".//input")})

    assert not section.page("/work/").all(pile)
    assert "还没有签收" not in section.page(link.get("href")).text("//main")


def test_a_department_that_takes_part_reads_and_confirms_its_own_line_alone(office, officer, county):
    unit = county.cast.units["jjz"]
    user = accounts.create_user(username="pb", name="配合", password="peihe-12345", actor=SYSTEM, now=NOW)
    accounts.grant(user=user, agency=unit, duty=Duty.CLERK, starts_on=OPENED, actor=SYSTEM, now=NOW)
    partner = officer("pb")
    address = f"{PLAN}receipts/"
    for closed in (address, f"{PLAN}versions/1/", PLAN):
        partner.get(closed, status=404)

    office.post(f"{PLAN}amendment/", {"step": "draft", "reason": "市局统一组织"})
    row = {"task_name": "直销检查", "items": "广告行为检查", "amount": "5%", "local_reason": "投诉集中"}
    office.post(f"{PLAN}amendment/row/", {**row, "participants": unit.name})
    officer("juzhang").post(f"{PLAN}amendment/", {"step": "publish"})

    [link] = partner.page("/work/").all("//section[./header/h3[contains(., '年度计划待签收')]]//li/a")
    page = partner.page(link.get("href"))
    assert [row.text_content() for row in page.all("//tbody/tr/th")] == [str(unit)]
    assert not page.all(f"//a[@href='{PLAN}']")
    assert "广告监管股" not in page.text("//main")
    text = partner.page(page.all("//p/a[contains(., '先看计划全文')]")[0].get("href"))
    assert "直销检查" in text.text("//table")
    assert not text.all(f"//a[@href='{PLAN}']")
    other = PlanReceipt.objects.get(agency__code="ggg", edition__version=2)
    mine = PlanReceipt.objects.get(agency=unit)
    partner.post(address, {"step": "urge"}, status=403)
    partner.post(address, {"step": "confirm", "receipt": [other.pk, mine.pk]})

    other.refresh_from_db()
    mine.refresh_from_db()
    assert (other.confirmed_at, mine.signer) == (None, "配合")
    partner.get(PLAN, status=404)


def test_body_and_annex_are_exactly_the_plan_and_the_letter_is_the_bureaus_own(office):
    text = "各单位：\n现印发《{title}》，共{count}项。"
    office.post(f"{PLAN}letter/", {"text": "各单位：\n{nobody}"}, status=422)
    office.post(f"{PLAN}letter/", {"text": text})
    rows = PlanEdition.objects.get(plan__year=2026).rows

    body = Document(io.BytesIO(office.get(f"{PLAN}papers/body.docx").content))
    annex = Document(io.BytesIO(office.get(f"{PLAN}papers/annex.docx").content))
    sheet = load_workbook(io.BytesIO(office.get(f"{PLAN}papers/annex.xlsx").content)).active

    assert any(f"共{len(rows)}项" in p.text for p in body.paragraphs)
    names = [row["task"] for row in rows]
    assert [r.cells[1].text for r in annex.tables[0].rows][1:] == names
    assert [n for n in (c.value for c in sheet["B"]) if n in names] == names
    office.get(f"{PLAN}papers/nothing.docx", status=404)
