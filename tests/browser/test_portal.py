"""What only a browser shows of the public pages: everybody can use them, on a screen, a telephone, without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from fairdraw.publication.models import Publication
from tests.browser import axe
from tests.builders.county import County

TELEPHONE = 390


def addresses(county: County) -> list[str]:
    from fairdraw.draws.models import Draw

    task = county.task("zlg-ZL01")
    draw = Draw.objects.get(number=task.number)
    lists = ["", "items/", "plan/", "tasks/", "results/", "results/?q=没有这一家", "draws/", "log/"]
    return [*lists, f"tasks/{task.number}/", f"draws/{draw.pk}/"]


def test_everybody_can_use_the_public_pages(
    page: Page, phone: Page, live_server: Any, county: County
) -> None:
    for address in addresses(county):
        for screen in (page, phone):
            screen.goto(f"{live_server.url}/public/{address}")
            assert axe.violations(screen) == [], address
        assert phone.evaluate("document.documentElement.scrollWidth") <= TELEPHONE, address


def test_letters_are_large_enough_and_grow_on_request(page: Page, live_server: Any, county: County) -> None:
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    page.goto(f"{live_server.url}/public/results/")
    before = page.evaluate(size)

    page.get_by_role("link", name="大字版").click()

    expect(page.get_by_role("link", name="标准版")).to_be_visible()
    assert page.url == f"{live_server.url}/public/results/"
    assert before == 16
    assert page.evaluate(size) == 21
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_citizen_finds_an_enterprise_and_the_draw_behind_it_without_script(
    open_profile: Callable[..., BrowserContext], live_server: Any, county: County
) -> None:
    row = Publication.objects.filter(acknowledged_at__isnull=False).order_by("pk")[0].row
    page = open_profile(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/public/")

    # 按名称搜索
    page.get_by_role("searchbox").fill(row["name"])
    page.get_by_role("button", name="搜索").click()
    expect(page.locator("tbody tr").first).to_contain_text(row["code"])
    # 这一户所在的任务
    page.get_by_role("searchbox", name="企业名称").fill(row["number"].rsplit("-", 1)[0])
    page.get_by_role("button", name="搜索").click()
    expect(page.locator("h1")).to_contain_text("检查")
    # 这项任务的抽取
    page.get_by_role("link", name="可以复核").click()
    expect(page.get_by_role("heading", name="怎样复核")).to_be_visible()
    with page.expect_download() as handed_out:
        page.get_by_role("link", name="seal.json").first.click()
    assert handed_out.value.suggested_filename.endswith("seal.json")
