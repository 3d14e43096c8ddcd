"""
Long work as database rows (后台作业): what is to be done, for whom, how far it is, how it ended.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fairdraw.jobs.states import FINISHED, LABELS, JobState

STATES = [state.value for state in JobState]


class Job(models.Model):
    """One piece of long work. ``actor`` keeps the duties its person held when asking for it."""

    kind = models.CharField(max_length=64)
    arguments = models.JSONField(default=dict)
    lock_key = models.CharField(max_length=128, blank=True)
    state = models.CharField(
        max_length=8,
        choices=[(state.value, LABELS[state]) for state in JobState],
        default=JobState.QUEUED.value,
    )
    actor_code = models.CharField(max_length=64)
    actor = models.JSONField()
    put_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    heard_at = models.DateTimeField(null=True)  # by the machine's clock, practice installation or not
    done_count = models.BigIntegerField(default=0)
    total_count = models.BigIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    result = models.JSONField(null=True)
    person_error = models.TextField(blank=True)
    troubles = models.JSONField(default=list)
    traceback = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["actor_code", "-put_at"], name="job_of_actor"),
            models.Index(fields=["state", "heard_at"], name="job_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="job_state_is_known"),
            models.UniqueConstraint(
                fields=["lock_key"],
                condition=Q(state=JobState.RUNNING.value) & ~Q(lock_key=""),
                name="job_with_a_lock_key_runs_alone",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(FINISHED), ended_at__isnull=False)
                | Q(ended_at__isnull=True, state__in=[JobState.QUEUED.value, JobState.RUNNING.value]),
                name="job_has_an_end_when_it_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.RUNNING.value)
                | Q(started_at__isnull=False, heard_at__isnull=False, attempt__gte=1),
                name="job_that_runs_was_started",
            ),
            models.CheckConstraint(
                condition=Q(done_count__gte=0, total_count__gte=0), name="job_counts_are_not_negative"
            ),
        ]

    def __str__(self) -> str:
        """Its kind and state."""
        return f"{self.kind} {self.state}"
