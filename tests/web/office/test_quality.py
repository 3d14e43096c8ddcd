"""The quality report: each number leads to exactly its rows, and a table holds what is shown."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from fairdraw.burden.models import BorneVisit
from fairdraw.inspections.models import Inspection
from fairdraw.registers import listing
from fairdraw.registers.models import Inspector, ItemVersion, Target

QUALITY = "/registers/quality/"


@pytest.fixture(autouse=True)
def counted_anew() -> None:
    """What an earlier test changed was taken back, past the log."""
    listing.forget()


def score(page) -> int:
    return int(page.all("//dt[normalize-space()='得分']/following-sibling::dd")[0].text_content())


def spoil(status: str = "unknown") -> Target:
    target = Target.objects.filter(station__code="sc01", status="existing").order_by("draw_code")[0]
    Target.objects.filter(pk=target.pk).update(status=status)
    listing.forget()
    return target


def test_a_number_leads_to_exactly_its_rows_and_the_tables_hold_them(office, county):
    spoil()
    held = set(Target.objects.filter(status="unknown").values_list("draw_code", flat=True))
    row = office.page(QUALITY).all("//tr[.//a[contains(@href, '/status_unknown/')]]")[0]
    where = f"{QUALITY}status_unknown/"
    shown = {c.text_content() for c in office.page(f"{where}?size=500").all("//tbody/tr/td[1]")}
    data = office.get(f"{where}export.csv").content.decode("utf-8-sig")
    told = {line["抽取编码"] for line in csv.DictReader(io.StringIO(data))}
    sheet = load_workbook(io.BytesIO(office.get(f"{where}export.xlsx").content)).active
    cells = {str(cell.value) for line in sheet.iter_rows() for cell in line}

    assert int(row.xpath("./td")[0].text_content().replace(",", "")) == len(held)
    assert shown == told == held
    assert held <= cells
    office.get(f"{where}export.pdf", status=404)
    office.get(f"{QUALITY}other/", status=404)


def test_a_blocking_fault_holds_the_score_below_sixty(office, county):
    Target.objects.filter(status="unknown").update(status="revoked")
    spoil()
    page = office.page(QUALITY)

    assert score(page) <= 59
    assert "抽取前须处理" in office.get(QUALITY).content.decode()


def test_a_station_sees_the_faults_of_its_own_area(officer, county):
    target = spoil()

    assert target.draw_code in officer("sc01-fz").get(f"{QUALITY}status_unknown/").content.decode()
    assert target.draw_code not in officer("sc02-fz").get(f"{QUALITY}status_unknown/").content.decode()


def test_a_tasks_draw_page_says_how_ready_the_directory_is_and_leads_to_exactly_those_rows(
    office, officer, county
):
    task = county.task("qjg-QX01")
    address = f"/tasks/{task.number}/draw/"
    scope = Target.objects.filter(kind="enterprise", status="existing").order_by("draw_code")
    inside, outside = list(scope[:3]), Target.objects.filter(kind="individual_business", status="existing")[0]
    Target.objects.filter(pk__in=[t.pk for t in [*inside, outside]]).update(address="")
    listing.forget()

    page = office.page(address)
    [line] = [li for li in page.all("//section[.//h2='名录就绪度']//li") if "没有住所" in li.text_content()]
    [link] = line.xpath("./a/@href")
    shown = {c.text_content() for c in office.page(f"{link}&size=500").all("//tbody/tr/td[1]")}
    data = office.get(link.replace("/?", "/export.csv?")).content.decode("utf-8-sig")
    told = {line["抽取编码"] for line in csv.DictReader(io.StringIO(data))}

    assert shown == told == {t.draw_code for t in inside}
    assert "：3 户" in line.text_content()
    assert outside.draw_code not in shown
    assert f"?task={task.number}" in office.get(link).content.decode()
    office.get("/registers/quality/no_address/?task=2026-999", status=404)
    finished = county.task("ggg-GG01")
    assert not office.page(f"/tasks/{finished.number}/draw/").all("//h2[.='名录就绪度']")


def test_a_blocking_fault_of_a_task_is_said_before_its_list_is_frozen(office, county):
    task = county.task("qjg-QX01")
    target = Target.objects.filter(kind="enterprise", status="existing").order_by("draw_code")[0]
    Target.objects.filter(pk=target.pk).update(status="unknown")
    listing.forget()

    card = office.page(f"/tasks/{task.number}/draw/").text("//section[.//h2='名录就绪度']")

    assert "抽取前须处理" in card
    assert "登记状态待核：" in card


def test_a_task_that_nobody_can_be_sent_to_says_so(office, county):
    task = county.task("tsg-TS01")
    card = office.page(f"/tasks/{task.number}/draw/").text("//section[.//h2='名录就绪度']")
    assert "任务要求资格“special_equipment”：本任务可抽取的人员中 3 人具备" in card

    Inspector.objects.update(qualifications="")
    card = office.page(f"/tasks/{task.number}/draw/").text("//section[.//h2='名录就绪度']")
    assert "0 人具备" in card
    assert "无人具备" in card


def test_enterprises_that_nobody_checked_for_years_are_listed_and_cost_nothing(office, county):
    where = f"{QUALITY}never_covered/"
    before = score(office.page(QUALITY))
    old = list(Target.objects.filter(kind="enterprise", status="existing").order_by("draw_code")[:2])
    Target.objects.filter(kind="enterprise").update(registered_on=dt.date(2024, 1, 1))
    Target.objects.filter(pk__in=[t.pk for t in old]).update(registered_on=dt.date(2010, 1, 1))
    listing.forget()
    checked = set(
        BorneVisit.objects.filter(target__in=old, waiting=False).values_list("target__draw_code", flat=True)
    ) | set(
        Inspection.objects.filter(target__in=old, checked_on__isnull=False).values_list(
            "target__draw_code", flat=True
        )
    )

    shown = {c.text_content() for c in office.page(f"{where}?size=500").all("//tbody/tr/td[1]")}

    assert shown == {t.draw_code for t in old} - checked
    assert score(office.page(QUALITY)) == before
    BorneVisit.objects.bulk_create(
        BorneVisit(
            target=t,
            visited_on=dt.date(2023, 5, 1),
            kind="case_inspection",
            source="旧系统",
            reference=str(n),
        )
        for n, t in enumerate(old)
    )
    assert not office.page(where).all("//tbody/tr/td[1]")


def test_qualifications_and_items_that_are_wanting_lead_to_their_lists(office, county):
    item = ItemVersion.objects.get(item__code="TS01", ends_on=None)
    ItemVersion.objects.filter(pk=item.pk).update(
        qualification="special_equipment", points=[], legal_basis=""
    )
    page = office.page(QUALITY)

    [row] = page.all("//div[@id='qualifications']//tbody/tr")
    cells = [c.text_content().strip() for c in row.xpath("./th|./td")]
    assert cells[:2] == ["special_equipment", "1"]
    assert int(cells[2]) == 3
    people = office.page(row.xpath(".//a/@href")[0] + "&size=500")
    without = {c.text_content() for c in people.all("//tbody/tr/td[1]")}
    assert len(without) == int(cells[3])
    assert not without & set(
        Inspector.objects.filter(qualifications="special_equipment").values_list("code", flat=True)
    )
    links = {a.text_content(): a.get("href") for a in page.all("//div[@id='items']//a")}
    assert item.name in office.page(links["没有抽查依据"]).text("//table")
    assert item.name in office.page(links["没有检查要点"]).text("//table")
    exported = office.get(links["没有抽查依据"].replace("/?", "/export.csv?")).content.decode("utf-8-sig")
    assert [line["编号"] for line in csv.DictReader(io.StringIO(exported))] == ["TS01"]
