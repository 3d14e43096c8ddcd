"""
Backup and restore of a SQLite installation (备份、恢复), with proof that nothing was lost.

The backup is one moment of the database, taken while it is in use, with every file that it names. A restore reads
the whole backup before it touches anything, puts what was there aside, and is an event of the log.

Source: reliability.md T-B1, T-B3.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils.translation import gettext as _

import fairdraw
from fairdraw.accounts import selectors as accounts
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
from fairdraw.operations import archive
from fairdraw.operations.archive import BadBackup, Manifest

Report = Callable[[str, float], None]
OVER = [state.value for state in (*ENDED, *FINISHED)]


class OnlySqlite(FairdrawError):
    """The installation's database has its own tools."""

    code = "operations.only-sqlite"
    exit_status = 2


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


def _database() -> Path:
    if connection.vendor != "sqlite":
        raise OnlySqlite(_("这里只备份 SQLite 安装；PostgreSQL 请用 pg_dump，并同时备份文件目录和密钥目录"))
    return Path(connection.settings_dict["NAME"])


def back_up(target: Path, *, actor: Actor, now: dt.datetime, report: Report) -> tuple[Manifest, str]:
    """
    Write a backup of this installation to *target* (备份), read it again, and log its hash.

    Returns:
        The manifest, and the SHA-256 of the file.

    Raises:
        InvalidInput: *target* exists already.
        BadBackup: A stored file is not what its name says: run fsck.
    """
    source = _database()
    if target.exists():
        raise InvalidInput(_("%(path)s 已存在，备份不覆盖旧文件，请换一个名字") % {"path": target})
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        copy = Path(folder) / archive.DATABASE
        report(_("备份数据库"), 0.0)
        _copy(source, copy)
        entries, digests = _content(copy)
        held = accounts.installation()
        assert held is not None
        facts = {
            "org": held.org,
            "name": held.name,
            "made_at": now.isoformat(timespec="seconds"),
            "program": fairdraw.__version__,
            "entries": entries,
            "root": audit.root(entries),
            "log_key": _log_key(),
        }
        files = _members(copy, digests, report)
        manifest, whole = archive.write(target, files, facts)
    try:
        archive.verify(target, manifest, lambda share: report(_("核对备份"), share))
    except BadBackup:
        target.unlink()
        raise
    with transaction.atomic():
        log.record("backup.made", actor=actor, at=now, body={"sha256": whole, "entries": entries})
    return manifest, whole


def _copy(source: Path, target: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(source, timeout=60)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")  # one file, no log beside it


def _content(copy: Path) -> tuple[int, list[str]]:
    """How many entries the copied log has, and which files it names."""
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


def _log_key() -> str:
    return audit.verifier_key(desk.origin())


def restore(source: Path, *, replace: bool, actor: Actor, now: dt.datetime, report: Report) -> Restored:
    """
    Put a backup in the place of this installation (恢复).

    Args:
        source: The backup.
        replace: Put the installation that is there aside; without it, one that is there is refused.
        actor: Who does it.
        now: When.
        report: Told how far it is.

    Raises:
        BadBackup: The file is damaged; nothing was touched.
        InTheWay: There is an installation, and nobody said that it may go.
    """
    database = _database()
    if not source.is_file():
        raise InvalidInput(_("没有这个文件：%(path)s") % {"path": source})
    if database.exists() and not replace and _holds_installation(database):
        raise InTheWay(
            _("这里已有安装，恢复会取代它；确定要取代请加 --replace（原有内容会移到一旁，不删除）")
        )
    manifest = archive.read_manifest(source)
    folder = Path(settings.VAR_DIR)
    with tempfile.TemporaryDirectory(dir=folder, prefix="restoring-") as draft:
        archive.unpack(source, manifest, Path(draft), lambda share: report(_("核对备份"), share))
        _require_whole(Path(draft) / archive.DATABASE, manifest)
        connections.close_all()
        aside = _put_aside(database, folder / f"replaced-{now:%Y%m%d-%H%M%S}")
        (Path(draft) / archive.DATABASE).replace(database)
        if (Path(draft) / "files").exists():
            (Path(draft) / "files").replace(settings.FILES_DIR)
    report(_("核对日志"), 0.0)
    call_command("migrate", verbosity=0)
    cautions = _cautions(manifest)
    body: dict[str, JSON] = {
        "sha256": archive.digest(source),
        "entries": manifest.entries,
        "head": manifest.root,
    }
    with transaction.atomic():
        log.record("installation.restored", actor=actor, at=now, body=body)
    return Restored(manifest, aside, cautions)


def _holds_installation(database: Path) -> bool:
    with contextlib.closing(sqlite3.connect(database)) as held:
        try:
            return held.execute("SELECT 1 FROM accounts_installation").fetchone() is not None
        except sqlite3.OperationalError:
            return False


def _require_whole(copy: Path, manifest: Manifest) -> None:
    """Refuse a database that is damaged, or has not the log that the manifest states."""
    with contextlib.closing(sqlite3.connect(copy)) as held:
        (verdict,) = held.execute("PRAGMA integrity_check").fetchone()
        last = held.execute("SELECT seq + 1 FROM audit_logentry ORDER BY seq DESC LIMIT 1").fetchone()
    if verdict != "ok" or (last or (0,))[0] != manifest.entries:
        raise BadBackup(_("备份中的数据库不完整，没有恢复"))
    names = {member.sha256 for member in manifest.members if member.name != archive.DATABASE}
    if set(_content(copy)[1]) != names:
        raise BadBackup(_("备份中的文件不齐全，没有恢复"))


def _put_aside(database: Path, aside: Path) -> Path | None:
    """Move what is there into a folder of its own; ``None`` where nothing was there."""
    held = [database.with_name(database.name + end) for end in ("", "-wal", "-shm")]
    held = [path for path in (*held, Path(settings.FILES_DIR)) if path.exists()]
    if not held:
        return None
    aside.mkdir(mode=0o700)
    for path in held:
        shutil.move(path, aside / path.name)
    return aside


def _cautions(manifest: Manifest) -> tuple[str, ...]:
    """What the backup does not bring along, and what the log says of itself."""
    found = [problem.message for problem in verify_log(limit=3)]
    if audit.root(manifest.entries) != manifest.root:
        found.append(_("日志的根与备份清单不同"))
    if not keys.log_key_file().exists() or manifest.log_key != _log_key():
        found.append(_("日志密钥不是原来的，请恢复密钥目录；否则此后的存证点由新密钥签名"))
    lost = 0
    for secret in DrawSecret.objects.exclude(draw__state__in=OVER).select_related("draw"):
        try:
            vault.unlock(bytes(secret.ciphertext), draw=secret.draw.pk)
        except InvalidTag:
            lost += 1
    if lost:
        found.append(_("%(count)s 次未完成的抽取需要原来的密钥，请恢复密钥目录") % {"count": lost})
    return tuple(found)
