"""
Inspections after a replacement (递补、更换检查人员): who visits whom follows the draw, never a person's choice.

The draw gives the successor; here the inspection of the target that left ends, one of the successor opens, and
seats are taken over. What was recorded already stays as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.audit import services as audit
from fairdraw.burden import services as burden
from fairdraw.draws import course, replacing
from fairdraw.draws import rules as draw_rules
from fairdraw.draws.course import Seat
from fairdraw.draws.models import Draw
from fairdraw.draws.refusals import NotDrawable
from fairdraw.draws.replacing import MovedUp, Relieved
from fairdraw.inspections import rules, selectors
from fairdraw.inspections.models import Assignment, Inspection, Visit
from fairdraw.inspections.permissions import WrongState
from fairdraw.inspections.states import INSPECTION_MOVES, InspectionMove, InspectionState
from fairdraw.kernel.actor import Actor
from fairdraw.registers.models import Inspector

# The code under which the inspection of a replaced target is taken out, where the draw words it otherwise.
EXCLUSION = {"outside": "moved_out"}
BEFORE_RECORD = (
    InspectionState.ASSIGNED.value,
    InspectionState.NOTIFIED.value,
    InspectionState.RETURNED.value,
)


@transaction.atomic
def replace_target(*, inspection_id: int, reason: str, actor: Actor, now: dt.datetime) -> list[Inspection]:
    """
    Replace the target of an inspection for a verified reason (递补); gives the inspections of the successor.

    Every agency's inspection of that drawn row ends, before any of them was recorded.

    Args:
        inspection_id: An inspection of the target that leaves.
        reason: One of ``draws.rules.REPLACEABLE``.
        actor: The approving leader.
        now: When.

    Raises:
        WrongState: One of them has been recorded: the target was there.
        draws refusals: as :func:`draws.replacing.replace_object`.

    Source: vdraw/1 §11.
    """
    asked = Inspection.objects.select_related("row").get(pk=inspection_id)
    siblings = Inspection.objects.filter(row=asked.row_id).exclude(state=InspectionState.EXCLUDED.value)
    ending = selectors.for_update(siblings.values_list("pk", flat=True))
    for row in ending:
        if (InspectionState(row.state), InspectionMove.EXCLUDE) not in INSPECTION_MOVES:
            raise WrongState(_("%(n)s 已经录入检查结果，不能再替换对象") % {"n": row.number})
    draw = draw_of(asked)
    moved = replacing.replace_object(
        draw_id=draw.pk,
        task=asked.task.number,
        target=asked.target.draw_code,
        reason=reason,
        actor=actor,
        now=now,
    )
    for row in ending:
        row.state = INSPECTION_MOVES[InspectionState(row.state), InspectionMove.EXCLUDE].value
        row.excluded_at = now
        row.excluded_code = EXCLUSION.get(reason, reason)
        row.excluded_reason = _(draw_rules.REPLACEABLE[reason])
        row.save(update_fields=["state", "excluded_at", "excluded_code", "excluded_reason"])
    opened = _opened(moved, ending, draw)
    for row in ending:
        burden.forgo(selectors.idle_visits(row))
        body = {"inspection": row.number, "reason": row.excluded_code}
        audit.record("inspection.excluded", actor=actor, at=now, body=body)
    rows = [f"{i.number}\t{i.agency.code}".encode() for i in opened]
    audit.record_batch("inspections.opened", actor=actor, at=now, body={"number": draw.number}, rows=rows)
    return opened


def draw_of(inspection: Inspection) -> Draw:
    """
    The draw that an inspection comes from.

    Raises:
        NotDrawable: It comes from none.
    """
    draw = inspection.row.drawn_list.draw
    if draw is None:
        raise NotDrawable(_("%(n)s 不是抽取产生的检查") % {"n": inspection.number})
    return draw


def _opened(moved: MovedUp, ended: Sequence[Inspection], draw: Draw) -> list[Inspection]:
    """One inspection of the successor for each that ended, at a door of the successor."""
    successor = moved.successor
    known = Inspection.objects.filter(task=successor.task_id).values("row").distinct().count()
    opened: list[Inspection] = []
    for place, old in enumerate(sorted(ended, key=lambda i: i.number)):
        new = Inspection.objects.create(
            row=successor,
            task=old.task,
            target=successor.target,
            agency=old.agency,
            number=rules.inspection_number(task=old.task.number, sequence=known + 1, partner=place),
            kind=successor.kind_as_sealed,
            stratum=successor.stratum,
            class_as_sealed=successor.class_as_sealed,
            unit=successor.unit,
            differentiated=old.differentiated,
            exempt=old.exempt,
            due_on=old.due_on,
            drawn_at=old.drawn_at,
            method=old.method,
        )
        new.visits.add(_door(new, old, moved.seats, draw))
        opened.append(new)
    return opened


def _door(new: Inspection, old: Inspection, seats: Sequence[Seat], draw: Draw) -> Visit:
    """The visit that the new inspection joins or begins, with its inspectors seated."""
    department = accounts.department_of(new.agency)
    waiting = Visit.objects.filter(
        target=new.target,
        agency=department,
        year=draw.year,
        visited_on__isnull=True,
        notified_at__isnull=True,
    ).first()
    if waiting is not None:
        first = waiting.inspections.order_by("pk").first()
        held = (
            first.assignments.filter(replaced_at__isnull=True)
            if first is not None
            else Assignment.objects.none()
        )
        places = [(a.slot, a.inspector_id, a.team) for a in held]
    else:
        own = [s for s in seats if s.slot.rpartition("-")[0] == department.code[-30:]]
        who = _inspectors(own)
        places = [(s.slot, who[s.inspector], s.team) for s in own]
        before = old.visits.first()
        waiting = Visit.objects.create(
            target=new.target,
            agency=department,
            year=draw.year,
            planned_on=before.planned_on if before is not None else None,
            team=own[0].team if own else "",
            bundle=before.bundle if before is not None else draw.number,
            check_code=rules.check_code(seal=draw.seal or "", target=new.target.draw_code),
        )
        if new.method == "on_site":
            burden.expect([burden.Door(waiting.pk, new.target_id, department.pk, new.due_on)])
    Assignment.objects.bulk_create(
        Assignment(inspection=new, slot=slot, inspector_id=pk, team=team) for slot, pk, team in places
    )
    return waiting


def _inspectors(seats: Iterable[Seat]) -> dict[str, int]:
    codes = {seat.inspector for seat in seats}
    return dict(Inspector.objects.filter(code__in=codes).values_list("code", "pk"))


@transaction.atomic
def replace_inspector(
    *, inspection_id: int, inspector: str, reason: str, actor: Actor, now: dt.datetime
) -> Relieved:
    """
    Replace an inspector who is ill, away or gone (更换检查人员), at every door the draw's rule names.

    Args:
        inspection_id: An inspection at which *inspector* is seated.
        inspector: The code of the inspector who leaves.
        reason: One of ``draws.rules.AWAY``.
        actor: The approving leader.
        now: When.

    Source: vdraw/1 §12.
    """
    inspection, draw = _dealt(inspection_id, inspector)
    relieved = replacing.replace_inspector(
        draw_id=draw.pk,
        target=inspection.target.draw_code,
        inspector=inspector,
        reason=reason,
        actor=actor,
        now=now,
    )
    _take_over(draw, relieved, reason=reason, actor=actor, now=now)
    return relieved


@transaction.atomic
def recuse_inspector(
    *, inspection_id: int, inspector: str, reason: str, actor: Actor, now: dt.datetime
) -> Relieved:
    """
    Keep an inspector away from this target (回避); arguments as :func:`replace_inspector`.

    Source: vdraw/1 §12; 行政处罚法第四十三条.
    """
    inspection, draw = _dealt(inspection_id, inspector)
    relieved = replacing.recuse_inspector(
        draw_id=draw.pk,
        target=inspection.target.draw_code,
        inspector=inspector,
        reason=reason,
        actor=actor,
        now=now,
    )
    _take_over(draw, relieved, reason=reason, actor=actor, now=now)
    return relieved


def relieve_inspector(
    *, inspection_id: int, inspector: str, reason: str, actor: Actor, now: dt.datetime
) -> Relieved:
    """
    Replace an inspector, or keep one with a relation away from this target alone (更换检查人员、回避).

    Arguments and refusals as :func:`replace_inspector`; the reason tells which it is.
    """
    verb = recuse_inspector if reason == draw_rules.RECUSAL else replace_inspector
    return verb(inspection_id=inspection_id, inspector=inspector, reason=reason, actor=actor, now=now)


def doors_ahead(inspection: Inspection, inspector: str, *, reason: str) -> int:
    """How many doors change hands when *inspector* leaves for *reason*: all that the team still has, or this one."""
    seat = inspection.assignments.filter(inspector__code=inspector, replaced_at__isnull=True).first()
    if seat is None or not seat.team or reason == draw_rules.RECUSAL:
        return 1
    waiting = Inspection.objects.filter(state__in=BEFORE_RECORD, assignments__in=_seats_of(seat))
    return waiting.values("visits").distinct().count()


def _seats_of(seat: Assignment) -> QuerySet[Assignment]:
    """The seats of the same inspector in the same team of the same draw."""
    return Assignment.objects.filter(
        inspection__row__drawn_list__draw=seat.inspection.row.drawn_list.draw_id,
        inspector=seat.inspector_id,
        team=seat.team,
        replaced_at__isnull=True,
    )


def _dealt(inspection_id: int, inspector: str) -> tuple[Inspection, Draw]:
    """The inspection, and the draw that dealt *inspector* to its door: its own, or an earlier one it joined."""
    inspection = Inspection.objects.select_related("target", "row__drawn_list__draw").get(pk=inspection_id)
    together = Inspection.objects.filter(visits__in=inspection.visits.all()).values("row__drawn_list__draw")
    for draw in Draw.objects.filter(pk__in=together).order_by("drawn_at", "pk"):
        if course.standing(draw).seat_of(inspector, at=inspection.target.draw_code) is not None:
            return inspection, draw
    raise NotDrawable(
        _("%(who)s 没有被派往 %(target)s，不能更换") % {"who": inspector, "target": inspection.target.name}
    )


def _take_over(draw: Draw, relieved: Relieved, *, reason: str, actor: Actor, now: dt.datetime) -> None:
    """Seat the successors in the inspections of the draw's doors that wait for their record."""
    who = _inspectors(relieved.seats)
    for seat in relieved.seats:
        doors = Visit.objects.filter(
            inspections__row__drawn_list__draw=draw, target__draw_code=seat.target, visited_on__isnull=True
        )
        leaving = Assignment.objects.filter(
            inspection__visits__in=doors.distinct(),
            inspection__state__in=BEFORE_RECORD,
            slot=seat.slot,
            replaced_at__isnull=True,
        )
        for old in leaving.select_related("inspection").order_by("pk").distinct():
            if old.inspector_id == who[seat.inspector]:
                continue
            old.replaced_at, old.replaced_reason = now, reason
            old.save(update_fields=["replaced_at", "replaced_reason"])
            Assignment.objects.create(
                inspection=old.inspection, slot=seat.slot, inspector_id=who[seat.inspector], team=seat.team
            )
            body = {"inspection": old.inspection.number, "slot": seat.slot, "reason": reason}
            audit.record("inspector.replaced", actor=actor, at=now, body=body | {"successor": seat.inspector})
        if seat.team:
            doors.filter(inspections__assignments__slot=seat.slot).update(team=seat.team)
