"""Puts the actor on the request: the signed-in person with today's duties."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from fairdraw.accounts import selectors
from fairdraw.accounts.models import User
from fairdraw.kernel import clock


class ActorMiddleware:
    """``request.actor`` is an :class:`Actor`, or ``None`` for the public."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.actor = (  # type: ignore[attr-defined]
            selectors.actor_of(user, on=clock.today()) if isinstance(user, User) and user.is_active else None
        )
        return self.get_response(request)
