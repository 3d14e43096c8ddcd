"""Who may return a scheme, put schemes on one approval sheet, divide the work of a task."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans import permissions
from fairdraw.plans.models import SchemeSheet, Task
from fairdraw.plans.permissions import WrongState
from fairdraw.plans.states import TASK_LABELS, TaskState

DIVIDED = (TaskState.DRAFTING, TaskState.APPROVED, TaskState.SEALED, TaskState.DRAWN, TaskState.IN_PROGRESS)
RETURNED = (TaskState.DRAFTING, TaskState.APPROVED)


def can_return(actor: Actor, task: Task) -> Verdict:
    """Whether *actor* may send the scheme of *task* back, with a reason, while nothing is sealed."""
    if not actor.holds(Duty.LEADER, Duty.OFFICE, within=task.agency.path):
        return Verdict(NotPermitted(_("抽查方案由承办单位负责人或领导小组办公室退回")))
    if getattr(task, "scheme", None) is None or TaskState(task.state) not in RETURNED:
        label = _(TASK_LABELS[TaskState(task.state)])
        return Verdict(WrongState(_("任务当前为“%(label)s”，没有可以退回的方案") % {"label": label}))
    if task.state == TaskState.DRAFTING.value and task.scheme.returned_reason:
        return Verdict(WrongState(_("方案已经退回，等待重新制定")))
    return ALLOWED


def can_make_sheet(actor: Actor, tasks: Sequence[Task]) -> Verdict:
    """Whether *actor* may put the schemes of *tasks* on one approval sheet: drafted, of one department, on none yet."""
    if not tasks:
        return Verdict(WrongState(_("请至少选择一份待审定的抽查方案")))
    if len({accounts.department_of(task.agency).pk for task in tasks}) > 1:
        return Verdict(WrongState(_("一张审批表只列同一机关的抽查方案，请分开编制")))
    for task in tasks:
        verdict = _can_list(actor, task)
        if not verdict:
            return verdict
    return ALLOWED


def _can_list(actor: Actor, task: Task) -> Verdict:
    if not actor.holds(Duty.PLANNER, Duty.OFFICE, Duty.CLERK, within=task.agency.path):
        return Verdict(NotPermitted(_("审批表由承办单位或领导小组办公室编制")))
    if TaskState(task.state) is not TaskState.DRAFTING or getattr(task, "scheme", None) is None:
        return Verdict(WrongState(_("任务 %(n)s 没有待审定的抽查方案") % {"n": task.number}))
    if task.scheme.sheet_id is not None:
        said = _("任务 %(n)s 的方案已列入审批表 %(sheet)s")
        return Verdict(WrongState(said % {"n": task.number, "sheet": task.scheme.sheet}))
    if task.scheme.returned_reason:
        return Verdict(WrongState(_("任务 %(n)s 的方案已退回，请先重新制定") % {"n": task.number}))
    return ALLOWED


def can_decide_sheet(actor: Actor, sheet: SchemeSheet, tasks: Sequence[Task]) -> Verdict:
    """Whether *actor* may approve every scheme on *sheet*: one that was refused keeps all from it."""
    if sheet.approved_at is not None or sheet.returned_at is not None or not tasks:
        return Verdict(WrongState(_("审批表 %(n)s 已经办结，或没有方案") % {"n": sheet.number}))
    refused = (permissions.can_approve(actor, task) for task in tasks)
    return next((verdict for verdict in refused if not verdict), ALLOWED)


def can_return_sheet(actor: Actor, sheet: SchemeSheet, tasks: Sequence[Task]) -> Verdict:
    """Whether *actor* may send every scheme on *sheet* back."""
    if sheet.approved_at is not None or sheet.returned_at is not None or not tasks:
        return Verdict(WrongState(_("审批表 %(n)s 已经办结，或没有方案") % {"n": sheet.number}))
    refused = (can_return(actor, task) for task in tasks)
    return next((verdict for verdict in refused if not verdict), ALLOWED)


def can_divide(actor: Actor, task: Task) -> Verdict:
    """Whether *actor* may say who does what of *task* in which weeks; until its checks are done."""
    if not actor.holds(Duty.PLANNER, Duty.OFFICE, Duty.LEADER, within=task.agency.path):
        return Verdict(NotPermitted(_("任务分工由承办单位的计划岗或负责人安排")))
    if TaskState(task.state) not in DIVIDED:
        label = _(TASK_LABELS[TaskState(task.state)])
        return Verdict(WrongState(_("任务当前为“%(label)s”，不再安排分工") % {"label": label}))
    return ALLOWED
