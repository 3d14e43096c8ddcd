"""
Running one job (执行作业): a door, called by the worker or, inline, by the request that asked for it.

A job whose lock key another running job holds waits and comes again. What a person can mend
(:class:`~fairdraw.kernel.errors.FairdrawError`) is shown to the person; a bug is kept with its traceback.
"""

from __future__ import annotations

import datetime as dt
import logging
import traceback
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from fairdraw.jobs import registry, slips
from fairdraw.jobs.models import Job
from fairdraw.jobs.progress import Progress, Superseded
from fairdraw.jobs.rules import actor_from
from fairdraw.jobs.states import JobMove, JobState, sources
from fairdraw.kernel import clock
from fairdraw.kernel.errors import FairdrawError, InvalidInput

WAIT_FOR_LOCK = dt.timedelta(seconds=5)
MOST_TROUBLES = 1000
logger = logging.getLogger("fairdraw.jobs")


@task
def run_job(job_id: int) -> None:
    """Run the job *job_id*, unless it runs or has run already."""
    job = Job.objects.get(pk=job_id)
    if job.state != JobState.QUEUED:
        return
    try:
        attempt = _start(job)
    except IntegrityError:
        _wait(job)
        return
    if attempt is not None:
        _run(job, attempt)


def _start(job: Job) -> int | None:
    """Claim the job: the number of this run, ``None`` where another claimed it first."""
    with transaction.atomic():
        claimed = Job.objects.filter(pk=job.pk, attempt=job.attempt, state__in=sources(JobMove.START)).update(
            state=JobState.RUNNING.value,
            attempt=job.attempt + 1,
            started_at=clock.now(),
            heard_at=timezone.now(),
        )
    return job.attempt + 1 if claimed else None


def _wait(job: Job) -> None:
    """Come again later where the queue can do that; else say that the same work is under way."""
    if run_job.get_backend().supports_defer:
        run_job.using(run_after=timezone.now() + WAIT_FOR_LOCK).enqueue(job.pk)
    else:
        message = _("同样的工作正在进行，请等它结束后再试")
        _end(job, job.attempt, JobMove.FAIL, person_error=message)


def _run(job: Job, attempt: int) -> None:
    progress = Progress(job_id=job.pk, attempt=attempt, actor=actor_from(job.actor))
    try:
        with _apart():
            result = registry.kind(job.kind).run(progress, **job.arguments)
    except Superseded:
        logger.warning("job %s: run %s was superseded", job.pk, attempt)
    except FairdrawError as error:
        troubles = [str(trouble) for trouble in error.troubles] if isinstance(error, InvalidInput) else []
        _end(job, attempt, JobMove.FAIL, progress, person_error=str(error), troubles=troubles[:MOST_TROUBLES])
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        message = _("程序出错，没有完成。请把作业编号 %(id)s 告诉系统管理员") % {"id": job.pk}
        _end(job, attempt, JobMove.FAIL, progress, person_error=message, traceback=traceback.format_exc())
    else:
        _end(job, attempt, JobMove.FINISH, progress, result=result)


def _apart() -> AbstractContextManager[Any]:
    """Inline in someone's transaction, what fails must not spoil that transaction."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _end(job: Job, attempt: int, move: JobMove, progress: Progress | None = None, **outcome: object) -> None:
    """Write down how this run ended, unless another has begun."""
    if progress is not None:
        outcome |= {
            "done_count": progress.done,
            "total_count": progress.total,
            "message": progress.message,
        }
    state = JobState.DONE if move is JobMove.FINISH else JobState.FAILED
    Job.objects.filter(pk=job.pk, attempt=attempt, state__in=sources(move)).update(
        state=state.value, ended_at=clock.now(), **outcome
    )
    slips.clear(job.pk)
