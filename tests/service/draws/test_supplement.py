"""
When nobody is left to follow, everybody else who may go is added to the list, and ranks by the same rule (§12.3).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from fairdraw.draws import course, supplementing
from fairdraw.draws.refusals import NotDrawable
from fairdraw.inspections import replacing as visits
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotPermitted
from fairdraw.registers import services as registers
from fairdraw.registers.models import Inspector, InspectorAbsence
from tests.builders.county import TODAY, County
from tests.service.draws.test_replacing import LATER, drawn, inspection, leader, seated
from tests.service.draws.walking import DAY, Walk, verified

__all__ = ["leader"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def few(ground: County) -> tuple[Walk, set[str]]:
    """A drawn task for whose start all inspectors but five were away, and those who have come back since."""
    codes = list(Inspector.objects.order_by("code").values_list("code", flat=True))
    for person in Inspector.objects.filter(code__in=codes[5:]):
        registers.enter_absence(
            inspector=person,
            starts_on=TODAY,
            ends_on=TODAY + 90 * DAY,
            reason="学习",
            actor=ground.cast.office,
            now=LATER,
        )
    walk = drawn(ground, assign_mode="each")
    InspectorAbsence.objects.all().delete()  # no verb ends an absence yet
    there = {row[0] for row in supplementing.candidates(walk.draw, now=LATER)}
    return walk, there


def test_who_was_away_is_added_and_follows_by_the_same_rule(
    ground: County, few: tuple[Walk, set[str]], tmp_path: Path
):
    walk, there = few
    head = ground.cast.actors["juzhang"]
    listed = set(course.standing(walk.draw).course.officers.by_id)
    assert len(listed) <= 5
    assert there
    assert not there & listed

    asked = inspection(walk)
    add = partial(
        supplementing.supplement_inspectors,
        draw_id=walk.draw.pk,
        target=asked.target.draw_code,
        actor=head,
        now=LATER,
    )
    while not supplementing.nobody_left(walk.draw, asked.target.draw_code):
        with pytest.raises(NotDrawable, match="还有人可以接替"):
            add()
        code = min(seated(asked).values())
        visits.replace_inspector(
            inspection_id=asked.pk,
            inspector=code,
            reason="illness",
            actor=head,
            now=LATER,
        )
        asked.refresh_from_db()
    added = add()

    assert set(added) == there
    assert set(course.standing(walk.draw).course.officers.by_id) == listed | there
    gone = set(seated(asked).values())
    for code in sorted(gone):
        visits.replace_inspector(
            inspection_id=asked.pk,
            inspector=code,
            reason="illness",
            actor=head,
            now=LATER,
        )
    assert not set(seated(asked).values()) & gone
    verified(walk, tmp_path)
    with pytest.raises(NotDrawable, match="可以"):
        add()


def test_who_came_into_the_register_after_the_freezing_is_never_added(
    ground: County, few: tuple[Walk, set[str]], leader: Actor
):
    walk, there = few
    model = Inspector.objects.get(code=min(there))
    model.pk, model.code = None, "NEU-1"
    model.save(force_insert=True)

    assert "NEU-1" not in {row[0] for row in supplementing.candidates(walk.draw, now=LATER)}


def test_only_the_leader_adds(ground: County, few: tuple[Walk, set[str]]):
    walk, _there = few
    with pytest.raises(NotPermitted):
        supplementing.supplement_inspectors(
            draw_id=walk.draw.pk, target=inspection(walk).target.draw_code, actor=walk.actors["p1"], now=LATER
        )
