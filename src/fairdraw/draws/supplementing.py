"""
When nobody is left who may follow an inspector (补充检查人员; vdraw/1 §12.3): everybody else who may go is added.

Nobody picks among them, and only people who were in the register when it was frozen count, so that no
successor can be made to measure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from drawcore import suites
from drawcore.errors import ChangeRefused, NobodyLeft
from drawcore.rows import Officers
from fairdraw.audit import services as audit
from fairdraw.audit.models import LogRow
from fairdraw.draws import course, frames, permissions, replacing, rules, selectors, vault
from fairdraw.draws.course import Seat, Standing
from fairdraw.draws.models import Draw
from fairdraw.draws.refusals import NotDrawable, explained
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor

SUPPLEMENTED = "draw.officers_supplemented"
REASON = "nobody_left"
Row = tuple[str, str, str, str, int]


def candidates(draw: Draw, *, now: dt.datetime) -> list[Row]:
    """Who may go today, is not in the draw's list, and was in the register when that was frozen."""
    with explained():
        listed = course.standing(draw).course.officers.by_id
    then = _registered(draw)
    rows = frames.officer_rows(list(selectors.tasks(draw)), starts_on=clock.local_date(now))
    return [row for row in rows if row[0] not in listed and row[0] in then]


def _registered(draw: Draw) -> set[str]:
    """The codes of the inspectors whom the log had entered when the register of *draw* was frozen."""
    rows = LogRow.objects.filter(entry__kind="inspectors.imported", entry__seq__lte=draw.register_seq)
    documents = rows.values_list("document", flat=True).iterator(chunk_size=5000)
    return {bytes(document).split(b"\t", 1)[0].decode() for document in documents}


def nobody_left(draw: Draw, target: str) -> bool:
    """Whether a change at *target* would find no inspector: somebody there leaves, or another target moves up."""
    with explained():
        found = course.standing(draw)
    if any(_lacking(draw, partial(_relieve, seat=seat)) for seat in found.seats.get(target, ())):
        return True
    parts = [part.part for part in found.plan.parts if found.holds(target, part.part)]
    lacks = (_lacking(draw, partial(_move_up, part=part, target=target)) for part in parts)
    return any(
        lack not in {"", target} for lack in lacks
    )  # without a rank that moves up nobody needs to be seated


def _lacking(draw: Draw, change: Callable[[Standing], object]) -> str:
    """The target for which *change*, tried on an account of its own, finds nobody; empty where it succeeds."""
    tried = course.standing(draw)
    for officer, barred in replacing.declared_since(tried):
        tried.course.bar(officer, barred)
    try:
        change(tried)
    except NobodyLeft as lack:
        return lack.entity
    except ChangeRefused:
        return ""
    return ""


def _relieve(tried: Standing, *, seat: Seat) -> None:
    if tried.course.teams is not None:
        tried.course.teams.replace_officer(seat.team, seat.inspector)
    elif tried.course.seats is not None:
        tried.course.seats.replace_officer(seat.target, seat.slot)


def _move_up(tried: Standing, *, part: str, target: str) -> None:
    tried.course.replace_object(part, target)


@transaction.atomic
def supplement_inspectors(*, draw_id: str, target: str, actor: Actor, now: dt.datetime) -> list[str]:
    """
    Add everybody who may go and is not in the list of a finished draw (补充检查人员); gives their codes.

    Afterwards they rank by the same rule as all others.

    Args:
        draw_id: The finished draw.
        target: Code of the target at which nobody is left to follow.
        actor: The approving leader.
        now: When.

    Raises:
        NotDrawable: Somebody is left there, so that adding would change who follows; or there is nobody to add.

    Source: vdraw/1 §12.3.
    """
    draw = selectors.draw_for_update(actor, draw_id)
    permissions.can_replace(actor, draw, needs_higher=False).require()
    if not nobody_left(draw, target):
        raise NotDrawable(_("这一户按规则还有人可以接替，不需要补充检查人员"))
    rows = candidates(draw, now=now)
    if not rows:
        raise NotDrawable(_("名录中没有可以补充的检查人员：须在冻结名单时已在库，现在持证、在岗"))
    blind_key = vault.unlock(bytes(draw.secret.ciphertext), draw=draw.pk)[:32]
    added = Officers.build(rows, blind_key=blind_key, suite=suites.suite(draw.suite))
    body = {"draw": draw.pk, "rows": added.data.decode().splitlines()}
    body |= {"reason": REASON, "approver": actor.code}
    audit.record(SUPPLEMENTED, actor=actor, at=now, body={**body})
    audit.checkpoint(now, origin=rules.log_origin(draw.org))
    return [row[0] for row in rows]
