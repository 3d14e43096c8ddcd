"""
The ledger of the target directory in words (变更台账; N20): what was changed, from what to what, by whom, why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairdraw.accounts.models import User
from fairdraw.desk import tasks
from fairdraw.documents.tables import CellKind, Column
from fairdraw.kernel import clock
from fairdraw.registers import tags as tag_names
from fairdraw.registers.listing import Reach
from fairdraw.registers.models import Target, TargetChange, TargetKind, TargetStatus
from fairdraw.registers.rules import unpack_tags

OF_TARGET = 100
FIELDS = (
    "name",
    "uscc",
    "old_number",
    "kind",
    "entity_type",
    "status",
    "registered_on",
    "address",
    "station",
    "town",
    "town_code",
    "industry",
    "scope",
    "tags",
    "abnormal",
    "serious",
    "annual_report",
    "food_grade",
    "food_graded_on",
    "risk_index",
    "risk_index_on",
    "risk_index_source",
)
OTHER_LABELS = {
    "station": gettext_lazy("市场监管所"),
    "credit_computed_on": gettext_lazy("分类日期"),
    "invented": gettext_lazy("虚构部分"),
}
MACHINES = {"system": gettext_lazy("系统"), "cli": gettext_lazy("命令行")}


@dataclass(frozen=True)
class Asked:
    """What the ledger is asked for; empty means all."""

    text: str = ""
    field: str = ""
    who: str = ""
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True)
class Line:
    """One changed field in words."""

    at: dt.datetime
    target: Target
    label: str
    before: str
    after: str
    reason: str
    editor: str


def field_label(name: str) -> str:
    """A field of the directory in words."""
    if name in OTHER_LABELS:
        return str(OTHER_LABELS[name])
    return str(getattr(Target._meta.get_field(name), "verbose_name", name))


def field_choices() -> list[tuple[str, str]]:
    """The fields that the ledger can be asked for."""
    return [(name, field_label(name)) for name in FIELDS]


def rows(within: Reach, asked: Asked) -> QuerySet[TargetChange]:
    """The rows of the ledger in reach, filtered, the newest first."""
    found = TargetChange.objects.select_related("target").order_by("-at", "-pk")
    if not within.everything:
        found = found.filter(target__in=within.rows())
    if asked.text:
        text = asked.text.strip()
        found = found.filter(Q(target__name__contains=text) | Q(target__draw_code=text.upper()))
    if asked.field:
        found = found.filter(field=asked.field)
    if asked.who:
        found = found.filter(actor__in=_codes(asked.who.strip()))
    if asked.first:
        found = found.filter(at__gte=clock.at(asked.first, 0))
    if asked.last:
        found = found.filter(at__lt=clock.at(asked.last + dt.timedelta(1), 0))
    return found


def _codes(who: str) -> list[str]:
    """The codes of the log that a name means."""
    people = User.objects.filter(name__contains=who).values_list("pk", flat=True)
    return [*(f"u:{pk}" for pk in people), *(code for code, label in MACHINES.items() if who in str(label))]


def of_target(target: Target) -> list[Line]:
    """The newest changes of one target."""
    return lines(
        TargetChange.objects.filter(target=target).select_related("target").order_by("-at", "-pk")[:OF_TARGET]
    )


def lines(found: Iterable[TargetChange]) -> list[Line]:
    """Rows of the ledger in words."""
    held = list(found)
    editors = tasks.names({row.actor for row in held})
    return [
        Line(
            at=row.at,
            target=row.target,
            label=field_label(row.field),
            before=said(row.field, row.before),
            after=said(row.field, row.after),
            reason=row.reason,
            editor=editors.get(row.actor) or row.actor,
        )
        for row in held
    ]


def said(field: str, value: str) -> str:
    """A kept value in words."""
    if field in {"abnormal", "serious"}:
        return {"1": _("是"), "0": _("否")}.get(value, value)
    if field == "tags":
        return tag_names.said(unpack_tags(value))
    words: dict[str, dict[str, Any]] = {
        "status": dict(TargetStatus.choices),
        "kind": dict(TargetKind.choices),
        "annual_report": {"filed": _("已报送"), "missing": _("未报送")},
    }
    return str(words.get(field, {}).get(value, value))


def columns() -> tuple[Column, ...]:
    """The columns of an exported ledger."""
    return (
        Column(_("时间"), width=18),
        Column(_("抽取编码"), width=22),
        Column(_("名称"), width=36),
        Column(_("项目"), width=14),
        Column(_("原值"), width=24),
        Column(_("新值"), width=24),
        Column(_("理由或来源"), width=30),
        Column(_("办理人"), width=14),
        Column(_("日志序号"), CellKind.INTEGER, width=10),
    )


def table_rows(found: QuerySet[TargetChange]) -> Iterator[tuple[Any, ...]]:
    """The rows of an exported ledger; each names its entry of the log."""
    editors = tasks.names(found.order_by().values_list("actor", flat=True).distinct())
    for row in found.iterator(chunk_size=5000):
        yield (
            row.at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M"),
            row.target.draw_code,
            row.target.name,
            field_label(row.field),
            said(row.field, row.before),
            said(row.field, row.after),
            row.reason,
            editors.get(row.actor) or row.actor,
            row.seq,
        )
