"""
The target directory as a list of 150,000 rows (检查对象列表): scope without a question, counts kept, pages by key.

A page is found on an index alone, then its rows are fetched; nothing is joined before that. The number of
rows behind a filter is kept until the registers change: every change of them is an entry of the log.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from fairdraw.accounts.models import Agency
from fairdraw.audit import selectors as audit
from fairdraw.registers.models import Licence, Target
from fairdraw.registers.selectors import TARGET_ORDERS, TargetFilter

KEPT = 512
_kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
INSIDE = ("bureau", "section")
LISTS = ("abnormal", "serious")
NO_LICENCE = "none"
SOON = 90  # days in which a licence ends that is called to mind


@dataclass(frozen=True)
class Reach:
    """Which part of the directory somebody sees: everything, some stations' areas, or nothing."""

    everything: bool = False
    stations: tuple[int, ...] = ()

    def rows(self) -> QuerySet[Target]:
        """The targets in reach."""
        if self.everything:
            return Target.objects.all()
        return Target.objects.filter(station__in=self.stations) if self.stations else Target.objects.none()


def reach(agencies: Iterable[Agency], *, trusted: bool = False) -> Reach:
    """The reach of somebody who holds duties in *agencies*: the bureau's people see all, a station its area."""
    held = list(agencies)
    if trusted or any(a.kind in INSIDE for a in held):
        return Reach(everything=True)
    return Reach(stations=tuple(sorted(a.pk for a in held if a.kind == "station")))


def filtered(within: Reach, asked: TargetFilter) -> QuerySet[Target]:
    """The targets in reach that the filter bar asks for, in no order."""
    rows = within.rows()
    text = asked.text.strip()
    if text:
        if text.isascii() and text.replace("-", "").isalnum():
            code = text.upper()
            rows = rows.filter(
                Q(draw_code__gte=code, draw_code__lt=code + "\U0010ffff") | Q(name__contains=text)
            )
        else:
            rows = rows.filter(name__contains=text)
    exact = {
        "kind": asked.kind,
        "status": asked.status,
        "station__code": asked.station,
        "town": asked.town,
        "food_grade": asked.food_grade,
    }
    rows = rows.filter(**{field: value for field, value in exact.items() if value})
    if asked.credit_class:
        rows = rows.filter(credit_class="" if asked.credit_class == "N" else asked.credit_class)
    if asked.listed in LISTS:
        rows = rows.filter(**{asked.listed: True})
    if asked.stale_before:
        rows = rows.exclude(credit_class="").filter(credit_computed_on__lt=asked.stale_before)
    if asked.tag:
        rows = rows.filter(tags__contains=f",{asked.tag},")
    bounds = {"risk_index__gte": asked.index_from, "risk_index__lte": asked.index_to}
    rows = rows.filter(**{bound: Decimal(value) for bound, value in bounds.items() if value})
    return _licensed(rows, asked) if asked.licence or asked.licence_kind else rows


def _licensed(rows: QuerySet[Target], asked: TargetFilter) -> QuerySet[Target]:
    """Those with a licence of the kind that is valid, ends soon or has ended; or with none at all."""
    licences = Licence.objects.order_by()
    if asked.licence_kind:
        licences = licences.filter(kind=asked.licence_kind)
    if asked.licence == NO_LICENCE:
        return rows.exclude(pk__in=licences.values("target"))
    if asked.licence:
        day = dt.date.fromisoformat(asked.licence_on)
        runs = (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))
        conditions = {
            "valid": runs,
            "expiring": runs & Q(valid_to__lte=day + dt.timedelta(SOON)),
            "expired": Q(valid_to__lt=day),
        }
        licences = licences.filter(conditions[asked.licence])
    return rows.filter(pk__in=licences.values("target"))


def ordered(rows: QuerySet[Target], order: str) -> QuerySet[Target]:
    """The rows in one of the orders of the list; ties by key in the same direction, so that an index serves."""
    first = order if order in TARGET_ORDERS else "draw_code"
    if first.endswith("draw_code"):
        return rows.order_by(first)
    return rows.order_by(first, "-pk" if first.startswith("-") else "pk")


@dataclass(frozen=True)
class Head:
    """Where the log stood when targets or agencies last changed: what was counted before holds until then."""

    seq: int
    leaf: str


CHANGES = (
    "targets.imported",
    "classes.received",
    "licences.imported",
    "target.changed",
    "target.moved",
    "tags.settled",
    "agency.created",
)


def head() -> Head:
    """The present head, asked once a page."""
    last = audit.entries().filter(kind__in=CHANGES).order_by("-seq").values_list("seq", "leaf").first()
    return Head(*last) if last is not None else Head(0, "")


def once(key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """What *make* answers for *key*, kept as long as there is room; a key names the head that it holds for."""
    if key not in _kept:
        _kept[key] = make()
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return _kept[key]


def forget() -> None:
    """Count anew: rows were changed past the log, as a restored copy or a test does."""
    _kept.clear()


class Pages(Paginator[Target]):
    """Pages of the directory: the count is kept, a page is cut out of the index before its rows are read."""

    def __init__(self, within: Reach, asked: TargetFilter, per_page: int, *, at: Head) -> None:
        """Prepare pages of *per_page* rows; counts are those of the head *at*."""
        self._key = (at, within, astuple(asked)[:-1])
        self._filter = filtered(within, asked)
        super().__init__(ordered(self._filter, asked.order), per_page)

    @cached_property
    def count(self) -> int:
        """How many rows there are behind the filter."""
        found: int = once(self._key, self._filter.count)
        return found

    def page(self, number: int | str) -> Page[Target]:
        """One page; its keys are read from the index, then its rows by their keys."""
        found = super().page(number)
        found.object_list = self._rows(found.object_list)
        return found

    @staticmethod
    def _rows(object_list: Any) -> list[Target]:
        keys = list(object_list.values_list("pk", flat=True))
        held = {row.pk: row for row in Target.objects.filter(pk__in=keys).select_related("station")}
        return [held[key] for key in keys]


def towns(at: Head) -> list[str]:
    """The towns of the directory, for the filter bar."""
    rows = Target.objects.exclude(town="").order_by("town").values_list("town", flat=True).distinct()
    return list(once((at, "towns"), lambda: list(rows)))


def licence_kinds(at: Head) -> list[str]:
    """The kinds of licences of the directory, for the filter bar."""
    rows = Licence.objects.order_by("kind").values_list("kind", flat=True).distinct()
    return list(once((at, "licence_kinds"), lambda: list(rows)))


def stations(at: Head) -> list[tuple[str, str]]:
    """The stations as choices of the filter bar."""
    rows = Agency.objects.filter(kind="station").order_by("code").values_list("code", "name")
    return list(once((at, "stations"), lambda: list(rows)))


EXPORTED = (
    "draw_code",
    "uscc",
    "name",
    "kind",
    "entity_type",
    "status",
    "registered_on",
    "address",
    "town",
    "station__name",
    "industry",
    "tags",
    "credit_class",
    "credit_computed_on",
    "abnormal",
    "serious",
    "food_grade",
    "food_graded_on",
    "risk_index",
    "risk_index_on",
    "risk_index_source",
)
CHUNK = 5000


def export_rows(within: Reach, asked: TargetFilter) -> Iterator[tuple[Sequence[Any], list[Licence]]]:
    """Exactly the rows that the filter shows with their licences, in the order of the list, for a table to take away."""
    rows = ordered(filtered(within, asked), asked.order).values_list("pk", *EXPORTED)
    walk = rows.iterator(chunk_size=CHUNK)
    while chunk := list(islice(walk, CHUNK)):
        held: dict[int, list[Licence]] = {}
        for licence in _licences_of([row[0] for row in chunk]):
            held.setdefault(licence.target_id, []).append(licence)
        yield from ((row[1:], held.get(row[0], [])) for row in chunk)


def _licences_of(keys: list[int]) -> QuerySet[Licence]:
    return Licence.objects.filter(target__in=keys).order_by("target", "kind", "number")
