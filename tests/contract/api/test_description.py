"""
The interface answers as its OpenAPI description says, whatever it is asked (T-W6).

Schemathesis makes requests from the description, good and bad, and sends them through the whole product in this
process; each answer must be described, and none may be a server error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from fairdraw.accounts import services as accounts
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel.actor import SYSTEM, Duty
from tests.builders.county import NOW, County

DESCRIPTION = "/api/v1/openapi.json"
OPERATIONS = ("listInspections", "getInspection", "recordInspection")
TOKEN = {"Authorization": "Bearer secret"}
bounded = settings(
    max_examples=50,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests leave the test's transaction open, as those of Django's own test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def schema(county: County, one_connection: None) -> Any:
    accounts.issue_token(
        name="省级平台", agency=county.bureau, duties=[Duty.CLERK], secret="secret", actor=SYSTEM, now=NOW
    )
    return schemathesis.openapi.from_wsgi(DESCRIPTION, get_wsgi_application())


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_answer_is_described(schema: Any, operation: str, mode: GenerationMode) -> None:
    """A well-formed request may still be refused with 422, by the rules; that too is described."""
    asked = schema.find_operation_by_id(operation)
    waiting = Inspection.objects.filter(state=InspectionState.NOTIFIED.value)
    numbers = list(waiting.order_by("number").values_list("number", flat=True)[:5])
    known = [None, *numbers] if mode is GenerationMode.POSITIVE else [None]

    @bounded
    @given(case=asked.as_strategy(generation_mode=mode), number=st.sampled_from(known))
    def attempt(case: Any, number: str | None) -> None:
        if number is not None and "number" in case.path_parameters:
            case.path_parameters["number"] = number
        with transaction.atomic():
            case.call_and_validate(headers=TOKEN, excluded_checks=[positive_data_acceptance])
            transaction.set_rollback(True)

    attempt()


def test_each_operation_says_what_it_does_and_how_it_refuses(schema: Any) -> None:
    described = schema.raw_schema

    assert described["openapi"].startswith("3.1")
    assert described["security"] == [{"token": []}]
    operations = [o for path in described["paths"].values() for o in path.values()]
    assert sorted(o["operationId"] for o in operations) == sorted(OPERATIONS)
    for operation in operations:
        assert operation["summary"]
        assert operation["description"]
        refusals = {s: a for s, a in operation["responses"].items() if not s.startswith("2")}
        assert {"400", "401", "404", "422"} <= refusals.keys()
        assert {kind for a in refusals.values() for kind in a["content"]} == {"application/problem+json"}
