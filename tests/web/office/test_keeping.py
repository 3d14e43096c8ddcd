"""The office confirms items that wait, one or many, and enters the documented number of enterprises once."""

from __future__ import annotations

import pytest

from fairdraw.registers import selectors
from fairdraw.registers import services as registers
from fairdraw.registers.entries import ItemEntry
from fairdraw.registers.models import YearBase
from tests.builders import county as builder
from tests.web.ui.html import Page

LIST = "/registers/items/"
CONFIRM = f"{LIST}confirm/"


@pytest.fixture(autouse=True)
def pending(county):
    """Three items as a file leaves them; the last without a basis."""
    registers.import_items(
        [
            ItemEntry(code="ZB01", name="直播营销检查", legal_basis="《演示条例》第一条"),
            ItemEntry(code="ZB02", name="平台公示检查", legal_basis="《演示条例》第二条"),
            ItemEntry(code="ZB03", name="食盐批发检查"),
        ],
        source="清单.csv",
        starts_on=builder.TODAY,
        actor=county.actor("bangong"),
        now=builder.NOW,
    )


def confirmed(code: str):
    return selectors.plannable_item(code, on=builder.TODAY)


def test_the_items_that_wait_are_counted_filtered_and_open_their_form(office):
    page = office.page(LIST)
    assert "有 3 项待核" in page.text("//div[contains(@class,'warning')]")
    waiting = office.page(f"{LIST}?state=pending")
    assert len(waiting.all("//tbody/tr")) == 3
    assert len(office.page(f"{LIST}?text=ZB02").all("//tbody/tr")) == 1
    [address] = waiting.all("//a[.='直播营销检查']/@href")

    office.post(address, {"item_class": "general", "limit": "5", "legal_basis": "《演示条例》第九条"})

    version = confirmed("ZB01")
    assert (version.item_class, float(version.ratio_limit)) == ("general", 0.05)
    assert version.legal_basis == "《演示条例》第九条"
    assert "有 2 项待核" in office.page(LIST).source


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"limit": ""}, "一般检查事项请填写比例上限"),
        ({"limit": "120"}, "比例上限"),
        ({"item_class": ""}, "事项类型"),
        ({"legal_basis": " "}, "抽查依据"),
    ],
)
def test_an_item_that_lacks_something_is_not_confirmed(office, typed, said):
    given = {"item_class": "general", "limit": "5", "legal_basis": "某法第一条", **typed}
    refused = Page(office.post(f"{LIST}ZB01/", given, status=422))

    assert said in refused.text("//div[@role='alert']")
    assert confirmed("ZB01") is None


def test_many_are_confirmed_at_once_after_their_number_was_named(office):
    ticked = {"code": ["ZB01", "ZB02"], "item_class": "general", "limit": "5"}
    asked = Page(office.post(CONFIRM, ticked, status=200))
    assert "确认 2 项抽查事项" in asked.text("//h2")
    assert confirmed("ZB01") is None

    said = office.follow(office.post(CONFIRM, {**ticked, "sure": "1"}))
    assert "已确认 2 项抽查事项" in said.source
    assert float(confirmed("ZB02").ratio_limit) == 0.05


def test_of_many_none_is_confirmed_where_one_lacks_its_basis(office):
    ticked = {"code": ["ZB01", "ZB03"], "item_class": "key", "limit": "", "sure": "1"}
    said = office.follow(office.post(CONFIRM, ticked))

    assert "一项也没有确认" in said.source
    assert "抽查依据" in said.source
    assert confirmed("ZB01") is None


def test_others_read_the_list_and_find_nothing_to_press(officer):
    reader = officer("ggg-jh")
    page = reader.page(f"{LIST}?state=pending")
    assert not page.all("//main//input[@name='code']")
    assert not page.all("//button[contains(.,'确认所选')]")
    assert "由领导小组办公室确认公布" in reader.page(f"{LIST}ZB01/").text("//span[@class='refused']")
    reader.post(f"{LIST}ZB01/", {"item_class": "key", "legal_basis": "某法"}, status=403)
    reader.post(CONFIRM, {"code": "ZB01"}, status=403)


def test_an_empty_list_says_how_items_come_in(office):
    assert office.page(f"{LIST}?text=没有这个").all("//a[@href='/imports/'][text()='导入']")


def test_a_year_without_its_base_leads_to_the_form_and_takes_it_once(office, officer, county):
    board = office.page("/board/2027/")
    assert board.all("//a[@href='/registers/base/2027/']")
    assert not officer("ggg-jh").page("/board/2027/").all("//a[@href='/registers/base/2027/']")
    base = {"count": "29000", "source": "演示统计公报〔2027〕1号", "dated_on": "2026-12-31"}
    refused = Page(office.post("/registers/base/2027/", {**base, "count": "0"}, status=422))
    assert "企业实有数" in refused.text("//div[@role='alert']")

    office.post("/registers/base/2027/", base)

    held = YearBase.objects.get(agency=county.bureau, year=2027)
    assert (held.count, held.source) == (29000, "演示统计公报〔2027〕1号")
    assert "演示统计公报" in office.page("/board/2027/").source
    again = Page(office.post("/registers/base/2027/", {**base, "count": "30000"}, status=422))
    assert "不能更改" in again.text("//div[@role='alert']")
    officer("ggg-jh").get("/registers/base/2027/", status=403)
