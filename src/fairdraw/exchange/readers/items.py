"""
Reads item lists (随机抽查事项清单; rules.md B5): one row for each item or sub-item.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairdraw.exchange.readers.cells import Cells
from fairdraw.exchange.readers.columns import match
from fairdraw.exchange.readers.report import Reading
from fairdraw.exchange.tables import Table

ALIASES = {
    "item_no": ("序号", "事项序号"),
    "item_code": ("事项编号", "编号", "抽查事项编号", "事项代码", "编码", "code"),
    "department": ("部门", "抽查部门", "责任部门", "责任股室", "责任科室", "责任处室"),
    "category": ("抽查类别", "类别", "事项类别", "抽查领域"),
    "item": ("抽查事项", "事项名称", "检查事项", "抽查事项名称", "抽查项目", "name"),
    "sub_item": ("检查内容", "子项", "抽查内容", "抽查子项", "检查子项"),
    "legal_basis": ("抽查依据", "检查依据", "法律依据", "依据"),
    "object": ("抽查对象", "检查对象", "检查对象范围"),
    "item_class": ("事项类型", "重点/一般", "事项性质", "重点或一般"),
    "method": ("检查方式", "抽查方式", "检查方法"),
    "ratio": ("抽查比例", "比例", "检查比例"),
    "ratio_limit": ("比例上限", "抽查比例上限"),
    "frequency": ("抽查频次", "频次", "检查频次"),
    "level": ("抽查主体", "检查主体", "实施层级", "检查层级", "层级"),
    "personnel": ("检查人员要求", "人员资格", "检查人员资格", "人员要求"),
    "initiator": ("发起部门", "发起单位", "牵头部门"),
    "participants": ("配合部门", "参与部门", "配合单位", "联合部门"),
    "window_raw": ("抽查时间", "检查时间", "时间安排"),
    "basis_type": ("依据类型",),
    "kinds": ("适用的对象类别", "适用对象类别"),
    "tags": ("适用的监管标签", "监管标签"),
    "qualification": ("所需资格", "资格代码"),
    "points": ("检查要点",),
    "results": ("可用的检查结果", "允许的检查结果"),
    "measures": ("可用的后续处置", "允许的后续处置"),
    "guide": ("检查指引",),
    "remarks": ("备注", "说明"),
    "row_status": ("行状态",),
}

KEY, GENERAL = "key", "general"


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One row of an item list, as written; ``item_class`` is ``key``, ``general`` or empty (not stated)."""

    number: int
    item_no: str
    item_code: str
    department: str
    category: str
    item: str
    sub_item: str
    legal_basis: str
    object: str
    item_class: str
    method: str
    ratio: str
    ratio_limit: str
    frequency: str
    level: str
    personnel: str
    initiator: str
    participants: str
    window_raw: str
    basis_type: str
    kinds: str
    tags: str
    qualification: str
    points: str
    results: str
    measures: str
    guide: str
    remarks: str
    partial: bool


def read(table: Table) -> Reading[ItemRow]:
    """
    Read an item list (读取抽查事项清单).

    Rows cut off in the source (``row_status`` partial) are returned and told, so that nothing is dropped.

    Raises:
        InvalidInput: There is no column for the item's name.
    """
    columns = match(table, ALIASES, required=[("item",)])
    cells = Cells(columns, table.name)
    rows: list[ItemRow] = []
    seen: dict[tuple[str, str, str, str], int] = {}
    for number, record in table.records():
        cells.load(number, record)
        row = _row(cells)
        if row is None:
            continue
        key = (row.item_code, row.item, row.sub_item, row.object)
        first = seen.setdefault(key, number)
        if first != number:
            cells.caution("item", _("与第{first}行的事项完全相同，请核对").format(first=first))
        rows.append(row)
    return Reading(rows, [*table.troubles, *cells.troubles])


def _row(cells: Cells) -> ItemRow | None:
    partial = cells.text("row_status").lower() == "partial"
    if partial and not cells.text("item"):
        cells.caution("item", _("原表此行不完整，没有抽查事项，未收下"))
        return None
    item = cells.needed("item", limit=200)
    if not item:
        return None
    if partial:
        cells.caution("row_status", _("原表此行不完整，按待核收下"))
    text = {name: cells.text(name) for name in ALIASES if name not in {"item", "item_class", "row_status"}}
    text["item_code"] = cells.code("item_code")
    text["qualification"] = cells.text("qualification", limit=40)
    if "/" in text["item_code"]:
        cells.refuse("item_code", _("编号里不能有“/”，请改用“-”"))
    return ItemRow(
        number=cells.number,
        item=item,
        item_class=_item_class(cells),
        partial=partial,
        **text,
    )


def _item_class(cells: Cells) -> str:
    """重点 or 一般 (rules.md B3); anything else is told and left to be confirmed."""
    text = cells.text("item_class")
    if not text:
        return ""
    key, general = "重点" in text, "一般" in text
    if key != general:
        return KEY if key else GENERAL
    cells.caution("item_class", _("“{text}”分不出重点或一般，请确认事项类型").format(text=text))
    return ""
