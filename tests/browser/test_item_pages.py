"""The pages of the item list in a real browser: at both widths nothing sticks out and axe finds no barrier."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.browser import axe
from tests.builders.county import County

SIZES = ({"width": 1366, "height": 768}, {"width": 390, "height": 844})
PAGES = ("", "add/", "QX01/", "QX01/edit/", "QX01/withdraw/")

pytestmark = pytest.mark.long


def test_the_item_pages_fit_and_bar_nobody(
    county: County,
    live_server: Any,
    log_in: Callable[[Any, Any], None],
    open_profile: Callable[..., BrowserContext],
) -> None:
    for size in SIZES:
        page = open_profile(viewport=size).new_page()
        log_in(page, county.user("bangong"))
        for address in PAGES:
            page.goto(f"{live_server.url}/registers/items/{address}")
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if shots := os.environ.get("ITEM_SHOTS"):
                page.screenshot(
                    path=f"{shots}/{size['width']}-{address.replace('/', '-')}.png", full_page=True
                )
            assert wide <= 0, (address, wide)
            assert axe.violations(page) == [], address
