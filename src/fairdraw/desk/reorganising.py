"""
Units change within the year (机构改革：更名、撤并、辖区调整、任务移交; X17, scene 10): work and people go over, the past stays.

What was sealed, checked and published keeps the unit that did it; what is still to be done goes to the successor.
Every figure by unit therefore stays what it was, and nobody's door is left without an owner.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import permissions as accounts_may
from fairdraw.accounts import selectors as accounts
from fairdraw.accounts import services as account_services
from fairdraw.accounts.models import Agency, AgencyKind
from fairdraw.accounts.services import UnitRefused
from fairdraw.audit import services as audit
from fairdraw.draws.models import Draw
from fairdraw.draws.states import ENDED, FINISHED
from fairdraw.followup.models import FollowUp
from fairdraw.followup.states import FollowUpState
from fairdraw.inspections.models import Inspection, Visit
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.canonical import JSON
from fairdraw.plans import areas
from fairdraw.plans.models import Task, TaskAgency, WorkShare
from fairdraw.plans.states import TaskState
from fairdraw.registers import inspectors as inspector_verbs
from fairdraw.registers import ledger
from fairdraw.registers.models import Inspector, Target

CLOSED_TASKS = (TaskState.SUMMARISED.value, TaskState.CANCELLED.value)
DONE = (InspectionState.PUBLISHED.value, InspectionState.EXCLUDED.value)
AT_ONCE = 2000


@dataclass(frozen=True)
class Moved:
    """How much goes over: targets of an area, inspectors, open tasks, open inspections, open follow-ups, duties; schemes limited to an area."""

    targets: int = 0
    inspectors: int = 0
    tasks: int = 0
    inspections: int = 0
    followups: int = 0
    members: int = 0
    schemes: int = 0


def open_tasks(*units: Agency) -> QuerySet[Task]:
    """The tasks of *units* that are not summed up or cancelled."""
    return Task.objects.filter(agency__in=units).exclude(state__in=CLOSED_TASKS).order_by("number")


def _open_inspections(unit: Agency, tasks: QuerySet[Task] | None = None) -> QuerySet[Inspection]:
    rows = Inspection.objects.filter(agency=unit).exclude(state__in=DONE)
    return rows if tasks is None else rows.filter(task__in=tasks)


def _open_followups(unit: Agency) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(owner=unit).exclude(state=FollowUpState.CLOSED.value)


def preview(unit: Agency) -> Moved:
    """What a merger of *unit* would move, to be named before it is done."""
    today = clock.today()
    return Moved(
        targets=Target.objects.filter(station=unit).count(),
        inspectors=Inspector.objects.filter(agency=unit).count(),
        tasks=open_tasks(unit).count(),
        inspections=_open_inspections(unit).count(),
        followups=_open_followups(unit).count(),
        members=unit.memberships.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today)).count(),
        schemes=len(areas.limited_to(unit.code)),
    )


def units() -> QuerySet[Agency]:
    """The sections and stations with their open tasks counted, those that stand and those that were merged."""
    open_ones = Count("tasks", filter=~Q(tasks__state__in=CLOSED_TASKS), distinct=True)
    rows = Agency.objects.filter(kind__in=(AgencyKind.SECTION, AgencyKind.STATION))
    rows = rows.select_related("successor").prefetch_related("former_names")
    return rows.annotate(open_tasks=open_ones).order_by("kind", "code")


def standing() -> list[Agency]:
    """The sections and stations that work may go to."""
    return [*accounts.sections(), *accounts.stations()]


def draws_under_way(tasks: QuerySet[Task], *units: Agency) -> list[str]:
    """Numbers of draws of *tasks*, or begun by *units*, that are frozen or sealed and not drawn yet: till then nothing moves."""
    ended = [state.value for state in (*FINISHED, *ENDED)]
    mine = Q(agency__in=units) | Q(parts__task__in=list(tasks.values_list("number", flat=True)))
    return sorted(
        Draw.objects.filter(mine).exclude(state__in=ended).values_list("number", flat=True).distinct()
    )


def _require_no_draw(tasks: QuerySet[Task], *units: Agency) -> None:
    if under_way := draws_under_way(tasks, *units):
        raise UnitRefused(
            _("抽取 %(numbers)s 已编制底册或已封存，请先抽取或撤销，再办理撤并或移交")
            % {"numbers": "、".join(under_way)}
        )


@transaction.atomic
def merge_units(*, unit: Agency, into: Agency, document: str, actor: Actor, now: dt.datetime) -> Moved:
    """
    Let a section or station be taken over by another (单位撤并): today, whole, or not at all.

    Targets of the area get the new station from today on (as of any day before they are where they were); inspectors,
    open tasks, open inspections, follow-ups and duties go over. What is closed stays under the old name.

    Raises:
        UnitRefused: A draw of the unit is under way, the two do not fit, or no document is named.
    """
    accounts_may.can_reorganise(actor).require()
    if not document.strip():
        raise UnitRefused(_("请写明撤并的依据文件"))
    if unit.kind != into.kind:
        raise UnitRefused(_("股室并入股室，市场监管所并入市场监管所"))
    _require_no_draw(open_tasks(unit, into), unit, into)
    targets = _move_targets(Target.objects.filter(station=unit), into, document, actor=actor, now=now)
    people = list(Inspector.objects.filter(agency=unit).select_related("agency").order_by("code"))
    for person in people:
        inspector_verbs.transfer_inspector(
            inspector=person, agency=into, area=(unit.code, into.code), actor=actor, now=now
        )
    _rename_area(unit, into, actor=actor, now=now)
    limited = areas.hand_over(old=unit.code, new=into.code, document=document, actor=actor, now=now)
    areas.move_shares(old_id=unit.pk, new_id=into.pk)
    tasks = open_tasks(unit)
    moved = Moved(
        targets=targets,
        inspectors=len(people),
        inspections=_move_inspections(_open_inspections(unit), into),
        followups=_open_followups(unit).update(owner=into),
        tasks=_move_tasks(tasks, unit, into),
        schemes=len(limited),
    )
    members = account_services.close_agency(
        agency=unit, successor=into, document=document, actor=actor, now=now
    )
    body: dict[str, JSON] = {
        "agency": unit.code,
        "successor": into.code,
        "document": document.strip(),
        "targets": moved.targets,
        "inspectors": moved.inspectors,
        "tasks": moved.tasks,
        "inspections": moved.inspections,
        "followups": moved.followups,
    }
    audit.record("unit.merged", actor=actor, at=now, body=body)
    return Moved(**(vars(moved) | {"members": members}))


@transaction.atomic
def hand_over_tasks(
    *, tasks: Sequence[str], to: Agency, document: str, actor: Actor, now: dt.datetime
) -> Moved:
    """
    Hand tasks over to another section or station (任务移交), with the inspections and follow-ups still open.

    Raises:
        UnitRefused: A task is closed or in a draw under way, belongs there already, or no document is named.
    """
    accounts_may.can_reorganise(actor).require()
    if not document.strip():
        raise UnitRefused(_("请写明移交的依据或理由"))
    rows = list(
        Task.objects.select_for_update(of=("self",))
        .filter(number__in=tasks)
        .exclude(state__in=CLOSED_TASKS)
        .select_related("agency")
        .order_by("number")
    )
    if len(rows) != len(set(tasks)) or not rows:
        raise UnitRefused(_("有的任务已经办结、取消或不存在，请重新选择"))
    if to.successor_id is not None or to.kind not in {AgencyKind.SECTION, AgencyKind.STATION}:
        raise UnitRefused(_("只能移交给本局在设的股室或市场监管所"))
    if any(row.agency_id == to.pk for row in rows):
        raise UnitRefused(_("其中有任务本来就由“%(name)s”承办") % {"name": to})
    _require_no_draw(Task.objects.filter(pk__in=[row.pk for row in rows]))
    inspections = followups = 0
    for unit in {row.agency_id: row.agency for row in rows}.values():
        mine = Task.objects.filter(pk__in=[row.pk for row in rows if row.agency_id == unit.pk])
        held = FollowUp.objects.filter(owner=unit, finding__inspection__task__in=mine)
        followups += held.exclude(state=FollowUpState.CLOSED.value).update(owner=to)
        inspections += _move_inspections(_open_inspections(unit, mine), to)
        _move_tasks(mine, unit, to)
    moved = Moved(tasks=len(rows), inspections=inspections, followups=followups)
    body: dict[str, JSON] = {
        "successor": to.code,
        "document": document.strip(),
        "tasks": [row.number for row in rows],
        "inspections": inspections,
        "followups": followups,
    }
    audit.record("tasks.handed_over", actor=actor, at=now, body=body)
    return moved


@transaction.atomic
def hand_over_towns(
    *, station: Agency, towns: Sequence[str], to: Agency, document: str, actor: Actor, now: dt.datetime
) -> int:
    """
    Hand towns over from one station to another (辖区调整), from today on; gives how many targets moved.

    Raises:
        UnitRefused: No town, no document, or a draw of either station is under way.
    """
    accounts_may.can_reorganise(actor).require()
    if not document.strip():
        raise UnitRefused(_("请写明辖区调整的依据文件"))
    if to.kind != AgencyKind.STATION or to.successor_id is not None or to.pk == station.pk:
        raise UnitRefused(_("只能调整到另一个在设的市场监管所"))
    _require_no_draw(open_tasks(station, to), station, to)
    rows = Target.objects.filter(station=station, town__in=list(towns))
    count = _move_targets(rows, to, document, actor=actor, now=now)
    if not count:
        raise UnitRefused(_("所选乡镇没有属于“%(name)s”的检查对象") % {"name": station})
    body: dict[str, JSON] = {
        "agency": station.code,
        "successor": to.code,
        "document": document.strip(),
        "towns": sorted(set(towns)),
        "targets": count,
    }
    audit.record("towns.handed_over", actor=actor, at=now, body=body)
    return count


def towns_of(station: Agency) -> list[tuple[str, int]]:
    """The towns of a station with how many targets each has."""
    rows = Target.objects.filter(station=station).exclude(town="").values("town").order_by("town")
    return [(row["town"], row["n"]) for row in rows.annotate(n=Count("pk"))]


def _move_targets(
    rows: QuerySet[Target], into: Agency, document: str, *, actor: Actor, now: dt.datetime
) -> int:
    """Give targets another station from today on, each with its line in the ledger."""
    if into.kind != AgencyKind.STATION:
        return 0
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    today, moved = clock.local_date(now), 0
    edits: list[ledger.Edit] = []
    for start in range(0, len(keys), AT_ONCE):
        chunk = list(Target.objects.filter(pk__in=keys[start : start + AT_ONCE]).order_by("pk"))
        edits += [ledger.edit(row, {"station_id": into.pk}) for row in chunk]
        moved += Target.objects.filter(pk__in=[row.pk for row in chunk]).update(station=into, updated_at=now)
    if not edits:
        return 0
    lines = [str(edit.target_id).encode() for edit in edits]
    log = audit.record_batch(
        "targets.reassigned", actor=actor, at=now, body={"station": into.code}, rows=lines
    )
    ledger.keep_places(edits, on=today)
    ledger.keep(edits, reason=document, seq=log.seq, actor=actor, now=now)
    return moved


def _rename_area(unit: Agency, into: Agency, *, actor: Actor, now: dt.datetime) -> None:
    """Inspectors of other units whose area was the closed station keep the area under its successor."""
    others = Inspector.objects.filter(areas__contains=unit.code).select_related("agency").order_by("code")
    for person in others:
        if unit.code in person.areas.split(","):
            inspector_verbs.transfer_inspector(
                inspector=person, agency=person.agency, area=(unit.code, into.code), actor=actor, now=now
            )


def _move_inspections(rows: QuerySet[Inspection], into: Agency) -> int:
    keys = list(rows.values_list("pk", flat=True))
    Visit.objects.filter(inspections__in=keys, visited_on__isnull=True).update(agency=into)
    return Inspection.objects.filter(pk__in=keys).update(agency=into)


def _move_tasks(tasks: QuerySet[Task], unit: Agency, into: Agency) -> int:
    """Give tasks another unit, in every part that the old one had in them."""
    keys = list(tasks.values_list("pk", flat=True))
    there = set(TaskAgency.objects.filter(task__in=keys, agency=into).values_list("task_id", flat=True))
    parts = TaskAgency.objects.filter(task__in=keys, agency=unit)
    TaskAgency.objects.filter(task__in=there, agency=into).delete()
    parts.update(agency=into)
    WorkShare.objects.filter(agency=unit, task__in=keys).update(agency=into)
    return Task.objects.filter(pk__in=keys).update(agency=into)
