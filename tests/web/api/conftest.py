"""Calling systems of a small county: each with a token, an agency and duties."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from fairdraw.accounts import services as accounts
from fairdraw.accounts.models import Agency
from fairdraw.kernel.actor import SYSTEM, Duty
from tests.builders.county import NOW, County
from tests.builders.playing import county, in_the_county

__all__ = ["county", "in_the_county"]
BASE = "/api/v1"


class Caller:
    """A calling system that speaks JSON."""

    def __init__(self, secret: str, code: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {secret}"}
        self.code = code

    def get(self, address: str, **query: Any) -> Any:
        where = address if address.startswith("/") else f"{BASE}/{address}"
        return self.client.get(where, query or None, headers=self.headers)

    def post(self, address: str, body: Any, key: str = "key-0001") -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body)
        headers = {**self.headers, "Idempotency-Key": key} if key else self.headers
        return self.client.post(
            f"{BASE}/{address}", data=content, content_type="application/json", headers=headers
        )


@pytest.fixture
def caller(county: County) -> Callable[..., Caller]:
    """Make a calling system of an agency with duties."""

    def make(agency: Agency, *duties: Duty) -> Caller:
        secret = "-".join(("secret", agency.code, *duties))
        row = accounts.issue_token(
            name="省级平台", agency=agency, duties=list(duties), secret=secret, actor=SYSTEM, now=NOW
        )
        return Caller(secret, f"t:{row.pk}")

    return make


@pytest.fixture
def bureau(county: County, caller: Callable[..., Caller]) -> Caller:
    """A calling system that may enter records for the whole bureau."""
    return caller(county.bureau, Duty.CLERK)
