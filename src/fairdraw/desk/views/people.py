"""One inspector (检查人员): declared relations (利害关系) and absences (请假), entered by the inspector's unit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import change_forms, people
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.registers import permissions
from fairdraw.registers import services as registers
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import Column

KEEPERS = (Duty.OFFICE, Duty.PLANNER, Duty.CLERK, Duty.LEADER)


@door(*KEEPERS)
@require_GET
def inspector(request: OfficerRequest, code: str) -> HttpResponse:
    """An inspector with relations, absences, and the visits that they meet."""
    person = people.inspector(request.actor, code)
    permissions.can_declare(request.actor, person.agency).require()
    context = {
        "title": person.name,
        "inspector": person,
        "facts": people.facts(person),
        "interests": people.interests(person),
        "absences": people.absences(person),
        "conflicts": people.conflicts(person),
        "interest_columns": (Column(_("检查对象")), Column(_("利害关系")), Column(_("登记日期"))),
        "absence_columns": (Column(_("开始日期")), Column(_("结束日期")), Column(_("事由"))),
    }
    return render(request, "desk/inspector.html", context)


@door(*KEEPERS)
@require_http_methods(["GET", "POST"])
def interest(request: OfficerRequest, code: str) -> HttpResponse:
    """Enter a relation that keeps the inspector away from a target (登记利害关系)."""
    person = people.inspector(request.actor, code)
    permissions.can_declare(request.actor, person.agency).require()
    form = change_forms.Interest(posted(request))
    context = {"title": _("登记利害关系"), "inspector": person}
    if request.method == "GET":
        return render(request, "desk/interest.html", {**context, "form": form})
    if form.is_valid():
        try:
            target = people.target(form.cleaned_data["target"])
        except people.NoSuchTarget as refused:
            form.add_error("target", str(refused))
        else:
            if people.is_declared(person, target):
                form.add_error("target", _("与这一户的利害关系已经登记"))
    if not form.is_valid():
        return pages.again(request, "desk/interest.html", form, **context)
    registers.declare_interest(
        inspector=person,
        target=target,
        reason=form.cleaned_data["reason"],
        actor=request.actor,
        now=clock.now(),
        on=clock.today(),
    )
    messages.success(request, _("已登记，今后抽取时不会派往“%(name)s”") % {"name": target.name})
    return redirect("desk:inspector", code)


@door(*KEEPERS)
@require_http_methods(["GET", "POST"])
def absence(request: OfficerRequest, code: str) -> HttpResponse:
    """Enter days on which the inspector is away (登记请假)."""
    person = people.inspector(request.actor, code)
    permissions.can_declare(request.actor, person.agency).require()
    form = change_forms.Absence(posted(request))
    context = {"title": _("登记请假"), "inspector": person}
    if request.method == "GET":
        return render(request, "desk/absence.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/absence.html", form, **context)
    registers.enter_absence(
        inspector=person,
        starts_on=form.cleaned_data["first"],
        ends_on=form.ends_on,
        reason=form.cleaned_data["reason"],
        actor=request.actor,
        now=clock.now(),
    )
    messages.success(request, _("请假已登记，期间开始的任务抽取时不会选派"))
    return redirect("desk:inspector", code)
