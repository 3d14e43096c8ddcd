"""One's own password (修改密码): asked for at the first sign-in, open at any time."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from fairdraw.accounts import selectors, services
from fairdraw.accounts.doors import OfficerRequest, personal_door
from fairdraw.accounts.forms import OwnPassword
from fairdraw.kernel import clock
from fairdraw.ui import pages


@personal_door
@sensitive_post_parameters("present", "new", "again")
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: OfficerRequest) -> HttpResponse:
    """Change one's own password; other sessions of the account end (修改密码)."""
    user = selectors.user(request.actor.user_id or 0)
    context = {"title": _("修改密码"), "is_first": user.first_password}
    if request.method == "GET":
        return render(request, "accounts/password.html", {**context, "form": OwnPassword()})
    form = OwnPassword(request.POST)
    if form.is_valid():
        present = form.cleaned_data["present"]
        if authenticate(request, username=user.username, password=present) is not None:
            changed = services.change_own_password(
                password=form.cleaned_data["new"], actor=request.actor, now=clock.now()
            )
            update_session_auth_hash(request, changed)
            messages.success(request, _("密码已修改，其他地方的登录已退出"))
            return redirect("desk:home")
        form.add_error("present", _("现在的密码不正确；连续输错5次将锁定30分钟"))
    return pages.again(request, "accounts/password.html", form, **context)
