"""
A small bureau's installation on the disk, with one draw finished and one sealed, and what may happen to it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from fairdraw.audit import selectors as audit
from fairdraw.config import keys
from fairdraw.demo import draws as demo_draws
from fairdraw.draws import services as draws
from fairdraw.kernel import clock
from tests.builders import bureau as bureaus
from tests.builders import forking, grounds


@dataclass(frozen=True)
class Held:
    """An installation's folder, laid out as the product lays it out."""

    folder: Path

    @property
    def database(self) -> Path:
        """Its SQLite file."""
        return self.folder / "fairdraw.sqlite3"

    def run(self) -> Any:
        """The product works on it while this lasts (``with``)."""
        return working_on(self)

    def files(self) -> dict[str, bytes]:
        """Every stored file by its path."""
        place = self.folder / "files"
        found = (path for path in place.glob("[0-9a-f][0-9a-f]/*/*"))
        return {str(path.relative_to(place)): path.read_bytes() for path in found}

    def root(self, entries: int) -> str:
        """The root of its log after so many entries."""
        with self.run():
            return audit.root(entries)

    def rows(self, query: str) -> list[Any]:
        """What a query finds in its database."""
        with contextlib.closing(sqlite3.connect(self.database)) as held:
            return held.execute(query).fetchall()


@contextlib.contextmanager
def working_on(held: Held) -> Iterator[Held]:
    """While this lasts, the product works on the installation in a folder."""
    held.folder.mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch, grounds.on(str(held.database)):
        patch.setattr(settings, "VAR_DIR", held.folder)
        patch.setattr(settings, "FILES_DIR", held.folder / "files")
        patch.setattr(settings, "SHARE_KEY_FILE", held.folder / "keys" / "share.key")
        patch.setattr(settings, "SHARE_KEY", keys.text_key(held.folder / "keys" / "share.key"))
        try:
            yield held
        finally:
            connections.close_all()
            clock.use(None)


def found(held: Held) -> Held:
    """Set the bureau up in a folder, draw one task and seal another."""
    held.folder.mkdir(parents=True)
    shutil.copyfile(grounds.migrated(), held.database)
    with held.run():
        bureau = bureaus.found_bureau()
        bureau.drawn()
        waiting = bureau.prepare(bureau.approved("zlg", item="ZL01"))
        draws.seal_draw(
            draw_id=waiting.pk,
            custodian=demo_draws.CUSTODIAN,
            actor=bureau.actor("zlg-jh"),
            now=bureau.now,
        )
    return held


def killed(work: Callable[[], object], at: int | None) -> int | None:
    """
    Do some work in a child process that is killed before the flush, rename or commit number *at*.

    Returns:
        How many of them there were; ``None`` where it was killed.
    """
    seen = 0

    def before(real: Callable[..., Any]) -> Callable[..., Any]:
        def acting(*args: Any, **words: Any) -> Any:
            nonlocal seen
            if seen == at:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1
            return real(*args, **words)

        return acting

    def counted() -> str:
        for name in ("fsync", "replace", "rename", "link", "unlink"):
            setattr(os, name, before(getattr(os, name)))
        connection.commit = before(connection.commit)  # type: ignore[method-assign]
        work()
        return str(seen)

    told = forking.told(counted)
    return None if told is None else int(told)


@contextlib.contextmanager
def unguarded() -> Iterator[None]:
    """An administrator of the database takes every guard away, and puts it back as it was."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            held = cursor.fetchall()
            for name, _sql in held:
                cursor.execute(f'DROP TRIGGER "{name}"')
            yield
            for _name, sql in held:
                cursor.execute(sql)
            return
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT tgisinternal AND tgenabled = 'A'"
        )
        held = cursor.fetchall()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, name in held:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"')
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, name in held:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"')
