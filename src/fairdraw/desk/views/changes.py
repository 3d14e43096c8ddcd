"""
Changes after the draw (递补、更换检查人员): a leader states a verified reason and confirms; the seed names who follows.
"""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import change_forms, changes, draw_page
from fairdraw.desk.views.given import ask_again
from fairdraw.draws import permissions, rules, supplementing
from fairdraw.inspections import replacing
from fairdraw.inspections import selectors as inspections
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import Column


@door(Duty.LEADER)
@require_http_methods(["GET", "POST"])
def replace_target(request: OfficerRequest, number: str) -> HttpResponse:
    """Take a target out that cannot be there; the next rank moves up (递补)."""
    row = inspections.inspection(request.actor, number)
    so_far = changes.require_change(request.actor, row).get(row.task.number)
    form = change_forms.ReplaceTarget(posted(request), reasons=changes.reasons(rules.REPLACEABLE))
    context = {"title": _("替换对象"), "row": row, "so_far": so_far, "draw": replacing.draw_of(row)}
    if request.method == "GET":
        return render(request, "desk/replace_target.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/replace_target.html", form, **context)
    reason = form.cleaned_data["reason"]
    if request.POST.get("sure") != "1":
        return ask_again(
            request, form, title=_("替换对象"), lines=changes.target_lines(row, reason), label=_("确认替换")
        )
    opened = replacing.replace_target(
        inspection_id=row.pk, reason=reason, actor=request.actor, now=clock.now()
    )
    own = next((new for new in opened if new.agency_id == row.agency_id), opened[0])
    messages.success(
        request, _("“%(left)s”已移出，由“%(now)s”递补") % {"left": row.target.name, "now": own.target.name}
    )
    return redirect("desk:inspection", own.number)


@door(Duty.LEADER)
@require_http_methods(["GET", "POST"])
def relieve_inspector(request: OfficerRequest, number: str) -> HttpResponse:
    """Let an inspector go who is away or must step aside; the rule names who follows (更换检查人员、回避)."""
    row = inspections.inspection(request.actor, number)
    so_far = changes.require_change(request.actor, row).get(row.task.number)
    form = change_forms.RelieveInspector(
        posted(request), inspectors=changes.seats(row), reasons=changes.reasons(rules.AWAY)
    )
    context = {"title": _("更换检查人员"), "row": row, "so_far": so_far, "draw": replacing.draw_of(row)}
    if request.method == "GET":
        return render(request, "desk/relieve.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/relieve.html", form, **context)
    given = form.cleaned_data
    if request.POST.get("sure") != "1":
        lines = changes.inspector_lines(row, given["inspector"], given["reason"])
        return ask_again(request, form, title=_("更换检查人员"), lines=lines, label=_("确认更换"))
    relieved = replacing.relieve_inspector(
        inspection_id=row.pk,
        inspector=given["inspector"],
        reason=given["reason"],
        actor=request.actor,
        now=clock.now(),
    )
    messages.success(request, changes.told(relieved))
    return redirect("desk:inspection", number)


@door(Duty.LEADER)
@require_http_methods(["GET", "POST"])
def supplement(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Add everybody who may go, when nobody is left who can follow (补充检查人员)."""
    draw = draw_page.visible(request.actor, draw_id)
    permissions.can_replace(request.actor, draw, needs_higher=False).require()
    target, now = request.GET.get("target", ""), clock.now()
    people = changes.supplement(draw, now=now)
    if request.method == "POST":
        added = supplementing.supplement_inspectors(
            draw_id=draw.pk, target=target, actor=request.actor, now=now
        )
        messages.success(request, _("已补充检查人员%(n)s名，请重新办理更换") % {"n": len(added)})
        return redirect("desk:draw", draw.pk)
    columns = (Column(_("姓名")), Column(_("单位")), Column(_("执法证号")))
    context = {"title": _("补充检查人员"), "draw": draw, "people": people, "columns": columns}
    return render(request, "desk/supplement.html", context)
