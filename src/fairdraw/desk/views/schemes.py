"""Schemes after they are written: returned, divided, printed; one approval sheet for a batch, on screen or on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fairdraw.accounts.doors import WORK, OfficerRequest, door
from fairdraw.desk import division, forms, scheme_papers, schemes, services, tasks, wizard
from fairdraw.desk.views.given import uploaded
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import NotFound
from fairdraw.plans import division as shares
from fairdraw.plans import permissions, scheme_permissions, sheets
from fairdraw.plans import schemes as verbs
from fairdraw.plans.refusals import DivisionWrong
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import Column

MAKERS = (Duty.PLANNER, Duty.OFFICE, Duty.CLERK)
DECIDERS = (Duty.LEADER, Duty.OFFICE)
PAPER = (Duty.PLANNER, Duty.CLERK, Duty.OFFICE, Duty.LEADER)
SHEET_COLUMNS = (
    Column(gettext_lazy("审批表编号")),
    Column(gettext_lazy("机关")),
    Column(gettext_lazy("方案"), numeric=True),
    Column(gettext_lazy("编制日期")),
    Column(gettext_lazy("状态")),
)
SCHEME_COLUMNS = (
    Column(gettext_lazy("任务")),
    Column(gettext_lazy("方案名称和编号")),
    Column(gettext_lazy("承办单位")),
    Column(gettext_lazy("抽查比例")),
    Column(gettext_lazy("完成时间")),
    Column(gettext_lazy("核对码")),
)


def _file(data: bytes, form: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=scheme_papers.MEDIA[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def _form(form: str) -> str:
    if form not in scheme_papers.MEDIA:
        raise NotFound(_("只能导出 pdf 或 docx"))
    return form


@door(*WORK)
@require_GET
def paper(request: OfficerRequest, number: str, form: str) -> HttpResponse:
    """The scheme of a task on paper (PDF) or to be edited (Word)."""
    held = tasks.task(request.actor, number)
    if tasks.scheme_of(held) is None:
        raise NotFound(_("这项任务还没有抽查方案"))
    return _file(scheme_papers.scheme(held, _form(form)), form, f"scheme-{held.number}")


@door(*DECIDERS)
@require_http_methods(["GET", "POST"])
def send_back(request: OfficerRequest, number: str) -> HttpResponse:
    """Return a scheme with the reason (退回方案)."""
    held = tasks.task(request.actor, number)
    schemes.may_return(request.actor, held).require()
    form = forms.Reason(posted(request))
    context = {"title": _("退回方案"), "task": held}
    if request.method == "GET":
        return render(request, "desk/scheme_return.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/scheme_return.html", form, **context)
    verbs.return_scheme(task=held, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now())
    messages.success(request, _("方案已退回，请承办单位修改后重新报审"))
    return redirect("desk:task", number)


@door(Duty.PLANNER, Duty.OFFICE, Duty.LEADER)
@require_http_methods(["GET", "POST"])
def divide(request: OfficerRequest, number: str) -> HttpResponse:
    """Who does what of a task in which weeks (任务分工)."""
    held = tasks.task(request.actor, number)
    scheme_permissions.can_divide(request.actor, held).require()
    if tasks.scheme_of(held) is None:
        raise NotFound(_("这项任务还没有抽查方案，先制定方案再安排分工"))
    areas = division.areas_of(held)
    standing = list(shares.shares_of(held))
    days = {"start": held.window_start, "end": held.window_end}
    begun = standing or (division.by_area(areas, **days) if "areas" in request.GET else [])
    least = len(begun) + division.SPARE
    form = division.Division(
        posted(request),
        units=wizard.units_of(held),
        areas=areas,
        rows=division.asked_rows(request.POST, least=least),
        initial=division.initial(begun, **days),
        **days,
    )
    context = {"title": _("任务分工 %(name)s") % {"name": held.name}, "task": held, "empty": not standing}
    if request.method == "GET" or request.POST.get("go") == "more":
        if request.method == "POST":
            form = _longer(request, held, areas, days)
        return render(request, "desk/division.html", {**context, "form": form, "lines": form})
    if form.is_valid():
        try:
            shares.set_division(task=held, shares=form.shares, actor=request.actor, now=clock.now())
        except DivisionWrong as refused:
            for trouble in refused.troubles:
                form.add_error(None, str(trouble))
        else:
            messages.success(request, _("任务分工已保存，共%(n)s行") % {"n": len(form.shares)})
            return redirect("desk:task", number)
    return pages.again(request, "desk/division.html", form, lines=form, **context)


def _longer(request: OfficerRequest, held: Any, areas: Any, days: Any) -> division.Division:
    """The same lines with room for more, as they were typed."""
    rows = division.asked_rows(request.POST, least=1) + division.SPARE
    values = {name: request.POST[name] for name in request.POST if name.startswith("share_")}
    return division.Division(units=wizard.units_of(held), areas=areas, rows=rows, initial=values, **days)


@door(*MAKERS)
@require_POST
def sheet_make(request: OfficerRequest) -> HttpResponse:
    """Put the chosen schemes on one approval sheet."""
    chosen = request.POST.getlist("task")
    if not chosen:
        messages.error(request, _("请至少选择一份待审定的抽查方案"))
        return redirect("desk:sheets")
    for number in chosen:
        tasks.task(request.actor, number)
    made = sheets.make_sheet(numbers_of=chosen, actor=request.actor, now=clock.now())
    messages.success(request, _("已编制审批表 %(n)s，可以打印签批或在线审定") % {"n": made.number})
    return redirect("desk:sheet", made.pk)


@door(*WORK)
@require_GET
def sheet_list(request: OfficerRequest) -> HttpResponse:
    """The approval sheets, and the drafted schemes that can be put on one (方案报审)."""
    context = {
        "title": _("方案报审"),
        "waiting": schemes.waiting(request.actor),
        "columns": SCHEME_COLUMNS,
        "sheet_columns": SHEET_COLUMNS,
        "page": pages.page_of(sheets.visible_sheets(request.actor), request.GET),
        "drafts": wizard.drafts(request.actor),
    }
    return render(request, "desk/sheets.html", context)


@door(*WORK)
@require_GET
def sheet(request: OfficerRequest, pk: int) -> HttpResponse:
    """One approval sheet with its schemes, and what can be done with it."""
    held = sheets.sheet(request.actor, pk)
    listed = sheets.tasks_on(held)
    entered = next((t.scheme for t in listed if t.scheme.approval_entered_by), None)
    confirm = [permissions.can_confirm_approval(request.actor, task) for task in listed]
    enter = [permissions.can_enter_approval(request.actor, task) for task in listed]
    context = {
        "title": _("抽查方案审批表 %(n)s") % {"n": held.number},
        "sheet": held,
        "rows": [
            (task, task.scheme, verbs.scheme_digest(task.scheme)[: scheme_papers.CODE_DIGITS])
            for task in listed
        ],
        "columns": SCHEME_COLUMNS,
        "entered": entered if entered and not held.approved_at else None,
        "verdicts": {
            "approve": scheme_permissions.can_decide_sheet(request.actor, held, listed),
            "send_back": scheme_permissions.can_return_sheet(request.actor, held, listed),
            "paper": next((v for v in enter if not v), enter[0]),
            "confirm": next((v for v in confirm if not v), confirm[0]),
        },
    }
    return render(request, "desk/sheet.html", context)


@door(*WORK)
@require_GET
def sheet_paper(request: OfficerRequest, pk: int, form: str) -> HttpResponse:
    """An approval sheet with its annex, to be signed."""
    held = sheets.sheet(request.actor, pk)
    return _file(scheme_papers.sheet(held, _form(form)), form, f"scheme-sheet-{held.pk}")


@door(Duty.LEADER)
@require_POST
def sheet_approve(request: OfficerRequest, pk: int) -> HttpResponse:
    """Approve every scheme of a sheet on screen."""
    held = sheets.sheet(request.actor, pk)
    done = sheets.approve_sheet(held, actor=request.actor, now=clock.now())
    messages.success(request, _("已审定 %(n)s 份方案，可以抽取") % {"n": len(done)})
    return redirect("desk:sheet", pk)


@door(*DECIDERS)
@require_http_methods(["GET", "POST"])
def sheet_return(request: OfficerRequest, pk: int) -> HttpResponse:
    """Return every scheme of a sheet with the reason."""
    held = sheets.sheet(request.actor, pk)
    scheme_permissions.can_return_sheet(request.actor, held, sheets.tasks_on(held)).require()
    form = forms.Reason(posted(request))
    context = {"title": _("退回审批表 %(n)s") % {"n": held.number}, "sheet": held}
    if request.method == "GET":
        return render(request, "desk/sheet_return.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/sheet_return.html", form, **context)
    reason = form.cleaned_data["reason"]
    done = sheets.return_sheet(held, reason=reason, actor=request.actor, now=clock.now())
    messages.success(request, _("已退回 %(n)s 份方案") % {"n": len(done)})
    return redirect("desk:sheets")


@door(*PAPER)
@require_http_methods(["GET", "POST"])
def sheet_enter(request: OfficerRequest, pk: int) -> HttpResponse:
    """Enter the signed sheet with its scan, for every scheme on it."""
    held = sheets.sheet(request.actor, pk)
    for task in sheets.tasks_on(held):
        permissions.can_enter_approval(request.actor, task).require()
    form = forms.PaperApproval(posted(request), uploaded(request), today=clock.today())
    context = {"title": _("回填审批表 %(n)s") % {"n": held.number}, "sheet": held}
    if request.method == "GET":
        return render(request, "desk/sheet_paper.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/sheet_paper.html", form, **context)
    given = form.cleaned_data
    services.enter_sheet_approval(
        sheet=held,
        scan=given["scan"].read(),
        scan_name=given["scan"].name,
        media_type=given["scan"].content_type,
        signer=given["signer"],
        signed_on=given["signed_on"],
        actor=request.actor,
        now=clock.now(),
    )
    messages.success(request, _("已回填，请另一人核对扫描件后确认"))
    return redirect("desk:sheet", pk)


@door(*PAPER)
@require_POST
def sheet_confirm(request: OfficerRequest, pk: int) -> HttpResponse:
    """Confirm the signed sheet, as a second person, for every scheme on it."""
    held = sheets.sheet(request.actor, pk)
    done = sheets.confirm_paper(held, actor=request.actor, now=clock.now())
    messages.success(request, _("线下审批已确认，%(n)s 份方案可以抽取") % {"n": len(done)})
    return redirect("desk:sheet", pk)
