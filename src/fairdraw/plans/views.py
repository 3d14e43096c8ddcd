"""The annual plan as a page (年度抽查计划): its rows with state and versions, its steps."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import NotFound
from fairdraw.plans import forms, life, permissions, selectors, shown
from fairdraw.plans.states import PLAN_LABELS, PlanState
from fairdraw.ui import pages
from fairdraw.ui.parts import Column, Tab

COLUMNS = (
    Column(gettext_lazy("行"), numeric=True),
    Column(gettext_lazy("任务")),
    Column(gettext_lazy("抽查事项")),
    Column(gettext_lazy("检查对象")),
    Column(gettext_lazy("发起")),
    Column(gettext_lazy("比例或数量")),
    Column(gettext_lazy("时间")),
    Column(gettext_lazy("状态")),
)


@door()
@require_GET
def newest(request: OfficerRequest) -> HttpResponse:
    """The plan of this year, or of the last year that has one."""
    years = selectors.years(accounts.root())
    today = clock.today().year
    year = today if today in years or not years else years[0]
    return redirect("plans:plan", year)


@door()
@require_GET
def plan(request: OfficerRequest, year: int) -> HttpResponse:
    """The plan of one year with every row, held ones with their reason."""
    bureau = accounts.root()
    found = selectors.annual_plan(bureau, year)
    years = selectors.years(bureau)
    tabs = [Tab(_("%(year)s年") % {"year": y}, reverse("plans:plan", args=[y]), y == year) for y in years]
    title = _("%(year)s年度抽查计划") % {"year": year}
    if found is None:
        return render(request, "plans/none.html", {"title": title, "tabs": tabs, "columns": ()})
    form = forms.PlanFilter(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    lines = shown.rows(request.actor, found, text=asked.get("text", ""), state=asked.get("state", ""))
    context = {
        "title": found.title,
        "plan": found,
        "tabs": tabs,
        "state": _(PLAN_LABELS[PlanState(found.state)]),
        "filter_form": form,
        "columns": COLUMNS,
        "lines": lines,
        "counts": shown.counts(found),
        "life": life.shown(request.actor, found),
        "can_plan": permissions.can_enter_plan(request.actor, found.agency)
        or request.actor.holds_anywhere(Duty.PLANNER),
        "steps": [
            (move.value, _(label), permissions.can_move_plan(request.actor, found, move))
            for move, label in shown.STEPS.items()
            if shown.is_near(found, move)
        ],
    }
    return pages.show(request, "plans/plan.html", "plans/_rows.html", context)


@door()
@require_GET
def row(request: OfficerRequest, year: int, number: int) -> HttpResponse:
    """One row of the plan: every version, and the tasks made of it."""
    found = selectors.annual_plan(accounts.root(), year)
    versions = shown.versions(found, number) if found is not None else []
    if found is None or not versions:
        raise NotFound(_("年度计划没有这一行"))
    context = {
        "title": _("第%(n)s行 %(name)s") % {"n": number, "name": versions[0].task_name},
        "plan": found,
        "versions": versions,
        "facts": shown.facts(versions[0]),
        "tasks": shown.tasks_of(request.actor, found, number),
        "can_ground": bool(permissions.can_amend(request.actor, found)),
        "raw": [(key, value) for key, value in versions[0].raw.items() if value],
    }
    return render(request, "plans/row.html", context)
