"""
The profile of one target (检查对象详情): what was drawn, what it has borne, its classes, its changes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.burden import selectors as burden
from fairdraw.burden.models import BorneVisit
from fairdraw.desk import record
from fairdraw.draws.models import DrawnRow
from fairdraw.inspections import selectors as inspections
from fairdraw.inspections.models import Inspection
from fairdraw.kernel.actor import Actor
from fairdraw.registers import industries, permissions
from fairdraw.registers import selectors as registers
from fairdraw.registers import tags as tag_names
from fairdraw.registers.licences import is_valid
from fairdraw.registers.models import (
    CreditClass,
    FormerPlace,
    Licence,
    Target,
    TargetKind,
    TargetStatus,
)
from fairdraw.registers.rules import CLASS_LABELS, is_stale, unpack_tags
from fairdraw.rulebook import selectors as rulebook
from fairdraw.ui import formats


def to_keep(actor: Actor, code: str) -> Target:
    """The target with the draw code *code*, for somebody who keeps the directory."""
    found = registers.target(actor, code)
    permissions.can_keep_registers(actor).require()
    return found


def facts(target: Target) -> list[tuple[str, Any]]:
    """What the register says of a target."""
    reports = {"filed": _("已报送"), "missing": _("未报送")}
    marks = [w for w, on in ((_("经营异常"), target.abnormal), (_("严重违法失信"), target.serious)) if on]
    return [
        (_("名称"), target.name),
        (_("统一社会信用代码"), target.uscc),
        (_("抽取编码"), target.draw_code),
        (_("类别"), str(dict(TargetKind.choices)[target.kind])),
        (_("主体类型"), target.entity_type),
        (_("登记状态"), str(dict(TargetStatus.choices)[target.status])),
        (_("成立日期"), target.registered_on),
        (_("住所"), target.address),
        (_("乡镇"), target.town),
        (_("市场监管所"), str(target.station or "")),
        (
            _("行业"),
            f"{target.industry} {industries.NAMES.get(industries.division(target.industry), '')}".strip(),
        ),
        (_("监管标签"), tag_names.said(unpack_tags(target.tags))),
        (_("信用风险分类"), _(CLASS_LABELS[target.credit_class or "N"])),
        (_("分类日期"), target.credit_computed_on),
        (_("名录标记"), "、".join(marks)),
        (_("食品风险等级"), target.food_grade),
        (_("食品风险分级日期"), target.food_graded_on),
        (_("风险指数"), target.risk_index),
        (_("风险指数来源"), target.risk_index_source),
        (_("风险指数日期"), target.risk_index_on),
        (_("年报"), reports.get(target.annual_report, "")),
        (_("经营范围"), target.scope),
    ]


@dataclass(frozen=True)
class DrawnLine:
    """Once drawn: for which task, from which stratum, with which chance, and how it went."""

    row: DrawnRow
    chance: str
    inspection: Inspection | None
    state: str
    tone: str
    result: str


def drawn(actor: Actor, target: Target, *, today: dt.date) -> list[DrawnLine]:
    """Every time the target was drawn, the newest first; reserves are shown to nobody before use."""
    seen = {i.row_id: i for i in inspections.visible_inspections(actor).filter(target=target)}
    lines = {line.row.row_id: line for line in record.list_lines(actor, list(seen.values()), today=today)}
    rows = DrawnRow.objects.filter(target=target, reserve=False).select_related("task__agency", "drawn_list")
    found = []
    for row in rows.order_by("-drawn_list__created_at", "-pk"):
        line = lines.get(row.pk)
        found.append(
            DrawnLine(
                row=row,
                chance=_chance(row),
                inspection=seen.get(row.pk),
                state=line.state if line else "",
                tone=line.tone if line else "plain",
                result=line.result if line else "",
            )
        )
    return found


def _chance(row: DrawnRow) -> str:
    if not row.probability_num or not row.probability_den:
        return ""
    return formats.rate(Fraction(row.probability_num, row.probability_den))


def borne(target: Target) -> list[tuple[BorneVisit, str]]:
    """Every visit the target has had, of whatever kind, the newest first (入企检查记录)."""
    rows = BorneVisit.objects.filter(target=target).select_related("agency").order_by("-visited_on", "-pk")
    return [(row, burden.kind_label(row.kind)) for row in rows]


def classes(target: Target) -> list[tuple[CreditClass, str]]:
    """The classes as received, the newest first: source, date, edition (分类历史)."""
    rows = CreditClass.objects.filter(target=target).order_by("-computed_on", "-received_at")
    return [(row, _(CLASS_LABELS[row.value]) if row.value else _("本期未列入")) for row in rows]


def is_class_stale(target: Target, *, today: dt.date) -> bool:
    """Whether the class that the register holds is too old to draw by (rules.md O2)."""
    days = int(rulebook.number("class_max_age_days", today))
    return bool(target.credit_class) and is_stale(target.credit_computed_on, on=today, days=days)


def licences(target: Target, *, today: dt.date) -> list[tuple[Licence, str, bool]]:
    """The licences of a target, those that end first before; each with its tag in words and whether it is valid."""
    rows = Licence.objects.filter(target=target).order_by("valid_to", "number")
    return [(row, tag_names.name(row.tag), is_valid(row.valid_from, row.valid_to, on=today)) for row in rows]


def former_places(target: Target) -> list[FormerPlace]:
    """Where a target belonged before, the last first."""
    rows = FormerPlace.objects.filter(target=target).select_related("station")
    return list(rows.order_by("-ended_on"))
