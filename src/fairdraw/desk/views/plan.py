"""Steps of the annual plan (报审、退回、审核、报备案、公布、结束), and what is filled back: publishing also tells the public."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import WORK, OfficerRequest, door
from fairdraw.desk import plan_life, plan_life_forms, services
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import InvalidInput, NotFound
from fairdraw.kernel.text import gettext_noop
from fairdraw.plans import annual, letters, permissions
from fairdraw.plans import selectors as plans
from fairdraw.plans.states import PlanMove
from fairdraw.ui import pages
from fairdraw.ui.pages import posted

TITLES = {
    PlanMove.SUBMIT: gettext_noop("提交审核年度计划"),
    PlanMove.RETURN: gettext_noop("退回年度计划"),
    PlanMove.APPROVE: gettext_noop("审核通过年度计划"),
    PlanMove.FILE: gettext_noop("年度计划报上一级备案"),
    PlanMove.PUBLISH: gettext_noop("公布年度计划"),
    PlanMove.CLOSE: gettext_noop("结束年度计划"),
}
FORM = "desk/plan_form.html"


def of_year(year: int) -> Any:
    """The bureau's plan of *year*, else 404."""
    plan = plans.annual_plan(accounts.root(), year)
    if plan is None:
        raise NotFound(_("没有这份年度计划"))
    return plan


@door(Duty.OFFICE, Duty.LEADER)
@require_http_methods(["GET", "POST"])
def move(request: OfficerRequest, year: int, step: str) -> HttpResponse:
    """Take the plan of *year* one step on; asks once more, naming the rows."""
    plan = of_year(year)
    if step not in {m.value for m in TITLES}:
        raise NotFound(_("没有这一步"))
    asked = PlanMove(step)
    permissions.can_move_plan(request.actor, plan, asked).require()
    form = plan_life_forms.today_is(plan_life_forms.PlanStep(posted(request), move=asked), clock.today())
    if asked is PlanMove.PUBLISH and "issued_on" in form.fields:
        form.fields["issued_on"].initial = None
    current = plans.current_versions(plan)
    context = {
        "title": _(TITLES[asked]),
        "plan": plan,
        "step": step,
        "rows": current.count(),
        "held": plans.held_rows(plan).count(),
        "ungrounded": current.filter(row__upstream="", row__local_reason="").count(),
        "public": asked is PlanMove.PUBLISH,
    }
    if request.method == "GET":
        return render(request, "desk/plan_move.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/plan_move.html", form, **context)
    try:
        services.move_plan(plan=plan, move=asked, actor=request.actor, now=clock.now(), **form.given())
    except InvalidInput as refused:
        form.add_error(None, str(refused))
        return pages.again(request, "desk/plan_move.html", form, **context)
    messages.success(request, _("已办理：%(what)s") % {"what": _(TITLES[asked])})
    return redirect("plans:plan", year)


def _filled(
    request: OfficerRequest, plan: Any, form: Any, title: str, label: str, keep: Any, note: str = ""
) -> HttpResponse:
    """One form of the plan: shown, refused in words, or kept."""
    context = {"title": title, "plan": plan, "label": label, "note": note}
    if request.method == "GET":
        return render(request, FORM, {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, FORM, form, **context)
    try:
        keep(form.cleaned_data)
    except InvalidInput as refused:
        form.add_error(None, str(refused))
        return pages.again(request, FORM, form, **context)
    messages.success(request, _("已办理：%(what)s") % {"what": title})
    return redirect("plans:plan", plan.year)


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def number(request: OfficerRequest, year: int) -> HttpResponse:
    """Fill back the number and day that the office system gave to the version in force (回填文号)."""
    plan = of_year(year)
    permissions.can_enter_plan(request.actor, plan.agency).require()
    form = plan_life_forms.today_is(plan_life_forms.Number(posted(request)), clock.today())

    def keep(data: dict[str, Any]) -> None:
        annual.fill_back_number(
            plan, document_number=data["number"], issued_on=data["on"], actor=request.actor, now=clock.now()
        )

    note = _("公文系统印发后，把文号和印发日期填在这里；填好不再改动，公开页面同时显示。")
    return _filled(request, plan, form, _("回填文号"), _("回填"), keep, note)


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def filing_receipt(request: OfficerRequest, year: int) -> HttpResponse:
    """Enter the receipt of the higher bureau (登记备案回执)."""
    plan = of_year(year)
    permissions.can_enter_plan(request.actor, plan.agency).require()
    form = plan_life_forms.today_is(plan_life_forms.FilingReceipt(posted(request)), clock.today())

    def keep(data: dict[str, Any]) -> None:
        annual.enter_filing_receipt(
            plan, receipt=data["number"], received_on=data["on"], actor=request.actor, now=clock.now()
        )

    return _filled(request, plan, form, _("登记备案回执"), _("登记"), keep)


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def letter(request: OfficerRequest, year: int) -> HttpResponse:
    """The bureau's own text of the notice that issues the plan (通知正文模板)."""
    plan = of_year(year)
    permissions.can_enter_plan(request.actor, plan.agency).require()
    form = plan_life_forms.Letter(posted(request), initial={"text": letters.text_of(plan.agency)})

    def keep(data: dict[str, Any]) -> None:
        letters.keep_text(plan.agency, text=data["text"], actor=request.actor, now=clock.now())

    return _filled(request, plan, form, _("通知正文模板"), _("保存"), keep)


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def ground(request: OfficerRequest, year: int, row: int) -> HttpResponse:
    """Where a row comes from, or why the bureau adds it (上级来源、本地理由), before publication."""
    plan = of_year(year)
    permissions.can_amend(request.actor, plan).require()
    found = plan.rows.filter(number=row).first()
    if found is None:
        raise NotFound(_("年度计划没有这一行"))
    initial = {"upstream": found.upstream, "local_reason": found.local_reason}
    form = plan_life_forms.Ground(posted(request), initial=initial)

    def keep(data: dict[str, Any]) -> None:
        annual.state_ground(found, **data, actor=request.actor, now=clock.now())

    title = _("第%(n)s行的上级来源或本地理由") % {"n": row}
    return _filled(request, plan, form, title, _("保存"), keep)


@door(*WORK)
@require_GET
def paper(request: OfficerRequest, year: int, name: str) -> HttpResponse:
    """A paper for the office system: body and annex, or the list of receipts (正文、附件、签收表)."""
    plan = of_year(year)
    if not accounts.is_of_the_bureau(request.actor):
        raise NotFound(_("没有这份文件"))
    data, media_type = plan_life.paper(plan, name)
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="plan-{year}-{name}"'
    return answer
