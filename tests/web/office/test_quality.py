"""The quality report: each number leads to exactly its rows, and a table holds what is shown."""

from __future__ import annotations

import csv
import io

from openpyxl import load_workbook

from fairdraw.registers.models import Target

QUALITY = "/registers/quality/"


def score(page) -> int:
    return int(page.all("//dt[normalize-space()='得分']/following-sibling::dd")[0].text_content())


def spoil(status: str = "unknown") -> Target:
    target = Target.objects.filter(station__code="sc01", status="existing").order_by("draw_code")[0]
    Target.objects.filter(pk=target.pk).update(status=status)
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
