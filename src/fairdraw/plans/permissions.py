"""Who may do what to plans, tasks and schemes: duty, scope and state together."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
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


def can_enter_plan(actor: Actor, agency: Agency) -> Verdict:
    """Whether *actor* may enter the plan table of *agency*, and hold rows of it with a reason."""
    if not actor.holds(Duty.OFFICE, Duty.PLANNER, within=agency.path):
        return Verdict(NotPermitted(_("只有领导小组办公室可以录入年度计划")))
    return ALLOWED


def can_amend(actor: Actor, plan: AnnualPlan) -> Verdict:
    """Whether *actor* may change rows of *plan*: while it is drafted, and publicly once it is published."""
    if not actor.holds(Duty.OFFICE, within=plan.agency.path):
        return Verdict(NotPermitted(_("只有领导小组办公室可以调整年度计划")))
    if PlanState(plan.state) in {PlanState.FILED, PlanState.CLOSED}:
        label = _(PLAN_LABELS[PlanState(plan.state)])
        return Verdict(WrongState(_("年度计划当前为“%(label)s”，不能调整") % {"label": label}))
    return ALLOWED


def can_create(actor: Actor, agency: Agency) -> Verdict:
    """Whether *actor* may make a task that *agency* carries."""
    if not actor.holds(Duty.PLANNER, Duty.OFFICE, within=agency.path):
        return Verdict(NotPermitted(_("只有承办单位的计划岗可以建立任务")))
    return ALLOWED


def can_draft(actor: Actor, task: Task) -> Verdict:
    """Whether *actor* may write the scheme of *task*."""
    if not actor.holds(Duty.PLANNER, Duty.OFFICE, within=task.agency.path):
        return Verdict(NotPermitted(_("只有承办单位的计划岗可以制定方案")))
    if TaskState(task.state) is not TaskState.DRAFTING:
        return Verdict(WrongState(_("方案已审定或已抽取，不能再改；如需调整请先退回")))
    return ALLOWED


def can_enter_approval(actor: Actor, task: Task) -> Verdict:
    """Whether *actor* may enter an approval that was signed on paper."""
    if not actor.holds(Duty.PLANNER, Duty.CLERK, Duty.OFFICE, Duty.LEADER, within=task.agency.path):
        return Verdict(NotPermitted(_("只有承办单位可以回填线下审批")))
    return _awaits_approval(task)


def can_confirm_approval(actor: Actor, task: Task) -> Verdict:
    """Whether *actor* may confirm a paper approval: somebody else than who entered it."""
    verdict = can_enter_approval(actor, task)
    if not verdict:
        return verdict
    if not task.scheme.approval_entered_by:
        return Verdict(WrongState(_("还没有回填线下审批，没有可以确认的内容")))
    if task.scheme.approval_entered_by == actor.code:
        return Verdict(SamePerson(_("线下审批由您回填，请另一人核对扫描件后确认")))
    return ALLOWED


def _awaits_approval(task: Task) -> Verdict:
    if (TaskState(task.state), TaskMove.APPROVE) not in TASK_MOVES:
        label = _(TASK_LABELS[TaskState(task.state)])
        return Verdict(WrongState(_("任务当前为“%(label)s”，不需要审定") % {"label": label}))
    if getattr(task, "scheme", None) is None:
        return Verdict(WrongState(_("任务还没有抽查方案，请先制定方案")))
    return ALLOWED


def can_approve(actor: Actor, task: Task) -> Verdict:
    """Whether *actor* may approve the scheme of *task*: a leader who did not draft it."""
    if not actor.holds(Duty.LEADER, within=task.agency.path):
        return Verdict(NotPermitted(_("抽查方案由承办单位负责人审定")))
    verdict = _awaits_approval(task)
    if not verdict:
        return verdict
    if task.scheme.drafted_by == actor.code and not actor.trusted:
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
