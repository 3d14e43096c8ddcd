"""
Backup of a SQLite installation (备份), with proof that nothing was lost.

It is one moment of the database, taken while it is in use, with every file that it names. The file has its name
only when it is whole, on the disk and read again; a backup that was killed leaves nothing but a draft, which the
next one to that folder removes.

Source: reliability.md T-B1, T-B3.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

import fairdraw
from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Installation
from fairdraw.audit import selectors as audit
from fairdraw.audit import services as log
from fairdraw.desk import services as desk
from fairdraw.files import shelf
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.canonical import JSON
from fairdraw.kernel.errors import FairdrawError, InvalidInput
from fairdraw.operations import archive, holding
from fairdraw.operations.archive import BadBackup, Manifest

Report = Callable[[str, float], None]
LOCK = "backup.lock"


class OnlySqlite(FairdrawError):
    """The installation's database has its own tools."""

    code = "operations.only-sqlite"
    exit_status = 2


class OneAtATime(FairdrawError):
    """A backup of this installation is being written."""

    code = "operations.one-backup-at-a-time"


def database() -> Path:
    """
    The SQLite file of this installation.

    Raises:
        OnlySqlite: Its database is another one.
    """
    if connection.vendor != "sqlite":
        raise OnlySqlite(_("这里只备份 SQLite 安装；PostgreSQL 请用 pg_dump，并同时备份文件目录和密钥目录"))
    return Path(connection.settings_dict["NAME"])


def back_up(target: Path, *, actor: Actor, now: dt.datetime, report: Report) -> tuple[Manifest, str]:
    """
    Write a backup of this installation to *target* (备份), read it again, and log its hash.

    Returns:
        The manifest, and the SHA-256 of the file.

    Raises:
        InvalidInput: *target* exists already, or cannot be written.
        BadBackup: A stored file is not what its name says: run fsck.
        OneAtATime: Another backup of this installation is being written.
    """
    source = database()
    if target.exists():
        raise InvalidInput(_("%(path)s 已存在，备份不覆盖旧文件，请换一个名字") % {"path": target})
    try:
        with holding.held(LOCK, OneAtATime(_("这个安装正在备份，请等它完成"))):
            manifest, whole = _written(source, target, now=now, report=report)
    except (OSError, sqlite3.OperationalError) as error:
        words = {"path": target, "reason": getattr(error, "strerror", None) or error}
        raise InvalidInput(_("不能备份到 %(path)s：%(reason)s") % words) from error
    with transaction.atomic():
        body: dict[str, JSON] = {"sha256": whole, "entries": manifest.entries}
        log.record("backup.made", actor=actor, at=now, body=body)
    return manifest, whole


def _written(source: Path, target: Path, *, now: dt.datetime, report: Report) -> tuple[Manifest, str]:
    """Write and read again beside *target*; the name comes last."""
    with _workplace(target.parent) as folder:
        copy, draft = folder / archive.DATABASE, folder / "draft"
        report(_("备份数据库"), 0.0)
        _copy(source, copy)
        entries, digests = content(copy)
        manifest = archive.write(draft, _members(copy, digests, report), _facts(entries, now))
        archive.verify(draft, manifest, lambda share: report(_("核对备份"), share))
        whole = archive.digest(draft)
        draft.rename(target)
        shelf.flush(target.parent)
    return manifest, whole


@contextlib.contextmanager
def _workplace(parent: Path) -> Iterator[Path]:
    """An empty folder for what is not finished, which goes whatever happens; a killed one goes at the next time."""
    folder = parent / f".backup-{_installed().org}"
    parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _facts(entries: int, now: dt.datetime) -> dict[str, object]:
    held = _installed()
    return {
        "org": held.org,
        "name": held.name,
        "made_at": now.isoformat(timespec="seconds"),
        "program": fairdraw.__version__,
        "entries": entries,
        "root": audit.root(entries),
        "log_key": audit.verifier_key(desk.origin()),
    }


def _installed() -> Installation:
    held = accounts.installation()
    assert held is not None
    return held


def _copy(source: Path, target: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(source, timeout=60)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")  # one file, no log beside it


def content(copy: Path) -> tuple[int, list[str]]:
    """How many entries the log in a database has, and which files it names."""
    with contextlib.closing(sqlite3.connect(copy)) as held:
        (entries,) = held.execute("SELECT COALESCE(MAX(seq) + 1, 0) FROM audit_logentry").fetchone()
        names = [row[0] for row in held.execute("SELECT sha256 FROM files_storedfile ORDER BY sha256")]
    return int(entries), names


def _members(copy: Path, digests: list[str], report: Report) -> Iterator[tuple[str, Path]]:
    yield archive.DATABASE, copy
    for number, digest in enumerate(digests):
        if number % 50 == 0:
            report(_("备份文件"), number / len(digests))
        place = shelf.place(digest)
        if not place.exists():
            raise BadBackup(_("文件 %(name)s 不在，不能备份；请先运行 fairdraw fsck") % {"name": digest})
        yield f"files/{digest[:2]}/{digest[2:4]}/{digest}", place
