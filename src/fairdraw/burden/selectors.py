"""Questions on what targets bear: visits of the year, caps, campaigns and days without visits in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.burden.models import Blackout, BorneVisit, Campaign
from fairdraw.burden.rules import KINDS, RANDOM
from fairdraw.kernel.errors import NotFound
from fairdraw.registers.models import Target
from fairdraw.rulebook import selectors as rulebook

SAID = ["kind", "higher", "items", "items_count", "exempt_code", "note", "unit_name", "agency"]
AT_ONCE = 1000


@dataclass(frozen=True)
class Account:
    """
    What one target bears in a year (本年入企): visits made and to come, of all units.

    Attributes:
        counted: Those that count towards the cap of the department that is asked about.
        cap: The most that it may make, and whether a document that binds says so.
    """

    visits: tuple[BorneVisit, ...]
    made: int
    waiting: int
    counted: int
    cap: int
    cap_is_law: bool

    @property
    def is_full(self) -> bool:
        """Whether no further visit of the department may be planned."""
        return self.counted >= self.cap


def of_year(year: int) -> QuerySet[BorneVisit]:
    """The visits of *year*, made and to come."""
    return BorneVisit.objects.filter(
        visited_on__gte=dt.date(year, 1, 1), visited_on__lt=dt.date(year + 1, 1, 1)
    )


def counting(year: int) -> QuerySet[BorneVisit]:
    """
    The visits of *year* that count towards a cap (计入频次上限).

    Whether random inspections count, and those that are held whatever the cap says, are rules of the rulebook:
    no document of the province was found (its value is open).
    """
    on = dt.date(year, 1, 1)
    rows = of_year(year)
    if not rulebook.number("cap_counts_random", on):
        rows = rows.exclude(kind=RANDOM)
    if not rulebook.number("cap_counts_exempt", on):
        rows = rows.filter(exempt_code="")
    return rows


def over_cap(department: Agency, *, year: int, cap: int) -> set[str]:
    """The draw codes of targets to which *department* may make no further visit in *year*."""
    counts = counting(year).filter(agency__path__startswith=department.path).values("target__draw_code")
    full = counts.annotate(n=Count("pk")).filter(n__gte=cap).order_by()
    return set(full.values_list("target__draw_code", flat=True))


def visited(year: int, **where: object) -> set[str]:
    """The draw codes of targets that were or are to be visited in *year*, of visits that are so."""
    return set(of_year(year).filter(**where).values_list("target__draw_code", flat=True))


def rechecked(items: Collection[str], *, since: dt.date) -> set[str]:
    """The draw codes of targets that a higher authority has checked for one of these items since that day."""
    named = Q(pk__in=[])
    for code in items:
        named |= Q(items__contains=f",{code},")
    rows = BorneVisit.objects.filter(named, higher=True, visited_on__gte=since)
    return set(rows.values_list("target__draw_code", flat=True))


def account(target: Target, *, year: int, department: Agency) -> Account:
    """What *target* bears in *year*, measured against the cap of *department* (本年入企)."""
    on = dt.date(year, 1, 1)
    visits = tuple(of_year(year).filter(target=target).select_related("agency").order_by("visited_on", "pk"))
    own = counting(year).filter(target=target, agency__path__startswith=department.path).count()
    waiting = sum(1 for visit in visits if visit.waiting)
    row = rulebook.number_row("visit_cap", on, within=department.path)
    return Account(visits, len(visits) - waiting, waiting, own, int(row.value), row.source.shown_as_law)


def kind_label(kind: str) -> str:
    """What a kind of visit is called."""
    return _(KINDS.get(kind, kind))


def target_keys(codes: Collection[str]) -> dict[str, int]:
    """The keys of targets by draw code."""
    found: dict[str, int] = {}
    wanted = sorted(codes)
    for start in range(0, len(wanted), AT_ONCE):
        rows = Target.objects.filter(draw_code__in=wanted[start : start + AT_ONCE])
        found |= dict(rows.values_list("draw_code", "pk"))
    return found


def agency_keys(codes: Collection[str]) -> dict[str, int]:
    """The keys of units by code."""
    return dict(Agency.objects.filter(code__in=codes).values_list("code", "pk"))


def imported(targets: Iterable[int]) -> dict[tuple[int, str], BorneVisit]:
    """The visits of these targets that were imported before, by target and reference."""
    found: dict[tuple[int, str], BorneVisit] = {}
    wanted = sorted(targets)
    for start in range(0, len(wanted), AT_ONCE):
        rows = BorneVisit.objects.filter(source="import", target__in=wanted[start : start + AT_ONCE])
        found |= {(row.target_id, row.reference): row for row in rows}
    return found


def said(row: BorneVisit) -> tuple[object, ...]:
    """What a file says of a visit beyond when and who."""
    return (
        row.kind,
        row.higher,
        row.items,
        row.items_count,
        row.exempt_code,
        row.note,
        row.unit_name,
        row.agency_id,
    )


def campaigns(year: int) -> QuerySet[Campaign]:
    """The special campaigns of *year*, those withdrawn as well."""
    rows = Campaign.objects.filter(starts_on__lt=dt.date(year + 1, 1, 1), ends_on__gte=dt.date(year, 1, 1))
    return rows.prefetch_related("items").order_by("starts_on", "pk")


def campaigns_over(items: Collection[int], *, starts_on: dt.date, ends_on: dt.date) -> list[Campaign]:
    """The campaigns that check one of *items* in these days beside the plan (专项检查重复; rules.md E5)."""
    rows = Campaign.objects.filter(
        items__in=items, withdrawn_at__isnull=True, starts_on__lte=ends_on, ends_on__gte=starts_on
    )
    return list(rows.distinct().order_by("starts_on", "pk"))


def blackouts(year: int) -> QuerySet[Blackout]:
    """The days without visits of *year*, those withdrawn as well."""
    rows = Blackout.objects.filter(starts_on__lt=dt.date(year + 1, 1, 1), ends_on__gte=dt.date(year, 1, 1))
    return rows.select_related("station").order_by("starts_on", "pk")


def blackouts_in(starts_on: dt.date, ends_on: dt.date) -> list[Blackout]:
    """The days without visits that fall into a window."""
    rows = Blackout.objects.filter(withdrawn_at__isnull=True, starts_on__lte=ends_on, ends_on__gte=starts_on)
    return list(rows.select_related("station").order_by("starts_on", "pk"))


def closed_for(blackout: Blackout) -> Q:
    """The targets that a blackout is for, as a condition on the directory; empty where it is for all."""
    named = Q()
    if blackout.industry:
        named &= Q(industry__startswith=blackout.industry)
    if blackout.tag:
        named &= Q(tags__contains=f",{blackout.tag},")
    if blackout.station_id:
        named &= Q(station=blackout.station_id)
    if blackout.town:
        named &= Q(town=blackout.town)
    return named


def covers(blackout: Blackout, target: Target) -> bool:
    """Whether *target* is not to be visited on the days of *blackout*."""
    return (
        target.industry.startswith(blackout.industry)
        and (not blackout.tag or f",{blackout.tag}," in target.tags)
        and blackout.station_id in (None, target.station_id)
        and blackout.town in ("", target.town)
    )


def campaign_for_update(campaign_id: int) -> Campaign:
    """
    A campaign that stands, locked.

    Raises:
        NotFound: There is none.
    """
    found = Campaign.objects.select_for_update().filter(pk=campaign_id, withdrawn_at__isnull=True).first()
    if found is None:
        raise NotFound(_("没有这项专项检查，或已经撤销"))
    return found


def blackout_for_update(blackout_id: int) -> Blackout:
    """
    Days without visits that stand, locked.

    Raises:
        NotFound: There are none.
    """
    rows = Blackout.objects.select_for_update(of=("self",))
    found = rows.filter(pk=blackout_id, withdrawn_at__isnull=True).first()
    if found is None:
        raise NotFound(_("没有这个停检期，或已经撤销"))
    return found
