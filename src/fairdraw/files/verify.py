"""Every stored file read again and compared with its hash (``fsck``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fairdraw.files import shelf
from fairdraw.files.models import StoredFile


@dataclass(frozen=True)
class Problem:
    """A file that is ``missing`` or ``changed``."""

    code: str
    sha256: str
    name: str


def verify_files() -> Iterator[Problem]:
    """Read all stored files; yields those that are missing or changed, by hash."""
    rows = StoredFile.objects.order_by("sha256").values_list("sha256", "name", "size")
    for digest, name, size in rows.iterator():
        place = shelf.place(digest)
        if not place.exists():
            yield Problem("missing", digest, name)
        elif place.stat().st_size != size or not shelf.holds(digest):
            yield Problem("changed", digest, name)
