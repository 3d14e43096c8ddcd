"""Storing files (存储文件), and sweeping up what no row speaks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from hashlib import sha256
from itertools import islice

from fairdraw.files import shelf
from fairdraw.files.models import StoredFile

AT_ONCE = 500


def store(data: bytes, *, media_type: str, name: str, now: dt.datetime) -> StoredFile:
    """
    Keep a file for good (存储文件).

    The bytes are on the disk before the row is inserted: what a transaction commits is always there, and
    what it rolls back is swept up later. Call it before the transaction where the file is large, as it
    waits for the disk. The same content is kept once, under the name it first came with.

    Args:
        data: The content.
        media_type: ``image/jpeg``, ``text/tab-separated-values``, ….
        name: What people call it, at most 255 characters.
        now: When, aware.

    Source: vdraw/1 §13; design.md §3 (a frame is fsynced before the sealing transaction commits).
    """
    digest = sha256(data).hexdigest()
    shelf.keep(digest, data)
    stored, _ = StoredFile.objects.get_or_create(
        sha256=digest,
        defaults={"size": len(data), "media_type": media_type, "name": name, "stored_at": now},
    )
    return stored


def sweep(*, older_than: dt.timedelta) -> int:
    """
    Remove files that no row speaks for: of transactions that were rolled back, of interrupted writers.

    Args:
        older_than: Leave everything that was put in place more recently, by the disk's own clock: its
            transaction may still be under way. Longer than any transaction lasts; a day by custom.

    Returns:
        How many files were removed.
    """
    _mend_interrupted_sweep()
    seconds = older_than.total_seconds()
    removed = shelf.remove_drafts(older_than_seconds=seconds)
    candidates = iter(list(shelf.older(than_seconds=seconds)))
    while some := dict(islice(candidates, AT_ONCE)):
        for digest in _without_row(some):
            removed += _remove(digest, some[digest])
    return removed


def _remove(digest: str, put_at: float) -> int:
    """
    Take the file aside, look again, and only then remove it.

    Someone may be storing the same content this moment: they have marked it as new, or find the place
    empty and fill it.
    """
    if shelf.set_aside(digest) != put_at or StoredFile.objects.filter(sha256=digest).exists():
        shelf.put_back(digest)
        return 0
    shelf.throw_away(digest)
    return 1


def _mend_interrupted_sweep() -> None:
    for digest in shelf.left_aside():
        shelf.put_back(digest)


def _without_row(digests: Iterable[str]) -> list[str]:
    asked = list(digests)
    kept = set(StoredFile.objects.filter(sha256__in=asked).values_list("sha256", flat=True))
    return [digest for digest in asked if digest not in kept]
