"""Who may do what to plans, tasks and schemes: duty, scope and state together."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted, RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans.models import AnnualPlan, Task
from fairdraw.plans.states import (
    PLAN_LABELS,
    PLAN_MOVES,
    TASK_LABELS,
    TASK_MOVES,
    PlanMove,
    PlanState,
    TaskMove,
    TaskState,
)


class WrongState(RuleBroken):
    """The plan or task stands in a state that has no such move."""

    code = "plans.wrong-state"


class SamePerson(RuleBroken):
    """Whoever drafts a scheme does not approve it."""

    code = "plans.same-person"


def can_move_plan(actor: Actor, plan: AnnualPlan, move: PlanMove) -> Verdict:
    """Whether *actor* may take the annual plan along *move*."""
    if not actor.holds(Duty.OFFICE, Duty.LEADER, within=plan.agency.path):
        return Verdict(NotPermitted(_("只有领导小组办公室可以办理年度计划")))
    if (PlanState(plan.state), move) not in PLAN_MOVES:
        label = _(PLAN_LABELS[PlanState(plan.state)])
        return Verdict(WrongState(_("年度计划当前为“%(label)s”，不能办理这一步") % {"label": label}))
    return ALLOWED


def can_draft(actor: Actor, task: Task) -> Verdict:
    """Whether *actor* may write the scheme of *task*."""
    if not actor.holds(Duty.PLANNER, Duty.OFFICE, within=task.agency.path):
        return Verdict(NotPermitted(_("只有承办单位的计划岗可以制定方案")))
    if TaskState(task.state) is not TaskState.DRAFTING:
        return Verdict(WrongState(_("方案已审定或已抽取，不能再改；如需调整请先退回")))
    return ALLOWED


def can_approve(actor: Actor, task: Task) -> Verdict:
    """Whether *actor* may approve the scheme of *task*: a leader who did not draft it."""
    if not actor.holds(Duty.LEADER, within=task.agency.path):
        return Verdict(NotPermitted(_("抽查方案由承办单位负责人审定")))
    if (TaskState(task.state), TaskMove.APPROVE) not in TASK_MOVES:
        label = _(TASK_LABELS[TaskState(task.state)])
        return Verdict(WrongState(_("任务当前为“%(label)s”，不需要审定") % {"label": label}))
    scheme = getattr(task, "scheme", None)
    if scheme is None:
        return Verdict(WrongState(_("任务还没有抽查方案，请先制定方案")))
    if scheme.drafted_by == actor.code and not actor.trusted:
        return Verdict(SamePerson(_("方案由您制定，请另一位负责人审定")))
    return ALLOWED


def can_move(actor: Actor, task: Task, move: TaskMove, *duties: Duty) -> Verdict:
    """Whether *actor* may take *task* along *move*, holding one of *duties* over its agency."""
    if duties and not actor.holds(*duties, within=task.agency.path):
        return Verdict(NotPermitted(_("您的职责不包括这项任务的这一步")))
    if (TaskState(task.state), move) not in TASK_MOVES:
        label = _(TASK_LABELS[TaskState(task.state)])
        return Verdict(WrongState(_("任务当前为“%(label)s”，不能办理这一步") % {"label": label}))
    return ALLOWED
