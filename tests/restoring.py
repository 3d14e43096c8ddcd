"""
The test database put back as the migrations left it, after a test that really commits.

Django would empty every table instead. That fails here twice: the database itself refuses to delete what is
append-only, and the rows that migrations carry (rules and calendars) would be gone for the tests that follow.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase


def of_sqlite() -> Callable[[], None]:
    """Copy the SQLite database; returns what copies it back."""
    name = connection.settings_dict["NAME"]
    copy = f"{name}.migrated"
    Path(copy).unlink(missing_ok=True)
    replace(name, copy)

    def restore() -> None:
        connection.close()
        replace(copy, name)

    return restore


def replace(source: str, target: str) -> None:
    """Make the SQLite file *target* equal *source*, through SQLite, so that open readers are not cheated."""
    with (
        contextlib.closing(sqlite3.connect(source)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def of_postgresql() -> Callable[[], None]:
    """Copy the PostgreSQL database; returns what copies it back."""
    name = connection.settings_dict["NAME"]
    copy = f"{name}_migrated"

    def remake(target: str, template: str) -> None:
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s)",
                [[target, template]],
            )
            cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{template}"')

    remake(copy, name)
    return lambda: remake(name, copy)


@contextlib.contextmanager
def remembered() -> Iterator[None]:
    """While this lasts, every test that commits ends with the database as it is now."""
    restore = of_sqlite() if connection.vendor == "sqlite" else of_postgresql()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: restore())
        yield
    if connection.vendor == "postgresql":
        name = f"{connection.settings_dict['NAME']}_migrated"
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
