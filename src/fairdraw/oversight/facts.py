"""
What the indicators are computed from, and what they are (统计事实、指标): plain values.

One inspection is a drawn row × executing agency (户次). Facts carry the days on which things happened, so
that every figure can be computed as of any day (统计截止日). Source: domain/kpi.md §0; design.md §3.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True)
class InspectionFact:
    """
    One inspection (一次检查): a drawn row × executing agency, as it was sealed and as it went.

    Attributes:
        task: Number of the task.
        target: Draw code of the target.
        kind: Kind of the target as sealed; ``enterprise`` counts for K1.
        stratum: Stratum of the draw as sealed.
        class_as_sealed: Credit-risk class at the seal, ``A`` to ``D``, ``N`` where there was none.
        differentiated: The task counts as class-dependent (``differentiation.judge``).
        exempt: The task lies in a professional field (专业领域).
        due_on: Last day on which the task may be published.
        checked_on: Day on which the check was finished.
        published_on: Day on which the result was first public.
        outcome_codes: Result codes of the inspection.
        problem: One of them is a problem (02-06, 08).
        followed_up: A fitting measure is chosen and begun.
        excluded: Taken out before the visit: stays drawn, is not to be checked.
        own_agency: Executed by an agency of the bureau that is counted.
        drawn_on: Day of the draw; unknown counts as long past.
        followed_up_on: Day on which the measure began; unknown counts with the check.
        closed_on: Day on which the follow-up ended.
        excluded_on: Day of the exclusion; unknown counts as long past.
        withdrawn_on: Day on which a wrong publication was taken down, not replaced; one that ended by
            credit repair stays counted (令107 does not undo the inspection).
    """

    task: str
    target: str
    kind: str
    stratum: str
    class_as_sealed: str
    differentiated: bool
    exempt: bool
    due_on: dt.date
    checked_on: dt.date | None = None
    published_on: dt.date | None = None
    outcome_codes: tuple[str, ...] = ()
    problem: bool = False
    followed_up: bool = False
    excluded: bool = False
    own_agency: bool = True
    drawn_on: dt.date | None = None
    followed_up_on: dt.date | None = None
    closed_on: dt.date | None = None
    excluded_on: dt.date | None = None
    withdrawn_on: dt.date | None = None

    def is_drawn(self, as_of: dt.date) -> bool:
        """Whether the target was drawn by then."""
        return self.drawn_on is None or self.drawn_on <= as_of

    def is_to_check(self, as_of: dt.date) -> bool:
        """Drawn by then and not excluded by then (应检查)."""
        out = self.excluded and (self.excluded_on is None or self.excluded_on <= as_of)
        return self.is_drawn(as_of) and not out

    def is_checked(self, as_of: dt.date) -> bool:
        """Whether the check was finished by then."""
        return self.is_to_check(as_of) and self.checked_on is not None and self.checked_on <= as_of

    def is_published(self, as_of: dt.date) -> bool:
        """Whether the result was published by then, and not taken down as wrong."""
        if self.published_on is None or self.published_on > as_of:
            return False
        return self.is_to_check(as_of) and (self.withdrawn_on is None or self.withdrawn_on > as_of)

    def is_problem(self, as_of: dt.date) -> bool:
        """Whether a problem was found by then."""
        return self.problem and self.is_checked(as_of)

    def is_followed_up(self, as_of: dt.date) -> bool:
        """Whether what was found was being dealt with by then."""
        begun = self.followed_up_on is None or self.followed_up_on <= as_of
        return self.is_problem(as_of) and self.followed_up and begun

    def is_closed(self, as_of: dt.date) -> bool:
        """Whether nothing is left to do: no problem, or its follow-up has ended by then (完结)."""
        if not self.problem:
            return True
        return self.is_followed_up(as_of) and self.closed_on is not None and self.closed_on <= as_of


@dataclass(frozen=True, slots=True)
class TaskFact:
    """
    One task (抽查任务) of the year.

    Attributes:
        task: Number of the task.
        due_on: Scheme's finishing day or the year's cut-off, the earlier.
        exempt: In a professional field.
        differentiated: Counts as class-dependent.
        drawn_on: Day of its draw, ``None`` while not drawn.
        cancelled_on: Day on which the plan change that drops it was published.
    """

    task: str
    due_on: dt.date
    exempt: bool = False
    differentiated: bool = False
    drawn_on: dt.date | None = None
    cancelled_on: dt.date | None = None

    def is_drawn(self, as_of: dt.date) -> bool:
        """Whether its draw was made by then."""
        return self.drawn_on is not None and self.drawn_on <= as_of

    def is_due(self, as_of: dt.date) -> bool:
        """Whether its last day has come; a task dropped only after its last day stays due."""
        dropped = self.cancelled_on is not None and self.cancelled_on <= min(as_of, self.due_on)
        return self.due_on <= as_of and not dropped


@dataclass(frozen=True, slots=True)
class VisitFact:
    """One visit (走访、实地检查): a team at a target's door on a day, for however many tasks."""

    visit: str
    target: str
    kind: str
    class_as_sealed: str
    visited_on: dt.date
    on_site: bool = True


@dataclass(frozen=True, slots=True)
class Indicator:
    """
    One figure (指标): exact, with its goal.

    Attributes:
        code: ``K1`` to ``K7`` and their variants.
        numerator: Counted.
        denominator: Out of; 0 where nothing was to be counted.
        goal: The share to reach (or, for ``lower_is_better``, not to reach); ``None`` where there is none.
        met: Whether the goal is met; ``None`` without a goal or with nothing to count.
        lower_is_better: The goal is last year's value, to be undercut (K7).
    """

    code: str
    numerator: int
    denominator: int
    goal: Fraction | None = None
    lower_is_better: bool = False

    @property
    def value(self) -> Fraction | None:
        """The exact share; ``None`` where nothing was to be counted."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met, on the exact fraction."""
        if self.goal is None or self.value is None:
            return None
        if self.lower_is_better:
            return self.value < self.goal or self.value == 0
        return self.value >= self.goal

    @property
    def shortfall(self) -> int:
        """How many more whole units the numerator needs ("还差12户"); for K7 how many are too many."""
        if self.goal is None or self.met is not False:
            return 0
        edge = self.goal * self.denominator
        needed = -(-edge.numerator // edge.denominator)
        if self.lower_is_better:
            return self.numerator - max(needed - 1, 0)
        return needed - self.numerator

    @property
    def display(self) -> str:
        """
        The share times a hundred with two decimals, without a sign; empty where nothing was to be counted.

        Rounded half up, but a missed goal never looks met and an incomplete share never looks whole:
        99.996 % is shown as 99.99.
        """
        if self.value is None:
            return ""
        return _two_decimals(self.value, self.goal, lower_is_better=self.lower_is_better)


def _two_decimals(value: Fraction, goal: Fraction | None, *, lower_is_better: bool) -> str:
    exact = value * 10_000
    down, up = exact.numerator // exact.denominator, -(-exact.numerator // exact.denominator)
    shown = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    if lower_is_better:
        if goal is not None and value > goal >= Fraction(shown, 10_000):
            shown = up
    elif any(value < edge <= Fraction(shown, 10_000) for edge in (goal, Fraction(1)) if edge is not None):
        shown = down
    return f"{shown // 100}.{shown % 100:02d}"


@dataclass(frozen=True, slots=True)
class Goals:
    """The goals of one year from the rulebook (目标值); ``None`` where there is none."""

    enterprise_ratio: Fraction | None = None
    on_time: Fraction | None = None
    on_time_records: Fraction | None = None
    publication: Fraction | None = None
    timely_publication: Fraction | None = None
    follow_up: Fraction | None = None
    differentiated: Fraction | None = None
    differentiated_tasks: Fraction | None = None
    low_risk_visits: Fraction | None = None
