"""
What the task page shows of a task (任务页): its steps, scheme, draw, teams, progress.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import User
from fairdraw.draws import limits
from fairdraw.draws import selectors as draws
from fairdraw.draws.models import Draw, DrawnRow
from fairdraw.draws.shown import STRATUM_LABELS
from fairdraw.draws.states import FINISHED, DrawState
from fairdraw.files.models import StoredFile
from fairdraw.inspections import papers
from fairdraw.inspections import selectors as inspections
from fairdraw.inspections.models import Assignment, Inspection
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.plans import selectors as plans
from fairdraw.plans import strata as layers
from fairdraw.plans.models import Scheme, Task
from fairdraw.plans.states import TASK_LABELS, Channel, TaskKind, TaskState
from fairdraw.ui import formats
from fairdraw.ui.parts import TASK_STEPS, Event, Step, Tab, Tone

REACHED = {
    TaskState.HELD: 0,
    TaskState.DRAFTING: 0,
    TaskState.APPROVED: 1,
    TaskState.SEALED: 1,
    TaskState.DRAWN: 3,
    TaskState.IN_PROGRESS: 3,
    TaskState.COMPLETED: 5,
    TaskState.SUMMARISED: 5,
    TaskState.CANCELLED: 0,
}
STEP_PAGES = (
    "desk:task",
    "desk:task-draw",
    "desk:task-team",
    "desk:task-inspections",
    "desk:task-publication",
)
METHODS = dict(papers.METHODS)


def task(actor: Actor, number: str) -> Task:
    """One task of the actor's scope, with its scheme; persons of its draw may see it as well."""
    found = (
        plans.visible_tasks(actor).filter(number=number).select_related("agency__parent", "scheme").first()
    )
    if found is not None:
        return found
    part = draws.visible_draws(actor).filter(parts__task=number).exists()
    other = (
        Task.objects.filter(number=number).select_related("agency__parent", "scheme").first()
        if part
        else None
    )
    return other or plans.task(actor, number)


def scheme_of(task: Task) -> Scheme | None:
    """The scheme of *task*, if it has one."""
    return getattr(task, "scheme", None)


def steps(task: Task, progress: dict[str, int], *, current: str) -> list[Step]:
    """方案 → 抽取 → 人员 → 检查 → 公示, each step a link to its part of the task page."""
    reached = REACHED[TaskState(task.state)]
    published = progress.get(InspectionState.PUBLISHED.value, 0)
    to_check = sum(n for s, n in progress.items() if s != InspectionState.EXCLUDED.value)
    checked = to_check - sum(
        progress.get(s.value, 0) for s in (InspectionState.ASSIGNED, InspectionState.NOTIFIED)
    )
    if reached == 3 and to_check and checked == to_check:
        reached = 4
    notes = (
        _(TASK_LABELS[TaskState(task.state)]) if reached == 0 else _("已审定"),
        _("抽中%(n)s户") % {"n": to_check} if reached >= 3 else "",
        "",
        _("已检查%(n)s/%(all)s") % {"n": checked, "all": to_check} if reached >= 3 else "",
        _("已公示%(n)s/%(all)s") % {"n": published, "all": to_check} if reached >= 3 else "",
    )
    return [
        Step(
            label=label,
            state="done" if place < reached else "now" if place == reached else "todo",
            href=reverse(STEP_PAGES[place], args=[task.number]),
            note=notes[place],
        )
        for place, label in enumerate(TASK_STEPS)
    ]


def tabs(task: Task, *, current: str, counts: dict[str, int]) -> list[Tab]:
    """The parts of the task page."""
    named = (
        ("desk:task", _("方案")),
        ("desk:task-draw", _("抽取")),
        ("desk:task-team", _("人员")),
        ("desk:task-inspections", _("检查")),
        ("desk:task-publication", _("公示")),
        ("desk:task-followups", _("后续处置")),
    )
    return [
        Tab(label, reverse(name, args=[task.number]), name == current, counts.get(name))
        for name, label in named
    ]


@dataclass(frozen=True)
class StratumLine:
    """One stratum of a scheme: what is drawn from it, in words."""

    code: str
    label: str
    rate: str
    reserve: int


def strata(scheme: Scheme) -> list[StratumLine]:
    """How the scheme draws from each stratum."""
    found = []
    labels = layers.labels_of(scheme)
    for row in scheme.strata:
        rate = ""
        if "num" in row:
            rate = formats.rate(Fraction(int(row["num"]), int(row["den"])))
        elif "take" in row:
            rate = _("%(n)s户") % {"n": row["take"]}
        elif row["code"] in scheme.class_rates:
            rate = _("约%(rate)s") % {"rate": formats.rate(Fraction(scheme.class_rates[row["code"]]))}
        elif "weight" in row:
            rate = _("按权重")
        label = labels.get(row["code"]) or _(STRATUM_LABELS.get(row["code"], row["code"]))
        if scheme.stratified_by == "none":
            label = _("全部对象")
        found.append(StratumLine(row["code"], label, rate, int(row.get("reserve", 0))))
    return found


def scheme_facts(task: Task, scheme: Scheme) -> list[tuple[str, Any]]:
    """What a scheme states (N12), as a description list."""
    items = [t.version.name for t in task.task_items.select_related("version").order_by("position")]
    parts = [str(p.agency) for p in task.task_agencies.select_related("agency").order_by("pk")]
    teams = _("按路线分组") if scheme.assign_mode == "cluster" else _("逐户选派")
    return [
        (_("方案名称"), scheme.name),
        *([(_("方案编号"), scheme.number)] if scheme.number else []),
        (_("检查对象"), scheme.scope_text),
        (_("检查事项"), "、".join(items)),
        (_("参与部门"), "、".join(parts)),
        (_("抽查比例"), scheme.ratio_text),
        (_("检查方式"), METHODS.get(scheme.method, scheme.method)),
        *([(_("实地检查理由"), scheme.method_reason)] if scheme.method_reason else []),
        *([(_("预先通知"), _("不预先通知检查对象"))] if task.unannounced else []),
        (_("选派方式"), teams),
        (_("开始时间"), scheme.starts_on),
        (_("完成时间"), scheme.finishes_on),
        (_("专业领域"), task.exempt_reason or _("否，按信用风险分类抽取")),
        *([(_("计划外任务"), task.local_reason)] if task.local_reason else []),
    ]


def beyond_limits(task: Task) -> list[limits.Beyond]:
    """The general items whose limit the draw would go beyond, while the scheme can still be changed."""
    early = task.state in {TaskState.DRAFTING.value, TaskState.APPROVED.value}
    here = task.kind == TaskKind.DOUBLE_RANDOM.value and task.channel == Channel.FAIRDRAW.value
    return limits.foreseen(task, on=clock.today()) if early and here and scheme_of(task) is not None else []


def names(codes: Iterable[str]) -> dict[str, str]:
    """Who stands behind codes of the log: the names of accounts, 系统 and 命令行 as they are called."""
    wanted = {c for c in codes if c}
    ids = {int(c[2:]): c for c in wanted if c.startswith("u:") and c[2:].isdigit()}
    found = {ids[pk]: name for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "name")}
    fixed = {"system": _("系统"), "cli": _("命令行")}
    return {c: found.get(c) or fixed.get(c, c) for c in wanted}


def events(task: Task, scheme: Scheme | None, draw: Draw | None) -> list[Event]:
    """Who did what when on this task (办理过程)."""
    who = names([scheme.drafted_by, scheme.approved_by] if scheme else [])
    found = [Event(str(task.agency), task.created_at, _("建立任务"))]
    if scheme is not None:
        found.append(Event(who.get(scheme.drafted_by, ""), task.created_at, _("制定方案")))
        if scheme.approved_at:
            paper = (
                _("线下审批，%(who)s签批") % {"who": scheme.approval_signer} if scheme.paper_approval else ""
            )
            found.append(
                Event(who.get(scheme.approved_by, ""), scheme.approved_at, _("审定方案"), paper, Tone.SUCCESS)
            )
    if draw is not None and draw.sealed_at:
        found.append(Event(str(draw.agency), draw.sealed_at, _("封存抽取底册")))
    dated = (
        (task.drawn_at, _("完成抽取"), Tone.SUCCESS),
        (task.completed_at, _("全部公示，任务完成"), Tone.SUCCESS),
        (task.summarised_at, _("报送总结"), Tone.SUCCESS),
        (task.cancelled_at, _("取消任务"), Tone.WARNING),
    )
    found += [Event("", at, what, tone=tone) for at, what, tone in dated if at]
    return found


@dataclass(frozen=True)
class DrawnStratum:
    """What one stratum of a task gave: drawn out of held, so every target's inclusion probability."""

    label: str
    held: int
    drawn: int

    @property
    def probability(self) -> Fraction | None:
        """The chance that each target of the stratum had, given the sealed frame (被抽中概率)."""
        return Fraction(self.drawn, self.held) if self.held else None


def drawn_strata(task: Task) -> list[DrawnStratum]:
    """What was drawn from each stratum (X03)."""
    rows = (
        DrawnRow.objects.filter(task=task, reserve=False)
        .values_list("stratum", "probability_num", "probability_den")
        .distinct()
        .order_by("stratum")
    )
    by, labels = task.scheme.stratified_by, layers.labels_of(task.scheme)
    return [
        DrawnStratum(
            _("全部对象") if by == "none" else labels.get(s) or _(STRATUM_LABELS.get(s, s)),
            den or 0,
            num or 0,
        )
        for s, num, den in rows
    ]


@dataclass
class TeamLine:
    """A team of a task: who, with which certificates, how many targets; the next inspection it has to make."""

    code: str
    members: list[tuple[str, str]] = field(default_factory=list)  # name, certificate number
    targets: int = 0
    visited: int = 0
    ahead: str = ""


def teams(task: Task) -> list[TeamLine]:
    """The teams that were dealt to a task, by their code (选派)."""
    rows = (
        Assignment.objects.filter(inspection__task=task, replaced_at__isnull=True)
        .select_related("inspector", "inspection")
        .order_by("inspection_id", "slot")
    )
    seats: dict[int, list[Assignment]] = {}
    for row in rows:
        seats.setdefault(row.inspection_id, []).append(row)
    found: dict[tuple[str, ...], TeamLine] = {}
    for held in seats.values():
        key = tuple(sorted(a.inspector.code for a in held))
        if key not in found:
            members = [(a.inspector.name, a.inspector.certificate_number) for a in held]
            found[key] = TeamLine(held[0].team or "—", members)
        found[key].targets += 1
        inspection = held[0].inspection
        found[key].visited += inspection.checked_on is not None
        if inspection.state in WAITING:
            found[key].ahead = found[key].ahead or inspection.number
    return sorted(found.values(), key=lambda line: (-line.targets, line.code))


WAITING = (InspectionState.ASSIGNED.value, InspectionState.NOTIFIED.value, InspectionState.RETURNED.value)
STATE_FILTERS = {
    "waiting": (InspectionState.ASSIGNED, InspectionState.NOTIFIED),
    "unpublished": (
        InspectionState.RECORDED,
        InspectionState.RETURNED,
        InspectionState.REVIEWED,
        InspectionState.SUBMITTED,
    ),
}


def inspection_rows(
    actor: Actor, *, task: Task | None = None, state: str = "", text: str = "", today: dt.date
) -> QuerySet[Inspection]:
    """Inspections of the actor's scope for a list, by state, name or code; not yet ordered or paged."""
    rows = inspections.visible_inspections(actor)
    if task is not None:
        rows = Inspection.objects.select_related("target", "agency", "task").filter(task=task)
        if not actor.trusted and not seen_whole(actor, task):
            rows = rows.filter(accounts.within_scopes(actor, "agency__path"))
    if state in STATE_FILTERS:
        rows = rows.filter(state__in=[s.value for s in STATE_FILTERS[state]])
    elif state == "overdue":
        done = (InspectionState.PUBLISHED.value, InspectionState.EXCLUDED.value)
        rows = rows.filter(due_on__lt=today).exclude(state__in=done)
    elif state:
        rows = rows.filter(state=state)
    if text:
        asked = text.strip()
        rows = rows.filter(
            Q(number__startswith=asked)
            | Q(target__name__contains=asked)
            | Q(target__draw_code__startswith=asked.upper())
        )
    return rows


def seen_whole(actor: Actor, task: Task) -> bool:
    """Whether the whole task lies in the actor's scope, partners' inspections included."""
    return any(task.agency.path.startswith(path) for path in accounts.work_scopes(actor))


def live_draw(task: Task) -> Draw | None:
    """The live draw of the task, if it stands in one."""
    return draws.live_draw_of(task)


def is_drawn(draw: Draw | None) -> bool:
    """Whether the draw is finished."""
    return draw is not None and DrawState(draw.state) in FINISHED


def planned_days(rows: Sequence[Inspection]) -> dict[int, dt.date | None]:
    """The planned day of each inspection's visit."""
    links = Inspection.visits.through.objects.filter(inspection_id__in=[r.pk for r in rows])
    return dict(links.values_list("inspection_id", "visit__planned_on"))


def scan_ending(scheme: Scheme) -> str:
    """The ending of the stored scan's name: ``.pdf``, ``.jpg``, ``.png``."""
    stored = StoredFile.objects.filter(pk=scheme.approval_scan).first()
    ending = stored.name[stored.name.rfind(".") :].lower() if stored and "." in stored.name else ""
    return ending if ending in {".pdf", ".jpg", ".jpeg", ".png"} else ""
