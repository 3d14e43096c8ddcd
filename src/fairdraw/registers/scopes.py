"""
The scope of a task as a predicate over the target directory (抽查对象范围; rules.md C2).

A tag of the item must stand on the target: an item that a target cannot have is never drawn for it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from fairdraw.registers.models import Target


@dataclass(frozen=True)
class ScopeSpec:
    """
    Who may be drawn.

    Attributes:
        tags: Targets that carry one of these; empty means no tag is asked for.
        kinds: Kinds of targets; empty means every kind.
        registered_from: Only those founded on this day or later.
        stations: Codes of stations; empty means the whole area.
        classes: Credit classes, ``N`` for unclassed; empty means every class.
    """

    tags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    registered_from: dt.date | None = None
    stations: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The stored form."""
        return {
            "tags": list(self.tags),
            "kinds": list(self.kinds),
            "registered_from": self.registered_from.isoformat() if self.registered_from else None,
            "stations": list(self.stations),
            "classes": list(self.classes),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> ScopeSpec:
        """Read the stored form."""
        start = stored.get("registered_from")
        return cls(
            tags=tuple(stored.get("tags", ())),
            kinds=tuple(stored.get("kinds", ())),
            registered_from=dt.date.fromisoformat(start) if start else None,
            stations=tuple(stored.get("stations", ())),
            classes=tuple(stored.get("classes", ())),
        )


def condition(spec: ScopeSpec) -> Q:
    """The targets that *spec* names as a condition on the directory; empty where it names all."""
    found = Q()
    if spec.tags:
        tagged = Q(pk__in=[])
        for tag in spec.tags:
            tagged |= Q(tags__contains=f",{tag},")
        found &= tagged
    if spec.kinds:
        found &= Q(kind__in=spec.kinds)
    if spec.registered_from:
        found &= Q(registered_on__gte=spec.registered_from)
    if spec.stations:
        found &= Q(station__code__in=spec.stations)
    if spec.classes:
        found &= Q(credit_class__in=["" if c == "N" else c for c in spec.classes])
    return found


def in_scope(spec: ScopeSpec) -> QuerySet[Target]:
    """The targets of the directory that *spec* names, whatever their status, in no order."""
    return Target.objects.filter(condition(spec))
