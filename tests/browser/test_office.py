"""The office in a real browser: a draw whose shares never leave the devices, every page by axe, on both screens."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pyrage
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from fairdraw.demo import draws as demo_draws
from fairdraw.draws.models import Draw, DrawSource
from fairdraw.files import selectors as files
from fairdraw.followup.models import FollowUp
from fairdraw.inspections.models import Inspection
from tests.browser import axe
from tests.builders.county import County

Visit = Callable[[str, Page], Page]


@pytest.fixture
def enter(county: County, live_server: Any, log_in: Callable[[Page, Any], None]) -> Visit:
    """Sign an account of the county in on a page, and open the workbench."""

    def opened(name: str, page: Page) -> Page:
        log_in(page, county.user(name))
        page.goto(f"{live_server.url}/work/")
        return page

    return opened


def envelope_of(source: str, number: str) -> str:
    """What the custodian reads in the envelope that a device handed in."""
    place = DrawSource.objects.get(source=source, draw__state="drawn", draw__number=number)
    identity = pyrage.x25519.Identity.from_str(demo_draws.CUSTODIAN_IDENTITY)
    return str(pyrage.decrypt(files.read(place.envelope_id), [identity]).decode())


def test_a_draw_by_two_people_at_two_devices_opens_by_itself(
    enter: Visit, open_profile: Callable[..., BrowserContext], county: County, live_server: Any
) -> None:
    first = enter("qjg-jh", open_profile().new_page())
    sent: list[str] = []
    first.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    # 发起人：准备抽取、封存
    first.goto(f"{live_server.url}/tasks/{county.task('qjg-QX01').number}/draw/")
    first.get_by_role("button", name="准备抽取").click()
    code = first.locator(".check-code").inner_text()
    first.get_by_role("button", name="封存").click()
    expect(first.get_by_text("已锁定")).to_be_visible()
    assert not any("share=" in line for line in sent)
    # 监督人：打开、核对、监督并抽取
    second = enter("jiandu", open_profile().new_page())
    second.get_by_role("link", name=re.compile("请监督并抽取")).click()
    assert second.locator(".check-code").inner_text() == code
    second.get_by_label("核对码与签字的审批表一致").check()
    second.get_by_role("button", name="监督并抽取").click()
    # 两台设备各自开启，两人都到凭证
    for page in (first, second):
        page.wait_for_url("**/receipt/")
        expect(page.locator(".check-code")).to_have_text(code)
    # 信封与开启的份额一致
    for source in ("p1", "p2"):
        number = county.task("qjg-QX01").number
        place = DrawSource.objects.get(source=source, draw__number=number)
        assert envelope_of(source, number) == (
            f"vdraw/1 commit\nseal {place.draw.seal}\nsource {source}\nsalt {place.salt}\nshare {place.share}\n"
        )
    assert not [c for c in first.context.cookies() if c["name"].startswith("vdraw-")]
    second.get_by_role("link", name="复核本次抽取").click()
    expect(second.get_by_text("复核通过")).to_be_visible()


def test_a_press_before_the_script_is_there_waits_for_it(
    enter: Visit, open_profile: Callable[..., BrowserContext], county: County, live_server: Any
) -> None:
    page = enter("qjg-jh", open_profile().new_page())
    slow: list[Route] = []
    page.goto(f"{live_server.url}/tasks/{county.task('qjg-QX01').number}/draw/")
    page.route("**/ui/draw.js", lambda route: slow.append(route) if not slow else route.continue_())
    page.get_by_role("button", name="准备抽取").click(no_wait_after=True)
    page.get_by_role("button", name="封存").click(no_wait_after=True)
    expect(page.get_by_role("button", name="封存")).to_be_visible()
    slow[0].continue_()
    expect(page.get_by_text("已锁定")).to_be_visible()
    # 份额由本机产生：服务器没有替本机保存
    assert not [c for c in page.context.cookies() if c["name"].startswith("vdraw-")]


def test_without_script_the_same_two_people_draw_as_well(
    enter: Visit, open_profile: Callable[..., BrowserContext], county: County, live_server: Any
) -> None:
    first = enter("ggg-jh", open_profile(java_script_enabled=False).new_page())
    second = enter("jiandu", open_profile(java_script_enabled=False).new_page())
    first.goto(f"{live_server.url}/tasks/{county.task('ggg-WL01').number}/draw/")
    first.get_by_role("button", name="准备抽取").click()
    with first.expect_navigation():
        first.get_by_role("button", name="封存").click()
    second.reload()
    second.get_by_role("link", name=re.compile("请监督并抽取")).click()
    second.get_by_label("核对码与签字的审批表一致").check()
    with second.expect_navigation():
        second.get_by_role("button", name="监督并抽取").click()
    first.reload()
    first.get_by_role("button", name="开启").click()

    expect(first.get_by_role("heading", level=1)).to_have_text(re.compile("^抽取凭证"))
    second.reload()
    expect(second.get_by_role("heading", level=1)).to_have_text(re.compile("^抽取凭证"))


def addresses(county: County) -> list[tuple[str, str]]:
    """Every kind of page of the office, with somebody whose page it is."""
    task, draft = county.task("zlg-ZL01").number, county.task("ggg-draft").number
    waiting, draw = county.task("qjg-QX01").number, Draw.objects.filter(state="drawn").first().pk
    prepared = county.prepared("tsg-TS01").pk
    row = Inspection.objects.filter(task__number=task, state="notified").first()
    problem = FollowUp.objects.filter(state="open").last()
    return [
        ("", "/accounts/login/"),
        *(("bangong", f"/{p}") for p in ("work/", "tasks/", "draws/", "draws/pool/", "board/")),
        *(("bangong", f"/{p}") for p in ("plans/2026/", "plans/2026/6/", "plans/2026/amendment/")),
        *(("bangong", f"/draws/{draw}/{p}") for p in ("receipt/", "verification/")),
        ("bangong", f"/draws/{prepared}/"),
        *(
            ("bangong", f"/registers/{p}/")
            for p in ("targets", "items", "items/GG01", "inspectors", "base/2027")
        ),
        *(("bangong", f"/{p}/") for p in ("plans/2026/planning", "plans/2026/planning/6", "tasks/new")),
        ("bangong", f"/targets/{row.target.draw_code}/"),
        ("bangong", f"/tasks/{waiting}/draw/"),
        ("bangong", f"/tasks/{waiting}/cancel/"),
        ("ggg-fz", f"/tasks/{draft}/"),
        *(("ggg-jh", f"/tasks/{draft}/{p}/") for p in ("paper", "scheme")),
        *(
            ("zlg-jh", f"/tasks/{task}/{p}")
            for p in ("", "draw/", "team/", "inspections/", "publication/", "followups/")
        ),
        ("zlg-jh", "/inspections/"),
        *(("zlg-jh", f"/inspections/{row.number}/{p}") for p in ("", "record/", "exclude/")),
        ("zlg-fz", "/publication/"),
        ("zlg-jh", "/followups/"),
        *(("zlg-jh", f"/followups/{problem.pk}/{p}") for p in ("", "start/")),
    ]


def test_no_page_of_the_office_has_a_barrier_on_either_screen(
    enter: Visit, open_profile: Callable[..., BrowserContext], county: County, live_server: Any
) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    visits = addresses(county)
    found: list[str] = []
    for screen, options in (("desk", {}), ("phone", phone)):
        profiles: dict[str, Page] = {}
        for name, address in visits:
            if name not in profiles:
                profiles[name] = open_profile(**options).new_page()
                if name:
                    enter(name, profiles[name])
            page = profiles[name]
            page.goto(f"{live_server.url}{address}")
            found += [f"{screen} {address}: {told}" for told in axe.violations(page)]
            wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{screen} {address}: {wider} px too wide"] if wider > 0 else []

    assert found == []
