"""Assistants and experts of a task (辅助人员、专家): named and taken off by the section."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import staff_forms, tasks
from fairdraw.inspections import helping
from fairdraw.inspections.helping import HelperRefused
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.ui import pages
from fairdraw.ui.pages import posted

NAMERS = (Duty.PLANNER, Duty.LEADER)


@door(*NAMERS)
@require_http_methods(["GET", "POST"])
def name(request: OfficerRequest, number: str) -> HttpResponse:
    """Name an assistant or expert who is printed on the papers of the task."""
    task = tasks.task(request.actor, number)
    helping.can_name(request.actor, task).require()
    offered = [
        (p.code, f"{p.name}（{p.agency}，{_('专家') if p.expert else _('辅助人员')}）")
        for p in helping.eligible(task)
    ]
    form = staff_forms.Helper(posted(request), people=offered)
    context = {"title": _("指定辅助人员或专家"), "task": task, "offered": offered}
    if request.method == "GET":
        return render(request, "desk/helper.html", {**context, "form": form})
    if form.is_valid():
        try:
            row = helping.name_helper(
                task=task,
                inspector=form.cleaned_data["inspector"],
                work=form.cleaned_data["work"],
                actor=request.actor,
                now=clock.now(),
            )
        except HelperRefused as refused:
            form.add_error("inspector", str(refused))
        else:
            messages.success(
                request, _("已指定“%(name)s”，今后打印的文书列出") % {"name": row.inspector.name}
            )
            return redirect("desk:task-team", number)
    return pages.again(request, "desk/helper.html", form, **context)


@door(*NAMERS)
@require_POST
def take_off(request: OfficerRequest, number: str, pk: int) -> HttpResponse:
    """Take an assistant or expert off the task; can be named again at once."""
    task = tasks.task(request.actor, number)
    row = helping.remove_helper(task=task, helper=pk, actor=request.actor, now=clock.now())
    messages.success(request, _("已取消“%(name)s”，需要时可以重新指定") % {"name": row.inspector.name})
    return redirect("desk:task-team", number)
