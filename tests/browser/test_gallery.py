"""What only a browser shows of the shell: accessibility, width on a telephone, lists exchanged in place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fairdraw.ui import menu
from tests.browser import axe

PAGES = ["/ui/", "/ui/list/", "/ui/task/", "/ui/form/", "/ui/portal/", "/ui/plain/", "/refuse/invalid/"]
HTTP_422 = "422"


@pytest.fixture(autouse=True)
def shell(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROOT_URLCONF = "tests.web.ui.urls"
    monkeypatch.setattr(menu, "_entries", {})
    menu.register(menu.Section.WORKBENCH, "组件", "ui:gallery")
    menu.register(menu.Section.REGISTERS, "检查对象", "ui:gallery-list")
    menu.register(menu.Section.REGISTERS, "抽查事项", "ui:gallery-task")


def test_the_vendored_checker_is_the_one_that_is_written_down() -> None:
    folder = axe.SOURCE.parent
    for entry in json.loads((folder / "vendor.json").read_text(encoding="utf-8")):
        assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        assert (folder / entry["licence_file"]).is_file()


@pytest.mark.parametrize("address", PAGES)
def test_everybody_can_use_the_page_on_a_screen(
    page: Page, live_server: Any, troubles: list[str], address: str
) -> None:
    page.goto(live_server.url + address)

    assert axe.violations(page) == []
    troubles[:] = [t for t in troubles if HTTP_422 not in t]


@pytest.mark.parametrize("address", PAGES)
def test_everybody_can_use_the_page_on_a_telephone(
    phone: Page, live_server: Any, troubles: list[str], address: str
) -> None:
    phone.goto(live_server.url + address)

    assert axe.violations(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    troubles[:] = [t for t in troubles if HTTP_422 not in t]


def test_the_menu_of_a_telephone_unfolds(phone: Page, live_server: Any) -> None:
    phone.goto(live_server.url + "/ui/list/")
    expect(phone.locator(".phone-panel")).to_be_hidden()

    phone.locator(".phone-menu summary").click()

    expect(phone.locator(".phone-panel a[aria-current=page]")).to_have_text("检查对象")
    assert axe.violations(phone) == []


def test_a_list_is_sorted_and_turned_without_loading_the_page_again(page: Page, live_server: Any) -> None:
    page.goto(live_server.url + "/ui/list/")
    page.wait_for_load_state("load")
    page.evaluate("window.untouched = true")

    page.get_by_role("columnheader", name="统一社会信用代码").get_by_role("link").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("统一社会信用代码")
    page.get_by_role("link", name="下一页").click()

    expect(page.locator("#announce")).to_have_text("共 237 条，第 2/12 页")
    expect(page).to_have_url(live_server.url + "/ui/list/?sort=code&page=2")
    assert page.evaluate("window.untouched") is True
    assert axe.violations(page) == []


def test_going_back_shows_the_whole_page(page: Page, live_server: Any) -> None:
    page.goto(live_server.url + "/ui/list/")
    page.wait_for_load_state("load")
    page.get_by_role("link", name="下一页").click()
    expect(page.locator(".pager-total")).to_have_text("共 237 条，第 2/12 页")

    page.go_back()

    expect(page.locator(".pager-total")).to_have_text("共 237 条，第 1/12 页")
    expect(page.locator("h1")).to_have_count(1)


def test_lists_work_without_scripts(open_profile: Callable[..., BrowserContext], live_server: Any) -> None:
    page = open_profile(java_script_enabled=False).new_page()
    page.goto(live_server.url + "/ui/list/")

    page.get_by_label("名称或代码").fill("005")
    page.get_by_role("button", name="查询").click()
    page.get_by_role("columnheader", name="名称").get_by_role("link").click()

    expect(page.locator("th[aria-sort=descending], th[aria-sort=ascending]")).to_have_count(1)
    expect(page.locator("tbody tr").first).to_contain_text("005")
    expect(page.locator(".copy:visible")).to_have_count(0)


def test_large_type_makes_letters_larger(page: Page, live_server: Any) -> None:
    page.goto(live_server.url + "/ui/task/")
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    before = page.evaluate(size)

    page.get_by_role("button", name="关怀版").first.click()
    page.wait_for_load_state("load")

    assert (before, page.evaluate(size)) == (14, 18)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_form_is_sent_once_however_often_it_is_pressed(page: Page, live_server: Any) -> None:
    page.goto(live_server.url + "/ui/form/")
    sent: list[str] = []
    page.route("**/ui/form/", lambda route: (sent.append(route.request.method), route.fulfill(status=204)))

    page.evaluate("for (let i = 0; i < 3; i++) document.querySelector('main form .primary').click();")
    page.wait_for_timeout(300)

    assert sent == ["POST"]


def test_mistakes_in_a_form_are_announced_and_can_be_reached(
    page: Page, live_server: Any, troubles: list[str]
) -> None:
    page.goto(live_server.url + "/ui/form/")

    page.get_by_role("button", name="提交审批").click()

    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link", name="意见").click()
    expect(page.get_by_label("意见")).to_be_in_viewport()
    assert axe.violations(page) == []
    troubles[:] = [t for t in troubles if HTTP_422 not in t]
