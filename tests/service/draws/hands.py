"""
Hands that reach into the database past the product: raw statements, with every protection off that they can lift.

On SQLite a bare connection has neither ``recursive_triggers`` nor ``foreign_keys``, as the command line shell
has it. On PostgreSQL the owner's connection plays a replica, which lifts ordinary triggers and foreign keys.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection

REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError, psycopg.errors.RaiseException)
GUARDED = (
    *("accounts_installation", "draw", "draw_part", "draws_drawfile", "draws_drawsecret", "draws_drawsource"),
    *("draws_drawnlist", "draws_drawnrow", "draws_drawnteam", "draws_receivedrow", "draws_returnedrow"),
)


def verbs() -> list[str]:
    """The ways to insert a row, those included that would take away what stands in its way."""
    return ["INSERT"] + (["INSERT OR REPLACE", "REPLACE"] if connection.vendor == "sqlite" else [])


class Hand:
    """A connection to the database of the test, and what it can lift."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        name = str(connection.settings_dict["NAME"])
        self.raw: Any
        if connection.vendor == "sqlite":
            self.raw = sqlite3.connect(name, isolation_level=None)
            if kind == "careful":
                for pragma in ("foreign_keys", "recursive_triggers"):
                    self.raw.execute(f"PRAGMA {pragma}=ON")
        else:
            options = connection.get_connection_params()
            asked = {key: options[key] for key in ("host", "user", "port") if options.get(key)}
            self.raw = psycopg.connect(dbname=name, autocommit=True, **asked)
            if kind == "bare":
                self.raw.execute("SET session_replication_role = replica")

    def columns(self, table: str) -> list[str]:
        """The columns of *table*, in its order."""
        return [column[0] for column in self.raw.execute(f"SELECT * FROM {table} LIMIT 0").description]

    def row(self, table: str, where: str) -> dict[str, Any]:
        """One row of *table*."""
        found = self.raw.execute(f"SELECT * FROM {table} WHERE {where} LIMIT 1").fetchone()
        assert found is not None, (table, where)
        return dict(zip(self.columns(table), found, strict=True))

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run one statement in a transaction and commit it; errors of the database go through."""
        mark = "?" if connection.vendor == "sqlite" else "%s"
        self.raw.execute("BEGIN")
        try:
            self.raw.execute(statement.replace("{}", mark), tuple(values))
            self.raw.execute("COMMIT")
        except (sqlite3.Error, psycopg.Error):
            self.raw.execute("ROLLBACK")
            raise

    def insert(self, table: str, row: dict[str, Any], *, verb: str = "INSERT", after: str = "") -> None:
        """Insert a row."""
        names = ", ".join(f'"{name}"' if name == "draw" else name for name in row)
        marks = ", ".join("{}" for _name in row)
        self.run(f"{verb} INTO {table} ({names}) VALUES ({marks}) {after}", list(row.values()))

    def dump(self) -> dict[str, list[str]]:
        """Everything that the one-draw rule guards."""
        return {t: sorted(map(repr, self.raw.execute(f"SELECT * FROM {t}").fetchall())) for t in GUARDED}

    def close(self) -> None:
        """Let go."""
        self.raw.close()
