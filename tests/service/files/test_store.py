"""Stored files: kept under their hash, private, compared when read."""

from __future__ import annotations

import datetime as dt
import os
from hashlib import sha256

import pytest

from fairdraw.files import selectors, services, shelf
from fairdraw.files.models import StoredFile
from fairdraw.files.verify import verify_files
from fairdraw.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2024, 11, 20, 1, 30, tzinfo=dt.UTC)
PHOTO = b"a photograph of the shop front"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


def store(data: bytes = PHOTO, name: str = "门头.jpg") -> StoredFile:
    return services.store(data, media_type="image/jpeg", name=name, now=NOW)


def test_a_file_lies_under_its_hash_and_reads_back(folder):
    stored = store()

    digest = sha256(PHOTO).hexdigest()
    assert stored.sha256 == digest
    assert (stored.size, stored.media_type, stored.name, stored.stored_at) == (
        30,
        "image/jpeg",
        "门头.jpg",
        NOW,
    )
    assert selectors.path(digest) == folder / digest[:2] / digest[2:4] / digest
    assert selectors.read(digest) == PHOTO
    assert str(stored) == "门头.jpg"


def test_nobody_else_on_the_machine_may_read_it(folder):
    before = os.umask(0)
    try:
        stored = store()
    finally:
        os.umask(before)

    path = selectors.path(stored.sha256)
    assert path.stat().st_mode & 0o777 == 0o600
    for parent in (path.parent, path.parent.parent, folder, folder / "incoming"):
        assert parent.stat().st_mode & 0o777 == 0o700


def test_the_same_content_is_kept_once_under_its_first_name(folder):
    first = store()

    assert store(name="copy.jpg") == first
    assert StoredFile.objects.get().name == "门头.jpg"
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [first.sha256]


def test_storing_again_mends_a_damaged_file():
    stored = store()
    selectors.path(stored.sha256).write_bytes(b"rotten")

    store()

    assert selectors.read(stored.sha256) == PHOTO


@pytest.mark.parametrize("damage", ["rotten", None])
def test_a_damaged_file_is_not_handed_out(damage):
    stored = store()
    path = selectors.path(stored.sha256)
    if damage is None:
        path.unlink()
    else:
        path.write_text(damage)

    with pytest.raises(selectors.DamagedFile):
        selectors.read(stored.sha256)


def test_what_was_never_stored_is_not_found():
    for digest in ("0" * 64, "../../etc/passwd"):
        with pytest.raises(NotFound):
            selectors.read(digest)
        with pytest.raises(NotFound):
            selectors.path(digest)


@pytest.mark.parametrize("name", ["../../../etc/passwd", "A" * 64, "0" * 63, ""])
def test_only_a_hash_has_a_place(name):
    with pytest.raises(shelf.NotAHash):
        shelf.place(name)


def test_fsck_names_what_is_missing_or_changed():
    kept = store(b"kept", "kept.txt")
    missing = store(b"missing", "missing.txt")
    longer = store(b"longer", "longer.txt")
    flipped = store(b"flipped", "flipped.txt")
    selectors.path(missing.sha256).unlink()
    selectors.path(longer.sha256).write_bytes(b"longer.")
    selectors.path(flipped.sha256).write_bytes(b"flippeD")

    found = {(problem.code, problem.name) for problem in verify_files()}

    assert found == {("missing", "missing.txt"), ("changed", "longer.txt"), ("changed", "flipped.txt")}
    assert selectors.read(kept.sha256) == b"kept"
