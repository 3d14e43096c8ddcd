"""Who may take what out of a draw, end it, or enter its number (vdraw/1 §15, §17): duty, scope and state."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from fairdraw.draws import permissions as draws
from fairdraw.draws.models import Draw
from fairdraw.draws.refusals import NotAPerson, NotDrawable
from fairdraw.draws.states import FINISHED, DrawMove, DrawState
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted, RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans.models import Task
from fairdraw.plans.states import TaskState

DONE_TASKS = (TaskState.COMPLETED.value, TaskState.SUMMARISED.value, TaskState.CANCELLED.value)


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
        return Verdict(NotDisclosed(_("检查尚未全部完成，披露后才能取得完整复核资料包")))
    return ALLOWED


def can_see_list(actor: Actor, draw: Draw) -> Verdict:
    """Whether *actor* may see who was drawn: the drawing office and its supervisor, from the draw on."""
    person = draw.sources.filter(user_id=actor.user_id, role__in=("initiator", "supervisor")).exists()
    office = actor.holds(Duty.PLANNER, Duty.LEADER, Duty.OFFICE, Duty.CLERK, within=draw.agency.path)
    if not (person or office):
        return Verdict(NotPermitted(_("抽取名单只给承办单位和监督人查看")))
    if DrawState(draw.state) not in FINISHED:
        return Verdict(NotDrawable(_("尚未抽取，没有名单")))
    return ALLOWED


def can_disclose(actor: Actor, draw: Draw, tasks: list[Task]) -> Verdict:
    """Whether *actor* may disclose *draw*: its office, once every task of it is finished."""
    if not actor.holds(Duty.PLANNER, Duty.LEADER, Duty.OFFICE, within=draw.agency.path):
        return Verdict(NotPermitted(_("只有发起单位可以披露抽取资料")))
    verdict = draws.can_move(draw, DrawMove.DISCLOSE)
    if not verdict:
        return verdict
    if any(task.state not in DONE_TASKS for task in tasks):
        return Verdict(NotDisclosed(_("还有任务没有完成，完成后才能披露")))
    return ALLOWED


def can_enter_number(actor: Actor, draw: Draw) -> Verdict:
    """Whether *actor* may enter the public number: supervisor or witness, together (vdraw/1 §7.4)."""
    if not draw.sources.filter(user_id=actor.user_id, role__in=("supervisor", "witness")).exists():
        return Verdict(NotAPerson(_("公开随机数由监督人和见证人录入")))
    if draw.state != DrawState.WAITING.value or draw.beacon_value:
        return Verdict(NotDrawable(_("份额全部开启后才能录入公开随机数")))
    return ALLOWED


def can_fail(actor: Actor, draw: Draw, *, now: dt.datetime) -> Verdict:
    """Whether *actor* may declare the draw failed: its office or persons, once the deadline has passed (§17)."""
    person = draw.sources.filter(user_id=actor.user_id).exists()
    if not person and not actor.holds(Duty.PLANNER, Duty.LEADER, within=draw.agency.path):
        return Verdict(NotPermitted(_("只有发起单位和参与人可以办理")))
    verdict = draws.can_move(draw, DrawMove.FAIL)
    if not verdict:
        return verdict
    last = draw.commit_by if draw.state == DrawState.SEALED.value else draw.reveal_by
    if last is None or now <= last:
        return Verdict(NotDrawable(_("期限未到，请先等候或联系未参与的人")))
    return ALLOWED
