"""
What a bureau hands in when its installation is made (单位表、账号表): tables read whole or refused whole.

Columns of the units: 类型 (局、股室、所、部门), 名称, and as wanted 代码, 简称, 机关代字, 联系电话. Columns of the people:
账号, 姓名, 单位, 职责 (several with 、).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from fairdraw.accounts.models import ADMINISTRATORS, DUTY_LABELS, AgencyKind
from fairdraw.exchange import tables
from fairdraw.exchange.readers import report
from fairdraw.exchange.readers.cells import Cells
from fairdraw.exchange.readers.columns import match
from fairdraw.kernel.actor import Duty

CODE = re.compile(r"[0-9A-Za-z._-]{1,24}")  # the protocol's departments; slots append to them
USERNAME = re.compile(r"[0-9A-Za-z._-]{2,40}")
UNIT_COLUMNS = {
    "kind": ("类型", "单位类型", "类别"),
    "name": ("名称", "单位名称", "全称"),
    "code": ("代码", "单位代码", "编号"),
    "short_name": ("简称",),
    "prefix": ("机关代字", "代字"),
    "telephone": ("联系电话", "电话"),
}
PEOPLE_COLUMNS = {
    "username": ("账号", "登录名", "用户名"),
    "name": ("姓名",),
    "agency": ("单位", "所属单位", "股室"),
    "duties": ("职责", "岗位", "任职"),
}
KINDS = {
    **{kind.value: kind for kind in AgencyKind},
    **dict.fromkeys(("局", "机关", "市场监管局", "市场监督管理局"), AgencyKind.BUREAU),
    **dict.fromkeys(("股室", "股", "科室", "科", "处室", "内设机构"), AgencyKind.SECTION),
    **dict.fromkeys(("所", "监管所", "市场监管所", "派出机构"), AgencyKind.STATION),
    **dict.fromkeys(("部门", "其他部门", "联合部门"), AgencyKind.DEPARTMENT),
}
DUTIES = {**{duty.value: duty for duty in Duty}, **{str(label): duty for duty, label in DUTY_LABELS.items()}}


@dataclass(frozen=True)
class Unit:
    """A unit to set up; an empty code is made from its place in the list."""

    kind: AgencyKind
    name: str
    code: str = ""
    short_name: str = ""
    prefix: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class Person:
    """An account to open, with the duties that it holds in one unit."""

    username: str
    name: str
    agency: str
    duties: tuple[Duty, ...]


def read_units(path: Path) -> list[Unit]:
    """
    The units of a table (单位表).

    Raises:
        InvalidInput: A row cannot be used; names row and column.
    """
    table = tables.read(path)
    cells = Cells(match(table, UNIT_COLUMNS, required=[("kind",), ("name",)]), table.name)
    units: list[Unit] = []
    seen: dict[str, int] = {}
    for number, record in table.records():
        cells.load(number, record)
        unit = _unit(cells)
        for field, value in (("name", unit.name), ("code", unit.code)):
            _once(cells, seen, field, value)
        units.append(unit)
    report.require([*table.troubles, *cells.troubles])
    return units


def _unit(cells: Cells) -> Unit:
    written, code = cells.needed("kind"), cells.text("code")
    kind = KINDS.get(written)
    if written and kind is None:
        cells.refuse("kind", _("“{text}”不是局、股室、所、部门之一").format(text=written))
    if code and not CODE.fullmatch(code):
        cells.refuse("code", _("代码只能用字母、数字和 . _ -，最多24位"))
    return Unit(
        kind or AgencyKind.SECTION,
        cells.needed("name", limit=100),
        code,
        cells.text("short_name", limit=40),
        cells.text("prefix", limit=20),
        cells.text("telephone", limit=40),
    )


def read_people(path: Path) -> list[Person]:
    """
    The people of a table (账号表); a person with duties in several units stands in several rows.

    Raises:
        InvalidInput: A row cannot be used; names row and column.
    """
    table = tables.read(path)
    required = [(name,) for name in PEOPLE_COLUMNS]
    cells = Cells(match(table, PEOPLE_COLUMNS, required=required), table.name)
    people: list[Person] = []
    names: dict[str, str] = {}
    held: dict[str, set[Duty]] = {}
    for number, record in table.records():
        cells.load(number, record)
        person = _person(cells)
        if names.setdefault(person.username, person.name) != person.name:
            cells.refuse("name", _("账号 {user} 在前面是另一个人").format(user=person.username))
        duties = held.setdefault(person.username, set())
        duties.update(person.duties)
        if duties & set(ADMINISTRATORS) and len(duties) > 1:
            cells.refuse("duties", _("系统、安全、审计管理员互不兼任，也不办业务，请另开账号"))
        people.append(person)
    report.require([*table.troubles, *cells.troubles])
    return people


def _person(cells: Cells) -> Person:
    username = cells.needed("username")
    if username and not USERNAME.fullmatch(username):
        cells.refuse("username", _("账号只能用字母、数字和 . _ -，2至40位"))
    duties = []
    for word in cells.words("duties"):
        if word in DUTIES:
            duties.append(DUTIES[word])
        else:
            known = "、".join(str(label) for label in DUTY_LABELS.values())
            cells.refuse("duties", _("没有职责“{word}”，只有：{known}").format(word=word, known=known))
    if not cells.text("duties"):
        cells.refuse("duties", _("没有写职责"))
    return Person(username, cells.needed("name", limit=40), cells.needed("agency"), tuple(duties))


def _once(cells: Cells, seen: dict[str, int], field: str, value: str) -> None:
    first = seen.setdefault(f"{field} {value}", cells.number) if value else cells.number
    if first != cells.number:
        cells.refuse(field, _("“{value}”与第{first}行重复").format(value=value, first=first))
