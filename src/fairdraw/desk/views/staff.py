"""The inspector directory as pages (执法检查人员名录库): list, export, one inspector entered or changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import people, staff, staff_forms
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.registers import downloads, permissions
from fairdraw.registers import inspectors as registers
from fairdraw.registers.entries import InspectorEntry
from fairdraw.registers.inspectors import InspectorRefused
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import Column

COLUMNS = (
    Column(gettext_lazy("姓名")),
    Column(gettext_lazy("编号")),
    Column(gettext_lazy("单位")),
    Column(gettext_lazy("执法证号")),
    Column(gettext_lazy("有效期至")),
    Column(gettext_lazy("资格")),
    Column(gettext_lazy("状态")),
)
KEEPERS = (Duty.OFFICE, Duty.CLERK)


def _filter(request: OfficerRequest) -> staff_forms.InspectorFilter:
    return staff_forms.InspectorFilter(
        request.GET or None,
        units=[(a.code, str(a)) for a in accounts.visible_agencies(request.actor)],
        qualifications=[(q, q) for q in staff.qualifications()],
    )


@door()
@require_GET
def inspectors(request: OfficerRequest) -> HttpResponse:
    """The inspectors of one's scope, with what keeps each from being drawn."""
    form, today = _filter(request), clock.today()
    asked = form.asked
    page = pages.page_of(staff.people(request.actor, asked, today=today), request.GET, size=20)
    away = staff.absent_codes(page, today=today)
    context = {
        "title": _("检查人员"),
        "filter_form": form,
        "columns": COLUMNS,
        "page": page,
        "people": [
            (
                p,
                bool(permissions.can_declare(request.actor, p.agency)),
                staff.marks(p, away=away.get(p.code), today=today),
            )
            for p in page
        ],
        "counts": staff.counts(request.actor, today=today),
        "asked": asked,
        "query": request.GET.urlencode(),
        "may_keep": permissions.can_keep_registers(request.actor),
    }
    return pages.show(request, "desk/inspectors.html", "desk/_inspectors.html", context)


@door()
@require_GET
def export_inspectors(request: OfficerRequest, form: str) -> HttpResponse:
    """Exactly what the filter shows, as CSV or Excel; the headings are those that the import reads."""
    rows = staff.table_rows(staff.people(request.actor, _filter(request).asked, today=clock.today()))
    return downloads.table(
        request, form, name="inspectors", title=_("执法检查人员名录"), columns=staff.columns(), rows=rows
    )


def _form(request: OfficerRequest, *, initial: dict[str, Any], known: bool) -> staff_forms.Inspector:
    return staff_forms.Inspector(
        posted(request),
        initial=initial,
        units=[(a.code, str(a)) for a in accounts.visible_agencies(request.actor)],
        stations=[(s.code, s.name) for s in accounts.stations()],
        known=known,
    )


@door(*KEEPERS)
@require_http_methods(["GET", "POST"])
def enter(request: OfficerRequest) -> HttpResponse:
    """Enter one inspector by hand (新增检查人员)."""
    permissions.can_keep_registers(request.actor).require()
    form = _form(request, initial={"trained": True, "active": True}, known=False)
    context = {"title": _("新增检查人员")}
    if request.method == "GET":
        return render(request, "desk/inspector_form.html", {**context, "form": form})
    if form.is_valid():
        try:
            row = registers.enter_inspector(_entry(form), actor=request.actor, now=clock.now())
        except InspectorRefused as refused:
            form.add_error("code", str(refused))
        else:
            messages.success(request, _("已录入“%(name)s”") % {"name": row.name})
            return redirect("desk:inspector", row.code)
    return pages.again(request, "desk/inspector_form.html", form, **context)


def _entry(form: staff_forms.Inspector) -> InspectorEntry:
    given = form.cleaned_data
    return InspectorEntry(
        code=given["code"],
        name=given["name"],
        agency_code=given["unit"],
        certificate_number=given["certificate_number"],
        valid_from=given["valid_from"],
        valid_to=given["valid_to"],
        qualifications=given["qualifications"],
        areas=tuple(given["areas"]) or ("*",),
        assistant=given["assistant"],
        expert=given["expert"],
        trained=given["trained"],
        post=given["post"],
        trained_on=given["trained_on"],
        training=given["training"],
        active=given["active"],
        certified=given["certified"],
    )


@door(*KEEPERS)
@require_http_methods(["GET", "POST"])
def change(request: OfficerRequest, code: str) -> HttpResponse:
    """Change what the directory says of an inspector (变更): a transfer, a renewed certificate, training."""
    person = people.inspector(request.actor, code)
    permissions.can_keep_registers(request.actor).require()
    form = _form(request, initial=staff.initial(person), known=True)
    context = {"title": _("变更信息"), "inspector": person}
    if request.method == "GET":
        return render(request, "desk/inspector_form.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/inspector_form.html", form, **context)
    changed = registers.change_inspector(
        inspector=person,
        fields=staff.fields(form.cleaned_data),
        certified=form.cleaned_data["certified"],
        actor=request.actor,
        now=clock.now(),
    )
    if changed:
        messages.success(request, _("已变更 %(n)s 项；已经封存的抽取不受影响") % {"n": len(changed)})
    else:
        messages.info(request, _("没有变化"))
    return redirect("desk:inspector", code)
