"""Entering records over the interface: the same rules as for a person, once for each idempotency key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fairdraw.accounts.selectors import WORK
from fairdraw.audit import selectors as audit
from fairdraw.inspections.models import Answer, Inspection, ReplayedRequest
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel.actor import Duty
from tests.builders.county import TODAY, County
from tests.web.api.conftest import Caller
from tests.web.api.test_reading import assert_problem

CLEAN = {"checked_on": str(TODAY), "codes": ["01"], "measure": "none_needed"}


def waiting(county: County, place: int = 0) -> Inspection:
    """An inspection of the product section that waits for its record."""
    rows = Inspection.objects.filter(task=county.task("zlg-ZL01"), state=InspectionState.NOTIFIED.value)
    return rows.select_related("agency", "task").order_by("number")[place]


def test_a_record_is_entered_as_if_by_a_person(county: County, bureau: Caller) -> None:
    row = waiting(county)
    item = row.task.task_items.get().item.code
    body = {**CLEAN, "note": "现场核对无误", "answers": [{"item": item, "checked": True}]}

    response = bureau.post(f"inspections/{row.number}/record", body)

    assert response.status_code == 200
    assert response.json()["state"] == "recorded"
    row.refresh_from_db()
    assert (row.entered_by, row.outcome, row.checked_on) == (bureau.code, "01", TODAY)
    assert Answer.objects.get(inspection=row).item.code == item
    assert audit.entries().last().kind == "inspections.recorded"  # type: ignore[union-attr]
    assert audit.entries().last().actor == bureau.code  # type: ignore[union-attr]


def test_the_same_request_sent_again_gets_the_same_answer(county: County, bureau: Caller) -> None:
    address = f"inspections/{waiting(county).number}/record"
    first = bureau.post(address, CLEAN)
    entries = audit.size()

    again = bureau.post(address, CLEAN)

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert audit.size() == entries


@pytest.mark.parametrize("other", ["body", "inspection"])
def test_a_key_answers_one_request_only(county: County, bureau: Caller, other: str) -> None:
    first, second = waiting(county), waiting(county, 1)
    bureau.post(f"inspections/{first.number}/record", CLEAN)
    number = second.number if other == "inspection" else first.number
    body = {**CLEAN, "note": "换了内容"} if other == "body" else CLEAN

    assert_problem(bureau.post(f"inspections/{number}/record", body), 409, "exchange.key-reused")


def test_two_callers_may_use_the_same_key(county: County, caller: Callable[..., Caller]) -> None:
    one, two = caller(county.bureau, Duty.CLERK), caller(county.cast.units["zlg"], Duty.INSPECTOR)
    first, second = waiting(county), waiting(county, 1)

    assert one.post(f"inspections/{first.number}/record", CLEAN).status_code == 200
    assert two.post(f"inspections/{second.number}/record", CLEAN).status_code == 200


def test_a_refused_request_may_be_corrected_and_sent_again_with_its_key(
    county: County, bureau: Caller
) -> None:
    address = f"inspections/{waiting(county).number}/record"

    refused = bureau.post(address, {**CLEAN, "codes": ["01", "02"]})
    assert_problem(refused, 422, "inspections.outcome-refused")
    assert ReplayedRequest.objects.count() == 0

    assert bureau.post(address, CLEAN).status_code == 200


def test_what_is_recorded_already_cannot_be_recorded_again(county: County, bureau: Caller) -> None:
    address = f"inspections/{waiting(county).number}/record"
    bureau.post(address, CLEAN)

    assert_problem(bureau.post(address, CLEAN, key="key-0002"), 409, "inspections.wrong-state")


@pytest.mark.parametrize("duty", [d for d in Duty if d not in {Duty.CLERK, Duty.INSPECTOR}])
def test_only_who_enters_records_may(county: County, caller: Callable[..., Caller], duty: Duty) -> None:
    response = caller(county.bureau, duty).post(f"inspections/{waiting(county).number}/record", CLEAN)

    if duty in WORK:
        assert_problem(response, 403, "fairdraw.not-permitted")
    else:  # an administrator's system sees no daily work at all
        assert_problem(response, 404, "fairdraw.not-found")


def test_another_sections_inspection_is_not_there(county: County, caller: Callable[..., Caller]) -> None:
    other = caller(county.cast.units["ggg"], Duty.CLERK)

    response = other.post(f"inspections/{waiting(county).number}/record", CLEAN)

    assert_problem(response, 404, "fairdraw.not-found")
    assert ReplayedRequest.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "column", "message"),
    [
        ({"checked_on": "05.03.2026"}, "checked_on", "应为日期"),
        ({"codes": []}, "codes", "至少1项"),
        ({"codes": ["1"]}, "codes.0", "格式不对"),
        ({"method": "by_phone"}, "method", "不是规定的取值"),
        ({"note": "a\x00b"}, "note", "格式不对"),
        ({"note": "长" * 2001}, "note", "不能超过2000字"),
        ({"inspector": "Y0001"}, "inspector", "没有这一项"),
        ({"answers": [{"checked": "maybe", "item": "ZL01"}]}, "answers.0.checked", "应为是或否"),
    ],
)
def test_what_does_not_fit_the_description_is_named_in_chinese(
    county: County, bureau: Caller, change: dict[str, Any], column: str, message: str
) -> None:
    response = bureau.post(f"inspections/{waiting(county).number}/record", {**CLEAN, **change})

    body = assert_problem(response, 422, "exchange.invalid-request")
    assert [t["column"] for t in body["troubles"]] == [column]
    assert message in body["troubles"][0]["message"]
    assert message in body["detail"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"answers": [{"item": "QX01"}]}, "exchange.unknown-item"),
        ({"answers": [{"item": "ZL01"}, {"item": "ZL01"}]}, "exchange.unknown-item"),
        ({"codes": ["99"]}, "inspections.outcome-refused"),
        ({"measure": "order_correction"}, "inspections.outcome-refused"),
        ({"checked_on": "2026-12-31"}, "inspections.outcome-refused"),
    ],
)
def test_what_the_rules_refuse_is_refused_here_too(
    county: County, bureau: Caller, change: dict[str, Any], code: str
) -> None:
    row = waiting(county)

    assert_problem(bureau.post(f"inspections/{row.number}/record", {**CLEAN, **change}), 422, code)
    row.refresh_from_db()
    assert row.state == InspectionState.NOTIFIED.value


def test_a_body_that_is_no_json_and_a_missing_key_are_refused(county: County, bureau: Caller) -> None:
    address = f"inspections/{waiting(county).number}/record"

    assert_problem(bureau.post(address, b"{"), 400, "exchange.unreadable")
    missing = assert_problem(bureau.post(address, CLEAN, key=""), 422, "exchange.invalid-request")
    assert [t["column"] for t in missing["troubles"]] == ["Idempotency-Key"]
    assert_problem(bureau.post(address, CLEAN, key="short"), 422, "exchange.invalid-request")
