"""
A relation declared after the seal keeps its inspector from following anybody at that target (vdraw/1 §12): it
is logged with the next change, and every verifier replays it.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import transaction

from fairdraw.audit import selectors as audit
from fairdraw.draws import course
from fairdraw.inspections import replacing as visits
from fairdraw.inspections.models import Inspection
from fairdraw.kernel.actor import Actor
from fairdraw.registers import services as registers
from fairdraw.registers.models import Inspector
from tests.builders.county import TODAY, County
from tests.service.draws.test_replacing import (
    LATER,
    drawn,
    inspection,
    leader,
    seated,
    team_of,
    verify_successor,
)
from tests.service.draws.walking import Walk, verified

__all__ = ["leader"]
pytestmark = pytest.mark.django_db


def related(county: County, code: str, row: Inspection, *, on: dt.date = TODAY) -> None:
    """Declare a relation of an inspector to the target of an inspection."""
    registers.declare_interest(
        inspector=Inspector.objects.get(code=code),
        target=row.target,
        reason="近亲属任职",
        actor=county.cast.office,
        now=LATER,
        on=on,
    )


def told(walk: Walk) -> list[tuple[object, object]]:
    """Whom the log of the draw keeps from where, since the seal."""
    entries = audit.entries(about=f"draw:{walk.draw.pk}", kind=course.RECUSED)
    return [(e.body()["officer"], e.body()["object"]) for e in entries]


def test_who_has_a_relation_does_not_follow_at_that_target(ground: County, leader: Actor, tmp_path: Path):
    walk = drawn(ground, assign_mode="each")
    asked = inspection(walk)
    slot, leaving = min(seated(asked).items())
    foretold = verify_successor(walk, asked.target.draw_code, slot)
    related(ground, foretold, asked)

    for _again in range(2):  # the second change logs nothing anew
        visits.replace_inspector(
            inspection_id=asked.pk, inspector=seated(asked)[slot], reason="illness", actor=leader, now=LATER
        )
        assert seated(asked)[slot] not in {leaving, foretold}

    assert told(walk) == [(foretold, asked.target.draw_code)]
    verified(walk, tmp_path)


def test_a_team_with_a_relation_does_not_take_the_target_over(ground: County, leader: Actor, tmp_path: Path):
    walk = drawn(ground, assign_mode="cluster")
    asked = inspection(walk)
    given = {"inspection_id": asked.pk, "inspector": min(seated(asked).values()), "reason": "recusal"}
    with transaction.atomic():
        visits.recuse_inspector(**given, actor=leader, now=LATER)
        foretold, member = team_of(asked), min(seated(asked).values())
        transaction.set_rollback(True)
    before = team_of(asked)
    related(ground, member, asked)

    visits.recuse_inspector(**given, actor=leader, now=LATER)

    assert team_of(asked) not in {before, foretold}
    assert told(walk) == [(member, asked.target.draw_code)]
    verified(walk, tmp_path)


def test_what_was_sealed_or_concerns_nobody_here_is_not_logged(ground: County, leader: Actor):
    walk = drawn(ground, assign_mode="each")
    asked, other = inspection(walk), inspection(walk, 1)
    stranger = Inspector.objects.filter(agency__path__startswith=ground.cast.bureau.path).exclude(
        code__in=course.standing(walk.draw).course.officers.by_id
    )
    for person in stranger[:1]:
        related(ground, person.code, asked)
    visits.replace_target(inspection_id=other.pk, reason="moved_out", actor=leader, now=LATER)

    assert told(walk) == []
