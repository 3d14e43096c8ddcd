"""A directory that comes in whole: its indexes stand afterwards, and a fault takes all of it back."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from fairdraw.audit import selectors as audit
from fairdraw.demo import world
from fairdraw.kernel.actor import SYSTEM
from fairdraw.registers import services
from fairdraw.registers.models import Target, TargetChange
from fairdraw.registers.target_import import CHUNK

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)


def indexes():
    """The constraints and indexes of the directory, as the database knows them."""
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, Target._meta.db_table)


def county():
    """More targets than one chunk, without stations."""
    made = world.targets(seed="large", enterprises=CHUNK + 5, individuals=0, classed_on=NOW.date())
    return [dataclasses.replace(entry, station_code="") for entry in made]


def test_the_indexes_stand_after_a_whole_directory_came_in():
    before = indexes()

    count = services.import_targets(county(), source="演示", actor=SYSTEM, now=NOW)

    assert (count.added, Target.objects.count()) == (CHUNK + 5, CHUNK + 5)
    assert indexes() == before


def test_one_code_under_two_draw_codes_takes_all_of_it_back():
    before, entries = indexes(), county()
    twice = dataclasses.replace(entries[-1], draw_code="P000000001")

    with pytest.raises(IntegrityError):
        services.import_targets([*entries, twice], source="演示", actor=SYSTEM, now=NOW)

    assert Target.objects.count() == 0
    assert indexes() == before


def test_a_word_that_the_directory_does_not_know_takes_all_of_it_back():
    before, entries = indexes(), county()
    strange = dataclasses.replace(entries[-1], status="asleep")

    with pytest.raises(IntegrityError):
        services.import_targets([*entries[:-1], strange], source="演示", actor=SYSTEM, now=NOW)

    assert Target.objects.count() == 0
    assert indexes() == before
    with pytest.raises(IntegrityError), transaction.atomic():  # the next is looked at as ever
        services.import_targets([strange], source="演示", actor=SYSTEM, now=NOW)


def test_what_a_whole_file_changes_stands_in_the_ledger_and_in_the_log():
    entries = county()
    services.import_targets(entries, source="演示", actor=SYSTEM, now=NOW)

    changed = [
        dataclasses.replace(entry, address=f"{entry.address}之二", risk_index=Decimal("7.5"))
        for entry in entries
    ]
    count = services.import_targets(changed, source="换址", actor=SYSTEM, now=NOW)

    assert (count.added, count.changed, count.same) == (0, CHUNK + 5, 0)
    lines = TargetChange.objects.filter(reason="换址")
    assert (
        lines.filter(field="address").count()
        == lines.filter(field="risk_index", after="7.50").count()
        == CHUNK + 5
    )
    assert services.import_targets(changed, source="再来", actor=SYSTEM, now=NOW).same == CHUNK + 5
    last = audit.entries().filter(kind="targets.imported").order_by("-seq")[1]
    logged = {
        line.split(b"\t")[0].decode() for row in last.rows.all() for line in bytes(row.document).splitlines()
    }
    assert logged == {entry.draw_code for entry in entries}
