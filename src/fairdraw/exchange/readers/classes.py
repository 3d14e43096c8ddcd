"""
Reads credit-risk classes as the province sends them (企业信用风险分类; rules.md O1–O3): received, never computed here.
"""

from __future__ import annotations

import datetime
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairdraw.exchange.readers.cells import Cells
from fairdraw.exchange.readers.columns import match
from fairdraw.exchange.readers.lists import target_code
from fairdraw.exchange.readers.report import Reading
from fairdraw.exchange.tables import Table

ALIASES = {
    "code": ("uscc", "统一社会信用代码", "注册号", "信用代码", "代码"),
    "name": ("企业名称", "主体名称", "名称", "市场主体名称"),
    "class": (
        "信用风险分类",
        "信用风险等级",
        "信用等级",
        "分类结果",
        "类别",
        "credit_class",
        "风险等级",
        "分类",
    ),
    "computed_on": ("计算日期", "评定日期", "分类日期", "生成日期", "数据日期", "class_computed_on"),
    "edition": ("版本", "期次", "批次"),
}

#: The four classes and the wordings that mean them (rules.md O1).
CLASS_OF = {
    **{letter: letter for letter in "ABCD"},
    **{f"{letter}{suffix}": letter for letter in "ABCD" for suffix in ("类", "级", "等")},
    "低风险": "A",
    "一般风险": "B",
    "较高风险": "C",
    "高风险": "D",
    "信用风险低": "A",
    "信用风险一般": "B",
    "信用风险较高": "C",
    "信用风险高": "D",
}


@dataclass(frozen=True, slots=True)
class ClassRow:
    """The class of one subject on a day."""

    number: int
    code: str
    name: str
    credit_class: str
    computed_on: datetime.date | None
    edition: str


def class_of(text: str) -> str | None:
    """
    The letter A to D that *text* means; None when it is none of them.

    >>> class_of("B类"), class_of("信用风险高"), class_of("A（信用风险低）"), class_of("E")
    ('B', 'D', 'A', None)
    """
    folded = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    whole = CLASS_OF.get(folded)
    if whole or "(" not in folded:
        return whole
    outer, _bracket, inner = folded.rstrip(")").partition("(")
    first, second = CLASS_OF.get(outer), CLASS_OF.get(inner)
    return first if first == second else None


def read(table: Table) -> Reading[ClassRow]:
    """
    Read a file of credit-risk classes (读取信用风险分类).

    Raises:
        InvalidInput: The column of the code or of the class is missing.
    """
    columns = match(table, ALIASES, required=[("code",), ("class",)])
    cells = Cells(columns, table.name)
    rows: list[ClassRow] = []
    seen: dict[str, int] = {}
    for number, record in table.records():
        cells.load(number, record)
        code, value = target_code(cells, "code"), class_of(cells.needed("class"))
        if not cells.text("code"):
            cells.refuse("code", _("没有代码，不知道是哪一户，请补上"))
        if value is None and cells.text("class"):
            cells.refuse(
                "class",
                _("“{text}”不是 A、B、C、D 四类之一。别的分级办法不能混用，请向省级平台取得分类结果").format(
                    text=cells.text("class")
                ),
            )
        first = seen.setdefault(code, number) if code else number
        if first != number:
            cells.refuse("code", _("与第{first}行重复，请只留一行").format(first=first))
        computed_on = cells.day("computed_on")
        if code and value:
            rows.append(
                ClassRow(
                    number, code, cells.text("name"), value, computed_on, cells.text("edition", limit=40)
                )
            )
    return Reading(rows, [*table.troubles, *cells.troubles])
