"""
A backup in the place of a SQLite installation (恢复): all of it, or nothing.

Everything is made ready beside the installation: the backup is read whole, the database is brought to this
version and gets its entry of the log, what was there is kept a second time. Then one file is renamed. Killed
before that, the old installation is untouched; killed after it, the new one is whole.

Source: reliability.md T-B1, T-B3.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from fairdraw.audit import keys
from fairdraw.audit import selectors as audit
from fairdraw.audit import services as log
from fairdraw.audit.verify import verify_log
from fairdraw.desk import services as desk
from fairdraw.draws import vault
from fairdraw.draws.models import DrawSecret
from fairdraw.draws.states import ENDED, FINISHED
from fairdraw.files import shelf
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.canonical import JSON
from fairdraw.kernel.errors import FairdrawError, InvalidInput
from fairdraw.operations import archive, backups, practice_clock
from fairdraw.operations.archive import BadBackup, Manifest
from fairdraw.operations.backups import Report

OVER = [state.value for state in (*ENDED, *FINISHED)]
DRAFT = "restoring"
SECONDS_TO_WAIT = 20.0


class InTheWay(FairdrawError):
    """There is an installation where the backup is to go."""

    code = "operations.in-the-way"
    exit_status = 2


@dataclass(frozen=True)
class Restored:
    """What was restored, where the old one lies, and what a person must still do."""

    manifest: Manifest
    aside: Path | None
    cautions: tuple[str, ...]


def restore(
    source: Path, *, replace: bool, actor: Actor, now: Callable[[], dt.datetime], report: Report
) -> Restored:
    """
    Put a backup in the place of this installation (恢复); nobody else may be working on it.

    Args:
        source: The backup.
        replace: Put the installation that is there aside; without it, one that is there is refused.
        actor: Who does it.
        now: The time; asked when the clock is that of the installation in the backup.
        report: Told how far it is.

    Raises:
        BadBackup: The file is damaged; nothing was touched.
        InTheWay: There is another installation, or nobody said that it may go, or it is in use.
    """
    database = backups.database()
    if not source.is_file():
        raise InvalidInput(_("没有这个文件：%(path)s") % {"path": source})
    manifest = archive.read_manifest(source)
    _require_place(database, manifest, replace=replace)
    try:
        with _draft() as draft:
            cautions = _made_ready(source, manifest, draft, actor=actor, now=now, report=report)
            aside = _put_aside(database, draft / "aside")
            _put_files(draft / "files")
            (draft / archive.DATABASE).replace(database)
            shelf.flush(database.parent)
    except OSError as error:
        raise InvalidInput(_("不能恢复：%(reason)s") % {"reason": error}) from error
    return Restored(manifest, aside, cautions)


def _made_ready(
    source: Path,
    manifest: Manifest,
    draft: Path,
    *,
    actor: Actor,
    now: Callable[[], dt.datetime],
    report: Report,
) -> tuple[str, ...]:
    """Unpack the backup into *draft* and make its database what will be served; what a person must be told."""
    archive.unpack(source, manifest, draft, lambda share: report(_("核对备份"), share))
    ready = draft / archive.DATABASE
    _require_whole(ready, manifest)
    report(_("核对日志"), 0.0)
    body: dict[str, JSON] = {
        "sha256": archive.digest(source),
        "entries": manifest.entries,
        "head": manifest.root,
    }
    with _connected_to(ready):
        return _brought_up(manifest, body, actor=actor, now=now)


def _require_place(database: Path, manifest: Manifest, *, replace: bool) -> None:
    held = _org(database)
    if held is None:
        return
    if held not in {"", manifest.org}:
        words = {"held": held, "org": manifest.org}
        raise InTheWay(
            _("这里的安装是 %(held)s，备份是 %(org)s 的，不能互相取代；请用 FAIRDRAW_VAR 指定另一个目录")
            % words
        )
    if not replace:
        raise InTheWay(
            _("这里已有安装，恢复会取代它；确定要取代请加 --replace（原有内容会移到一旁，不删除）")
        )


def _org(database: Path) -> str | None:
    """Whose installation is there: ``None`` where there is none, empty where that cannot be read any more."""
    if not database.exists():
        return None
    with contextlib.closing(sqlite3.connect(database)) as held:
        try:
            row = held.execute("SELECT org FROM accounts_installation").fetchone()
        except sqlite3.DatabaseError as error:
            return None if "no such table" in str(error) else ""
    return None if row is None else str(row[0])


@contextlib.contextmanager
def _draft() -> Iterator[Path]:
    """An empty folder in the installation's, which goes whatever happens; a killed one goes at the next time."""
    folder = Path(settings.VAR_DIR) / DRAFT
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _require_whole(copy: Path, manifest: Manifest) -> None:
    """Refuse a database that is damaged, or has not the log and the files that the manifest states."""
    try:
        with contextlib.closing(sqlite3.connect(copy)) as held:
            (verdict,) = held.execute("PRAGMA integrity_check").fetchone()
        entries, files = backups.content(copy)
    except sqlite3.DatabaseError as error:
        raise BadBackup(_("备份中的数据库不完整，没有恢复")) from error
    if verdict != "ok" or entries != manifest.entries:
        raise BadBackup(_("备份中的数据库不完整，没有恢复"))
    if set(files) != {member.sha256 for member in manifest.members if member.name != archive.DATABASE}:
        raise BadBackup(_("备份中的文件不齐全，没有恢复"))


@contextlib.contextmanager
def _connected_to(database: Path) -> Iterator[None]:
    """While this lasts, the product works on another SQLite file; afterwards all of it is in that one file."""
    usual = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = str(database)
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = usual
    with contextlib.closing(sqlite3.connect(database)) as held:
        held.execute("PRAGMA journal_mode=DELETE")


def _brought_up(
    manifest: Manifest, body: dict[str, JSON], *, actor: Actor, now: Callable[[], dt.datetime]
) -> tuple[str, ...]:
    """Bring the connected database to this version and log that it was restored; what a person must be told."""
    loader = MigrationLoader(connection)
    if loader.applied_migrations.keys() - (loader.disk_migrations or {}).keys():
        words = {"program": manifest.program}
        raise BadBackup(_("备份是较新版本（%(program)s）的，请用那一版恢复") % words)
    call_command("migrate", verbosity=0)
    cautions = _cautions(manifest)
    practice_clock.stop()
    practice_clock.follow()
    with transaction.atomic():
        log.record("installation.restored", actor=actor, at=now(), body=body)
    return cautions


def _cautions(manifest: Manifest) -> tuple[str, ...]:
    """What the backup does not bring along, and what the log says of itself."""
    found = [problem.message for problem in verify_log(limit=3)]
    if audit.root(manifest.entries) != manifest.root:
        found.append(_("日志的根与备份清单不同"))
    if not keys.log_key_file().exists() or manifest.log_key != audit.verifier_key(desk.origin()):
        found.append(_("日志密钥不是原来的，请恢复密钥目录；否则此后的存证点由新密钥签名"))
    lost = 0
    for secret in DrawSecret.objects.exclude(draw__state__in=OVER).select_related("draw"):
        try:
            vault.unlock(bytes(secret.ciphertext), draw=secret.draw.pk)
        except vault.SecretLost:
            lost += 1
    if lost:
        found.append(_("%(count)s 次未完成的抽取需要原来的密钥，请恢复密钥目录") % {"count": lost})
    return tuple(found)


def _put_aside(database: Path, draft: Path) -> Path | None:
    """Keep what is there a second time, in a folder of its own; ``None`` where nothing was there."""
    files = Path(settings.FILES_DIR)
    if not database.exists() and not files.exists():
        return None
    draft.mkdir(mode=0o700)
    wal, shm = (database.with_name(database.name + end) for end in ("-wal", "-shm"))
    for path in (database, wal):
        if path.exists():
            _link(path, draft / path.name)
    _make_one_file(database)
    if files.exists():
        shutil.copytree(files, draft / files.name, copy_function=_link)
    base = f"replaced-{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}"
    names = (base if n == 0 else f"{base}-{n}" for n in count())
    aside = next(path for path in (draft.parents[1] / name for name in names) if not path.exists())
    draft.rename(aside)
    for path in (wal, shm):  # where it could not be opened: they must not be taken for the new one's
        path.unlink(missing_ok=True)
    return aside


def _make_one_file(database: Path) -> None:
    """Bring what lies in SQLite's log into the database itself, where it can be opened at all."""
    if not database.exists():
        return
    with contextlib.closing(sqlite3.connect(database, timeout=SECONDS_TO_WAIT)) as held:
        try:
            held.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise InTheWay(_("数据库正被其他命令使用，请等它们结束再恢复")) from error


def _link(source: str | Path, target: str | Path) -> None:
    """Give a file a second name; a copy where the disk knows no second names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _put_files(ready: Path) -> None:
    """Put files under their hashes; those of the old installation stay until they are swept."""
    folders = set()
    for path in sorted(ready.glob("*/*/*")):
        place = Path(settings.FILES_DIR) / path.relative_to(ready)
        for folder in reversed([place.parent, *place.parents[1:3]]):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folders.add(folder)
        path.replace(place)
    for folder in folders:
        shelf.flush(folder)
