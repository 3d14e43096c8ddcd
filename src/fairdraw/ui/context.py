"""
What every page knows without being told: menu, person, installation, type size, today (页面外壳).

The shell stands below the stages. ``accounts`` tells it who is signed in and what the installation is
for, by registering two functions from its ``apps.ready()``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from fairdraw.kernel import clock
from fairdraw.ui import menu
from fairdraw.ui.parts import Installation, Person

SIZE_COOKIE = "fairdraw_size"
SIZES = ("normal", "large")

FOOTER_DEFAULTS: dict[str, str] = {
    "organiser": "",  # 主办单位
    "contact": "",  # 联系方式
    "address": "",  # 地址
    "site_code": "",  # 网站标识码
    "icp": "",  # ICP 备案号
    "police_record": "",  # 公安备案号
    "error_report_url": "",  # 我为政府网站找错
    "party_mark_url": "",  # 党政机关网站标识
    "sitemap_url": "",  # 站点地图
}


def _nobody(request: HttpRequest) -> Person | None:
    actor = getattr(request, "actor", None)
    return Person(name=actor.name) if actor is not None else None


def _unnamed(request: HttpRequest) -> object:
    return Installation()


_person: Callable[[HttpRequest], Person | None] = _nobody
_installation: Callable[[HttpRequest], object] = _unnamed


def person_from(source: Callable[[HttpRequest], Person | None]) -> None:
    """Ask *source* who is signed in; it answers ``None`` for the public."""
    global _person
    _person = source


def installation_from(source: Callable[[HttpRequest], object]) -> None:
    """Ask *source* what the installation is for: attributes of :class:`parts.Installation`."""
    global _installation
    _installation = source


def size_of(request: HttpRequest) -> str:
    """The type size that the visitor chose: ``normal``, or ``large`` (关怀版)."""
    chosen = request.COOKIES.get(SIZE_COOKIE, "")
    return chosen if chosen in SIZES else "normal"


def _once(make: Callable[[], str]) -> Callable[[], str]:
    return functools.cache(make)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor of every page."""
    actor = getattr(request, "actor", None)
    return {
        "menu": SimpleLazyObject(lambda: menu.visible(actor, request.path) if actor is not None else []),
        "menu_lines": _once(
            lambda: menu.lines(menu.visible(actor, request.path)) if actor is not None else ""
        ),
        "person": SimpleLazyObject(lambda: _person(request) or Person(name="")),
        "installation": SimpleLazyObject(lambda: _installation(request) or Installation()),
        "signed_in": actor is not None,
        "size": size_of(request),
        "today": clock.today(),
        "footer": FOOTER_DEFAULTS | dict(getattr(settings, "PORTAL_FOOTER", {})),
    }
