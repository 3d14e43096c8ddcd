"""The year's base (登记基数): the documented number of enterprises that the 3.5 % is of (N02)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput
from fairdraw.registers import class_counts, permissions, selectors
from fairdraw.registers.models import YearBase


class BaseRefused(InvalidInput):
    """The base of the 3.5 % comes from a document, and stays what it is."""

    code = "registers.base-refused"


@transaction.atomic
def enter_base(
    *,
    agency: Agency,
    year: int,
    count: int,
    source: str,
    dated_on: dt.date,
    invented: bool,
    actor: Actor,
    now: dt.datetime,
) -> YearBase:
    """
    Enter the documented number of enterprises at the end of last year (登记基数; N02), once.

    The enterprises of class A are counted with it, so that K7 has a base that stands still as well.

    Raises:
        BaseRefused: There is no document or number, or the year has its base.
    """
    permissions.can_enter_base(actor, agency).require()
    if count < 1 or not source.strip():
        raise BaseRefused(_("请填写企业实有数和它出自的文件"))
    if selectors.base_of(agency, year) is not None:
        raise BaseRefused(_("%(year)s年的企业实有数已经录入，不能更改") % {"year": year})
    row = YearBase.objects.create(
        agency=agency,
        year=year,
        count=count,
        low_risk_count=class_counts.low_risk_enterprises(agency) or None,
        source=source,
        dated_on=dated_on,
        invented=invented,
    )
    audit.record(
        "base.entered",
        actor=actor,
        at=now,
        body={"agency": agency.code, "year": year, "count": count, "source": source},
    )
    return row
