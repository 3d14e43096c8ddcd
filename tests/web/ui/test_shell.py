"""The shell of every page: structure, menu, practice banner, type size."""

from __future__ import annotations

import pytest

from fairdraw.kernel.actor import Duty
from fairdraw.ui import menu
from tests.web.ui.html import Page

GALLERY = ["/ui/", "/ui/list/", "/ui/task/", "/ui/form/", "/ui/portal/", "/ui/plain/"]


@pytest.mark.parametrize("address", GALLERY)
def test_every_sample_page_is_well_made(visitor, address):
    response = visitor.get(address)

    page = Page(response)
    assert response.status_code == 200
    assert len(page.all("//h1")) == 1
    assert page.text("//title").endswith("· 阳光双随机")
    assert page.doubled_ids() == []
    assert page.unlabelled() == []
    assert page.all("//table[not(caption)]") == []
    assert page.all("//html/@lang") == ["zh-CN"]
    assert page.all("//a[@class='skip']/@href") == ["#main"]
    assert page.all("//main[@id='main']")


@pytest.mark.parametrize("address", GALLERY)
def test_nothing_on_a_page_needs_an_exception_from_the_content_policy(visitor, address):
    response = visitor.get(address)

    page = Page(response)
    assert page.all("//@style | //style | //script[not(@src)]") == []
    assert page.all("//@*[starts-with(name(), 'on')]") == []
    outside = [a for a in page.all("//@src | //link/@href") if not a.startswith("/")]
    assert outside == []
    assert "'unsafe" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("address", GALLERY)
def test_every_form_that_changes_something_carries_its_token(visitor, address):
    page = Page(visitor.get(address))

    for form in page.all("//form[@method='post']"):
        assert form.xpath(".//input[@name='csrfmiddlewaretoken']/@value") != [""]
        assert len(form.xpath(".//input[@name='csrfmiddlewaretoken']")) == 1


def test_public_pages_need_no_session_and_no_htmx(visitor):
    response = visitor.get("/ui/portal/")

    assert not response.cookies
    assert "htmx" not in response.content.decode()


def test_the_menu_shows_what_exists_and_what_the_duties_reach(visitor):
    menu.register(menu.Section.PLANS, "年度计划", "sample-plans", (Duty.PLANNER,))
    menu.register(menu.Section.ADMINISTRATION, "操作留痕", "sample-log", (Duty.AUDITOR,))
    menu.register(menu.Section.DRAWS, "抽取批次", "not-built-yet")

    side = Page(visitor.get("/ui/task/")).text("//nav[@class='side']")

    assert "计划与方案" in side
    assert "操作留痕" not in side
    assert "抽取" not in side


def test_the_menu_marks_the_page_one_is_on_by_its_longest_address(visitor):
    menu.register(menu.Section.WORKBENCH, "组件", "ui:gallery")
    menu.register(menu.Section.REGISTERS, "检查对象", "ui:gallery-list")
    menu.register(menu.Section.REGISTERS, "抽查事项", "ui:gallery-task")

    page = Page(visitor.get("/ui/list/?page=2"))

    assert page.all("//nav[@class='side']//a[@aria-current='page']/text()") == ["检查对象"]


def test_a_practice_installation_says_so_on_every_page(visitor, rehearsal):
    for address in GALLERY:
        assert "演示（虚构数据）练习日期2026年10月15日" in "".join(
            Page(visitor.get(address)).text("//aside[@class='practice']").split()
        )


def test_a_real_installation_carries_no_practice_banner(visitor):
    assert "虚构" not in Page(visitor.get("/ui/task/")).source


def test_somebody_signed_in_can_leave_from_every_office_page(visitor):
    page = Page(visitor.get("/ui/task/"))

    assert page.all("//form[@action='/accounts/logout/' and @method='post']")


def test_large_type_is_remembered_and_can_be_left_again(visitor):
    back = visitor.post("/ui/size/", {"size": "large", "next": "/ui/list/?page=2"})

    assert back["Location"] == "/ui/list/?page=2"
    assert Page(visitor.get("/ui/list/")).all("//html/@data-size") == ["large"]
    visitor.get("/ui/size/", {"size": "normal", "next": "/ui/portal/"})
    assert Page(visitor.get("/ui/portal/")).all("//html/@data-size") == ["normal"]


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""])
def test_changing_the_type_size_leads_nowhere_else(visitor, elsewhere):
    assert visitor.post("/ui/size/", {"size": "large", "next": elsewhere})["Location"] == "/"


def test_an_unknown_size_changes_nothing(visitor):
    visitor.post("/ui/size/", {"size": "huge", "next": "/ui/"})

    assert "fairdraw_size" not in visitor.cookies
