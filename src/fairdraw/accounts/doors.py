"""
Doors: every address says who may open it, and the product refuses to start with one that does not.

``@door()`` lets the bureau's own people in, ``@door(Duty.PLANNER)`` asks for a duty somewhere, ``@door(*WORK)``
for any duty of daily work, in a partner department as well. ``@personal_door`` lets in everybody who is signed in,
to what is about nobody else. ``@token_door`` lets calling systems in, ``@public_door`` is as explicit. A door asks for the duty; the selector behind it asks for the scope. The three
administrators (三员) keep accounts, security and log: no door of daily work opens to them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import FairdrawError, NotFound, NotPermitted
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.ui import refusals

View = Callable[..., HttpResponse]
WORK = selectors.WORK


class OfficerRequest(HttpRequest):
    """A request of somebody who is signed in."""

    actor: Actor


@dataclass(frozen=True)
class Door:
    """
    Who may open an address: everybody, calling systems, whoever is signed in, or holders of one of the duties.

    Without a duty it is the bureau's own: any duty of daily work, at home in the bureau's tree.
    """

    public: bool
    duties: tuple[Duty, ...] = ()
    token: bool = False
    personal: bool = False

    def verdict(self, actor: Actor) -> Verdict:
        """Whether *actor* may open it; what belongs to the bureau alone does not exist for others."""
        if self.public or self.token or self.personal:
            return ALLOWED
        if not actor.holds_anywhere(*(self.duties or WORK)):
            return Verdict(NotPermitted(_("您的职责不包括这项操作，请联系安全管理员核对任职")))
        if not self.duties and not selectors.is_of_the_bureau(actor):
            return Verdict(NotFound(_("没有这个页面，或不在您的职责范围内")))
        return ALLOWED


class TokenRefused(FairdrawError):
    """The request brings no token of a calling system, or one that is unknown or revoked (401)."""

    code = "accounts.token-refused"
    status = 401


def door(*duties: Duty) -> Callable[[View], View]:
    """Let in people who hold one of *duties* anywhere; none named: the bureau's own people at their daily work."""
    return _guard(Door(public=False, duties=duties))


def personal_door(view: View) -> View:
    """Let in whoever is signed in, to what concerns that person alone (本人事项)."""
    return _guard(Door(public=False, personal=True))(view)


def _guard(asked: Door) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = cast(Actor | None, getattr(request, "actor", None))
            if actor is None:
                return redirect_to_login(request.get_full_path())
            if getattr(actor, "first_password", False) and not asked.personal:
                return redirect("accounts:password")
            asked.verdict(actor).require()
            return view(request, *args, **kwargs)

        guarded.door = asked  # type: ignore[attr-defined]
        return guarded

    return wrap


def token_door(view: View) -> View:
    """
    Let in calling systems that bring their token (接口调用方): ``Authorization: Bearer <secret>``.

    A signed-in person's session opens nothing here, so that no page of another site can act through it;
    for the same reason no form token is asked for.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        actor = selectors.actor_of_token(secret.strip()) if scheme.lower() == "bearer" else None
        if actor is None:
            error = TokenRefused(_("没有接口令牌，或令牌已失效，请联系安全管理员核对接口授权"))
            refused = refusals.problem(error, instance=request.path)
            refused["WWW-Authenticate"] = 'Bearer realm="fairdraw"'
            return refused
        request.actor = actor  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    guarded.door = Door(public=False, token=True)  # type: ignore[attr-defined]
    guarded.csrf_exempt = True  # type: ignore[attr-defined]
    return guarded


def public_door(view: View) -> View:
    """Let everybody in (公开页面)."""

    @functools.wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    opened.door = Door(public=True)  # type: ignore[attr-defined]
    return opened


def addresses(
    patterns: Iterable[URLPattern | URLResolver] | None = None, prefix: str = ""
) -> list[tuple[str, Any]]:
    """Every address of the product with its view, in the order of the resolver."""
    found: list[tuple[str, Any]] = []
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += addresses(entry.url_patterns, route)
        else:
            found.append((route, entry.callback))
    return found


def unguarded() -> list[str]:
    """The addresses that do not say who may open them."""
    return [route for route, view in addresses() if not isinstance(getattr(view, "door", None), Door)]


@register()
def every_address_has_a_door(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse every command while an address does not say who may open it."""
    return [
        Error(
            _("地址 %(route)s 没有声明谁可以打开") % {"route": route},
            hint="@door(...)、@token_door、@public_door",
            id="accounts.E001",
        )
        for route in unguarded()
    ]


def require_doors() -> None:
    """
    Refuse to serve while an address does not say who may open it; called where the server starts.

    Raises:
        ImproperlyConfigured: There is such an address.
    """
    open_to_all = unguarded()
    if open_to_all:
        raise ImproperlyConfigured(
            _("以下地址没有声明谁可以打开，不能启动：%(routes)s") % {"routes": "、".join(open_to_all)}
        )
