"""
What the shell of every page asks accounts: who is signed in, and what this copy is for (页面外壳).
"""

from __future__ import annotations

from django.http import HttpRequest

from fairdraw.accounts import selectors
from fairdraw.accounts.models import DUTY_LABELS, Agency, Installation
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.ui import parts


def person(request: HttpRequest) -> parts.Person | None:
    """The signed-in person with the agency and duties of today; ``None`` for the public."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return None
    duties = dict.fromkeys(grant.duty for grant in actor.grants)
    return parts.Person(
        name=actor.name,
        agency="、".join(agency.name for agency in own_agencies(request)),
        duties=tuple(str(DUTY_LABELS[Duty(duty)]) for duty in duties),
    )


def own_agencies(request: HttpRequest) -> list[Agency]:
    """The agencies in which the signed-in person holds a duty, asked once a request."""
    if not hasattr(request, "_fairdraw_agencies"):
        actor: Actor | None = getattr(request, "actor", None)
        ids = {grant.agency_id for grant in actor.grants} if actor else set()
        request._fairdraw_agencies = list(Agency.objects.filter(pk__in=ids).order_by("path"))  # type: ignore[attr-defined]
    found: list[Agency] = request._fairdraw_agencies  # type: ignore[attr-defined]
    return found


def installation(request: HttpRequest) -> Installation | None:
    """What this database is for, asked once a request."""
    if not hasattr(request, "_fairdraw_installation"):
        request._fairdraw_installation = selectors.installation()  # type: ignore[attr-defined]
    found: Installation | None = request._fairdraw_installation  # type: ignore[attr-defined]
    return found
