"""
The goals of the year as pages show them (目标、预测、差额): exact figures of the oversight stage, with words.

Figures are computed anew only when the log has grown: whatever changes a figure is an entry of the log.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import selectors as audit
from fairdraw.kernel.text import gettext_noop
from fairdraw.oversight import papers
from fairdraw.oversight import selectors as oversight
from fairdraw.oversight.facts import Indicator
from fairdraw.ui import formats
from fairdraw.ui.parts import Tone

KEPT = 64
SHOWN = ("K1", "K2", "K3", "K4", "K5", "K6", "K7")
UNITS = {
    "K1": gettext_noop("户"),
    "K2": gettext_noop("项"),
    "K3": gettext_noop("户次"),
    "K4": gettext_noop("户次"),
    "K5": gettext_noop("户"),
    "K7": gettext_noop("次"),
}
T = TypeVar("T")
_figures: OrderedDict[tuple[str, int, int, dt.date, str], Any] = OrderedDict()


@dataclass(frozen=True)
class Goal:
    """One goal as a tile shows it."""

    code: str
    name: str
    numerator: int
    denominator: int
    goal: Fraction | None
    met: bool | None
    note: str
    gap: int = 0
    value_text: str = ""
    tone: str = Tone.PLAIN.value


def kept(name: str, bureau: Agency, year: int, day: dt.date, count: Callable[[], T]) -> T:
    """The figure *name* of *year* on *day*, counted anew only when the log has grown."""
    head = audit.entries().order_by("-seq").values_list("leaf", flat=True).first()
    key = (name, bureau.pk, year, day, head or "")
    if key not in _figures:
        _figures[key] = count()
        while len(_figures) > KEPT:
            _figures.popitem(last=False)
    found: T = _figures[key]
    return found


def indicators(bureau: Agency, year: int, *, as_of: dt.date) -> dict[str, Indicator]:
    """Every indicator of *year* on *as_of*, kept until the log grows."""
    return kept("indicators", bureau, year, as_of, lambda: oversight.indicators(bureau, year, as_of=as_of))


def goals(bureau: Agency, year: int, *, as_of: dt.date) -> list[Goal]:
    """K1 to K7 with the gap in whole units ("还差12户") and the forecast of K1."""
    found = indicators(bureau, year, as_of=as_of)
    return [_goal(found, code) for code in SHOWN]


def _goal(found: dict[str, Indicator], code: str) -> Goal:
    it = found[code]
    note = _note(it, code)
    if code == "K1" and it.value is not None:
        forecast = found["K1.forecast"]
        note = _("%(note)s预计可达 %(share)s%%（%(n)s 户）") % {
            "note": f"{note}；" if note else "",
            "share": forecast.display or "0.00",
            "n": formats.thousands(forecast.numerator),
        }
    tone = {True: Tone.SUCCESS, False: Tone.DANGER, None: Tone.PLAIN}[it.met]
    return Goal(
        code,
        _(papers.NAMES[code]),
        it.numerator,
        it.denominator,
        it.goal,
        it.met,
        note,
        it.shortfall,
        it.display or "—",
        tone.value,
    )


def _note(it: Indicator, code: str) -> str:
    if it.value is None:
        return _(papers.NOTHING[code])
    if code == "K6":
        return ""
    if it.lower_is_better:
        if it.goal is None:
            return _("上年同期无数据")
        return _("多%(n)s次") % {"n": it.shortfall} if it.met is False else _("低于上年同期")
    return _("还差%(n)s%(unit)s") % {"n": it.shortfall, "unit": _(UNITS[code])} if it.met is False else ""


@dataclass(frozen=True)
class Variant:
    """Another reading of an indicator, beside the one that the goal is about."""

    name: str
    indicator: Indicator


def others(bureau: Agency, year: int, *, as_of: dt.date) -> list[Variant]:
    """The readings beside the goals: what was drawn and checked, by records, in time, to the end."""
    found = indicators(bureau, year, as_of=as_of)
    named = (
        ("K1.drawn", _("K1 已抽中口径")),
        ("K1.checked", _("K1 已检查口径")),
        ("K1.forecast", _("K1 预测（全部公示后）")),
        ("K2'", _("按时公示户次率")),
        ("K3'", _("检查后按时公示率")),
        ("K4'", _("完结率")),
        ("K4''", _("问题完结率")),
        ("K5.tasks", _("差异化任务占比（按任务）")),
        ("K6.A", _("问题发现率（A）")),
        ("K6.B", _("问题发现率（B）")),
        ("K6.C", _("问题发现率（C）")),
        ("K6.D", _("问题发现率（D）")),
    )
    return [Variant(name, found[code]) for code, name in named if code in found]
