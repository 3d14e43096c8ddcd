"""One target kept by hand (检查对象维护): what is said of it, where it belongs, its licences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import profile, target_forms
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.registers import services as registers
from fairdraw.registers.entries import LicenceEntry
from fairdraw.registers.refusals import RefusedAtField
from fairdraw.ui import pages
from fairdraw.ui.pages import posted

KEEPERS = (Duty.OFFICE, Duty.CLERK)


def _answer(
    request: OfficerRequest, form: forms.Form, context: dict[str, Any], act: Callable[[dict[str, Any]], str]
) -> HttpResponse:
    """Show the form, or do what it asks for and go back to the target; a refusal stands at its field."""
    if request.method == "GET":
        return render(request, "desk/target_form.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/target_form.html", form, **context)
    try:
        said = act(form.cleaned_data)
    except RefusedAtField as refused:
        form.add_error(refused.field or None, str(refused))
        return pages.again(request, "desk/target_form.html", form, **context)
    messages.success(request, said)
    return redirect("desk:target", context["target"].draw_code)


@door(*KEEPERS)
@require_http_methods(["GET", "POST"])
def change(request: OfficerRequest, code: str) -> HttpResponse:
    """Change what the directory says of a target (变更检查对象信息)."""
    found = profile.to_keep(request.actor, code)
    form = target_forms.ChangeTarget(posted(request), initial=target_forms.initial(found))
    note = _("信用风险分类由上级下发，代码不能更改；变更只影响今后的抽取，已经封存的名单不变。")

    def act(given: dict[str, Any]) -> str:
        changed = registers.change_target(
            target=found, fields=form.values, reason=given["reason"], actor=request.actor, now=clock.now()
        )
        if not changed:
            return _("没有变化")
        return _("已变更 %(n)s 项；已经封存的抽取不受影响") % {"n": len(changed)}

    return _answer(request, form, {"title": _("变更信息"), "target": found, "note": note}, act)


@door(*KEEPERS)
@require_http_methods(["GET", "POST"])
def move(request: OfficerRequest, code: str) -> HttpResponse:
    """Let a target belong to another station or town from a day on (变更所属)."""
    found = profile.to_keep(request.actor, code)
    stations = {s.code: s for s in accounts.stations()}
    form = target_forms.MoveTarget(
        posted(request),
        initial={
            "station": found.station.code if found.station else "",
            "town": found.town,
            "town_code": found.town_code,
            "on": clock.today(),
        },
        stations=[(s.code, s.name) for s in stations.values()],
    )
    note = _("现属：%(station)s，%(town)s") % {
        "station": found.station or _("不属于任何所"),
        "town": found.town or _("乡镇未登记"),
    }

    def act(given: dict[str, Any]) -> str:
        row = registers.move_target(
            target=found,
            station=stations.get(given["station"]),
            town_code=given["town_code"],
            town=given["town"],
            on=given["on"],
            reason=given["reason"],
            actor=request.actor,
            now=clock.now(),
        )
        return _("所属已变更为 %(place)s") % {"place": row.station or row.town or _("不属于任何所")}

    return _answer(request, form, {"title": _("变更所属"), "target": found, "note": note}, act)


@door(*KEEPERS)
@require_http_methods(["GET", "POST"])
def licence(request: OfficerRequest, code: str) -> HttpResponse:
    """Enter a licence of a target, or renew one (登记许可证)."""
    found = profile.to_keep(request.actor, code)
    form = target_forms.EnterLicence(posted(request))
    note = _("名称和编号相同的许可视为换证，只更新有效期；许可过期后，登记在它上面的标签自动去掉。")

    def act(given: dict[str, Any]) -> str:
        said = {name: value for name, value in given.items() if name != "reason"}
        row = registers.enter_licence(
            target=found,
            entry=LicenceEntry(**said),
            reason=given["reason"],
            actor=request.actor,
            now=clock.now(),
        )
        return _("已登记%(kind)s %(number)s") % {"kind": row.kind, "number": row.number}

    return _answer(request, form, {"title": _("登记许可证"), "target": found, "note": note}, act)
