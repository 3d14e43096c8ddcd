"""Questions about long work: my jobs, how far one is, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fairdraw.jobs import registry, slips
from fairdraw.jobs.models import Job
from fairdraw.jobs.states import FINISHED
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound


@dataclass(frozen=True)
class Shown:
    """A job as a page shows it; ``jobs/_progress.html`` takes it as ``job``."""

    id: int
    kind: str
    label: str
    state: str
    done: int
    total: int
    message: str
    error: str
    troubles: tuple[str, ...]
    result: dict[str, Any] | None
    is_finished: bool
    stopping: bool = False


def visible_jobs(actor: Actor) -> QuerySet[Job]:
    """The jobs that *actor* asked for, the latest first: what a job made is nobody else's, no administrator's either."""
    return Job.objects.filter(actor_code=actor.code).order_by("-put_at", "-pk")


def job(actor: Actor, job_id: int) -> Job:
    """
    One job.

    Raises:
        NotFound: there is none that *actor* may see.
    """
    try:
        return visible_jobs(actor).get(pk=job_id)
    except Job.DoesNotExist:
        raise NotFound(str(_("没有这项作业")), code="jobs.not-found") from None


def shown(row: Job) -> Shown:
    """What a page says about a job; one that runs may have told more beside the database."""
    is_finished = row.state in FINISHED
    told = None if is_finished else slips.said(row.pk)
    done, total, message = told or (row.done_count, row.total_count, row.message)
    return Shown(
        id=row.pk,
        kind=row.kind,
        label=registry.label(row.kind),
        state=row.state,
        done=done,
        total=total,
        message=message,
        error=row.person_error,
        troubles=tuple(row.troubles),
        result=row.result,
        is_finished=is_finished,
        stopping=not is_finished and slips.is_asked_to_stop(row.pk),
    )
