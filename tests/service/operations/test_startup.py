"""What keeps the product from being served is said in a sentence each (启动检查; T-K8)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import clear_url_caches, path

from fairdraw.audit import guards as log_guards
from fairdraw.draws import guards as draw_guards
from fairdraw.operations import startup
from tests.builders import grounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def _django_db_helper(django_db_setup: None) -> None:
    """Put no transaction around a test here: SQLite lets no setting be changed in one."""


@pytest.fixture(autouse=True)
def own_database(_django_db_helper: None, django_db_blocker: Any) -> Iterator[None]:
    """Give the test a database that it may spoil."""
    with django_db_blocker.unblock():
        database = grounds.copy(grounds.migrated(), "startup")
        with grounds.on(database):
            yield
        grounds.drop(database)


def execute(statement: str) -> None:
    """Do something to the database as its administrator."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_address_that_says_not_who_may_open_it_is_named(settings: Any, monkeypatch: pytest.MonkeyPatch):
    assert startup.door_faults() == []
    planted = ModuleType("planted_addresses")
    planted.__dict__["urlpatterns"] = [path("planted/", lambda request: HttpResponse())]
    monkeypatch.setitem(sys.modules, planted.__name__, planted)
    settings.ROOT_URLCONF = planted.__name__
    clear_url_caches()

    assert startup.door_faults() == ["地址 planted/ 没有声明谁可以打开"]


@pytest.mark.only_sqlite
def test_the_product_opens_sqlite_as_it_must_be():
    assert startup.faults() == []


@pytest.mark.only_sqlite
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("journal_mode", "DELETE", "数据库设置 journal_mode 为 delete，须为 wal"),
        ("synchronous", "NORMAL", "数据库设置 synchronous 为 1，须为 2、3"),
        ("synchronous", "OFF", "数据库设置 synchronous 为 0，须为 2、3"),
        ("foreign_keys", "OFF", "数据库设置 foreign_keys 为 0，须为 1"),
        ("recursive_triggers", "OFF", "数据库设置 recursive_triggers 为 0，须为 1"),
    ],
)
def test_a_sqlite_that_could_lose_what_it_confirmed_is_refused(name: str, value: str, said: str):
    execute(f"PRAGMA {name}={value}")

    assert startup.database_faults() == [said]


@pytest.mark.only_sqlite
def test_without_recursive_triggers_the_guards_are_not_whole():
    execute("PRAGMA recursive_triggers=OFF")

    assert "数据库缺少守护规则 recursive_triggers" in startup.guard_faults()


@pytest.mark.only_postgresql
def test_a_postgresql_that_could_lose_what_it_confirmed_is_refused():
    # the server of the tests is quick and careless
    assert startup.database_faults() == [
        "数据库设置 fsync 为 off，须为 on",
        "数据库设置 synchronous_commit 为 off，须为 on、local、remote_write、remote_apply",
        "数据库设置 full_page_writes 为 off，须为 on",
    ]
    for value in startup.POSTGRESQL["synchronous_commit"]:
        execute(f"SET synchronous_commit = {value}")

        assert not any("synchronous_commit" in fault for fault in startup.database_faults())


@pytest.mark.only_postgresql
def test_a_postgresql_that_is_too_old_is_refused(monkeypatch: pytest.MonkeyPatch):
    assert not any("版本" in fault for fault in startup.database_faults())
    monkeypatch.setattr(startup, "OLDEST_POSTGRESQL", 990000)

    assert "PostgreSQL 版本过低，须为14或更高" in startup.database_faults()


def triggers() -> list[tuple[str, str]]:
    """Every guard that is a trigger, with its table."""
    of = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": (
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled = 'A'"
        ),
    }
    with connection.cursor() as cursor:
        cursor.execute(of[connection.vendor])
        held = cursor.fetchall()
    wanted = {
        *draw_guards.wanted(connection.vendor),
        *(
            f"{table}_{name}"
            for table in log_guards.TABLES
            for name in log_guards.TRIGGERS[connection.vendor]
        ),
    }
    return [(name, table) for name, table in held if name in wanted]


def test_every_guard_that_is_taken_away_is_named():
    assert startup.guard_faults() == []
    held = triggers()
    assert len(held) > 10
    for name, table in held:
        on = "" if connection.vendor == "sqlite" else f" ON {table}"
        with transaction.atomic():
            execute(f"DROP TRIGGER {name}{on}")

            assert f"数据库缺少守护规则 {name}" in startup.guard_faults()
            transaction.set_rollback(True)
    assert startup.guard_faults() == []


@pytest.mark.only_postgresql
def test_a_guard_that_is_only_put_to_sleep_is_named_too():
    name, table = triggers()[0]
    execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")

    assert f"数据库缺少守护规则 {name}" in startup.guard_faults()
