"""An inspector's relations and absences are entered on one page, and keep him away from the next draw."""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.draws import selectors as draws
from fairdraw.inspections.models import Assignment, Inspection
from fairdraw.registers.models import DeclaredInterest, Inspector, InspectorAbsence, Target
from tests.builders import county as builder
from tests.web.ui.html import Page


@pytest.fixture
def row(county) -> Inspection:
    task = county.task("zlg-ZL01")
    rows = Inspection.objects.filter(task=task, state="notified").exclude(target__credit_class="A")
    return rows.order_by("number").last()  # whom other tasks may still draw: class A is drawn once a year


@pytest.fixture
def person(row) -> Inspector:
    return row.assignments.get(slot__endswith="-1", replaced_at__isnull=True).inspector


def test_a_declared_relation_shows_the_visits_it_meets_and_is_sealed_into_the_next_draw(
    office, county, row, person
):
    (address,) = office.page(f"/inspections/{row.number}/").all(f"//a[.='{person.name}']/@href")
    answer = office.post(f"{address}interest/", {"target": row.target.name, "reason": "配偶任职"})

    page = office.follow(answer)
    assert "领导小组办公室" in page.text("//header")  # whoever is signed in, not whom the page is about
    assert row.target.name in page.text("//table[contains(., '配偶任职')]")
    assert page.all(f"//div[contains(@class,'warning')]//a[@href='/inspections/{row.number}/']")
    assert f"{person.code}\t{row.target.draw_code}" in sealed(county, "recusals.tsv")


def sealed(county, name: str) -> str:
    return draws.content(county.prepared("qjg-QX01", label="again"), name).decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [("查无此户", "名录库中没有这一户"), ("同名企业", "有多户同名"), ("", "检查对象")],
)
def test_a_relation_names_exactly_one_target(office, person, typed, said):
    twins = Target.objects.order_by("pk").values_list("pk", flat=True)[:2]
    Target.objects.filter(pk__in=list(twins)).update(name="同名企业")
    address = f"/inspectors/{person.code}/interest/"
    refused = office.post(address, {"target": typed, "reason": "持股"}, status=422)

    assert said in Page(refused).text("//div[@role='alert']")
    assert not DeclaredInterest.objects.exists()


def test_a_relation_is_declared_once(office, person, row):
    address = f"/inspectors/{person.code}/interest/"
    office.post(address, {"target": row.target.draw_code, "reason": "持股"})
    refused = office.post(address, {"target": row.target.name, "reason": "持股"}, status=422)

    assert "已经登记" in Page(refused).text("//div[@role='alert']")


def test_an_absence_counts_its_last_day_and_keeps_the_inspector_out_of_the_draw(office, county, person):
    starts = county.task("qjg-QX01").scheme.starts_on
    address = f"/inspectors/{person.code}/"
    given = {"first": str(starts - dt.timedelta(3)), "last": str(starts), "reason": "学习", "kind": "study"}
    office.post(f"{address}absence/", given)

    held = InspectorAbsence.objects.get(inspector=person)
    assert held.ends_on == starts + dt.timedelta(1)
    assert f"{starts.month}月{starts.day}日" in office.page(address).text("//table[contains(., '学习')]")
    assert person.code not in sealed(county, "officers.tsv")


def test_an_absence_on_a_planned_day_names_the_visit(office, person):
    seat = Assignment.objects.filter(inspector=person, inspection__state="notified").first()
    day = seat.inspection.visits.get().planned_on
    office.post(
        f"/inspectors/{person.code}/absence/", {"first": day, "last": day, "reason": "病假", "kind": "leave"}
    )

    page = office.page(f"/inspectors/{person.code}/")
    assert seat.inspection.target.name in page.text("//div[contains(@class,'warning')]")


def test_an_absence_does_not_end_before_it_begins(office, person):
    given = {
        "first": builder.TODAY,
        "last": builder.TODAY - dt.timedelta(1),
        "reason": "病假",
        "kind": "leave",
    }
    refused = office.post(f"/inspectors/{person.code}/absence/", given, status=422)

    assert "结束日期不能早于开始日期" in Page(refused).text("//div[@role='alert']")


def test_only_the_inspectors_unit_and_those_above_it_see_the_page(officer, person):
    own = f"{person.agency.code}-fz"
    officer(own).get(f"/inspectors/{person.code}/")
    other = "sc02-fz" if own != "sc02-fz" else "sc01-fz"
    for step in ("", "interest/", "absence/"):
        officer(other).get(f"/inspectors/{person.code}/{step}", status=404)
        officer("jiandu").get(f"/inspectors/{person.code}/{step}", status=403)
