"""Who may do what to a follow-up: duty, scope and state together."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairdraw.followup.models import FollowUp
from fairdraw.followup.states import FOLLOWUP_LABELS, FOLLOWUP_MOVES, FollowUpMove, FollowUpState
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import INSPECTION_LABELS, InspectionState
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted, RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict

REVIEWED = (InspectionState.REVIEWED, InspectionState.SUBMITTED, InspectionState.PUBLISHED)


class WrongState(RuleBroken):
    """The follow-up stands in a state that has no such move."""

    code = "followup.wrong-state"


def can_open(actor: Actor, inspection: Inspection) -> Verdict:
    """Whether *actor* may enter what was found: once the record has passed its review."""
    duties = (Duty.INSPECTOR, Duty.CLERK, Duty.PLANNER, Duty.REVIEWER, Duty.LEADER)
    if not actor.holds(*duties, within=inspection.agency.path):
        return Verdict(NotPermitted(_("只有检查单位可以登记发现问题")))
    if InspectionState(inspection.state) not in REVIEWED:
        label = _(INSPECTION_LABELS[InspectionState(inspection.state)])
        return Verdict(
            WrongState(
                _("%(n)s 当前为“%(label)s”，审核通过后才能登记发现问题")
                % {"n": inspection.number, "label": label}
            )
        )
    return ALLOWED


def can_move(actor: Actor, follow_up: FollowUp, move: FollowUpMove) -> Verdict:
    """Whether *actor* may take *follow_up* along *move*."""
    if not actor.holds(Duty.INSPECTOR, Duty.CLERK, Duty.LEADER, within=follow_up.owner.path):
        return Verdict(NotPermitted(_("只有责任单位可以办理后续处置")))
    if (FollowUpState(follow_up.state), move) not in FOLLOWUP_MOVES:
        label = _(FOLLOWUP_LABELS[FollowUpState(follow_up.state)])
        return Verdict(WrongState(_("后续处置当前为“%(label)s”，不能办理这一步") % {"label": label}))
    return ALLOWED
