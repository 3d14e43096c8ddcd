"""Work that the clock asks for, and the clock of a practice installation (定时工作、练习时间)."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from fairdraw.accounts.models import Installation
from fairdraw.audit.models import Checkpoint, LogEntry
from fairdraw.files import shelf
from fairdraw.kernel import clock
from fairdraw.operations import practice_clock, ticking
from tests.builders.bureau import Bureau, bureau, founded
from tests.service.operations.held import unguarded

__all__ = ["bureau", "founded"]
pytestmark = pytest.mark.django_db
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Give the test a folder of its own, and the machine its time back."""
    settings.VAR_DIR = tmp_path
    settings.FILES_DIR = tmp_path / "files"
    settings.SHARE_KEY_FILE = tmp_path / "keys" / "share.key"
    yield
    clock.use(None)


# 定时工作


def at(moment: dt.datetime) -> None:
    """Let it be *moment* on this installation."""
    clock.use(lambda: moment)


def test_the_log_is_signed_at_the_first_round_and_once_a_day(bureau: Bureau):
    at(bureau.now)
    assert ticking.daily_checkpoint()
    assert not ticking.daily_checkpoint()

    bureau.approved()
    assert not ticking.daily_checkpoint()
    at(bureau.now + DAY)
    assert ticking.daily_checkpoint()

    sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))
    assert len(sizes) == 2
    assert sizes[-1] == LogEntry.objects.count()


def test_a_log_that_is_shorter_than_was_signed_is_not_signed_again(bureau: Bureau):
    at(bureau.now)
    ticking.daily_checkpoint()
    with unguarded(), connection.cursor() as cursor:
        last = LogEntry.objects.count() - 1
        cursor.execute("DELETE FROM audit_logrow WHERE entry_id = %s", [last])
        cursor.execute("DELETE FROM audit_logentry WHERE seq = %s", [last])

    at(bureau.now + DAY)
    assert not ticking.daily_checkpoint()
    assert Checkpoint.objects.count() == 1


def test_all_that_is_due_is_done_and_a_step_that_fails_keeps_no_other_back(bureau: Bureau, settings: Any):
    at(bureau.now)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    rounds = ticking.Round()
    settings.FILES_DIR.write_text("no folder", encoding="ascii")

    assert rounds.go() == ["jobs", "checkpoint", "sessions", "tasks"]


def test_forgotten_files_are_looked_for_each_hour_not_each_minute(bureau: Bureau):
    at(bureau.now)
    rounds = ticking.Round()

    assert "files" in rounds.go()
    assert rounds.go() == ["jobs", "checkpoint"]


def test_a_file_that_nothing_names_goes_after_a_day(bureau: Bureau):
    at(bureau.now)
    digests = [shelf.sha256(content).hexdigest() for content in (b"old", b"new")]
    for digest, content in zip(digests, (b"old", b"new"), strict=True):
        shelf.keep(digest, content)
    os.utime(shelf.place(digests[0]), (0, 0))

    ticking.Round().go()

    assert [shelf.place(digest).exists() for digest in digests] == [False, True]


# 练习时间


def test_a_practice_day_begins_where_the_last_entry_stands_and_runs_on(bureau: Bureau):
    last = LogEntry.objects.order_by("-seq")[0].at
    machine = dt.datetime.now(dt.UTC)

    practice_clock.start()

    assert last <= clock.now() < last + 5 * MINUTE
    assert machine - clock.now() > DAY
    assert practice_clock.anchor_file().exists()


def test_processes_that_are_served_together_have_one_time(bureau: Bureau):
    practice_clock.start()
    first = clock.now()
    bureau.go(5, 4)
    bureau.approved()  # an entry later than the practice day

    clock.use(None)
    practice_clock.follow()

    assert first <= clock.now() < first + 5 * MINUTE


def test_time_stands_still_while_nothing_is_served(bureau: Bureau):
    practice_clock.start()
    stopped = LogEntry.objects.order_by("-seq")[0].at
    practice_clock.stop()
    clock.use(None)

    practice_clock.follow()

    assert not practice_clock.anchor_file().exists()
    assert stopped <= clock.now() < stopped + 5 * MINUTE


@pytest.mark.parametrize("content", ["", "{", "[]", '{"practice": 1}'])
def test_an_anchor_that_a_power_cut_spoilt_is_as_none(bureau: Bureau, content: str):
    practice_clock.anchor_file().write_text(content, encoding="ascii")

    practice_clock.follow()

    last = LogEntry.objects.order_by("-seq")[0].at
    assert last <= clock.now() < last + 5 * MINUTE


def test_a_real_installation_has_the_machines_time(bureau: Bureau, monkeypatch: pytest.MonkeyPatch):
    real = Installation(org="350599-scj", rehearsal=False, practice_at=None)
    monkeypatch.setattr(practice_clock, "_installation", lambda: real)

    practice_clock.start()
    practice_clock.follow()

    assert abs(clock.now() - dt.datetime.now(dt.UTC)) < MINUTE
    assert not practice_clock.anchor_file().exists()
