"""The small county as officers see it: a client for each account that looks at every page it gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fairdraw.accounts.models import User
from fairdraw.kernel import clock
from tests.builders import county as builder
from tests.builders.county import County
from tests.builders.grounds import Ground
from tests.web.ui.html import Page

BUDGET = 60  # no page of the office asks the database more often


@pytest.fixture(scope="module")
def played(county_ground: Ground[County], django_db_blocker: Any) -> Iterator[County]:
    """The county; what a test does is rolled back after it."""
    with django_db_blocker.unblock(), county_ground.stood_on() as county:
        yield county


@pytest.fixture
def county(played: County, db: None) -> County:
    return played


@pytest.fixture(autouse=True)
def practice_time() -> Iterator[None]:
    clock.use(lambda: builder.NOW)
    yield
    clock.use(None)


class Officer:
    """One person at a screen. Every page that comes back is read as a whole before it is handed over."""

    def __init__(self, user: User | None) -> None:
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.queries = 0

    def get(self, address: str, status: int = 200, **extra: Any) -> Any:
        with CaptureQueriesContext(connection) as asked:
            answer = self.client.get(address, **extra)
        self.queries = len(asked)
        return self._seen(address, answer, status)

    def post(self, address: str, given: dict[str, Any] | None = None, status: int = 302) -> Any:
        return self._seen(address, self.client.post(address, given or {}), status)

    def follow(self, answer: Any) -> Page:
        """The page that an answer leads to."""
        return Page(self.get(answer["Location"]))

    def page(self, address: str) -> Page:
        return Page(self.get(address))

    def _seen(self, address: str, answer: Any, status: int) -> Any:
        assert answer.status_code == status, (address, answer.status_code, _said(answer))
        if answer.get("Content-Type", "").startswith("text/html") and b"<html" in answer.content:
            well_made(address, Page(answer))
            assert self.queries <= BUDGET, (address, self.queries)
        return answer


def _said(answer: Any) -> str:
    if "html" not in answer.get("Content-Type", "") or b"<html" not in answer.content:
        return answer.content[:200].decode(errors="replace")
    page = Page(answer)
    told = page.all("//p[@class='refusal-text']") or page.all("//div[@role='alert']")
    return " ".join(t.text_content() for t in told)[:300]


def well_made(address: str, page: Page) -> None:
    """Title, one headline, labels, unique ids, tokens, no unfinished template."""
    assert page.text("//title").startswith(page.text("//h1")[:4]) or page.text("//h1"), address
    assert len(page.all("//h1")) == 1, address
    assert page.doubled_ids() == [], address
    assert page.unlabelled() == [], address
    assert "{{" not in page.source, address
    assert "{%" not in page.source, address
    without_token = [
        form
        for form in page.all("//form[translate(@method,'POST','post')='post']")
        if not form.xpath(".//input[@name='csrfmiddlewaretoken']")
    ]
    assert without_token == [], address
    assert page.all("//*[@style]") == [], address


@pytest.fixture
def officer(county: County) -> Callable[[str], Officer]:
    """Somebody of the county by the name of the account; an empty name is a stranger."""
    return lambda name: Officer(county.user(name) if name else None)


@pytest.fixture
def planner(officer: Callable[[str], Officer]) -> Officer:
    """The planner and clerk of the product section, whose task is in the field."""
    return officer("zlg-jh")


@pytest.fixture
def leader(officer: Callable[[str], Officer]) -> Officer:
    """The leader and reviewer of the product section."""
    return officer("zlg-fz")


@pytest.fixture
def office(officer: Callable[[str], Officer]) -> Officer:
    """The leading group's office."""
    return officer("bangong")


@pytest.fixture
def supervisor(officer: Callable[[str], Officer]) -> Officer:
    """The supervisor of draws, of the law section."""
    return officer("jiandu")
