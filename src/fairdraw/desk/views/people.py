"""One inspector (检查人员): declared relations (利害关系) and absences (请假), entered by the inspector's unit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import change_forms, people, staff, staff_forms
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.registers import inspectors as registers
from fairdraw.registers import permissions
from fairdraw.registers.inspectors import InspectorRefused
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import OPERATIONS, Column

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
        "marks": staff.marks(
            person,
            away=staff.absent_codes([person], today=clock.today()).get(code),
            today=clock.today(),
        ),
        "certificates": staff.certificates(person),
        "changes": staff.changes(person),
        "may_keep": permissions.can_keep_registers(request.actor),
        "today": clock.today(),
        "interest_columns": (
            Column(_("检查对象")),
            Column(_("利害关系")),
            Column(_("登记日期")),
            OPERATIONS,
        ),
        "absence_columns": (
            Column(_("开始日期")),
            Column(_("结束日期")),
            Column(_("类别")),
            Column(_("事由")),
            OPERATIONS,
        ),
        "certificate_columns": (Column(_("资格")), Column(_("证号")), Column(_("有效期至"))),
        "change_columns": (
            Column(_("时间")),
            Column(_("项目")),
            Column(_("变更前")),
            Column(_("变更后")),
            Column(_("经办人")),
        ),
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
    """Enter days on which the inspector is away (登记缺勤): leave, secondment, other duties."""
    person = people.inspector(request.actor, code)
    permissions.can_declare(request.actor, person.agency).require()
    form = staff_forms.Absence(posted(request))
    context = {"title": _("登记缺勤"), "inspector": person}
    if request.method == "GET":
        return render(request, "desk/absence.html", {**context, "form": form})
    if form.is_valid():
        try:
            registers.enter_absence(
                inspector=person,
                starts_on=form.cleaned_data["first"],
                ends_on=form.ends_on,
                reason=form.cleaned_data["reason"],
                kind=form.cleaned_data["kind"],
                actor=request.actor,
                now=clock.now(),
            )
        except InspectorRefused as refused:
            form.add_error("first", str(refused))
        else:
            messages.success(request, _("缺勤已登记，期间开始的任务、缺勤满一半日数的任务都不会选派"))
            return redirect("desk:inspector", code)
    return pages.again(request, "desk/absence.html", form, **context)


@door(*KEEPERS)
@require_http_methods(["GET", "POST"])
def back(request: OfficerRequest, code: str, pk: int) -> HttpResponse:
    """Change the day on which the inspector is back (提前返岗、延长、作废)."""
    person = people.inspector(request.actor, code)
    permissions.can_declare(request.actor, person.agency).require()
    held = people.absence(person, pk)
    form = staff_forms.Back(posted(request), initial={"back_on": held.ends_on})
    context = {"title": _("更改缺勤"), "inspector": person, "absence": held}
    if request.method == "GET":
        return render(request, "desk/absence_back.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/absence_back.html", form, **context)
    left = registers.end_absence(
        absence=held, back_on=form.cleaned_data["back_on"], actor=request.actor, now=clock.now()
    )
    messages.success(request, _("返岗日期已更改") if left else _("这条缺勤已作废"))
    return redirect("desk:inspector", code)


@door(*KEEPERS)
@require_http_methods(["GET", "POST"])
def withdraw(request: OfficerRequest, code: str, pk: int) -> HttpResponse:
    """Take a relation off that no longer holds (解除回避事由), with the reason."""
    person = people.inspector(request.actor, code)
    permissions.can_declare(request.actor, person.agency).require()
    held = people.interest(person, pk)
    form = staff_forms.Reason(posted(request))
    context = {"title": _("解除回避事由"), "inspector": person, "interest": held}
    if request.method == "GET":
        return render(request, "desk/interest_off.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/interest_off.html", form, **context)
    registers.withdraw_interest(
        interest=held, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now()
    )
    messages.success(request, _("已解除，今后抽取时可以派往“%(name)s”") % {"name": held.target.name})
    return redirect("desk:inspector", code)
