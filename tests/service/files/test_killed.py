"""A process killed between any two steps of storing leaves the file and its row, or neither."""

from __future__ import annotations

import datetime as dt
import os
from hashlib import sha256

import pytest
from django.db import connection, transaction

from fairdraw.files import selectors, services
from fairdraw.files.models import StoredFile
from fairdraw.files.verify import verify_files

NOW = dt.datetime(2024, 11, 20, 1, 30, tzinfo=dt.UTC)
CONTENT = b"the frame of a draw"
DIGEST = sha256(CONTENT).hexdigest()
KILLED, DONE = 9, 0


@pytest.fixture
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


def store_and_die_before(step: int) -> int:
    """Store in a child process that ends without a word before its *step*-th step; how it ended."""
    connection.close()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = _store_until(step)
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _store_until(step: int) -> int:
    left = step

    def die_or_go_on(act):
        def acting(*args, **kwargs):
            nonlocal left
            if left == 0:
                os._exit(KILLED)
            left -= 1
            return act(*args, **kwargs)

        return acting

    for name in ("mkdir", "fsync", "replace"):
        setattr(os, name, die_or_go_on(getattr(os, name)))
    commit = die_or_go_on(connection.commit)
    connection.commit = commit
    with (
        connection.execute_wrapper(lambda execute, *args: die_or_go_on(execute)(*args)),
        transaction.atomic(),
    ):
        services.store(CONTENT, media_type="text/plain", name="frame.tsv", now=NOW)
    return DONE


@pytest.mark.django_db(transaction=True)
def test_killed_before_any_step_the_row_never_stands_without_its_file(folder):
    ends = []
    while DONE not in ends:
        ends.append(store_and_die_before(len(ends)))

        assert ends[-1] in {KILLED, DONE}
        assert list(verify_files()) == []
        if ends[-1] == KILLED:
            assert not StoredFile.objects.exists()
            services.sweep(older_than=dt.timedelta(0))
            assert not [path for path in folder.rglob("*") if path.is_file()]

    assert len(ends) > 10
    assert selectors.read(DIGEST) == CONTENT
