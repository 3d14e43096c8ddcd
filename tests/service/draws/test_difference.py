"""
Whatever was done to the register between two draws of one scope is named to the approver, with editor (T-D5).
"""

from __future__ import annotations

import dataclasses

import pytest

from fairdraw.demo import world
from fairdraw.draws.difference import Difference, since_last_seal
from fairdraw.registers import services as registers
from fairdraw.registers.entries import TargetEntry
from tests.builders.county import NOW, County
from tests.service.draws.walking import DAY, Walk

pytestmark = pytest.mark.django_db
EDITOR = "qjg-jh"


@pytest.fixture
def first(ground: County) -> Walk:
    """The first draw of the scope."""
    return Walk(ground, ("more-0",)).to_sealed()


def entry_of(code: str) -> TargetEntry:
    """The county's target as its file had it, at the second station like most."""
    everybody = world.targets(
        seed="county", enterprises=240, individuals=60, classed_on=NOW.date().replace(month=1, day=2)
    )
    found = next(e for e in everybody if e.draw_code == code)
    return dataclasses.replace(
        found, station_code=found.station_code if found.station_code == "sc01" else "sc02"
    )


def enterprises() -> list[TargetEntry]:
    """Everybody of the scope who is in business."""
    everybody = world.targets(
        seed="county", enterprises=240, individuals=60, classed_on=NOW.date().replace(month=1, day=2)
    )
    return [e for e in everybody if e.kind == "enterprise" and e.status == "existing"]


def edited(county: County, entry: TargetEntry) -> None:
    """Enter a target again, by the office."""
    registers.import_targets([entry], source="变更.csv", actor=county.cast.office, now=NOW)


def second(county: County) -> Difference:
    """What the approver of the next draw of that scope sees."""
    walk = Walk(county, ("more-1",), now=NOW + DAY)
    walk.prepare()
    [found] = since_last_seal(walk.draw)
    return found


def test_nothing_happened_and_nothing_is_listed(ground: County, first: Walk):
    found = second(ground)

    assert (found.came, found.left, found.changed) == ((), (), ())
    assert (found.earlier, found.earlier_task) == (first.draw, first.number)


def test_who_was_closed_moved_reclassified_or_added_is_named_with_the_editor(ground: County, first: Walk):
    drawn_again = [e for e in enterprises() if entry_of(e.draw_code).credit_class != "A"]  # class A is not
    closed, moved, reclassed = (entry_of(e.draw_code) for e in drawn_again[:3])
    edited(ground, dataclasses.replace(closed, status="deregistered"))
    edited(
        ground, dataclasses.replace(moved, station_code="sc01" if moved.station_code == "sc02" else "sc02")
    )
    other = "D" if reclassed.credit_class != "D" else "A"
    registers.receive_classes(
        {reclassed.draw_code: other},
        edition="2026-09b",
        computed_on=NOW.date(),
        source="省局",
        invented=True,
        actor=ground.cast.office,
        now=NOW,
    )
    code = next(iter(world.targets(seed="elsewhere", enterprises=1, individuals=0, classed_on=NOW.date())))
    added = dataclasses.replace(code, draw_code="NEW-1", uscc="", status="existing", station_code="sc01")
    edited(ground, added)

    found = second(ground)

    assert [c.code for c in found.left] == [closed.draw_code]
    assert [c.code for c in found.came] == ["NEW-1"]
    assert {c.code for c in found.changed} == {moved.draw_code, reclassed.draw_code}
    for change in (*found.left, *found.came, *found.changed):
        [edit] = change.edits
        assert edit.actor == ground.cast.office.code
        assert edit.kind == ("classes.received" if change.code == reclassed.draw_code else "targets.imported")
        assert change.before != change.after


def test_what_was_done_before_the_first_seal_is_not_repeated(ground: County):
    edited(ground, dataclasses.replace(entry_of(enterprises()[0].draw_code), status="deregistered"))
    Walk(ground, ("more-0",)).to_sealed()

    assert second(ground).left == ()


def test_a_scope_that_was_never_sealed_has_nothing_to_compare(ground: County):
    walk = Walk(ground, ("more-0",))
    walk.prepare()

    assert since_last_seal(walk.draw) == []
