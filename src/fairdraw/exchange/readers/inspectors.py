"""
Reads the directory of inspectors (执法检查人员名录库; rules.md D1–D4).
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairdraw.exchange.readers.cells import Cells
from fairdraw.exchange.readers.columns import match
from fairdraw.exchange.readers.report import Reading
from fairdraw.exchange.tables import Table
from fairdraw.registers.entries import Certified

ALIASES = {
    "code": ("编号", "人员编号", "工号", "内部编号"),
    "name": ("姓名", "检查人员", "执法人员"),
    "agency": ("所属单位", "单位", "所在单位", "工作单位", "所属机构", "部门", "agency_code"),
    "certificate_no": (
        "执法证号",
        "执法证件号",
        "证件号",
        "执法证编号",
        "行政执法证号",
        "certificate_number",
    ),
    "valid_from": ("证件有效期起", "有效期起", "发证日期", "生效日期"),
    "valid_to": ("证件有效期至", "有效期至", "有效期止", "失效日期", "有效期"),
    "qualifications": ("资格", "专业资格", "专业资质", "资质"),
    "areas": ("片区", "可检查片区", "负责片区", "辖区"),
    "assistant": ("辅助人员", "是否辅助人员", "协助人员"),
    "expert": ("专家", "是否专家"),
    "trained": ("已培训", "是否培训", "培训合格"),
    "trained_on": ("培训日期", "最近培训日期"),
    "training": ("培训内容", "培训课程"),
    "post": ("职务", "担任职务"),
    "active": ("在岗", "是否在岗"),
    "special_no": ("资格证号", "专业资格证号"),
    "special_to": ("资格证有效期至", "专业资格有效期至"),
    "user": ("账号", "登录名", "username"),
}

CODE = re.compile(r"[0-9A-Za-z._:-]{1,36}")


@dataclass(frozen=True, slots=True)
class InspectorRow:
    """One officer. ``areas`` empty means everywhere; flags are None where the table does not say."""

    number: int
    code: str
    name: str
    agency: str
    certificate_no: str
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    qualifications: tuple[str, ...]
    areas: tuple[str, ...]
    assistant: bool | None
    expert: bool | None
    trained: bool | None
    user: str
    post: str | None = None
    trained_on: datetime.date | None = None
    training: str | None = None
    active: bool | None = None
    certified: tuple[Certified, ...] = ()


def read(table: Table) -> Reading[InspectorRow]:
    """
    Read a list of inspectors (读取执法检查人员名录).

    Raises:
        InvalidInput: The columns for code, name, agency or the end of the certificate are missing.
    """
    columns = match(
        table, ALIASES, required=[("code", "certificate_no"), ("name",), ("agency",), ("valid_to",)]
    )
    cells = Cells(columns, table.name)
    rows: list[InspectorRow] = []
    codes: dict[str, int] = {}
    certificates: dict[str, int] = {}
    for number, record in table.records():
        cells.load(number, record)
        row = _row(cells)
        _once(cells, codes, "code", row.code)
        _once(cells, certificates, "certificate_no", row.certificate_no)
        rows.append(row)
    return Reading(rows, [*table.troubles, *cells.troubles])


def _row(cells: Cells) -> InspectorRow:
    certificate = cells.code("certificate_no")
    assistant = cells.flag("assistant")
    valid_from, valid_to = cells.day("valid_from"), cells.day("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        cells.refuse("valid_to", _("证件有效期的止期早于起期，请核对"))
    if not assistant:
        _needs_certificate(cells, certificate, valid_to)
    areas = cells.words("areas")
    qualifications = tuple(word for word in cells.words("qualifications") if word != "无")
    code = cells.code("code", limit=36) or certificate
    if code and not CODE.fullmatch(code):
        _refuse_code(cells, code)
    return InspectorRow(
        number=cells.number,
        code=code,
        name=cells.needed("name", limit=40),
        agency=cells.needed("agency"),
        certificate_no=certificate,
        valid_from=valid_from,
        valid_to=valid_to,
        qualifications=qualifications,
        areas=() if areas in {("*",), ("全部",), ("全县",)} else areas,
        assistant=assistant,
        expert=cells.flag("expert"),
        trained=cells.flag("trained"),
        user=cells.text("user"),
        post=cells.text("post", limit=40) or None,
        trained_on=cells.day("trained_on"),
        training=cells.text("training", limit=100) or None,
        active=cells.flag("active"),
        certified=_certified(cells, qualifications),
    )


def _certified(cells: Cells, qualifications: tuple[str, ...]) -> tuple[Certified, ...]:
    """The certificate of the row's one qualification; of several it would not say whose it is."""
    ends, number = cells.day("special_to"), cells.code("special_no")
    if ends is None:
        return ()
    if len(qualifications) != 1:
        cells.refuse("special_to", _("一行只能写一项有自己证件的资格；其余资格请在人员页面逐项录入"))
        return ()
    return (Certified(qualifications[0], number, None, ends),)


def _refuse_code(cells: Cells, code: str) -> None:
    """The number stands in sealed lists, which take letters and digits alone (vdraw/1 §5)."""
    said = _("人员编号“{code}”只能用字母、数字和 . _ : -，最多36位")
    if cells.text("code"):
        cells.refuse("code", said.format(code=code))
    else:
        said = _("执法证号“{code}”含有别的字符，不能当作人员编号，请加一列“编号”，用字母和数字")
        cells.refuse("certificate_no", said.format(code=code))


def _needs_certificate(cells: Cells, certificate: str, valid_to: datetime.date | None) -> None:
    if not certificate:
        cells.refuse("certificate_no", _("没有执法证号的人员不能抽取。请补上，或把“辅助人员”列填“是”"))
    if valid_to is None and not cells.text("valid_to"):
        cells.refuse("valid_to", _("没有写执法证的有效期至，请补上"))


def _once(cells: Cells, seen: dict[str, int], field: str, value: str) -> None:
    if not value:
        return
    first = seen.setdefault(value, cells.number)
    if first != cells.number:
        cells.refuse(field, _("“{value}”与第{first}行重复，请只留一行").format(value=value, first=first))
