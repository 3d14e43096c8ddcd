"""
The directory as the what-if counts it (名录库分布): one grouped count for all tasks, kept until the directory changes.

Targets that stand in the same tasks, of the same class, kind, place and trade are one number. Nobody's name or code
is read: what would be drawn cannot be told from counts.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, Count, Exists, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Substr

from fairdraw.accounts.models import Agency
from fairdraw.audit import selectors as audit
from fairdraw.inspections.models import Inspection, Visit
from fairdraw.registers.models import Target
from fairdraw.registers.rules import EXCLUSION_BY_STATUS
from fairdraw.registers.scopes import ScopeSpec, condition

BITS = 60  # tasks that one whole number of the database holds
KEPT = 8
DIVISION = 2  # digits of an industry code that name its division (GB/T 4754 大类)
TRADES = 20  # industries shown, the largest; the rest in one line


class Kind(NamedTuple):
    """What the draws tell targets by: the tasks that name them (a mask), class, kind."""

    mask: int
    credit: str
    kind: str


@dataclass(frozen=True)
class Picture:
    """
    The targets that the tasks name.

    Attributes:
        kinds: How many of each kind.
        places: The same by station and town: ``(kind, station, town)``.
        trades: How many of each kind by division of industry.
        visited: Of each kind, how many had so many visits this year and were counted by K1 already or not:
            ``(kind, visits, counted)``; whoever had none and is not counted is left out.
    """

    kinds: dict[Kind, int]
    places: dict[tuple[Kind, str, str], int]
    trades: dict[tuple[Kind, str], int]
    visited: dict[tuple[Kind, int, bool], int]


_kept: OrderedDict[tuple[object, ...], Any] = OrderedDict()


def picture(scopes: Sequence[ScopeSpec], *, bureau: Agency, year: int) -> Picture:
    """The picture for tasks with these *scopes*, counted anew only where directory or inspections changed."""
    wanted = tuple(scopes)
    edition = (*_directory(), wanted)
    kinds, places, trades = _once(("held", *edition), lambda: _held(wanted))
    visited = _once(
        ("met", bureau.pk, year, *_work(), *edition), lambda: _visited(wanted, bureau=bureau, year=year)
    )
    return Picture(kinds, places, trades, visited)


def _once(key: tuple[object, ...], count: Callable[[], Any]) -> Any:
    if key not in _kept:
        _kept[key] = count()
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]


def _directory() -> tuple[object, ...]:
    """What changes whenever the directory does: its newest row and change, and the log's last word on it."""
    newest = Target.objects.aggregate(last=Max("pk"), at=Max("updated_at"), held=Count("pk"))
    last = (
        audit.entries()
        .filter(kind__contains="target")
        .order_by("-seq")
        .values_list("leaf", flat=True)
        .first()
    )
    return (newest["last"], newest["at"], newest["held"], last or "")


def _work() -> tuple[object, ...]:
    """What changes whenever a visit or an inspection does."""
    last = audit.entries().order_by("-seq").values_list("leaf", flat=True).first()
    return (last or "",)


def _rows(scopes: Sequence[ScopeSpec]) -> tuple[QuerySet[Target], list[str]]:
    words = {}
    for start in range(0, len(scopes), BITS):
        bits = [_bit(scope, 1 << n) for n, scope in enumerate(scopes[start : start + BITS])]
        words[f"mask{start // BITS}"] = sum(bits[1:], bits[0])
    rows = Target.objects.exclude(status__in=EXCLUSION_BY_STATUS).annotate(**words).order_by()
    return rows, list(words)


def _bit(scope: ScopeSpec, bit: int) -> Any:
    named = condition(scope)
    if not named:
        return Value(bit, output_field=BigIntegerField())
    return Case(When(named, then=Value(bit)), default=Value(0), output_field=BigIntegerField())


def _mask(words: Sequence[int]) -> int:
    return sum(word << BITS * n for n, word in enumerate(words))


def _held(scopes: Sequence[ScopeSpec]) -> tuple[Counter[Kind], Counter[Any], Counter[Any]]:
    kinds: Counter[Kind] = Counter()
    places: Counter[tuple[Kind, str, str]] = Counter()
    trades: Counter[tuple[Kind, str]] = Counter()
    if not scopes:
        return kinds, places, trades
    rows, words = _rows(scopes)
    grouped = rows.annotate(trade=Substr("industry", 1, DIVISION)).values_list(
        *words, "credit_class", "kind", "station__code", "town", "trade"
    )
    for *masks, credit, kind, station, town, trade, held in grouped.annotate(held=Count("pk")):
        if mask := _mask(masks):
            one = Kind(mask, credit, kind)
            kinds[one] += held
            places[one, station or "", town] += held
            trades[one, trade] += held
    return kinds, places, trades


def _visited(scopes: Sequence[ScopeSpec], *, bureau: Agency, year: int) -> Counter[tuple[Kind, int, bool]]:
    found: Counter[tuple[Kind, int, bool]] = Counter()
    if not scopes:
        return found
    rows, words = _rows(scopes)
    doors = Count("visits", filter=Q(visits__year=year, visits__method="on_site"), distinct=True)
    own = Inspection.objects.filter(
        target=OuterRef("pk"),
        task__year=year,
        excluded_at=None,
        agency__path__startswith=bureau.path,
    )
    met = rows.filter(
        Q(pk__in=Visit.objects.filter(year=year).values("target"))
        | Q(pk__in=Inspection.objects.filter(task__year=year).values("target"))
    )
    asked = met.annotate(doors=doors, counted=Exists(own)).values_list(
        "pk", *words, "credit_class", "kind", "doors", "counted"
    )
    for _pk, *masks, credit, kind, past, counted in asked:
        if mask := _mask(masks):
            found[Kind(mask, credit, kind), past, bool(counted)] += 1
    return found
