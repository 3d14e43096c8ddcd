"""
Is the one-draw rule in the database? Asked at start-up and by fsck (一次抽取规则的自检).

Source: vdraw/1 §13: "let a start-up check try it".
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from django.db import IntegrityError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

PRESENT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'",
}
INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
    "postgresql": "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indisvalid",
}
LIVE = ("draw_one_live", "part_one_live")
# A trap of its own: a row that says no to its removal, and a REPLACE that would remove it.
TRAP = (
    "CREATE TEMP TABLE replace_trap (id integer PRIMARY KEY)",
    """CREATE TEMP TRIGGER replace_trap_stays BEFORE DELETE ON replace_trap
    BEGIN SELECT RAISE(ABORT, 'kept'); END""",
    "INSERT INTO replace_trap VALUES (1)",
)


def wanted(vendor: str) -> list[str]:
    """The triggers that a database of *vendor* must have."""
    drawn, received = _migration("0002_one_draw_rule"), _migration("0003_received_lists")
    rules = [*drawn.SQLITE.all(), *received.rules("IS NOT")]
    names = [name for _table, name, *_rest in rules] + ["draw_ends"]
    names += [name for _verb, name in _migration("0004_list_origins").VERBS]
    if vendor == "postgresql":
        names += [f"{table}_is_never_truncated" for table in (*drawn.GUARDED, *received.KEYS)]
    return names


def _migration(name: str) -> ModuleType:
    return import_module(f"fairdraw.draws.migrations.{name}")


def missing(using: str = "default") -> list[str]:
    """
    What keeps a task from being drawn twice and is not there.

    Returns:
        Names of triggers and indexes, and ``recursive_triggers`` where a REPLACE on a SQLite connection
        removes a row whose delete trigger refuses; empty when all is well.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor])
        present = {row[0] for row in cursor.fetchall()}
        cursor.execute(INDEXES[connection.vendor])
        present |= {row[0] for row in cursor.fetchall()}
    absent = [name for name in (*wanted(connection.vendor), *LIVE) if name not in present]
    if connection.vendor == "sqlite" and not replace_is_refused(connection):
        absent.append("recursive_triggers")
    return absent


def replace_is_refused(connection: BaseDatabaseWrapper) -> bool:
    """Whether REPLACE on this SQLite connection fires the delete trigger of the row in its way: tried out."""
    with connection.cursor() as cursor:
        try:
            for statement in TRAP:
                cursor.execute(statement)
            cursor.execute("INSERT OR REPLACE INTO replace_trap VALUES (1)")
        except IntegrityError:
            return True
        finally:
            cursor.execute("DROP TABLE IF EXISTS replace_trap")
    return False
