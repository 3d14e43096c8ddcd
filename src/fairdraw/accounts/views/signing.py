"""
The door of the house: signing in and out (登录、退出).

In a practice installation, and only to somebody who sits at this very machine, the practice accounts are
listed; one press signs in as one of them.
"""

from __future__ import annotations

import ipaddress

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from fairdraw.accounts import practice, shell
from fairdraw.accounts.doors import public_door
from fairdraw.accounts.forms import SignIn
from fairdraw.kernel.errors import NotFound
from fairdraw.ui import pages

BACKEND = "django.contrib.auth.backends.ModelBackend"


@public_door
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in form (登录)."""
    if request.method == "GET":
        if getattr(request, "actor", None) is not None:
            return redirect(_onward(request))
        return render(request, "accounts/login.html", _context(request, SignIn()))
    form = SignIn(request.POST)
    if form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if user is not None:
            login(request, user)
            return redirect(_onward(request))
        form.add_error(None, _("账号或密码不正确；连续输错5次将锁定30分钟"))
    context = _context(request, form)
    return pages.again(
        request, "accounts/login.html", form, **{k: v for k, v in context.items() if k != "form"}
    )


@public_door
@never_cache
@require_POST
def practise(request: HttpRequest) -> HttpResponse:
    """Sign in as a practice account: in a rehearsal and from this machine alone (练习账号)."""
    user = practice.account(request.POST.get("username", "")) if _may_practise(request) else None
    if user is None:
        raise NotFound(_("没有这个练习账号"))
    login(request, user, backend=BACKEND)
    return redirect(_onward(request))


@public_door
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave (退出)."""
    logout(request)
    return redirect("accounts:login")


def _context(request: HttpRequest, form: SignIn) -> dict[str, object]:
    return {
        "title": _("登录"),
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "units": practice.units() if _may_practise(request) else [],
    }


def _may_practise(request: HttpRequest) -> bool:
    installed = shell.installation(request)
    return installed is not None and installed.rehearsal and is_loopback(request)


def is_loopback(request: HttpRequest) -> bool:
    """Whether the request comes from this machine itself, not through a proxy on it."""
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP")):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _onward(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe else resolve_url("desk:workbench")
