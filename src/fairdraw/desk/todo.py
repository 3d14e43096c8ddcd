"""
What waits for somebody (待办), what is going wrong (预警), and the tasks of one's own (我的任务).

Each entry is a count and the first few things behind it, each with the page that deals with it. Everything
starts from the actor's duties; nothing shown here is outside the actor's scope.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.desk import staff
from fairdraw.draws import selectors as draws
from fairdraw.draws.models import Draw, DrawSource
from fairdraw.draws.states import DrawState
from fairdraw.followup.models import FollowUp
from fairdraw.followup.states import FOLLOWUP_LABELS, FollowUpState
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.plans import receipts, scheme_permissions, sheets
from fairdraw.plans import selectors as plans
from fairdraw.plans.models import AnnualPlan, SchemeSheet, Task
from fairdraw.plans.states import PLAN_LABELS, TASK_LABELS, PlanState, TaskState
from fairdraw.rulebook import selectors as rulebook
from fairdraw.ui.parts import Tone

SHOWN = 5
OPEN_TASKS = (
    TaskState.DRAFTING.value,
    TaskState.APPROVED.value,
    TaskState.SEALED.value,
    TaskState.DRAWN.value,
    TaskState.IN_PROGRESS.value,
    TaskState.COMPLETED.value,
)
UNVISITED = (InspectionState.ASSIGNED.value, InspectionState.NOTIFIED.value)


@dataclass(frozen=True)
class Line:
    """One thing that waits: what it is, its page, by when."""

    label: str
    href: str
    due_on: dt.date | None = None
    note: str = ""


@dataclass(frozen=True)
class Pile:
    """Things of one kind: how many, the first of them, the page with all of them."""

    code: str
    label: str
    count: int
    unit: str
    lines: tuple[Line, ...]
    href: str = ""
    tone: str = Tone.INFO.value


def within(actor: Actor, field: str, *duties: Duty) -> Q:
    """The condition that the agency path in *field* lies where *actor* holds one of *duties*."""
    if actor.trusted:
        return Q()
    condition = Q(pk__in=[])
    for grant in actor.grants:
        if grant.duty in duties:
            condition |= Q(**{f"{field}__startswith": grant.path})
    return condition


def _list(name: str, **query: Any) -> str:
    return reverse(name) + (f"?{urlencode(query)}" if query else "")


def todo(actor: Actor, *, today: dt.date) -> list[Pile]:
    """What waits for *actor*, in the order of the cycle; piles that are empty are left out."""
    piles = [
        _receipts(actor),
        *_plans(actor),
        *_tasks(actor),
        *_lists(actor),
        *_draws(actor),
        *_inspections(actor, today),
        *_followups(actor),
        *_summaries(actor),
    ]
    return [pile for pile in piles if pile.count]


def _receipts(actor: Actor) -> Pile:
    """Plans that the person's own unit has not received yet (计划签收; N07), with how often it was urged."""
    rows = receipts.awaited_from(actor)
    lines = tuple(
        Line(
            _("%(unit)s签收%(year)s年度计划第%(v)s版")
            % {"unit": row.agency, "year": row.edition.plan.year, "v": row.edition.version},
            reverse("desk:plan-receipts", args=[row.edition.plan.year]),
            note=_("已催收%(n)s次") % {"n": row.urged_times} if row.urged_times else "",
        )
        for row in rows
    )
    urged = any(row.urged_times for row in rows)
    tone = Tone.WARNING if urged else Tone.INFO
    return Pile("receipts", _("年度计划待签收"), len(lines), _("份"), lines[:SHOWN], tone=tone.value)


def _plans(actor: Actor) -> Iterable[Pile]:
    if not actor.holds_anywhere(Duty.OFFICE):
        return
    waiting = [s.value for s in (PlanState.DRAFT, PlanState.IN_REVIEW, PlanState.FILED)]
    rows = AnnualPlan.objects.filter(within(actor, "agency__path", Duty.OFFICE), state__in=waiting)
    lines = tuple(
        Line(p.title, reverse("plans:plan", args=[p.year]), note=_(PLAN_LABELS[PlanState(p.state)]))
        for p in rows.order_by("year")
    )
    yield Pile("plans", _("年度计划待办理"), len(lines), _("份"), lines)


def _task_pile(code: str, label: str, rows: QuerySet[Task], url: str, state: str) -> Pile:
    count = rows.count()
    lines = tuple(
        Line(t.name, reverse(url, args=[t.number]), t.due_on, str(t.agency))
        for t in (rows.order_by("due_on", "number")[:SHOWN] if count else ())
    )
    return Pile(code, label, count, _("项"), lines, _list("desk:tasks", state=state))


def _tasks(actor: Actor) -> Iterable[Pile]:
    rows = Task.objects.select_related("agency")
    if actor.holds_anywhere(Duty.LEADER):
        drafted = rows.filter(
            within(actor, "agency__path", Duty.LEADER),
            state=TaskState.DRAFTING.value,
            scheme__isnull=False,
        ).exclude(scheme__drafted_by=actor.code)
        whole = _sheets(actor)
        yield Pile(
            "sheets",
            _("方案审批表待审定"),
            len(whole),
            _("张"),
            tuple(
                Line(one.number, reverse("desk:sheet", args=[one.pk]), note=_("%(n)s 份方案") % {"n": n})
                for one, n in whole[:SHOWN]
            ),
            reverse("desk:sheets"),
        )
        drafted = drafted.exclude(scheme__sheet__in=[one.pk for one, _n in whole])
        yield _task_pile("approve", _("方案待审定"), drafted, "desk:task", TaskState.DRAFTING.value)
    confirm = rows.filter(
        within(actor, "agency__path", Duty.PLANNER, Duty.CLERK, Duty.OFFICE, Duty.LEADER),
        state=TaskState.DRAFTING.value,
        scheme__approval_entered_by__gt="",
    ).exclude(scheme__approval_entered_by=actor.code)
    yield _task_pile("confirm", _("线下审批待确认"), confirm, "desk:task", TaskState.DRAFTING.value)
    if actor.holds_anywhere(Duty.PLANNER):
        approved = rows.filter(within(actor, "agency__path", Duty.PLANNER), state=TaskState.APPROVED.value)
        fresh = draws.ready_for_draw(approved).exclude(number__in=in_live_draws())
        yield _task_pile("draw", _("任务待抽取"), fresh, "desk:task-draw", TaskState.APPROVED.value)


def _sheets(actor: Actor) -> list[tuple[SchemeSheet, int]]:
    """The approval sheets that *actor* may approve as a whole, one signature for a batch, each with how many schemes."""
    waiting = sheets.visible_sheets(actor).filter(approved_at__isnull=True, returned_at__isnull=True)
    held = [(one, sheets.tasks_on(one)) for one in waiting]
    return [
        (one, len(tasks)) for one, tasks in held if scheme_permissions.can_decide_sheet(actor, one, tasks)
    ]


def _lists(actor: Actor) -> Iterable[Pile]:
    """The tasks of one's unit whose list is drawn elsewhere and has not come yet (外部名单)."""
    states = (TaskState.DRAFTING.value, TaskState.APPROVED.value)
    mine = within(actor, "agency__path", Duty.PLANNER, Duty.CLERK)
    rows = draws.awaiting_list(Task.objects.filter(mine, state__in=states)).select_related("agency")
    pile = _task_pile("lists", _("名单待接收"), rows, "desk:task-draw", "")
    yield Pile(pile.code, pile.label, pile.count, pile.unit, pile.lines, reverse("desk:lists"))


def in_live_draws() -> list[str]:
    drafts = Draw.objects.filter(state=DrawState.DRAFT.value, parts__live=1)
    return list(drafts.values_list("parts__task", flat=True))


def _draws(actor: Actor) -> Iterable[Pile]:
    drafts = Draw.objects.filter(within(actor, "agency__path", Duty.PLANNER), state=DrawState.DRAFT.value)
    lines = [Line(_("%(n)s 待封存") % {"n": d.number}, _draw_page(d)) for d in drafts.order_by("prepared_at")]
    mine = DrawSource.objects.filter(user_id=actor.user_id or 0).select_related("draw")
    to_lock = mine.filter(draw__state=DrawState.SEALED.value, commitment="")
    to_open = mine.filter(draw__state=DrawState.REVEALING.value, commitment__gt="", revealed_at__isnull=True)
    to_number = mine.filter(
        draw__state=DrawState.WAITING.value, draw__beacon_value="", role__in=("supervisor", "witness")
    )
    for place in to_lock.order_by("draw__commit_by"):
        supervises = place.role == "supervisor"
        words = _("%(n)s 请监督并抽取") if supervises else _("%(n)s 请锁定随机份额")
        lines.append(_draw_line(words, place.draw, place.draw.commit_by))
    lines += [
        _draw_line(_("%(n)s 请开启随机份额"), place.draw, place.draw.reveal_by)
        for place in to_open.order_by("draw__reveal_by")
    ]
    lines += [
        _draw_line(_("%(n)s 请录入公开随机数"), place.draw, None)
        for place in to_number.order_by("draw__sealed_at")
    ]
    yield Pile("draws", _("抽取待参与"), len(lines), _("次"), tuple(lines[:SHOWN]), reverse("desk:draws"))


def _draw_line(words: str, draw: Draw, due: dt.datetime | None) -> Line:
    return Line(words % {"n": draw.number}, _draw_page(draw), clock.local_date(due) if due else None)


def _draw_page(draw: Draw) -> str:
    return reverse("desk:draw", args=[draw.pk])


def _inspection_pile(
    code: str, label: str, rows: QuerySet[Inspection], *, order: str, href: str, due: str = "due_on"
) -> Pile:
    count = rows.count()
    held = rows.select_related("target", "task").order_by(order, "pk")[:SHOWN] if count else ()
    lines = tuple(
        Line(i.target.name, reverse("desk:inspection", args=[i.number]), getattr(i, due), i.task.name)
        for i in held
    )
    return Pile(code, label, count, _("户"), lines, href)


def _inspections(actor: Actor, today: dt.date) -> Iterable[Pile]:
    rows = Inspection.objects.all()
    path = "agency__path"
    if actor.holds_anywhere(Duty.INSPECTOR, Duty.CLERK):
        mine = rows.filter(within(actor, path, Duty.INSPECTOR, Duty.CLERK))
        unnotified = mine.filter(state=InspectionState.ASSIGNED.value, task__unannounced=False)
        if actor.holds_anywhere(Duty.PLANNER, Duty.CLERK):
            yield _inspection_pile(
                "notify",
                _("通知书待制发"),
                unnotified,
                order="due_on",
                href=_list("desk:packs"),
            )
        visited = mine.filter(state__in=UNVISITED, visits__planned_on__lte=today).distinct()
        yield _inspection_pile(
            "record",
            _("到期待检查录入"),
            visited,
            order="due_on",
            href=_list("desk:inspections", state="waiting"),
        )
        returned = mine.filter(state=InspectionState.RETURNED.value)
        yield _inspection_pile(
            "returned",
            _("审核退回待改"),
            returned,
            order="due_on",
            href=_list("desk:inspections", state="returned"),
        )
    if actor.holds_anywhere(Duty.REVIEWER, Duty.LEADER):
        recorded = rows.filter(
            within(actor, path, Duty.REVIEWER, Duty.LEADER), state=InspectionState.RECORDED.value
        ).exclude(entered_by=actor.code)
        yield _inspection_pile(
            "review",
            _("检查结果待审核"),
            recorded,
            order="entered_at",
            href=_list("desk:inspections", state="recorded"),
        )
    if actor.holds_anywhere(Duty.REVIEWER, Duty.CLERK):
        mine = rows.filter(within(actor, path, Duty.REVIEWER, Duty.CLERK))
        for state, label in (
            (InspectionState.REVIEWED, _("结果待报送公示")),
            (InspectionState.SUBMITTED, _("公示待回执")),
        ):
            yield _inspection_pile(
                state.value,
                label,
                mine.filter(state=state.value),
                order="checked_on",
                href=_list("desk:publication", state=state.value),
            )


def _followups(actor: Actor) -> Iterable[Pile]:
    if not actor.holds_anywhere(Duty.INSPECTOR, Duty.CLERK, Duty.LEADER):
        return
    mine = FollowUp.objects.filter(
        within(actor, "owner__path", Duty.INSPECTOR, Duty.CLERK, Duty.LEADER)
    ).exclude(state=FollowUpState.CLOSED.value)
    yield _followup_pile("followups", _("问题待处置"), mine)


def _followup_pile(code: str, label: str, rows: QuerySet[FollowUp], **query: str) -> Pile:
    count = rows.count()
    held = (
        rows.select_related("finding__inspection__target").order_by("due_on", "pk")[:SHOWN] if count else ()
    )
    lines = tuple(
        Line(
            f.finding.inspection.target.name,
            reverse("desk:followup", args=[f.pk]),
            f.due_on,
            _(FOLLOWUP_LABELS[FollowUpState(f.state)]),
        )
        for f in held
    )
    return Pile(code, label, count, _("项"), lines, _list("desk:followups", **query))


def _summaries(actor: Actor) -> Iterable[Pile]:
    if not actor.holds_anywhere(Duty.PLANNER, Duty.LEADER):
        return
    rows = Task.objects.select_related("agency").filter(
        within(actor, "agency__path", Duty.PLANNER, Duty.LEADER), state=TaskState.COMPLETED.value
    )
    yield _task_pile("summaries", _("任务总结待报送"), rows, "desk:task", TaskState.COMPLETED.value)


def warnings(actor: Actor, *, today: dt.date) -> list[Pile]:
    """What is late or will be (预警): nothing that was checked stays unpublished unnoticed (N03, N04, N05)."""
    scope = accounts.within_scopes(actor, "agency__path")
    done = (InspectionState.PUBLISHED.value, InspectionState.EXCLUDED.value)
    open_rows = Inspection.objects.filter(scope).exclude(state__in=done)
    workdays = rulebook.workdays()
    limit = rulebook.deadline("D4", today)
    soon = workdays.subtract(today, max(0, limit.days - 3))
    slow = open_rows.filter(checked_on__isnull=False, checked_on__lte=soon)
    late = FollowUp.objects.filter(accounts.within_scopes(actor, "owner__path"), due_on__lt=today).exclude(
        state=FollowUpState.CLOSED.value
    )
    piles = [
        _inspection_pile(
            "overdue",
            _("逾期未公示"),
            open_rows.filter(due_on__lt=today),
            order="due_on",
            href=_list("desk:inspections", state="overdue"),
        ),
        _inspection_pile(
            "slow",
            _("检查后将满公示期限"),
            slow,
            order="checked_on",
            href=_list("desk:inspections", state="unpublished"),
            due="checked_on",
        ),
        _followup_pile("late", _("后续处置逾期"), late, due="overdue"),
        _late_tasks(actor, today),
        _held_rows(actor),
        _certificates(actor, today),
    ]
    return [
        Pile(p.code, p.label, p.count, p.unit, p.lines, p.href, Tone.DANGER.value) for p in piles if p.count
    ]


def _late_tasks(actor: Actor, today: dt.date) -> Pile:
    """Tasks whose next step is past its last day in the backward schedule (倒排工期)."""
    states = (TaskState.DRAFTING.value, TaskState.APPROVED.value, TaskState.SEALED.value)
    late: list[Line] = []
    for task in plans.visible_tasks(actor).filter(state__in=states).order_by("due_on"):
        last = plans.schedule(task, on=today).last_seal
        if last < today:
            late.append(Line(task.name, reverse("desk:task", args=[task.number]), last, _("最迟封存日已过")))
    return Pile("tasks", _("任务可能来不及"), len(late), _("项"), tuple(late[:SHOWN]), reverse("desk:tasks"))


def _held_rows(actor: Actor) -> Pile:
    if not actor.holds_anywhere(Duty.OFFICE):
        return Pile("held", "", 0, "", ())
    plan = AnnualPlan.objects.filter(within(actor, "agency__path", Duty.OFFICE)).order_by("-year").first()
    rows = list(plans.held_rows(plan)) if plan else []
    where = reverse("plans:plan", args=[plan.year]) if plan else ""
    lines = tuple(Line(v.task_name, where, note=v.held_reason) for v in rows[:SHOWN])
    return Pile("held", _("计划行暂缓"), len(rows), _("行"), lines, where)


def _certificates(actor: Actor, today: dt.date) -> Pile:
    """Certificates that run out within the first reminder, or have (执法证到期提醒; N23): whoever keeps them."""
    keepers = (Duty.OFFICE, Duty.LEADER, Duty.CLERK)
    rows = staff.expiring(actor, today=today) if actor.holds_anywhere(*keepers) else []
    lines = tuple(
        Line(
            row.inspector.name,
            reverse("desk:inspector", args=[row.inspector.code]),
            row.valid_to,
            row.qualification or _("执法证"),
        )
        for row in rows[:SHOWN]
    )
    where = _list("desk:inspectors", standing="expiring")
    return Pile("certificates", _("证件到期"), len(rows), _("件"), lines, where)


@dataclass(frozen=True)
class TaskLine:
    """One task of one's own: how far it is."""

    task: Task
    state: str
    tone: str
    published: int
    to_check: int


TASK_TONES = {
    TaskState.HELD: Tone.WARNING,
    TaskState.APPROVED: Tone.WARNING,
    TaskState.SEALED: Tone.INFO,
    TaskState.DRAWN: Tone.INFO,
    TaskState.IN_PROGRESS: Tone.INFO,
    TaskState.COMPLETED: Tone.SUCCESS,
    TaskState.SUMMARISED: Tone.SUCCESS,
}


def task_lines(tasks: Sequence[Task]) -> list[TaskLine]:
    """How far each of *tasks* is, in one question."""
    rows = Inspection.objects.filter(task__in=[t.pk for t in tasks]).values("task", "state")
    counts: dict[int, dict[str, int]] = {}
    for row in rows.annotate(n=Count("pk")):
        counts.setdefault(row["task"], {})[row["state"]] = row["n"]
    return [
        TaskLine(
            task=task,
            state=_(TASK_LABELS[TaskState(task.state)]),
            tone=TASK_TONES.get(TaskState(task.state), Tone.PLAIN).value,
            published=counts.get(task.pk, {}).get(InspectionState.PUBLISHED.value, 0),
            to_check=sum(
                n for s, n in counts.get(task.pk, {}).items() if s != InspectionState.EXCLUDED.value
            ),
        )
        for task in tasks
    ]


def my_tasks(actor: Actor) -> list[TaskLine]:
    """The open tasks of the actor's scope, those due first first."""
    rows = plans.visible_tasks(actor).filter(state__in=OPEN_TASKS).order_by("due_on", "number")
    return task_lines(list(rows[:12]))
