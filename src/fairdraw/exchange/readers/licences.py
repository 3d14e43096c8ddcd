"""
Reads the licences of targets as licensing offices send them (许可证名单; rules.md C2, C3): known by kind and number.
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
    "code": ("uscc", "统一社会信用代码", "社会信用代码", "注册号", "信用代码", "抽取编码", "代码"),
    "name": ("企业名称", "主体名称", "经营者名称", "单位名称", "持证单位", "检查对象", "名称"),
    "kind": ("许可证名称", "许可名称", "许可种类", "许可证种类", "证书名称"),
    "number": ("许可证编号", "许可证号", "许可编号", "证书编号"),
    "valid_from": ("有效期自", "许可有效期自", "许可证有效期自", "发证日期", "许可日期"),
    "valid_to": ("有效期至", "许可有效期至", "许可证有效期至", "有效期限"),
    "issuer": ("发证机关", "许可机关"),
    "tag": ("许可标签", "监管标签", "标签"),
}
ENDLESS = {"长期", "长期有效", "无固定期限"}


@dataclass(frozen=True, slots=True)
class LicenceRow:
    """One licence as the file has it; ``code`` or ``name`` says whose it is."""

    number_of_row: int
    code: str
    name: str
    kind: str
    number: str
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    issuer: str
    tag: str


def read(table: Table) -> Reading[LicenceRow]:
    """
    Read a file of licences (读取许可证名单).

    Raises:
        InvalidInput: No column for the target or for the licence's number.
    """
    columns = match(table, ALIASES, required=[("code", "name"), ("number",)])
    cells = Cells(columns, table.name)
    rows: list[LicenceRow] = []
    seen: dict[tuple[str, str], int] = {}
    for number, record in table.records():
        cells.load(number, record)
        row = LicenceRow(
            number_of_row=number,
            code=target_code(cells, "code"),
            name=cells.text("name", limit=200),
            kind=cells.text("kind", limit=60) or _("许可证"),
            number=cells.needed("number", limit=60),
            valid_from=cells.day("valid_from"),
            valid_to=None if cells.text("valid_to") in ENDLESS else cells.day("valid_to"),
            issuer=cells.text("issuer", limit=100),
            tag=cells.text("tag", limit=40),
        )
        if not (row.code or row.name or cells.text("code")):
            cells.refuse("name", _("检查对象的名称和代码都是空的，请补上"))
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
            cells.refuse("valid_to", _("有效期的止期早于起期，请核对"))
        if set(row.tag) & set(",，、;； "):
            cells.refuse("tag", _("一项许可只写一个标签，请分行写"))
        first = seen.setdefault((row.kind, row.number), number)
        if row.number and first != number:
            cells.refuse("number", _("与第{first}行是同一个许可证，请只留一行").format(first=first))
        rows.append(row)
    return Reading(rows, [*table.troubles, *cells.troubles])
