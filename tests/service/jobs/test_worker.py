"""Long work through the queue in the database, taken by the real worker."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from fairdraw.jobs import running, services
from fairdraw.jobs.models import Job
from tests.service.jobs import kinds

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "the-register"


@pytest.fixture(autouse=True)
def queue(settings):
    """The queue of a real installation."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    kinds.RAN.clear()


def work() -> None:
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


def killed(**columns) -> Job:
    """A job whose worker was killed an hour ago."""
    job = kinds.put("probe.count", to=1)
    DBTaskResult.objects.all().delete()
    an_hour_ago = timezone.now() - dt.timedelta(hours=1)
    started = {"state": "running", "attempt": 1, "started_at": kinds.NOW, "heard_at": an_hour_ago}
    Job.objects.filter(pk=job.pk).update(**started | columns)
    return job


def recover(minutes: int = 10) -> int:
    return services.recover(silent_since=timezone.now() - dt.timedelta(minutes=minutes), now=kinds.NOW)


def test_a_job_waits_for_the_worker_and_is_done():
    job = kinds.put("probe.count", to=3)
    assert (job.state, kinds.RAN) == ("queued", [])

    work()

    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"counted": 3})


def test_a_job_of_a_transaction_that_was_rolled_back_never_runs():
    with suppress(InterruptedError), transaction.atomic():
        kinds.put("probe.count", to=3)
        raise InterruptedError

    work()

    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()
    assert kinds.RAN == []


def test_a_job_whose_key_is_held_comes_again_when_it_is_free():
    holder = killed(lock_key=KEY)
    waiting = kinds.put("probe.count", lock_key=KEY, to=2)

    work()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempt) == ("queued", 0)

    Job.objects.filter(pk=holder.pk).update(state="done", ended_at=kinds.NOW)
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    work()
    waiting.refresh_from_db()
    assert waiting.state == "done"


def test_what_a_killed_worker_left_is_queued_again_and_done():
    job = killed()

    assert recover() == 1
    work()

    job.refresh_from_db()
    assert (job.state, job.attempt) == ("done", 2)
    assert recover() == 0


def test_a_job_that_is_still_heard_of_is_left_alone():
    job = killed(heard_at=timezone.now())

    assert recover() == 0
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("running", 1)


def test_a_job_that_kills_its_worker_every_time_is_given_up():
    job = killed(attempt=3)

    assert recover() == 0
    work()

    job.refresh_from_db()
    assert (job.state, job.ended_at, kinds.RAN) == ("failed", kinds.NOW, [])
    assert "多次被中断" in job.person_error


def test_a_run_that_was_taken_for_dead_writes_nothing_more():
    job = kinds.put("probe.twice")

    work()

    job.refresh_from_db()
    assert (job.state, job.attempt, job.result, job.person_error) == ("running", 9, None, "")


def test_eight_workers_handed_the_same_job_run_it_once():
    job = kinds.put("probe.count", to=1)
    together = Barrier(8)

    def deliver(_: int) -> None:
        together.wait()
        try:
            running.run_job.call(job.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(deliver, range(8)))

    job.refresh_from_db()
    assert (job.state, job.attempt, len(kinds.RAN)) == ("done", 1, 1)
