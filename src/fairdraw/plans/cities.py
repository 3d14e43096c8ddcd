"""
Which unit here answers to a division of the city bureau (市局处室对应股室; N14): it proposes who carries out what the city sends.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import InvalidInput, NotFound, NotPermitted
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans.models import CityDivision
from fairdraw.registers.entries import ImportCount

_NOISE = re.compile(r"[\s()（）·.,、\-]+")
#: What stands before the division's own name.
_BUREAU = re.compile(r"^.{0,8}?市?(市场监督管理局|市场监管局|市局)")


@dataclass(frozen=True)
class DivisionEntry:
    """A division as it was typed or read: its name, the unit that answers to it, a note."""

    name: str
    agency: Agency
    note: str = ""


def plain(name: str) -> str:
    """
    A division's name in its comparable form: half width, without the bureau before it.

    >>> plain("泉州市市场监督管理局 广告监管处"), plain("市局广告监管处")
    ('广告监管处', '广告监管处')
    """
    text = _NOISE.sub("", unicodedata.normalize("NFKC", name))
    return _BUREAU.sub("", text) or text


def can_keep(actor: Actor) -> Verdict:
    """Whether *actor* may say which unit answers to which division: the office of the bureau."""
    if not actor.holds(Duty.OFFICE, within=accounts.root().path):
        return Verdict(NotPermitted(_("市局处室对照表由领导小组办公室维护")))
    return ALLOWED


def divisions() -> QuerySet[CityDivision]:
    """The table, by name."""
    return CityDivision.objects.select_related("agency__successor").order_by("name")


def unit_of(division: str) -> Agency | None:
    """The unit that answers to a division, by its name as anybody writes it; a unit that was merged is the one it is now."""
    return units().get(plain(division))


def units() -> dict[str, Agency]:
    """The unit that answers to each division today, by the division's name in its comparable form."""
    found = {plain(row.name): _standing(row.agency) for row in divisions()}
    return {name: unit for name, unit in found.items() if unit.closes_on is None}


def _standing(unit: Agency) -> Agency:
    while unit.successor is not None:
        unit = unit.successor
    return unit


@transaction.atomic
def keep(entry: DivisionEntry, *, actor: Actor, now: dt.datetime) -> CityDivision:
    """Say which unit answers to a division (登记、修改对应单位); one of the same name is replaced."""
    can_keep(actor).require()
    return _kept(entry, actor, now)[0]


def _kept(entry: DivisionEntry, actor: Actor, now: dt.datetime) -> tuple[CityDivision, str]:
    """The row of a division, and whether it is ``added``, ``changed`` or the ``same``."""
    asked = plain(entry.name)
    if not asked:
        raise InvalidInput(_("请写明市局处室的名称"))
    held = next((row for row in CityDivision.objects.select_for_update() if plain(row.name) == asked), None)
    said = {"name": entry.name.strip(), "agency": entry.agency, "note": entry.note.strip()}
    if held is not None and all(getattr(held, field) == value for field, value in said.items()):
        return held, "same"
    row = held or CityDivision()
    for field, value in said.items():
        setattr(row, field, value)
    row.edited_by, row.edited_at = actor.code, now
    row.save()
    body = {"division": row.name, "agency": entry.agency.code}
    audit.record("division.kept", actor=actor, at=now, body=body)
    return row, "changed" if held else "added"


@transaction.atomic
def keep_all(entries: Sequence[DivisionEntry], *, actor: Actor, now: dt.datetime) -> ImportCount:
    """Enter a table of divisions (导入对照表); those that it does not name stay."""
    can_keep(actor).require()
    done = [_kept(entry, actor, now)[1] for entry in entries]
    return ImportCount(done.count("added"), done.count("changed"), done.count("same"))


@transaction.atomic
def remove(pk: int, *, actor: Actor, now: dt.datetime) -> None:
    """
    Take a division out of the table (删除对应关系).

    Raises:
        NotFound: It is not there.
    """
    can_keep(actor).require()
    row = CityDivision.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound(_("对照表里没有这个处室"))
    row.delete()
    audit.record("division.removed", actor=actor, at=now, body={"division": row.name})
