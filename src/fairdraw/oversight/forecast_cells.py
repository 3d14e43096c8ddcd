"""
The directory as the what-if counts it (名录库分布): one grouped count for all tasks, kept until the directory changes.

Targets that stand in the same tasks and strata, of the same class, kind, place and trade are one number. Nobody's name or code
is read: what would be drawn cannot be told from counts.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, Count, Exists, Max, OuterRef, Q, Value, When

from fairdraw.accounts.models import Agency
from fairdraw.audit import selectors as audit
from fairdraw.inspections.models import Inspection, Visit
from fairdraw.plans import strata
from fairdraw.plans.strata import Layering
from fairdraw.registers import industries
from fairdraw.registers.models import Target
from fairdraw.registers.rules import EXCLUSION_BY_STATUS
from fairdraw.registers.scopes import ScopeSpec, condition

BITS = 60  # tasks that one whole number of the database holds
KEPT = 8
TRADES = 20  # industries shown, the largest; the rest in one line


class Scope(NamedTuple):
    """Whom a task names, and by what strata of its own it tells them apart, if it has any (自定分层)."""

    spec: ScopeSpec
    layering: Layering | None = None


class Kind(NamedTuple):
    """
    What the draws tell targets by: the tasks that name them (a mask), class, kind, strata of tasks' own.

    ``own`` has a place for each task with strata of its own, in their order; it is empty where the task does not
    name the targets.
    """

    mask: int
    credit: str
    kind: str
    own: tuple[str, ...] = ()


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


def picture(scopes: Sequence[Scope], *, bureau: Agency, year: int) -> Picture:
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


class _Rows:
    """The targets that may be drawn, with the columns that tell their :class:`Kind`."""

    def __init__(self, scopes: Sequence[Scope]) -> None:
        words: dict[str, Any] = {}
        for start in range(0, len(scopes), BITS):
            bits = [_bit(scope.spec, 1 << n) for n, scope in enumerate(scopes[start : start + BITS])]
            words[f"mask{start // BITS}"] = sum(bits[1:], bits[0])
        self._masks = len(words)
        layered = [(n, scope.layering) for n, scope in enumerate(scopes) if scope.layering is not None]
        self._own = [place for place, _layering in layered]
        words |= {f"own{place}": strata.stratum(layering) for place, layering in layered}
        self.columns = [*words, "credit_class", "kind"]
        self.all = Target.objects.exclude(status__in=EXCLUSION_BY_STATUS).annotate(**words).order_by()

    def kind(self, values: Sequence[Any]) -> Kind:
        """The kind that the values of ``columns`` tell."""
        masks, own, (credit, kind) = values[: self._masks], values[self._masks : -2], values[-2:]
        mask = sum(word << BITS * n for n, word in enumerate(masks))
        inside = (code if mask >> place & 1 else "" for place, code in zip(self._own, own, strict=True))
        return Kind(mask, credit, kind, tuple(inside))


def _bit(scope: ScopeSpec, bit: int) -> Any:
    named = condition(scope)
    if not named:
        return Value(bit, output_field=BigIntegerField())
    return Case(When(named, then=Value(bit)), default=Value(0), output_field=BigIntegerField())


def _held(scopes: Sequence[Scope]) -> tuple[Counter[Kind], Counter[Any], Counter[Any]]:
    kinds: Counter[Kind] = Counter()
    places: Counter[tuple[Kind, str, str]] = Counter()
    trades: Counter[tuple[Kind, str]] = Counter()
    if not scopes:
        return kinds, places, trades
    rows = _Rows(scopes)
    grouped = rows.all.values_list(*rows.columns, "station__code", "town", "industry")
    for *values, station, town, industry, held in grouped.annotate(held=Count("pk")):
        one = rows.kind(values)
        if one.mask:
            kinds[one] += held
            places[one, station or "", town] += held
            trades[one, industries.division(industry)] += held
    return kinds, places, trades


def _visited(scopes: Sequence[Scope], *, bureau: Agency, year: int) -> Counter[tuple[Kind, int, bool]]:
    found: Counter[tuple[Kind, int, bool]] = Counter()
    if not scopes:
        return found
    rows = _Rows(scopes)
    doors = Count("visits", filter=Q(visits__year=year, visits__method="on_site"), distinct=True)
    own = Inspection.objects.filter(
        target=OuterRef("pk"),
        task__year=year,
        excluded_at=None,
        agency__path__startswith=bureau.path,
    )
    met = rows.all.filter(
        Q(pk__in=Visit.objects.filter(year=year).values("target"))
        | Q(pk__in=Inspection.objects.filter(task__year=year).values("target"))
    )
    asked = met.annotate(doors=doors, counted=Exists(own)).values_list(
        "pk", *rows.columns, "doors", "counted"
    )
    for _pk, *values, past, counted in asked:
        one = rows.kind(values)
        if one.mask:
            found[one, past, bool(counted)] += 1
    return found
