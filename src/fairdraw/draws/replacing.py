"""
Replacing a target, an inspector or a team after the draw (递补、更换检查人员; vdraw/1 §11, §12).

Nobody names a successor: it follows from the sealed files, the seed and the changes before. The approver
states why; the log says who left, why, who approved, and who followed, so that everybody can recompute it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.draws import course, permissions, rules, selectors, store
from fairdraw.draws.course import Seat, Standing
from fairdraw.draws.models import Draw, DrawnRow
from fairdraw.draws.refusals import NotDrawable, explained
from fairdraw.kernel.actor import Actor
from fairdraw.registers.models import DeclaredInterest


@dataclass(frozen=True)
class MovedUp:
    """A target that left and the one that moves up for it, with everybody who sits at that one now."""

    left: DrawnRow
    successor: DrawnRow
    seats: tuple[Seat, ...]


@dataclass(frozen=True)
class Relieved:
    """An inspector who left, and the seats that are taken by others now; ``dissolved`` names a team that ended."""

    left: str
    seats: tuple[Seat, ...]
    dissolved: str = ""


@dataclass(frozen=True)
class Changes:
    """
    How much was replaced since the draw in one task, and how much one change more replaces (vdraw/1 §12.3).

    A replacement counts at every target that it touches: a team of twelve targets whose inspector leaves makes
    twelve, whether a stand-by comes or the team is dissolved.

    Attributes:
        at_target: Replacements so far, at the target that the change touches and that had most.
        in_task: Replacements so far at all targets of the task.
        drawn: Main targets of the task.
        more: Targets of the task that the change touches.
    """

    at_target: int
    in_task: int
    drawn: int
    more: int = 1

    @property
    def needs_higher(self) -> bool:
        """Whether the change makes more than two at a target, or more than 5 % in the task."""
        after = self.in_task + self.more
        return self.at_target + 1 > rules.MOST_AT_TARGET or after * rules.ONE_IN > self.drawn


def changes_so_far(draw: Draw, *, target: str) -> dict[str, Changes]:
    """
    Count the changes of a finished draw at a present target, by the task that holds it (变更次数).

    Raises:
        DrawRefused: The files and the log of the draw do not give one another.
    """
    with explained():
        return _changes(course.standing(draw), [target])


def _changes(found: Standing, targets: Iterable[str], *, slot: str = "") -> dict[str, Changes]:
    """What a change at *targets* comes to, by task; of an inspector's seat only the tasks that the seat is for."""
    touched: dict[str, list[str]] = {}
    for target in targets:
        for part in found.course.parts_of(target, found.slot(slot) if slot else None):
            touched.setdefault(part, []).append(target)
    return {
        part: Changes(
            at_target=max(found.tally.at_entity[one] for one in there),
            in_task=found.replaced_in(part),
            drawn=found.objects_of(part),
            more=len(there),
        )
        for part, there in touched.items()
    }


@transaction.atomic
def replace_object(
    *, draw_id: str, task: str, target: str, reason: str, actor: Actor, now: dt.datetime
) -> MovedUp:
    """
    Take a drawn target out of *task*; the next unused rank of its stratum moves up (递补).

    Args:
        draw_id: The finished draw.
        task: The task's number.
        target: Code of the target that leaves.
        reason: One of ``rules.REPLACEABLE``: what the approver verified. 查无下落 and refusals are results.
        actor: The approving leader.
        now: When.

    Raises:
        NotDrawable: Another reason, or not a present target of the task.
        DrawRefused: Nobody is left, or the list was drawn elsewhere.
        HigherOfficeNeeded: So many replacements need a leader above.

    Source: vdraw/1 §11, §12.3.
    """
    draw = selectors.draw_for_update(actor, draw_id)
    permissions.can_replace(actor, draw, needs_higher=False).require()
    if reason not in rules.REPLACEABLE:
        raise NotDrawable(
            _("查无下落、拒绝检查等是检查结果；只有注销、迁出、重复登记、不在辖区的对象可以替换")
        )
    with explained():
        found = course.standing(draw)
    left = _present_row(draw, found, task=task, target=target)
    counted = _changes(found, [target])[left.part]
    permissions.can_replace(actor, draw, needs_higher=counted.needs_higher).require()
    _bar_declared(draw, found, actor=actor, now=now)
    with explained():
        moved = found.course.replace_object(left.part, target)
    left.replaced_by = store.moved_up(left, moved, found.ran)
    left.replaced_reason = reason
    left.save(update_fields=["replaced_by", "replaced_reason"])
    body = {"draw": draw.pk, "part": left.part, "object": target, "reason": reason}
    body |= {"approver": actor.code, "successor": moved.id}
    _recorded(course.OBJECT, draw, body, actor=actor, now=now)
    return MovedUp(left, left.replaced_by, found.seats.get(moved.id, ()))


def _bar_declared(draw: Draw, found: Standing, *, actor: Actor, now: dt.datetime) -> None:
    """
    Log the relations that were declared since the seal, so that nobody who has one follows (封存后的回避; §12).

    All that concern the draw are logged at once, by whoever approves a change: nobody picks among them.
    """
    for officer, target in declared_since(found):
        found.course.bar(officer, target)
        body = {"draw": draw.pk, "officer": officer, "object": target}
        body |= {"reason": rules.RECUSAL, "approver": actor.code}
        audit.record(course.RECUSED, actor=actor, at=now, body={**body})


def declared_since(found: Standing) -> list[tuple[str, str]]:
    """The relations that concern the draw, inspector and target, and are not in its account yet."""
    pairs = DeclaredInterest.objects.values_list("inspector__code", "target__draw_code").order_by("pk")
    officers, frame = found.course.officers.by_id, found.ran.frame.index
    return [(o, t) for o, t in pairs if o in officers and t in frame and (o, t) not in found.recused]


def _recorded(kind: str, draw: Draw, body: dict[str, str], *, actor: Actor, now: dt.datetime) -> None:
    """Log a change, and sign the log: bundles handed out from now on show it."""
    audit.record(kind, actor=actor, at=now, body={**body})
    audit.checkpoint(now, origin=rules.log_origin(draw.org))


def _present_row(draw: Draw, found: Standing, *, task: str, target: str) -> DrawnRow:
    rows = DrawnRow.objects.select_for_update(of=("self",)).filter(
        drawn_list__draw=draw, task__number=task, target__draw_code=target, replaced_by__isnull=True
    )
    row = rows.select_related("target", "task", "drawn_list").first()
    if row is None or not found.holds(target, row.part):
        raise NotDrawable(_("%(target)s 不是任务 %(task)s 抽中的对象") % {"target": target, "task": task})
    return row


@transaction.atomic
def replace_inspector(
    *, draw_id: str, target: str, inspector: str, reason: str, actor: Actor, now: dt.datetime
) -> Relieved:
    """
    Let the successor take the seat of an inspector who is ill, away or gone (更换检查人员).

    Where targets have seats of their own, at that target; where teams go out, in everything that the team
    still has: by a stand-by, or the team is dissolved and each of its targets passes on.

    Args:
        draw_id: The finished draw.
        target: Code of a target at which the inspector sits.
        inspector: Code of the inspector who leaves.
        reason: One of ``rules.AWAY``.
        actor: The approving leader.
        now: When.

    Raises:
        NotDrawable: The inspector does not sit there, or another reason.
        DrawRefused: Nobody is left.
        HigherOfficeNeeded: So many replacements need a leader above.

    Source: vdraw/1 §12.1, §12.2, §12.3.
    """
    draw, found, seat = _leaving(draw_id, target, inspector, reason, actor=actor)
    held = found.touched_by(seat)
    _require_office(draw, found, held, seat, actor=actor, now=now)
    if found.course.teams is None:
        return _at_target(draw, found, seat, reason=reason, actor=actor, now=now)
    with explained():
        relief = found.course.teams.replace_officer(seat.team, inspector)
    body = {"draw": draw.pk, "team": seat.team, "officer": inspector, "reason": reason}
    body |= {"approver": actor.code, "successor": relief.successor}
    _recorded(course.OFFICER, draw, body, actor=actor, now=now)
    if relief.successor:
        taken = tuple(Seat(t, relief.slot, relief.successor, seat.team) for t in held)
        return Relieved(inspector, taken)
    passed = tuple(Seat(s.id, s.slot, s.officer, s.team) for s in relief.passed)
    return Relieved(inspector, passed, dissolved=seat.team)


@transaction.atomic
def recuse_inspector(
    *, draw_id: str, target: str, inspector: str, reason: str, actor: Actor, now: dt.datetime
) -> Relieved:
    """
    Keep an inspector away from one target (回避): a successor takes the seat, or another team the target.

    Arguments and refusals as :func:`replace_inspector`; *reason* one of ``rules.AWAY``.

    Source: vdraw/1 §12.1, §12.2; 行政处罚法第四十三条.
    """
    draw, found, seat = _leaving(draw_id, target, inspector, reason, actor=actor)
    _require_office(draw, found, [target], seat, actor=actor, now=now)
    if found.course.teams is None:
        return _at_target(draw, found, seat, reason=reason, actor=actor, now=now)
    with explained():
        seated = found.course.teams.pass_target(target, seat.team)
    body = {"draw": draw.pk, "object": target, "team": seat.team, "reason": reason}
    body |= {"approver": actor.code, "successor": seated[0].team}
    _recorded(course.TEAM, draw, body, actor=actor, now=now)
    return Relieved(inspector, tuple(Seat(s.id, s.slot, s.officer, s.team) for s in seated))


def _leaving(
    draw_id: str, target: str, inspector: str, reason: str, *, actor: Actor
) -> tuple[Draw, Standing, Seat]:
    draw = selectors.draw_for_update(actor, draw_id)
    permissions.can_replace(actor, draw, needs_higher=False).require()
    if reason not in rules.AWAY:
        raise NotDrawable(_("更换检查人员须选择原因：回避、患病、离岗或证件失效"))
    with explained():
        found = course.standing(draw)
    seat = found.seat_of(inspector, at=target)
    if seat is None:
        raise NotDrawable(_("%(who)s 没有被派往 %(target)s，不能更换") % {"who": inspector, "target": target})
    return draw, found, seat


def _require_office(
    draw: Draw, found: Standing, targets: Iterable[str], seat: Seat, *, actor: Actor, now: dt.datetime
) -> None:
    """The leader who may approve a change of the inspectors at *targets*; later relations are logged before it."""
    changes = _changes(found, targets, slot=seat.slot).values()
    higher = any(counted.needs_higher for counted in changes)
    permissions.can_replace(actor, draw, needs_higher=higher).require()
    _bar_declared(draw, found, actor=actor, now=now)


def _at_target(
    draw: Draw, found: Standing, seat: Seat, *, reason: str, actor: Actor, now: dt.datetime
) -> Relieved:
    assert found.course.seats is not None
    with explained():
        seated = found.course.seats.replace_officer(seat.target, seat.slot)
    body = {"draw": draw.pk, "object": seat.target, "slot": seat.slot, "officer": seat.inspector}
    body |= {"reason": reason, "approver": actor.code, "successor": seated.officer}
    _recorded(course.OFFICER, draw, body, actor=actor, now=now)
    return Relieved(seat.inspector, (Seat(seat.target, seat.slot, seated.officer, ""),))
