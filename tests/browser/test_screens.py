"""Every page that the office reaches by links: nothing sticks out, no barrier, no code where a word belongs; lists stay short on a telephone."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import axe
from tests.builders.county import County

PHONE = {"width": 390, "height": 844}
SCREENS = ({"width": 1366, "height": 768}, PHONE)
ELSEWHERE = re.compile(r"/(public|ui|api)/|/accounts/log|\.(csv|xlsx|docx|pdf|zip|py|age)$|/file/$")
#: Latin words that are no codes: kinds of files, the product's name and command, what a verifier is told.
WORDS = {"csv", "xlsx", "xls", "ods", "docx", "fairdraw", "import", "log", "python"}
READ = """[...document.querySelectorAll('main')].map(e => { const c = e.cloneNode(true);
    c.querySelectorAll('code, .code, input, select, textarea, .hint, script').forEach(x => x.remove());
    return c.textContent; }).join(' ')"""


def told(page: Page) -> list[str]:
    """What is wrong with the page that is shown."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    wrong = [f"{wide} px too wide"] if wide > 0 else []
    codes = set(re.findall(r"(?<![\w.-])[a-z]+(?:_[a-z]+)*(?![\w.-])", page.evaluate(READ))) - WORDS
    return [*wrong, *axe.violations(page), *(f"a code: {word}" for word in sorted(codes) if len(word) > 2)]


def links(page: Page) -> list[str]:
    """The addresses of this site that the page leads to."""
    held: list[str] = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    return [link.partition("#")[0] for link in held if link.startswith("/")]


def kind_of(address: str) -> tuple[str, ...] | None:
    """What tells a page from pages of its kind: its name, and the word that names a step."""
    path = urlsplit(address).path
    if ELSEWHERE.search(path):
        return None
    try:
        found = resolve(path)
    except Resolver404:
        return None
    return (found.view_name, *(str(v) for k, v in found.kwargs.items() if k == "step"))


@pytest.mark.long
@pytest.mark.parametrize("name", ["bangong"])
def test_every_page_within_reach_fits_both_screens(
    name: str,
    county: County,
    live_server: Any,
    log_in: Callable[[Page, Any], None],
    open_profile: Callable[..., BrowserContext],
) -> None:
    pages = [open_profile(viewport=size).new_page() for size in SCREENS]
    for page in pages:
        log_in(page, county.user(name))
    seen: set[tuple[str, ...]] = set()
    waiting, found = deque(["/work/"]), []
    while waiting:
        address = waiting.popleft()
        kind = kind_of(address)
        if kind is None or kind in seen:
            continue
        seen.add(kind)
        for page in pages:
            page.goto(f"{live_server.url}{address}")
            found += [f"{page.viewport_size} {address}: {line}" for line in told(page)]
        waiting.extend(links(pages[0]))

    assert not found, "\n".join(found)
    assert len(seen) > 25


def test_a_list_is_short_on_a_telephone_and_its_filter_unfolds_by_keyboard(
    county: County,
    live_server: Any,
    log_in: Callable[[Page, Any], None],
    open_profile: Callable[..., BrowserContext],
) -> None:
    page = open_profile(viewport=PHONE, java_script_enabled=False).new_page()
    log_in(page, county.user("bangong"))
    page.goto(f"{live_server.url}/registers/inspectors/")
    # 每人一小段，第一屏就有名单
    rows = page.locator("#list tbody tr")
    assert max(box["height"] for row in rows.all() if (box := row.bounding_box())) < 150
    assert (rows.first.bounding_box() or {})["y"] < PHONE["height"] * 0.75
    # 其余条件收起，空格键展开；用过的条件不收起
    unit = page.get_by_label("单位", exact=True)
    expect(unit).to_be_hidden()
    page.get_by_role("checkbox", name="筛选条件").press("Space")
    expect(unit).to_be_visible()
    unit.select_option(label="质量监管股")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_label("单位", exact=True)).to_be_visible()
