"""
All rows of the rulebook in memory (规则库副本): answers by day and by agency, without a query.

A row for an agency's path goes before one for the whole installation; the longest path wins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar

from fairdraw.kernel.errors import NotFound
from fairdraw.kernel.text import gettext_noop as _
from fairdraw.rulebook.rules import StepTimes, Workdays
from fairdraw.rulebook.values import (
    ClassRate,
    Deadline,
    ExclusionCode,
    ExemptField,
    Measure,
    Number,
    ResultCode,
)

T = TypeVar("T")
DEFAULT_RATES = "default"


class RuleUnknown(NotFound):
    """No row with this code is in force on this day."""

    code = "rulebook.rule-unknown"

    def __init__(self, rule: str, on: dt.date) -> None:
        sentence = _("规则库中没有%(on)s有效的“%(rule)s”，请由领导小组办公室补录")
        super().__init__(sentence % {"on": f"{on.year}年{on.month}月{on.day}日", "rule": rule})
        self.rule = rule
        self.on = on


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One row: its value with code, scope and half-open period."""

    code: str
    scope: str
    starts_on: dt.date
    ends_on: dt.date | None
    value: T

    def holds(self, on: dt.date, within: str) -> bool:
        """Whether the row is in force on *on* for the agency path *within*."""
        in_time = self.starts_on <= on and (self.ends_on is None or on < self.ends_on)
        return in_time and within.startswith(self.scope)


class Shelf(Generic[T]):
    """The rows of one kind, by code, in their stated order."""

    def __init__(self, entries: Iterable[Entry[T]]) -> None:
        self._by_code: dict[str, list[Entry[T]]] = {}
        for entry in entries:
            self._by_code.setdefault(entry.code, []).append(entry)

    def find(self, code: str, on: dt.date, within: str) -> T | None:
        """The value of *code* in force on *on*, the one of the nearest agency; ``None`` where none is."""
        holding = [e for e in self._by_code.get(code, []) if e.holds(on, within)]
        return max(holding, key=lambda e: len(e.scope)).value if holding else None

    def get(self, code: str, on: dt.date, within: str) -> T:
        """
        As :meth:`find`.

        Raises:
            RuleUnknown: no row is in force.
        """
        found = self.find(code, on, within)
        if found is None:
            raise RuleUnknown(code, on)
        return found

    def all(self, on: dt.date, within: str) -> dict[str, T]:
        """Every code in force on *on* with its value."""
        found = {code: self.find(code, on, within) for code in self._by_code}
        return {code: value for code, value in found.items() if value is not None}


@dataclass(frozen=True)
class Book:
    """
    The rulebook as of one edition; long work asks for it once and keeps it.

    Every question takes the day *on* and, where rules differ by agency, its path *within*.
    """

    edition: str = ""
    numbers: Shelf[Number] = field(default_factory=lambda: Shelf(()))
    deadlines: Shelf[Deadline] = field(default_factory=lambda: Shelf(()))
    codes: Shelf[ResultCode] = field(default_factory=lambda: Shelf(()))
    dispositions: Shelf[Measure] = field(default_factory=lambda: Shelf(()))
    exclusion_codes: Shelf[ExclusionCode] = field(default_factory=lambda: Shelf(()))
    fields: Shelf[ExemptField] = field(default_factory=lambda: Shelf(()))
    rates: Shelf[ClassRate] = field(default_factory=lambda: Shelf(()))
    workdays: Workdays = field(default_factory=Workdays)

    def number(self, code: str, on: dt.date, *, within: str = "") -> Decimal:
        """The value of the number *code*; raises :class:`RuleUnknown`."""
        return self.numbers.get(code, on, within).value

    def count(self, code: str, on: dt.date, *, within: str = "") -> int:
        """The value of the number *code* where it is a count, days or a switch."""
        return int(self.number(code, on, within=within))

    def deadline(self, code: str, on: dt.date, *, within: str = "") -> Deadline:
        """The time limit *code* (D1 to D26); raises :class:`RuleUnknown`."""
        return self.deadlines.get(code, on, within)

    def result_codes(self, on: dt.date) -> dict[str, ResultCode]:
        """The codes of results (检查结果), by code, in order."""
        return self.codes.all(on, "")

    def measures(self, on: dt.date, *, within: str = "") -> dict[str, Measure]:
        """The measures of follow-up (后续处置措施), by code, in order."""
        return self.dispositions.all(on, within)

    def exclusions(self, on: dt.date) -> dict[str, ExclusionCode]:
        """The reasons to take a drawn target out (排除原因), by code, in order."""
        return self.exclusion_codes.all(on, "")

    def exempt_fields(self, on: dt.date, *, within: str = "") -> dict[str, ExemptField]:
        """The professional fields (专业领域) outside the 85 %, by code."""
        return self.fields.all(on, within)

    def class_rates(
        self, on: dt.date, *, name: str = DEFAULT_RATES, within: str = ""
    ) -> dict[str, ClassRate]:
        """The rates of the set *name* by stratum (A, B, C, D, N, …), in order; empty where there is none."""
        found = self.rates.all(on, within)
        return {rate.stratum: rate for rate in found.values() if rate.set_code == name}

    def visit_cap(self, on: dt.date, *, field_code: str = "", within: str = "") -> int:
        """How many visits a year one enterprise may get in a field (频次上限), else in any field."""
        special = self.numbers.find(f"visit_cap.{field_code}", on, within) if field_code else None
        return self.count("visit_cap", on, within=within) if special is None else int(special.value)

    def step_times(self, on: dt.date, *, within: str = "") -> StepTimes:
        """The working days of each step for the backward schedule (倒排工期); the assignment is D2."""
        return StepTimes(
            platform=self.count("platform_delay_wd", on, within=within),
            review=self.count("review_wd", on, within=within),
            entry=self.count("entry_wd", on, within=within),
            field=self.count("field_wd", on, within=within),
            assign=self.deadline("D2", on, within=within).days,
        )
