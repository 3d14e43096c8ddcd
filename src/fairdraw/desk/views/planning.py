"""From the plan to tasks (排定任务): all rows that are sure at once, the others one by one, tasks of one's own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import plan_forms, planning, schemes, tasks
from fairdraw.draws import limits
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import NotFound
from fairdraw.kernel.verdict import ALLOWED
from fairdraw.plans import permissions, services
from fairdraw.plans import planning as verbs
from fairdraw.plans import selectors as plans
from fairdraw.plans.entries import asked_of
from fairdraw.plans.refusals import AlreadyPlanned, NameTaken, NotPlannable, NumberTaken
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import Column

PLANNERS = (Duty.OFFICE, Duty.PLANNER)
PLAN = "plan"
COLUMNS = (
    Column(gettext_lazy("行"), numeric=True),
    Column(gettext_lazy("任务")),
    Column(gettext_lazy("承办单位")),
    Column(gettext_lazy("检查对象")),
    Column(gettext_lazy("抽取数量")),
    Column(gettext_lazy("状态")),
)
OTHERS = (*COLUMNS[:4], Column(gettext_lazy("原因")), COLUMNS[5])


def plan_of(request: OfficerRequest, year: int) -> Any:
    """The bureau's plan of a year, for somebody of the bureau."""
    plan = plans.annual_plan(accounts.root(), year)
    if plan is None or not accounts.is_of_the_bureau(request.actor):
        raise NotFound(_("没有这份年度计划"))
    return plan


def version_of(plan: Any, number: int) -> Any:
    """The newest version of a row."""
    version = plans.current_versions(plan).filter(row__number=number).first()
    if version is None:
        raise NotFound(_("年度计划没有这一行"))
    return version


@door(*PLANNERS)
@require_http_methods(["GET", "POST"])
def rows(request: OfficerRequest, year: int) -> HttpResponse:
    """The rows without a task: what each means here, and one button for all that are sure."""
    plan, today = plan_of(request, year), clock.today()
    waiting = planning.waiting(request.actor, plan, on=today)
    ready = [one for one in waiting if one.is_ready]
    others = [one for one in waiting if not one.is_ready]
    context = {
        "title": _("排定任务"),
        "plan": plan,
        "columns": COLUMNS,
        "other_columns": OTHERS,
        "ready": ready,
        "others": others,
    }
    if request.method == "GET":
        return render(request, "desk/planning.html", context)
    if not ready:
        return redirect("desk:planning", year)
    if request.POST.get("sure") != "1":
        return render(request, "desk/planning_all.html", context)
    made = planning.plan_all(ready, cutoff=plans.cutoff(year), actor=request.actor, now=clock.now(), on=today)
    said = _("已排定 %(n)s 项任务，请各承办单位负责人审定方案") % {"n": len(made)}
    if others:
        said += _("；还有 %(n)s 行待确认或暂缓") % {"n": len(others)}
    messages.success(request, said)
    if over := [task.name for task in made if limits.foreseen(task, on=clock.today())]:
        messages.warning(
            request, _("超过抽查事项的比例上限，请修改方案：%(names)s") % {"names": "、".join(over)}
        )
    return redirect("desk:planning", year)


@door(*PLANNERS)
@require_http_methods(["GET", "POST"])
def row(request: OfficerRequest, year: int, number: int) -> HttpResponse:
    """One row: what its words were taken for, put right where they were not understood, sized, planned."""
    plan, today = plan_of(request, year), clock.today()
    version = version_of(plan, number)
    if plans.planned_rows([version.row_id]):
        return redirect("plans:row", year, number)
    cutoff = plans.cutoff(year)
    read = planning.read(version, planning.Vocabulary.on(today), on=today, cutoff=cutoff)
    form, known = _form(request, year=year, cutoff=cutoff, today=today, read=read)
    can_hold = permissions.can_enter_plan(request.actor, plan.agency)
    context = {
        "title": _("排定第%(n)s行 %(name)s") % {"n": number, "name": version.task_name},
        "plan": plan,
        "version": version,
        "hold_form": plan_forms.HoldRow(initial={"reason": "" if read.is_ready else read.text[:300]}),
        "can_hold": can_hold,
        "verdict": planning.may_plan(request.actor, plan, read),
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
    if not accounts.is_of_the_bureau(request.actor):
        raise NotFound(_("没有这个页面，或不在您的职责范围内"))
    today = clock.today()
    form, known = _form(request, year=today.year, cutoff=plans.cutoff(today.year), today=today, own=True)
    context = {"title": _("新建计划外任务"), "words": planning.known_words(), "verdict": ALLOWED}
    if request.method == "GET":
        return render(request, "desk/plan_task.html", {**context, "form": form})
    return _answered(request, form, known, year=today.year, context=context)


@door(*PLANNERS)
@require_http_methods(["GET", "POST"])
def scheme(request: OfficerRequest, number: str) -> HttpResponse:
    """The scheme of a task written anew while it is drafted (修改方案); its unit and items stay."""
    task, today = tasks.task(request.actor, number), clock.today()
    permissions.can_draft(request.actor, task).require()
    form, known = _form(request, year=task.year, cutoff=plans.cutoff(task.year), today=today, task=task)
    context = {
        "title": _("修改方案 %(name)s") % {"name": task.name},
        "task": task,
        "words": planning.known_words(),
        "verdict": ALLOWED,
    }
    if request.method == "GET":
        return render(request, "desk/plan_task.html", {**context, "form": form})
    return _answered(request, form, known, year=task.year, context=context, task=task)


def _form(
    request: OfficerRequest,
    *,
    year: int,
    cutoff: dt.date,
    today: dt.date,
    read: planning.Waiting | None = None,
    task: Any = None,
    own: bool = False,
) -> tuple[plan_forms.PlanTask, plan_forms.Known]:
    known = plan_forms.Known.of(request.actor, on=today, near=read.version.items if read else ())
    if task is not None:
        initial = plan_forms.initial_of_task(task)
    else:
        initial = plan_forms.initial_of(read, today=today, cutoff=cutoff)
    version = read.version if read else task.row_version if task else None
    form = plan_forms.PlanTask(
        posted(request),
        known=known,
        year=year,
        row_asked=asked_of(version) if version else None,
        task=task,
        own=own,
        initial=initial,
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
        if getattr(request, "htmx", False):
            return render(request, "desk/_scheme_rates.html", {"form": form})
        return pages.again(request, "desk/plan_task.html", form, **context)
    today, cutoff = clock.today(), plans.cutoff(year)
    resolved = form.resolved(known)
    row = task.row_version if task else version
    wordings = row.items if row else [item.item.name for item in resolved.items]
    wish = form.wish(year=year, words=" ".join(wordings))
    found = verbs.sized(wish, resolved, cutoff=cutoff, on=today)
    shown = {
        **context,
        **_seen(resolved, found),
        "preview": schemes.preview(wish, resolved, found, version=row, on=today),
    }
    if request.POST.get("step") != PLAN:
        template = "desk/_scheme_rates.html" if getattr(request, "htmx", False) else "desk/plan_task.html"
        return render(request, template, {**shown, "form": form})
    context["verdict"].require()
    given: dict[str, Any] = {"cutoff": cutoff, "actor": request.actor, "now": clock.now(), "on": today}
    try:
        if task is not None:
            made = verbs.plan_again(task, wish, resolved, **given)
        else:
            made = verbs.plan_by_hand(wish, resolved, region=planning.region(), version=version, **given)
    except (AlreadyPlanned, NameTaken, NotPlannable, NumberTaken) as refused:
        fields: dict[type, str] = {NameTaken: "scheme_name", NumberTaken: "scheme_number"}
        form.add_error(fields.get(type(refused)), str(refused))
        return pages.again(request, "desk/plan_task.html", form, **shown)
    messages.success(request, _("已排定“%(name)s”，请负责人审定方案") % {"name": made.name})
    if task is None and version is not None:  # the next row waits there
        return redirect("desk:planning", year)
    return redirect("desk:task", made.number)


@door(*PLANNERS)
@require_POST
def hold(request: OfficerRequest, year: int, number: int) -> HttpResponse:
    """Hold a row with its reason (暂缓); it can be planned later all the same."""
    plan = plan_of(request, year)
    version = version_of(plan, number)
    permissions.can_enter_plan(request.actor, plan.agency).require()
    form = plan_forms.HoldRow(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写明暂缓原因"))
        return redirect("desk:plan-row", year, number)
    services.hold_row(
        version=version, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now()
    )
    messages.success(request, _("第%(n)s行已暂缓") % {"n": number})
    return redirect("desk:planning", year)
