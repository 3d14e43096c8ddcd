"""
What the page and the command of the what-if ask and show (推演): the plan with its rows, the question, the pictures.

Nothing is written: rates that are tried live in the address alone. See docs/explanation/what-if.md; X14.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.desk import goals, planning, schemes
from fairdraw.kernel.actor import SYSTEM, Actor, Duty
from fairdraw.kernel.verdict import Verdict
from fairdraw.oversight import forecast_answer, forecast_plan, papers
from fairdraw.oversight.forecast import WhatIf
from fairdraw.oversight.forecast_goals import Foresight, Goal
from fairdraw.oversight.forecast_plan import Planned, Rates
from fairdraw.oversight.forecast_proposal import Proposal, propose
from fairdraw.oversight.forecast_rules import one_place
from fairdraw.plans import permissions, rules
from fairdraw.plans import selectors as plans
from fairdraw.plans.allocation import Allocation
from fairdraw.plans.models import Task
from fairdraw.plans.planning import Wish
from fairdraw.registers.rules import CLASS_LABELS
from fairdraw.ui import formats
from fairdraw.ui.parts import Series, Tone

MODES = {"scheme": gettext_noop("按方案"), "cluster": gettext_noop("成组"), "each": gettext_noop("逐户")}


def planned(bureau: Agency, year: int, *, on: dt.date) -> tuple[list[Planned], int]:
    """What is still to be drawn: tasks, and the rows without a task that are sure; how many rows are not."""
    found, plan = forecast_plan.of_tasks(bureau, year), plans.annual_plan(bureau, year)
    waiting = planning.waiting(SYSTEM, plan, on=on) if plan else []
    ready = [one for one in waiting if one.is_ready]
    return found + [_of_row(one, on=on) for one in ready], len(waiting) - len(ready)


def _of_row(one: planning.Waiting, *, on: dt.date) -> Planned:
    version, resolved, found = one.version, one.resolved, one.found
    assert isinstance(found, Allocation)
    assert resolved.agency is not None
    assert resolved.whom is not None
    cutoff = plans.cutoff(version.row.plan.year)
    wish = Wish.of_row(version, cutoff=cutoff, on=on)
    return forecast_plan.of_row(
        key=_("计划第%(n)s行") % {"n": version.row.number},
        name=version.task_name,
        agency=resolved.agency,
        scope=resolved.whom,
        found=found,
        starts_on=wish.starts_on,
        due_on=rules.due_on(scheme_end=wish.ends_on, cutoff=cutoff),
        exempt=bool(wish.field(on=on)[0]),
        partners=resolved.partners,
        limits=[
            (item.item.name, Fraction(item.ratio_limit))
            for item in resolved.items
            if item.item_class == "general" and item.ratio_limit is not None
        ],
        method=resolved.method,
        assign_mode=resolved.assign_mode,
        layering=resolved.layering,
    )


@dataclass(frozen=True)
class Answer:
    """A what-if with everything that a page shows of it."""

    found: WhatIf
    seen: Foresight
    offer: Proposal
    rows_left: int

    @cached_property
    def plain(self) -> dict[str, Any]:
        """The values of the command, the proposal among them."""
        values = forecast_answer.plain(self.found, self.seen)
        return {**values, "rows_left": self.rows_left, "proposal": forecast_answer.proposal(self.offer)}


def answer(bureau: Agency, year: int, *, on: dt.date, rates: Rates, only: str = "") -> Answer | None:
    """The what-if of a year or of one task; ``None`` where the task is not to be drawn any more."""
    plan, rows_left = planned(bureau, year, on=on)
    if only and only not in {one.key for one in plan}:
        return None
    keys = (only,) if only else ()
    found = WhatIf(bureau, year, plan, on=on, rates=rates, only=keys)
    day = min(on, dt.date(year, 12, 31))
    seen = Foresight(found, goals.indicators(bureau, year, as_of=day))
    return Answer(found, seen, propose(found, seen), rows_left)


def page(held: Answer) -> dict[str, Any]:
    """What the page shows: the plain values, and tables and pictures made of them."""
    found, seen, plain = held.found, held.seen, held.plain
    visits = [(way, _(label), plain["visits"][way]) for way, label in forecast_answer.WAYS.items()]
    tasks = plain["tasks"]
    places = found.places_shown()
    return {
        "answer": plain,
        "is_tried": bool(found.rates),
        "tasks": [(one, found.lines[n]) for one, n in zip(tasks, places, strict=True)],
        "late": [(one, found.lines[n]) for one, n in zip(tasks, places, strict=True) if one["late"]],
        "classes": [(_(CLASS_LABELS[c.code]), c, _share(c.drawn, c.held)) for c in found.classes()],
        "class_bars": [(_(CLASS_LABELS[c.code]), c.drawn) for c in found.classes()],
        "stations": _named(plain["stations"]),
        "industries": [
            (one["name"] if code in {"", "…"} or code == one["name"] else f"{code} {one['name']}", one)
            for code, one in plain["industries"].items()
        ],
        "visits": visits,
        "visit_bars": [(label, hits["visits"]) for _way, label, hits in visits],
        "modes": [(_(label), plain["modes"][mode]) for mode, label in MODES.items()],
        "weeks": [_week(week.monday) for week in found.weeks],
        "week_series": [
            Series(_("需要组日"), [one_place(week.needed) for week in found.weeks]),
            Series(_("可用组日"), [week.available for week in found.weeks]),
        ],
        "short": [(_week(week.monday), week.short) for week in found.weeks if week.short],
        "goals": [(_name(goal), goal, _figure(goal)) for goal in seen.goals],
        "months": [_("%(m)s月") % {"m": m} for m in range(1, 13)],
        "course": _course(seen),
        "offer": [(code, formats.rate(rate)) for code, rate in held.offer.rates.items()],
    }


def _course(seen: Foresight) -> list[Series]:
    was, will, needed = seen.course
    return [Series(_("已公示"), was), Series(_("预计"), will), Series(_("目标"), needed)]


def _named(stations: Mapping[str, Any]) -> list[tuple[str, Any]]:
    names = dict(Agency.objects.filter(code__in=list(stations)).values_list("code", "name"))
    return [(names.get(code) or code or _("未划定辖区"), one) for code, one in stations.items()]


def _week(monday: dt.date) -> str:
    return f"{monday.month}.{monday.day}"


def _share(drawn: int, held: int) -> str:
    return formats.rate(Fraction(drawn, held)) if held else formats.NOTHING


def _name(goal: Goal) -> str:
    return f"{goal.code} {_(papers.NAMES[goal.code])}"


def _figure(goal: Goal) -> str:
    aim = goal.now.goal
    if aim is not None and goal.now.lower_is_better:
        return _("每百户%(n)s次") % {"n": formats.rate(aim).removesuffix("%")}
    return formats.rate(aim) if aim is not None else formats.NOTHING


def may_foresee(actor: Actor, task: Task) -> bool:
    """Whether the page of a task leads to its what-if: it is still to be drawn, by somebody who plans or leads."""
    planning_duties = (Duty.OFFICE, Duty.PLANNER, Duty.LEADER)
    return task.state in forecast_plan.TO_DRAW and actor.holds_anywhere(*planning_duties)


# 采用


def offered(task: Task, actor: Actor) -> Verdict:
    """Whether *actor* may write tried rates into the scheme of *task*."""
    return permissions.can_draft(actor, task)


@dataclass(frozen=True)
class Change:
    """What adopting rates does to one class of a task: how many were drawn, how many will be."""

    label: str
    held: int
    before: int
    after: int
    rate: str


@dataclass(frozen=True)
class Adoption:
    """The rates that a scheme would get, whole, and what they change."""

    rates: Mapping[str, Fraction]
    changes: tuple[Change, ...]
    beyond: tuple[str, ...]
    against_plan: tuple[str, ...] = ()  # bounds of the plan row that would not be kept


def adoption(task: Task, rates: Rates, *, on: dt.date) -> Adoption | None:
    """What *rates* would make of the scheme of *task*; ``None`` where its rates are not free or none are given."""
    bureau = accounts.root()
    plan = [one for one in forecast_plan.of_tasks(bureau, task.year) if one.key == task.number]
    if not rates or not plan or not plan[0].free:
        return None
    before = WhatIf(bureau, task.year, plan, on=on)
    after = WhatIf(bureau, task.year, plan, on=on, rates=rates)
    whole = {str(r["code"]): Fraction(int(r["num"]), int(r["den"])) for r in after.plan[0].strata}
    was = {line.code: line.drawn for line in before.lines[0].classes}
    line = after.lines[0]
    return Adoption(
        whole,
        tuple(
            Change(_(CLASS_LABELS[c.code]), c.held, was.get(c.code, 0), c.drawn, formats.rate(whole[c.code]))
            for c in line.classes
        ),
        tuple(
            _("一般事项“%(item)s”至多抽%(most)s户") % {"item": one.item, "most": one.most}
            for one in line.beyond
        ),
        _against_plan(task, held=line.held, drawn=line.drawn or 0, rates=whole),
    )


def _against_plan(task: Task, *, held: int, drawn: int, rates: Rates) -> tuple[str, ...]:
    """What the row of the public plan says and the rates would not keep: adopted all the same, it is amended first."""
    version = plans.row_version(task)
    if version is None:
        return ()
    checks = [*schemes.row_bounds(version, held, drawn), *schemes.row_rates(version, rates)]
    return tuple(check.text for check in checks if check.tone == Tone.DANGER.value)
