"""
The backup as a file (备份文件): a zip of the database, every stored file, and a manifest with their hashes.

Keys are never in it: who has a backup can neither sign the log nor open a share before its time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from fairdraw.kernel.errors import InvalidInput

FORMAT, VERSION = "fairdraw.backup", 1
MANIFEST, DATABASE = "manifest.json", "database.sqlite3"
STORED = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})")
PIECE = 1 << 20
Report = Callable[[float], None]
#: What reading a zip raises where one of its bytes is not what it was.
DAMAGED = (EOFError, KeyError, OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class Member:
    """One file of the backup: its name in the zip, its size, its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """
    What a backup says of itself.

    Attributes:
        org: The installation's organisation.
        name: Its name.
        made_at: When, ISO 8601.
        program: Version of the program.
        entries: Entries of the log.
        root: Root of the log, 64 hex digits.
        log_key: Public key of the log.
        members: Everything else in the zip.
    """

    org: str
    name: str
    made_at: str
    program: str
    entries: int
    root: str
    log_key: str
    members: tuple[Member, ...]


class BadBackup(InvalidInput):
    """The file is no backup, or not the one that was made: nothing of it is used."""

    code = "operations.bad-backup"


def write(target: Path, files: Iterable[tuple[str, Path]], facts: dict[str, Any]) -> Manifest:
    """
    Write a backup that nobody else may read, and flush it to the disk.

    Args:
        target: Its path.
        files: Names in the zip and where the contents lie.
        facts: The manifest without its members.
    """
    with private(target) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            members = tuple(_add(archive, name, path) for name, path in files)
            manifest = Manifest(members=members, **facts)
            document = {"format": FORMAT, "v": VERSION, **asdict(manifest)}
            archive.writestr(MANIFEST, json.dumps(document, ensure_ascii=False, indent=1))
        file.flush()
        os.fsync(file.fileno())
    return manifest


def private(path: Path) -> BinaryIO:
    """A file to be written that only its owner may read."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b")


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> Member:
    running, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as place:
        while piece := source.read(PIECE):
            running.update(piece)
            size += len(piece)
            place.write(piece)
    return Member(name, size, running.hexdigest())


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(path: Path) -> Manifest:
    """
    What a backup says of itself, its members being exactly the files of the zip.

    Raises:
        BadBackup: It is no backup, or its list is not what the zip holds.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            held = json.loads(archive.read(MANIFEST))
            names = sorted(info.filename for info in archive.infolist())
        if (held.pop("format"), held.pop("v")) != (FORMAT, VERSION):
            raise BadBackup(_("%(name)s 不是本程序这一版能恢复的备份") % {"name": path.name})
        members = tuple(Member(**member) for member in held.pop("members"))
        manifest = Manifest(members=members, **held)
    except (*DAMAGED, TypeError, AttributeError) as error:
        raise BadBackup(_("%(name)s 不是备份文件，或已损坏") % {"name": path.name}) from error
    if names != sorted([MANIFEST, *(member.name for member in members)]) or not _all_known(members):
        raise BadBackup(_("%(name)s 的内容与其清单不符，已损坏或被改动") % {"name": path.name})
    return manifest


def _all_known(members: Iterable[Member]) -> bool:
    names = [member.name for member in members]
    return names.count(DATABASE) == 1 and all(n == DATABASE or STORED.fullmatch(n) for n in names)


def verify(path: Path, manifest: Manifest, report: Report) -> None:
    """
    Read every member and compare it with the manifest.

    Raises:
        BadBackup: Names the first that differs.
    """
    for _member in _read(path, manifest, None, report):
        pass


def unpack(path: Path, manifest: Manifest, folder: Path, report: Report) -> None:
    """
    Write every member into *folder*, comparing it on the way, and flush it.

    Raises:
        BadBackup: Names the first that differs.
    """
    for _member in _read(path, manifest, folder, report):
        pass


def _read(path: Path, manifest: Manifest, folder: Path | None, report: Report) -> Iterator[Member]:
    whole = sum(member.size for member in manifest.members) or 1
    done = 0
    with zipfile.ZipFile(path) as archive:
        for member in manifest.members:
            found = _copy(archive, member.name, folder)
            stored = STORED.fullmatch(member.name)
            if found != (member.size, member.sha256) or (stored and stored[3] != member.sha256):
                raise BadBackup(_("备份中的 %(name)s 与清单不符，已损坏或被改动") % {"name": member.name})
            done += member.size
            report(done / whole)
            yield member


def _copy(archive: zipfile.ZipFile, name: str, folder: Path | None) -> tuple[int, str]:
    """Size and hash of a member, which is written into *folder* where there is one."""
    running, size = hashlib.sha256(), 0
    with contextlib.ExitStack() as stack:
        place = None if folder is None else stack.enter_context(private(_made(folder / name)))
        for piece in _pieces(archive, name):
            running.update(piece)
            size += len(piece)
            if place is not None:
                place.write(piece)
        if place is not None:
            place.flush()
            os.fsync(place.fileno())
    return size, running.hexdigest()


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The content of a member; only what fails in reading it is damage."""
    try:
        with archive.open(name) as source:
            while piece := source.read(PIECE):
                yield piece
    except DAMAGED as error:
        raise BadBackup(_("备份中的 %(name)s 已损坏") % {"name": name}) from error


def _made(path: Path) -> Path:
    """The path, its folders being there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
