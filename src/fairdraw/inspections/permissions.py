"""Who may do what to inspections: duty, scope and state together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import INSPECTION_LABELS, INSPECTION_MOVES, InspectionMove, InspectionState
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted, RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans.models import Task
from fairdraw.plans.states import TASK_LABELS, TaskState

DUTIES = {
    InspectionMove.NOTIFY: (Duty.PLANNER, Duty.CLERK, Duty.INSPECTOR),
    InspectionMove.RECORD: (Duty.INSPECTOR, Duty.CLERK),
    InspectionMove.REVIEW: (Duty.REVIEWER, Duty.LEADER),
    InspectionMove.RETURN: (Duty.REVIEWER, Duty.LEADER),
    InspectionMove.SUBMIT: (Duty.REVIEWER, Duty.CLERK),
    InspectionMove.PUBLISH: (Duty.REVIEWER, Duty.CLERK),
    InspectionMove.EXCLUDE: (Duty.PLANNER, Duty.LEADER),
    InspectionMove.REOPEN: (Duty.REVIEWER, Duty.LEADER),
}


class WrongState(RuleBroken):
    """The inspection stands in a state that has no such move."""

    code = "inspections.wrong-state"


class SamePerson(RuleBroken):
    """Whoever enters a record does not review it."""

    code = "inspections.same-person"


def can_move(actor: Actor, inspection: Inspection, move: InspectionMove) -> Verdict:
    """Whether *actor* may take *inspection* along *move*."""
    if not actor.holds(*DUTIES[move], within=inspection.agency.path):
        return Verdict(NotPermitted(_("您的职责不包括这户检查的这一步")))
    if (InspectionState(inspection.state), move) not in INSPECTION_MOVES:
        label = _(INSPECTION_LABELS[InspectionState(inspection.state)])
        return Verdict(
            WrongState(
                _("%(n)s 当前为“%(label)s”，不能办理这一步") % {"n": inspection.number, "label": label}
            )
        )
    if move is InspectionMove.REOPEN and inspection.withdrawn_at is None:
        return Verdict(WrongState(_("%(n)s 撤下公示后才能更正") % {"n": inspection.number}))
    if move in {InspectionMove.REVIEW, InspectionMove.RETURN} and inspection.entered_by == actor.code:
        return Verdict(SamePerson(_("录入和审核不能是同一人，请由另一位审核")))
    return ALLOWED


def can_plan_visits(actor: Actor, task: Task) -> Verdict:
    """Whether *actor* may give the visits of *task* their days: once it is drawn."""
    if not actor.holds(*DUTIES[InspectionMove.NOTIFY], Duty.OFFICE, within=task.agency.path):
        return Verdict(NotPermitted(_("只有承办单位可以安排检查时间")))
    if TaskState(task.state) not in {TaskState.DRAWN, TaskState.IN_PROGRESS}:
        label = _(TASK_LABELS[TaskState(task.state)])
        return Verdict(WrongState(_("任务当前为“%(label)s”，抽取后才能安排检查") % {"label": label}))
    return ALLOWED


def require_all(actor: Actor, inspections: Iterable[Inspection], move: InspectionMove) -> None:
    """Raise the first refusal among *inspections*: a batch is done whole, or not at all."""
    for inspection in inspections:
        can_move(actor, inspection, move).require()


def can_notify(actor: Actor, served: Sequence[Inspection]) -> Verdict:
    """Whether *actor* may issue the one notice of a visit: any of the units that it serves may."""
    duties = DUTIES[InspectionMove.NOTIFY]
    if any(actor.holds(*duties, within=inspection.agency.path) for inspection in served):
        return ALLOWED
    return Verdict(NotPermitted(_("您的职责不包括这次入企检查的通知")))
