"""
What is made public and taken off again (任务公告、撤下公示、停止公示), each with its reason and a question before.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import change_forms, publishing, tasks
from fairdraw.desk.views.given import ask_again
from fairdraw.inspections import permissions as inspection_permissions
from fairdraw.inspections import selectors as inspections
from fairdraw.inspections import services as verbs
from fairdraw.inspections.states import InspectionMove
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.publication import permissions, selectors, services
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import OPERATIONS, Column

PUBLISHED_COLUMNS = (
    Column(gettext_lazy("检查对象")),
    Column(gettext_lazy("检查日期")),
    Column(gettext_lazy("结果")),
    Column(gettext_lazy("公示时间")),
    Column(gettext_lazy("回执")),
    OPERATIONS,
)


@door(*permissions.ANNOUNCERS)
@require_http_methods(["GET", "POST"])
def announce(request: OfficerRequest, number: str) -> HttpResponse:
    """Publish the notice of a drawn task, or a new version of it (发布任务公告)."""
    held = tasks.task(request.actor, number)
    permissions.can_announce_task(request.actor, held).require()
    before = selectors.announcement("task", held.number)
    form = change_forms.Announce(posted(request), is_first=before is None)
    title = _("发布任务公告") if before is None else _("发布公告新版本")
    context = {"title": title, "task": held, "before": before, "facts": publishing.notice_facts(held)}
    if request.method == "GET":
        return render(request, "desk/announce.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/announce.html", form, **context)
    if request.POST.get("sure") != "1":
        lines = publishing.announce_lines(held, before.version + 1 if before else 1)
        return ask_again(request, form, title=title, lines=lines, label=_("确认发布"))
    made = publishing.announce_task(
        task=held, reason=form.cleaned_data.get("reason", ""), actor=request.actor, now=clock.now()
    )
    messages.success(request, _("任务公告第%(version)s版已发布") % {"version": made.version})
    return redirect("desk:task-publication", number)


@door(Duty.REVIEWER, Duty.LEADER)
@require_http_methods(["GET", "POST"])
def withdraw(request: OfficerRequest, pk: int) -> HttpResponse:
    """Take a wrong result off (撤下公示)."""
    return _take_off(request, pk, repaired=False)


@door(Duty.REVIEWER, Duty.LEADER)
@require_http_methods(["GET", "POST"])
def end_display(request: OfficerRequest, pk: int) -> HttpResponse:
    """Stop showing a result after credit repair (停止公示)."""
    return _take_off(request, pk, repaired=True)


@door(Duty.REVIEWER, Duty.LEADER)
@require_http_methods(["GET", "POST"])
def reopen(request: OfficerRequest, number: str) -> HttpResponse:
    """Send a result that was taken off as wrong back, to be entered and published anew (更正)."""
    row = inspections.inspection(request.actor, number)
    inspection_permissions.can_move(request.actor, row, InspectionMove.REOPEN).require()
    form = change_forms.TakeOff(posted(request), hint=_("录入人会看到，如：按现场记录重新录入"))
    context = {"title": _("更正检查结果"), "row": row}
    if request.method == "GET":
        return render(request, "desk/reopen.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/reopen.html", form, **context)
    verbs.reopen(
        inspection_id=row.pk, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now()
    )
    messages.success(request, _("已退回重新录入，审核后再报送公示；原结果保留备查"))
    return redirect("desk:inspection", number)


def _take_off(request: OfficerRequest, pk: int, *, repaired: bool) -> HttpResponse:
    publication = selectors.publication(request.actor, pk)
    permissions.can_take_off(request.actor, publication).require()
    hint = _("信用修复决定的文号和日期") if repaired else _("错在哪里，如：检查结果录错户")
    title = _("停止公示") if repaired else _("撤下公示")
    form = change_forms.TakeOff(posted(request), hint=hint)
    context = {"title": title, "publication": publication, "repaired": repaired}
    if request.method == "GET":
        return render(request, "desk/take_off.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/take_off.html", form, **context)
    if request.POST.get("sure") != "1":
        lines = publishing.take_off_lines(publication, repaired=repaired)
        return ask_again(request, form, title=title, lines=lines, label=title)
    verb = services.end_display if repaired else services.withdraw
    verb(publication=publication, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now())
    name = publication.inspection.target.name
    messages.success(request, _("%(what)s：%(name)s") % {"what": title, "name": name})
    return redirect("desk:inspection", publication.inspection.number)
