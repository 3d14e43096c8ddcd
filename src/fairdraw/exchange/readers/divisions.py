"""
Reads the table of the city bureau's divisions and the units here that answer to them (市局处室对照表; N14).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairdraw.exchange.readers.cells import Cells
from fairdraw.exchange.readers.columns import match
from fairdraw.exchange.readers.report import Reading
from fairdraw.exchange.tables import Table

ALIASES = {
    "name": ("市局处室", "处室", "市局科室", "市局业务处室", "上级处室", "派发处室", "处室名称"),
    "agency": ("对应单位", "对应股室", "县局股室", "本局股室", "承办股室", "承办单位", "股室", "单位"),
    "note": ("备注", "说明"),
}


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A division with the code of the unit that answers to it."""

    number: int
    name: str
    agency: str
    note: str


def read(table: Table, *, units: Mapping[str, str] | None = None) -> Reading[DivisionRow]:
    """
    Read the table of divisions (读取市局处室对照表).

    Args:
        table: The file.
        units: The code of a unit by every name that a file may give it.

    Raises:
        InvalidInput: The column for divisions, or for units, is missing.
    """
    columns = match(table, ALIASES, required=[("name",), ("agency",)])
    cells = Cells(columns, table.name)
    rows: list[DivisionRow] = []
    seen: dict[str, int] = {}
    for number, record in table.records():
        cells.load(number, record)
        name, unit = cells.needed("name", limit=100), cells.needed("agency")
        code = (units or {}).get(unit, "")
        if units is not None and unit and not code:
            cells.refuse("agency", _("本局没有名为“{name}”的单位").format(name=unit))
        first = seen.setdefault(name, number)
        if name and first != number:
            cells.refuse("name", _("与第{first}行是同一个处室，请只留一行").format(first=first))
        rows.append(DivisionRow(number, name, code, cells.text("note", limit=200)))
    return Reading(rows, [*table.troubles, *cells.troubles])
