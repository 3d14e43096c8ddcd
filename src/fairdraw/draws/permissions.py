"""Who may do which step of a draw: duty, scope, person and state together (vdraw/1 §2, §7, §13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from fairdraw.draws.models import Draw, DrawSource
from fairdraw.draws.refusals import NotAPerson, NotDrawable
from fairdraw.draws.states import DRAW_LABELS, DRAW_MOVES, DrawMove, DrawState
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted, RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans.models import Task
from fairdraw.plans.states import TASK_LABELS, TaskKind, TaskState


class OneDrawOnly(RuleBroken):
    """A task is drawn once per purpose (X02)."""

    code = "draws.one-draw-only"


class TwoPeopleNeeded(RuleBroken):
    """The step needs a second person."""

    code = "draws.two-people-needed"


def can_prepare(actor: Actor, tasks: Sequence[Task]) -> Verdict:
    """Whether *actor* may freeze the lists of a pool of *tasks*."""
    if not tasks:
        return Verdict(NotDrawable(_("没有选择任务")))
    for task in tasks:
        if not actor.holds(Duty.PLANNER, within=task.agency.path):
            return Verdict(NotPermitted(_("只有承办单位的计划岗可以发起抽取")))
        if task.kind != TaskKind.DOUBLE_RANDOM.value:
            return Verdict(NotDrawable(_("任务 %(task)s 不是双随机任务，不能抽取") % {"task": task.number}))
        if task.drawn_at is not None:
            return Verdict(
                OneDrawOnly(_("任务 %(task)s 已经抽取，一项任务只抽取一次") % {"task": task.number})
            )
        if task.state != TaskState.APPROVED.value:
            label = _(TASK_LABELS[TaskState(task.state)])
            return Verdict(
                NotDrawable(
                    _("任务 %(task)s 当前为“%(label)s”，方案审定后才能抽取")
                    % {"task": task.number, "label": label}
                )
            )
    return ALLOWED


def can_move(draw: Draw, move: DrawMove) -> Verdict:
    """Whether the draw's state has this step."""
    if (DrawState(draw.state), move) in DRAW_MOVES:
        return ALLOWED
    label = _(DRAW_LABELS[DrawState(draw.state)])
    return Verdict(
        NotDrawable(_("抽取 %(n)s 当前为“%(label)s”，不能办理这一步") % {"n": draw.number, "label": label})
    )


def can_seal(actor: Actor, draw: Draw) -> Verdict:
    """Whether *actor* may seal: the initiator's office, while the draw is being prepared."""
    if not actor.holds(Duty.PLANNER, within=draw.agency.path):
        return Verdict(NotPermitted(_("只有发起单位的计划岗可以封存")))
    return can_move(draw, DrawMove.SEAL)


def is_person(actor: Actor, source: DrawSource) -> Verdict:
    """Whether *actor* is the person who stands in *source*."""
    if actor.trusted or (source.user_id is not None and source.user_id == actor.user_id):
        return ALLOWED
    return Verdict(NotAPerson(_("您不是本次抽取的这一位参与人")))


def can_commit(actor: Actor, draw: Draw, source: DrawSource, *, now: dt.datetime) -> Verdict:
    """Whether the person may lock a share in: once, before commitments close."""
    verdict = is_person(actor, source)
    if not verdict:
        return verdict
    if draw.state != DrawState.SEALED.value or (draw.commit_by is not None and now > draw.commit_by):
        return Verdict(NotDrawable(_("锁定已经截止")))
    if source.commitment:
        return Verdict(NotDrawable(_("随机份额已经锁定，不能更改")))
    return ALLOWED


def can_reveal(actor: Actor, draw: Draw, source: DrawSource) -> Verdict:
    """Whether the person may open the share: after commitments have closed, once."""
    verdict = is_person(actor, source)
    if not verdict:
        return verdict
    if draw.state != DrawState.REVEALING.value:
        return Verdict(NotDrawable(_("尚未开始开启，或开启已经截止")))
    if not source.commitment:
        return Verdict(NotDrawable(_("没有锁定过随机份额，不能开启")))
    if source.revealed_at is not None:
        return Verdict(NotDrawable(_("随机份额已经开启")))
    return ALLOWED


def can_complete(actor: Actor, draw: Draw) -> Verdict:
    """Whether *actor* may draw: the supervisor of another section presses 监督并抽取."""
    if not actor.trusted and not draw.sources.filter(role="supervisor", user_id=actor.user_id).exists():
        return Verdict(NotAPerson(_("由监督人监督并抽取")))
    return can_move(draw, DrawMove.COMPLETE)


def can_void(actor: Actor, draw: Draw, *, second: str) -> Verdict:
    """Whether the draw may be given up: before reveals open, with a second person."""
    if not actor.holds(Duty.PLANNER, Duty.LEADER, within=draw.agency.path):
        return Verdict(NotPermitted(_("只有发起单位可以作废抽取")))
    if not second or second == actor.code:
        return Verdict(TwoPeopleNeeded(_("作废需要第二人审批")))
    return can_move(draw, DrawMove.VOID)
