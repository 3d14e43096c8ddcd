"""The what-if of a year and of a task (推演), and its rates taken into a scheme (采用此比例); X14."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import tasks, whatif
from fairdraw.desk.whatif_forms import Rates, typed
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import NotFound
from fairdraw.plans import class_rates
from fairdraw.ui import menu, pages
from fairdraw.ui.parts import Column

PLANNERS = (Duty.OFFICE, Duty.PLANNER, Duty.LEADER)
TASKS = (
    Column(gettext_lazy("任务")),
    Column(gettext_lazy("在库"), numeric=True),
    Column(gettext_lazy("抽取"), numeric=True),
    Column(gettext_lazy("最迟封存")),
    Column(gettext_lazy("最迟检查")),
    Column(gettext_lazy("最迟报送")),
    Column(gettext_lazy("办结期限")),
    Column(gettext_lazy("状态")),
)
CLASSES = (
    Column(gettext_lazy("分类")),
    Column(gettext_lazy("在库"), numeric=True),
    Column(gettext_lazy("抽取"), numeric=True),
    Column(gettext_lazy("比例"), numeric=True),
)
SHARES = (
    Column(gettext_lazy("名称")),
    Column(gettext_lazy("在库"), numeric=True),
    Column(gettext_lazy("预计抽取"), numeric=True),
)
VISITS = (
    Column(gettext_lazy("做法")),
    Column(gettext_lazy("入企次数"), numeric=True),
    Column(gettext_lazy("不同对象"), numeric=True),
    Column(gettext_lazy("两次以上"), numeric=True),
    Column(gettext_lazy("三次以上"), numeric=True),
)
MODES = (
    Column(gettext_lazy("编组方式")),
    Column(gettext_lazy("组日"), numeric=True),
    Column(gettext_lazy("车日"), numeric=True),
    Column(gettext_lazy("出行次数"), numeric=True),
)
UNITS = (
    Column(gettext_lazy("单位")),
    Column(gettext_lazy("可抽人员"), numeric=True),
    Column(gettext_lazy("缺勤（人日）"), numeric=True),
    Column(gettext_lazy("可用组日"), numeric=True),
)
GOALS = (
    Column(gettext_lazy("指标")),
    Column(gettext_lazy("目标"), numeric=True),
    Column(gettext_lazy("现在"), numeric=True),
    Column(gettext_lazy("已抽取的办结后"), numeric=True),
    Column(gettext_lazy("全部抽取办结后"), numeric=True),
    Column(gettext_lazy("可能范围"), numeric=True),
    Column(gettext_lazy("预计差额"), numeric=True),
)
REMEDIES = (
    Column(gettext_lazy("补足办法（按此顺序）")),
    Column(gettext_lazy("可增加（户）"), numeric=True),
    Column(gettext_lazy("尚差（户）"), numeric=True),
)
CHANGES = (
    Column(gettext_lazy("分类")),
    Column(gettext_lazy("在库"), numeric=True),
    Column(gettext_lazy("原抽取"), numeric=True),
    Column(gettext_lazy("改为"), numeric=True),
    Column(gettext_lazy("比例"), numeric=True),
)
COLUMNS = {
    "task_columns": TASKS,
    "class_columns": CLASSES,
    "share_columns": SHARES,
    "visit_columns": VISITS,
    "mode_columns": MODES,
    "unit_columns": UNITS,
    "goal_columns": GOALS,
    "remedy_columns": REMEDIES,
}


@door(*PLANNERS)
@require_GET
def whole_year(request: OfficerRequest, year: int | None = None) -> HttpResponse:
    """What the year's plan would do, with the rates that are tried."""
    if not accounts.is_of_the_bureau(request.actor):
        raise NotFound(_("没有这个页面，或不在您的职责范围内"))
    year = year or clock.today().year
    title = _("%(year)s年推演") % {"year": year}
    return _shown(request, year, title=title)


@door(*PLANNERS)
@require_GET
def one_task(request: OfficerRequest, number: str) -> HttpResponse:
    """What one task would do, beside the rest of the year."""
    held = tasks.task(request.actor, number)
    context = {"task": held, "verdict": whatif.offered(held, request.actor)}
    return _shown(request, held.year, title=_("推演 %(name)s") % {"name": held.name}, **context)


def _shown(
    request: OfficerRequest, year: int, *, title: str, task: Any = None, **context: Any
) -> HttpResponse:
    form = Rates(request.GET or None)
    rates = form.rates
    only = task.number if task else ""
    held = whatif.answer(accounts.root(), year, on=clock.today(), rates=rates, only=only)
    if held is None:
        raise NotFound(_("这项任务已抽取，不再推演"))
    query = request.GET.urlencode() if rates else ""
    offer = typed(held.offer.rates)
    context |= {
        **COLUMNS,
        **whatif.page(held),
        "title": title,
        "year": year,
        "task": task,
        "form": form,
        "query": query,
        "offer_query": "&".join(f"{name}={value}" for name, value in offer.items()),
        "adoptable": bool(task and held.found.stated[held.found.places_shown()[0]].free),
        "as_of": held.found.on,
        "may_plan": menu.opens(request.actor, reverse("desk:planning", args=[year])),
    }
    return pages.show(request, "desk/whatif.html", "desk/_whatif.html", context)


@door(*PLANNERS)
@require_http_methods(["GET", "POST"])
def adopt(request: OfficerRequest, number: str) -> HttpResponse:
    """Take tried rates into a drafted scheme: asked once more with the sizes, then written (采用此比例)."""
    held = tasks.task(request.actor, number)
    whatif.offered(held, request.actor).require()
    form = Rates(request.POST if request.method == "POST" else request.GET)
    change = whatif.adoption(held, form.rates, on=clock.today()) if form.is_valid() else None
    back = reverse("desk:task-whatif", args=[number])
    if change is None:
        messages.error(request, _("请先填写要采用的比例；不按信用风险分类抽取的任务不能采用"))
        return redirect(back)
    if request.method == "POST":
        class_rates.adopt(task=held, rates=change.rates, actor=request.actor, now=clock.now())
        messages.success(request, _("比例已写入方案，请负责人审定"))
        return redirect("desk:task", number)
    context = {
        "title": _("采用此比例"),
        "task": held,
        "change": change,
        "columns": CHANGES,
        "kept": typed(form.rates),
        "back": f"{back}?{request.GET.urlencode()}",
        "before": sum(one.before for one in change.changes),
        "after": sum(one.after for one in change.changes),
    }
    return render(request, "desk/whatif_adopt.html", context)
