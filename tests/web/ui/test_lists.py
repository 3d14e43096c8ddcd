"""List pages: sorting, paging and filtering by plain links, the part that htmx exchanges, forms with errors."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from tests.web.ui.html import Page

HTMX = {"HX-Request": "true"}


def query_of(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


def heading(page: Page, label: str) -> dict[str, list[str]]:
    (link,) = page.all(f"//th/a[starts-with(normalize-space(.), '{label}')]/@href")
    return query_of(link)


def test_a_heading_sorts_and_keeps_the_filters_but_not_the_page(visitor):
    page = Page(visitor.get("/ui/list/?name=0&page=2"))

    assert heading(page, "统一社会信用代码") == {"name": ["0"], "sort": ["code"]}


def test_a_second_press_sorts_the_other_way_and_says_so(visitor):
    page = Page(visitor.get("/ui/list/?sort=code"))

    assert heading(page, "统一社会信用代码") == {"sort": ["-code"]}
    assert page.text("//th[@aria-sort='ascending']").startswith("统一社会信用代码")
    assert page.all("//th[@aria-sort='ascending']") == page.all("//th[@aria-sort]")


def test_the_pager_counts_and_leads_on(visitor):
    page = Page(visitor.get("/ui/list/?name=0&page=2"))

    assert page.text("//span[@class='pager-total']") == "共 237 条，第 2/12 页"
    (onward,) = page.all("//a[@rel='next']/@href")
    assert query_of(onward) == {"name": ["0"], "page": ["3"]}


def test_a_page_number_beyond_the_end_shows_the_last_page(visitor):
    page = Page(visitor.get("/ui/list/?page=999"))

    assert page.text("//span[@class='pager-total']") == "共 237 条，第 12/12 页"
    assert page.all("//a[@rel='next']") == []


def test_nothing_found_is_said_in_words(visitor):
    page = Page(visitor.get("/ui/list/?name=没有这一家"))

    assert page.text("//div[@class='empty']") == "没有符合条件的检查对象"
    assert page.all("//tbody") == []


def test_folded_filters_open_while_one_of_them_filters(visitor):
    assert Page(visitor.get("/ui/list/")).all("//form[@role='search']/details[@open]") == []
    assert Page(visitor.get("/ui/list/?kind=零售")).all("//form[@role='search']/details[@open]")


def test_filtering_again_keeps_the_order(visitor):
    page = Page(visitor.get("/ui/list/?sort=-code"))

    (form,) = page.all("//form[@role='search']/@id")
    assert page.all(f"//input[@form='{form}' and @name='sort']/@value") == ["-code"]


def test_htmx_gets_the_list_alone_and_history_the_whole_page(visitor):
    part = visitor.get("/ui/list/?page=2", headers=HTMX).content.decode()
    again = visitor.get("/ui/list/?page=2", headers={**HTMX, "HX-History-Restore-Request": "true"})

    assert "<html" not in part
    assert 'id="list"' in part
    assert "<html" in again.content.decode()


def test_every_cell_of_a_list_names_its_column_for_the_telephone(visitor):
    page = Page(visitor.get("/ui/list/"))

    assert page.all("//tbody//td[not(@data-l) and not(contains(@class, 'ops'))]") == []


def test_a_refused_action_in_a_row_stays_and_tells_why(visitor):
    page = Page(visitor.get("/ui/list/"))

    refused = page.text("//tbody/tr[1]//details[@class='refused']")
    assert refused == "编辑只有承办机关的计划岗可以封存"


def test_a_form_with_mistakes_comes_back_with_a_summary_that_leads_to_the_fields(visitor):
    given = {
        "name": "春季抽查",
        "starts_on": "2026-10-02",
        "ends_on": "2026-10-01",
        "way": "site",
        "duty": "1",
    }
    response = visitor.post("/ui/form/", given)

    page = Page(response)
    assert response.status_code == 422
    assert "请改正以下 2 处" in page.text("//div[@role='alert']")
    targets = [a.removeprefix("#") for a in page.all("//div[@role='alert']//a/@href")]
    assert targets == ["id_ends_on", "id_opinion"]
    assert all(page.all(f"//*[@id='{t}']") for t in targets)
    assert page.all("//input[@id='id_ends_on']/@aria-describedby") == ["id_ends_on_error"]
    assert page.all("//input[@id='id_name']/@value") == ["春季抽查"]
