"""Licences with their validity: the tag that rests on them stands on a target while one of them is valid."""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.draws import selectors as draws
from fairdraw.kernel.errors import InvalidInput
from fairdraw.registers import services
from fairdraw.registers.entries import LicenceEntry
from fairdraw.registers.models import Licence, Target, TargetChange
from fairdraw.registers.scopes import ScopeSpec, in_scope
from fairdraw.registers.services import LicenceRefused
from tests.builders.bureau import YEAR, existing

TAG = "licensed_food"


def licence(number="JY001", *, to=dt.date(YEAR, 6, 30), tag=TAG, **more):
    return LicenceEntry(
        kind="食品经营许可证",
        number=number,
        valid_from=dt.date(2021, 7, 1),
        valid_to=to,
        issuer="演示县市场监督管理局",
        tag=tag,
        **more,
    )


def enter(bureau, *pairs):
    return services.import_licences(
        [(target.draw_code, entry) for target, entry in pairs],
        source="许可台账.xlsx",
        actor=bureau.cast.office,
        now=bureau.now,
    )


def licensed():
    return set(in_scope(ScopeSpec(tags=(TAG,))).values_list("draw_code", flat=True))


def test_a_valid_licence_gives_its_tag_and_an_expired_one_takes_it_off(bureau):
    one, two = existing()[:2]
    enter(bureau, (one, licence()), (two, licence("JY002", to=None)))
    assert licensed() == {one.draw_code, two.draw_code}

    bureau.go(6, 30)
    assert services.settle_tags(actor=bureau.cast.office, now=bureau.now) == 0
    bureau.go(7, 1)
    assert services.settle_tags(actor=bureau.cast.office, now=bureau.now) == 1
    assert licensed() == {two.draw_code}
    gone = TargetChange.objects.filter(target=one).latest("pk")
    assert (gone.field, TAG in gone.before, TAG in gone.after, gone.reason) == (
        "tags",
        True,
        False,
        "按许可有效期核定",
    )
    assert Licence.objects.filter(target=one).exists()


def test_a_renewal_puts_the_tag_back(bureau):
    target = existing()[0]
    enter(bureau, (target, licence(to=dt.date(YEAR - 1, 12, 31))))
    assert licensed() == set()

    count = enter(bureau, (target, licence(to=dt.date(YEAR + 4, 12, 31))))

    assert (count.added, count.changed) == (0, 1)
    assert licensed() == {target.draw_code}
    assert enter(bureau, (target, licence(to=dt.date(YEAR + 4, 12, 31)))).same == 1


def test_one_of_two_licences_is_enough(bureau):
    target = existing()[0]
    enter(bureau, (target, licence(to=dt.date(YEAR - 1, 1, 1))), (target, licence("JY009")))

    assert licensed() == {target.draw_code}


def test_a_tag_that_rests_on_no_licence_is_left_alone(bureau):
    target = next(t for t in existing() if t.tags)
    enter(bureau, (target, licence(to=dt.date(YEAR - 1, 1, 1))))

    assert Target.objects.get(pk=target.pk).tags == target.tags


def test_whose_licence_lapsed_since_is_not_in_the_lists_of_a_draw(bureau):
    for n, target in enumerate(existing()[:40]):
        enter(bureau, (target, licence(f"JY{n}", to=None if n else dt.date(YEAR, 3, 1))))
    lapsed = existing()[0].draw_code
    task = bureau.approved(tags=(TAG,), count=5, flat=True)
    bureau.go(3, 2)

    draw = bureau.prepare(task)

    listed = {line.split("\t")[0] for line in draws.content(draw, "frame.tsv").decode().splitlines()}
    assert len(listed) == 39
    assert lapsed not in listed


def test_a_number_names_one_targets_licence_and_the_target_must_be_there(bureau):
    one, two = existing()[:2]
    enter(bureau, (one, licence()))
    with pytest.raises(LicenceRefused, match="已登记在另一户"):
        enter(bureau, (two, licence()))
    with pytest.raises(InvalidInput, match="名录库中没有"):
        services.import_licences(
            [("NOBODY", licence("JY777"))], source="x", actor=bureau.cast.office, now=bureau.now
        )
    with pytest.raises(LicenceRefused, match="止期早于起期"):
        services.enter_licence(
            target=one,
            entry=licence("JY778", to=dt.date(2020, 1, 1)),
            reason="换证",
            actor=bureau.cast.office,
            now=bureau.now,
        )
