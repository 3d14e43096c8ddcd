"""Which inspections a calling system sees, and how they look to it (接口查询)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.exchange.api.shapes import InspectionFilter, InspectionOut, Named, Seat
from fairdraw.inspections import selectors as inspections
from fairdraw.inspections.models import Assignment, Inspection
from fairdraw.inspections.states import INSPECTION_LABELS, InspectionState
from fairdraw.kernel.actor import Actor

FACTS = (
    "drawn_at",
    "notified_at",
    "entered_at",
    "reviewed_at",
    "submitted_at",
    "published_at",
    "withdrawn_at",
    "excluded_at",
)


def matching(actor: Actor, asked: InspectionFilter) -> QuerySet[Inspection]:
    """The inspections of the actor's scope that the filter names, in the order of their numbers."""
    rows = inspections.visible_inspections(actor)
    if asked.task is not None:
        rows = rows.filter(task__number=asked.task)
    if asked.state is not None:
        rows = rows.filter(state=asked.state.value)
    if asked.agency is not None:
        rows = rows.filter(agency__code=asked.agency)
    if asked.updated_since is not None:
        since = Q()
        for fact in FACTS:
            since |= Q(**{f"{fact}__gte": asked.updated_since})
        rows = rows.filter(since)
    return rows


def page(rows: QuerySet[Inspection], asked: InspectionFilter) -> tuple[list[Inspection], bool]:
    """The rows of one page, and whether there are more after it."""
    if asked.after is not None:
        rows = rows.filter(number__gt=asked.after)
    seats = Assignment.objects.filter(replaced_at__isnull=True).select_related("inspector").order_by("slot")
    found = list(rows.prefetch_related(Prefetch("assignments", seats))[: asked.limit + 1])
    return found[: asked.limit], len(found) > asked.limit


def shown(row: Inspection) -> InspectionOut:
    """One inspection as it travels."""
    times: Iterable[dt.datetime | None] = (getattr(row, fact) for fact in FACTS)
    state = InspectionState(row.state)
    seats = [s for s in row.assignments.all() if s.replaced_at is None]
    return InspectionOut(
        number=row.number,
        task=row.task.number,
        target=Named(code=row.target.draw_code, name=row.target.name),
        agency=Named(code=row.agency.code, name=row.agency.name),
        state=state,
        state_label=_(INSPECTION_LABELS[state]),
        due_on=row.due_on,
        method=row.method,
        team=[Seat(slot=s.slot, inspector=s.inspector.code) for s in seats],
        outcome=row.outcome,
        outcome_codes=[c for c in row.outcome_codes.split(",") if c],
        problem=row.problem,
        measure=row.measure,
        note=row.note,
        drawn_at=row.drawn_at,
        notified_at=row.notified_at,
        checked_on=row.checked_on,
        entered_at=row.entered_at,
        reviewed_at=row.reviewed_at,
        submitted_at=row.submitted_at,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        excluded_at=row.excluded_at,
        excluded_code=row.excluded_code,
        updated_at=max(t for t in times if t is not None),
    )
