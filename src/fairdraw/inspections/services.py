"""
Verbs on inspections and visits, for one or for many: a batch is done whole or not at all, with one entry
in the log whose Merkle root stands for its rows.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.burden import selectors as borne
from fairdraw.burden import services as burden
from fairdraw.documents import services as documents
from fairdraw.documents.rules import document_number
from fairdraw.inspections import permissions, rules, selectors
from fairdraw.inspections.entries import RecordEntry
from fairdraw.inspections.models import Answer, Assignment, Inspection, Review, Visit
from fairdraw.inspections.states import INSPECTION_MOVES, InspectionMove, InspectionState
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.canonical import JSON
from fairdraw.kernel.errors import InvalidInput, RuleBroken
from fairdraw.plans import selectors as plan_selectors
from fairdraw.plans import services as plans
from fairdraw.plans.models import Task
from fairdraw.plans.states import TaskMove, TaskState
from fairdraw.rulebook import rules as book
from fairdraw.rulebook import selectors as rulebook
from fairdraw.rulebook.values import Measure, ResultCode

CHUNK = 500
NOTICE = "notice"
NONE_NEEDED = "none_needed"
ORDERED = "ordered_corrected"
RECORDED = (
    "checked_on",
    "method",
    "outcome",
    "outcome_codes",
    "problem",
    "measure",
    "note",
    "invented",
    "entered_at",
    "entered_by",
    "reviewed_by",
)
Known = tuple[Mapping[str, ResultCode], Mapping[str, Measure]]


class OutcomeRefused(InvalidInput):
    """The result codes of a record do not go together, or the measure does not fit."""

    code = "inspections.outcome-refused"


class NoTeam(RuleBroken):
    """An inspection without two inspectors cannot be recorded (行政处罚法 42)."""

    code = "inspections.no-team"


@transaction.atomic
def plan_visits(*, task: Task, actor: Actor, now: dt.datetime) -> int:
    """
    Give each visit of *task* that has no day yet its planned day (安排检查时间; N03).

    Days without visits for an industry or place are planned around where the window has others (停检期). A door that
    it shares with a task of a later end is opened by this task's last day for visits, while nobody there has been
    told of the later day.
    """
    permissions.can_plan_visits(actor, task).require()
    workdays = rulebook.workdays()
    last = plan_selectors.schedule(task, on=clock.local_date(now)).last_visit
    visits = [v for v in selectors.open_visits(task) if _needs_a_day(v, last)]
    bundles = list(dict.fromkeys(sorted(v.bundle for v in visits)))
    starts = max(task.scheme.starts_on, clock.local_date(now))
    days = rules.spread(bundles, starts_on=starts, last_visit_on=last, workdays=workdays)
    for bundle, closed in _closed(visits, starts, last).items():
        days[bundle] = rules.free_day(
            days[bundle], closed, starts_on=starts, last_visit_on=last, workdays=workdays
        )
    visits = [v for v in visits if v.planned_on is None or days[v.bundle] < v.planned_on]
    for visit in visits:
        visit.planned_on = days[visit.bundle]
    Visit.objects.bulk_update(visits, ["planned_on"], batch_size=CHUNK)
    rows = [f"{v.target.draw_code}\t{v.planned_on}".encode() for v in visits]
    audit.record_batch("visits.planned", actor=actor, at=now, body={}, rows=rows)
    return len(visits)


def _closed(
    visits: Sequence[Visit], starts: dt.date, last: dt.date
) -> dict[str, set[tuple[dt.date, dt.date]]]:
    """The days without visits (停检期) of each bundle's targets."""
    found: dict[str, set[tuple[dt.date, dt.date]]] = {}
    for blackout in borne.blackouts_in(starts, last):
        for visit in visits:
            if borne.covers(blackout, visit.target):
                found.setdefault(visit.bundle, set()).add((blackout.starts_on, blackout.ends_on))
    return found


def _needs_a_day(visit: Visit, last: dt.date) -> bool:
    return visit.planned_on is None or (visit.notified_at is None and visit.planned_on > last)


@transaction.atomic
def notify(visits: Sequence[Visit], *, prefix: str, actor: Actor, now: dt.datetime) -> int:
    """
    Number the notices of *visits* and mark their inspections as notified (制发抽查通知书).

    Args:
        visits: Visits that have not been notified.
        prefix: The agency's number prefix (机关代字).
    """
    fresh = [v for v in visits if v.notified_at is None]
    if not fresh:
        return 0
    year = clock.local_date(now).year
    numbers = documents.take_numbers(agency_code=prefix, kind=NOTICE, year=year, count=len(fresh))
    held = selectors.served_by(fresh)
    changed: list[Inspection] = []
    for visit, number in zip(fresh, numbers, strict=True):
        visit.number = document_number(f"{prefix}抽查通〔{{year}}〕{{seq}}号", year, number)
        visit.notified_at = now
        permissions.can_notify(actor, held[visit.pk]).require()
        for inspection in held[visit.pk]:
            if inspection.state == InspectionState.ASSIGNED.value:
                inspection.state = InspectionState.NOTIFIED.value
                inspection.notified_at = now
                changed.append(inspection)
    Visit.objects.bulk_update(fresh, ["number", "notified_at"], batch_size=CHUNK)
    _save(changed, "notified_at")
    _start(changed, actor=actor, now=now)
    rows = [f"{v.number}\t{v.check_code}".encode() for v in fresh]
    audit.record_batch("visits.notified", actor=actor, at=now, body={}, rows=rows)
    return len(fresh)


def _start(changed: Iterable[Inspection], *, actor: Actor, now: dt.datetime) -> None:
    numbers = sorted({i.task.number for i in changed})
    tasks = [t for t in plan_selectors.tasks_for_update(numbers) if t.state == TaskState.DRAWN.value]
    plans.move_all(tasks, TaskMove.START, actor=actor, now=now)


@transaction.atomic
def record(entries: Sequence[RecordEntry], *, actor: Actor, now: dt.datetime) -> list[Inspection]:
    """
    Enter the records of inspections (录入检查结果).

    Raises:
        OutcomeRefused: Codes that exclude each other, an unknown code, a measure that does not fit, a result or measure
            that the items of the task do not allow, words that are lacking (:func:`lacks_words`).
        NoTeam: Fewer than two inspectors stand in the slots.
        permissions.WrongState: An inspection is not waiting for its record.

    Source: 安市监〔2024〕26号 三（一）; workflow.md §5; rules.md H1, J3.
    """
    by_id = {e.inspection_id: e for e in entries}
    rows = selectors.for_update(by_id)
    permissions.require_all(actor, rows, InspectionMove.RECORD)
    _require_teams(rows, now=now)
    again = [r.pk for r in rows if r.state == InspectionState.RETURNED.value]
    Answer.objects.filter(inspection__in=again).delete()
    known = rulebook.result_codes(clock.local_date(now)), rulebook.measures(clock.local_date(now))
    bounds = selectors.allowed({row.task_id for row in rows})
    for row in rows:
        _require_fitting(row, by_id[row.pk], known, on=clock.local_date(now))
        _require_allowed(row, by_id[row.pk], known, bounds[row.task_id])
        _write(row, by_id[row.pk], known[0], actor=actor, now=now)
    _save(rows, *RECORDED)
    _answer(entries)
    _close_doors(rows)
    _start(rows, actor=actor, now=now)
    lines = [f"{r.number}\t{r.checked_on}\t{r.outcome_codes}\t{r.measure}".encode() for r in rows]
    invented = any(e.invented for e in entries)
    audit.record_batch("inspections.recorded", actor=actor, at=now, body={"invented": invented}, rows=lines)
    return rows


def _require_fitting(row: Inspection, entry: RecordEntry, known: Known, *, on: dt.date) -> None:
    """Refuse codes that do not go together, a measure that does not answer them, an impossible day."""
    codes, measures = known
    troubles = book.check_outcome(entry.codes, codes)
    if troubles:
        raise OutcomeRefused(f"{row.number}：{troubles[0].message}", troubles=troubles)
    measure = measures.get(entry.measure)
    problem = book.is_problem(entry.codes, codes)
    if measure is None or not (measure.for_problem if problem else measure.for_clean):
        raise OutcomeRefused(_("%(n)s：处置措施与检查结果不符，请重新选择") % {"n": row.number})
    if entry.checked_on > on:
        raise OutcomeRefused(_("%(n)s：检查日期不能晚于今天") % {"n": row.number})
    if entry.checked_on < clock.local_date(row.drawn_at):
        raise OutcomeRefused(_("%(n)s：检查日期不能早于抽取日期") % {"n": row.number})
    lacking = lacks_words(row, entry, codes)
    if lacking:
        raise OutcomeRefused(_("%(n)s：%(lacking)s") % {"n": row.number, "lacking": lacking})


def lacks_words(row: Inspection, entry: RecordEntry, codes: Mapping[str, ResultCode]) -> str:
    """
    What a record has to say in words and does not (情况说明); empty where nothing is lacking.

    A visit before the task's first day happened, so it can be recorded, but not without the reason: the approval and
    the notice name the task's days. Who orders a correction says what is wrong.

    Source: workflow.md D3, §5, §8.2 (发现问题情况); rules.md I1.
    """
    starts = row.task.window_start
    if entry.checked_on < starts and not entry.note.strip():
        said = _(
            "检查日期%(day)s早于任务开始日期%(starts)s，请核对；确实提前检查的，请在“情况说明”中写明原因后再录入"
        )
        return said % {"day": entry.checked_on, "starts": starts}
    ordered = [c for c in entry.codes if codes[c].identifier == ORDERED]
    if ordered and not entry.note.strip() and not any(a.problem.strip() for a in entry.answers):
        said = _("检查结果为“%(code)s %(label)s”，请在事项的“发现的问题”或“情况说明”中写明发现了什么问题")
        return said % {"code": ordered[0], "label": codes[ordered[0]].label}
    return ""


def _require_allowed(row: Inspection, entry: RecordEntry, known: Known, bounds: selectors.Bounds) -> None:
    """
    Refuse a result or a measure that the items of the task do not list (rules.md B5).

    What has become of the target (注销, 迁出) is found at any door; where nothing is wrong nothing has to follow.
    """
    codes, measures = known
    results, steps = bounds
    strange = [c for c in entry.codes if results is not None and c not in results and not codes[c].is_status]
    if strange:
        words = {"n": row.number, "named": "、".join(f"{c} {codes[c].label}" for c in strange)}
        raise OutcomeRefused(_("%(n)s：本任务的抽查事项不使用检查结果“%(named)s”") % words)
    if steps is not None and entry.measure not in {*steps, NONE_NEEDED}:
        words = {"n": row.number, "named": measures[entry.measure].label}
        raise OutcomeRefused(_("%(n)s：本任务的抽查事项不采取处置措施“%(named)s”") % words)


def _write(
    row: Inspection, entry: RecordEntry, codes: Mapping[str, ResultCode], *, actor: Actor, now: dt.datetime
) -> None:
    row.state = INSPECTION_MOVES[InspectionState(row.state), InspectionMove.RECORD].value
    row.checked_on = entry.checked_on
    row.method = entry.method
    row.outcome = book.headline(entry.codes, codes)
    row.outcome_codes = ",".join(sorted(entry.codes))
    row.problem = book.is_problem(entry.codes, codes)
    row.measure = entry.measure
    row.note = entry.note
    row.invented = entry.invented
    row.entered_at = now
    row.entered_by = actor.code
    row.reviewed_by = ""


def _answer(entries: Sequence[RecordEntry]) -> None:
    Answer.objects.bulk_create(
        (
            Answer(
                inspection_id=e.inspection_id,
                item_id=a.item_id,
                version_id=a.version_id,
                checked=a.checked,
                problem=a.problem,
                handling=a.handling,
                bulk=a.bulk,
            )
            for e in entries
            for a in e.answers
        ),
        batch_size=CHUNK,
    )


def _require_teams(rows: Sequence[Inspection], *, now: dt.datetime) -> None:
    least = int(rulebook.number("min_inspectors", clock.local_date(now)))
    seated: dict[int, int] = {}
    for start in range(0, len(rows), CHUNK):
        ids = [r.pk for r in rows[start : start + CHUNK]]
        held = Assignment.objects.filter(inspection__in=ids, replaced_at__isnull=True)
        for inspection in held.values_list("inspection", flat=True):
            seated[inspection] = seated.get(inspection, 0) + 1
    for row in rows:
        if seated.get(row.pk, 0) < least:
            raise NoTeam(
                _("%(n)s 的检查人员不足%(least)s人，不能录入结果") % {"n": row.number, "least": least}
            )


def _save(rows: Sequence[Inspection], *fields: str) -> None:
    """Store what was changed: rows of a batch mostly get the same values, one statement for all that do."""
    names = ("state", *fields)
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for row in rows:
        alike[tuple(getattr(row, name) for name in names)].append(row.pk)
    for values, keys in alike.items():
        for start in range(0, len(keys), CHUNK):
            chunk = Inspection.objects.filter(pk__in=keys[start : start + CHUNK])
            chunk.update(**dict(zip(names, values, strict=True)))


def _close_doors(rows: Sequence[Inspection]) -> None:
    """A recorded on-site inspection has been a visit: the door's day, and what the target has borne."""
    by_id = {r.pk: r for r in rows}
    links = Inspection.visits.through.objects.filter(inspection_id__in=list(by_id)).select_related("visit")
    days: dict[int, tuple[Visit, dt.date, str]] = {}
    for link in links:
        row = by_id[link.inspection_id]
        if row.checked_on is not None:
            days.setdefault(link.visit_id, (link.visit, row.checked_on, row.method))
    visits: list[Visit] = []
    for visit, day, method in days.values():
        if visit.visited_on is None:
            visit.visited_on = day
            visit.method = method
            visits.append(visit)
    Visit.objects.bulk_update(visits, ["visited_on", "method"], batch_size=CHUNK)
    burden.enter(
        [
            burden.Door(v.pk, v.target_id, v.agency_id, v.visited_on)
            for v in visits
            if v.method == "on_site" and v.visited_on is not None
        ]
    )
    burden.forgo([v.pk for v in visits if v.method != "on_site"])


@transaction.atomic
def review(
    ids: Iterable[int], *, passed: bool, opinion: str, actor: Actor, now: dt.datetime
) -> list[Inspection]:
    """
    Review records (审核检查结果): who enters does not review; a return needs its reason.

    Raises:
        permissions.SamePerson: The actor entered one of them.
    """
    move = InspectionMove.REVIEW if passed else InspectionMove.RETURN
    if not passed and not opinion.strip():
        raise OutcomeRefused(_("退回必须写明原因"))
    rows = selectors.for_update(ids)
    permissions.require_all(actor, rows, move)
    for row in rows:
        row.state = INSPECTION_MOVES[InspectionState(row.state), move].value
        row.reviewed_at = now
        row.reviewed_by = actor.code
    _save(rows, "reviewed_at", "reviewed_by")
    Review.objects.bulk_create(
        (Review(inspection=r, passed=passed, opinion=opinion, actor=actor.code, at=now) for r in rows),
        batch_size=CHUNK,
    )
    lines = [f"{r.number}\t{r.outcome_codes}".encode() for r in rows]
    audit.record_batch("inspections.reviewed", actor=actor, at=now, body={"passed": passed}, rows=lines)
    return rows


@transaction.atomic
def exclude(*, inspection_id: int, code: str, reason: str, actor: Actor, now: dt.datetime) -> Inspection:
    """Take a target out before its visit, for a coded reason that stays visible (不再检查; rules.md G3)."""
    [row] = selectors.for_update([inspection_id])
    permissions.can_move(actor, row, InspectionMove.EXCLUDE).require()
    known = rulebook.exclusions(clock.local_date(now))
    if code not in known:
        raise OutcomeRefused(_("没有代码为“%(code)s”的排除原因") % {"code": code})
    if known[code].needs_note and not reason.strip():
        raise OutcomeRefused(
            _("%(n)s：排除原因“%(label)s”需要说明") % {"n": row.number, "label": known[code].label}
        )
    _start([row], actor=actor, now=now)
    row.state = InspectionState.EXCLUDED.value
    row.excluded_at = now
    row.excluded_code = code
    row.excluded_reason = reason or known[code].label
    row.save()
    burden.forgo(selectors.idle_visits(row))
    complete_tasks([row.task.number], actor=actor, now=now)
    audit.record("inspection.excluded", actor=actor, at=now, body={"inspection": row.number, "reason": code})
    return row


@transaction.atomic
def reopen(*, inspection_id: int, reason: str, actor: Actor, now: dt.datetime) -> Inspection:
    """
    Send a result that was taken off as wrong back to be entered anew (更正); it is reviewed and published again.

    Both versions stay. Source: rules.md K5; 企业信息公示暂行条例第十二条.
    """
    if not reason.strip():
        raise OutcomeRefused(_("更正必须写明原因"))
    [row] = selectors.for_update([inspection_id])
    permissions.can_move(actor, row, InspectionMove.REOPEN).require()
    row.state = INSPECTION_MOVES[InspectionState(row.state), InspectionMove.REOPEN].value
    row.save(update_fields=["state"])
    Review.objects.create(inspection=row, passed=False, opinion=reason, actor=actor.code, at=now)
    body: dict[str, JSON] = {"inspection": row.number, "reason": reason}
    audit.record("inspection.reopened", actor=actor, at=now, body=body)
    return row


def mark(rows: Sequence[Inspection], move: InspectionMove, *, at: dt.datetime, actor: Actor) -> None:
    """
    Take locked inspections along a move of publication; called by that stage inside its verb.

    A corrected result counts as published again, from the day on which it first was.
    """
    facts = {InspectionMove.SUBMIT: "submitted_at", InspectionMove.PUBLISH: "published_at"}
    permissions.require_all(actor, rows, move)
    for row in rows:
        row.state = INSPECTION_MOVES[InspectionState(row.state), move].value
        if move is InspectionMove.PUBLISH:
            row.published_at, row.withdrawn_at = row.published_at or at, None
        else:
            setattr(row, facts[move], at)
    _save(rows, facts[move], "withdrawn_at")


def complete_tasks(numbers: Iterable[str], *, actor: Actor, now: dt.datetime) -> list[Task]:
    """Complete the tasks whose every inspection is published or excluded; the summary falls due (N25)."""
    tasks = plan_selectors.tasks_for_update(sorted(set(numbers)))
    done = [
        t for t in tasks if t.state == TaskState.IN_PROGRESS.value and not selectors.unfinished(t).exists()
    ]
    limit = rulebook.deadline("D6", clock.local_date(now))
    for task in done:
        task.summary_due_on = book.due(limit, clock.local_date(now), rulebook.workdays())
    plans.move_all(done, TaskMove.COMPLETE, actor=actor, now=now)
    return done
