"""Who may do which step of a draw: duty, scope, person and state together (vdraw/1 §2, §7, §13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from fairdraw.draws import rules
from fairdraw.draws.models import Draw, DrawPart, DrawSource
from fairdraw.draws.refusals import NotAPerson, NotDrawable
from fairdraw.draws.states import DRAW_LABELS, DRAW_MOVES, DrawMove, DrawState
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted, RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans import merging
from fairdraw.plans.models import Task
from fairdraw.plans.states import TASK_LABELS, TaskKind, TaskState

DONE = (TaskState.COMPLETED.value, TaskState.SUMMARISED.value, TaskState.CANCELLED.value)


class OneDrawOnly(RuleBroken):
    """A task is drawn once per purpose (X02)."""

    code = "draws.one-draw-only"


class HigherOfficeNeeded(NotPermitted):
    """So many replacements need the approval of a higher office (vdraw/1 §12.3)."""

    code = "draws.higher-office-needed"


class TwoPeopleNeeded(RuleBroken):
    """The step needs a second person."""

    code = "draws.two-people-needed"


def can_prepare(actor: Actor, tasks: Sequence[Task]) -> Verdict:
    """Whether *actor* may freeze the lists of a pool of *tasks*, none of which is or was in a live draw."""
    if not tasks:
        return Verdict(NotDrawable(_("没有选择任务")))
    if len({task.year for task in tasks}) > 1:
        return Verdict(NotDrawable(_("不同年度的任务不能一并抽取")))
    for task in tasks:
        verdict = _can_prepare_one(actor, task)
        if not verdict:
            return verdict
    return ALLOWED


def _can_prepare_one(actor: Actor, task: Task) -> Verdict:
    own = actor.holds(Duty.PLANNER, within=task.agency.path)
    if not (own or merging.leads_for(actor, task, Duty.PLANNER)):
        return Verdict(NotPermitted(_("只有承办单位或联合检查牵头单位的计划岗可以发起抽取")))
    if task.kind != TaskKind.DOUBLE_RANDOM.value:
        return Verdict(NotDrawable(_("任务 %(task)s 不是双随机任务，不能抽取") % {"task": task.number}))
    if task.drawn_at is not None:
        return Verdict(OneDrawOnly(_("任务 %(task)s 已经抽取，一项任务只抽取一次") % {"task": task.number}))
    part = DrawPart.objects.filter(task=task.number, live=1).select_related("draw").first()
    if part is not None:
        said = _("任务 %(task)s 已在抽取 %(draw)s 中，一项任务只抽取一次")
        return Verdict(OneDrawOnly(said % {"task": task.number, "draw": part.draw.number}))
    if task.state != TaskState.APPROVED.value:
        label = _(TASK_LABELS[TaskState(task.state)])
        said = _("任务 %(task)s 当前为“%(label)s”，方案审定后才能抽取")
        return Verdict(NotDrawable(said % {"task": task.number, "label": label}))
    return ALLOWED


def can_discard(actor: Actor, draw: Draw) -> Verdict:
    """Whether *actor* may throw frozen lists away: the initiator's office, before they are sealed."""
    if not actor.holds(Duty.PLANNER, within=draw.agency.path):
        return Verdict(NotPermitted(_("只有发起单位的计划岗可以撤销底册")))
    if draw.state != DrawState.DRAFT.value:
        return Verdict(NotDrawable(_("底册已经封存，不能撤销；确有错误的，由两人作废")))
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
    if draw.state != DrawState.SEALED.value or _is_past(draw.commit_by, now):
        return Verdict(NotDrawable(_("锁定已经截止")))
    if source.commitment:
        return Verdict(NotDrawable(_("随机份额已经锁定，不能更改")))
    return ALLOWED


def can_close_commitments(actor: Actor, draw: Draw, *, now: dt.datetime) -> Verdict:
    """Whether commitments may close without those who never locked a share in: after the deadline."""
    verdict = _takes_part(actor, draw)
    if not verdict:
        return verdict
    if draw.state != DrawState.SEALED.value:
        return can_move(draw, DrawMove.OPEN_REVEALS)
    if not _is_past(draw.commit_by, now):
        return Verdict(NotDrawable(_("锁定期限未到，请联系还没有锁定的参与人")))
    if draw.sources.exclude(commitment="").count() < rules.MIN_REVEALS:
        return Verdict(NotDrawable(_("锁定的参与人不足两人，本次抽取只能作废")))
    return ALLOWED


def can_reveal(actor: Actor, draw: Draw, source: DrawSource, *, now: dt.datetime) -> Verdict:
    """Whether the person may open the share: after commitments have closed, before reveals do, once."""
    verdict = is_person(actor, source)
    if not verdict:
        return verdict
    verdict = _is_unopened(draw, source)
    if not verdict:
        return verdict
    if _is_past(draw.reveal_by, now):
        return Verdict(NotDrawable(_("开启已经截止，由保管人开启电子信封")))
    return ALLOWED


def can_open_envelope(actor: Actor, draw: Draw, source: DrawSource, *, now: dt.datetime) -> Verdict:
    """Whether *actor* may open a silent person's envelope on record: somebody else, after the deadline (§7.3)."""
    if not actor.holds_anywhere(Duty.SUPERVISOR, Duty.AUDITOR, Duty.LEADER):
        return Verdict(NotPermitted(_("信封由保管人、监督人或负责人开启")))
    if source.user_id is not None and source.user_id == actor.user_id:
        return Verdict(NotAPerson(_("本人的信封须由他人开启")))
    verdict = _is_unopened(draw, source)
    if not verdict:
        return verdict
    if not _is_past(draw.reveal_by, now):
        return Verdict(NotDrawable(_("开启期限未到，请本人开启")))
    return ALLOWED


def can_close_reveals(actor: Actor, draw: Draw, *, now: dt.datetime) -> Verdict:
    """Whether reveals may close without those who stay silent: after the deadline, where a number is to come."""
    verdict = _takes_part(actor, draw)
    if not verdict:
        return verdict
    if draw.state != DrawState.REVEALING.value or not draw.beacon_kind:
        return Verdict(NotDrawable(_("没有公开随机数的抽取须全部开启；信封也无法开启的，宣告未成")))
    if not _is_past(draw.reveal_by, now):
        return Verdict(NotDrawable(_("开启期限未到，请联系还没有开启的参与人")))
    if draw.sources.filter(revealed_at__isnull=False).count() < rules.MIN_REVEALS:
        return Verdict(NotDrawable(_("开启的参与人不足两人，请开启信封或宣告未成")))
    return ALLOWED


def _is_past(limit: dt.datetime | None, now: dt.datetime) -> bool:
    return limit is not None and now > limit


def _is_unopened(draw: Draw, source: DrawSource) -> Verdict:
    if draw.state != DrawState.REVEALING.value:
        return Verdict(NotDrawable(_("尚未开始开启，或开启已经截止")))
    if not source.commitment:
        return Verdict(NotDrawable(_("没有锁定过随机份额，不能开启")))
    if source.revealed_at is not None:
        return Verdict(NotDrawable(_("随机份额已经开启")))
    return ALLOWED


def _takes_part(actor: Actor, draw: Draw) -> Verdict:
    """Whether the draw is the actor's business: one of its persons, or somebody who answers for its office."""
    if actor.holds(Duty.PLANNER, Duty.LEADER, Duty.OFFICE, within=draw.agency.path):
        return ALLOWED
    if actor.user_id is not None and draw.sources.filter(user_id=actor.user_id).exists():
        return ALLOWED
    return Verdict(NotPermitted(_("只有发起单位和参与人可以办理")))


def can_enter_number(actor: Actor, draw: Draw) -> Verdict:
    """Whether *actor* may enter the public number: supervisor or witness, once reveals have closed (§7.4)."""
    persons = draw.sources.filter(role__in=("supervisor", "witness"))
    if not actor.trusted and not persons.filter(user_id=actor.user_id or 0).exists():
        return Verdict(NotAPerson(_("公开随机数由监督人和见证人录入")))
    if draw.state != DrawState.WAITING.value or draw.beacon_value:
        return Verdict(NotDrawable(_("现在不能录入公开随机数")))
    return ALLOWED


def can_complete(actor: Actor, draw: Draw) -> Verdict:
    """Whether *actor* may draw: the supervisor of another section presses 监督并抽取."""
    if not actor.trusted and not draw.sources.filter(role="supervisor", user_id=actor.user_id or 0).exists():
        return Verdict(NotAPerson(_("由监督人监督并抽取")))
    verdict = can_move(draw, DrawMove.COMPLETE)
    if not verdict:
        return verdict
    if draw.beacon_kind and not draw.beacon_value:
        return Verdict(NotDrawable(_("公开随机数尚未产生")))
    if not draw.beacon_kind and draw.sources.filter(commitment__gt="", revealed_at__isnull=True).exists():
        return Verdict(NotDrawable(_("还有参与人没有开启随机份额")))
    return ALLOWED


def can_void(actor: Actor, draw: Draw, *, second: str) -> Verdict:
    """Whether the draw may be given up: before reveals open, with a second person."""
    if not actor.holds(Duty.PLANNER, Duty.LEADER, within=draw.agency.path):
        return Verdict(NotPermitted(_("只有发起单位可以作废抽取")))
    if not second or second == actor.code:
        return Verdict(TwoPeopleNeeded(_("作废需要第二人审批")))
    return can_move(draw, DrawMove.VOID)


def can_fail(actor: Actor, draw: Draw, *, now: dt.datetime, secret_lost: bool) -> Verdict:
    """
    Whether the draw may be declared failed: only for a cause that the protocol names (vdraw/1 §17).

    A share that was locked in and never opened, too few shares for a draw with a number, a number seven days
    late, the server's share lost beyond its deposit.
    """
    verdict = _takes_part(actor, draw)
    if not verdict:
        return verdict
    verdict = can_move(draw, DrawMove.FAIL)
    if not verdict or secret_lost:
        return verdict
    if draw.state == DrawState.SEALED.value:
        return Verdict(NotDrawable(_("开启以前不作未成处理；需要放弃的，由两人作废")))
    if draw.state == DrawState.WAITING.value:
        since = draw.reveals_closed_at
        if draw.beacon_value or since is None or now <= since + rules.NUMBER_LATE_AFTER:
            return Verdict(NotDrawable(_("公开随机数迟到满七天，才能宣告未成")))
        return ALLOWED
    return _can_fail_revealing(draw, now=now)


def _can_fail_revealing(draw: Draw, *, now: dt.datetime) -> Verdict:
    if not _is_past(draw.reveal_by, now):
        return Verdict(NotDrawable(_("开启期限未到，请先等候或联系还没有开启的参与人")))
    opened = draw.sources.filter(revealed_at__isnull=False).count()
    silent = draw.sources.filter(commitment__gt="", revealed_at__isnull=True).exists()
    if opened >= rules.MIN_REVEALS and (draw.beacon_kind or not silent):
        return Verdict(NotDrawable(_("份额已经足够，应当继续抽取，不能宣告未成")))
    return ALLOWED


def can_restore_share(actor: Actor, draw: Draw) -> Verdict:
    """Whether *actor* may hand the deposited server share back: an auditor or supervisor, before the draw."""
    if not actor.holds_anywhere(Duty.SUPERVISOR, Duty.AUDITOR):
        return Verdict(NotPermitted(_("服务器份额由保管人交回，监督人或审计人员办理")))
    return can_move(draw, DrawMove.FAIL)


def can_prove_member(actor: Actor, draw: Draw) -> Verdict:
    """Whether *actor* may tell a target where it stands, and hand its proof out: the drawing office, once sealed."""
    if not actor.holds(Duty.OFFICE, Duty.PLANNER, Duty.LEADER, Duty.CLERK, within=draw.agency.path):
        return Verdict(NotPermitted(_("在库证明由承办单位或领导小组办公室出具")))
    if draw.seal is None:
        return Verdict(NotDrawable(_("封存后才能出具在库证明")))
    return ALLOWED


def can_disclose(actor: Actor, draw: Draw, tasks: Sequence[Task]) -> Verdict:
    """Whether *actor* may disclose the bundle: its office, when the seal says so (vdraw/1 §15)."""
    if not actor.holds(Duty.PLANNER, Duty.LEADER, Duty.OFFICE, within=draw.agency.path):
        return Verdict(NotPermitted(_("只有发起单位可以披露抽取资料")))
    verdict = can_move(draw, DrawMove.DISCLOSE)
    if not verdict:
        return verdict
    if draw.disclose_when == "task" and any(task.state not in DONE for task in tasks):
        return Verdict(NotDrawable(_("还有任务没有完成，完成后才能披露")))
    return ALLOWED


def can_state_audit(actor: Actor, draw: Draw) -> Verdict:
    """Whether *actor* may enter a statement on the rechecked bundle: an auditor, once auditors may have it."""
    if not actor.holds_anywhere(Duty.AUDITOR):
        return Verdict(NotPermitted(_("复核声明由纪检、审计人员登记")))
    at_once = draw.disclose_when == "draw" and draw.state == DrawState.DRAWN.value
    if draw.state != DrawState.DISCLOSED.value and not at_once:
        return Verdict(NotDrawable(_("抽取资料披露以后才能登记复核声明")))
    return ALLOWED


def can_replace(actor: Actor, draw: Draw, *, needs_higher: bool) -> Verdict:
    """
    Whether *actor* may approve a replacement after the draw (vdraw/1 §11, §12.3).

    Args:
        actor: A leader of the drawing office; where *needs_higher*, one of an office above it.
        draw: The finished draw.
        needs_higher: More than two for one target, or at more than 5 % of the targets of one task, with this one.
    """
    if draw.state != DrawState.DRAWN.value:
        return can_move(draw, DrawMove.DISCLOSE)
    if not actor.holds(Duty.LEADER, within=draw.agency.path):
        office = {"office": draw.agency.name}
        return Verdict(NotPermitted(_("须由发起抽取的单位（%(office)s）负责人审批") % office))
    above = draw.agency.parent.path if draw.agency.parent is not None else draw.agency.path
    if needs_higher and not actor.holds(Duty.LEADER, within=above):
        return Verdict(
            HigherOfficeNeeded(
                _("同一对象替换超过两次，或本任务替换的户次超过抽中户数的5%，须由上级负责人审批")
            )
        )
    return ALLOWED
