"""The workbench (工作台): what waits, what goes wrong, one's tasks, the year's goals."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import WORK, OfficerRequest, door, public_door
from fairdraw.desk import division, goals, rules, todo
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.plans import selectors as plans


@public_door
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The bare address: the workbench for the signed-in, the sign-in page for others."""
    return redirect("desk:workbench" if getattr(request, "actor", None) is not None else "accounts:login")


@door(*Duty)
@require_GET
def workbench(request: OfficerRequest) -> HttpResponse:
    """What the signed-in person has to do today."""
    today = clock.today()
    bureau = accounts.root()
    piles = todo.todo(request.actor, today=today)
    warnings = todo.warnings(request.actor, today=today)
    inside = accounts.is_of_the_bureau(request.actor)
    aims = goals.goals(bureau, today.year, as_of=today) if inside else []
    cutoff = plans.cutoff(today.year)
    return render(
        request,
        "desk/workbench.html",
        {
            "title": _("工作台"),
            "works": request.actor.holds_anywhere(*WORK),
            "piles": piles,
            "warnings": warnings,
            "todo_count": sum(p.count for p in piles),
            "warning_count": sum(p.count for p in warnings),
            "tasks": todo.my_tasks(request.actor),
            "this_week": division.this_week(request.actor, today=today, own=True),
            "goals": [g for g in aims if g.code in {"K1", "K2", "K3", "K4", "K5"}],
            "year": today.year,
            "cutoff": cutoff,
            "left": rules.days_left(today, cutoff),
            "message": message(aims, piles, warnings, left=rules.days_left(today, cutoff)),
        },
    )


def message(aims: list[goals.Goal], piles: list[todo.Pile], warnings: list[todo.Pile], *, left: int) -> str:
    """The line for the work group: shares and counts, no names; the bureau's goals where they are shown."""
    first = next((g for g in aims if g.code == "K1"), None)
    sentences = [_("待办%(n)s件") % {"n": sum(p.count for p in piles)}]
    if warnings:
        sentences.append(_("预警%(n)s件") % {"n": sum(p.count for p in warnings)})
    if first and first.met is False:
        sentences.append(_("企业抽查还差%(n)s户") % {"n": first.gap})
    elif first and first.met:
        sentences.append(_("企业抽查已达标"))
    sentences.append(_("距11月20日%(n)s天") % {"n": left})
    return rules.group_message(clock.today(), sentences)
