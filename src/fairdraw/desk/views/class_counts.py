"""Numbers by class entered by hand where no file of classes comes (录入分类户数): of the bureau, or of a task."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import target_forms, tasks
from fairdraw.inspections import class_counts as verbs
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.registers import class_counts as counted
from fairdraw.registers import permissions
from fairdraw.registers import services as registers
from fairdraw.registers.services import CountsRefused
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import Column

KEEPERS = (Duty.OFFICE, Duty.CLERK)
COLUMNS = (
    Column(gettext_lazy("分类")),
    Column(gettext_lazy("总户数"), numeric=True),
    Column(gettext_lazy("抽取户数"), numeric=True),
)
PAGE = "desk/class_counts.html"


def _context(title: str, number: str) -> dict[str, Any]:
    held = counted.counts_of(accounts.root(), number)
    rows = [(c, held.held.get(c, 0), held.drawn.get(c)) for c in counted.CODES] if held else []
    return {"title": title, "counts": held, "rows": rows, "columns": COLUMNS}


@door(*KEEPERS)
@require_http_methods(["GET", "POST"])
def bureau(request: OfficerRequest) -> HttpResponse:
    """Enter how many enterprises of the bureau each class has (全局分类户数)."""
    permissions.can_keep_registers(request.actor).require()
    form = target_forms.ClassCounts(posted(request), of_task=False)
    context = _context(_("录入分类户数"), "")
    if request.method == "GET":
        return render(request, PAGE, {**context, "form": form})
    if form.is_valid():
        try:
            registers.enter_class_counts(
                agency=accounts.root(),
                task="",
                held=form.held,
                drawn={},
                computed_on=form.cleaned_data["computed_on"],
                source=form.cleaned_data["source"],
                actor=request.actor,
                now=clock.now(),
            )
        except CountsRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已录入全局分类户数"))
            return redirect("desk:class-counts")
    return pages.again(request, PAGE, form, **context)


@door(*KEEPERS)
@require_http_methods(["GET", "POST"])
def task(request: OfficerRequest, number: str) -> HttpResponse:
    """Enter of how many targets of each class a list was drawn elsewhere (任务的分类户数)."""
    held = tasks.task(request.actor, number)
    permissions.can_keep_registers(request.actor).require()
    form = target_forms.ClassCounts(posted(request), of_task=True)
    context = _context(_("录入分类户数"), held.number) | {"task": held}
    if request.method == "GET":
        return render(request, PAGE, {**context, "form": form})
    if form.is_valid():
        try:
            counts = verbs.count_classes(
                task=held,
                held=form.held,
                drawn=form.drawn,
                computed_on=form.cleaned_data["computed_on"],
                source=form.cleaned_data["source"],
                actor=request.actor,
                now=clock.now(),
            )
        except CountsRefused as refused:
            form.add_error(None, str(refused))
        else:
            if counts:
                messages.success(request, _("已录入，本任务计入差异化抽查"))
            else:
                said = _("已录入；各类比例没有随风险升高，或分类日期已过时效，本任务不计入差异化抽查")
                messages.warning(request, said)
            return redirect("desk:task-draw", number)
    return pages.again(request, PAGE, form, **context)
