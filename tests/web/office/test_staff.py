"""The inspector directory on screen: who may be drawn and why not, entered, changed, exported, helpers named."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from fairdraw.inspections import papers
from fairdraw.inspections.models import Helper
from fairdraw.registers.models import Inspector, InspectorChange
from tests.builders import county as builder
from tests.unit.documents.papers import pdf_text
from tests.web.ui.html import Page

LIST = "/registers/inspectors/"
GIVEN = {
    "name": "新到人员",
    "unit": "ggg",
    "post": "科员",
    "certificate_number": "演350599900901",
    "valid_from": "2025-01-01",
    "valid_to": "2029-12-31",
    "qualifications": "食品、特种设备",
    "certified": "特种设备 TS0001 2027-12-31",
    "trained": "on",
    "trained_on": "2026-02-01",
    "training": "新任培训",
    "active": "on",
}


@pytest.fixture
def person(county) -> Inspector:
    return Inspector.objects.filter(agency__code="ggg", active=True).order_by("code").first()


def test_the_list_says_why_somebody_is_not_drawn_and_filters_by_it(office, person):
    rows = Inspector.objects.filter(agency__code="ggg").order_by("code")
    gone, untrained, soon = rows[0], rows[1], rows[2]
    Inspector.objects.filter(pk=gone.pk).update(valid_to=builder.TODAY - dt.timedelta(1))
    Inspector.objects.filter(pk=untrained.pk).update(trained=False)
    Inspector.objects.filter(pk=soon.pk).update(valid_to=builder.TODAY + dt.timedelta(30))
    page = office.page(f"{LIST}?unit=ggg&size=200")

    def said(who):
        return page.text(f"//tr[contains(., '{who.certificate_number}')]")

    assert "证件已过期" in said(gone)
    assert "未培训" in said(untrained)
    assert "30天后到期" in said(soon)
    for standing, who in (("expired", gone), ("untrained", untrained), ("expiring", soon)):
        found = office.page(f"{LIST}?standing={standing}&unit=ggg&size=200")
        assert who.certificate_number in found.source
        assert person.certificate_number not in found.source or who == person
    drawable = office.page(f"{LIST}?standing=drawable&unit=ggg&size=200").source
    assert gone.certificate_number not in drawable
    assert soon.certificate_number in drawable


def test_the_export_is_what_is_shown_and_can_be_read_again(office, county, tmp_path):
    answer = office.get(f"{LIST}export.csv?unit=ggg")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    shown = Inspector.objects.filter(agency__code="ggg").count()
    assert len(rows) == shown + 1

    from fairdraw.exchange import services as exchange

    file = tmp_path / "inspectors.csv"
    file.write_bytes(answer.content)
    told = exchange.Told()
    agencies = {"广告监管股": "ggg"}
    entries = exchange.read_inspectors(file, agencies=agencies, told=told)
    assert {e.code for e in entries} == set(
        Inspector.objects.filter(agency__code="ggg").values_list("code", flat=True)
    )
    office.get(f"{LIST}export.xlsx?unit=ggg")
    office.get(f"{LIST}export.pdf", status=404)


def test_one_is_entered_by_the_form_and_its_mistakes_stand_at_the_field(office, officer):
    refused = office.post(f"{LIST}new/", {**GIVEN, "code": "甲", "certified": "特种设备"}, status=422)
    said = Page(refused).text("//div[@role='alert']")
    assert "编号只能用字母" in said
    assert "第1行读不出来" in said
    office.post(f"{LIST}new/", {**GIVEN, "code": "N001"})

    row = Inspector.objects.get(code="N001")
    assert (row.agency.code, row.qualifications, row.areas) == ("ggg", "特种设备,食品", "*")
    page = office.page("/inspectors/N001/")
    assert "TS0001" in page.text("//div[@id='certificates']")
    assert "已经在名录里" in Page(office.post(f"{LIST}new/", {**GIVEN, "code": "N001"}, status=422)).source
    officer("ggg-jh").get(f"{LIST}new/", status=403)


def test_a_change_is_shown_with_its_editor_and_the_form_holds_what_stands(office, person):
    address = f"/inspectors/{person.code}/change/"
    form = office.page(address)
    [held] = form.all("//input[@name='certificate_number']/@value")
    assert held == person.certificate_number
    given = {**GIVEN, "name": person.name, "areas": ["sc01"], "certified": ""}
    office.post(address, {**given, "unit": "zlg"})

    row = Inspector.objects.get(pk=person.pk)
    assert (row.agency.code, row.areas, row.certificate_number) == ("zlg", "sc01", "演350599900901")
    page = office.page(f"/inspectors/{person.code}/")
    ledger = page.text("//div[@id='changes']")
    assert "领导小组办公室" in ledger
    assert "zlg" in ledger
    assert InspectorChange.objects.filter(inspector=person, field="agency").exists()


def test_an_absence_is_shortened_and_taken_back(office, person):
    base = f"/inspectors/{person.code}/"
    first = builder.TODAY + dt.timedelta(10)
    given = {"first": first, "last": first + dt.timedelta(9), "reason": "县专班", "kind": "secondment"}
    office.post(f"{base}absence/", given)
    again = office.post(f"{base}absence/", given, status=422)
    assert "重叠" in Page(again).text("//div[@role='alert']")
    [link] = office.page(base).all("//div[@id='absences']//a[normalize-space(.)='更改']/@href")
    office.post(link, {"back_on": first + dt.timedelta(2)})
    assert person.absences.get().ends_on == first + dt.timedelta(2)
    assert "借调" in office.page(base).text("//div[@id='absences']")
    office.post(link, {"back_on": first})

    assert not person.absences.exists()


def test_the_keepers_are_reminded_of_certificates_that_run_out(office, officer, person):
    Inspector.objects.update(valid_to=builder.TODAY + dt.timedelta(900))
    assert "证件到期" not in office.page("/work/").source
    Inspector.objects.filter(pk=person.pk).update(valid_to=builder.TODAY + dt.timedelta(90))

    assert person.name in office.page("/work/").text("//section[contains(., '证件到期')]")
    assert "证件到期" in officer("ggg-fz").page("/work/").source
    assert "证件到期" not in officer("zlg-fz").page("/work/").source


@pytest.fixture
def helpers(county):
    rows = list(Inspector.objects.filter(agency__code="zlg").order_by("-code")[:2])
    Inspector.objects.filter(pk=rows[0].pk).update(expert=True, name="电梯专家甲")
    Inspector.objects.filter(pk=rows[1].pk).update(assistant=True, name="辅助人员乙")
    return rows


def test_an_assistant_and_an_expert_are_named_printed_and_taken_off(officer, county, helpers):
    planner, task = officer("zlg-jh"), county.task("zlg-ZL01")
    address = f"/tasks/{task.number}/helpers/"
    planner.post(address, {"inspector": helpers[0].code, "work": "电梯检验"})
    planner.post(address, {"inspector": helpers[1].code, "work": "摄像"})
    twice = planner.post(address, {"inspector": helpers[0].code, "work": "电梯检验"}, status=422)
    assert "有效" in Page(twice).text("//div[@role='alert']")

    text = pdf_text(papers.task_batch(task, on=builder.TODAY, mark="演示"))
    assert "电梯专家甲（专家，质量监管股，电梯检验）" in text
    assert "协助人员（不是执法检查人员" in text
    team = planner.page(f"/tasks/{task.number}/team/")
    assert "辅助人员乙" in team.text("//div[@id='helpers']")
    named = Helper.objects.get(inspector=helpers[0])
    planner.post(f"{address}{named.pk}/")
    text = pdf_text(papers.task_batch(task, on=builder.TODAY, mark="演示"))
    assert "电梯检验" not in text
    assert "辅助人员乙" in text


def test_an_inspector_is_no_helper_and_another_section_names_nobody(officer, county, person):
    task = county.task("zlg-ZL01")
    address = f"/tasks/{task.number}/helpers/"
    officer("zlg-jh").post(address, {"inspector": person.code, "work": "记录"}, status=422)
    officer("ggg-jh").get(address, status=404)

    assert not Helper.objects.exists()
