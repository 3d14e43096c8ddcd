"""A directory that comes in whole: its indexes stand afterwards, and a fault takes all of it back."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from django.db import IntegrityError, connection

from fairdraw.demo import world
from fairdraw.kernel.actor import SYSTEM
from fairdraw.registers import services
from fairdraw.registers.models import Target
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
