"""Units change on screen: each step names what moves before it is done (X17, scene 10)."""

from __future__ import annotations

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts import services as account_services
from fairdraw.accounts.models import Agency
from fairdraw.kernel.actor import SYSTEM, Duty
from fairdraw.plans.models import Task
from fairdraw.registers.models import Target
from tests.builders import county as builder
from tests.web.ui.html import Page


def test_a_merger_is_confirmed_with_its_counts(office, county):
    count = Target.objects.filter(station__code="sc02").count()
    given = {"unit": "sc02", "into": "sc01", "document": "编办〔2026〕5号"}
    asked = Page(office.post("/units/merge/", given, status=200))
    assert f"检查对象 {count} 户" in asked.text("//ul[@class='sure']")
    assert Target.objects.filter(station__code="sc02").count() == count
    answer = office.post("/units/merge/", {**given, "sure": "1"})

    page = office.follow(answer)
    assert "并入" in page.text("//table")
    assert not Target.objects.filter(station__code="sc02").exists()
    wrong = office.post("/units/merge/", {**given, "into": "sc02"}, status=422)
    assert "有效" in Page(wrong).text("//div[@role='alert']") or "自己" in Page(wrong).source


def test_tasks_and_towns_are_handed_over(office, county):
    task = county.task("ggg-draft")
    page = office.page("/units/ggg/tasks/")
    assert task.number in page.source
    given = {"tasks": [task.number], "to": "zlg", "document": "分工调整"}
    office.post("/units/ggg/tasks/", given, status=200)
    office.post("/units/ggg/tasks/", {**given, "sure": "1"})
    assert Task.objects.get(pk=task.pk).agency.code == "zlg"

    town = Target.objects.filter(station__code="sc02").exclude(town="").values_list("town", flat=True)[0]
    given = {"towns": [town], "to": "sc01", "document": "编办〔2026〕6号"}
    asked = Page(office.post("/units/sc02/towns/", given, status=200))
    assert town in asked.text("//ul[@class='sure']")
    office.post("/units/sc02/towns/", {**given, "sure": "1"})
    assert not Target.objects.filter(station__code="sc02", town=town).exists()


def test_the_administrator_renames_a_unit(officer, county):
    row = Agency.objects.get(code="ggg")
    user = account_services.create_user(
        username="guanli2", name="管理员", password="x" * 12, actor=SYSTEM, now=builder.NOW
    )
    account_services.grant(
        user=user,
        agency=county.bureau,
        duty=Duty.SYSTEM_ADMIN,
        starts_on=builder.OPENED,
        actor=SYSTEM,
        now=builder.NOW,
    )
    admin = officer("guanli2")
    address = f"/accounts/units/{row.pk}/name/"
    admin.post(address, {"name": "质量监管股", "short_name": "", "document": "x"}, status=422)
    admin.post(address, {"name": "广告和网络监管股", "short_name": "广网股", "document": "编办〔2026〕5号"})

    assert Agency.objects.get(pk=row.pk).name == "广告和网络监管股"
    assert accounts.unit_codes()["广告监管股"] == "ggg"
