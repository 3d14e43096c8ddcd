"""
Rows of the rulebook (规则库) as plain frozen values, as every later stage sees them.

Later stages keep the *code* of a row, never its key: a row may be replaced when the rule changes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from fairdraw.rulebook.states import Certainty, DeadlineUnit


@dataclass(frozen=True, slots=True)
class Source:
    """
    Where a row comes from (依据).

    Attributes:
        document: Number of the document, such as ``安市监〔2024〕26号``; empty where nobody decided.
        clause: Place inside the document.
        certainty: How well the text is known.
        shown_as_law: Whether a screen or notice may present the row as a rule (否则只作参考).
        note: What the office should know before relying on it.
    """

    document: str = ""
    clause: str = ""
    certainty: Certainty = Certainty.PROPOSED
    shown_as_law: bool = False
    note: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.document, self.clause) if part)


@dataclass(frozen=True, slots=True)
class Number:
    """One number of regulation: a ratio (0 to 1), a count, days (规则数值)."""

    code: str
    label: str
    value: Decimal
    unit: str
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class Deadline:
    """
    One time limit (期限).

    Attributes:
        days: How many units; 0 for a fixed date, negative for so long before the event.
        unit: What *days* counts.
        extension: How many more units may be granted, 0 where none.
        month_day: ``MM-DD`` of a fixed date, else empty.
        rolls: Whether a last day without work moves to the next working day (节假日顺延).
        starts: The event whose next day is the first day, such as ``check_finished``.
        ends: The event that must have happened by the last day.
    """

    days: int
    unit: DeadlineUnit = DeadlineUnit.WORKDAYS
    code: str = ""
    label: str = ""
    extension: int = 0
    month_day: str = ""
    rolls: bool = False
    starts: str = ""
    ends: str = ""
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class ResultCode:
    """
    One code of an inspection's result (抽查检查结果).

    Attributes:
        code: Two digits, ``01`` to ``13``.
        identifier: English name in code.
        is_problem: Counts as a problem found (K4, K6).
        is_status: States what has become of the target, not how it behaves.
        alone: Excludes every other code.
        excludes: Codes it cannot stand beside.
        headline_order: The smallest of the codes given is the one published.
        next_step: What usually follows, one sentence.
        evidence: Proof without which it cannot be submitted, empty where none:
            ``visit_or_letters``, ``register_print``, ``refusal_record``.
    """

    code: str
    identifier: str
    label: str
    is_problem: bool
    is_status: bool
    alone: bool = False
    excludes: frozenset[str] = frozenset()
    headline_order: int = 0
    next_step: str = ""
    evidence: str = ""
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class Measure:
    """
    One way to deal with what was found (后续处置措施).

    Attributes:
        for_problem: May be chosen where a problem was found.
        for_clean: May be chosen where none was found.
        needs_number: Counts as begun only once its document or hand-over has a number.
        needs_reason: Must say why.
        deadline: Code of the deadline that starts with it, empty where none.
    """

    code: str
    label: str
    for_problem: bool
    for_clean: bool
    needs_number: bool
    needs_reason: bool
    deadline: str = ""
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class ExclusionCode:
    """One reason to take a drawn target out before the visit (排除原因); it stays visible."""

    code: str
    label: str
    needs_note: bool = False
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class ExemptField:
    """One professional field (专业领域) outside the 85 % of class-dependent draws, with its reason."""

    code: str
    label: str
    reason: str
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class ClassRate:
    """The share of one stratum to be drawn (抽查比例) in a named set of rates."""

    set_code: str
    stratum: str
    label: str
    ratio: Decimal
    source: Source = field(default_factory=Source)


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day that differs from the plain week (节假日、调休), as the State Council's notice has it."""

    day: dt.date
    is_workday: bool
    name: str
