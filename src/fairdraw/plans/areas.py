"""
Schemes follow the areas of stations (辖区调整): what was not drawn yet and names a station that closed means its successor's area.

An approved scheme is then another one than was approved: it goes back, to be approved anew. What was sealed stays.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.kernel.actor import Actor
from fairdraw.plans import schemes, selectors
from fairdraw.plans.models import Scheme, WorkShare
from fairdraw.plans.states import TaskState

UNDRAWN = (TaskState.DRAFTING.value, TaskState.APPROVED.value)


def limited_to(station: str) -> list[str]:
    """The numbers of the tasks not drawn yet whose schemes are limited to the area of *station*."""
    rows = Scheme.objects.filter(task__state__in=UNDRAWN).order_by("task__number")
    found = rows.values_list("task__number", "scope")
    return [number for number, scope in found if station in scope.get("stations", ())]


@transaction.atomic
def hand_over(*, old: str, new: str, document: str, actor: Actor, now: dt.datetime) -> list[str]:
    """
    Let schemes limited to the area of the station *old* mean that of *new*; gives the numbers of their tasks.

    Args:
        old, new: Codes of stations.
        document: What it rests on.
        actor: Who closed the station; the duty was judged there.
        now: When.
    """
    numbers = limited_to(old)
    reason = _("辖区随单位撤并调整（%(document)s），请核对后重新审定") % {"document": document.strip()}
    for task in selectors.tasks_for_update(numbers):
        scheme = task.scheme
        stations = [new if code == old else code for code in scheme.scope["stations"]]
        scheme.scope = scheme.scope | {"stations": list(dict.fromkeys(stations))}
        scheme.save(update_fields=["scope"])
        if task.state == TaskState.APPROVED.value or scheme.sheet_id or scheme.approval_entered_by:
            schemes.sent_back(task, reason=reason, actor=actor, now=now)
            audit.record("scheme.returned", actor=actor, at=now, body={"task": task.number, "reason": reason})
    return numbers


def move_shares(*, old_id: int, new_id: int) -> None:
    """Let the shares of tasks in the area of a station that closed be in its successor's (任务分工随辖区)."""
    WorkShare.objects.filter(area=old_id, task__state__in=UNDRAWN).update(area=new_id)
