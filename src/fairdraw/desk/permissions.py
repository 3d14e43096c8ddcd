"""Who may take what out of a draw (vdraw/1 §15): duty, scope and state together."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairdraw.draws.models import Draw
from fairdraw.draws.refusals import NotDrawable
from fairdraw.draws.states import FINISHED, DrawState
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted, RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict


class NotDisclosed(RuleBroken):
    """The whole bundle is handed out only when the seal says so: publishing who was drawn defeats the visit."""

    code = "desk.not-disclosed"


def can_take_bundle(actor: Actor, draw: Draw) -> Verdict:
    """Whether *actor* may take the whole bundle of *draw*: the auditors, from the disclosure on (vdraw/1 §15)."""
    public = draw.disclose_to == "public"
    if not public and not actor.holds_anywhere(Duty.AUDITOR):
        return Verdict(NotPermitted(_("完整复核资料包只交给纪检、审计、上级机关和法院")))
    open_now = draw.state == DrawState.DISCLOSED.value or (
        draw.disclose_when == "draw" and DrawState(draw.state) in FINISHED
    )
    if not open_now:
        return Verdict(
            NotDisclosed(_("尚未披露；任务全部完成后由发起单位披露，披露后才能取得完整复核资料包"))
        )
    return ALLOWED


def can_see_list(actor: Actor, draw: Draw) -> Verdict:
    """Whether *actor* may see who was drawn: the drawing office and its supervisor, from the draw on."""
    person = draw.sources.filter(user_id=actor.user_id or 0, role__in=("initiator", "supervisor")).exists()
    office = actor.holds(Duty.PLANNER, Duty.LEADER, Duty.OFFICE, Duty.CLERK, within=draw.agency.path)
    if not (person or office):
        return Verdict(NotPermitted(_("抽取名单只给承办单位和监督人查看")))
    if DrawState(draw.state) not in FINISHED:
        return Verdict(NotDrawable(_("尚未抽取，没有名单")))
    return ALLOWED
