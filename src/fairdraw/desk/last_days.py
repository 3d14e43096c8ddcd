"""
What of a task must be done by when, and how many working days are left (倒排工期、剩余工作日; N03, N14).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel import clock
from fairdraw.plans import selectors as plans
from fairdraw.plans.models import Task
from fairdraw.rulebook import selectors as rulebook


@dataclass(frozen=True)
class LastDay:
    """A step of the backward schedule: its last day, and the day on which all of it was done."""

    label: str
    last_on: dt.date
    done_on: dt.date | None
    today: dt.date
    workdays: int

    @property
    def is_late(self) -> bool:
        """Whether it was done after its last day, or is not done though the day is past."""
        return (self.done_on or self.today) > self.last_on


@dataclass(frozen=True)
class Countdown:
    """The working days that a task has left, its steps with their last days, and what is not sure about the calendar."""

    due_on: dt.date
    workdays: int
    steps: tuple[LastDay, ...]
    notice: str

    @property
    def missed(self) -> tuple[LastDay, ...]:
        """The steps that are not done though their last day is past."""
        return tuple(step for step in self.steps if step.done_on is None and step.is_late)


def of_task(task: Task, *, today: dt.date) -> Countdown:
    """The backward schedule of *task* as it stands today, with the working days left of each step."""
    found = plans.schedule(task, on=today)
    workdays = rulebook.workdays()
    drawn_on = clock.local_date(task.drawn_at) if task.drawn_at else None
    steps = (
        (_("最迟封存抽取"), found.last_seal, drawn_on),
        (_("最迟实地检查"), found.last_visit, _all_done(task, "checked_on")),
        (_("最迟录入"), found.last_entry, _all_done(task, "entered_at")),
        (_("最迟审核"), found.last_review, _all_done(task, "reviewed_at")),
        (_("最迟报送公示"), found.last_submission, _all_done(task, "submitted_at")),
        (_("办结期限"), found.due, _all_done(task, "published_at")),
    )
    return Countdown(
        task.due_on,
        workdays.between(today, task.due_on),
        tuple(LastDay(label, on, done, today, workdays.between(today, on)) for label, on, done in steps),
        found.notice,
    )


def _all_done(task: Task, fact: str) -> dt.date | None:
    """The day on which the last inspection to be checked got *fact*; ``None`` while one lacks it."""
    rows = Inspection.objects.filter(task=task).exclude(state=InspectionState.EXCLUDED.value)
    found = rows.aggregate(all=Count("pk"), done=Count(fact), last=Max(fact))
    if not found["all"] or found["done"] < found["all"]:
        return None
    last: dt.date | dt.datetime = found["last"]
    return clock.local_date(last) if isinstance(last, dt.datetime) else last
