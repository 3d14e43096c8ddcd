"""Questions on the item list and the two directories."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.registers import rules
from fairdraw.registers.models import (
    Inspector,
    InspectorAbsence,
    InspectorQualification,
    ItemState,
    ItemVersion,
    Target,
    YearBase,
)


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
    listed: str = ""  # abnormal, serious
    food_grade: str = ""
    stale_before: str = ""  # classed on a day before this one
    index_from: str = ""  # received risk index, both ends included
    index_to: str = ""
    licence_kind: str = ""
    licence: str = ""  # valid, expiring, expired, none: of that kind, or of any
    licence_on: str = ""  # the day by which a licence is judged
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


def is_plannable(version: ItemVersion, *, on: dt.date) -> bool:
    """Whether a version may be put in a plan or task on *on*: confirmed, published, with a basis, in force (rules.md B1)."""
    in_force = version.ends_on is None or version.ends_on > on
    return (
        version.state == ItemState.CONFIRMED and version.published and bool(version.legal_basis) and in_force
    )


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


def of_class_a(codes: Collection[str]) -> set[str]:
    """Those of *codes* whose class is A today."""
    wanted, found = sorted(codes), set[str]()
    for start in range(0, len(wanted), 5000):
        rows = Target.objects.filter(draw_code__in=wanted[start : start + 5000], credit_class="A")
        found.update(rows.values_list("draw_code", flat=True))
    return found


def drawable_inspectors(
    agencies: list[Agency], *, starts_on: dt.date, ends_on: dt.date
) -> QuerySet[Inspector]:
    """
    The inspectors of *agencies* whom a draw may take for the days *starts_on* to *ends_on*.

    The expired, the untrained, those out of service, assistants, experts and the absent are never drawn
    (rules.md D1–D3): absent is who is away on the first day, or on half of the days or more.
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
        .exclude(pk__in=_absent(agencies, starts_on=starts_on, ends_on=ends_on))
        .select_related("agency")
        .prefetch_related("certified")
        .order_by("code")
    )


def _absent(agencies: list[Agency], *, starts_on: dt.date, ends_on: dt.date) -> set[int]:
    """The keys of those who are away too long to be drawn."""
    rows = InspectorAbsence.objects.filter(
        inspector__agency__in=agencies, starts_on__lte=ends_on, ends_on__gt=starts_on
    ).values_list("inspector_id", "starts_on", "ends_on")
    away: dict[int, list[tuple[dt.date, dt.date]]] = {}
    for who, first, back in rows:
        away.setdefault(who, []).append((first, back))
    return {
        who for who, periods in away.items() if rules.is_away(periods, starts_on=starts_on, ends_on=ends_on)
    }


def qualifications_on(inspector: Inspector, *, starts_on: dt.date, ends_on: dt.date) -> list[str]:
    """The qualifications that hold on all days of a task: one with a certificate of its own only while it is valid."""
    lapsed = {
        c.code
        for c in inspector.certified.all()
        if c.valid_to < ends_on or (c.valid_from is not None and c.valid_from > starts_on)
    }
    return [code for code in inspector.qualifications.split(",") if code and code not in lapsed]


@dataclass(frozen=True)
class Expiry:
    """A certificate that runs out (证件到期): whose, which (empty: the enforcement certificate), the last day."""

    inspector: Inspector
    qualification: str
    valid_to: dt.date


def expiring(within: Q, *, until: dt.date) -> list[Expiry]:
    """Certificates of people in service that end on *until* or before, those that end first first (N23)."""
    people = Inspector.objects.filter(within, active=True, assistant=False).select_related("agency")
    rows = [Expiry(person, "", person.valid_to) for person in people.filter(valid_to__lte=until)]
    held = InspectorQualification.objects.filter(inspector__in=people, valid_to__lte=until)
    rows += [Expiry(c.inspector, c.code, c.valid_to) for c in held.select_related("inspector__agency")]
    return sorted(rows, key=lambda row: (row.valid_to, row.inspector.code, row.qualification))
