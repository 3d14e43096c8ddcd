"""A small county whose year is half over, built once for the tests of this folder; nobody is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from fairdraw.kernel import clock
from tests.builders import county as builder
from tests.builders.county import County


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[County]:
    """The county; whatever a test changes in it is undone after the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield builder.build()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def in_the_county(county: County, db: None) -> Iterator[None]:
    clock.use(lambda: builder.NOW)
    yield
    clock.use(None)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)
