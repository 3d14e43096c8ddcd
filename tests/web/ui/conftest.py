"""A client that sees the shell's own addresses; no page of the shell may touch the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from fairdraw.kernel import clock
from fairdraw.ui import context, menu
from fairdraw.ui.parts import Installation


@pytest.fixture(autouse=True)
def own_addresses(settings: object) -> None:
    settings.ROOT_URLCONF = "tests.web.ui.urls"  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def own_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty menu and the shell's own idea of who is here."""
    monkeypatch.setattr(menu, "_entries", {})
    monkeypatch.setattr(context, "_person", context._nobody)
    monkeypatch.setattr(context, "_installation", context._unnamed)


@pytest.fixture
def rehearsal(monkeypatch: pytest.MonkeyPatch) -> None:
    at = dt.datetime(2026, 10, 15, 2, tzinfo=dt.UTC)
    monkeypatch.setattr(
        context, "_installation", lambda request: Installation(name="演示县", rehearsal=True, practice_at=at)
    )


@pytest.fixture(autouse=True)
def practice_clock() -> Iterator[None]:
    clock.use(lambda: dt.datetime(2026, 10, 15, 2, tzinfo=dt.UTC))
    yield
    clock.use(None)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)
