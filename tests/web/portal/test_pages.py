"""Every public page: whole, labelled, read only, without session, script and cookie."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.builders.county import County
from tests.web.portal import walking
from tests.web.ui.html import Page

PAGES = ["", "items/", "plan/", "tasks/", "results/", "draws/", "log/"]


def test_every_link_of_the_public_site_leads_somewhere(visitor: Client) -> None:
    seen = walking.everything(visitor)

    assert [(s.address, s.status) for s in seen if s.status not in (200, 302)] == []
    assert {f"/public/{page}" for page in PAGES} <= {s.address for s in seen}


def test_every_public_page_is_well_made(visitor: Client) -> None:
    for seen in walking.everything(visitor):
        if seen.status != 200 or not seen.media_type.startswith("text/html"):
            continue
        page = Page(visitor.get(seen.address))
        assert len(page.all("//h1")) == 1, seen.address
        assert page.text("//title"), seen.address
        assert page.doubled_ids() == [], seen.address
        assert page.unlabelled() == [], seen.address
        assert page.all("//form[@method='post']") == [], seen.address
        assert page.all("//*[@style] | //script[not(@src)]") == [], seen.address


def test_the_public_site_sets_no_cookie_and_may_be_kept_for_a_minute(visitor: Client) -> None:
    for page in PAGES:
        response = visitor.get(f"/public/{page}")

        assert response.cookies == {}
        assert "public" in response["Cache-Control"]
        assert "max-age=60" in response["Cache-Control"]


@pytest.mark.parametrize("page", PAGES)
def test_a_public_page_cannot_be_written_to(visitor: Client, page: str) -> None:
    assert visitor.post(f"/public/{page}").status_code == 405
    assert visitor.head(f"/public/{page}").status_code == 200


def test_the_first_page_is_light(visitor: Client) -> None:
    assert len(visitor.get("/public/").content) < 50_000


def test_the_key_figures_count_what_was_published(visitor: Client, county: County) -> None:
    from fairdraw.draws.models import DrawnRow
    from fairdraw.publication.models import Publication

    page = Page(visitor.get("/public/"))
    figures = [
        " ".join(v.text_content().split()) for v in page.all("//*[contains(@class,'stat-value')]/text()/..")
    ]
    published = Publication.objects.filter(acknowledged_at__isnull=False).count()
    drawn = DrawnRow.objects.filter(reserve=False).count()

    assert published > 0
    assert figures == ["6项任务", "2项任务", f"{drawn}户次", f"{published}条"]


def test_the_search_box_leads_to_a_task_by_its_number(visitor: Client, county: County) -> None:
    number = county.task("ggg-GG01").number

    assert visitor.get(f"/public/search/?q={number}")["Location"] == f"/public/tasks/{number}/"
    assert visitor.get("/public/search/?q=茶业")["Location"].startswith("/public/results/?q=")


@pytest.mark.parametrize(
    "address",
    [
        "plan/1999/",
        "plan/2026/77/",
        "plan/99999999999999999999/",
        "tasks/2026-999/",
        "tasks/%00/",
        "tasks/2026-001/99/",
        "draws/00000000-0000-4000-8000-000000000000/",
        "draws/nonsense/",
        "log/7777777.txt",
        "nothing/",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(visitor: Client, address: str) -> None:
    response = visitor.get(f"/public/{address}")

    assert response.status_code == 404
    assert len(Page(response).all("//h1")) == 1


@pytest.mark.parametrize(
    "query", ["q=%00", "q=" + "长" * 300, "task=none", "page=-1", "page=x", "q=%25_", "q=%F0%A0%AE%B7"]
)
def test_odd_searches_are_answered(visitor: Client, query: str) -> None:
    assert visitor.get(f"/public/results/?{query}").status_code == 200
    assert visitor.get(f"/public/search/?{query}", follow=True).status_code == 200
