"""The scheme pages in a real browser: sized while one types, by keyboard, on both screens, every page by axe."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fairdraw.plans import sheets
from tests.browser import axe
from tests.builders.county import County

SIZES = ({"width": 1366, "height": 768}, {"width": 390, "height": 844})
RATES = {"A": "2%", "B": "5%", "C": "10%", "D": "50%", "N": "5%"}


def press(page: Page, role: Literal["button", "link"], name: str) -> None:
    """Press what leads to another page, and wait until that page is whole."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).click()


def fits(page: Page, name: str) -> None:
    """Nothing sticks out at the side, and axe finds no barrier."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, (name, wide)
    assert axe.violations(page) == [], name
    if shots := os.environ.get("SCHEME_SHOTS"):
        page.screenshot(path=f"{shots}/{page.viewport_size['width']}-{name}.png", full_page=True)


@pytest.mark.parametrize("size", SIZES, ids=["office", "phone"])
def test_a_scheme_is_written_and_sent_to_approval(
    size: dict[str, int],
    county: County,
    live_server: Any,
    log_in: Callable[[Page, Any], None],
    open_profile: Callable[..., BrowserContext],
) -> None:
    page = open_profile(viewport=size).new_page()
    log_in(page, county.user("ggg-jh"))
    page.goto(f"{live_server.url}/tasks/new/")
    fits(page, "one-page")
    press(page, "button", "按步骤填写")
    fits(page, "objects")
    page.get_by_label("任务名称").fill("直播广告抽查")
    page.get_by_label("列入理由").fill("投诉集中")
    page.get_by_label("承办单位").select_option(label="广告监管股")
    page.get_by_label("广告行为检查").check()
    page.get_by_label("检查对象", exact=False).first.fill("企业")
    page.get_by_role("button", name="下一步").click()

    # 每改一个比例，各层数量随即更新，不用按“试算”
    for code, rate in RATES.items():
        page.locator(f"[name=class_{code}]").fill(rate)
        page.locator(f"[name=class_{code}]").press("Tab")
    expect(page.locator("#sizes")).to_contain_text("合计")
    expect(page.locator(".checks")).to_contain_text("计入差异化抽查")
    page.get_by_label("分层依据").select_option(label="风险指数")
    expect(page.locator("#id_bounds")).to_be_visible()
    page.get_by_label("分层依据").select_option(label="信用风险分类")
    expect(page.locator("#id_bounds")).to_be_hidden()
    for code, rate in RATES.items():
        page.locator(f"[name=class_{code}]").fill(rate)
    page.locator("[name=class_N]").press("Tab")
    expect(page.locator("#sizes")).to_contain_text("合计")
    fits(page, "rates")
    press(page, "button", "下一步")
    fits(page, "method")
    press(page, "button", "下一步")
    page.locator("[name=share_1_agency]").select_option(label="云栖市场监管所")
    fits(page, "division")
    press(page, "button", "下一步")
    expect(page.locator("main")).to_contain_text("演示县2026年直播广告抽查方案")
    fits(page, "summary")
    press(page, "button", "保存方案")
    expect(page.locator("#division")).to_contain_text("云栖市场监管所")
    fits(page, "task")
    press(page, "link", "修改分工")
    fits(page, "division-alone")
    page.goto(f"{live_server.url}/schemes/sheets/")
    fits(page, "sheets")
    press(page, "button", "把选中的方案编成一张审批表")
    expect(page.locator("#listed")).to_contain_text("直播广告")
    fits(page, "sheet")
    assert sheets.visible_sheets(county.actor("ggg-jh")).count() == 1
