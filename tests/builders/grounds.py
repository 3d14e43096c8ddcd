"""
Databases of their own for tests: a small world built once for the run, and copies for those that really commit.

What is sealed is never deleted, so a test of draws could not clean up after itself; each gets a copy and leaves it.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS as DEFAULT
from django.db import connection, connections, transaction

from tests import restoring

_numbers = itertools.count(1)
World = TypeVar("World")


@dataclass(frozen=True)
class Ground(Generic[World]):
    """A small world (县局、县) and the database that holds it."""

    world: World
    database: str

    @contextlib.contextmanager
    def stood_on(self) -> Iterator[World]:
        """While this lasts, the product works there in a transaction that is taken back at the end."""
        with on(self.database), transaction.atomic():
            yield self.world
            transaction.set_rollback(True)


@contextlib.contextmanager
def built(label: str, build: Callable[[], World]) -> Iterator[Ground[World]]:
    """Build a world in a database of its own, which is gone when this ends."""
    database = copy(migrated(), label)
    try:
        with on(database):
            world = build()
        yield Ground(world, database)
    finally:
        drop(database)


def migrated() -> str:
    """The name of the database as the migrations left it, to which nobody is connected."""
    name = str(connection.settings_dict["NAME"])
    return f"{name}.migrated" if connection.vendor == "sqlite" else f"{name}_migrated"


def copy(template: str, label: str) -> str:
    """Make a database of its own, equal to *template*; gives its name."""
    number = next(_numbers)
    if connection.vendor == "sqlite":
        target = str(Path(settings.VAR_DIR) / f"{label}-{number}.sqlite3")
        restoring.replace(template, target)
        return target
    target = f"ground_{os.getpid()}_{label}_{number}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{template}"')
    return target


def drop(name: str) -> None:
    """Remove a database made by :func:`copy`."""
    if connection.vendor == "sqlite":
        for path in Path(name).parent.glob(f"{Path(name).name}*"):
            path.unlink()
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def on(name: str) -> Iterator[None]:
    """While this lasts, the product works on the database *name*, this thread and those that it starts."""
    before = connections[DEFAULT]
    old, before.settings_dict["NAME"] = before.settings_dict["NAME"], name
    connections[DEFAULT] = fresh = connections.create_connection(DEFAULT)
    try:
        yield
    finally:
        fresh.close()
        connections[DEFAULT] = before
        before.settings_dict["NAME"] = old
