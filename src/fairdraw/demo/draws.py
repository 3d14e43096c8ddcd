"""
A rehearsal's draws: the persons act one after the other, each for himself (演练抽取).

The same verbs as in a live draw; only the shares follow from the seed. The custodian's key pair of
rehearsals is public, since a rehearsal keeps nothing from anybody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from drawcore import shares, suites
from drawcore.seal import Disclosure
from fairdraw.demo.cast import Cast
from fairdraw.demo.entropy import SeededEntropy
from fairdraw.draws import bundles, overlaps, rules, services
from fairdraw.draws import selectors as draws
from fairdraw.draws.disclosing import TO_AUDITORS
from fairdraw.draws.frames import ReceivedList
from fairdraw.draws.models import Draw
from fairdraw.draws.selectors import Person
from fairdraw.inspections.opening import open_inspections
from fairdraw.kernel.actor import Actor
from fairdraw.plans import merging
from fairdraw.plans.models import Task

CUSTODIAN = rules.PRACTICE_CUSTODIAN
CUSTODIAN_IDENTITY = "AGE-SECRET-KEY-1CN8WW3PF097QT5DM7K3YLDW5C9K57FDQFW0WM49Q904KJJFNT47QGZQXVC"
MINUTE = dt.timedelta(minutes=1)


def prepare(
    cast: Cast,
    tasks: Sequence[Task],
    *,
    number: str,
    org: str,
    entropy: SeededEntropy,
    now: dt.datetime,
    lists: dict[str, ReceivedList] | None = None,
    disclosure: Disclosure = TO_AUDITORS,
) -> Draw:
    """Freeze the lists of a pool; a pool of three tasks and more gets a witness and ball numbers."""
    own = len({t.agency_id for t in tasks}) == 1
    agency = tasks[0].agency if own else cast.units["qjg"]
    initiator = cast.planner(agency) if own else cast.office
    level = rules.level_for(len(tasks), least=1)
    persons = [
        Person(initiator.user_id, agency.pk, "initiator"),
        Person(cast.supervisor.user_id, cast.units["fgg"].pk, "supervisor"),
    ]
    if level > 1:
        persons.append(Person(cast.witness.user_id, cast.units["jjz"].pk, "witness"))
    answer_proposals(tasks, actor=initiator, now=now)
    return services.prepare_draw(
        tasks=tasks,
        number=number,
        org=org,
        agency=agency,
        persons=persons,
        level=level,
        beacon=("dice", number) if level > 1 else None,
        actor=initiator,
        now=now,
        entropy=entropy,
        lists=lists,
        disclosure=disclosure,
    )


def answer_proposals(tasks: Sequence[Task], *, actor: Actor, now: dt.datetime) -> None:
    """A rehearsal draws its pools as they are planned: what would reach beyond the pool is refused with a reason."""
    chosen = {task.pk for task in tasks}
    for one in overlaps.proposals(tasks[0].year):
        if overlaps.is_half(one, chosen):
            merging.decide(
                first=one.first,
                second=one.second,
                accepted=False,
                reason=_("演练：按计划分批抽取"),
                shared=one.shared,
                saved=one.saved,
                actor=actor,
                now=now,
            )


def carry_out(cast: Cast, draw: Draw, *, org_origin: str, entropy: SeededEntropy, now: dt.datetime) -> Draw:
    """Seal, lock, open, enter the balls, draw, open the inspections, give the receipt."""
    actors = _actors(cast, draw)
    draw = services.seal_draw(draw_id=draw.pk, custodian=CUSTODIAN, actor=actors["initiator"], now=now)
    suite = suites.suite(draw.suite)
    held: dict[str, tuple[str, str]] = {}
    for place in draws.sources(draw):
        now += MINUTE
        salt, share = entropy(16).hex(), entropy(32).hex()
        held[place.source] = (salt, share)
        locked = shares.commitment(suite, seal=draw.seal or "", source=place.source, salt=salt, share=share)
        services.commit(
            draw_id=draw.pk,
            source=place.source,
            commitment=locked,
            envelope=None,
            actor=actors[place.role],
            now=now,
        )
    for place in draws.sources(draw):
        salt, share = held[place.source]
        services.reveal(
            draw_id=draw.pk,
            source=place.source,
            salt=salt,
            share=share,
            actor=actors[place.role],
            now=now + MINUTE,
        )
    now += 2 * MINUTE
    if draw.beacon_kind:
        balls = "".join(str(byte % 10) for byte in entropy(64) if byte < 250)[:20]
        services.enter_number(draw_id=draw.pk, first=balls, second=balls, actor=actors["supervisor"], now=now)
        now += MINUTE
    draw = services.complete_draw(draw_id=draw.pk, actor=actors["supervisor"], now=now)
    open_inspections(draw, actor=actors["initiator"], now=now)
    bundles.issue_receipt(draw, origin=org_origin, now=now + MINUTE)
    return draw


def _actors(cast: Cast, draw: Draw) -> dict[str, Actor]:
    by_user = {actor.user_id: actor for actor in cast.actors.values()}
    return {place.role: by_user[place.user_id] for place in draws.sources(draw)}
