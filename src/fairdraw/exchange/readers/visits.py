"""
Reads visits that did not come from a draw (非随机的入企检查), so that caps count every visit (rules.md I2).
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
    "code": ("target", "uscc", "统一社会信用代码", "注册号", "代码"),
    "name": ("检查对象", "企业名称", "检查对象名称", "名称"),
    "agency": ("检查单位", "检查机关", "检查主体", "部门", "单位"),
    "visited_on": ("检查日期", "入企日期", "检查时间", "日期", "checked_on"),
    "kind": ("检查类型", "检查种类", "类型", "检查来源"),
    "items": ("检查事项", "检查事项编号", "事项编号", "事项"),
    "higher": ("上级检查", "是否上级检查"),
    "exempt": ("不计入频次原因", "不计入频次上限的原因", "免计原因"),
    "note": ("备注", "事由", "说明"),
}

# What files call the kinds of visits, by the code that the record of visits has for them.
KIND_WORDS = {
    "双随机": "double_random",
    "双随机抽查": "double_random",
    "随机抽查": "double_random",
    "个案检查": "case_inspection",
    "个案": "case_inspection",
    "投诉举报核查": "case_inspection",
    "专项检查": "special_campaign",
    "专项": "special_campaign",
    "重点监管": "full_coverage",
    "重点检查": "full_coverage",
    "日常检查": "full_coverage",
    "日常监督检查": "full_coverage",
    "证后监督检查": "post_licence",
    "证后监管": "post_licence",
    "许可现场核查": "licence_check",
    "其他": "other",
    "其他入企检查": "other",
}


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit to an enterprise, by whom, when and why; words as written, for the stage that knows them."""

    number: int
    code: str
    name: str
    agency: str
    visited_on: datetime.date | None
    kind: str
    items: tuple[str, ...]
    higher: bool | None
    exempt: str
    note: str


def read(table: Table) -> Reading[VisitRow]:
    """
    Read a table of visits (读取入企检查记录).

    Raises:
        InvalidInput: No column for the target or the day.
    """
    columns = match(table, ALIASES, required=[("code", "name"), ("visited_on",)])
    cells = Cells(columns, table.name)
    rows: list[VisitRow] = []
    for number, record in table.records():
        cells.load(number, record)
        row = VisitRow(
            number=number,
            code=target_code(cells, "code"),
            name=cells.text("name", limit=200),
            agency=cells.text("agency", limit=100),
            visited_on=cells.day("visited_on"),
            kind=cells.text("kind"),
            items=cells.words("items"),
            higher=cells.flag("higher"),
            exempt=cells.text("exempt"),
            note=cells.text("note", limit=200),
        )
        if not (row.code or row.name or cells.text("code")):
            cells.refuse("name", _("检查对象的名称和代码都是空的，请补上"))
        if not cells.text("visited_on"):
            cells.refuse("visited_on", _("没有检查日期，请补上"))
        rows.append(row)
    return Reading(rows, [*table.troubles, *cells.troubles])
