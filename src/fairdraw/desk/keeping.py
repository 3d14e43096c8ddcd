"""What the pages of the item list and of the inspectors show (一单两库的维护)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.registers import services as registers
from fairdraw.registers.models import ItemState, ItemVersion
from fairdraw.ui.formats import exact_percent
from fairdraw.ui.parts import Tone

PENDING, CONFIRMED, WITHDRAWN, COMING, ENDED = "pending", "confirmed", "withdrawn", "coming", "ended"
STATES = (
    (PENDING, gettext_lazy("待核")),
    (CONFIRMED, gettext_lazy("已确认")),
    (WITHDRAWN, gettext_lazy("未公布")),
    (COMING, gettext_lazy("尚未生效")),
    (ENDED, gettext_lazy("已停用")),
)
LACKING = (("basis", gettext_lazy("没有抽查依据")), ("points", gettext_lazy("没有检查要点")))
WANTING: dict[str, dict[str, Any]] = {"basis": {"legal_basis": ""}, "points": {"points": []}}
TONES = {PENDING: Tone.WARNING, CONFIRMED: Tone.SUCCESS, COMING: Tone.INFO}
CLASSES = (("key", _("重点检查事项")), ("general", _("一般检查事项")))


@dataclass(frozen=True)
class ItemLine:
    """An item as the list shows it."""

    version: ItemVersion
    kind: str
    limit: str
    pending: bool
    state: str
    tone: str


def _newest() -> QuerySet[ItemVersion]:
    later = ItemVersion.objects.filter(item=OuterRef("item"), version__gt=OuterRef("version"))
    return ItemVersion.objects.filter(~Exists(later)).select_related("item").order_by("item__code")


def items(
    *, text: str = "", state: str = "", kind: str = "", section: str = "", lacking: str = ""
) -> QuerySet[ItemVersion]:
    """
    The newest version of each item, filtered; in the order of their codes.

    Without a state those that have not ended. What comes into force later is among its state, and apart.
    """
    today = clock.today()
    ended = Q(ends_on__lte=today)
    chosen = {
        "": ~ended,
        PENDING: Q(state=ItemState.PENDING) & ~ended,
        CONFIRMED: Q(state=ItemState.CONFIRMED, published=True) & ~ended,
        WITHDRAWN: Q(state=ItemState.CONFIRMED, published=False) & ~ended,
        COMING: Q(starts_on__gt=today) & ~ended,
        ENDED: ended,
    }
    rows = _newest().filter(chosen[state])
    if text:
        rows = rows.filter(Q(name__contains=text) | Q(item__code__startswith=text))
    if kind:
        rows = rows.filter(item_class=kind)
    if section:
        rows = rows.filter(department__contains=section)
    return rows.filter(**WANTING[lacking]) if lacking else rows


def state_of(version: ItemVersion, *, on: dt.date) -> str:
    """Where an item stands on a day; one that waits says so even where it comes later."""
    if version.ends_on is not None and version.ends_on <= on:
        return ENDED
    if version.state == ItemState.PENDING:
        return PENDING
    if not version.published:
        return WITHDRAWN
    return COMING if version.starts_on > on else CONFIRMED


def may_be_published(version: ItemVersion) -> bool:
    """Whether an item was confirmed and taken off the public list."""
    return version.state == ItemState.CONFIRMED and not version.published


def lines(versions: Iterable[ItemVersion]) -> list[ItemLine]:
    """Items as the list shows them."""
    kinds, words, today = dict(CLASSES), dict(STATES), clock.today()
    held = [(v, state_of(v, on=today)) for v in versions]
    return [
        ItemLine(
            version=v,
            kind=str(kinds.get(v.item_class, _("未写明"))),
            limit=exact_percent(v.ratio_limit) if v.ratio_limit is not None else "",
            pending=state == PENDING,
            state=str(words[state]),
            tone=TONES.get(state, Tone.PLAIN).value,
        )
        for v, state in held
    ]


def item(code: str) -> ItemVersion:
    """
    The newest version of one item.

    Raises:
        NotFound: There is none.
    """
    found = _newest().filter(item__code=code).first()
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
            basis_type=version.basis_type,
            actor=actor,
            now=now,
        )
        count += 1
    return count
