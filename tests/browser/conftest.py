"""
A real browser for the tests in this folder: one program for the run, a fresh profile for each test.

``sh test.sh`` finds or installs the browser and names it in ``TEST_CHROMIUM``. A page that logs an error, asks for
something that is not there, or breaks its content policy fails its test.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in this thread
SHOTS = Path(__file__).resolve().parents[2] / "var" / "test" / "shots"
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
AS_ROOT = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Remember that a test failed, for its picture."""
    report: Any = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or bool(report.failed)
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this run."""
    program = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert program, "no browser: `sh test.sh tests/browser` finds or installs one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET, *AS_ROOT])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: Any) -> Any:
    """The product on a port; made after the test database, else its threads would share this thread's connection."""
    return live_server


@pytest.fixture
def troubles() -> list[str]:
    """What went wrong in this test's pages; a test that provokes an error removes it from here."""
    return []


@pytest.fixture
def open_profile(
    chromium: Browser, troubles: list[str], request: pytest.FixtureRequest
) -> Iterator[Callable[..., BrowserContext]]:
    """Make a browser profile with an officer's screen; options are Playwright's for a new context."""
    opened: list[BrowserContext] = []

    def profile(**options: Any) -> BrowserContext:
        defaults = {
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "viewport": {"width": 1366, "height": 768},
        }
        context = chromium.new_context(**{**defaults, **options})
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: troubles.append(f"script: {error.error}"))
        context.on(
            "console", lambda line: troubles.append(f"console: {line.text}") if line.type == "error" else None
        )
        context.on(
            "response",
            lambda answer: troubles.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None,
        )
        opened.append(context)
        return context

    yield profile
    if request.node.stash.get(FAILED, False):
        SHOTS.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^\w.-]+", "_", request.node.name)
        for number, page in enumerate(page for context in opened for page in context.pages):
            page.screenshot(path=SHOTS / f"{name}-{number}.png", full_page=True)
    for context in opened:
        context.close()
    assert not troubles, troubles


@pytest.fixture
def page(open_profile: Callable[..., BrowserContext]) -> Page:
    """A page on an officer's screen, 1366×768."""
    return open_profile().new_page()


@pytest.fixture
def phone(open_profile: Callable[..., BrowserContext]) -> Page:
    """A page on an inspector's telephone."""
    screen = {"width": 390, "height": 844}
    return open_profile(viewport=screen, has_touch=True, is_mobile=True, device_scale_factor=2).new_page()


@pytest.fixture
def log_in(live_server: Any) -> Callable[[Page, Any], None]:
    """Log *user* in on *page*'s profile without typing a password."""

    def enter(page: Page, user: Any) -> None:
        from django.conf import settings
        from django.test import Client

        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )

    return enter


@pytest.fixture
def county(county_ground: Any, transactional_db: None) -> Iterator[Any]:
    """The small county, really stored, at its own time."""
    from django.db import connection

    from fairdraw.kernel import clock
    from tests import restoring
    from tests.builders import county as builder

    restoring.replace(county_ground.database, str(connection.settings_dict["NAME"]))
    clock.use(lambda: builder.NOW)
    yield county_ground.world
    clock.use(None)
