"""
Public notices as values (公告): read from what was published by an allow-list of fields, nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fairdraw.plans.differing import LABELS, Difference, difference
from fairdraw.publication.models import Announcement, Publication
from fairdraw.ui.formats import NOTHING, date_zh

#: The columns of the plan's rows that everybody may read, in words.
PUBLIC = {
    name: LABELS[name]
    for name in ("task", "items", "scope", "amount", "initiator", "participants", "starts_on", "ends_on")
}


@dataclass(frozen=True)
class PlanRow:
    """One row of the annual plan."""

    number: int
    task: str
    items: tuple[str, ...]
    scope: str
    amount: str
    initiator: str
    participants: tuple[str, ...]
    starts_on: dt.date | None
    ends_on: dt.date | None


@dataclass(frozen=True)
class PlanNotice:
    """A version of the annual plan (年度抽查工作计划)."""

    title: str
    year: int
    agency: str
    document_number: str
    issued_on: dt.date | None
    version: int
    published_at: dt.datetime
    reason: str
    rows: tuple[PlanRow, ...]


@dataclass(frozen=True)
class TaskNotice:
    """
    A version of a task's notice (抽查任务公告): who checks what, how many were drawn, by which draw.

    ``list_of`` is who drew the targets elsewhere, under ``list_document`` on ``list_on``: not rechecked here.
    """

    title: str
    number: str
    agency: str
    items: tuple[str, ...]
    scope: str
    departments: tuple[str, ...]
    drawn: int
    starts_on: dt.date | None
    due_on: dt.date | None
    draw: str
    draw_number: str
    channel: str
    list_of: str
    list_document: str
    list_on: dt.date | None
    version: int
    published_at: dt.datetime
    reason: str


@dataclass(frozen=True)
class ResultRow:
    """One published result (抽查结果): number, name, code, agency, type, date, result."""

    number: str
    name: str
    code: str
    agency: str
    type: str
    checked_on: dt.date | None
    result: str


def plan_notice(row: Announcement) -> PlanNotice:
    """What a public version of the plan says."""
    body = row.body
    return PlanNotice(
        title=row.title,
        year=int(body.get("year", 0)),
        agency=_text(body, "agency"),
        document_number=_text(body, "document_number"),
        issued_on=_day(body, "issued_on"),
        version=row.version,
        published_at=row.published_at,
        reason=row.reason,
        rows=tuple(_plan_row(r) for r in body.get("rows", ())),
    )


def _plan_row(body: Mapping[str, Any]) -> PlanRow:
    return PlanRow(
        number=int(body.get("number", 0)),
        task=_text(body, "task"),
        items=_texts(body, "items"),
        scope=_text(body, "scope"),
        amount=_text(body, "amount"),
        initiator=_text(body, "initiator"),
        participants=_texts(body, "participants"),
        starts_on=_day(body, "window_start"),
        ends_on=_day(body, "window_end"),
    )


def plan_change(before: PlanNotice, after: PlanNotice) -> Difference:
    """
    What a public version of the plan changed against the one before it, cell by cell (计划调整对照).

    Both are read through the allow-list of their rows. An amount is compared only where both versions tell amounts:
    a notice of an earlier release names none.
    """
    told = all(any(row.amount for row in notice.rows) for notice in (before, after))
    labels = {name: label for name, label in PUBLIC.items() if told or name != "amount"}
    return difference(map(_cells, before.rows), map(_cells, after.rows), labels=labels)


def _cells(row: PlanRow) -> dict[str, Any]:
    days = {"starts_on": date_zh(row.starts_on), "ends_on": date_zh(row.ends_on)}
    return {**vars(row), **{name: "" if day == NOTHING else day for name, day in days.items()}}


def task_notice(row: Announcement) -> TaskNotice:
    """What a public version of a task's notice says."""
    body = row.body
    return TaskNotice(
        title=row.title,
        number=row.reference,
        agency=_text(body, "agency"),
        items=_texts(body, "items"),
        scope=_text(body, "scope"),
        departments=_texts(body, "departments"),
        drawn=int(body.get("drawn", 0)),
        starts_on=_day(body, "window_start"),
        due_on=_day(body, "due_on"),
        draw=_text(body, "draw"),
        draw_number=_text(body, "draw_number"),
        channel=_text(body, "channel"),
        list_of=_text(body, "list_of"),
        list_document=_text(body, "list_document"),
        list_on=_day(body, "list_on"),
        version=row.version,
        published_at=row.published_at,
        reason=row.reason,
    )


def result_row(publication: Publication) -> ResultRow:
    """What a published result says."""
    row = publication.row
    return ResultRow(
        number=_text(row, "number"),
        name=_text(row, "name"),
        code=_text(row, "code"),
        agency=_text(row, "agency"),
        type=_text(row, "type"),
        checked_on=_day(row, "checked_on"),
        result=_text(row, "result"),
    )


def _text(body: Mapping[str, Any], key: str) -> str:
    return str(body.get(key) or "")


def _texts(body: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(str(v) for v in body.get(key) or ())


def _day(body: Mapping[str, Any], key: str) -> dt.date | None:
    text = _text(body, key)
    return dt.date.fromisoformat(text) if text else None
