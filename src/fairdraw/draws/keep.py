"""The files of a draw: content-addressed, on disk and fsynced before the row that names them (design.md §3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from fairdraw.draws.models import Draw, DrawFile
from fairdraw.files import services as files
from fairdraw.files.models import StoredFile

LISTS = ("frame.tsv", "excluded.tsv", "officers.tsv", "recusals.tsv")
CLASSES = "classes.tsv"  # of frame rows whose tags do not say it; frozen with the lists, in no bundle
BYTES = "application/octet-stream"
MEDIA = {
    "json": "application/json",
    "tsv": "text/tab-separated-values",
    "txt": "text/plain",
    "jsonl": "application/jsonl",
}


def put(contents: Mapping[str, bytes], *, now: dt.datetime) -> dict[str, StoredFile]:
    """Store files, outside any transaction of a draw; a crash afterwards leaves an orphan, never a gap."""
    return {
        name: files.store(data, media_type=MEDIA[name.rsplit(".", 1)[1]], name=name, now=now)
        for name, data in contents.items()
    }


def name(draw: Draw, stored: Mapping[str, StoredFile]) -> None:
    """Give stored files their names in the draw."""
    DrawFile.objects.bulk_create(DrawFile(draw=draw, name=name, stored=file) for name, file in stored.items())
