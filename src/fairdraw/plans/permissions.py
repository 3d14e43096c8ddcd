"""Who may do what to plans, tasks and schemes: duty, scope and state together."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted, RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans.models import AnnualPlan, MergeDecision, PlanReceipt, Task
from fairdraw.plans.states import (
    PLAN_LABELS,
    PLAN_MOVES,
    TASK_LABELS,
    TASK_MOVES,
    Channel,
    PlanMove,
    PlanState,
    TaskMove,
    TaskState,
)

UNIT_DUTIES = (Duty.LEADER, Duty.PLANNER, Duty.CLERK)


class WrongState(RuleBroken):
    """The plan or task stands in a state that has no such move."""

    code = "plans.wrong-state"


class SamePerson(RuleBroken):
    """Whoever drafts a scheme does not approve it."""

    code = "plans.same-person"


def can_move_plan(actor: Actor, plan: AnnualPlan, move: PlanMove) -> Verdict:
    """Whether *actor* may take the annual plan along *move*: the office does, a leader of the bureau approves."""
    duties: tuple[Duty, ...]
    if move is PlanMove.APPROVE:
        duties, refused = (Duty.LEADER,), _("年度计划由本局分管领导审核")
    elif move is PlanMove.RETURN:
        duties, refused = (Duty.LEADER, Duty.OFFICE), _("只有分管领导或领导小组办公室可以退回年度计划")
    else:
        duties, refused = (Duty.OFFICE,), _("只有领导小组办公室可以办理年度计划")
    if not actor.holds(*duties, within=plan.agency.path):
        return Verdict(NotPermitted(refused))
    if (PlanState(plan.state), move) not in PLAN_MOVES:
        label = _(PLAN_LABELS[PlanState(plan.state)])
        return Verdict(WrongState(_("年度计划当前为“%(label)s”，不能办理这一步") % {"label": label}))
    if move is PlanMove.APPROVE and plan.approved_by:
        return Verdict(WrongState(_("年度计划已经审核通过，请报备案")))
    if move is PlanMove.APPROVE and plan.submitted_by == actor.code and not actor.trusted:
        return Verdict(SamePerson(_("年度计划由您报审，请另一位领导审核")))
    if move is PlanMove.FILE and not plan.approved_by:
        return Verdict(WrongState(_("年度计划还没有审核通过，不能报备案")))
    return ALLOWED


def can_enter_plan(actor: Actor, agency: Agency) -> Verdict:
    """Whether *actor* may enter the plan table of *agency*, and hold rows of it with a reason."""
    if not actor.holds(Duty.OFFICE, Duty.PLANNER, within=agency.path):
        return Verdict(NotPermitted(_("只有领导小组办公室可以录入年度计划")))
    return ALLOWED


def can_amend(actor: Actor, plan: AnnualPlan) -> Verdict:
    """Whether *actor* may change rows of *plan* at once: only while nobody has approved it."""
    if not actor.holds(Duty.OFFICE, within=plan.agency.path):
        return Verdict(NotPermitted(_("只有领导小组办公室可以调整年度计划")))
    if PlanState(plan.state) is PlanState.PUBLISHED:
        return Verdict(WrongState(_("年度计划已经公布，改动请作为计划调整起草，另一人审核后公布")))
    if PlanState(plan.state) not in {PlanState.DRAFT, PlanState.IN_REVIEW}:
        label = _(PLAN_LABELS[PlanState(plan.state)])
        return Verdict(WrongState(_("年度计划当前为“%(label)s”，不能调整") % {"label": label}))
    return ALLOWED


def can_draft_amendment(actor: Actor, plan: AnnualPlan) -> Verdict:
    """Whether *actor* may draft what changes in a published plan (起草计划调整)."""
    if not actor.holds(Duty.OFFICE, within=plan.agency.path):
        return Verdict(NotPermitted(_("只有领导小组办公室可以起草计划调整")))
    return _is_public(plan)


def can_decide_amendment(actor: Actor, plan: AnnualPlan, drafted_by: str) -> Verdict:
    """Whether *actor* may make an amendment public, or return it: a leader of the bureau who did not draft it."""
    if not actor.holds(Duty.LEADER, within=plan.agency.path):
        return Verdict(NotPermitted(_("计划调整由本局分管领导审核公布")))
    if drafted_by == actor.code and not actor.trusted:
        return Verdict(SamePerson(_("计划调整由您起草，请另一位领导审核公布")))
    return _is_public(plan)


def _is_public(plan: AnnualPlan) -> Verdict:
    if (PlanState(plan.state), PlanMove.AMEND) not in PLAN_MOVES:
        label = _(PLAN_LABELS[PlanState(plan.state)])
        return Verdict(WrongState(_("年度计划当前为“%(label)s”，不能公布调整") % {"label": label}))
    return ALLOWED


def can_confirm_receipt(actor: Actor, receipt: PlanReceipt) -> Verdict:
    """Whether *actor* may confirm that a unit has the plan: somebody who works in that unit."""
    own = [g for g in actor.grants if g.duty in UNIT_DUTIES and g.path == receipt.agency.path]
    if not own:
        return Verdict(NotPermitted(_("年度计划由收到的单位自己签收；纸质签收由领导小组办公室录入")))
    return ALLOWED


def can_change_deadline(actor: Actor, task: Task) -> Verdict:
    """Whether *actor* may enter a deadline that the superior moved (上级调整时限): of work that the superior ordered."""
    if not actor.holds(Duty.PLANNER, Duty.OFFICE, within=task.agency.path):
        return Verdict(NotPermitted(_("只有承办单位的计划岗可以登记上级调整的时限")))
    if task.channel == Channel.FAIRDRAW.value and not (task.plan_row and task.plan_row.upstream):
        return Verdict(WrongState(_("这项任务不是上级部署的，完成时间随方案调整")))
    if TaskState(task.state) in {TaskState.COMPLETED, TaskState.SUMMARISED, TaskState.CANCELLED}:
        label = _(TASK_LABELS[TaskState(task.state)])
        return Verdict(WrongState(_("任务当前为“%(label)s”，时限不再调整") % {"label": label}))
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


def can_decide_merge(actor: Actor, one: Task, two: Task, *, accepted: bool) -> Verdict:
    """
    Whether *actor* may answer the proposal to check two tasks together, while neither is sealed.

    A planner refuses for the own unit; what binds another unit as well is the office's to accept.
    """
    office = any(actor.holds(Duty.OFFICE, within=task.agency.path) for task in (one, two))
    own = [actor.holds(Duty.PLANNER, within=task.agency.path) for task in (one, two)]
    if not (office or (all(own) if accepted else any(own))):
        return Verdict(NotPermitted(_("合并建议由领导小组办公室采纳，或由任务的承办单位答复")))
    return _unsealed(one, two)


def can_undo_merge(actor: Actor, decision: MergeDecision, tasks: Sequence[Task]) -> Verdict:
    """Whether *actor* may take a decision on merging back: it stands, and neither task is sealed."""
    one, two = tasks
    if decision.undone_at is not None:
        return Verdict(WrongState(_("这项答复已经撤回")))
    return can_decide_merge(actor, one, two, accepted=decision.accepted)


def _unsealed(*tasks: Task) -> Verdict:
    for task in tasks:
        if task.state not in {TaskState.DRAFTING.value, TaskState.APPROVED.value}:
            label = _(TASK_LABELS[TaskState(task.state)])
            said = _("任务 %(n)s 当前为“%(label)s”，封存以后不能再合并或拆开")
            return Verdict(WrongState(said % {"n": task.number, "label": label}))
    return ALLOWED
