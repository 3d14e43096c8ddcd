"""Sweeping up files that no row speaks for, and nothing else."""

from __future__ import annotations

import datetime as dt
import os
import time
from contextlib import suppress

import pytest
from django.db import transaction

from fairdraw.files import selectors, services, shelf
from fairdraw.files.models import StoredFile

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2024, 11, 20, 1, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


def store(data: bytes) -> StoredFile:
    return services.store(data, media_type="text/plain", name="x.txt", now=NOW)


def orphan(data: bytes) -> str:
    """A file whose transaction was rolled back."""
    digest = ""
    with suppress(InterruptedError), transaction.atomic():
        digest = store(data).sha256
        raise InterruptedError
    return digest


def age(digest: str, by: dt.timedelta = 2 * DAY) -> None:
    then = time.time() - by.total_seconds()
    os.utime(shelf.place(digest), (then, then))


def files(folder) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_a_rolled_back_file_is_swept_up_when_it_is_old_and_a_kept_one_never(folder):
    kept, forgotten, recent = store(b"kept").sha256, orphan(b"forgotten"), orphan(b"recent")
    age(kept)
    age(forgotten)

    assert services.sweep(older_than=DAY) == 1
    assert files(folder) == {kept, recent}
    assert selectors.read(kept) == b"kept"
    assert services.sweep(older_than=DAY) == 0


def test_storing_a_forgotten_content_again_saves_it_before_its_transaction_ends(folder):
    digest = orphan(b"again")
    age(digest)

    with transaction.atomic():
        shelf.keep(digest, b"again")  # the first step of storing; the row is yet to come
        assert services.sweep(older_than=DAY) == 0
        store(b"again")

    assert selectors.read(digest) == b"again"


def test_a_content_marked_as_new_after_the_sweep_has_listed_it_is_put_back(folder, monkeypatch):
    digest = orphan(b"again")
    age(digest)
    listed = shelf.older

    def listed_then_stored(**options):
        found = list(listed(**options))
        shelf.keep(digest, b"again")
        return found

    monkeypatch.setattr(shelf, "older", listed_then_stored)

    assert services.sweep(older_than=DAY) == 0
    assert files(folder) == {digest}


def test_an_interrupted_sweep_is_mended_by_the_next(folder):
    kept, refilled = store(b"kept").sha256, store(b"refilled").sha256
    shelf.set_aside(kept)
    shelf.set_aside(refilled)
    shelf.keep(refilled, b"refilled")

    services.sweep(older_than=DAY)

    assert selectors.read(kept) == b"kept"
    assert files(folder) == {kept, refilled}


def test_drafts_of_interrupted_writers_are_removed_when_they_are_old(folder):
    kept = store(b"kept").sha256
    old, new = folder / "incoming" / "draft-old", folder / "incoming" / "draft-new"
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    then = time.time() - 2 * DAY.total_seconds()
    os.utime(old, (then, then))

    assert services.sweep(older_than=DAY) == 1
    assert files(folder) == {kept, "draft-new"}


def test_sweeping_before_anything_was_stored_is_harmless():
    assert services.sweep(older_than=DAY) == 0
