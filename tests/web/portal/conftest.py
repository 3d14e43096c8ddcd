"""A small county whose year is half over, built once for the tests of a module; nobody is signed in."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.builders.playing import county, in_the_county

__all__ = ["county", "in_the_county"]


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)
