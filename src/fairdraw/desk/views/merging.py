"""Proposals to merge (合并建议): looked at, answered with a reason, taken back until the seal."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import burden_forms, merging
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.plans import merging as verbs
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import OPERATIONS, Column

PLANNERS = (Duty.OFFICE, Duty.PLANNER, Duty.LEADER)
COLUMNS = (
    Column(gettext_lazy("任务")),
    Column(gettext_lazy("重合对象"), numeric=True),
    Column(gettext_lazy("可少入企（户次）"), numeric=True),
    Column(gettext_lazy("重合时间")),
    Column(gettext_lazy("到场人数"), numeric=True),
    OPERATIONS,
)
JOINT_COLUMNS = (
    Column(gettext_lazy("合并的任务")),
    Column(gettext_lazy("类型")),
    Column(gettext_lazy("牵头单位")),
    Column(gettext_lazy("入企户次")),
    Column(gettext_lazy("到场人数"), numeric=True),
)
ANSWERED_COLUMNS = (
    Column(gettext_lazy("任务")),
    Column(gettext_lazy("答复")),
    Column(gettext_lazy("理由")),
    Column(gettext_lazy("时间")),
    OPERATIONS,
)


@door(*PLANNERS)
@require_GET
def proposals(request: OfficerRequest) -> HttpResponse:
    """What waits for an answer, the most saving first; the joint checks of the year; what was answered."""
    year = clock.today().year
    context = {
        "title": _("合并建议"),
        "year": year,
        "columns": COLUMNS,
        "joint_columns": JOINT_COLUMNS,
        "answered_columns": ANSWERED_COLUMNS,
        "lines": merging.lines(request.actor, year),
        "joints": merging.joints(request.actor, year),
        "answered": merging.answered(request.actor, year),
    }
    return render(request, "desk/merging.html", context)


@door(Duty.OFFICE, Duty.PLANNER)
@require_http_methods(["GET", "POST"])
def answer(request: OfficerRequest, first: str, second: str) -> HttpResponse:
    """Accept or refuse one proposal with its reason (答复合并建议)."""
    line = merging.pair(request.actor, first, second)
    leads = {agency.code: agency for agency in merging.leads(line)}
    form = burden_forms.AnswerMerge(posted(request), leads=[(code, str(a)) for code, a in leads.items()])
    context = {"title": _("答复合并建议"), "line": line}
    if request.method == "GET":
        return render(request, "desk/merge_answer.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/merge_answer.html", form, **context)
    accepted = form.cleaned_data["answer"] == "yes"
    verbs.decide(
        first=line.overlap.first,
        second=line.overlap.second,
        accepted=accepted,
        reason=form.cleaned_data["reason"],
        shared=line.overlap.shared,
        saved=line.overlap.saved,
        lead=leads.get(form.cleaned_data["lead"]),
        actor=request.actor,
        now=clock.now(),
    )
    said = _("已合并，两项任务须在同一批次抽取") if accepted else _("已答复，不合并")
    messages.success(request, said)
    return redirect("desk:merging")


@door(Duty.OFFICE, Duty.PLANNER)
@require_POST
def undo(request: OfficerRequest, pk: int) -> HttpResponse:
    """Take an answer back before the seal (撤回答复)."""
    decision = merging.decision(request.actor, pk)
    verbs.undo(decision_id=decision.pk, actor=request.actor, now=clock.now())
    messages.success(request, _("答复已撤回，请重新答复"))
    return redirect("desk:merging")
