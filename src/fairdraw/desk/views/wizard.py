"""The pages of the scheme wizard (方案向导): begun from a row, a task or nothing; kept, gone through, saved or given up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import division, plan_forms, planning, schemes, tasks, wizard
from fairdraw.desk.views.planning import PLANNERS, plan_of, version_of
from fairdraw.kernel import clock
from fairdraw.kernel.errors import NotFound
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans import permissions
from fairdraw.plans import planning as verbs
from fairdraw.plans import selectors as plans
from fairdraw.plans.allocation import Allocation
from fairdraw.plans.refusals import AlreadyPlanned, NameTaken, NotPlannable, NumberTaken
from fairdraw.ui.parts import Step


@door(*PLANNERS)
@require_POST
def begin_row(request: OfficerRequest, year: int, number: int) -> HttpResponse:
    """Begin, or go on with, the scheme of a plan row page by page."""
    plan, today = plan_of(request, year), clock.today()
    version = version_of(plan, number)
    if plans.planned_rows([version.row_id]):
        return redirect("plans:row", year, number)
    cutoff = plans.cutoff(year)
    read = planning.read(version, planning.Vocabulary.on(today), on=today, cutoff=cutoff)
    initial = plan_forms.initial_of(read, today=today, cutoff=cutoff)
    return _begun(request, row=version.row, initial=initial)


@door(*PLANNERS)
@require_POST
def begin_own(request: OfficerRequest) -> HttpResponse:
    """Begin the scheme of a task that stands in no plan, page by page."""
    if not accounts.is_of_the_bureau(request.actor):
        raise NotFound(_("没有这个页面，或不在您的职责范围内"))
    today = clock.today()
    return _begun(request, initial=plan_forms.initial_of(None, today=today, cutoff=plans.cutoff(today.year)))


@door(*PLANNERS)
@require_POST
def begin_task(request: OfficerRequest, number: str) -> HttpResponse:
    """Write the scheme of a task anew, page by page."""
    held = tasks.task(request.actor, number)
    permissions.can_draft(request.actor, held).require()
    initial = plan_forms.initial_of_task(held)
    rows = wizard.shares.shares_of(held)
    initial |= division.initial(list(rows), start=held.window_start, end=held.window_end)
    return _begun(request, task=held, initial=initial)


def _begun(request: OfficerRequest, *, row: Any = None, task: Any = None, initial: Any) -> HttpResponse:
    made = wizard.open_draft(request.actor, row=row, task=task, initial=initial, now=clock.now())
    return redirect("desk:scheme-draft", made.pk, wizard.ORDER[0])


@door(*PLANNERS)
@require_http_methods(["GET", "POST"])
def page(request: OfficerRequest, pk: int, step: str) -> HttpResponse:
    """One page of the wizard: what it sends is kept first, then looked at."""
    if step not in wizard.STEPS:
        raise NotFound(_("没有这一步"))
    held = wizard.draft(request.actor, pk, today=clock.today())
    if request.method == "GET":
        return _shown(request, held, step)
    wizard.keep(held, step, request.POST, now=clock.now())
    go = request.POST.get("go", "next")
    if go == "copy":
        return _copy(request, held, step)
    if go == "save":
        return _saved(request, held)
    if go in {"more", "areas"}:
        wizard.add_lines(held, areas=go == "areas", now=clock.now())
        return redirect("desk:scheme-draft", pk, step)
    if go in wizard.STEPS:
        return redirect("desk:scheme-draft", pk, go)
    checked = _wrong(held, step)
    if go == "next" and not checked:
        return redirect("desk:scheme-draft", pk, wizard.ORDER[wizard.ORDER.index(step) + 1])
    wrong = bool(checked) and go == "next"
    return _shown(request, held, step, status=422 if wrong else 200, checked=wrong)


def _wrong(held: wizard.Draft, step: str) -> bool:
    lines = held.division(bound=True) if step == "division" else None
    return step in wizard.lacking(held, held.bound(), lines)


def _shown(
    request: OfficerRequest, held: wizard.Draft, step: str, *, status: int = 200, checked: bool = False
) -> HttpResponse:
    whole = held.bound()
    lines = held.division(bound=True)
    lacking = wizard.lacking(held, whole, lines)
    form = whole if checked else held.fresh()
    context: dict[str, Any] = {
        "title": _title(held),
        "draft": held,
        "step": step,
        "step_label": _(wizard.STEPS[step][0]),
        "form": form,
        "errors_here": lacking.get(step, []) if checked else [],
        "steps": _steps(held, step, lacking),
        "previous": wizard.ORDER[wizard.ORDER.index(step) - 1] if step != wizard.ORDER[0] else "",
        "words": planning.known_words(),
        "place": wizard.ORDER.index(step) + 1,
        "pages": len(wizard.ORDER),
    }
    if step == "objects":
        context["sources"] = schemes.sources(
            request.actor, year=held.year, besides=held.task.number if held.task else ""
        )
    if step == "division":
        context["lines"] = lines if checked or lines is None else held.division(bound=False)
    if step in {"rates", "summary"}:
        context |= _sized(held, whole)
    if step == "summary":
        context |= _summary(request, held, whole, lines, lacking)
    part = bool(getattr(request, "htmx", False)) and step == "rates"
    template = "desk/_scheme_rates.html" if part else "desk/scheme_wizard.html"
    return render(request, template, context, status=200 if part else status)


def _title(held: wizard.Draft) -> str:
    name = held.task.name if held.task else "".join(held.given.get("name", [])[:1])
    return _("制定方案 %(name)s") % {"name": name} if name else _("制定方案")


def _steps(held: wizard.Draft, step: str, lacking: dict[str, list[str]]) -> list[Step]:
    here = wizard.ORDER.index(step)
    found = []
    for place, name in enumerate(wizard.ORDER):
        state = "now" if name == step else "done" if name not in lacking and place < here else "todo"
        href = reverse("desk:scheme-draft", args=[held.row.pk, name])
        note = _("待补 %(n)s 处") % {"n": len(lacking[name])} if name in lacking and place < here else ""
        found.append(Step(label=_(wizard.STEPS[name][0]), state=state, href=href, note=note))
    return found


def _sized(held: wizard.Draft, whole: plan_forms.PlanTask) -> dict[str, Any]:
    """The sizes of a draft as far as it can be sized."""
    blocking = {
        name for name in whole.errors if wizard.belongs(name, "objects") or wizard.belongs(name, "rates")
    }
    if blocking - {"name", "reason", "agency"} or {"agency", "items", "scope_words"} & blocking:
        return {"preview": None, "in_the_way": ""}
    if whole.errors.keys() & {"starts_on", "ends_on"}:
        return {"preview": None, "in_the_way": _("填好开始时间和完成时间后可以试算")}
    if not whole.is_valid():
        return {"preview": None, "in_the_way": ""}
    wish, resolved = wizard.wish_of(held, whole), whole.resolved(held.known)
    found = verbs.sized(wish, resolved, cutoff=held.cutoff, on=held.today)
    return {
        "preview": schemes.preview(wish, resolved, found, version=held.version, on=held.today),
        "in_the_way": "" if isinstance(found, Allocation) else _(found.reason),
    }


def _summary(
    request: OfficerRequest,
    held: wizard.Draft,
    whole: plan_forms.PlanTask,
    lines: Any,
    lacking: dict[str, list[str]],
) -> dict[str, Any]:
    """What the last page shows: name and number as they would be, all that was settled, what is missing where."""
    name = number = ""
    facts: list[tuple[str, Any]] = []
    if not whole.errors:
        wish = wizard.wish_of(held, whole)
        name = wish.scheme_name or verbs.generated_name(wish, region=planning.region(), task=held.task)
        number = wish.number
        facts = schemes.facts(whole.resolved(held.known), wish, on=held.today)
    missing = [(s, _(wizard.STEPS[s][0]), lacking[s]) for s in wizard.ORDER if s in lacking]
    return {
        "missing": missing,
        "name": name,
        "number": number,
        "facts": facts,
        "shares": lines.shares if lines is not None and lines.is_valid() else [],
        "verdict": _may_save(request, held),
    }


def _may_save(request: OfficerRequest, held: wizard.Draft) -> Verdict:
    """Whether the draft may become a scheme: its unit is one's own, a held row is the office's."""
    if held.task is not None:
        return permissions.can_draft(request.actor, held.task)
    if held.version is not None and held.version.held_reason:
        return permissions.can_enter_plan(request.actor, held.version.row.plan.agency)
    unit = held.agency()
    return permissions.can_create(request.actor, unit) if unit else ALLOWED


def _copy(request: OfficerRequest, held: wizard.Draft, step: str) -> HttpResponse:
    number = request.POST.get("source", "")
    source = tasks.task(request.actor, number) if number else None
    if source is None or tasks.scheme_of(source) is None:
        messages.error(request, _("请选择要沿用的方案"))
    else:
        wizard.put(held, wizard.copied(held, source), now=clock.now())
        messages.success(request, _("已沿用“%(name)s”，请逐步核对") % {"name": source.scheme.name})
    return redirect("desk:scheme-draft", held.row.pk, step)


def _saved(request: OfficerRequest, held: wizard.Draft) -> HttpResponse:
    form, lines = held.bound(), held.division(bound=True)
    _may_save(request, held).require()
    if wizard.lacking(held, form, lines):
        return _shown(request, held, "summary", status=422, checked=True)
    try:
        made = wizard.finish(held, form, lines, actor=request.actor, now=clock.now())
    except NameTaken as refused:
        form.add_error("scheme_name", str(refused))
    except NumberTaken as refused:
        form.add_error("scheme_number", str(refused))
    except (AlreadyPlanned, NotPlannable) as refused:
        form.add_error(None, str(refused))
    else:
        messages.success(request, _("已保存方案“%(name)s”，请负责人审定") % {"name": made.scheme.name})
        return redirect("desk:task", made.number)
    return _refused(request, held, form)


def _refused(request: OfficerRequest, held: wizard.Draft, form: plan_forms.PlanTask) -> HttpResponse:
    context = {
        "title": _title(held),
        "draft": held,
        "step": "summary",
        "step_label": _(wizard.STEPS["summary"][0]),
        "form": form,
        "errors_here": [str(m) for messages_ in form.errors.values() for m in messages_],
        "steps": _steps(held, "summary", {}),
        "previous": wizard.ORDER[-2],
        "place": len(wizard.ORDER),
        "pages": len(wizard.ORDER),
        "verdict": ALLOWED,
    }
    return render(request, "desk/scheme_wizard.html", context, status=422)


@door(*PLANNERS)
@require_POST
def discard(request: OfficerRequest, pk: int) -> HttpResponse:
    """Give a draft up: what was typed is gone, the row or task stays as it is."""
    held = wizard.draft(request.actor, pk, today=clock.today())
    held.row.delete()
    messages.success(request, _("草稿已放弃"))
    return redirect("desk:tasks")
