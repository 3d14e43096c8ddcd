"""Steps of the annual plan (报审、备案、公布、调整、结束): publishing it also tells the public."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import forms, services
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import NotFound
from fairdraw.kernel.text import gettext_noop
from fairdraw.plans import permissions
from fairdraw.plans import selectors as plans
from fairdraw.plans.states import PlanMove
from fairdraw.ui import pages
from fairdraw.ui.pages import posted

TITLES = {
    PlanMove.SUBMIT: gettext_noop("提交审核年度计划"),
    PlanMove.FILE: gettext_noop("备案年度计划"),
    PlanMove.PUBLISH: gettext_noop("公布年度计划"),
    PlanMove.AMEND: gettext_noop("公布调整后的年度计划"),
    PlanMove.CLOSE: gettext_noop("结束年度计划"),
}


@door(Duty.OFFICE, Duty.LEADER)
@require_http_methods(["GET", "POST"])
def move(request: OfficerRequest, year: int, step: str) -> HttpResponse:
    """Take the plan of *year* one step on; asks once more, naming the rows."""
    plan = plans.annual_plan(accounts.root(), year)
    if plan is None or step not in {m.value for m in PlanMove}:
        raise NotFound(_("没有这份年度计划"))
    step_asked = PlanMove(step)
    permissions.can_move_plan(request.actor, plan, step_asked).require()
    form = forms.PlanStep(posted(request), move=step)
    context = {
        "title": _(TITLES[step_asked]),
        "plan": plan,
        "step": step,
        "rows": plans.current_versions(plan).count(),
        "held": plans.held_rows(plan).count(),
        "public": step_asked in {PlanMove.PUBLISH, PlanMove.AMEND},
    }
    if request.method == "GET":
        return render(request, "desk/plan_move.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/plan_move.html", form, **context)
    services.move_plan(
        plan=plan,
        move=step_asked,
        document_number=form.cleaned_data.get("document_number", ""),
        issued_on=form.cleaned_data.get("issued_on"),
        reason=form.cleaned_data.get("reason", ""),
        actor=request.actor,
        now=clock.now(),
    )
    messages.success(request, _("已办理：%(what)s") % {"what": _(TITLES[step_asked])})
    return redirect("plans:plan", year)
