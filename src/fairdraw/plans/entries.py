"""A row of a plan table as plain values, and what makes a task of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from fairdraw.plans.allocation import Asked
from fairdraw.plans.strata import PLAIN, Layering
from fairdraw.registers.scopes import ScopeSpec


@dataclass(frozen=True)
class PlanRowEntry:
    """A row (or a group of rows that are one task) of a plan table, as read."""

    source_no: str
    task_name: str
    items: tuple[str, ...]
    object_scope: str = ""
    check_type: str = ""
    initiator: str = ""
    participants: tuple[str, ...] = ()
    ratio_min: Decimal | None = None
    ratio_max: Decimal | None = None
    ratio_by_class: Mapping[str, Decimal] = field(default_factory=dict)
    ratio_by_kind: Mapping[str, Decimal] = field(default_factory=dict)
    count_min: int | None = None
    count_max: int | None = None
    count_by_class: Mapping[str, int] = field(default_factory=dict)
    count_by_kind: Mapping[str, int] = field(default_factory=dict)
    classes_excluded: tuple[str, ...] = ()
    window_start: dt.date | None = None
    window_end: dt.date | None = None
    upstream: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def asked(self) -> Asked:
        """The figures of the row."""
        return asked_of(self)


def asked_of(row: Any) -> Asked:
    """The figures of a row as read or as stored, exact: the lower end of a range, as the rules say "not lower than"."""
    ratio = row.ratio_min if row.ratio_min is not None else row.ratio_max
    return Asked(
        ratio=Fraction(ratio) if ratio is not None else None,
        count=row.count_min if row.count_min is not None else row.count_max,
        ratio_by_class={c: Fraction(r) for c, r in row.ratio_by_class.items()},
        count_by_class=dict(row.count_by_class),
        ratio_by_kind={k: Fraction(r) for k, r in row.ratio_by_kind.items()},
        classes_excluded=tuple(row.classes_excluded),
    )


@dataclass(frozen=True)
class SchemeEntry:
    """What a scheme states (抽查方案), before it is approved."""

    scope: ScopeSpec
    scope_text: str
    stratified_by: str
    mode: str
    strata: tuple[dict[str, int | str], ...]
    total: int | None
    class_rates: Mapping[str, Fraction]
    ratio_text: str
    slots: tuple[dict[str, str], ...]
    starts_on: dt.date
    finishes_on: dt.date
    assign_mode: str = "cluster"
    bundle_size: int = 20
    method: str = "on_site"
    method_reason: str = ""
    layering: Layering = PLAIN
    number: str = ""
