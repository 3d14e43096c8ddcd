"""Addresses for the tests of the shell: the gallery with somebody signed in, and doors that refuse."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from fairdraw.kernel import errors
from fairdraw.kernel.actor import Actor, Duty, Grant
from fairdraw.ui import urls as ui_urls

PLANNER = Actor(code="u:1", name="李样例", user_id=1, grants=(Grant(Duty.PLANNER, "/1/", 1),))
REFUSALS: dict[str, errors.FairdrawError] = {
    "absent": errors.NotFound("没有这项任务"),
    "forbidden": errors.NotPermitted("只有计划岗可以封存"),
    "broken": errors.RuleBroken("任务尚未审定，不能抽取", code="draws.not-drawable"),
    "invalid": errors.InvalidInput(
        "名单没有导入",
        troubles=(errors.Trouble("不是有效的统一社会信用代码", "名单.xlsx", 12, "统一社会信用代码"),),
    ),
    "far": errors.ExchangeFailed("省级平台没有应答，请稍后再试"),
}


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let the planner in."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.actor = PLANNER
        return view(request, *args, **kwargs)

    return guarded


def as_is(view: Callable[..., Any]) -> Callable[..., Any]:
    return view


@signed_in
def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    raise REFUSALS[kind]


def refuse_public(request: HttpRequest, kind: str) -> HttpResponse:
    raise REFUSALS[kind]


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def closed(request: HttpRequest) -> HttpResponse:
    return redirect_to_login(request.get_full_path(), login_url="/accounts/login/")


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>x")


handler400 = "fairdraw.ui.views.bad_request"
handler403 = "fairdraw.ui.views.permission_denied"
handler404 = "fairdraw.ui.views.page_not_found"
handler500 = "fairdraw.ui.views.server_error"
accounts = ([path("login/", page, name="login"), path("logout/", page, name="logout")], "accounts")
urlpatterns = [
    path("ui/", include((ui_urls.patterns(officer=signed_in, public=as_is), "ui"))),
    path("accounts/", include(accounts)),
    path("refuse/<str:kind>/", refuse),
    path("public/<str:kind>/", refuse_public),
    path("api/<str:kind>/", refuse),
    path("api-broken/", broken),
    path("broken/", broken),
    path("closed/", closed),
    path("plans/", page, name="sample-plans"),
    path("log/", page, name="sample-log"),
]
