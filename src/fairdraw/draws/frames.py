"""
The frame of a pool: who may be drawn, who is left out and why, and who may be sent (抽取底册; vdraw/1 §5, §6).

Every register row of a task's scope is in the frame, or in the exclusions with a reason: nobody vanishes. A
list that was drawn elsewhere is taken as it was drawn, whatever the register says of its targets today.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import CharField, Count, QuerySet, Value
from django.utils.translation import gettext as _

from drawcore import suites
from drawcore.membership import membership
from drawcore.outcome import Sealed
from drawcore.plan import Allocation, Assign, ListSource, Part, Plan, Slot, Stratum
from drawcore.rows import Exclusions, Frame, Officers, Recusals
from drawcore.shapes import CODE, PIECE
from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.draws import caps, matching, rules, spread
from fairdraw.draws.models import DrawnTeam
from fairdraw.draws.refusals import NotDrawable
from fairdraw.draws.states import Purpose
from fairdraw.plans import allocation as planned
from fairdraw.plans.allocation import KIND_STRATUM
from fairdraw.plans.models import Scheme, Task
from fairdraw.plans.states import AgencyRole
from fairdraw.plans.strata import OWN, Layering, stratum
from fairdraw.registers import selectors as registers
from fairdraw.registers.models import DeclaredInterest, Target
from fairdraw.registers.rules import EXCLUSION_BY_STATUS, EXCLUSION_LABELS
from fairdraw.registers.scopes import ScopeSpec, in_scope

NO_UNIT = "none"
NO_STRATUM = Value("", output_field=CharField())
AT_ONCE = 5000
COLUMNS = ("draw_code", "station__code", "town_code", "credit_class", "kind", "status", "own")


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
    own: list[str]  # the tags of strata that tasks keep for themselves


def build(
    tasks: Sequence[Task],
    *,
    lists: Mapping[str, ReceivedList],
    suite: suites.Suite,
    blind_key: bytes,
    key: str,
    on: dt.date,
    spreads: bool,
) -> tuple[Sealed, bytes]:
    """
    Freeze frame, exclusions, plan, inspectors and recusals of a pool (编制抽取底册).

    A credit class stands in the frame only where the strata of a task need it; those of the other rows are
    given apart, for a file that is frozen with the lists and handed to nobody.

    Args:
        tasks: The tasks of the pool, each with its approved scheme, in the order of their numbers.
        lists: For tasks whose list was drawn elsewhere, that list by task number.
        suite: The hash suite of the draw.
        blind_key: 32 random bytes of this draw.
        key: The key that the parts of the pool share, so that they meet at the same doors.
        on: The day, for caps and what was covered already.
        spreads: Whether targets that were drawn this year come after those that were not.

    Raises:
        NotDrawable: The tasks deal their inspectors in different modes.

    Source: vdraw/1 §5, §6.1; 安市监〔2024〕26号 三（一）.
    """
    plan = _plan(tasks, lists, key)
    rows = _rows(tasks, lists)
    by = {t.number: t.scheme.stratified_by for t in tasks if t.number not in lists}
    capped = caps.of((task for task in tasks if task.number not in lists), on=on)
    left_out = [gone for code, row in rows.items() for gone in _left_out(code, row, lists, capped)]
    nowhere = {code for code, part, _reason in left_out if part == "*"}
    tags = _Tags(by)
    inside = {code: row for code, row in rows.items() if code not in nowhere}
    ledger = spread.of_year(tasks[0].year, inside) if spreads else spread.EMPTY
    frame = Frame.build(
        ((code, row.unit, row.area, ledger.beside(tags(row), code)) for code, row in inside.items()),
        blind_key=blind_key,
        suite=suite,
    )
    excluded = Exclusions.build(left_out, blind_key=blind_key, suite=suite)
    if ledger.hits:
        plan = spread.spread(plan, membership(plan, frame, excluded), ledger)
    officers = Officers.build(officer_rows(tasks), blind_key=blind_key, suite=suite)
    recusals = Recusals.build(_recusals(officers, frame))
    plan = matching.share_out(plan, frame, excluded, officers, recusals)
    apart = sorted((code, row.credit) for code, row in inside.items() if row.credit and not tags.classed(row))
    classes = "".join(f"{code}\t{credit}\n" for code, credit in apart).encode()
    return Sealed(plan, frame, excluded, officers, recusals), classes


def _rows(tasks: Sequence[Task], lists: Mapping[str, ReceivedList]) -> dict[str, _Row]:
    rows: dict[str, _Row] = {}
    for task in tasks:
        for found in _register_rows(task, lists.get(task.number)):
            for code, unit, area, credit, kind, status, own in found.values_list(*COLUMNS).iterator(
                chunk_size=5000
            ):
                row = rows.get(code)
                if row is None:
                    row = rows[code] = _Row(unit or NO_UNIT, area or "-", credit, kind, status, [], [])
                row.tasks.append(task.number)
                if own:
                    row.own.append(rules.own_tag(task.number, own))
    return rows


def _register_rows(task: Task, received: ReceivedList | None) -> Iterator[QuerySet[Target]]:
    if received is None:
        scheme = task.scheme
        is_own = scheme.stratified_by == OWN
        own = stratum(Layering.from_json(scheme.layering)) if is_own else NO_STRATUM
        yield in_scope(ScopeSpec.from_json(scheme.scope)).annotate(own=own)
        return
    for start in range(0, len(received.codes), AT_ONCE):
        listed = received.codes[start : start + AT_ONCE]
        yield Target.objects.filter(draw_code__in=listed).annotate(own=NO_STRATUM)


def _left_out(
    code: str, row: _Row, lists: Mapping[str, ReceivedList], capped: Mapping[str, caps.Capped]
) -> Iterator[tuple[str, str, str]]:
    """
    Why a register row is not in the frame, or not in one of its parts.

    A target that a received list names stays in the frame for that list; the tasks that draw here leave it out.
    """
    status = EXCLUSION_BY_STATUS.get(row.status, "")
    here = {n: status or capped[n].reason(code, row.credit) for n in row.tasks if n not in lists}
    reasons = [reason for reason in here.values() if reason]
    if reasons and len(reasons) == len(row.tasks):
        yield code, "*", reasons[0]
        return
    for number, reason in here.items():
        if reason:
            yield code, number, reason


class _Tags:
    """The tags of a frame row; rows that are alike share one text."""

    def __init__(self, by: Mapping[str, str]) -> None:
        self._by = by
        self._known: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], str] = {}

    def __call__(self, row: _Row) -> str:
        key = (row.credit, row.kind, tuple(row.tasks), tuple(row.own))
        if key not in self._known:
            self._known[key] = self._made(row)
        return self._known[key]

    def classed(self, row: _Row) -> bool:
        """Whether a task of the row draws by credit class."""
        return "credit" in {self._by.get(number) for number in row.tasks}

    def _made(self, row: _Row) -> str:
        tags = [*(rules.scope_tag(number) for number in row.tasks), *row.own]
        if row.credit and self.classed(row):
            tags.append(f"credit.{row.credit}")
        if "mix" in {self._by.get(number) for number in row.tasks}:
            own = KIND_STRATUM.get(row.kind, "") if row.kind != "enterprise" else row.credit
            if own:
                tags.append(f"mix.{own}")
        return ",".join(sorted(tags))


def _departments(tasks: Sequence[Task]) -> dict[Agency, list[Task]]:
    """The departments that send somebody, each with its tasks; sections of one bureau are one department."""
    found: dict[Agency, list[Task]] = {}
    for task in tasks:
        partners = task.task_agencies.filter(role=AgencyRole.PARTNER.value).select_related("agency__parent")
        for agency in (task.agency, *(part.agency for part in partners.order_by("pk"))):
            own = found.setdefault(accounts.department_of(agency), [])
            if task not in own:
                own.append(task)
    return found


def officer_rows(
    tasks: Sequence[Task], *, starts_on: dt.date | None = None
) -> list[tuple[str, str, str, str, int]]:
    """Whom a draw of *tasks* may send (可以选派的人员), who is there on *starts_on*, or when the tasks start."""
    year = tasks[0].year
    standing = {station.code for station in accounts.stations()}
    stations = {word: code for word, code in accounts.unit_codes().items() if code in standing}
    loads = dict(
        DrawnTeam.objects.filter(draw__year=year)
        .values_list("inspector__code")
        .annotate(n=Count("pk"))
        .values_list("inspector__code", "n")
    )
    rows: list[tuple[str, str, str, str, int]] = []
    for department, own in _departments(tasks).items():
        agencies = list(Agency.objects.filter(path__startswith=department.path))
        starts = starts_on or min(t.scheme.starts_on for t in own)
        ends = max(t.scheme.finishes_on for t in own)
        for inspector in registers.drawable_inspectors(agencies, starts_on=starts, ends_on=ends):
            held = registers.qualifications_on(inspector, starts_on=starts, ends_on=ends)
            tags = ",".join(sorted({matching.CERTIFIED, *(qualification_code(word) for word in held)}))
            words = (inspector.areas or "*").split(",")
            units = ",".join(dict.fromkeys(_unit_code(word, stations) for word in words))
            rows.append((inspector.code, department.code, units, tags, loads.get(inspector.code, 0)))
    return rows


def qualification_code(word: str) -> str:
    """A qualification as the files of a draw write it: its code, or where it is in words a code made of them."""
    return word if PIECE.fullmatch(word) else f"q-{_digest(word)}"


def _unit_code(word: str, stations: Mapping[str, str]) -> str:
    """An area of an inspector: everywhere, a station by any of its words, former ones too, else a code that is no station's."""
    word = stations.get(word, word)
    return word if word == "*" or CODE.fullmatch(word) else f"a-{_digest(word)}"


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()[:12]


def _recusals(officers: Officers, frame: Frame) -> list[tuple[str, str]]:
    codes = officers.by_id
    pairs = DeclaredInterest.objects.values_list("inspector__code", "target__draw_code")
    return [(o, t) for o, t in pairs if o in codes and t in frame.index]


def _plan(tasks: Sequence[Task], lists: Mapping[str, ReceivedList], key: str) -> Plan:
    parts = tuple(_part(task, lists.get(task.number), key) for task in tasks)
    modes = {task.scheme.assign_mode for task in tasks}
    if len(modes) > 1:
        raise NotDrawable(_("各任务选派人员的方式不同（成组、逐户），请分开抽取"))
    slots = _slots(tasks)
    if modes == {"each"}:
        assign = Assign("each", slots)
    else:
        size = min(task.scheme.bundle_size for task in tasks)
        assign = Assign("cluster", slots, by="area", max_per_bundle=size, form="drawn")
    return Plan(tuple(sorted(EXCLUSION_LABELS)), parts, assign)


def _part(task: Task, received: ReceivedList | None, key: str) -> Part:
    scope = rules.scope_tag(task.number)
    if received is not None:
        everybody = Allocation("rate", (Stratum("N", num=1, den=1),))
        source = ListSource(received.drawn_by, received.document_number, received.digest)
        return Part(task.number, Purpose.INSPECTORS.value, scope, "none", "list", everybody, source)
    by = task.scheme.stratified_by
    tag = rules.own_tag(task.number) if by == OWN else by
    return Part(task.number, Purpose.MAIN.value, scope, tag, key, allocation(task.scheme))


def allocation(scheme: Scheme | planned.Allocation) -> Allocation:
    """How a scheme draws, as the sealed plan writes it."""
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
    """Two seats for each department; the first asks for every qualification until they are shared out."""
    slots: list[Slot] = []
    for department, own in _departments(tasks).items():
        needed = qualifications(own, department.code)
        parts = ",".join(sorted(t.number for t in own))
        applies = "*" if len(own) == len(tasks) else parts
        first, second = ",".join(sorted({matching.CERTIFIED, *needed})), matching.CERTIFIED
        slots.append(Slot(f"{department.code}-1"[-32:], department.code, first, "*", applies))
        slots.append(Slot(f"{department.code}-2"[-32:], department.code, second, "*", applies))
    return tuple(slots)


def qualifications(tasks: Iterable[Task], department: str) -> dict[str, str]:
    """What *tasks* ask of the people of a department, by its code: each as the files write it, and in words."""
    return {
        qualification_code(slot["qualification"]): slot["qualification"]
        for task in tasks
        for slot in task.scheme.slots
        if slot.get("qualification") and slot.get("agency") == department
    }
