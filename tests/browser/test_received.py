"""外部名单 in a real browser: no barrier, no page wider than the screen, settled by keyboard, received without script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fairdraw.draws.models import DrawnList
from fairdraw.draws.receiving import Origin
from fairdraw.exchange import list_uploads
from fairdraw.inspections import deadlines
from fairdraw.kernel.actor import SYSTEM
from fairdraw.plans import cities
from fairdraw.plans.cities import DivisionEntry
from fairdraw.plans.deadlines import Moved
from fairdraw.plans.states import Channel
from fairdraw.registers.models import Target
from tests.browser import axe
from tests.browser.test_office import Visit, enter
from tests.builders.county import NOW, TODAY, County
from tests.service.draws.walking import approved_task

__all__ = ["enter"]

pytestmark = pytest.mark.long
ORIGIN = Origin(
    "演示市市场监督管理局", "演示市监〔2026〕12号", TODAY, "市局质量监督管理处", "第三季度抽查名单"
)


def city_list(county: County, task: Any, *, header: str = "企业名称") -> tuple[Any, Target]:
    """An uploaded list of eight rows: one twin, one dead, one unknown; and the twin that is meant."""
    there = Target.objects.filter(kind="enterprise", status="existing").order_by("draw_code")
    targets = list(there[:7])
    Target.objects.filter(pk=targets[1].pk).update(name=targets[0].name)
    Target.objects.filter(pk=targets[2].pk).update(status="deregistered")
    names = [targets[0].name, *(t.name for t in targets[2:]), "演示县查无此户有限公司"]
    data = "\n".join([header, *names] if header else names).encode()
    row = list_uploads.take(
        task, data=data, name="名单.csv", origin=ORIGIN, actor=county.actor("zlg-jh"), now=NOW
    )
    return row, targets[1]


def waiting(county: County, name: str) -> Any:
    """A task whose list the city draws."""
    return approved_task(county, name=name, channel=Channel.DISPATCHED)


def test_the_pages_have_no_barrier_and_no_page_is_wider_than_the_screen(
    enter: Visit, open_profile: Callable[..., BrowserContext], county: County, live_server: Any
) -> None:
    unit = county.cast.units["zlg"]
    cities.keep(DivisionEntry("质量监督管理处", unit, "含认证"), actor=SYSTEM, now=NOW)
    task, bare, done = (waiting(county, name) for name in ("市级抽查一", "市级抽查二", "市级抽查三"))
    row, twin = city_list(county, task)
    plain, _twin = city_list(county, bare, header="")
    over, twin = city_list(county, done)
    list_uploads.settle(over, done, choices={2: twin.draw_code}, actor=county.actor("zlg-jh"))
    list_uploads.confirm(over, done, actor=county.actor("zlg-jh"), now=NOW)
    moved = Moved(done.due_on - dt.timedelta(3), "演示市监函〔2026〕30号", TODAY, "市局要求提前完成")
    deadlines.change_deadline(task=done, moved=moved, actor=county.actor("zlg-jh"), now=NOW)
    pages = (
        "/lists/",
        "/lists/?division=市局质量监督管理处",
        "/lists/divisions/",
        f"/tasks/{task.number}/list/",
        f"/tasks/{task.number}/list/{row.pk}/",
        f"/tasks/{bare.number}/list/{plain.pk}/columns/",
        f"/tasks/{bare.number}/list/{plain.pk}/columns/?headless=1&header_row=",
        f"/tasks/{done.number}/",
        f"/tasks/{done.number}/draw/",
        f"/tasks/{done.number}/list/returned/",
        f"/tasks/{done.number}/deadline/",
    )
    found: list[str] = []
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    for screen, options in (("desk", {}), ("phone", phone)):
        page: Page = enter("bangong", open_profile(**options).new_page())
        for address in pages:
            page.goto(f"{live_server.url}{address}")
            found += [f"{screen} {address}: {told}" for told in axe.violations(page)]
            wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{screen} {address}: {wider} px too wide"] if wider > 0 else []
    assert found == []


def test_rows_are_settled_by_keyboard_and_the_list_received_without_script(
    enter: Visit, open_profile: Callable[..., BrowserContext], county: County, live_server: Any
) -> None:
    task = waiting(county, "市级抽查")
    row, twin = city_list(county, task)
    page = enter("zlg-jh", open_profile(java_script_enabled=False).new_page())
    page.goto(f"{live_server.url}/tasks/{task.number}/list/{row.pk}/")
    page.locator(f"input[value='{twin.draw_code}']").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="保存认定").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("全部认定，请核对后确认接收")).to_be_visible()
    page.get_by_role("button", name="确认接收").press("Enter")

    expect(page.get_by_text("名单已接收：可检查5户，退回2行")).to_be_visible()
    assert DrawnList.objects.get(task=task).received_rows.get(row=2).target == twin
