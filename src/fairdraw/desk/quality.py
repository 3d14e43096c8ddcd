"""The quality report of the directories in words (一单两库质量报告; N20): what is wanting, and how ready they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.documents.tables import CellKind, Column
from fairdraw.kernel import clock
from fairdraw.kernel.errors import NotFound
from fairdraw.plans.models import Task
from fairdraw.registers import quality
from fairdraw.registers.listing import Reach
from fairdraw.registers.models import Target, TargetStatus
from fairdraw.registers.rules import CLASS_LABELS
from fairdraw.registers.scopes import ScopeSpec, condition
from fairdraw.rulebook import selectors as rulebook

FAULTS = {fault.code: fault for fault in quality.FAULTS}


@dataclass(frozen=True)
class Line:
    """A kind of fault and how many targets have it."""

    fault: quality.Fault
    count: int


def _class_days() -> int:
    return int(rulebook.number("class_max_age_days", clock.today()))


def _within(reach: Reach) -> Q | None:
    return None if reach.everything else Q(station__in=reach.stations)


def report(reach: Reach) -> quality.Report:
    """The report of the targets in reach, today."""
    return quality.report(on=clock.today(), class_days=_class_days(), within=_within(reach))


def of_task(task: Task) -> quality.Report | None:
    """The report of the targets in a task's scope, in one question; None where there is no scheme yet."""
    scheme = getattr(task, "scheme", None)
    if scheme is None:
        return None
    within = condition(ScopeSpec.from_json(scheme.scope))
    return quality.report(on=clock.today(), class_days=_class_days(), within=within)


def lines(found: quality.Report, faults: Iterable[quality.Fault] = quality.FAULTS) -> list[Line]:
    """The kinds of fault with their counts, in the order of their weight."""
    return [Line(fault, found.counts[fault.code]) for fault in faults]


def fault(code: str) -> quality.Fault:
    """The kind of fault with this code, or NotFound."""
    if code not in FAULTS:
        raise NotFound(_("没有这种问题"))
    return FAULTS[code]


def rows(code: str, reach: Reach) -> QuerySet[Target]:
    """Exactly the targets in reach that have the fault."""
    found = quality.rows(code, on=clock.today(), class_days=_class_days(), within=_within(reach))
    return found.select_related("station")


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
