"""What the pages of the item list and of the inspectors show (一单两库的维护)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.registers import services as registers
from fairdraw.registers.models import ItemState, ItemVersion
from fairdraw.ui.formats import exact_percent
from fairdraw.ui.parts import Tone

STATES = ((ItemState.PENDING.value, _("待核")), (ItemState.CONFIRMED.value, _("已确认")))
CLASSES = (("key", _("重点检查事项")), ("general", _("一般检查事项")))


@dataclass(frozen=True)
class ItemLine:
    """An item as the list shows it."""

    version: ItemVersion
    kind: str
    limit: str
    pending: bool
    tone: str


def items(*, text: str = "", state: str = "") -> QuerySet[ItemVersion]:
    """The newest version of each item, filtered; in the order of their codes."""
    rows = ItemVersion.objects.filter(ends_on__isnull=True).select_related("item").order_by("item__code")
    if text:
        rows = rows.filter(Q(item__name__contains=text) | Q(item__code__startswith=text))
    return rows.filter(state=state) if state else rows


def lines(versions: Iterable[ItemVersion]) -> list[ItemLine]:
    """Items as the list shows them."""
    kinds = dict(CLASSES)
    return [
        ItemLine(
            version=v,
            kind=str(kinds.get(v.item_class, _("未写明"))),
            limit=exact_percent(v.ratio_limit) if v.ratio_limit is not None else "",
            pending=v.state == ItemState.PENDING,
            tone=(Tone.WARNING if v.state == ItemState.PENDING else Tone.SUCCESS).value,
        )
        for v in versions
    ]


def item(code: str) -> ItemVersion:
    """
    The newest version of one item.

    Raises:
        NotFound: There is none.
    """
    found = items().filter(item__code=code).first()
    if found is None:
        raise NotFound(_("没有编号为“%(code)s”的抽查事项") % {"code": code})
    return found


@transaction.atomic
def confirm_many(
    codes: Iterable[str], *, item_class: str, ratio_limit: Decimal | None, actor: Actor, now: dt.datetime
) -> int:
    """Confirm several items with one kind and limit, each with the basis that its file gave; all or none."""
    count = 0
    for code in codes:
        version = item(code)
        registers.confirm_item(
            code=code,
            item_class=item_class,
            legal_basis=version.legal_basis,
            ratio_limit=ratio_limit,
            actor=actor,
            now=now,
        )
        count += 1
    return count
