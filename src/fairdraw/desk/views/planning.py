"""From the plan to tasks (排定任务): all rows that are sure at once, the others one by one, tasks of one's own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import plan_forms, planning, tasks
from fairdraw.desk.views.given import posted
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import NotFound
from fairdraw.plans import permissions, services
from fairdraw.plans import planning as verbs
from fairdraw.plans import selectors as plans
from fairdraw.plans.refusals import NotPlannable
from fairdraw.ui import pages

PLANNERS = (Duty.OFFICE, Duty.PLANNER)
PLAN = "plan"


def _plan(year: int) -> Any:
    plan = plans.annual_plan(accounts.root(), year)
    if plan is None:
        raise NotFound(_("没有这份年度计划"))
    return plan


@door(*PLANNERS)
@require_http_methods(["GET", "POST"])
def rows(request: OfficerRequest, year: int) -> HttpResponse:
    """The rows without a task: what each means here, and one button for all that are sure."""
    plan, today = _plan(year), clock.today()
    waiting = planning.waiting(request.actor, plan, on=today)
    ready = [one for one in waiting if one.is_ready]
    verdict = permissions.can_enter_plan(request.actor, plan.agency)
    context = {
        "title": _("排定任务"),
        "plan": plan,
        "waiting": waiting,
        "ready": len(ready),
        "verdict": verdict,
    }
    if request.method == "GET":
        return render(request, "desk/planning.html", context)
    verdict.require()
    if request.POST.get("sure") != "1":
        return render(request, "desk/planning_all.html", context)
    cutoff, region = plans.cutoff(year), planning.region()
    made = [
        verbs.plan_row(
            one.version,
            one.resolved,
            region=region,
            cutoff=cutoff,
            actor=request.actor,
            now=clock.now(),
            on=today,
        )
        for one in ready
    ]
    messages.success(
        request, _("已排定 %(n)s 项任务，请各承办单位负责人审定方案") % {"n": sum(map(bool, made))}
    )
    return redirect("desk:planning", year)


@door(*PLANNERS)
@require_http_methods(["GET", "POST"])
def row(request: OfficerRequest, year: int, number: int) -> HttpResponse:
    """One row: what its words were taken for, put right where they were not understood, sized, planned."""
    plan, today = _plan(year), clock.today()
    version = plans.current_versions(plan).filter(row__number=number).first()
    if version is None:
        raise NotFound(_("年度计划没有这一行"))
    cutoff = plans.cutoff(year)
    read = planning.read(version, on=today, cutoff=cutoff)
    form, known = _form(request, year=year, read=read, today=today, cutoff=cutoff)
    context = {
        "title": _("排定第%(n)s行 %(name)s") % {"n": number, "name": version.task_name},
        "plan": plan,
        "version": version,
        "read": read,
        "hold_form": plan_forms.HoldRow(initial={"reason": "" if read.is_ready else read.text[:300]}),
        "can_hold": permissions.can_enter_plan(request.actor, plan.agency),
        "words": planning.known_words(),
    }
    if request.method == "GET":
        return render(
            request, "desk/plan_task.html", {**context, "form": form, **_seen(read.resolved, read.found)}
        )
    return _answered(request, form, known, year=year, context=context, version=version)


@door(*PLANNERS)
@require_http_methods(["GET", "POST"])
def own(request: OfficerRequest) -> HttpResponse:
    """A task that stands in no plan (计划外任务): its ground is written down with it."""
    today = clock.today()
    cutoff = plans.cutoff(today.year)
    form, known = _form(request, year=today.year, read=None, today=today, cutoff=cutoff)
    context = {"title": _("新建计划外任务"), "words": planning.known_words()}
    if request.method == "GET":
        return render(request, "desk/plan_task.html", {**context, "form": form})
    return _answered(request, form, known, year=today.year, context=context)


@door(*PLANNERS)
@require_http_methods(["GET", "POST"])
def scheme(request: OfficerRequest, number: str) -> HttpResponse:
    """The scheme of a task written anew while it is drafted (修改方案)."""
    task, today = tasks.task(request.actor, number), clock.today()
    permissions.can_draft(request.actor, task).require()
    initial = plan_forms.initial_of_task(task)
    form, known = _form(
        request, year=task.year, read=None, today=today, cutoff=plans.cutoff(task.year), initial=initial
    )
    plan_forms.fix(form, plan_forms.OF_THE_TASK)
    context = {
        "title": _("修改方案 %(name)s") % {"name": task.name},
        "task": task,
        "words": planning.known_words(),
    }
    if request.method == "GET":
        return render(request, "desk/plan_task.html", {**context, "form": form})
    return _answered(request, form, known, year=task.year, context=context, task=task)


def _form(
    request: OfficerRequest, *, year: int, read: Any, today: Any, cutoff: Any, initial: Any = None
) -> tuple[plan_forms.PlanTask, plan_forms.Known]:
    known = plan_forms.Known.of(request.actor, on=today)
    form = plan_forms.PlanTask(
        posted(request),
        known=known,
        year=year,
        row_asked=read.resolved.asked if read else None,
        initial=initial or plan_forms.initial_of(read, today=today, cutoff=cutoff),
    )
    return form, known


def _seen(resolved: Any, found: Any) -> dict[str, Any]:
    """What the page shows of a size that was worked out."""
    return {
        "found": found if isinstance(found, verbs.Allocation) else None,
        "in_the_way": "" if isinstance(found, verbs.Allocation) else _(found.reason),
        "held": planning.held_now(resolved),
    }


def _answered(
    request: OfficerRequest,
    form: plan_forms.PlanTask,
    known: plan_forms.Known,
    *,
    year: int,
    context: dict[str, Any],
    version: Any = None,
    task: Any = None,
) -> HttpResponse:
    """Size what was typed; plan it where that was asked for."""
    if not form.is_valid():
        return pages.again(request, "desk/plan_task.html", form, **context)
    today, cutoff = clock.today(), plans.cutoff(year)
    resolved = form.resolved(known)
    wish = form.wish(year=year, words=" ".join(version.items) if version else "")
    found = verbs.sized(wish, resolved, cutoff=cutoff, on=today)
    shown = {**context, "form": form, **_seen(resolved, found)}
    if request.POST.get("step") != PLAN or not shown["found"]:
        return render(request, "desk/plan_task.html", shown)
    given: dict[str, Any] = {"cutoff": cutoff, "actor": request.actor, "now": clock.now(), "on": today}
    try:
        if task is not None:
            made = verbs.plan_again(task, wish, resolved, **given)
        else:
            made = verbs.plan_by_hand(wish, resolved, region=planning.region(), version=version, **given)
    except NotPlannable as refused:
        form.add_error(None, str(refused))
        return pages.again(request, "desk/plan_task.html", form, **context)
    messages.success(request, _("已排定“%(name)s”，请负责人审定方案") % {"name": made.name})
    return redirect("desk:task", made.number)


@door(*PLANNERS)
@require_POST
def hold(request: OfficerRequest, year: int, number: int) -> HttpResponse:
    """Hold a row with its reason (暂缓); it can be planned later all the same."""
    plan = _plan(year)
    version = plans.current_versions(plan).filter(row__number=number).first()
    if version is None:
        raise NotFound(_("年度计划没有这一行"))
    form = plan_forms.HoldRow(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明暂缓原因"))
        return redirect("desk:plan-row", year, number)
    services.hold_row(
        version=version, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now()
    )
    messages.success(request, _("第%(n)s行已暂缓") % {"n": number})
    return redirect("desk:planning", year)
