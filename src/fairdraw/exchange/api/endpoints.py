"""The resource inspections (检查) of the interface: a list, one, and the entry of a record."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Path, Query, Router
from pydantic import StringConstraints

from fairdraw.exchange.api import problems, questions, records
from fairdraw.exchange.api.shapes import (
    CODE,
    InspectionFilter,
    InspectionOut,
    InspectionPage,
    Problem,
    RecordIn,
)
from fairdraw.inspections import selectors
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor

Number = Annotated[str, StringConstraints(pattern=CODE)]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z._:-]{8,80}$")]
router = Router(tags=["inspections"])
REFUSED = {400: Problem, 401: Problem, 404: Problem, 422: Problem}


def _actor(request: HttpRequest) -> Actor:
    found = getattr(request, "actor", None)
    assert isinstance(found, Actor)
    return found


@router.get(
    "",
    response={200: InspectionPage, **REFUSED},
    operation_id="listInspections",
    summary="查询检查",
    url_name="inspections",
)
def listed(request: HttpRequest, filters: Query[InspectionFilter]) -> dict[str, Any]:
    """检查列表，只含调用方职责范围内的检查，按检查编号排序；next 是下一页的地址。"""
    problems.refuse_unknown(request.GET, InspectionFilter.model_fields)
    rows = questions.matching(_actor(request), filters)
    found, more = questions.page(rows, filters)
    following = None
    if more:
        query = request.GET.copy()
        query["after"] = found[-1].number
        following = f"{request.path}?{query.urlencode()}"
    return {"items": [questions.shown(r) for r in found], "total": rows.count(), "next": following}


@router.get(
    "/{number}",
    response={200: InspectionOut, **REFUSED},
    operation_id="getInspection",
    summary="查看一次检查",
    url_name="inspection",
)
def single(request: HttpRequest, number: Path[Number]) -> InspectionOut:
    """一次检查；不在职责范围内的，与不存在一样回答 404。"""
    return questions.shown(selectors.inspection(_actor(request), number))


@router.post(
    "/{number}/record",
    response={200: InspectionOut, 403: Problem, 409: Problem, **REFUSED},
    operation_id="recordInspection",
    summary="录入检查结果",
    url_name="record",
)
def record(
    request: HttpRequest,
    response: HttpResponse,
    number: Path[Number],
    payload: RecordIn,
    key: Annotated[Key, Header(alias="Idempotency-Key", description="幂等键：同键同内容重发，回答相同")],
) -> dict[str, Any]:
    """录入检查结果，规则与人工录入相同。同一幂等键重发同一内容得到同样的回答，换了内容回答 409。"""
    answered = records.enter(number=number, record=payload, key=key, actor=_actor(request), now=clock.now())
    if answered.replayed:
        response["Idempotent-Replayed"] = "true"
    return answered.body
