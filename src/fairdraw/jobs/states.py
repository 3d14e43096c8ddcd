"""The states of long work (后台作业): queued, running, done, failed."""

from __future__ import annotations

from enum import StrEnum

from fairdraw.kernel.text import gettext_noop


class JobState(StrEnum):
    """Where a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobMove(StrEnum):
    """What can happen to a job."""

    START = "start"
    FINISH = "finish"
    FAIL = "fail"
    RECOVER = "recover"


LABELS = {
    JobState.QUEUED: gettext_noop("排队中"),
    JobState.RUNNING: gettext_noop("进行中"),
    JobState.DONE: gettext_noop("已完成"),
    JobState.FAILED: gettext_noop("没有完成"),
}

MOVES = {
    (JobState.QUEUED, JobMove.START): JobState.RUNNING,
    (JobState.QUEUED, JobMove.FAIL): JobState.FAILED,  # the same work is under way, and this one cannot wait
    (JobState.RUNNING, JobMove.FINISH): JobState.DONE,
    (JobState.RUNNING, JobMove.FAIL): JobState.FAILED,
    (JobState.RUNNING, JobMove.RECOVER): JobState.QUEUED,  # its worker was killed; jobs may run twice
}

FINISHED = frozenset({JobState.DONE, JobState.FAILED})


def sources(move: JobMove) -> list[str]:
    """The states from which *move* is possible."""
    return [state.value for state, possible in MOVES if possible is move]
