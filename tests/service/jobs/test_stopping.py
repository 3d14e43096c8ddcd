"""A job that is stopped (停止), and one that tells how far it is from within a transaction."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from fairdraw.jobs import registry, selectors, services, slips
from fairdraw.jobs.models import Job
from fairdraw.jobs.progress import Progress
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from tests.service.jobs import kinds

pytestmark = pytest.mark.django_db
STRANGER = Actor(code="u:8", name="小王", user_id=8)
SEEN: list[selectors.Shown] = []


@registry.job("probe.stopped", label="会被停止")
def stopped(progress: Progress, *, by: str) -> dict[str, Any]:
    """Be stopped by somebody while a transaction is open."""
    with transaction.atomic():
        progress.step(30, 100, "存入")
        SEEN.append(selectors.shown(Job.objects.get(pk=progress.job_id)))
        services.stop(progress.job_id, actor=kinds.CLERK if by == kinds.CLERK.code else STRANGER)
        SEEN.append(selectors.shown(Job.objects.get(pk=progress.job_id)))
        progress.step(40, 100, "存入")
    return {"never": "reached"}


@pytest.fixture(autouse=True)
def unseen():
    SEEN.clear()


def test_who_asked_for_a_job_stops_it_at_its_next_step():
    job = kinds.put("probe.stopped", by=kinds.CLERK.code)

    assert (job.state, job.result, job.traceback) == ("failed", None, "")
    assert "已按要求停止，没有存入任何内容" in job.person_error
    assert (job.done_count, job.message) == (40, "存入")
    assert [shown.stopping for shown in (*SEEN, selectors.shown(job))] == [False, True, False]


def test_progress_is_told_beside_the_transaction_while_it_lasts():
    job = kinds.put("probe.stopped", by=kinds.CLERK.code)

    assert [(shown.done, shown.total, shown.message) for shown in SEEN] == [(30, 100, "存入")] * 2
    assert slips.said(job.pk) is None, "nothing stays when the job has ended"
    assert not slips.is_asked_to_stop(job.pk)


def test_nobody_stops_the_work_of_others():
    job = kinds.put("probe.stopped", by=STRANGER.code)

    assert job.state == "failed"
    assert "没有这项作业" in job.person_error
    with pytest.raises(NotFound):
        services.stop(job.pk, actor=STRANGER)


def test_a_job_that_has_ended_is_not_stopped_when_it_is_over():
    job = kinds.put("probe.count", to=3)

    services.stop(job.pk, actor=kinds.CLERK)

    assert not slips.is_asked_to_stop(job.pk)
