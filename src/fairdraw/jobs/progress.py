"""How far long work is (进度), saved so that a page in another process can show it."""

from __future__ import annotations

import time

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from fairdraw.jobs import slips
from fairdraw.jobs.models import Job
from fairdraw.jobs.states import JobState
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import RuleBroken

SECONDS_BETWEEN_SAVES = 0.25
LONGEST_MESSAGE = 200


class Superseded(RuntimeError):
    """This run was taken for dead and another has begun: it must not go on."""


class Stopped(RuleBroken):
    """The person has stopped the job (停止)."""

    code = "jobs.stopped"


class Progress:
    """
    Handed to the function of a job.

    Attributes:
        job_id: The job's row.
        actor: Who asked for it, with the duties held then; hand it to services.
    """

    def __init__(self, *, job_id: int, attempt: int, actor: Actor) -> None:
        """Follow the run *attempt* of a job."""
        self.job_id = job_id
        self.actor = actor
        self._attempt = attempt
        self._saved_at = float("-inf")
        self.done = 0
        self.total = 0
        self.message = ""

    def step(self, done: int, total: int, message: str = "") -> None:
        """
        Say how far the work is; saved at most four times a second.

        Inside a transaction, whose rows nobody sees before its end, it is told beside the database as well.

        Raises:
            Superseded: another run of this job has begun.
            Stopped: somebody has asked for that; what the job does in a transaction is taken back.
        """
        self.done, self.total, self.message = done, total, message[:LONGEST_MESSAGE]
        if slips.is_asked_to_stop(self.job_id):
            raise Stopped(_("已按要求停止，没有存入任何内容"))
        moment = time.monotonic()
        if moment - self._saved_at >= SECONDS_BETWEEN_SAVES:
            self._saved_at = moment
            self._save()
            if connection.in_atomic_block:
                slips.say(self.job_id, done=done, total=total, message=self.message)

    def _save(self) -> None:
        mine = Job.objects.filter(pk=self.job_id, attempt=self._attempt, state=JobState.RUNNING.value)
        saved = mine.update(
            done_count=self.done, total_count=self.total, message=self.message, heard_at=timezone.now()
        )
        if not saved:
            raise Superseded(f"job {self.job_id}, attempt {self._attempt}")
