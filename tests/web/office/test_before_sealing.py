"""What is said before anything is sealed: classes that hold fewer than asked, items whose limit is exceeded."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from fairdraw.draws.refusals import NotDrawable
from fairdraw.plans.models import Scheme, Task
from fairdraw.registers.models import ItemVersion, Target
from tests.builders.county import TODAY
from tests.service.draws.walking import approved_task
from tests.unit.documents import papers


@pytest.fixture
def classes() -> dict[str, int]:
    """How many enterprises of each class a frame holds."""
    there = Target.objects.filter(kind="enterprise").existing()
    return {c: there.filter(credit_class=c).count() for c in "ABCD"}


@pytest.fixture
def short(county, classes) -> Task:
    """A task that asks for five more of class D than there are, and for a stratum that nobody is in."""
    strata = tuple({"code": c, "take": 2 if c != "D" else classes["D"] + 5} for c in "ABCD")
    strata += ({"code": "N", "take": 999}, {"code": "X", "take": 3})
    return approved_task(county, name="名单不足", strata=sorted(strata, key=lambda s: s["code"]), by="credit")


def test_a_class_with_fewer_targets_than_asked_is_said_on_the_page_and_on_the_sheet(planner, county, short):
    county.tasks["short"] = short
    draw = county.prepared("short")

    page = planner.page(f"/draws/{draw.pk}/")
    said = page.text("//div[contains(@class, 'warning') and contains(., '名单不足')]")
    assert "信用风险高（D）：方案要求" in said
    assert "X：方案要求3户，名单中只有0户" in said
    assert "信用风险低（A）" not in said
    sheet = papers.pdf_text(planner.get(f"/draws/{draw.pk}/approval.pdf").content)
    assert "名单不足" in sheet
    assert "方案要求3户" in sheet


def test_nothing_is_said_where_there_are_enough(planner, county, office):
    draw = county.prepared("qjg-QX01")
    assert "名单不足" not in office.page(f"/draws/{draw.pk}/").source


def test_a_total_beyond_the_list_is_said_as_well(planner, county):
    strata = tuple({"code": c, "weight": 1} for c in "ABCDN")
    county.tasks["total"] = approved_task(
        county, name="总数", mode="total", total=5000, strata=strata, by="credit"
    )
    draw = county.prepared("total")

    assert "全部对象：方案要求5000户" in planner.page(f"/draws/{draw.pk}/").source


def test_the_limit_of_a_general_item_is_foreseen_on_the_scheme_as_freezing_will_judge_it(office, county):
    task = county.task("qjg-QX01")
    address = f"/tasks/{task.number}/"
    assert "比例上限" not in office.page(address).text("//main")
    ItemVersion.objects.filter(item__code="QX01").update(ratio_limit=Decimal("0.01"))

    said = office.page(address).text("//div[contains(@class, 'warning')]")

    with pytest.raises(NotDrawable) as refused:
        county.prepared("qjg-QX01")
    foreseen = str(refused.value).removesuffix("；请调整方案后再抽取")
    assert foreseen in said


def test_what_is_drawn_already_is_not_warned_of(planner, county):
    task = county.task("zlg-ZL01")
    ItemVersion.objects.filter(item__code="ZL01").update(ratio_limit=Decimal("0.01"))

    assert "比例上限" not in planner.page(f"/tasks/{task.number}/").text("//main")


def test_classes_that_are_too_old_are_said_before_the_list_is_frozen_and_before_it_is_sealed(planner, county):
    credit = [{"code": c, "take": n} for n, c in enumerate("ABCD", start=1)] + [{"code": "N", "take": 0}]
    county.tasks["old"] = task = approved_task(county, name="分类过期", strata=credit, by="credit")
    Scheme.objects.filter(task=task).update(class_rates={"A": "1/100", "B": "1/50", "C": "1/20", "D": "1/5"})
    flat = approved_task(county, name="不按分类")
    Target.objects.exclude(credit_class="").update(credit_computed_on=TODAY - dt.timedelta(45))
    assert "分类已过期" not in planner.page("/draws/pool/").source
    one = Target.objects.filter(kind="enterprise", credit_class="C").existing().first()
    Target.objects.filter(pk=one.pk).update(credit_computed_on=TODAY - dt.timedelta(46))

    warned = "//div[contains(@class, 'warning') and contains(., '分类已过期')]"
    said = planner.page("/draws/pool/").text(warned)
    assert "分类过期：1 户的分类超过 45 天" in said
    assert flat.name not in said
    assert "1 户" in planner.page(f"/tasks/{task.number}/draw/").text(warned)
    draw = county.prepared("old")
    assert "1 户" in planner.page(f"/draws/{draw.pk}/").text(warned)
