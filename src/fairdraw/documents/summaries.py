"""
What the Word papers of the year are made from: scheme 抽查方案, task and year summary 抽查工作总结.

Figures arrive as numerator and denominator, never as rounded percentages; whether a goal is met was
decided on the exact fraction by the stage that counts (kpi §0, §7).

Clauses: 安市监〔2024〕26号 一（目标）, 三（一）（方案的内容和名称）, 四（三）（10日内报送总结）.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from fairdraw.documents.shapes import Office


class Unit(StrEnum):
    """How an indicator's quotient is shown."""

    PERCENT = "percent"
    PER_HUNDRED = "per_hundred"


@dataclass(frozen=True)
class Indicator:
    """
    One of K1–K7: both numbers, the goal's words and the verdict.

    Attributes:
        goal: The goal as an exact fraction, ``None`` where there is none.
        goal_text: The goal as the notice words it, "不低于3.5%".
        met: Decided by the counting stage; ``None`` where there is no goal.
    """

    code: str
    name: str
    numerator: int
    denominator: int
    goal: Fraction | None = None
    goal_text: str = ""
    met: bool | None = None
    unit: Unit = Unit.PERCENT
    note: str = ""


@dataclass(frozen=True)
class Count:
    """A label and how many."""

    label: str
    count: int
    note: str = ""


@dataclass(frozen=True)
class TaskLine:
    """One task in the year's table."""

    number: str
    name: str
    department: str
    drawn: int
    to_check: int
    checked: int
    published: int
    problems: int
    finished_on: dt.date | None
    due_on: dt.date
    on_time: bool


@dataclass(frozen=True)
class HeldRow:
    """A plan row that could not be planned, with its reason (未列入，原因)."""

    row: str
    name: str
    reason: str


@dataclass(frozen=True)
class Narrative:
    """The parts only people can write; an empty one prints that it is still to be written."""

    organised: str = ""
    worked: str = ""
    cases: str = ""
    difficulties: str = ""
    next_steps: str = ""


@dataclass(frozen=True)
class Results:
    """Section 3 and 4 of a summary: how the checks ended and what followed."""

    by_code: tuple[Count, ...]
    by_class: tuple[Count, ...] = ()
    by_field: tuple[Count, ...] = ()
    by_station: tuple[Count, ...] = ()
    problem_kinds: tuple[Count, ...] = ()
    follow_up: tuple[Count, ...] = ()


@dataclass(frozen=True)
class TaskSummary:
    """The summary of one task (抽查任务工作总结), due to the leading group's office in ten days."""

    office: Office
    report_to: str
    number: str
    name: str
    basis: str
    bodies: tuple[str, ...]
    started_on: dt.date
    completed_on: dt.date
    written_on: dt.date
    inspector_count: int
    drawn_by_class: tuple[Count, ...]
    excluded: tuple[Count, ...]
    results: Results
    indicators: tuple[Indicator, ...]
    narrative: Narrative = Narrative()
    draws: tuple[str, ...] = ()
    publications: tuple[str, ...] = ()


@dataclass(frozen=True)
class YearSummary:
    """
    The summary of a year (年度抽查工作总结), reported upward with all figures and their numerators.

    *without_own* names the sections that set themselves no task in the year (N08).
    """

    office: Office
    report_to: str
    year: int
    as_of: dt.date
    written_on: dt.date
    basis: str
    base_count: int
    base_source: str
    plan_rows: int
    inspector_count: int
    drawn_by_class: tuple[Count, ...]
    excluded: tuple[Count, ...]
    tasks: tuple[TaskLine, ...]
    held: tuple[HeldRow, ...]
    results: Results
    indicators: tuple[Indicator, ...]
    without_own: tuple[str, ...] = ()
    burden: tuple[str, ...] = ()
    narrative: Narrative = Narrative()
    draws: tuple[str, ...] = ()
    publications: tuple[str, ...] = ()


@dataclass(frozen=True)
class SchemeItem:
    """One item of a scheme: who checks what, how, and on what basis."""

    department: str
    name: str
    method: str
    basis: str = ""


@dataclass(frozen=True)
class SchemeRate:
    """One stratum of a scheme: its rate in words, how many are in scope, how many will be drawn."""

    stratum: str
    rate: str
    in_scope: int
    to_draw: int


@dataclass(frozen=True)
class SchemeShare:
    """One line of the division of work (任务分工): never how many a person makes."""

    unit: str
    area: str
    weeks: str
    leader: str = ""


@dataclass(frozen=True)
class ListedScheme:
    """One scheme in the annex of an approval sheet; *code* is what the signature is for (first 8 digits)."""

    number: str
    name: str
    task: str
    unit: str
    targets: str
    items: str
    ratio: str
    finish_on: dt.date
    code: str
    remark: str = ""


@dataclass(frozen=True)
class SchemeSheet:
    """The approval sheet of a batch of schemes (抽查方案审批表), with the schemes as its annex."""

    office: Office
    number: str
    year: int
    basis: str
    drafted_by: str
    made_on: dt.date
    schemes: tuple[ListedScheme, ...]


@dataclass(frozen=True)
class Scheme:
    """
    A scheme (抽查方案): targets, departments, items, ratio, finishing time, and how it is done.

    The five the notice demands are *targets*, *departments*, *items*, *rates* and *finish_on*;
    ``word.scheme_docx`` refuses a scheme that lacks one.
    """

    name: str
    number: str
    office: Office
    plan_document: str
    purpose: str
    targets: str
    lead: str
    departments: tuple[str, ...]
    items: tuple[SchemeItem, ...]
    rates: tuple[SchemeRate, ...]
    draw_words: str
    team_words: str
    draw_by: dt.date | None
    visit_from: dt.date | None
    finish_on: dt.date | None
    publish_words: str
    summary_words: str
    issued_on: dt.date
    is_differentiated: bool = True
    exempt_reason: str = ""
    local_reason: str = ""
    requirements: tuple[str, ...] = ()
    division: tuple[SchemeShare, ...] = ()
    method_reason: str = ""
    notice_words: str = ""
