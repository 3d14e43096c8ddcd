"""Asking for long work (提交作业), and bringing back what a killed worker left."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.jobs import registry, running, selectors, slips
from fairdraw.jobs.models import Job
from fairdraw.jobs.rules import actor_row
from fairdraw.jobs.states import FINISHED, JobMove, JobState, sources
from fairdraw.kernel.actor import Actor

MOST_RUNS = 3

Primitive = str | int | bool | None | list["Primitive"] | dict[str, "Primitive"]


def put(kind: str, *, actor: Actor, now: dt.datetime, lock_key: str = "", **arguments: Primitive) -> Job:
    """
    Ask for a job; the worker takes it once the transaction of the caller has ended.

    Where jobs run inline it has ended when this returns.

    Args:
        kind: A registered kind.
        actor: Who asks; the job acts with the duties held now.
        now: When, aware.
        lock_key: Of the jobs with one key only one runs at a time, e.g. ``import:targets``.
        arguments: Ids and other primitives, handed to the job's function.

    Raises:
        registry.UnknownJob: no stage has registered *kind*.
    """
    registry.kind(kind)
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            arguments=arguments,
            lock_key=lock_key,
            actor_code=actor.code,
            actor=actor_row(actor),
            put_at=now,
        )
        if not _is_inline():
            running.run_job.enqueue(job.pk)
    if _is_inline():
        running.run_job.enqueue(job.pk)
        job.refresh_from_db()
    return job


def stop(job_id: int, *, actor: Actor) -> None:
    """
    Ask a job to stop at its next step (停止作业); one that waits stops when its turn comes.

    Nothing is written to the database, which the job may hold. One that has ended stays as it is.

    Raises:
        NotFound: There is none that *actor* may see.
    """
    if selectors.job(actor, job_id).state not in FINISHED:
        slips.ask_to_stop(job_id)


@transaction.atomic
def recover(*, silent_since: dt.datetime, now: dt.datetime) -> int:
    """
    Queue again the jobs whose worker has fallen silent; one that was started three times has failed.

    Args:
        silent_since: Jobs not heard of since this moment of the machine's own clock. A single worker
            that starts takes the moment of its start; beside other workers, some minutes ago.
        now: The time to write down for those that end.

    Returns:
        How many jobs were queued again.
    """
    silent = Job.objects.select_for_update().filter(
        state__in=sources(JobMove.RECOVER), heard_at__lte=silent_since
    )
    queued = 0
    for job in silent:
        if job.attempt >= MOST_RUNS:
            job.state, job.ended_at = JobState.FAILED.value, now
            job.person_error = _("多次被中断，没有完成。请把作业编号 %(id)s 告诉系统管理员") % {"id": job.pk}
        else:
            job.state, job.started_at, job.heard_at = JobState.QUEUED.value, None, None
        job.save(update_fields=["state", "started_at", "heard_at", "ended_at", "person_error"])
        if job.state == JobState.QUEUED:
            running.run_job.enqueue(job.pk)
            queued += 1
    return queued


def _is_inline() -> bool:
    """Whether jobs run in the process that asks for them: the queue is no table."""
    return not running.run_job.get_backend().supports_defer
