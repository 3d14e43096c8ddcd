"""Keeping one list and two directories (一单两库的维护): items that wait, inspectors, the base of the year."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import items as items_shown
from fairdraw.desk import keeping, keeping_forms
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.registers import permissions, selectors
from fairdraw.registers import services as registers
from fairdraw.registers.services import BaseRefused, ItemRefused
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import Column

ITEM_COLUMNS = (
    Column(gettext_lazy("选择")),
    Column(gettext_lazy("抽查事项")),
    Column(gettext_lazy("编号")),
    Column(gettext_lazy("抽查类别")),
    Column(gettext_lazy("事项类型")),
    Column(gettext_lazy("比例上限"), numeric=True),
    Column(gettext_lazy("状态")),
)


@door()
@require_GET
def items(request: OfficerRequest) -> HttpResponse:
    """The item list (随机抽查事项清单); those that wait are confirmed here, one or many."""
    form = keeping_forms.ItemFilter(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = keeping.items(**asked)
    page = pages.page_of(rows, request.GET)
    lines = keeping.lines(page)
    verdict = permissions.can_confirm_items(request.actor)
    ticks = bool(verdict) and any(line.pending for line in lines)
    context: dict[str, Any] = {
        "title": _("抽查事项清单"),
        "filter_form": form,
        "columns": ITEM_COLUMNS if ticks else ITEM_COLUMNS[1:],
        "page": page,
        "lines": lines,
        "pending": selectors.pending_items().count(),
        "ticks": ticks,
        "may_issue": verdict,
        "form": keeping_forms.ConfirmItems(),
    }
    return pages.show(request, "desk/items.html", "desk/_items.html", context)


@door()
@require_http_methods(["GET", "POST"])
def item(request: OfficerRequest, code: str) -> HttpResponse:
    """One item; where it waits, its kind, limit and basis are confirmed (确认抽查事项)."""
    version = keeping.item(code)
    verdict = permissions.can_confirm_items(request.actor)
    initial = {
        "item_class": version.item_class,
        "legal_basis": version.legal_basis,
        "basis_type": version.basis_type,
        "limit": None
        if version.ratio_limit is None
        else format((version.ratio_limit * 100).normalize(), "f"),
    }
    form = keeping_forms.ConfirmItem(posted(request), initial=initial)
    [line] = keeping.lines([version])
    context = {
        "title": version.name,
        "line": line,
        "facts": items_shown.facts(version),
        "points": items_shown.points(version),
        "history": items_shown.history(version),
        "may_change": verdict,
        "may_end": verdict and version.ends_on is None,
        "may_withdraw": verdict and version.published,
        "may_publish": verdict and keeping.may_be_published(version),
        "verdict": verdict,
    }
    if request.method == "GET":
        return render(request, "desk/item.html", {**context, "form": form})
    verdict.require()
    if not form.is_valid():
        return pages.again(request, "desk/item.html", form, **context)
    try:
        registers.confirm_item(
            code=code,
            item_class=form.cleaned_data["item_class"],
            legal_basis=form.cleaned_data["legal_basis"],
            ratio_limit=form.ratio_limit,
            basis_type=form.cleaned_data["basis_type"],
            actor=request.actor,
            now=clock.now(),
        )
    except ItemRefused as refused:
        form.add_error(None, str(refused))
        return pages.again(request, "desk/item.html", form, **context)
    messages.success(request, _("已确认“%(name)s”，可以列入计划") % {"name": version.name})
    return redirect("desk:items")


@door(Duty.OFFICE)
@require_POST
def confirm_items(request: OfficerRequest) -> HttpResponse:
    """Confirm the ticked items with one kind and limit; asks once more, naming how many."""
    permissions.can_confirm_items(request.actor).require()
    codes = request.POST.getlist("code")
    form = keeping_forms.ConfirmItems(request.POST)
    chosen = list(keeping.items().filter(item__code__in=codes))
    if not chosen or not form.is_valid():
        messages.error(request, _("请先勾选待核事项，并选择事项类型；一般检查事项还须填写比例上限"))
        return redirect("desk:items")
    if request.POST.get("sure") != "1":
        kinds = dict(keeping.CLASSES)
        context = {
            "title": _("确认抽查事项"),
            "chosen": chosen,
            "form": form,
            "kind": kinds[form.cleaned_data["item_class"]],
        }
        return render(request, "desk/items_confirm.html", context)
    try:
        count = keeping.confirm_many(
            codes,
            item_class=form.cleaned_data["item_class"],
            ratio_limit=form.ratio_limit,
            actor=request.actor,
            now=clock.now(),
        )
    except ItemRefused as refused:
        messages.error(request, _("一项也没有确认：%(why)s") % {"why": refused})
        return redirect("desk:items")
    messages.success(request, _("已确认 %(n)s 项抽查事项") % {"n": count})
    return redirect("desk:items")


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def base(request: OfficerRequest, year: int) -> HttpResponse:
    """The documented number of enterprises that the 3.5 % is of (登记基数; N02), entered once."""
    bureau = accounts.root()
    permissions.can_enter_base(request.actor, bureau).require()
    form = keeping_forms.Base(posted(request), year=year)
    context = {
        "title": _("%(year)s年企业实有数") % {"year": year},
        "year": year,
        "held": selectors.base_of(bureau, year),
        "register_count": selectors.enterprise_count(),
    }
    if request.method == "GET":
        return render(request, "desk/year_base.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/year_base.html", form, **context)
    try:
        registers.enter_base(
            agency=bureau,
            year=year,
            count=form.cleaned_data["count"],
            source=form.cleaned_data["source"],
            dated_on=form.cleaned_data["dated_on"],
            invented=False,
            actor=request.actor,
            now=clock.now(),
        )
    except BaseRefused as refused:
        form.add_error(None, str(refused))
        return pages.again(request, "desk/year_base.html", form, **context)
    messages.success(request, _("已录入，全年抽查比例按此计算"))
    return redirect("desk:board-year", year)
