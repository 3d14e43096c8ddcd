"""Follow-ups (后续处置; N05): each problem with its owner, measure, document, deadline and end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.accounts.doors import WORK, OfficerRequest, door
from fairdraw.desk import bulk, forms, record
from fairdraw.desk.views import inspections as inspection_doors
from fairdraw.followup import permissions
from fairdraw.followup import selectors as followups
from fairdraw.followup import services as verbs
from fairdraw.followup.states import FollowUpState
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import InvalidInput, NotFound
from fairdraw.rulebook import selectors as rulebook
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import Tab


@door(*WORK)
@require_GET
def followup_list(request: OfficerRequest) -> HttpResponse:
    """The follow-ups of one's scope (后续处置)."""
    asked = request.GET.get("due", "")
    today = clock.today()
    everything = followups.visible_followups(request.actor)
    waiting = followups.open_followups(request.actor)
    late = followups.overdue(request.actor, on=today)
    rows = {"overdue": late, "all": everything}.get(asked, waiting)
    context = {
        "title": _("后续处置"),
        "tabs": [
            Tab(_("办理中"), "?", asked not in {"overdue", "all"}, waiting.count()),
            Tab(_("逾期"), "?due=overdue", asked == "overdue", late.count()),
            Tab(_("全部"), "?due=all", asked == "all"),
        ],
        **inspection_doors.followup_list(request, rows),
    }
    return pages.show(request, "desk/followups.html", "desk/_followups.html", context)


@door(*WORK)
@require_GET
def followup(request: OfficerRequest, pk: int) -> HttpResponse:
    """One problem: where it was found, what is done about it, by when."""
    row = _row(request, pk)
    [line] = record.followup_lines(request.actor, [row], on=clock.today())
    return render(
        request,
        "desk/followup.html",
        {"title": _("后续处置"), "row": row, "line": line, "closed": row.state == FollowUpState.CLOSED.value},
    )


def _row(request: OfficerRequest, pk: int) -> Any:
    row = followups.visible_followups(request.actor).filter(pk=pk).first()
    if row is None:
        raise NotFound(_("没有这项后续处置，或不在您的职责范围内"))
    return row


@door(Duty.INSPECTOR, Duty.CLERK, Duty.LEADER)
@require_http_methods(["GET", "POST"])
def start(request: OfficerRequest, pk: int) -> HttpResponse:
    """Choose the measure and number its document (启动后续处置)."""
    row = _row(request, pk)
    bulk.can_start(request.actor, row).require()
    measures = [
        (m.code, m.label)
        for m in rulebook.measures(clock.today()).values()
        if m.for_problem and m.code in verbs.MOVE_OF_MEASURE
    ]
    first = {"measure": row.finding.inspection.measure}
    form = forms.StartFollowUp(posted(request), measures=measures, initial=first)
    context = {"title": _("选择处置措施"), "row": row}
    if request.method == "GET":
        return render(request, "desk/followup_start.html", {**context, "form": form})
    if form.is_valid():
        choice = (row.pk, form.cleaned_data["measure"], form.cleaned_data["document"])
        try:
            verbs.start([choice], actor=request.actor, now=clock.now())
        except InvalidInput as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已启动后续处置"))
            return redirect("desk:followup", row.pk)
    return pages.again(request, "desk/followup_start.html", form, **context)


@door(Duty.INSPECTOR, Duty.CLERK, Duty.LEADER)
@require_http_methods(["GET", "POST"])
def step(request: OfficerRequest, pk: int, step: str) -> HttpResponse:
    """Take a follow-up one step on: correction reported, rechecked, closed (报送整改、复查、完结)."""
    row = _row(request, pk)
    if step not in bulk.FOLLOWUP_STEPS:
        raise NotFound(_("没有这一步"))
    move, title = bulk.FOLLOWUP_STEPS[step]
    permissions.can_move(request.actor, row, move).require()
    form = (forms.CloseFollowUp if step == "close" else forms.Nothing)(posted(request))
    context = {"title": _(title), "row": row, "step": step}
    if request.method == "GET":
        return render(request, "desk/followup_step.html", {**context, "form": form})
    if step == "close" and not form.is_valid():
        return pages.again(request, "desk/followup_step.html", form, **context)
    how = form.cleaned_data["how"] if step == "close" else ""
    verbs.move([row.pk], move, how=how, actor=request.actor, now=clock.now())
    messages.success(request, _("已登记：%(what)s") % {"what": _(title)})
    return redirect("desk:followup", row.pk)
