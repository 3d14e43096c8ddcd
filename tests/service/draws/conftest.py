"""The small county in a database of its own, for one test each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction

from tests.builders import county
from tests.builders.county import County
from tests.service.draws import grounds, scenes, walking
from tests.service.draws.hands import Hand
from tests.service.draws.scenes import Scene


@dataclass(frozen=True)
class Founded:
    """The county and the database that holds it, to be copied."""

    county: County
    database: str


@pytest.fixture
def _django_db_helper(django_db_setup: None) -> None:
    """Put no transaction around a test here: it would hold the write lock that hands and threads wait for."""


@pytest.fixture(scope="session")
def founded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Founded]:
    """The small county with a dozen more tasks that wait for their draw, founded once."""
    with django_db_blocker.unblock():
        database = grounds.copy(grounds.migrated(), "founded")
        with grounds.on(database):
            made = county.build()
            walking.more_tasks(made)
        yield Founded(made, database)
        grounds.drop(database)


@pytest.fixture(scope="session")
def shared(founded: Founded, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the county for all tests that take back what they did."""
    with django_db_blocker.unblock():
        database = grounds.copy(founded.database, "shared")
        yield database
        grounds.drop(database)


@pytest.fixture
def ground(founded: Founded, shared: str, django_db_blocker: Any) -> Iterator[County]:
    """The small county, in a transaction that is taken back when the test ends."""
    with django_db_blocker.unblock(), grounds.on(shared), transaction.atomic():
        yield own(founded.county)
        connection.check_constraints()
        transaction.set_rollback(True)


@pytest.fixture
def ground_alone(founded: Founded, django_db_blocker: Any) -> Iterator[County]:
    """The small county in a copy that is this test's alone, for those that really commit."""
    with django_db_blocker.unblock():
        database = grounds.copy(founded.database, "ground")
        try:
            with grounds.on(database):
                yield own(founded.county)
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
def scene(founded: Founded, django_db_blocker: Any) -> Iterator[Scene]:
    """One draw in each state, walked to through the services."""
    with django_db_blocker.unblock():
        database = grounds.copy(founded.database, "scene")
        try:
            with grounds.on(database):
                yield Scene(scenes.walked(founded.county))
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
