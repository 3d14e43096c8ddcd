"""The quality report of the directories in words (一单两库质量报告; N20): what is wanting, and how ready they are."""

from __future__ import annotations

import calendar
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.burden.models import BorneVisit
from fairdraw.documents.tables import CellKind, Column
from fairdraw.inspections.models import Inspection
from fairdraw.kernel import clock
from fairdraw.kernel.errors import NotFound
from fairdraw.plans.models import Task
from fairdraw.registers import listing, quality
from fairdraw.registers.listing import Reach
from fairdraw.registers.models import Target, TargetStatus
from fairdraw.registers.rules import CLASS_LABELS
from fairdraw.registers.scopes import ScopeSpec, condition
from fairdraw.rulebook import selectors as rulebook

FAULTS = {fault.code: fault for fault in quality.FAULTS}


@dataclass(frozen=True)
class Line:
    """A kind of fault, how many targets have it, how many points it costs."""

    fault: quality.Fault
    count: int
    lost: Fraction

    @property
    def points(self) -> str:
        """What it costs, in words: one place, and never a nought for something."""
        if not self.lost:
            return "0"
        return f"{float(self.lost):.1f}" if self.lost >= Fraction(1, 20) else _("不足0.1")


def _class_days() -> int:
    return int(rulebook.number("class_max_age_days", clock.today()))


def _within(reach: Reach, task: Task | None) -> Q | None:
    """The targets that somebody sees, of a task's scope where one is named; None: the whole directory."""
    seen = Q() if reach.everything else Q(station__in=reach.stations)
    asked = condition(ScopeSpec.from_json(task.scheme.scope)) if task is not None else Q()
    return (seen & asked) or None


def _never_covered() -> Q:
    """Enterprises that nobody has checked for years, as far as this system knows (visits that were imported included)."""
    today = clock.today()
    since = _years_before(today, int(rulebook.number("never_covered_years", today)))
    checked = Inspection.objects.filter(checked_on__gte=since).values("target")
    visited = BorneVisit.objects.filter(visited_on__gte=since, waiting=False).values("target")
    return quality.never_covered(since=since, covered=Q(pk__in=checked) | Q(pk__in=visited))


def _years_before(day: dt.date, years: int) -> dt.date:
    last = calendar.monthrange(day.year - years, day.month)[1]
    return dt.date(day.year - years, day.month, min(day.day, last))


def report(reach: Reach) -> quality.Report:
    """The report of the targets in reach, today."""
    found = _counted(reach, None)
    rows = quality.rows(_never_covered(), within=_within(reach, None))
    return replace(found, counts={**found.counts, quality.NEVER_COVERED: rows.count()})


def of_task(task: Task, reach: Reach) -> quality.Report | None:
    """The report of those in reach whom a task may draw; None where there is no scheme yet."""
    return _counted(reach, task) if getattr(task, "scheme", None) is not None else None


def _counted(reach: Reach, task: Task | None) -> quality.Report:
    """A report, kept until the directory changes: on a large one the codes alone take a second."""
    today, days = clock.today(), _class_days()
    scope = json.dumps(task.scheme.scope, sort_keys=True) if task is not None else ""
    found: quality.Report = listing.once(
        (listing.head(), "quality", reach, scope, today, days),
        lambda: quality.report(on=today, class_days=days, within=_within(reach, task)),
    )
    return found


def lines(found: quality.Report, *, lowering: bool = False) -> list[Line]:
    """The kinds of fault with their counts, in the order of their weight; *lowering*: only what lowers the score."""
    held = [Line(fault, found.counts[fault.code], found.lost(fault)) for fault in quality.FAULTS]
    return [line for line in held if line.lost] if lowering else held


def fault(code: str) -> quality.Fault:
    """The kind of fault with this code, or NotFound."""
    if code not in FAULTS:
        raise NotFound(_("没有这种问题"))
    return FAULTS[code]


def rows(code: str, reach: Reach, task: Task | None = None) -> QuerySet[Target]:
    """Exactly the targets in reach that have the fault, of a task's scope where one is named."""
    if code == quality.NEVER_COVERED:
        asked = _never_covered()
    else:
        asked = quality.conditions(on=clock.today(), class_days=_class_days())[code]
    return quality.rows(asked, within=_within(reach, task)).select_related("station")


def columns() -> tuple[Column, ...]:
    """The columns of the exported rows."""
    return (
        Column(_("抽取编码"), width=22),
        Column(_("统一社会信用代码"), width=22),
        Column(_("名称"), width=36),
        Column(_("登记状态"), width=10),
        Column(_("成立日期"), CellKind.DATE, width=12),
        Column(_("住所"), width=40),
        Column(_("市场监管所"), width=18),
        Column(_("信用风险分类"), width=12),
        Column(_("分类日期"), CellKind.DATE, width=12),
    )


def table_rows(found: QuerySet[Target]) -> Iterator[tuple[Any, ...]]:
    """The rows in words."""
    statuses = dict(TargetStatus.choices)
    for row in found.iterator(chunk_size=2000):
        yield (
            row.draw_code,
            row.uscc,
            row.name,
            str(statuses[row.status]),
            row.registered_on,
            row.address,
            row.station.name if row.station else "",
            _(CLASS_LABELS[row.credit_class or "N"]),
            row.credit_computed_on,
        )
