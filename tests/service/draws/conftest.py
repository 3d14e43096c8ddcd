"""The small county in a database of its own, for one test each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from tests.builders import grounds
from tests.builders.county import County
from tests.builders.grounds import Ground
from tests.service.draws import scenes, walking
from tests.service.draws.hands import Hand
from tests.service.draws.scenes import Scene


@pytest.fixture
def _django_db_helper(django_db_setup: None) -> None:
    """Put no transaction around a test here: it would hold the write lock that hands and threads wait for."""


@pytest.fixture(scope="session")
def founded(county_ground: Ground[County], django_db_blocker: Any) -> Iterator[Ground[County]]:
    """The small county with a dozen more tasks that wait for their draw, founded once."""
    with django_db_blocker.unblock():
        database = grounds.copy(county_ground.database, "founded")
        made = own(county_ground.world)
        with grounds.on(database):
            walking.more_tasks(made)
        yield Ground(made, database)
        grounds.drop(database)


@pytest.fixture(scope="session")
def shared(founded: Ground[County], django_db_blocker: Any) -> Iterator[str]:
    """A copy of the county for all tests that take back what they did."""
    with django_db_blocker.unblock():
        database = grounds.copy(founded.database, "shared")
        yield database
        grounds.drop(database)


@pytest.fixture
def ground(founded: Ground[County], shared: str, django_db_blocker: Any) -> Iterator[County]:
    """The small county, in a transaction that is taken back when the test ends."""
    with django_db_blocker.unblock(), grounds.on(shared), transaction.atomic():
        yield own(founded.world)
        connection.check_constraints()
        transaction.set_rollback(True)


@pytest.fixture
def ground_alone(founded: Ground[County], django_db_blocker: Any) -> Iterator[County]:
    """The small county in a copy that is this test's alone, for those that really commit."""
    with django_db_blocker.unblock():
        database = grounds.copy(founded.database, "ground")
        try:
            with grounds.on(database):
                yield own(founded.world)
        finally:
            grounds.drop(database)


def own(county: County) -> County:
    """The county with a list of tasks that this test may add to."""
    return dataclasses.replace(county, tasks=dict(county.tasks))


@pytest.fixture
def bare_ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database as the migrations left it, that nobody has installed anything in."""
    with django_db_blocker.unblock():
        database = grounds.copy(grounds.migrated(), "bare")
        try:
            with grounds.on(database):
                yield
        finally:
            grounds.drop(database)


@pytest.fixture(scope="module")
def scene(founded: Ground[County], django_db_blocker: Any) -> Iterator[Scene]:
    """One draw in each state, walked to through the services."""
    with django_db_blocker.unblock():
        database = grounds.copy(founded.database, "scene")
        try:
            with grounds.on(database):
                yield Scene(scenes.walked(founded.world))
        finally:
            grounds.drop(database)


@pytest.fixture(params=("careful", "bare"))
def hand(request: pytest.FixtureRequest, scene: Scene) -> Iterator[Hand]:
    """A hand, and afterwards the proof that it has changed nothing."""
    held = Hand(request.param)
    before = held.dump()
    try:
        yield held
        assert held.dump() == before
    finally:
        held.close()
