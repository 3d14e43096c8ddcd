"""
From a draw to inspections, visits and teams (派发): one inspection a drawn row and agency, one visit a door.

Where one department meets the same target twice, in this draw or in one before whose visit is still to
come, it goes once: the team of the earlier seal carries both (N06; 进一次门、查多项事).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.burden import services as burden
from fairdraw.draws import selectors as draws
from fairdraw.draws.models import Draw, DrawnTeam
from fairdraw.draws.states import FINISHED, DrawState
from fairdraw.inspections import class_counts, rules
from fairdraw.inspections.models import Assignment, Inspection, Visit
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import RuleBroken
from fairdraw.plans.models import Task
from fairdraw.plans.states import AgencyRole
from fairdraw.registers.models import Target

CHUNK = 1000
ON_SITE = "on_site"


class NotToOpen(RuleBroken):
    """Inspections are opened once, after the draw."""

    code = "inspections.not-to-open"


@transaction.atomic
def open_inspections(draw: Draw, *, actor: Actor, now: dt.datetime) -> list[Inspection]:
    """
    Open the inspections of a finished draw with their visits and teams, once.

    Raises:
        NotToOpen: The draw is not finished, or its inspections are open.
    """
    if DrawState(draw.state) not in FINISHED:
        raise NotToOpen(_("抽取 %(n)s 尚未完成，不能派发检查") % {"n": draw.number})
    if Inspection.objects.filter(row__drawn_list__draw=draw).exists():
        raise NotToOpen(_("抽取 %(n)s 的检查已经派发") % {"n": draw.number})
    made: list[Inspection] = []
    for task in draws.tasks(draw):
        made += _inspections(draw, task, now)
    Inspection.objects.bulk_create(made, batch_size=CHUNK)
    _visits(draw, made)
    audit.record_batch(
        "inspections.opened",
        actor=actor,
        at=now,
        body={"number": draw.number},
        rows=[f"{i.number}\t{i.agency.code}".encode() for i in made],
    )
    return made


def _inspections(draw: Draw, task: Task, now: dt.datetime) -> list[Inspection]:
    agencies = [task.agency]
    partners = (
        task.task_agencies.filter(role=AgencyRole.PARTNER.value).select_related("agency").order_by("pk")
    )
    agencies += [p.agency for p in partners]
    # Numbers are published: by code, since the order of drawing would tell strata apart (vdraw/1 §15).
    rows = sorted(draws.main_rows(task), key=lambda r: r.target.draw_code)
    day = clock.local_date(now)
    classed = [r.target.credit_computed_on for r in rows if r.target.credit_computed_on]
    differentiated = class_counts.is_differentiated(
        task, oldest_class_on=min(classed, default=None), drawn_on=day
    )
    return [
        Inspection(
            row=row,
            task=task,
            target=row.target,
            agency=agency,
            number=rules.inspection_number(task=task.number, sequence=n, partner=place),
            kind=row.kind_as_sealed,
            stratum=row.stratum,
            class_as_sealed=row.class_as_sealed,
            unit=row.unit,
            differentiated=differentiated,
            exempt=bool(task.exempt_field),
            due_on=task.due_on,
            drawn_at=draw.drawn_at or now,
            method=task.scheme.method,
        )
        for place, agency in enumerate(agencies)
        for n, row in enumerate(rows, start=1)
    ]


def _visits(draw: Draw, made: Sequence[Inspection]) -> None:
    """One visit for each target and department; inspections join a visit that is still to come."""
    doors: dict[tuple[int, int], list[Inspection]] = defaultdict(list)
    departments = {a.pk: accounts.department_of(a) for a in {i.agency for i in made}}
    for inspection in made:
        doors[inspection.target_id, departments[inspection.agency_id].pk].append(inspection)
    waiting = {
        (v.target_id, v.agency_id): v
        for v in Visit.objects.filter(year=draw.year, visited_on__isnull=True, notified_at__isnull=True)
    }
    dealt: dict[int, list[DrawnTeam]] = defaultdict(list)
    for seat in DrawnTeam.objects.filter(draw=draw).select_related("inspector"):
        dealt[seat.target_id].append(seat)
    fresh = {
        door: _visit(draw, door, held[0].target, dealt) for door, held in doors.items() if door not in waiting
    }
    Visit.objects.bulk_create(fresh.values(), batch_size=CHUNK)
    burden.expect(
        burden.Door(visit.pk, visit.target_id, visit.agency_id, max(i.due_on for i in doors[door]))
        for door, visit in fresh.items()
        if any(i.method == ON_SITE for i in doors[door])
    )
    links = [
        Inspection.visits.through(inspection_id=i.pk, visit_id=(waiting.get(door) or fresh[door]).pk)
        for door, held in doors.items()
        for i in held
    ]
    Inspection.visits.through.objects.bulk_create(links, batch_size=CHUNK)
    _teams(doors, waiting, dealt, departments)


def _visit(draw: Draw, door: tuple[int, int], target: Target, dealt: dict[int, list[DrawnTeam]]) -> Visit:
    seats = dealt.get(target.pk, [])
    bundle = f"{draw.number}/{seats[0].bundle:03d}" if seats and seats[0].bundle else draw.number
    return Visit(
        target=target,
        agency_id=door[1],
        year=draw.year,
        team=seats[0].team if seats else "",
        bundle=bundle,
        check_code=rules.check_code(seal=draw.seal or "", target=target.draw_code),
    )


def _teams(
    doors: dict[tuple[int, int], list[Inspection]],
    waiting: dict[tuple[int, int], Visit],
    dealt: dict[int, list[DrawnTeam]],
    departments: dict[int, Agency],
) -> None:
    """The inspectors of each inspection: of this draw, or of the visit that it joins."""
    rows: list[Assignment] = []
    for door, held in doors.items():
        earlier = waiting.get(door)
        seats = [
            (s.slot, s.inspector_id, s.team) for s in dealt.get(door[0], ()) if _sits(s, door[1], departments)
        ]
        if earlier is not None:
            first = earlier.inspections.order_by("pk").first()
            if first is not None:
                kept = first.assignments.filter(replaced_at__isnull=True)
                seats = [(a.slot, a.inspector_id, a.team) for a in kept] or seats
        rows += [
            Assignment(inspection=i, slot=slot, inspector_id=who, team=team)
            for i in held
            for slot, who, team in seats
        ]
    Assignment.objects.bulk_create(rows, batch_size=CHUNK)


def _sits(seat: DrawnTeam, department: int, departments: dict[int, Agency]) -> bool:
    """Whether the seat belongs to the department that knocks at this door: its slots begin with its code."""
    code = next((a.code for a in departments.values() if a.pk == department), "")
    return seat.slot.rpartition("-")[0] == code[-30:]
