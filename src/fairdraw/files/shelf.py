"""
Files on the disk, each under its own hash: ``FILES_DIR/ab/cd/<sha256>``.

A content is written beside its place, flushed, renamed into it, and the folder flushed: at every moment the
place holds the whole content or nothing, after a power cut too. Folders have mode 700, files 600.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from django.conf import settings

HASH = re.compile(r"[0-9a-f]{64}")
INCOMING = "incoming"
SET_ASIDE = ".aside"


class NotAHash(ValueError):
    """Something other than a SHA-256 in 64 lower-case hex digits is asked for."""


def folder() -> Path:
    """The folder of all files."""
    return Path(settings.FILES_DIR)


def place(digest: str) -> Path:
    """Where the content with this hash lies, whether it is there or not."""
    if not HASH.fullmatch(digest):
        raise NotAHash(digest)
    return folder() / digest[:2] / digest[2:4] / digest


def holds(digest: str) -> bool:
    """Whether the content is in its place, unchanged."""
    try:
        with place(digest).open("rb") as file:
            running = sha256()
            while piece := file.read(1 << 20):
                running.update(piece)
    except FileNotFoundError:
        return False
    return running.hexdigest() == digest


def keep(digest: str, content: bytes) -> None:
    """Put *content* in its place, and return when a power cut can no longer take it away."""
    target = place(digest)
    _make_folders(target.parent)
    if not _is_kept(target, digest):
        os.replace(_written(content), target)
    flush(target.parent)


def older(*, than_seconds: float) -> Iterator[tuple[str, float]]:
    """Files last put in their place longer ago than so many seconds: hash, and when, by the disk's clock."""
    latest = _disk_time() - than_seconds
    for path in folder().glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        put_at = path.stat().st_mtime
        if HASH.fullmatch(path.name) and put_at <= latest:
            yield path.name, put_at


def set_aside(digest: str) -> float:
    """Take a file out of its place for a moment; returns when it was last put there, by the disk's clock."""
    aside = _aside(digest)
    os.replace(place(digest), aside)
    return aside.stat().st_mtime


def put_back(digest: str) -> None:
    """Return a file that was set aside, unless its place is filled again."""
    aside, target = _aside(digest), place(digest)
    if target.exists():
        aside.unlink()
    else:
        os.replace(aside, target)
        flush(target.parent)


def throw_away(digest: str) -> None:
    """Remove a file that was set aside."""
    _aside(digest).unlink()


def left_aside() -> list[str]:
    """Hashes of the files that an interrupted sweep left aside."""
    return sorted(path.name.removesuffix(SET_ASIDE) for path in folder().glob(f"{INCOMING}/*{SET_ASIDE}"))


def remove_drafts(*, older_than_seconds: float) -> int:
    """Remove what interrupted writers left behind; returns how many."""
    latest = _disk_time() - older_than_seconds
    old = [path for path in folder().glob(f"{INCOMING}/draft-*") if path.stat().st_mtime <= latest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _aside(digest: str) -> Path:
    place(digest)
    return folder() / INCOMING / f"{digest}{SET_ASIDE}"


def _is_kept(path: Path, digest: str) -> bool:
    """Whether the content is there already, marked as put in place now, so that no sweep thinks it forgotten."""
    try:
        os.utime(path)
        if not holds(digest):
            return False
        flush(path)
    except FileNotFoundError:  # never there, or a sweep holds it aside this moment
        return False
    return True


def _written(content: bytes) -> Path:
    incoming = folder() / INCOMING
    _make_folders(incoming)
    handle, name = tempfile.mkstemp(prefix="draft-", dir=incoming)  # mode 600
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _disk_time() -> float:
    """The time by the clock that stamps the files, which need not be the machine's."""
    incoming = folder() / INCOMING
    _make_folders(incoming)
    with tempfile.NamedTemporaryFile(prefix="draft-", dir=incoming) as probe:
        return os.fstat(probe.fileno()).st_mtime


def _make_folders(path: Path) -> None:
    for part in (*reversed(path.relative_to(folder()).parents), path.relative_to(folder())):
        made = folder() / part
        try:
            made.mkdir(mode=0o700, parents=True)
        except FileExistsError:
            continue
        flush(made.parent)


def flush(path: Path) -> None:
    """Force a file or a folder to the disk. Windows opens no folders; its rename is written through."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
