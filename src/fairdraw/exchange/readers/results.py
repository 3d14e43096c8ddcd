"""
Reads results of inspections made on paper or on another platform (检查结果录入; rules.md K1).
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairdraw.exchange.readers.cells import Cells
from fairdraw.exchange.readers.columns import match
from fairdraw.exchange.readers.lists import target_code
from fairdraw.exchange.readers.report import Reading
from fairdraw.exchange.tables import Table

ALIASES = {
    "task": ("任务编号", "抽查任务编号", "任务", "任务名称"),
    "code": ("target", "uscc", "统一社会信用代码", "注册号", "检查对象代码", "代码"),
    "name": ("target_name", "检查对象", "检查对象名称", "企业名称", "名称", "object"),
    "checked_on": ("检查日期", "检查时间", "实际检查日期", "完成日期"),
    "outcome": ("检查结果", "抽查结果", "结果", "结果代码", "result"),
    "item": ("抽查事项", "检查事项", "事项"),
    "measure": ("后续处置", "处置措施", "处理措施", "处置方式"),
    "note": ("备注", "问题描述", "说明"),
}


@dataclass(frozen=True, slots=True)
class ResultRow:
    """
    The result of one inspection: the target by code or by name.

    ``outcomes``, ``items`` and ``measures`` hold codes or labels as written; the stages that own them decide
    whether they are known.
    """

    number: int
    task: str
    code: str
    name: str
    checked_on: datetime.date | None
    outcomes: tuple[str, ...]
    items: tuple[str, ...]
    measures: tuple[str, ...]
    note: str


def read(table: Table) -> Reading[ResultRow]:
    """
    Read a table of results (读取检查结果).

    Raises:
        InvalidInput: No column for the target, the day or the outcome.
    """
    columns = match(table, ALIASES, required=[("code", "name"), ("checked_on",), ("outcome",)])
    cells = Cells(columns, table.name)
    rows: list[ResultRow] = []
    for number, record in table.records():
        cells.load(number, record)
        row = ResultRow(
            number=number,
            task=cells.text("task"),
            code=target_code(cells, "code"),
            name=cells.text("name", limit=200),
            checked_on=cells.day("checked_on"),
            outcomes=cells.words("outcome"),
            items=cells.words("item"),
            measures=cells.words("measure"),
            note=cells.text("note", limit=2000),
        )
        _require_core(cells, row)
        rows.append(row)
    return Reading(rows, [*table.troubles, *cells.troubles])


def _require_core(cells: Cells, row: ResultRow) -> None:
    if not (row.code or row.name or cells.text("code")):
        cells.refuse("name", _("检查对象的名称和代码都是空的，请补上"))
    if not cells.text("checked_on"):
        cells.refuse("checked_on", _("没有检查日期，请补上"))
    if not row.outcomes:
        cells.refuse("outcome", _("没有检查结果。没有发现问题也要写明"))
