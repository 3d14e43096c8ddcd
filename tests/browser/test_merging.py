"""合并建议 and 入企检查与停检期 in a real browser: no barrier, no page wider than the screen, answered by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fairdraw.burden import services as burden
from fairdraw.burden.entries import BlackoutEntry, CampaignEntry
from fairdraw.draws import overlaps
from fairdraw.kernel.actor import SYSTEM
from fairdraw.plans import merging
from tests.browser import axe
from tests.browser.test_office import Visit, enter
from tests.builders.county import NOW, TODAY, YEAR, County

__all__ = ["enter"]

pytestmark = pytest.mark.long


def opened() -> overlaps.Overlap:
    """The proposal that saves most, its answer taken back."""
    for decision in merging.live(first__year=YEAR):
        if all(task.state in merging.TO_DRAW for task in (decision.first, decision.second)):
            decision.delete()
    return overlaps.proposals(YEAR)[0]


def test_the_pages_have_no_barrier_and_a_proposal_is_answered_by_keyboard(
    enter: Visit, open_profile: Callable[..., BrowserContext], county: County, live_server: Any
) -> None:
    one = opened()
    item = one.first.task_items.get().item.code
    starts, ends = one.first.scheme.starts_on, one.first.scheme.finishes_on
    campaign = CampaignEntry("专项行动", "县局", "演政〔2026〕3号", "县政府", TODAY, starts, ends, (item,))
    burden.register_campaign(campaign, actor=SYSTEM, now=NOW)
    burden.enter_blackout(BlackoutEntry("全县会考", starts, starts, "通知"), actor=SYSTEM, now=NOW)
    answer = f"/merging/{one.first.number}/{one.second.number}/"
    pages = ("/merging/", answer, "/burden/", "/burden/campaigns/new/", "/burden/blackouts/new/")
    found: list[str] = []
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    for screen, options in (("desk", {}), ("phone", phone)):
        page: Page = enter("bangong", open_profile(**options).new_page())
        for address in (*pages, f"/tasks/{one.first.number}/"):
            page.goto(f"{live_server.url}{address}")
            found += [f"{screen} {address}: {told}" for told in axe.violations(page)]
            wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{screen} {address}: {wider} px too wide"] if wider > 0 else []
    assert found == []

    page = enter("bangong", open_profile().new_page())
    page.goto(f"{live_server.url}{answer}")
    page.get_by_label("答复").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("对象相同")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已合并，两项任务须在同一批次抽取")).to_be_visible()
