"""推演: the page of the year and of a task, rates that are tried, rates that are adopted (X14, N12, N15)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.management import call_command

from fairdraw.audit import selectors as audit
from fairdraw.plans import annual
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.models import AnnualPlan, PlanRowVersion, Task
from fairdraw.plans.states import TaskState
from fairdraw.registers.models import Target
from tests.builders import county as builder
from tests.builders.county import YEAR
from tests.web.ui.html import Page

RATES = {"rate_A": "10", "rate_B": "20", "rate_C": "40", "rate_D": "50", "rate_N": "20"}

ROW_YEAR = YEAR + 1
ROW = PlanRowEntry(
    "1",
    "广告抽查",
    ("广告行为检查",),
    "企业",
    initiator="广告监管股",
    ratio_min=Decimal("0.05"),
    window_start=dt.date(ROW_YEAR, 3, 1),
    window_end=dt.date(ROW_YEAR, 3, 28),
)


def drafted_plan(county, *rows: PlanRowEntry) -> AnnualPlan:
    """A plan of the next year that is not published."""
    return annual.import_plan(
        rows,
        agency=county.bureau,
        year=ROW_YEAR,
        title="2027年度抽查计划",
        source="计划.xlsx",
        invented="",
        actor=county.actor("bangong"),
        now=builder.NOW,
    )


@pytest.fixture
def drafted(county) -> Task:
    """A task whose scheme is a draft, drawn by class."""
    tasks = Task.objects.filter(year=YEAR, state=TaskState.DRAFTING.value, exempt_field="")
    return next(t for t in tasks.order_by("number") if t.scheme.stratified_by in {"credit", "none"})


def address(task: Task, **rates: str) -> str:
    return f"/tasks/{task.number}/whatif/?" + "&".join(f"{k}={v}" for k, v in rates.items())


def command(*words: str) -> dict:
    out = io.StringIO()
    call_command("whatif", *words, "--json", "--propose", stdout=out)
    return json.loads(out.getvalue())


def cells(page: Page, table: str) -> list[list[str]]:
    return [
        [c.text_content().strip() for c in row.xpath("./th|./td")]
        for row in page.all(f"//*[@id='{table}']//tbody/tr")
    ]


def test_the_page_of_the_year_tells_what_the_command_tells(office):
    page, told = office.page("/whatif/"), command(str(YEAR))

    assert [row[1:3] for row in cells(page, "planned")] == [
        [str(t["held"]), str(t["drawn"])] for t in told["tasks"]
    ]
    for row, hits in zip(cells(page, "visits"), told["visits"].values(), strict=True):
        assert [c.replace(",", "") for c in row[1:]] == [
            str(hits[k]) for k in ("visits", "once", "twice", "thrice")
        ]
    assert [row[1:] for row in cells(page, "classes")] == [
        [str(c["held"]), str(c["drawn"]), row[3]]
        for c, row in zip(told["classes"].values(), cells(page, "classes"), strict=True)
    ]
    for row, goal in zip(cells(page, "goals"), told["goals"].values(), strict=True):
        assert row[4] == f"{goal['expected']['numerator']:,}/{goal['expected']['denominator']:,}"
        if goal["expected"]["met"] is False:
            assert row[6] == f"{goal['expected']['shortfall']:,}"
    assert [row[0] for row in cells(page, "remedies")] == [r["label"] for r in told["remedies"]]
    assert [row[0] for row in cells(page, "supply")] == [u["name"] for u in told["units"]]
    assert told["distance"] in page.source


def test_rows_of_the_plan_without_a_task_are_foreseen_and_those_not_sure_are_told(county, office):
    drafted_plan(
        county,
        dataclasses.replace(ROW, source_no="1", task_name="广告抽查"),
        dataclasses.replace(ROW, source_no="2", task_name="待定抽查", ratio_min=None),
    )
    page = office.page(f"/plans/{ROW_YEAR}/whatif/")
    told = command(str(ROW_YEAR))

    [row] = cells(page, "planned")
    held = Target.objects.filter(kind="enterprise", status="existing").count()
    assert row[1:3] == [str(held), str(math.ceil(held / 20))]
    assert [(t["task"], t["name"]) for t in told["tasks"]] == [("计划第1行", "广告抽查")]
    assert told["rows_left"] == 1
    assert "计划还有 1 行待确认或暂缓" in page.source
    office.page(f"/plans/{ROW_YEAR}/")


def test_rates_that_are_tried_change_the_sizes_shown_and_nothing_else(officer, drafted):
    before, entries = drafted.scheme.strata, audit.entries().count()
    page = officer("bangong").page(address(drafted, **RATES))
    plain = officer("bangong").page(address(drafted))

    assert cells(page, "planned")[0][2] != cells(plain, "planned")[0][2]
    tried = command(drafted.number, *(w for c in "ABCDN" for w in ("--rate", f"{c}={RATES[f'rate_{c}']}%")))
    assert cells(page, "planned")[0][2] == str(tried["tasks"][0]["drawn"])
    drafted.scheme.refresh_from_db()
    assert drafted.scheme.strata == before
    assert audit.entries().count() == entries


def test_adopted_rates_stand_in_the_scheme_as_they_were_shown(officer, drafted):
    office = officer("bangong")
    shown_there = cells(office.page(address(drafted, **RATES)), "planned")[0][2]
    name, number = drafted.scheme.name, drafted.scheme.number
    asked = office.page(address(drafted, **RATES).replace("/whatif/", "/whatif/adopt/"))
    assert sum(int(row[3]) for row in cells(asked, "changes")) == int(shown_there)

    office.follow(office.post(f"/tasks/{drafted.number}/whatif/adopt/", RATES))
    scheme = Task.objects.get(pk=drafted.pk).scheme
    assert {c: Fraction(r) for c, r in scheme.class_rates.items()} == {
        c: Fraction(RATES[f"rate_{c}"]) / 100 for c in "ABCD"
    }
    assert (scheme.name, scheme.number) == (name, number)
    assert cells(office.page(address(drafted)), "planned")[0][2] == shown_there
    assert audit.entries().order_by("-seq").first().kind == "scheme.drafted"


def test_rates_that_the_plan_row_does_not_allow_are_warned_of_before_they_are_adopted(
    officer, county, drafted
):
    """The row of the public plan states a ratio and rates by class; what undercuts or exceeds them is named (N07)."""
    office, confirm = officer("bangong"), address(drafted, **RATES).replace("/whatif/", "/whatif/adopt/")
    warned = "//div[contains(@class, 'warning') and contains(., '与计划不符')]//li"
    held, after = (sum(int(row[n]) for row in cells(office.page(confirm), "changes")) for n in (1, 3))
    version = PlanRowVersion.objects.get(row__plan=drafted_plan(county, ROW))
    Task.objects.filter(pk=drafted.pk).update(plan_row=version.row)
    exact = Decimal(after) / held

    def said(**stated) -> list[str]:
        bounds = ("ratio_min", "ratio_max", "count_min", "count_max")
        blank = {**dict.fromkeys(bounds), "ratio_by_class": {}}
        PlanRowVersion.objects.filter(pk=version.pk).update(**(blank | stated))
        return [li.text_content() for li in office.page(confirm).all(warned)]

    more, less = (round(exact + Decimal(n) / 100, 2) for n in (15, -15))
    assert said(ratio_min=less, ratio_max=more) == []
    assert said(ratio_min=more) == [f"计划要求不低于{more:.0%}，本方案{after}户不符"]
    assert said(ratio_max=less) == [f"计划要求不高于{less:.0%}，本方案{after}户不符"]
    assert said(count_min=after + 1) == [f"计划要求不低于{after + 1}户，本方案{after}户不符"]
    assert said(count_max=after) == []
    assert said(ratio_by_class={"A": "0.1", "B": "0.25", "D": "0.4"}) == [
        "计划B类25%，改为20%，低于计划",
        "计划D类40%，改为50%，高于计划",
    ]


def test_falling_rates_are_not_adopted(officer, drafted):
    falling = {**RATES, "rate_A": "60"}
    officer("bangong").post(f"/tasks/{drafted.number}/whatif/adopt/", falling, status=409)
    assert Task.objects.get(pk=drafted.pk).scheme.strata == drafted.scheme.strata


def test_only_who_may_draft_adopts_and_only_a_draft(officer, drafted, county):
    where = f"/tasks/{drafted.number}/whatif/adopt/"
    section = drafted.agency.code
    officer(f"{section}-fz").post(where, RATES, status=403)
    officer("jiandu").get(address(drafted), status=403)
    Task.objects.filter(pk=drafted.pk).update(state=TaskState.APPROVED.value)
    officer("bangong").post(where, RATES, status=409)


def test_what_is_no_number_is_told_beside_its_field(office):
    page = office.page("/whatif/?rate_A=abc&rate_B=20")
    assert page.all("//*[@id='id_rate_A'][@aria-invalid='true']")
    assert page.all("//*[@id='goals']")
