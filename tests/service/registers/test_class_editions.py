"""Editions of credit-risk classes: what differs is reported, nobody is lost silently, an old file changes nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.registers import class_editions, services
from fairdraw.registers.models import ClassEdition, CreditClass, Target
from fairdraw.registers.services import EditionRefused
from tests.builders.bureau import YEAR

FEBRUARY, MARCH = dt.date(YEAR, 2, 1), dt.date(YEAR, 3, 1)


def receive(bureau, values, *, edition, computed_on, **more):
    return services.receive_classes(
        values,
        edition=edition,
        computed_on=computed_on,
        source="省局推送",
        invented=False,
        actor=bureau.cast.office,
        now=bureau.now,
        **more,
    )


@pytest.fixture
def classes(bureau):
    """Everybody's classes as of February."""
    rows = Target.objects.exclude(credit_class="").exclude(kind="individual_business")
    values = dict(rows.values_list("draw_code", "credit_class"))
    receive(bureau, values, edition="2026-02", computed_on=FEBRUARY)
    return values


def of_class(values, letter, n=0):
    return sorted(code for code, value in values.items() if value == letter)[n]


def test_who_rose_fell_is_new_and_is_lost_is_told_and_the_rest_is_dated(bureau, classes):
    up, down, lost = of_class(classes, "A"), of_class(classes, "C"), of_class(classes, "B")
    new = of_class(classes, "B", 1)
    Target.objects.filter(draw_code=new).update(credit_class="", credit_computed_on=None)
    values = {**classes, up: "D", down: "B", new: "A"}
    del values[lost]

    receive(bureau, values, edition="2026-03", computed_on=MARCH)

    edition = class_editions.editions()[0]
    told = class_editions.difference(edition)
    assert (told.rose, told.fell, told.new, told.lost) == (1, 1, 1, 1)
    assert told.same == len(classes) - 4
    rows = {
        row.target.draw_code: (row.before, row.value, class_editions.kind_of_move(row.before, row.value))
        for row in class_editions.moved(edition)
    }
    assert rows == {
        up: ("A", "D", "rose"),
        down: ("C", "B", "fell"),
        new: ("", "A", "new"),
        lost: ("B", "", "lost"),
    }
    assert [r.target.draw_code for r in class_editions.moved(edition, kind="lost")] == [lost]
    matrix = dict(class_editions.matrix(edition))
    assert matrix["A"][3] == matrix["C"][1] == matrix["-"][0] == matrix["B"][4] == 1
    assert sum(map(sum, matrix.values())) == len(classes)
    held = dict(Target.objects.values_list("draw_code", "credit_computed_on"))
    assert held[of_class(classes, "A", 1)] == held[up] == MARCH
    # 未列入本期的保留原分类和原日期，因而会过期
    assert Target.objects.get(draw_code=lost).credit_class == "B"
    assert held[lost] == FEBRUARY


def test_one_who_is_lost_is_told_once(bureau, classes):
    lost = of_class(classes, "B")
    del classes[lost]
    receive(bureau, classes, edition="2026-03", computed_on=MARCH)
    receive(bureau, classes, edition="2026-04", computed_on=dt.date(YEAR, 4, 1))

    assert class_editions.difference(class_editions.editions()[0]).lost == 0
    assert CreditClass.objects.filter(target__draw_code=lost, value="").count() == 1


def test_individual_businesses_have_editions_of_their_own(bureau, classes):
    rows = Target.objects.filter(kind="individual_business").order_by("draw_code")[:3]
    values = {row.draw_code: "B" for row in rows}

    receive(bureau, values, edition="2026-03", computed_on=MARCH)

    (edition,) = ClassEdition.objects.filter(scheme="individual")
    assert edition.targets == 3
    # 企业没有因此成为“未列入本期”
    assert ClassEdition.objects.filter(scheme="generic").count() == 1
    assert {c.scheme for c in CreditClass.objects.filter(target__in=[r.pk for r in rows])} == {"individual"}


def test_an_older_or_a_repeated_edition_changes_nothing(bureau, classes):
    worse = {**classes, of_class(classes, "A"): "D"}
    for edition, day, said in (
        ("2026-01", dt.date(YEAR, 1, 1), "较旧，没有存入"),
        ("2026-02", FEBRUARY, "已经接收"),
    ):
        with pytest.raises(EditionRefused, match=said):
            receive(bureau, worse, edition=edition, computed_on=day)
    assert Target.objects.get(draw_code=of_class(classes, "A")).credit_class == "A"


def test_rows_may_be_computed_on_days_of_their_own(bureau, classes):
    one = of_class(classes, "A")
    receive(bureau, classes, edition="2026-03", computed_on=MARCH, days={one: dt.date(YEAR, 2, 20)})

    assert Target.objects.get(draw_code=one).credit_computed_on == dt.date(YEAR, 2, 20)
    assert Target.objects.get(draw_code=of_class(classes, "B")).credit_computed_on == MARCH
