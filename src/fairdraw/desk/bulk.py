"""
What can be done to many inspections or follow-ups at once (批量办理), each with whom it waits for.

A batch is done whole or not at all; the page names the number of records before it is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from fairdraw.accounts import selectors as accounts
from fairdraw.desk import todo
from fairdraw.followup import permissions as followup_permissions
from fairdraw.followup.models import FollowUp
from fairdraw.followup.states import FollowUpMove
from fairdraw.inspections import permissions
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionMove, InspectionState
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.text import gettext_noop
from fairdraw.kernel.verdict import Verdict
from fairdraw.plans.models import Task


@dataclass(frozen=True)
class Action:
    """One thing to do to many inspections: from which states, along which move."""

    code: str
    label: str
    title: str
    move: InspectionMove
    states: tuple[InspectionState, ...]


ACTIONS = {
    action.code: action
    for action in (
        Action(
            "clean",
            gettext_noop("批量录入“未发现问题”"),
            gettext_noop("录入未发现问题"),
            InspectionMove.RECORD,
            (InspectionState.ASSIGNED, InspectionState.NOTIFIED, InspectionState.RETURNED),
        ),
        Action(
            "review",
            gettext_noop("审核通过"),
            gettext_noop("审核通过检查结果"),
            InspectionMove.REVIEW,
            (InspectionState.RECORDED,),
        ),
        Action(
            "return",
            gettext_noop("退回"),
            gettext_noop("退回检查结果"),
            InspectionMove.RETURN,
            (InspectionState.RECORDED,),
        ),
        Action(
            "submit",
            gettext_noop("报送公示"),
            gettext_noop("报送公示系统"),
            InspectionMove.SUBMIT,
            (InspectionState.REVIEWED,),
        ),
        Action(
            "acknowledge",
            gettext_noop("登记公示回执"),
            gettext_noop("登记公示回执"),
            InspectionMove.PUBLISH,
            (InspectionState.SUBMITTED,),
        ),
    )
}


@dataclass(frozen=True)
class Waiting:
    """How many inspections wait for an action of this person."""

    action: Action
    count: int


def waiting(actor: Actor, *, task: Task | None, states: Sequence[str] = ()) -> list[Waiting]:
    """The actions that this person may take, each with how many inspections wait for it."""
    found = []
    for action in ACTIONS.values():
        if states and not any(s.value in states for s in action.states):
            continue
        rows = eligible(actor, action, task=task)
        count = rows.count()
        if count:
            found.append(Waiting(action, count))
    return found


def eligible(actor: Actor, action: Action, *, task: Task | None = None) -> QuerySet[Inspection]:
    """The inspections to which *actor* may do *action*."""
    duties = permissions.DUTIES[action.move]
    rows = Inspection.objects.filter(
        todo.within(actor, "agency__path", *duties), state__in=[s.value for s in action.states]
    )
    if action.move in {InspectionMove.REVIEW, InspectionMove.RETURN}:
        rows = rows.exclude(entered_by=actor.code)
    if task is not None:
        rows = rows.filter(task=task)
    return rows.select_related("target", "agency", "task").order_by("number")


@dataclass(frozen=True)
class Split:
    """Of the records that were ticked: those it can be done to, and the others with the reason."""

    ready: tuple[Inspection, ...]
    refused: tuple[tuple[Inspection, Verdict], ...]


def split(actor: Actor, action: Action, rows: Sequence[Inspection]) -> Split:
    """Which of *rows* the action can be done to."""
    judged = [(row, permissions.can_move(actor, row, action.move)) for row in rows]
    return Split(
        tuple(row for row, verdict in judged if verdict),
        tuple((row, verdict) for row, verdict in judged if not verdict),
    )


def rows_of(actor: Actor, ids: Sequence[int]) -> list[Inspection]:
    """The ticked inspections of the actor's scope."""
    seen = accounts.within_scopes(actor, "agency__path")
    found: list[Inspection] = []
    for start in range(0, len(ids), 500):
        rows = Inspection.objects.filter(seen, pk__in=ids[start : start + 500])
        found += rows.select_related("target", "agency", "task")
    return sorted(found, key=lambda row: row.number)


FOLLOWUP_STEPS = {
    "submit": (FollowUpMove.SUBMIT, gettext_noop("登记已报整改")),
    "verify": (FollowUpMove.VERIFY, gettext_noop("复查通过")),
    "close": (FollowUpMove.CLOSE, gettext_noop("完结")),
}
STARTS = (FollowUpMove.ORDER, FollowUpMove.TRANSFER, FollowUpMove.FILE_CASE)


def can_start(actor: Actor, row: FollowUp) -> Verdict:
    """Whether *actor* may choose a measure for a problem."""
    verdicts = [followup_permissions.can_move(actor, row, move) for move in STARTS]
    return next((v for v in verdicts if v), verdicts[0])
