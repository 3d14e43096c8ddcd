"""Units change within the year (机构调整): mergers, towns and tasks handed over, each confirmed with its counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.accounts import permissions as may
from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.accounts.services import UnitRefused
from fairdraw.desk import reorganising
from fairdraw.desk import reorganising_forms as forms
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.plans.states import TASK_LABELS, TaskState
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import OPERATIONS, Column

HOME = "desk:reorganising"


@door(Duty.OFFICE)
@require_GET
def home(request: OfficerRequest) -> HttpResponse:
    """The units that stand, with what they hold, and those that were closed this year or before."""
    may.can_reorganise(request.actor).require()
    context = {
        "title": _("机构调整"),
        "units": reorganising.units(),
        "columns": (
            Column(_("单位")),
            Column(_("代码")),
            Column(_("在办任务"), numeric=True),
            Column(_("曾用名")),
            Column(_("状态")),
            OPERATIONS,
        ),
    }
    return render(request, "desk/reorganising.html", context)


def _choices(units: Iterable[Any]) -> list[tuple[str, str]]:
    return [(unit.code, unit.name) for unit in units]


def _ask(
    request: OfficerRequest, form: Form, context: dict[str, Any], lines: list[str] | None = None
) -> HttpResponse:
    """The form, or what would happen, to be confirmed."""
    if lines is None:
        if request.method == "GET":
            return render(request, "desk/reorganising_form.html", {**context, "form": form})
        return pages.again(request, "desk/reorganising_form.html", form, **context)
    kept = [(name, value) for name in form.fields for value in request.POST.getlist(name)]
    shown = {**context, "lines": lines, "kept": kept}
    return render(request, "desk/reorganising_sure.html", shown)


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def merge(request: OfficerRequest) -> HttpResponse:
    """A section or station is taken over by another (单位撤并)."""
    may.can_reorganise(request.actor).require()
    form = forms.Merge(
        posted(request),
        units=_choices(reorganising.standing()),
        initial={"unit": request.GET.get("unit", "")},
    )
    context = {"title": _("单位撤并"), "label": _("撤并")}
    if request.method == "GET" or not form.is_valid():
        return _ask(request, form, context)
    given = form.cleaned_data
    unit, into = accounts.agency(given["unit"]), accounts.agency(given["into"])
    if request.POST.get("sure") != "1":
        found = reorganising.preview(unit)
        words = vars(found) | {"unit": unit.name, "into": into.name}
        lines = [
            _("%(unit)s 并入 %(into)s，今日起生效，不能撤回") % words,
            _("检查对象 %(targets)s 户改属新单位，变更台账逐户记录") % words,
            _("检查人员 %(inspectors)s 人、任职 %(members)s 项随转") % words,
            _("在办任务 %(tasks)s 项、未办结检查 %(inspections)s 户次、未办结处置 %(followups)s 项移交")
            % words,
            _("已办结的任务、检查和各项数字仍记在原单位名下"),
        ]
        if found.schemes:
            said = _("限定该所辖区的未抽取方案 %(schemes)s 份改为承接所的辖区，已审定的须重新审定")
            lines.insert(-1, said % words)
        return _ask(request, form, context, lines)
    try:
        moved = reorganising.merge_units(
            unit=unit, into=into, document=given["document"], actor=request.actor, now=clock.now()
        )
    except UnitRefused as refused:
        form.add_error(None, str(refused))
        return _ask(request, form, context)
    messages.success(
        request,
        _("已撤并：检查对象 %(targets)s 户、检查人员 %(inspectors)s 人、任务 %(tasks)s 项已移交")
        % vars(moved),
    )
    return redirect(HOME)


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def tasks(request: OfficerRequest, code: str) -> HttpResponse:
    """Tasks of a unit go to another (任务移交)."""
    may.can_reorganise(request.actor).require()
    unit = accounts.agency(code)
    rows = list(reorganising.open_tasks(unit))
    labels = [(t.number, f"{t.number} {t.name}（{_(TASK_LABELS[TaskState(t.state)])}）") for t in rows]
    others = [other for other in reorganising.standing() if other.pk != unit.pk]
    form = forms.HandOverTasks(posted(request), tasks=labels, units=_choices(others))
    context = {
        "title": _("任务移交"),
        "label": _("移交"),
        "unit": unit,
        "nothing": "" if rows else _("这个单位没有在办的任务"),
    }
    if request.method == "GET" or not form.is_valid():
        return _ask(request, form, context)
    given = form.cleaned_data
    to = accounts.agency(given["to"])
    if request.POST.get("sure") != "1":
        words = {"n": len(given["tasks"]), "to": to.name}
        lines = [_("移交 %(n)s 项任务给 %(to)s，连同未办结的检查和处置") % words]
        lines += [dict(labels)[number] for number in given["tasks"]]
        return _ask(request, form, context, lines)
    try:
        moved = reorganising.hand_over_tasks(
            tasks=given["tasks"], to=to, document=given["document"], actor=request.actor, now=clock.now()
        )
    except UnitRefused as refused:
        form.add_error(None, str(refused))
        return _ask(request, form, context)
    messages.success(
        request,
        _("已移交任务 %(tasks)s 项、检查 %(inspections)s 户次、处置 %(followups)s 项") % vars(moved),
    )
    return redirect(HOME)


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def towns(request: OfficerRequest, code: str) -> HttpResponse:
    """Towns of a station go to another station (辖区调整)."""
    may.can_reorganise(request.actor).require()
    station = accounts.agency(code)
    held = dict(reorganising.towns_of(station))
    labels = [(town, f"{town}（{count}{_('户')}）") for town, count in held.items()]
    others = [other for other in accounts.stations() if other.pk != station.pk]
    form = forms.HandOverTowns(posted(request), towns=labels, stations=_choices(others))
    context = {
        "title": _("辖区调整"),
        "label": _("调整"),
        "unit": station,
        "nothing": "" if held else _("这个所名下没有写明乡镇的检查对象"),
    }
    if request.method == "GET" or not form.is_valid():
        return _ask(request, form, context)
    given = form.cleaned_data
    to = accounts.agency(given["to"])
    if request.POST.get("sure") != "1":
        count = sum(held[town] for town in given["towns"])
        words = {"n": count, "to": to.name, "towns": "、".join(given["towns"])}
        return _ask(request, form, context, [_("%(towns)s 的 %(n)s 户今日起由 %(to)s 管辖") % words])
    try:
        count = reorganising.hand_over_towns(
            station=station,
            towns=given["towns"],
            to=to,
            document=given["document"],
            actor=request.actor,
            now=clock.now(),
        )
    except UnitRefused as refused:
        form.add_error(None, str(refused))
        return _ask(request, form, context)
    messages.success(request, _("已调整 %(n)s 户") % {"n": count})
    return redirect(HOME)
