"""
Fixtures for tests that only look at a half-played county: it is built once, each test is undone.

A ``conftest.py`` takes them over by importing them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fairdraw.kernel import clock
from tests.builders import county as builder
from tests.builders.county import County
from tests.builders.grounds import Ground


@pytest.fixture(scope="module")
def county(county_ground: Ground[County], django_db_blocker: Any) -> Iterator[County]:
    """The county; whatever a test changes in it is undone after the test."""
    with django_db_blocker.unblock(), county_ground.stood_on() as county:
        yield county


@pytest.fixture(autouse=True)
def in_the_county(county: County, db: None) -> Iterator[None]:
    """Each test happens on the county's day."""
    clock.use(lambda: builder.NOW)
    yield
    clock.use(None)
