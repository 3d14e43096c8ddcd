"""The year board (年度看板): the goals, who is how far, who is late, how many days are left."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import board as questions
from fairdraw.desk import division, goals, rules
from fairdraw.kernel import clock
from fairdraw.plans import selectors as plans
from fairdraw.registers import permissions as register_permissions
from fairdraw.registers import selectors as registers
from fairdraw.ui.parts import Column, Tab

UNITS = (
    Column(gettext_lazy("单位")),
    Column(gettext_lazy("任务"), numeric=True),
    Column(gettext_lazy("应检查"), numeric=True),
    Column(gettext_lazy("已检查"), numeric=True),
    Column(gettext_lazy("已公示"), numeric=True),
    Column(gettext_lazy("发现问题"), numeric=True),
    Column(gettext_lazy("逾期"), numeric=True),
)
OTHERS = (
    Column(gettext_lazy("口径")),
    Column(gettext_lazy("分子"), numeric=True),
    Column(gettext_lazy("分母"), numeric=True),
    Column(gettext_lazy("比例"), numeric=True),
)
LATE = (
    Column(gettext_lazy("任务")),
    Column(gettext_lazy("承办单位")),
    Column(gettext_lazy("最迟日期")),
    Column(gettext_lazy("情况")),
)


@door()
@require_GET
def board(request: OfficerRequest, year: int | None = None) -> HttpResponse:
    """The board of *year*, by default this one."""
    today = clock.today()
    year = year or today.year
    bureau = accounts.root()
    cutoff = plans.cutoff(year)
    as_of = min(today, cutoff.replace(month=12, day=31))
    shown = questions.year_board(bureau, year, on=today)
    base = registers.base_of(bureau, year)
    years = sorted({*plans.years(bureau), today.year}, reverse=True)
    context = {
        "title": _("%(year)s年度看板") % {"year": year},
        "year": year,
        "tabs": [
            Tab(_("%(y)s年") % {"y": y}, reverse("desk:board-year", args=[y]), y == year) for y in years
        ],
        "goals": goals.goals(bureau, year, as_of=as_of),
        "others": goals.others(bureau, year, as_of=as_of),
        "as_of": as_of,
        "cutoff": cutoff,
        "left": rules.days_left(today, cutoff),
        "is_over": today > cutoff,
        "base": base,
        "enters_base": bool(register_permissions.can_enter_base(request.actor, bureau)),
        "register_count": registers.enterprise_count(),
        "units": [u for u in shown.units if u.is_busy],
        "idle": [u for u in shown.units if not u.is_busy],
        "idle_sections": [u for u in shown.units if not u.tasks and u.agency.kind == "section"],
        "unit_columns": UNITS,
        "other_columns": OTHERS,
        "late_columns": LATE,
        "area_bars": [
            (
                line.name,
                line.checked,
                _("应检查%(n)s，已公示%(p)s") % {"n": line.to_check, "p": line.published},
            )
            for line in shown.areas
        ],
        "late": shown.late,
        "this_week": division.this_week(request.actor, today=clock.today())
        if year == clock.today().year
        else [],
        "months": shown.months,
        "series": shown.series,
    }
    return render(request, "desk/board.html", context)
