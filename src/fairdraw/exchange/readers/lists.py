"""
Reads lists of targets that were drawn elsewhere (上级抽取派发的名单; N14, N18): codes where there are any, else names.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairdraw.exchange.readers import subject_codes
from fairdraw.exchange.readers.cells import Cells
from fairdraw.exchange.readers.columns import match
from fairdraw.exchange.readers.report import Reading
from fairdraw.exchange.tables import Table

ALIASES = {
    "name": (
        "企业名称",
        "检查对象",
        "检查对象名称",
        "抽查对象",
        "对象名称",
        "市场主体名称",
        "主体名称",
        "名称",
        "单位名称",
    ),
    "code": (
        "uscc",
        "统一社会信用代码",
        "统一社会信用代码/注册号",
        "注册号/统一社会信用代码",
        "信用代码",
        "注册号",
        "代码",
    ),
    "authority": ("登记机关",),
    "jurisdiction": ("管辖单位", "市场监管所", "监管所", "所属辖区", "station"),
    "note": ("备注", "说明"),
}


@dataclass(frozen=True, slots=True)
class ListRow:
    """One drawn target as the sender wrote it; ``code`` is empty where only a name was given."""

    number: int
    name: str
    code: str
    authority: str
    jurisdiction: str
    note: str


def read(table: Table) -> Reading[ListRow]:
    """
    Read a list drawn elsewhere, in its order (读取上级派发名单).

    Raises:
        InvalidInput: There is neither a column for names nor one for codes.
    """
    columns = match(table, ALIASES, required=[("name", "code")])
    cells = Cells(columns, table.name)
    rows: list[ListRow] = []
    seen: dict[str, int] = {}
    for number, record in table.records():
        cells.load(number, record)
        row = ListRow(
            number=number,
            name=cells.text("name", limit=200),
            code=target_code(cells, "code"),
            authority=cells.text("authority"),
            jurisdiction=cells.text("jurisdiction"),
            note=cells.text("note"),
        )
        key = row.code or row.name
        if not key:
            cells.refuse("name", _("名称和代码都是空的，不知道是哪一户，请补上"))
            continue
        first = seen.setdefault(key, number)
        if first != number:
            cells.refuse(
                "code" if row.code else "name", _("与第{first}行重复，请只留一行").format(first=first)
            )
        rows.append(row)
    return Reading(rows, [*table.troubles, *cells.troubles])


def target_code(cells: Cells, field: str) -> str:
    """The subject's number in *field*, reported when it cannot be one; empty when the cell is."""
    text = cells.text(field)
    if not text:
        return ""
    code = subject_codes.read(text)
    if code.refusal:
        cells.refuse(field, code.refusal)
    elif code.caution:
        cells.caution(field, code.caution)
    return code.value
