"""The answer of a what-if as plain values and as lines of text (推演结果)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fairdraw.oversight import forecast_capacity as capacity
from fairdraw.oversight.facts import Indicator
from fairdraw.oversight.forecast import REST, TaskLine, WhatIf, weeks_short
from fairdraw.oversight.forecast_goals import Foresight
from fairdraw.oversight.forecast_proposal import Proposal
from fairdraw.oversight.forecast_rules import Hits, one_place
from fairdraw.registers import industries

WAYS = {
    "independent": gettext_noop("各自抽取"),
    "merged": gettext_noop("合并抽取"),
    "coordinated": gettext_noop("合并并少访优先"),
}


def plain(found: WhatIf, seen: Foresight) -> dict[str, Any]:
    """Everything of the what-if, expectations with one decimal, dates in ISO form."""
    shown = set(found.places_shown())
    return {
        "year": found.year,
        "as_of": found.on.isoformat(),
        "rates": {code: str(rate) for code, rate in sorted(found.rates.items())},
        "tasks": [_task(line) for n, line in enumerate(found.lines) if n in shown],
        "classes": {one.code: {"held": one.held, "drawn": one.drawn} for one in found.classes()},
        "stations": {s.code: {"held": s.held, "drawn": one_place(s.drawn)} for s in found.stations()},
        "industries": {
            s.code: {"name": _trade(s.code), "held": s.held, "drawn": one_place(s.drawn)}
            for s in found.industries()
        },
        "merging": "accepted" if found.is_decided else "computed",
        "visits": {way: _hits(hits) for way, hits in found.hits.items()},
        "modes": {one.mode or "scheme": _need(one.need) for one in found.modes},
        "distance": capacity.distance(),
        "units": [
            {
                "unit": u.code,
                "name": u.name,
                "inspectors": u.people,
                "away_days": u.away,
                "team_days": u.team_days,
            }
            for u in found.units
        ],
        "weeks_short": [
            {"week": week.monday.isoformat(), "team_days_missing": week.short}
            for week in weeks_short(found.weeks)
        ],
        "goals": {
            goal.code: {
                "now": _figure(goal.now),
                "certain": _figure(goal.certain),
                "expected": _figure(goal.expected),
                "low": goal.low,
                "high": goal.high,
                "note": goal.note,
            }
            for goal in seen.goals
        },
        "remedies": [
            {"code": one.code, "label": one.label, "enterprises": one.enterprises, "left": one.left}
            for one in seen.remedies
        ],
    }


def proposal(found: Proposal) -> dict[str, Any]:
    """A proposed set of rates, or that there is none."""
    return {
        "rates": {code: str(rate) for code, rate in found.rates.items()},
        "enterprises_needed": found.gain,
        "differentiated_needed": found.drawn,
        "drawn": found.choice.drawn if found.choice else None,
        "drawn_of_class_a": found.choice.drawn_a if found.choice else None,
        "tasks": list(found.tasks),
    }


def told(answer: dict[str, Any]) -> Iterator[str]:
    """The answer in lines."""
    yield _("%(year)s年推演，截至%(day)s（只推算户数，不抽取任何对象）") % {
        "year": answer["year"],
        "day": answer["as_of"],
    }
    for one in answer["tasks"]:
        drawn = _("方案不能抽取") if one["drawn"] is None else _("抽%(n)s户") % {"n": one["drawn"]}
        late = _("，最迟封存日已过") if one["late"] else ""
        words = {"key": one["task"], "name": one["name"], "held": one["held"], "drawn": drawn}
        yield (
            _("  %(key)s %(name)s：%(held)s户，%(drawn)s") % words
            + _("，最迟%(d)s封存") % {"d": one["last_seal"]}
            + late
        )
    for way, hits in answer["visits"].items():
        words = {"way": _(WAYS[way]), **hits}
        yield _("  %(way)s：入企%(visits)s次，%(once)s户，两次以上%(twice)s户，三次以上%(thrice)s户") % words
    for code, goal in answer["goals"].items():
        expected = goal["expected"]
        gap = _("，还差%(n)s") % {"n": expected["shortfall"]} if expected["shortfall"] else ""
        yield f"  {code}　{expected['numerator']}/{expected['denominator']}{gap}　{goal['note']}"
    for one in answer["remedies"]:
        yield _("  %(label)s：尚差%(left)s户") % {"label": one["label"], "left": one["left"]}
    if "proposal" in answer:
        rates = "、".join(f"{code}={rate}" for code, rate in answer["proposal"]["rates"].items())
        yield _("  建议比例：%(rates)s") % {"rates": rates or _("没有满足目标和上限的比例")}


def _trade(code: str) -> str:
    """A division of industry in words."""
    if code == REST:
        return _("其余")
    return industries.name(code) if code else _("未登记行业")


def _task(line: TaskLine) -> dict[str, Any]:
    last = line.last
    return {
        "task": line.planned.key,
        "name": line.planned.name,
        "agency": line.planned.agency.code,
        "held": line.held,
        "drawn": line.drawn,
        "classes": {one.code: {"held": one.held, "drawn": one.drawn} for one in line.classes},
        "strata": {
            one.code: {"label": one.label, "held": one.held, "drawn": one.drawn} for one in line.strata
        },
        "beyond": [{"item": one.item, "most": one.most} for one in line.beyond],
        "last_seal": last.last_seal.isoformat(),
        "last_visit": last.last_visit.isoformat(),
        "last_entry": last.last_entry.isoformat(),
        "last_review": last.last_review.isoformat(),
        "last_submission": last.last_submission.isoformat(),
        "due_on": last.due.isoformat(),
        "late": line.is_late,
    }


def _hits(hits: Hits) -> dict[str, Any]:
    found: dict[str, float | Fraction] = {
        "visits": hits.visits,
        "once": hits.once,
        "twice": hits.twice,
        "thrice": hits.thrice,
    }
    return {name: one_place(value) for name, value in found.items()}


def _need(need: capacity.Need) -> dict[str, Any]:
    found = {"team_days": need.team_days, "car_days": need.car_days, "trips": need.trips}
    return {name: one_place(value) for name, value in found.items()}


def _figure(one: Indicator) -> dict[str, Any]:
    return {
        "numerator": one.numerator,
        "denominator": one.denominator,
        "met": one.met,
        "shortfall": one.shortfall,
    }
