"""打印任务包 in a real browser: no barrier, no page wider than the screen, printed by keyboard; a file tried at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fairdraw.inspections import selectors as inspections
from fairdraw.inspections.models import Visit as Door
from tests.browser import axe
from tests.browser.test_office import Visit, enter
from tests.builders.county import County

__all__ = ["enter"]

pytestmark = pytest.mark.long
LIST = "企业名称,统一社会信用代码,登记状态,主体类别\n甲茶业有限公司,91350524MA0000007P,存续,企业\n"


def test_packs_are_printed_by_keyboard_and_have_no_barrier(
    enter: Visit,
    open_profile: Callable[..., BrowserContext],
    county: County,
    live_server: object,
    tmp_path: Path,
) -> None:
    held = [visit.pk for visit in inspections.visits_to_come(county.tasks.values())][:2]
    Door.objects.filter(pk__in=held).update(number="", notified_at=None)
    table = tmp_path / "名录.csv"
    table.write_text(LIST, encoding="utf-8")
    found: list[str] = []
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    base = live_server.url  # type: ignore[attr-defined]

    def looked_at(page: Page, screen: str, what: str) -> None:
        found.extend(f"{screen} {what}: {told}" for told in axe.violations(page))
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found.extend([f"{screen} {what}: {wider} px too wide"] if wider > 0 else [])

    for screen, options in (("phone", phone), ("desk", {})):
        page = enter("bangong", open_profile(**options).new_page())
        page.goto(f"{base}/packs/")
        looked_at(page, screen, "packs")
        page.get_by_role("button", name="生成任务包").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="制发通知书 2 份")).to_be_visible()
        looked_at(page, screen, "sure")
        page.goto(f"{base}/units/")
        looked_at(page, screen, "units")
        page.goto(f"{base}/imports/")
        page.get_by_label("导入什么").select_option("targets")
        page.get_by_label("文件", exact=False).first.set_input_files(table)
        page.get_by_role("button", name="上传并核对列").click()
        expect(page.get_by_role("heading", name="确认导入")).to_be_visible()
        looked_at(page, screen, "tried at once")
    assert found == []

    page.goto(f"{base}/packs/")
    page.get_by_role("button", name="生成任务包").press("Enter")
    page.get_by_role("button", name="制发并生成").press("Enter")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载文件").press("Enter")
    assert download.value.path().read_bytes().startswith(b"%PDF")
