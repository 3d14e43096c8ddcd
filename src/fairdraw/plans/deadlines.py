"""
Deadlines that the superior moved (上级调整时限; N03, N14): every one is kept with its document, and stands as the task's.

Inspections that are open already get the new day from the stage that holds them (:mod:`fairdraw.inspections.deadlines`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.canonical import JSON
from fairdraw.kernel.errors import InvalidInput
from fairdraw.plans import permissions, rules, selectors
from fairdraw.plans.models import DeadlineChange, Task


class DeadlineWrong(InvalidInput):
    """The new deadline cannot be right, or its document is not stated."""

    code = "plans.deadline-wrong"


@dataclass(frozen=True)
class Moved:
    """
    A deadline as the superior moved it.

    Attributes:
        asked_on: The day that the superior asks for.
        document_number: Under which document.
        document_on: The day of that document.
        reason: Why, in words.
    """

    asked_on: dt.date
    document_number: str
    document_on: dt.date
    reason: str


def changes_of(task: Task) -> QuerySet[DeadlineChange]:
    """The changes of the task's deadline, the newest first (时限调整记录)."""
    return DeadlineChange.objects.filter(task=task).order_by("-changed_at", "-pk")


def put(task: Task, moved: Moved, *, actor: Actor, now: dt.datetime) -> DeadlineChange:
    """
    Give a locked task another deadline: the day asked for, or the year's cut-off where that is earlier. No log.

    Raises:
        DeadlineWrong: It ends before the work begins, changes nothing, or has no document.
        NotPermitted, WrongState: See :func:`permissions.can_change_deadline`.
    """
    permissions.can_change_deadline(actor, task).require()
    due = rules.due_on(scheme_end=moved.asked_on, cutoff=selectors.cutoff(task.year))
    _require_right(task, moved, due, today=clock.local_date(now))
    change = DeadlineChange.objects.create(
        task=task,
        before=task.due_on,
        asked_on=moved.asked_on,
        due_on=due,
        document_number=moved.document_number.strip(),
        document_on=moved.document_on,
        reason=moved.reason.strip(),
        changed_by=actor.code,
        changed_at=now,
    )
    task.due_on = due
    task.window_end = due
    task.save(update_fields=["due_on", "window_end"])
    return change


def _require_right(task: Task, moved: Moved, due: dt.date, *, today: dt.date) -> None:
    if not moved.document_number.strip() or not moved.reason.strip():
        raise DeadlineWrong(_("请写明上级文件的文号和调整的理由"))
    if moved.document_on > today:
        raise DeadlineWrong(_("文件日期不能晚于今天"))
    if moved.asked_on < moved.document_on or due < task.window_start:
        raise DeadlineWrong(_("时限不能早于任务开始的日期或文件的日期"))
    if due == task.due_on:
        held = selectors.cutoff(task.year)
        if moved.asked_on > held:
            words = {"day": held}
            raise DeadlineWrong(_("年度截止日为%(day)s，时限不能再延，没有变更") % words)
        raise DeadlineWrong(_("与现在的办结期限相同，没有变更"))


def body_of(change: DeadlineChange) -> dict[str, JSON]:
    """What the log keeps of a change."""
    return {
        "task": change.task.number,
        "before": change.before.isoformat(),
        "due": change.due_on.isoformat(),
        "document": change.document_number,
    }


def due_of(task: Task, *, scheme_end: dt.date) -> dt.date:
    """
    When a task must be done whose scheme is written to end on *scheme_end*: that day, the superior's, or the cut-off,
    whichever comes first.
    """
    last = changes_of(task).first()
    ends = min(scheme_end, last.asked_on) if last is not None else scheme_end
    return rules.due_on(scheme_end=ends, cutoff=selectors.cutoff(task.year))


def stands(task: Task) -> bool:
    """Whether the deadline of *task* is one that the superior moved, which an approval does not set back."""
    return changes_of(task).exists()
