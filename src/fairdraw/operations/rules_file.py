"""
Regional rules as files (地区规则表): numbers and shares by class that a county's own documents fix (X17).

Columns: 规则 (its code or its name in the rulebook), 数值 (``5%``, ``0.05`` or ``30``), 起始日期, 文件, and as wanted
条款, 备注. A share of a class is written ``default:A``. A holiday table has 日期, 上班 (是 or 否) and 名称.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.exchange import tables
from fairdraw.exchange.readers import report
from fairdraw.exchange.readers.cells import Cells
from fairdraw.exchange.readers.columns import match
from fairdraw.kernel.actor import Actor
from fairdraw.rulebook import services as rulebook
from fairdraw.rulebook.models import ClassRateRule, Number
from fairdraw.rulebook.states import Certainty
from fairdraw.rulebook.values import Holiday, Source

COLUMNS = {
    "rule": ("规则", "规则代码", "代码", "名称", "项目"),
    "value": ("数值", "值", "标准"),
    "starts_on": ("起始日期", "起始日", "生效日期", "自"),
    "document": ("文件", "依据文件", "文号", "依据"),
    "clause": ("条款",),
    "note": ("备注", "说明"),
}
DAY_COLUMNS = {
    "day": ("日期",),
    "workday": ("上班", "是否上班", "工作日"),
    "name": ("名称", "节假日", "说明"),
}


@dataclass(frozen=True)
class Rule:
    """One number or share of a class, from a day on, by a document."""

    code: str
    value: Decimal
    starts_on: dt.date
    source: Source

    @property
    def is_share(self) -> bool:
        """Whether it is the share of one class in a set of shares."""
        return ":" in self.code


def read_rules(path: Path) -> list[Rule]:
    """
    The rules of a table, against the rulebook as shipped.

    Raises:
        InvalidInput: A row cannot be used; names row and column.
    """
    table = tables.read(path)
    required = [("rule",), ("value",), ("starts_on",), ("document",)]
    cells = Cells(match(table, COLUMNS, required=required), table.name)
    known = _known()
    rules: list[Rule] = []
    seen: dict[tuple[str, dt.date | None], int] = {}
    for number, record in table.records():
        cells.load(number, record)
        written = cells.needed("rule")
        code = known.get(written, "")
        if written and not code:
            cells.refuse("rule", _("规则库中没有“{text}”，用 fairdraw rules list 查看").format(text=written))
        value, starts_on = _value(cells), cells.day("starts_on")
        if starts_on is None and not cells.text("starts_on"):
            cells.refuse("starts_on", _("这一格不能为空，请补上"))
        first = seen.setdefault((code, starts_on), number)
        if code and first != number:
            cells.refuse("rule", _("与第{first}行重复").format(first=first))
        document = cells.needed("document", limit=200)
        if value is None or starts_on is None or not code:
            continue
        source = Source(
            document=document,
            clause=cells.text("clause", limit=200),
            certainty=Certainty.TEXT,
            shown_as_law=True,
            note=cells.text("note"),
        )
        rules.append(Rule(code, value, starts_on, source))
    report.require([*table.troubles, *cells.troubles])
    return rules


def _known() -> dict[str, str]:
    """The code of a rule by code and by name."""
    rows = [*Number.objects.values_list("code", "label"), *ClassRateRule.objects.values_list("code", "label")]
    found = {code: code for code, _label in rows}
    for code, label in rows:
        found.setdefault(label, code)
    return found


def _value(cells: Cells) -> Decimal | None:
    text = cells.needed("value").replace("％", "%")
    share = text.endswith("%")
    try:
        value = Decimal(text.rstrip("%").strip()) if text else None
    except ArithmeticError:
        value = None
    if value is None or not value.is_finite():
        if text:
            cells.refuse("value", _("“{text}”不是数字，请写成 5%、0.05 或 30 这样").format(text=text))
        return None
    return value / 100 if share else value


@transaction.atomic
def enter_rules(rules: Sequence[Rule], *, actor: Actor, now: dt.datetime) -> int:
    """
    Enter all rules of a table, or none (录入地区规则); gives how many.

    Shares of one set and day are entered together, so that they are seen to rise from A to D.

    Raises:
        BadRule: A value does not fit its unit, or shares fall.
        RuleInForce: The office's own rule starts on that day already.
    """
    sets: dict[tuple[str, dt.date], list[Rule]] = defaultdict(list)
    for rule in rules:
        if rule.is_share:
            sets[rule.code.partition(":")[0], rule.starts_on].append(rule)
            continue
        rulebook.set_number(
            code=rule.code,
            value=rule.value,
            starts_on=rule.starts_on,
            source=rule.source,
            actor=actor,
            now=now,
        )
    for (set_code, starts_on), members in sets.items():
        rulebook.set_class_rates(
            set_code=set_code,
            ratios={rule.code.partition(":")[2]: rule.value for rule in members},
            starts_on=starts_on,
            source=members[0].source,
            actor=actor,
            now=now,
        )
    return len(rules)


def read_holidays(path: Path) -> dict[int, list[Holiday]]:
    """
    The days of a holiday notice (放假安排), by year.

    Raises:
        InvalidInput: A row cannot be used; names row and column.
    """
    table = tables.read(path)
    cells = Cells(match(table, DAY_COLUMNS, required=[("day",), ("workday",)]), table.name)
    found: dict[int, list[Holiday]] = defaultdict(list)
    for number, record in table.records():
        cells.load(number, record)
        day, workday = cells.day("day"), cells.flag("workday")
        if day is None and not cells.text("day"):
            cells.refuse("day", _("这一格不能为空，请补上"))
        if day is not None and workday is not None:
            found[day.year].append(Holiday(day, workday, cells.text("name", limit=64)))
    report.require([*table.troubles, *cells.troubles])
    return found
