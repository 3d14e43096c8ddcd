"""
Fixtures for tests that only look at a half-played county: it is built once a module, each test is undone.

A ``conftest.py`` takes them over by importing them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

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
    """Each test happens on the county's day."""
    clock.use(lambda: builder.NOW)
    yield
    clock.use(None)
