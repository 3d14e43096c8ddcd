"""
What comes from above (上级派发): tasks that wait for their list, lists received, the table of the city's divisions, moved deadlines.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import WORK, OfficerRequest, door
from fairdraw.desk import last_days, plan_life_forms, received, tasks
from fairdraw.inspections import deadlines as verbs
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import InvalidInput, NotFound
from fairdraw.plans import cities, deadlines, permissions
from fairdraw.plans.cities import DivisionEntry
from fairdraw.publication import selectors as publications
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import OPERATIONS, Column

LOOKERS = (Duty.OFFICE, Duty.PLANNER, Duty.CLERK, Duty.LEADER)
WAITING_COLUMNS = (
    Column(gettext_lazy("任务")),
    Column(gettext_lazy("承办单位")),
    Column(gettext_lazy("渠道")),
    Column(gettext_lazy("办结期限")),
    Column(gettext_lazy("最迟封存抽取")),
    OPERATIONS,
)
RECEIVED_COLUMNS = (
    Column(gettext_lazy("任务")),
    Column(gettext_lazy("名单来源")),
    Column(gettext_lazy("文号或平台任务编号")),
    Column(gettext_lazy("接收日期")),
    Column(gettext_lazy("可检查"), numeric=True),
    Column(gettext_lazy("退回"), numeric=True),
)
DIVISION_COLUMNS = (
    Column(gettext_lazy("市局处室")),
    Column(gettext_lazy("对应单位")),
    Column(gettext_lazy("备注")),
    Column(gettext_lazy("何人、何时")),
    OPERATIONS,
)
CHANGE_COLUMNS = (
    Column(gettext_lazy("登记时间")),
    Column(gettext_lazy("原期限")),
    Column(gettext_lazy("上级要求")),
    Column(gettext_lazy("办结期限")),
    Column(gettext_lazy("文号")),
    Column(gettext_lazy("理由")),
    Column(gettext_lazy("登记人")),
)


@door(*WORK)
@require_GET
def lists(request: OfficerRequest) -> HttpResponse:
    """The tasks that wait for a list, and the lists that came (外部名单); a division proposes who carries it out."""
    asked = request.GET.get("division", "")[:100]
    unit = cities.unit_of(asked) if asked.strip() else None
    context = {
        "title": _("外部名单"),
        "asked": asked,
        "unit": unit,
        "may_look": request.actor.holds_anywhere(*LOOKERS) and accounts.is_of_the_bureau(request.actor),
        "divisions": cities.divisions() if accounts.is_of_the_bureau(request.actor) else [],
        "waiting_columns": WAITING_COLUMNS,
        "waiting": received.waiting(request.actor, unit, today=clock.today()),
        "received_columns": RECEIVED_COLUMNS,
        "received": received.received_lists(request.actor),
    }
    return render(request, "desk/lists.html", context)


@door(*LOOKERS)
@require_http_methods(["GET", "POST"])
def divisions(request: OfficerRequest) -> HttpResponse:
    """Which unit here answers to which division of the city bureau (市局处室对照表)."""
    if not accounts.is_of_the_bureau(request.actor):
        raise NotFound(_("没有这个页面"))
    verdict = cities.can_keep(request.actor)
    units = {unit.code: unit for unit in (*accounts.sections(), *accounts.stations())}
    form = plan_life_forms.Division(
        posted(request), units=units, initial={"name": request.GET.get("name", "")}
    )
    rows = list(cities.divisions())
    who = tasks.names(row.edited_by for row in rows)
    context = {
        "title": _("市局处室对照表"),
        "verdict": verdict,
        "columns": DIVISION_COLUMNS if verdict else DIVISION_COLUMNS[:-1],
        "rows": [(row, who.get(row.edited_by, "")) for row in rows],
    }
    if request.method == "GET":
        return render(request, "desk/divisions.html", {**context, "form": form})
    verdict.require()
    if not form.is_valid():
        return pages.again(request, "desk/divisions.html", form, **context)
    data = form.cleaned_data
    entry = DivisionEntry(data["name"], data["agency"], data["note"])
    try:
        kept = cities.keep(entry, actor=request.actor, now=clock.now())
    except InvalidInput as refused:
        form.add_error("name", str(refused))
        return pages.again(request, "desk/divisions.html", form, **context)
    words = {"name": kept.name, "unit": kept.agency}
    messages.success(request, _("已登记：%(name)s对应%(unit)s") % words)
    return redirect("desk:divisions")


@door(Duty.OFFICE)
@require_POST
def remove_division(request: OfficerRequest, pk: int) -> HttpResponse:
    """Take a division out of the table (删除对应关系)."""
    cities.remove(pk, actor=request.actor, now=clock.now())
    messages.success(request, _("已从对照表删除"))
    return redirect("desk:divisions")


@door(Duty.PLANNER, Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def deadline(request: OfficerRequest, number: str) -> HttpResponse:
    """Enter a deadline that the superior moved, with its document (上级调整时限); those of before stand below."""
    task = tasks.task(request.actor, number)
    permissions.can_change_deadline(request.actor, task).require()
    form = plan_life_forms.Deadline(posted(request), initial={"document_on": clock.today()})
    rows = list(deadlines.changes_of(task))
    who = tasks.names(row.changed_by for row in rows)
    context = {
        "title": _("登记上级调整的时限"),
        "task": task,
        "countdown": last_days.of_task(task, today=clock.today()),
        "columns": CHANGE_COLUMNS,
        "changes": [(row, who.get(row.changed_by, "")) for row in rows],
    }
    if request.method == "GET":
        return render(request, "desk/deadline.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/deadline.html", form, **context)
    try:
        done = verbs.change_deadline(task=task, moved=form.moved, actor=request.actor, now=clock.now())
    except InvalidInput as refused:
        form.add_error("due_on", str(refused))
        return pages.again(request, "desk/deadline.html", form, **context)
    words = {"day": done.change.due_on, "n": done.inspections}
    messages.success(request, _("办结期限已改为%(day)s，%(n)s户检查的期限随之调整") % words)
    if done.change.due_on < done.change.asked_on:
        messages.warning(request, _("上级要求的时限晚于年度截止日，按年度截止日办结"))
    if publications.announcement("task", number) is not None:
        messages.warning(request, _("任务公告写的是原来的时限，请在“公示”页另发新版本"))
    if done.told:
        messages.warning(
            request,
            _("已有%(n)s户通知的检查时间晚于最迟检查日，请与检查对象改约") % {"n": done.told},
        )
    return redirect("desk:task", number)
