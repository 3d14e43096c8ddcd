"""Calling systems (系统管理：接口授权): let in with a secret shown once, shut out at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.accounts import forms, passwords, permissions, selectors, services, shown
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.accounts.views.administration import LOOKERS
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import Column

COLUMNS = (
    Column(gettext_lazy("调用方")),
    Column(gettext_lazy("单位")),
    Column(gettext_lazy("职责")),
    Column(gettext_lazy("状态")),
    Column(gettext_lazy("授权时间")),
    Column(gettext_lazy("停用时间")),
    Column(gettext_lazy("操作"), kind="ops"),
)


@door(*LOOKERS)
@require_GET
def tokens(request: OfficerRequest) -> HttpResponse:
    """Every calling system, those shut out included (接口授权)."""
    context = {
        "title": _("接口授权"),
        "columns": COLUMNS,
        "lines": shown.tokens(),
        "verdict": permissions.can_keep_tokens(request.actor),
    }
    return render(request, "accounts/tokens.html", context)


@door(Duty.SECURITY_ADMIN)
@never_cache
@require_http_methods(["GET", "POST"])
def new_token(request: OfficerRequest) -> HttpResponse:
    """Let a calling system in; its secret is shown once (授权接口)."""
    permissions.can_keep_tokens(request.actor).require()
    form = forms.NewToken(posted(request), units=shown.unit_choices(), duties=shown.duty_choices())
    context = {"title": _("授权接口"), "label": _("授权"), "back": "accounts:tokens"}
    if request.method == "POST" and form.is_valid():
        secret = passwords.token_secret()
        made = services.issue_token(
            name=form.cleaned_data["name"],
            agency=selectors.unit(int(form.cleaned_data["agency"])),
            duties=form.cleaned_data["duties"],
            secret=secret,
            actor=request.actor,
            now=clock.now(),
        )
        once = {"title": _("接口已授权"), "name": made.name, "secret": secret}
        return render(request, "accounts/token_once.html", once)
    if request.method == "GET":
        return render(request, "accounts/form.html", {**context, "form": form})
    return pages.again(request, "accounts/form.html", form, **context)


@door(Duty.SECURITY_ADMIN)
@require_http_methods(["GET", "POST"])
def revoke_token(request: OfficerRequest, pk: int) -> HttpResponse:
    """Shut a calling system out (停用接口)."""
    permissions.can_keep_tokens(request.actor).require()
    line = shown.token(pk)
    if request.method == "GET":
        context = {
            "title": _("停用 %(name)s 的接口") % {"name": line.token.name},
            "label": _("停用"),
            "consequence": _("立刻生效，令牌不能恢复；需要时重新授权。"),
        }
        return render(request, "accounts/sure.html", {**context, "back": "accounts:tokens"})
    services.revoke_token(token_id=pk, actor=request.actor, now=clock.now())
    messages.success(request, _("接口已停用"))
    return redirect("accounts:tokens")
