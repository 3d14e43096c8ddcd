"""
The frame of a pool: who may be drawn, who is left out and why, and who may be sent (抽取底册; vdraw/1 §5, §6).

Every register row of a task's scope is in the frame, or in the exclusions with a reason: nobody vanishes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from drawcore import suites
from drawcore.outcome import Sealed
from drawcore.plan import Allocation, Assign, ListSource, Part, Plan, Slot, Stratum
from drawcore.rows import Exclusions, Frame, Officers, Recusals
from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.draws import rules
from fairdraw.draws.models import DrawnTeam
from fairdraw.draws.states import Purpose
from fairdraw.plans.allocation import KIND_STRATUM
from fairdraw.plans.models import Scheme, Task
from fairdraw.plans.states import AgencyRole
from fairdraw.registers import selectors as registers
from fairdraw.registers.models import DeclaredInterest, Target
from fairdraw.registers.rules import EXCLUSION_BY_STATUS, EXCLUSION_LABELS
from fairdraw.registers.scopes import ScopeSpec, in_scope

NO_UNIT = "none"
COLUMNS = ("draw_code", "station__code", "town_code", "credit_class", "kind", "status")


@dataclass(frozen=True)
class ReceivedList:
    """A list drawn elsewhere that only needs inspectors: whose, by which document, the file's hash."""

    drawn_by: str
    document_number: str
    digest: str
    codes: tuple[str, ...]


@dataclass
class _Row:
    unit: str
    area: str
    credit: str
    kind: str
    status: str
    tasks: list[str]


def build(
    tasks: Sequence[Task],
    *,
    lists: dict[str, ReceivedList],
    suite: suites.Suite,
    blind_key: bytes,
    key: str,
) -> Sealed:
    """
    Freeze frame, exclusions, plan, inspectors and recusals of a pool (编制抽取底册).

    Args:
        tasks: The tasks of the pool, each with its approved scheme, in the order of their numbers.
        lists: For tasks whose list was drawn elsewhere, that list by task number.
        suite: The hash suite of the draw.
        blind_key: 32 random bytes of this draw.
        key: The key that the parts of the pool share, so that they meet at the same doors.

    Source: vdraw/1 §5, §6.1; 安市监〔2024〕26号 三（一）.
    """
    rows = _rows(tasks, lists)
    by = {t.number: t.scheme.stratified_by for t in tasks}
    kept = [(code, row) for code, row in rows.items() if _reason(row, lists) is None]
    frame = Frame.build(
        ((code, row.unit, row.area, _tags(row, by)) for code, row in kept), blind_key=blind_key, suite=suite
    )
    left_out = [(c, "*", reason) for c, r in rows.items() if (reason := _reason(r, lists)) is not None]
    excluded = Exclusions.build(left_out, blind_key=blind_key, suite=suite)
    officers = Officers.build(_officers(tasks), blind_key=blind_key, suite=suite)
    recusals = Recusals.build(_recusals(officers, frame))
    return Sealed(_plan(tasks, lists, key), frame, excluded, officers, recusals)


def _rows(tasks: Sequence[Task], lists: dict[str, ReceivedList]) -> dict[str, _Row]:
    rows: dict[str, _Row] = {}
    for task in tasks:
        if task.number in lists:
            found = Target.objects.filter(draw_code__in=lists[task.number].codes)
        else:
            found = in_scope(ScopeSpec.from_json(task.scheme.scope))
        for code, unit, area, credit, kind, status in found.values_list(*COLUMNS).iterator(chunk_size=5000):
            row = rows.get(code)
            if row is None:
                row = rows[code] = _Row(unit or NO_UNIT, area or "-", credit, kind, status, [])
            row.tasks.append(task.number)
    return rows


def _reason(row: _Row, lists: dict[str, ReceivedList]) -> str | None:
    """Why a register row is not in the frame; a received list is taken as it was drawn."""
    if lists:
        return None
    return EXCLUSION_BY_STATUS.get(row.status)


def _tags(row: _Row, by: dict[str, str]) -> str:
    tags = [rules.scope_tag(number) for number in row.tasks]
    asked = {by[number] for number in row.tasks}
    if row.credit:  # sealed with every row: figures by class read what was sealed, never the live register
        tags.append(f"credit.{row.credit}")
    if "mix" in asked:
        own = KIND_STRATUM.get(row.kind, "") if row.kind != "enterprise" else row.credit
        if own:
            tags.append(f"mix.{own}")
    return ",".join(sorted(tags)) or "-"


def _departments(tasks: Sequence[Task]) -> dict[Agency, list[Task]]:
    found: dict[Agency, list[Task]] = {}
    for task in tasks:
        found.setdefault(accounts.department_of(task.agency), []).append(task)
        for part in task.task_agencies.filter(role=AgencyRole.PARTNER.value).select_related("agency"):
            found.setdefault(part.agency, []).append(task)
    return found


def _officers(tasks: Sequence[Task]) -> list[tuple[str, str, str, str, int]]:
    year = tasks[0].year
    loads = dict(
        DrawnTeam.objects.filter(draw__year=year)
        .values_list("inspector__code")
        .annotate(n=Count("pk"))
        .values_list("inspector__code", "n")
    )
    rows: list[tuple[str, str, str, str, int]] = []
    for department, own in _departments(tasks).items():
        agencies = list(Agency.objects.filter(path__startswith=department.path))
        starts = min(t.scheme.starts_on for t in own)
        ends = max(t.scheme.finishes_on for t in own)
        for inspector in registers.drawable_inspectors(agencies, starts_on=starts, ends_on=ends):
            tags = ",".join(sorted({"cert", *filter(None, inspector.qualifications.split(","))}))
            load = loads.get(inspector.code, 0)
            rows.append((inspector.code, department.code, inspector.areas or "*", tags, load))
    return rows


def _recusals(officers: Officers, frame: Frame) -> list[tuple[str, str]]:
    codes = {o.id for o in officers.rows}
    pairs = DeclaredInterest.objects.values_list("inspector__code", "target__draw_code")
    return [(o, t) for o, t in pairs if o in codes and t in frame.index]


def _plan(tasks: Sequence[Task], lists: dict[str, ReceivedList], key: str) -> Plan:
    parts = tuple(_part(task, lists.get(task.number), key) for task in tasks)
    scheme = tasks[0].scheme
    slots = _slots(tasks)
    if scheme.assign_mode == "each":
        assign = Assign("each", slots)
    else:
        assign = Assign("cluster", slots, by="area", max_per_bundle=scheme.bundle_size, form="drawn")
    return Plan(tuple(sorted(EXCLUSION_LABELS)), parts, assign)


def _part(task: Task, received: ReceivedList | None, key: str) -> Part:
    scope = rules.scope_tag(task.number)
    if received is not None:
        everybody = Allocation("rate", (Stratum("N", num=1, den=1),))
        source = ListSource(received.drawn_by, received.document_number, received.digest)
        return Part(task.number, Purpose.INSPECTORS.value, scope, "none", "list", everybody, source)
    return Part(
        task.number, Purpose.MAIN.value, scope, task.scheme.stratified_by, key, _allocation(task.scheme)
    )


def _allocation(scheme: Scheme) -> Allocation:
    strata = tuple(
        Stratum(
            **{
                name: row[name]
                for name in ("code", "reserve", "num", "den", "min", "take", "weight")
                if name in row
            }
        )
        for row in sorted(scheme.strata, key=lambda row: row["code"])
    )
    return Allocation(scheme.mode, strata, total=scheme.total or 0)


def _slots(tasks: Sequence[Task]) -> tuple[Slot, ...]:
    """Two seats for each department; the first asks for every qualification that its tasks need."""
    slots: list[Slot] = []
    for department, own in _departments(tasks).items():
        needed = {
            slot["qualification"]
            for task in own
            for slot in task.scheme.slots
            if slot.get("qualification") and slot.get("agency") == department.code
        }
        parts = ",".join(sorted(t.number for t in own))
        applies = "*" if len(own) == len(tasks) else parts
        first, second = ",".join(sorted({"cert", *needed})), "cert"
        slots.append(Slot(f"{department.code}-1"[-32:], department.code, first, "*", applies))
        slots.append(Slot(f"{department.code}-2"[-32:], department.code, second, "*", applies))
    return tuple(slots)
