"""Packs of papers for several tasks (任务包): chosen, notices issued, typeset in the background."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import packs
from fairdraw.desk.jobs import PACK
from fairdraw.jobs import services as jobs
from fairdraw.kernel import clock
from fairdraw.ui.parts import Column

COLUMNS = (
    Column(gettext_lazy("选择"), kind="tickcell"),
    Column(gettext_lazy("任务")),
    Column(gettext_lazy("承办单位")),
    Column(gettext_lazy("待检查"), numeric=True),
    Column(gettext_lazy("待制发通知书"), numeric=True),
    Column(gettext_lazy("办结期限")),
)


@door(*packs.PRINTERS)
@require_http_methods(["GET", "POST"])
def pack(request: OfficerRequest) -> HttpResponse:
    """Choose tasks; their notices are issued and everything is printed as one file, sorted by route (打印任务包)."""
    chosen = request.POST.getlist("task")
    lines = packs.lines(request.actor, chosen)
    context = {"title": _("打印任务包"), "lines": lines, "columns": COLUMNS}
    if request.method == "GET":
        return render(request, "desk/packs.html", context)
    if not chosen:
        messages.error(request, _("请至少选择一项任务"))
        return redirect("desk:packs")
    waiting = sum(line.to_notify for line in lines)
    if waiting and request.POST.get("sure") != "1":
        return render(request, "desk/packs_sure.html", {**context, "waiting": waiting})
    packs.issue(lines, actor=request.actor, now=clock.now())
    made = jobs.put(
        PACK, actor=request.actor, now=clock.now(), lock_key=f"pack:{request.actor.code}", tasks=list(chosen)
    )
    return redirect("desk:job", made.pk)
