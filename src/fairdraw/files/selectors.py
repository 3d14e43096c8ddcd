"""Stored files, read and compared with their hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from fairdraw.files import shelf
from fairdraw.files.models import StoredFile
from fairdraw.kernel.errors import NotFound


class DamagedFile(RuntimeError):
    """A stored file is missing or changed: the disk or a hand has damaged it. Restore it from a backup."""


def stored(sha256: str) -> StoredFile:
    """
    The row of a stored file.

    Raises:
        NotFound: nothing is stored under this hash.
    """
    try:
        return StoredFile.objects.get(pk=sha256)
    except StoredFile.DoesNotExist:
        raise NotFound(str(_("没有这份文件")), code="files.not-found") from None


def read(sha256: str) -> bytes:
    """
    The content of a stored file, compared with its hash.

    Raises:
        NotFound: nothing is stored under this hash.
        DamagedFile: something is, and its content is gone or changed.
    """
    stored(sha256)
    try:
        content = shelf.place(sha256).read_bytes()
    except FileNotFoundError:
        raise DamagedFile(sha256) from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedFile(sha256)
    return content


def sound_path(sha256: str) -> Path:
    """
    Where the content of a stored file lies, as :func:`path`, compared with its hash without being held in memory.

    Raises:
        NotFound: nothing is stored under this hash.
        DamagedFile: something is, and its content is gone or changed.
    """
    place = path(sha256)
    try:
        with place.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        raise DamagedFile(sha256) from None
    if digest != sha256:
        raise DamagedFile(sha256)
    return place


def path(sha256: str) -> Path:
    """
    Where the content of a stored file lies, for programs that read a file; never write to it.

    Raises:
        NotFound: nothing is stored under this hash.
    """
    stored(sha256)
    return shelf.place(sha256)
