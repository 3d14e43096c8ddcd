"""Questions on findings and follow-ups; what is shown starts from the actor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.followup import permissions
from fairdraw.followup.models import FollowUp
from fairdraw.followup.states import FollowUpState
from fairdraw.inspections.models import Inspection
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound


def visible_followups(actor: Actor) -> QuerySet[FollowUp]:
    """The follow-ups of the agencies in the actor's scope, the earliest due first."""
    rows = FollowUp.objects.select_related(
        "finding__inspection__target", "finding__inspection__task", "owner"
    )
    rows = rows.order_by("due_on", "pk")
    return rows if actor.trusted else rows.filter(accounts.within_scopes(actor, "owner__path"))


def open_followups(actor: Actor) -> QuerySet[FollowUp]:
    """The follow-ups that have not come to their end."""
    return visible_followups(actor).exclude(state=FollowUpState.CLOSED.value)


def overdue(actor: Actor, *, on: dt.date) -> QuerySet[FollowUp]:
    """The follow-ups whose deadline has passed."""
    return open_followups(actor).filter(due_on__lt=on)


def for_update(ids: Iterable[int]) -> list[FollowUp]:
    """The follow-ups with *ids*, locked in the order of their ids."""
    wanted = sorted(set(ids))
    found: list[FollowUp] = []
    for start in range(0, len(wanted), 500):
        rows = FollowUp.objects.select_for_update(of=("self",)).filter(pk__in=wanted[start : start + 500])
        found += rows.select_related("owner", "finding__inspection").order_by("pk")
    if len(found) != len(wanted):
        raise NotFound(_("其中有后续处置不存在"))
    return found


def without_finding(actor: Actor) -> QuerySet[Inspection]:
    """Reviewed records with a problem for which nothing was opened: K4 misses them, so they are listed (N05)."""
    rows = Inspection.objects.filter(
        problem=True, findings__isnull=True, state__in=[s.value for s in permissions.REVIEWED]
    ).order_by("due_on", "pk")
    return rows if actor.trusted else rows.filter(accounts.within_scopes(actor, "agency__path"))
