"""
What the pages of a change after the draw show (递补、更换检查人员): the rule, who is there, what will happen.

Nobody is shown who comes next: the successor follows from the seed and is known when the change is made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairdraw.draws import permissions, rules, selectors, supplementing
from fairdraw.draws import replacing as draws
from fairdraw.draws.models import Draw
from fairdraw.draws.refusals import NotDrawable
from fairdraw.draws.replacing import Changes, Relieved
from fairdraw.inspections import replacing
from fairdraw.inspections.models import Inspection
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.verdict import Verdict
from fairdraw.plans.models import Task
from fairdraw.registers.models import Inspector


def may_change(actor: Actor, inspection: Inspection) -> Verdict:
    """Whether *actor* may approve changes at this inspection, as its page says before anybody asks."""
    try:
        draw = replacing.draw_of(inspection)
    except NotDrawable as refused:
        return Verdict(refused)
    return permissions.can_replace(actor, draw, needs_higher=False)


def may_change_task(actor: Actor, task: Task) -> Verdict:
    """Whether *actor* may approve changes of the inspectors of *task*."""
    draw = selectors.live_draw_of(task)
    if draw is None:
        return Verdict(NotDrawable(_("抽取完成后才有检查人员")))
    return permissions.can_replace(actor, draw, needs_higher=False)


def require_change(actor: Actor, inspection: Inspection) -> dict[str, Changes]:
    """
    The changes so far at the inspection's target by task, for a leader who may approve changes.

    Raises:
        NotPermitted: Somebody else.
    """
    draw = replacing.draw_of(inspection)
    permissions.can_replace(actor, draw, needs_higher=False).require()
    return draws.changes_so_far(draw, target=inspection.target.draw_code)


def reasons(known: dict[str, str]) -> list[tuple[str, str]]:
    """Coded reasons as choices."""
    return [(code, _(label)) for code, label in known.items()]


def target_lines(inspection: Inspection, reason: str) -> list[str]:
    """What replacing the target will do, in sentences."""
    siblings = Inspection.objects.filter(row=inspection.row_id).count()
    words = {
        "name": inspection.target.name,
        "number": inspection.number,
        "task": inspection.task.name,
        "reason": _(rules.REPLACEABLE[reason]),
        "n": siblings,
    }
    return [
        _("“%(name)s”（%(number)s）移出任务“%(task)s”，原因：%(reason)s") % words,
        _("该户在本任务的检查%(n)s户次列为“不再检查”，原因保留在任务中") % words,
        _("同一分类中按种子排定的下一位对象递补，检查人员按同一规则确定；递补结果在确认后显示"),
        _("变更写入日志，任何人都可以复核递补的对象是否合乎规则；不能撤回"),
    ]


def inspector_lines(inspection: Inspection, inspector: str, reason: str) -> list[str]:
    """What replacing the inspector will do, in sentences."""
    person = Inspector.objects.get(code=inspector)
    seat = inspection.assignments.get(inspector=person, replaced_at__isnull=True)
    words = {
        "who": person.name,
        "certificate": person.certificate_number,
        "name": inspection.target.name,
        "number": inspection.number,
        "team": seat.team,
        "reason": _(rules.AWAY[reason]),
        "n": replacing.doors_ahead(inspection, inspector, reason=reason),
    }
    if not seat.team:
        what = _("%(who)s（%(certificate)s）不再检查“%(name)s”（%(number)s），原因：%(reason)s")
        then = _("按种子排定的下一位检查人员接替这一席位；接替人在确认后显示")
    elif reason == rules.RECUSAL:
        what = _("“%(name)s”（%(number)s）由检查组 %(team)s 转出，原因：%(who)s（%(certificate)s）%(reason)s")
        then = _("按种子排定的另一检查组接办这一户，原组的其他检查不变；接办的组在确认后显示")
    else:
        what = _(
            "%(who)s（%(certificate)s）离开检查组 %(team)s，涉及该组尚未检查的%(n)s次入企检查，原因：%(reason)s"
        )
        then = _("按种子排定的同组候补人员接替；没有候补的，检查组解散，各户转给其他检查组；结果在确认后显示")
    return [
        what % words,
        then,
        _("已录入的检查不变；已制发的通知书按新的检查人员重新打印送达"),
        _("变更写入日志，任何人都可以复核接替的人员是否合乎规则；不能撤回"),
    ]


def seats(inspection: Inspection) -> list[tuple[str, str]]:
    """Who sits at an inspection now, as choices."""
    held = inspection.assignments.filter(replaced_at__isnull=True).select_related("inspector")
    return [
        (s.inspector.code, f"{s.inspector.name}（{s.inspector.certificate_number}）")
        for s in held.order_by("slot")
    ]


def supplement(draw: Draw, *, now: dt.datetime) -> list[Inspector]:
    """Who would be added to the inspectors of a draw, by unit."""
    codes = [row[0] for row in supplementing.candidates(draw, now=now)]
    return list(
        Inspector.objects.filter(code__in=codes).select_related("agency").order_by("agency__path", "code")
    )


def told(relieved: Relieved) -> str:
    """What came of replacing an inspector, in a sentence."""
    words = {
        "left": _names([relieved.left]),
        "now": _names(seat.inspector for seat in relieved.seats),
        "team": relieved.dissolved or next((s.team for s in relieved.seats if s.team), ""),
    }
    if relieved.dissolved:
        return (
            _("没有候补人员，检查组 %(team)s 已解散，尚未检查的各户转给其他检查组，新的检查人员见各户")
            % words
        )
    return _("%(left)s 已由 %(now)s 接替") % words


def _names(codes: Iterable[str]) -> str:
    wanted = list(dict.fromkeys(codes))
    known = dict(Inspector.objects.filter(code__in=wanted).values_list("code", "name"))
    return "、".join(known.get(code, code) for code in wanted)


@dataclass(frozen=True)
class Succession:
    """The inspection whose target left before this one, and the one that followed it."""

    before: Inspection | None
    after: Inspection | None


def succession(inspection: Inspection) -> Succession:
    """Whom this inspection follows, and who followed it (递补关系)."""
    rows = Inspection.objects.filter(agency=inspection.agency_id).select_related("target")
    return Succession(
        before=rows.filter(row__replaced_by=inspection.row_id).first(),
        after=rows.filter(row=inspection.row.replaced_by_id).first()
        if inspection.row.replaced_by_id
        else None,
    )
