"""
Units and accounts (系统管理：单位、账号与任职). The system administrator keeps units and accounts, the security
administrator duties and locks; the audit administrator and auditors look on.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.accounts import forms, passwords, permissions, selectors, services, shown
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import RuleBroken
from fairdraw.ui import pages
from fairdraw.ui.parts import Column

UNIT_COLUMNS = (
    Column(gettext_lazy("名称")),
    Column(gettext_lazy("类型")),
    Column(gettext_lazy("代码")),
    Column(gettext_lazy("机关代字")),
    Column(gettext_lazy("联系电话")),
    Column(gettext_lazy("在任人数"), numeric=True),
    Column(gettext_lazy("操作"), kind="ops"),
)
PEOPLE_COLUMNS = (
    Column(gettext_lazy("账号")),
    Column(gettext_lazy("姓名")),
    Column(gettext_lazy("今天的任职")),
    Column(gettext_lazy("状态")),
    Column(gettext_lazy("开通时间")),
    Column(gettext_lazy("最近登录")),
)
DUTY_COLUMNS = (
    Column(gettext_lazy("职责")),
    Column(gettext_lazy("单位")),
    Column(gettext_lazy("第一天")),
    Column(gettext_lazy("最后一天")),
    Column(gettext_lazy("状态")),
    Column(gettext_lazy("操作"), kind="ops"),
)
KEEPERS = (Duty.SYSTEM_ADMIN, Duty.SECURITY_ADMIN)
LOOKERS = (*KEEPERS, Duty.AUDIT_ADMIN, Duty.AUDITOR)


@door(*LOOKERS)
@require_GET
def units(request: OfficerRequest) -> HttpResponse:
    """The tree of units (单位)."""
    context = {
        "title": _("单位"),
        "columns": UNIT_COLUMNS,
        "lines": shown.units(on=clock.today()),
        "verdict": permissions.can_keep_units(request.actor),
    }
    return render(request, "accounts/units.html", context)


@door(Duty.SYSTEM_ADMIN)
@require_http_methods(["GET", "POST"])
def new_unit(request: OfficerRequest) -> HttpResponse:
    """Add a section, a station or a department (新增单位)."""
    permissions.can_keep_units(request.actor).require()
    form = forms.NewUnit(pages.posted(request))
    context = {"title": _("新增单位"), "label": _("新增"), "back": "accounts:units"}
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_unit(**form.cleaned_data, actor=request.actor, now=clock.now())
        except services.Taken as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已新增 %(name)s，代码 %(code)s") % vars(made))
            return redirect("accounts:units")
    return _asked(request, form, context)


@door(Duty.SYSTEM_ADMIN)
@require_http_methods(["GET", "POST"])
def unit(request: OfficerRequest, pk: int) -> HttpResponse:
    """Change short name, prefix and telephone of a unit (修改单位)."""
    permissions.can_keep_units(request.actor).require()
    held = selectors.unit(pk)
    form = forms.ReviseUnit(
        pages.posted(request), initial={name: getattr(held, name) for name in forms.ReviseUnit.base_fields}
    )
    context = {
        "title": _("修改 %(name)s") % {"name": held.name},
        "label": _("保存"),
        "back": "accounts:units",
    }
    if request.method == "POST" and form.is_valid():
        services.revise_agency(agency_id=pk, **form.cleaned_data, actor=request.actor, now=clock.now())
        messages.success(request, _("%(name)s 已修改") % {"name": held.name})
        return redirect("accounts:units")
    return _asked(request, form, context)


@door(Duty.SYSTEM_ADMIN)
@require_http_methods(["GET", "POST"])
def rename(request: OfficerRequest, pk: int) -> HttpResponse:
    """Give a unit a new name by a document (单位更名); files that still write the old one mean the unit."""
    permissions.can_keep_units(request.actor).require()
    held = selectors.unit(pk)
    form = forms.RenameUnit(pages.posted(request))
    context = {
        "title": _("%(name)s更名") % {"name": held.name},
        "label": _("更名"),
        "back": "accounts:units",
    }
    if request.method == "POST" and form.is_valid():
        try:
            made = services.rename_agency(
                agency_id=pk, **form.cleaned_data, actor=request.actor, now=clock.now()
            )
        except services.Taken as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(
                request, _("已更名为 %(name)s；曾用名仍可在导入文件中使用") % {"name": made.name}
            )
            return redirect("accounts:units")
    return _asked(request, form, context)


def _asked(request: OfficerRequest, form: Any, context: dict[str, Any]) -> HttpResponse:
    if request.method == "GET":
        return render(request, "accounts/form.html", {**context, "form": form})
    return pages.again(request, "accounts/form.html", form, **context)


@door(*LOOKERS)
@require_GET
def people(request: OfficerRequest) -> HttpResponse:
    """The accounts with what they hold today (账号与任职)."""
    form = forms.AccountSearch(request.GET or None, units=shown.unit_choices(), duties=shown.duty_choices())
    today = clock.today()
    page = pages.page_of(shown.accounts(form.asked(), on=today), request.GET, size=50)
    context = {
        "title": _("账号与任职"),
        "filter_form": form,
        "columns": PEOPLE_COLUMNS,
        "page": page,
        "lines": shown.account_lines(page, on=today),
        "verdict": permissions.can_open_accounts(request.actor),
    }
    return pages.show(request, "accounts/people.html", "accounts/_people.html", context)


@door(Duty.SYSTEM_ADMIN)
@never_cache
@require_http_methods(["GET", "POST"])
def new_person(request: OfficerRequest) -> HttpResponse:
    """Open an account; its first password is shown once (开通账号)."""
    permissions.can_open_accounts(request.actor).require()
    form = forms.NewAccount(pages.posted(request))
    context = {"title": _("开通账号"), "label": _("开通"), "back": "accounts:people"}
    if request.method == "POST" and form.is_valid():
        given = passwords.first_password()
        try:
            user = services.create_user(
                **form.cleaned_data, password=given, first_password=True, actor=request.actor, now=clock.now()
            )
        except services.Taken as refused:
            form.add_error("username", str(refused))
        else:
            return _password_once(request, user, given, _("账号已开通"))
    return _asked(request, form, context)


def _password_once(request: OfficerRequest, user: shown.User, given: str, title: str) -> HttpResponse:
    context = {"title": title, "account": user, "password": given}
    return render(request, "accounts/password_once.html", context)


@door(*LOOKERS)
@require_GET
def person(request: OfficerRequest, pk: int) -> HttpResponse:
    """One account: its duties past and to come, and what can be done with it (账号)."""
    return render(request, "accounts/person.html", _person(request, pk))


def _person(request: OfficerRequest, pk: int) -> dict[str, Any]:
    user, today = selectors.user(pk), clock.today()
    lines = shown.duties(user, on=today)
    word, tone = shown.state(user, any(line.tone == "success" for line in lines))
    keeps = permissions.can_keep_duties(request.actor, user)
    return {
        "title": user.name,
        "account": user,
        "word": word,
        "tone": tone,
        "columns": DUTY_COLUMNS,
        "lines": lines,
        "may_end": keeps,
        "may_grant": keeps or permissions.can_name_first_security_admin(request.actor, user, on=today),
        "may_lock": permissions.can_lock(request.actor, user),
        "may_reset": permissions.can_reset_password(request.actor, user),
    }


@door(*KEEPERS)
@require_http_methods(["GET", "POST"])
def give_duty(request: OfficerRequest, pk: int) -> HttpResponse:
    """Give a duty from a day to a day (任职)."""
    user, today = selectors.user(pk), clock.today()
    keeps = permissions.can_keep_duties(request.actor, user)
    duties = shown.duty_choices()
    if not keeps:
        permissions.can_name_first_security_admin(request.actor, user, on=today).require()
        duties = [pair for pair in duties if pair[0] == Duty.SECURITY_ADMIN]
    form = forms.GiveDuty(
        pages.posted(request), units=shown.unit_choices(), duties=duties, initial={"starts_on": today}
    )
    context = {"title": _("%(name)s 任职") % {"name": user.name}, "label": _("任职"), "account": user}
    if request.method == "POST" and form.is_valid():
        try:
            services.grant(
                user=user,
                agency=selectors.unit(int(form.cleaned_data["agency"])),
                duty=form.cleaned_data["duty"],
                starts_on=form.cleaned_data["starts_on"],
                ends_on=form.ends_on,
                actor=request.actor,
                now=clock.now(),
            )
        except RuleBroken as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("任职已登记"))
            return redirect("accounts:person", pk)
    return _asked(request, form, context)


@door(Duty.SECURITY_ADMIN)
@require_http_methods(["GET", "POST"])
def end_duty(request: OfficerRequest, pk: int, membership: int) -> HttpResponse:
    """Let a duty end with a day (免职)."""
    held = selectors.membership(pk, membership)
    permissions.can_keep_duties(request.actor, held.user).require()
    form = forms.EndDuty(pages.posted(request), initial={"last_day": clock.today()})
    words = {"name": held.user.name, "agency": held.agency.name, "duty": held.get_duty_display()}
    context = {
        "title": _("结束 %(name)s 在%(agency)s的任职：%(duty)s") % words,
        "label": _("结束任职"),
        "account": held.user,
        "danger": True,
    }
    if request.method == "POST" and form.is_valid():
        try:
            services.end_membership(
                membership_id=membership, ends_on=form.ends_on, actor=request.actor, now=clock.now()
            )
        except RuleBroken as refused:
            form.add_error("last_day", str(refused))
        else:
            messages.success(request, _("任职的最后一天已登记"))
            return redirect("accounts:person", pk)
    return _asked(request, form, context)


@door(Duty.SYSTEM_ADMIN)
@never_cache
@require_http_methods(["GET", "POST"])
def reset_password(request: OfficerRequest, pk: int) -> HttpResponse:
    """Give an account a new first password, shown once (重设密码)."""
    user = selectors.user(pk)
    permissions.can_reset_password(request.actor, user).require()
    if request.method == "GET":
        return _sure(
            request,
            user,
            _("重设 %(name)s 的密码") % {"name": user.name},
            _("重设密码"),
            _("原来的密码立刻失效，已登录的退出。新密码只显示一次，本人登录后须先改掉。"),
        )
    given = passwords.first_password()
    services.reset_password(user_id=pk, password=given, actor=request.actor, now=clock.now())
    return _password_once(request, user, given, _("密码已重设"))


@door(Duty.SECURITY_ADMIN)
@require_http_methods(["GET", "POST"])
def lock(request: OfficerRequest, pk: int) -> HttpResponse:
    """Lock an account out (锁定)."""
    user = selectors.user(pk)
    permissions.can_lock(request.actor, user).require()
    if request.method == "GET":
        return _sure(
            request,
            user,
            _("锁定 %(name)s 的账号") % {"name": user.name},
            _("锁定"),
            _("立刻生效，已登录的退出。任职不变；进行中的抽取如果缺这个人，按期限处理。"),
        )
    services.lock_account(user_id=pk, actor=request.actor, now=clock.now())
    messages.success(request, _("账号已锁定"))
    return redirect("accounts:person", pk)


@door(Duty.SECURITY_ADMIN)
@require_http_methods(["GET", "POST"])
def unlock(request: OfficerRequest, pk: int) -> HttpResponse:
    """Let an account in again, also after too many wrong passwords (解锁)."""
    user = selectors.user(pk)
    permissions.can_lock(request.actor, user).require()
    if request.method == "GET":
        return _sure(
            request,
            user,
            _("解锁 %(name)s 的账号") % {"name": user.name},
            _("解锁"),
            _("可以再次登录；连续输错密码的计数也清零。"),
        )
    services.unlock_account(user_id=pk, actor=request.actor, now=clock.now())
    messages.success(request, _("账号已解锁"))
    return redirect("accounts:person", pk)


def _sure(
    request: OfficerRequest, user: shown.User, title: str, label: str, consequence: str
) -> HttpResponse:
    context = {"title": title, "label": label, "account": user, "consequence": consequence}
    return render(request, "accounts/sure.html", context)
