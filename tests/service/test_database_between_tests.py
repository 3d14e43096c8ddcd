"""A test that really commits leaves nothing behind, although the log of the product can not be emptied."""

from __future__ import annotations

import threading

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from fairdraw.audit.models import LogEntry
from tests.service.audit import kinds


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    """Keep the key of the log's shares in this test's folder."""
    settings.SHARE_KEY_FILE = tmp_path / "share.key"


def note_in_another_thread() -> None:
    """Write to the log on a connection of another thread, as a web server does."""

    def write() -> None:
        kinds.many(1)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_commits_is_seen_by_other_connections_and_gone_afterwards(turn):
    carried = ContentType.objects.count()
    assert (LogEntry.objects.count(), carried > 0) == (0, True)

    kinds.many(2)
    note_in_another_thread()
    ContentType.objects.create(app_label="leftover", model=turn)

    assert LogEntry.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_test_that_does_not_commit_leaves_nothing_either(turn):
    assert LogEntry.objects.count() == 0
    assert not ContentType.objects.filter(app_label="leftover").exists()

    kinds.many(2)
