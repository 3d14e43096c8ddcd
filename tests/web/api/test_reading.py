"""Reading inspections over the interface: tokens, scope, filters, paging."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fairdraw.accounts.models import ApiToken
from fairdraw.exchange.api.shapes import RecordIn
from fairdraw.inspections import papers
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel.actor import Duty
from tests.builders.county import County
from tests.web.api.conftest import Caller

PROBLEM = "application/problem+json; charset=utf-8"


def assert_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status
    assert response["Content-Type"] == PROBLEM
    body: dict[str, Any] = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"]
    return body


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer nobody", "Basic c2VjcmV0", "secret"])
def test_without_a_valid_token_nothing_is_answered(county: County, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}

    response = Client().get("/api/v1/inspections", headers=headers)

    assert_problem(response, 401, "accounts.token-refused")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_is_refused(bureau: Caller) -> None:
    ApiToken.objects.update(revoked_at=timezone.now())

    assert bureau.get("inspections").status_code == 401


def test_a_signed_in_persons_session_opens_nothing(county: County) -> None:
    client = Client()
    client.force_login(county.user("bangong"), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/api/v1/inspections").status_code == 401


def test_a_token_sees_its_agency_and_below_only(county: County, caller: Callable[..., Caller]) -> None:
    section = county.cast.units["zlg"]
    whole = caller(county.bureau, Duty.CLERK).get("inspections", limit=200).json()
    own = caller(section, Duty.CLERK).get("inspections", limit=200).json()

    assert whole["total"] == Inspection.objects.count()
    assert own["total"] == Inspection.objects.filter(agency=section).count() < whole["total"]
    assert {i["agency"]["code"] for i in own["items"]} == {"zlg"}


def test_a_token_without_duties_sees_nothing(county: County, caller: Callable[..., Caller]) -> None:
    assert caller(county.bureau).get("inspections").json() == {"items": [], "total": 0, "next": None}


def test_outside_the_scope_looks_as_if_it_did_not_exist(
    county: County, caller: Callable[..., Caller]
) -> None:
    other = Inspection.objects.filter(task=county.task("ggg-GG01")).first()
    assert other is not None
    section = caller(county.cast.units["zlg"], Duty.CLERK)

    outside = assert_problem(section.get(f"inspections/{other.number}"), 404, "fairdraw.not-found")
    absent = assert_problem(section.get("inspections/none"), 404, "fairdraw.not-found")

    assert outside | {"instance": ""} == absent | {"instance": ""}


def test_the_pages_together_hold_every_inspection_once(bureau: Caller) -> None:
    found: list[str] = []
    address: str | None = "/api/v1/inspections?limit=7"
    while address:
        page = bureau.get(address).json()
        assert page["total"] == Inspection.objects.count()
        found += [i["number"] for i in page["items"]]
        address = page["next"]

    assert found == list(Inspection.objects.order_by("number").values_list("number", flat=True))


def test_filters_narrow_the_list(county: County, bureau: Caller) -> None:
    number = county.task("zlg-ZL01").number
    rows = Inspection.objects.filter(task__number=number)

    assert bureau.get("inspections", task=number).json()["total"] == rows.count()
    assert bureau.get("inspections", agency="ggg").json()["total"] == (
        Inspection.objects.filter(agency__code="ggg").count()
    )
    published = bureau.get("inspections", state="published", limit=200).json()
    assert published["total"] == Inspection.objects.filter(state=InspectionState.PUBLISHED.value).count()
    assert {i["state_label"] for i in published["items"]} == {"已公示"}


def test_what_changed_since_a_moment_is_found_by_any_of_its_dates(bureau: Caller) -> None:
    everything = bureau.get("inspections", limit=200).json()["items"]
    moments = sorted({i["updated_at"] for i in everything})
    middle = moments[len(moments) // 2]

    found = bureau.get("inspections", limit=200, updated_since=middle).json()["items"]

    assert {i["number"] for i in found} == {i["number"] for i in everything if i["updated_at"] >= middle}
    assert 0 < len(found) < len(everything)


@pytest.mark.parametrize(
    ("query", "column"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"state": "drawn"}, "state"),
        ({"updated_since": "2026-03-05"}, "updated_since"),
        ({"updated_since": "2026-03-05T09:00:00"}, "updated_since"),
        ({"updated_since": "0001-01-01T00:00:00+14:00"}, "updated_since"),
        ({"task": "' OR 1=1"}, "task"),
        ({"after": "\x00"}, "after"),
        ({"stat": "published"}, "stat"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(bureau: Caller, query: dict[str, str], column: str) -> None:
    body = assert_problem(bureau.get("inspections", **query), 422, "exchange.invalid-request")

    assert [t["column"] for t in body["troubles"]] == [column]
    assert not any(c.isascii() and c.isalpha() for c in body["troubles"][0]["message"].replace("T09", ""))


def test_class_stratum_and_names_of_inspectors_do_not_travel(bureau: Caller) -> None:
    item = bureau.get("inspections").json()["items"][0]

    assert not {"class_as_sealed", "class", "stratum", "kind", "rank"} & item.keys()
    assert {frozenset(seat) for seat in item["team"]} == {frozenset({"slot", "inspector"})}
    assert len(item["team"]) >= 2


def test_methods_of_the_interface_are_those_of_the_papers() -> None:
    choices = RecordIn.model_json_schema()["properties"]["method"]["enum"]

    assert choices == [code for code, _label in papers.METHODS]


def test_addresses_and_methods_that_do_not_exist_are_problems(bureau: Caller) -> None:
    assert_problem(bureau.get("nothing"), 404, "ui.not-found")
    refused = bureau.client.delete("/api/v1/inspections", headers=bureau.headers)
    assert_problem(refused, 405, "exchange.wrong-method")
    assert refused["Allow"] == "GET"


def test_reading_a_page_costs_the_same_however_long_it_is(
    bureau: Caller, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(5):
        bureau.get("inspections", limit=40)
