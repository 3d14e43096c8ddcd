"""What the plan page shows of a plan: rows with what became of them, versions, figures in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.text import gettext_noop
from fairdraw.plans import selectors
from fairdraw.plans.models import AnnualPlan, PlanRow, PlanRowVersion, Task
from fairdraw.plans.states import PLAN_MOVES, TASK_LABELS, PlanMove, PlanState, TaskState
from fairdraw.ui.formats import exact_percent
from fairdraw.ui.parts import Tone

STEPS = {
    PlanMove.SUBMIT: gettext_noop("提交审核"),
    PlanMove.APPROVE: gettext_noop("审核通过"),
    PlanMove.RETURN: gettext_noop("退回"),
    PlanMove.FILE: gettext_noop("报备案"),
    PlanMove.PUBLISH: gettext_noop("公布"),
    PlanMove.CLOSE: gettext_noop("结束"),
}
LATER = {
    PlanState.DRAFT: (PlanMove.SUBMIT, PlanMove.APPROVE, PlanMove.FILE, PlanMove.PUBLISH),
    PlanState.IN_REVIEW: (PlanMove.FILE, PlanMove.PUBLISH),
    PlanState.FILED: (PlanMove.PUBLISH,),
    PlanState.PUBLISHED: (PlanMove.CLOSE,),
    PlanState.CLOSED: (),
}


@dataclass(frozen=True)
class RowLine:
    """A row as the list shows it: its newest version and what became of it; *tasks* with whether it may be opened."""

    version: PlanRowVersion
    initiator: str
    amount: str
    state: str
    tone: str
    tasks: tuple[tuple[Task, bool], ...]
    versions: int


def is_near(plan: AnnualPlan, move: PlanMove) -> bool:
    """Whether a step is shown: the next one, and those behind it that are refused for now."""
    return (PlanState(plan.state), move) in PLAN_MOVES or move in LATER[PlanState(plan.state)]


def rows(actor: Actor, plan: AnnualPlan, *, text: str = "", state: str = "") -> list[RowLine]:
    """The rows of *plan* in the order of the table, filtered."""
    tasks: dict[int, list[Task]] = {}
    for task in Task.objects.filter(plan_row__plan=plan).order_by("number"):
        tasks.setdefault(task.plan_row_id or 0, []).append(task)
    seen = set(selectors.visible_tasks(actor).filter(plan_row__plan=plan).values_list("pk", flat=True))
    counts = dict(PlanRow.objects.filter(plan=plan).annotate(n=Count("versions")).values_list("pk", "n"))
    names = unit_names()
    found = []
    for version in selectors.current_versions(plan):
        held = tuple((task, task.pk in seen) for task in tasks.get(version.row_id, ()))
        line = _line(version, held, counts.get(version.row_id, 1), names)
        if _asked(line, text=text.strip(), state=state):
            found.append(line)
    return found


def unit_names() -> dict[str, str]:
    """The names of the units by code: a table that was made here names a unit by its code."""
    return {a.code: str(a) for a in Agency.objects.all()}


def _line(
    version: PlanRowVersion, tasks: tuple[tuple[Task, bool], ...], versions: int, names: dict[str, str]
) -> RowLine:
    if version.held_reason:
        state, tone = _("暂缓"), Tone.WARNING
    elif tasks:
        state, tone = _(TASK_LABELS[TaskState(tasks[0][0].state)]), Tone.INFO
    else:
        state, tone = _("待建任务"), Tone.PLAIN
    return RowLine(
        version=version,
        initiator=names.get(version.initiator, version.initiator),
        amount=amount(version),
        state=state,
        tone=tone.value,
        tasks=tasks,
        versions=versions,
    )


def _asked(line: RowLine, *, text: str, state: str) -> bool:
    words = [line.version.task_name, line.initiator, *line.version.items]
    if text and not any(text in word for word in words):
        return False
    kept = {
        "held": bool(line.version.held_reason),
        "tasked": bool(line.tasks),
        "amended": line.versions > 1,
    }
    return kept.get(state, True)


def _class(code: str) -> str:
    return _("未分类") if code == "N" else _("%(c)s类") % {"c": code}


def amount(version: Any) -> str:
    """How much a row, as stored or as entered, asks for, in the table's own figures."""
    parts: list[str] = []
    if version.ratio_min is not None or version.ratio_max is not None:
        ends = [r for r in (version.ratio_min, version.ratio_max) if r is not None]
        parts.append("—".join(dict.fromkeys(exact_percent(r) for r in ends)))
    if version.count_min is not None or version.count_max is not None:
        counts = [n for n in (version.count_min, version.count_max) if n is not None]
        parts.append(_("%(n)s户") % {"n": "—".join(dict.fromkeys(str(n) for n in counts))})
    parts += [
        _("%(c)s%(rate)s") % {"c": _class(c), "rate": exact_percent(Decimal(r))}
        for c, r in version.ratio_by_class.items()
    ]
    parts += [_("%(c)s%(n)s户") % {"c": _class(c), "n": n} for c, n in version.count_by_class.items()]
    return "，".join(parts)


def counts(plan: AnnualPlan) -> list[tuple[str, int, str]]:
    """The line above the table: rows, tasks, held rows."""
    current = selectors.current_versions(plan)
    return [
        (_("计划"), current.count(), _("行")),
        (_("任务"), Task.objects.filter(plan_row__plan=plan).count(), _("项")),
        (_("暂缓"), current.exclude(held_reason="").count(), _("行")),
    ]


def versions(plan: AnnualPlan, number: int) -> list[PlanRowVersion]:
    """Every version of one row, the newest first."""
    return list(
        PlanRowVersion.objects.filter(row__plan=plan, row__number=number)
        .select_related("row")
        .order_by("-version")
    )


def facts(version: PlanRowVersion) -> list[tuple[str, Any]]:
    """What one version of a row says."""
    names = unit_names()
    return [
        (_("任务名称"), version.task_name),
        (_("抽查事项"), "、".join(version.items)),
        (_("检查对象"), version.object_scope),
        (_("抽查类型"), version.check_type),
        (_("发起"), names.get(version.initiator, version.initiator)),
        (_("配合"), "、".join(version.participants)),
        (_("比例或数量"), amount(version)),
        (_("上级来源"), version.row.upstream),
        (_("本地理由"), version.row.local_reason),
        (_("暂缓原因"), version.held_reason),
    ]


def tasks_of(actor: Actor, plan: AnnualPlan, number: int) -> list[tuple[Task, str]]:
    """The tasks made of one row, with their state in words."""
    found: Iterable[Task] = selectors.visible_tasks(actor).filter(
        plan_row__plan=plan, plan_row__number=number
    )
    return [(task, _(TASK_LABELS[TaskState(task.state)])) for task in found]
