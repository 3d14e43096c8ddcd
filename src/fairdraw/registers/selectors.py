"""Questions on the item list and the two directories."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.registers.models import Inspector, Item, ItemAlias, ItemState, ItemVersion, Target, YearBase


@dataclass(frozen=True)
class TargetFilter:
    """What the list page of targets asks for; empty means all."""

    text: str = ""
    kind: str = ""
    status: str = ""
    station: str = ""
    credit_class: str = ""
    tag: str = ""
    town: str = ""
    order: str = "draw_code"


TARGET_ORDERS = {"draw_code", "-draw_code", "name", "-name", "registered_on", "-registered_on"}


def visible_targets(actor: Actor) -> QuerySet[Target]:
    """
    The targets that this actor may look at.

    The bureau's people see the whole directory; a station sees its own area. Partner departments,
    whose path lies outside the bureau's, see nothing here.
    """
    if actor.trusted:
        return Target.objects.all()
    root = accounts.root()
    if any(root.path.startswith(path) or path.startswith(root.path) for path in actor.scopes()):
        own = [g.agency_id for g in actor.grants]
        station_only = Agency.objects.filter(pk__in=own).exclude(kind="station").count() == 0
        if station_only:
            return Target.objects.filter(station__in=own)
        return Target.objects.all()
    return Target.objects.none()


def targets(actor: Actor, asked: TargetFilter) -> QuerySet[Target]:
    """The targets of a list page, filtered and ordered, not yet paged."""
    rows = visible_targets(actor)
    if asked.text:
        text = asked.text.strip()
        if text.isascii() and text.replace("-", "").isalnum():
            rows = rows.filter(Q(draw_code__startswith=text.upper()) | Q(name__contains=text))
        else:
            rows = rows.filter(Q(name__contains=text) | Q(address__contains=text))
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.station:
        rows = rows.filter(station__code=asked.station)
    if asked.credit_class:
        rows = rows.filter(credit_class="" if asked.credit_class == "N" else asked.credit_class)
    if asked.tag:
        rows = rows.filter(tags__contains=f",{asked.tag},")
    if asked.town:
        rows = rows.filter(town=asked.town)
    return rows.order_by(asked.order if asked.order in TARGET_ORDERS else "draw_code")


def target(actor: Actor, draw_code: str) -> Target:
    """
    One target by its draw code.

    Raises:
        NotFound: Absent, or outside the actor's scope.
    """
    found = visible_targets(actor).filter(draw_code=draw_code).select_related("station").first()
    if found is None:
        raise NotFound(_("没有这个检查对象，或不在您的辖区"))
    return found


def items_on(day: dt.date) -> QuerySet[ItemVersion]:
    """The versions of the item list in force on *day*."""
    return (
        ItemVersion.objects.filter(starts_on__lte=day)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
        .select_related("item")
        .order_by("item__code")
    )


def plannable_item(code: str, *, on: dt.date) -> ItemVersion | None:
    """The confirmed, published version of the item *code* on *on*."""
    return items_on(on).filter(item__code=code, state=ItemState.CONFIRMED, published=True).first()


def pending_items() -> QuerySet[ItemVersion]:
    """The items that wait to be confirmed (待核事项), in the order of their codes."""
    return (
        ItemVersion.objects.filter(state=ItemState.PENDING, ends_on__isnull=True)
        .select_related("item")
        .order_by("item__code")
    )


def newest_version_for_update(code: str) -> ItemVersion:
    """
    The newest version of the item *code*, locked for the rest of the transaction.

    Raises:
        NotFound: There is no such item.
    """
    rows = ItemVersion.objects.select_for_update(of=("self",)).select_related("item")
    found = rows.filter(item__code=code).order_by("-version").first()
    if found is None:
        raise NotFound(_("没有编号为“%(code)s”的抽查事项") % {"code": code})
    return found


def item_by_wording(wording: str) -> Item | None:
    """The item that a plan table means by *wording*: by its name, or by a remembered alias."""
    found = Item.objects.filter(name=wording).first()
    if found is None:
        alias = ItemAlias.objects.filter(wording=wording).select_related("item").first()
        found = alias.item if alias else None
    return found


def item_aliases() -> list[tuple[str, int]]:
    """The wordings of plan tables that are remembered (事项别名), each with the key of its item."""
    return list(ItemAlias.objects.values_list("wording", "item_id"))


def base_of(agency: Agency, year: int) -> YearBase | None:
    """The frozen base of the 3.5 % for *year*."""
    return YearBase.objects.filter(agency=agency, year=year).first()


def register_counts() -> dict[str, int]:
    """How many targets of each kind count as existing."""
    rows = Target.objects.existing().values("kind").annotate(n=Count("pk"))
    return {row["kind"]: row["n"] for row in rows}


def enterprise_count() -> int:
    """The enterprises of the register that count as existing, to stand beside the documented base."""
    return Target.objects.existing().filter(kind="enterprise").count()


def low_risk_count() -> int:
    """The existing enterprises of class A in the register as it is now (K7)."""
    return Target.objects.existing().filter(kind="enterprise", credit_class="A").count()


def drawable_inspectors(
    agencies: list[Agency], *, starts_on: dt.date, ends_on: dt.date
) -> QuerySet[Inspector]:
    """
    The inspectors of *agencies* whom a draw may take for the days *starts_on* to *ends_on*.

    The expired, untrained, assistants and those away at the start are never drawn (rules.md D1, D2).
    """
    return (
        Inspector.objects.filter(
            agency__in=agencies,
            active=True,
            trained=True,
            assistant=False,
            expert=False,
            valid_from__lte=starts_on,
            valid_to__gte=ends_on,
        )
        .exclude(absences__starts_on__lte=starts_on, absences__ends_on__gt=starts_on)
        .select_related("agency")
        .order_by("code")
    )
