"""
The what-if of a year or of one task (推演): what the plan would do to enterprises, inspectors and goals; X14.

Everything comes from counts of the directory, sizes of schemes and expectations. No ticket, key or random number
is touched, so nobody can tell from it who will be drawn.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from fairdraw.accounts.models import Agency
from fairdraw.oversight import forecast_capacity as capacity
from fairdraw.oversight import forecast_cells as cells
from fairdraw.oversight import forecast_plan as plans
from fairdraw.oversight import forecast_rules as rules
from fairdraw.oversight.forecast_cells import Kind
from fairdraw.oversight.forecast_plan import Planned, Rates
from fairdraw.plans.allocation import UNCLASSED
from fairdraw.rulebook import rules as book
from fairdraw.rulebook import selectors as rulebook
from fairdraw.rulebook.rules import BackwardSchedule

ENTERPRISE = "enterprise"
REST = "…"  # industries that are not shown by themselves


@dataclass(frozen=True)
class ClassLine:
    """Targets of one class: in the scope, to be drawn."""

    code: str
    held: int
    drawn: int


@dataclass(frozen=True)
class StratumLine:
    """A stratum of a task's own: in words, in the scope, to be drawn."""

    code: str
    label: str
    held: int
    drawn: int


@dataclass(frozen=True)
class Beyond:
    """A general item that allows fewer than the task draws (超过比例上限)."""

    item: str
    most: int
    drawn: int


@dataclass(frozen=True)
class TaskLine:
    """
    One planned task as it would be drawn.

    Attributes:
        strata: Of a task with strata of its own.
        drawn: Targets to be drawn; ``None`` where its scheme cannot be drawn on the directory of today.
        last: The last day of each step, counted back.
        is_late: The last day for the seal is past.
    """

    planned: Planned
    held: int
    drawn: int | None
    classes: tuple[ClassLine, ...]
    strata: tuple[StratumLine, ...]
    beyond: tuple[Beyond, ...]
    last: BackwardSchedule
    is_late: bool


@dataclass(frozen=True)
class Share:
    """Targets of a station or an industry: in the scopes, expected to be drawn."""

    code: str
    held: int
    drawn: float


@dataclass(frozen=True)
class Mode:
    """What the planned visits need in one mode of assignment (成组、逐户)."""

    mode: str
    need: capacity.Need


class WhatIf:
    """
    A year as it is planned, with the rates that are tried.

    Args:
        bureau: The bureau.
        year: The year.
        plan: What is still to be drawn.
        on: Today.
        rates: Rates by class to try; empty: as the schemes stand.
        only: Keys of the tasks that the rates are tried on; empty: all whose rates are free.
    """

    def __init__(
        self,
        bureau: Agency,
        year: int,
        plan: Sequence[Planned],
        *,
        on: dt.date,
        rates: Rates | None = None,
        only: Sequence[str] = (),
    ) -> None:
        self.bureau, self.year, self.on = bureau, year, on
        self.rates, self.only = dict(rates or {}), tuple(only)
        self.stated = tuple(plan)
        scopes = [cells.Scope(one.scope, one.layering) for one in plan]
        self.picture = cells.picture(scopes, bureau=bureau, year=year)
        layered = [n for n, one in enumerate(plan) if one.layering is not None]
        self._own = {place: n for n, place in enumerate(layered)}
        self.plan = tuple(self._tried(n, one) for n, one in enumerate(plan))
        self.sizes = [one.sizes(self.strata_of(n)) for n, one in enumerate(self.plan)]
        self.chances = [self._chances(n) for n in range(len(self.plan))]

    def _tried(self, place: int, one: Planned) -> Planned:
        if self.only and one.key not in self.only:
            return one
        return plans.with_rates(one, self.rates, classes=self.classes_of(place))

    def kinds_of(self, place: int) -> dict[Kind, int]:
        """The targets in the scope of a task."""
        return {kind: held for kind, held in self.picture.kinds.items() if kind.mask >> place & 1}

    def classes_of(self, place: int) -> dict[str, int]:
        """The targets in the scope of a task by class, ``N`` for the unclassed."""
        found: Counter[str] = Counter()
        for kind, held in self.kinds_of(place).items():
            found[kind.credit or UNCLASSED] += held
        return found

    def stratum(self, place: int, kind: Kind) -> str:
        """In which stratum of a task that names it a kind of target stands."""
        own = self._own.get(place)
        return self.plan[place].stratum(kind.credit, kind.kind) if own is None else kind.own[own]

    def strata_of(self, place: int) -> dict[str, int]:
        """The targets in the scope of a task by the strata that it draws from."""
        counts: Counter[str] = Counter()
        for kind, held in self.kinds_of(place).items():
            counts[self.stratum(place, kind)] += held
        return counts

    def _chances(self, place: int) -> dict[str, Fraction]:
        """The chance of being drawn by a task, by its strata."""
        sizes = self.sizes[place] or {}
        return {code: Fraction(sizes.get(code, 0), held) for code, held in self.strata_of(place).items()}

    def chance(self, place: int, kind: Kind) -> Fraction:
        """The chance of a kind of target in a task that names it."""
        return self.chances[place][self.stratum(place, kind)]

    def inside(self, mask: int) -> list[int]:
        """The places of the tasks of a mask."""
        return [n for n in range(len(self.plan)) if mask >> n & 1]

    def chances_of(self, kind: Kind) -> dict[int, Fraction]:
        """The chance of one kind of target in every task that names it."""
        return {n: self.chance(n, kind) for n in self.inside(kind.mask)}

    # 走访与重复

    @cached_property
    def on_site(self) -> list[int]:
        """The places of the tasks that open doors; documents and online checks open none."""
        return [n for n, one in enumerate(self.plan) if one.on_site]

    @cached_property
    def is_decided(self) -> bool:
        """Whether proposals to merge were accepted; else merging is computed from windows and scopes."""
        return any(len(joint) > 1 for joint in self.joints)

    @cached_property
    def joints(self) -> list[tuple[int, ...]]:
        """The tasks that go together as decided; each alone where nothing was decided."""
        return plans.accepted(self.plan)

    @cached_property
    def merged(self) -> list[tuple[int, ...]]:
        """The tasks that would go together: as decided, else those with overlapping days and nested scopes."""
        if self.is_decided:
            return self.joints
        pairs = [(a, b) for a in self.on_site for b in self.on_site if a < b and self._nested(a, b)]
        return plans.connected(len(self.plan), pairs)

    def _nested(self, one: int, two: int) -> bool:
        first, second = self.plan[one], self.plan[two]
        if first.starts_on > second.due_on or second.starts_on > first.due_on:
            return False
        both = (1 << one) | (1 << two)
        shared = sum(n for kind, n in self.picture.kinds.items() if kind.mask & both == both)
        return 0 < shared == min(self.held[one], self.held[two])

    @cached_property
    def held(self) -> list[int]:
        """How many targets each task names."""
        return [sum(self.kinds_of(n).values()) for n in range(len(self.plan))]

    @cached_property
    def cells(self) -> list[rules.Cell]:
        """The cells of the doors: chances in the tasks on site, visits of the past."""
        found, left = [], dict(self.picture.kinds)
        for (kind, past, _counted), held in self.picture.visited.items():
            left[kind] -= held
            found.append(rules.Cell(held, self._doors(kind), past))
        return found + [rules.Cell(held, self._doors(kind)) for kind, held in left.items() if held]

    def _doors(self, kind: Kind) -> dict[int, Fraction]:
        return {n: p for n, p in self.chances_of(kind).items() if self.plan[n].on_site}

    @cached_property
    def hits(self) -> dict[str, rules.Hits]:
        """Visits and repeats for independent, merged, coordinated draws."""
        return {
            "independent": rules.independent(self.cells),
            "merged": rules.independent(self.cells, self.merged),
            "coordinated": rules.coordinated(self.cells, self.merged),
        }

    # 任务

    @cached_property
    def lines(self) -> list[TaskLine]:
        """Every planned task as it would be drawn."""
        steps, workdays = rulebook.step_times(self.on), rulebook.workdays()
        return [
            self._line(n, book.backward_schedule(one.due_on, workdays, steps))
            for n, one in enumerate(self.plan)
        ]

    def _line(self, place: int, last: BackwardSchedule) -> TaskLine:
        one, sizes, held = self.plan[place], self.sizes[place], self.held[place]
        drawn = None if sizes is None or not held else sum(sizes.values())
        by_class = self.classes_of(place)
        shares = self.drawn_by_class(place)
        beyond = [
            Beyond(item, most, drawn or 0)
            for item, limit in one.limits
            if (most := math.ceil(limit * held)) < (drawn or 0)
        ]
        return TaskLine(
            one,
            held,
            drawn,
            tuple(ClassLine(c, by_class[c], shares.get(c, 0)) for c in plans.RATED if by_class.get(c)),
            self._strata_lines(place),
            tuple(beyond),
            last,
            is_late=last.last_seal < self.on,
        )

    def _strata_lines(self, place: int) -> tuple[StratumLine, ...]:
        layering, sizes = self.plan[place].layering, self.sizes[place] or {}
        held = self.strata_of(place)
        labels = layering.labels() if layering is not None else {}
        return tuple(
            StratumLine(code, label, held[code], sizes.get(code, 0))
            for code, label in labels.items()
            if held.get(code)
        )

    def drawn_by_class(self, place: int) -> dict[str, int]:
        """How many of each class a task draws: exact where classes are strata, else expected and rounded."""
        found: dict[str, Fraction] = defaultdict(Fraction)
        for kind, held in self.kinds_of(place).items():
            found[kind.credit or UNCLASSED] += held * self.chance(place, kind)
        return {code: round(n) for code, n in found.items()}

    def places_shown(self) -> list[int]:
        """The places of the tasks that the question is about: those of ``only``, else all."""
        return [n for n, one in enumerate(self.plan) if not self.only or one.key in self.only]

    def classes(self) -> list[ClassLine]:
        """Targets of the shown tasks by class: each target once, draws added up."""
        wanted = self.places_shown()
        held: Counter[str] = Counter()
        for kind, n in self.picture.kinds.items():
            if any(kind.mask >> place & 1 for place in wanted):
                held[kind.credit or UNCLASSED] += n
        drawn: Counter[str] = Counter()
        for place in wanted:
            drawn.update(self.drawn_by_class(place))
        return [ClassLine(c, held[c], drawn[c]) for c in plans.RATED if held[c]]

    def stations(self) -> list[Share]:
        """Targets of the shown tasks by station: each target once, draws expected."""
        held: Counter[str] = Counter()
        drawn: dict[str, float] = defaultdict(float)
        wanted = self.places_shown()
        for (kind, station, _town), n in self.picture.places.items():
            inside = [place for place in wanted if kind.mask >> place & 1]
            if inside:
                held[station] += n
                drawn[station] += n * sum(float(self.chance(p, kind)) for p in inside)
        return [Share(code, held[code], drawn[code]) for code in sorted(held, key=lambda c: (-held[c], c))]

    def industries(self) -> list[Share]:
        """Targets of the shown tasks by division of industry, the largest first; the rest under an empty code."""
        held: Counter[str] = Counter()
        drawn: dict[str, float] = defaultdict(float)
        wanted = self.places_shown()
        for (kind, trade), n in self.picture.trades.items():
            inside = [place for place in wanted if kind.mask >> place & 1]
            if inside:
                held[trade] += n
                drawn[trade] += n * sum(float(self.chance(p, kind)) for p in inside)
        shown = sorted(held, key=lambda c: (-held[c], c))
        first, rest = shown[: cells.TRADES], shown[cells.TRADES :]
        lines = [Share(code, held[code], drawn[code]) for code in first]
        if rest:
            lines.append(Share(REST, sum(held[c] for c in rest), sum(drawn[c] for c in rest)))
        return lines

    # 力量

    @cached_property
    def pace(self) -> capacity.Pace:
        """Doors a day and places of a car."""
        return capacity.Pace.on(self.on)

    def doors_by_place(self, joint: Sequence[int]) -> dict[tuple[str, str], float]:
        """The doors that the tasks of a joint are expected to open, by station and town."""
        found: dict[tuple[str, str], float] = defaultdict(float)
        wanted = [n for n in joint if self.plan[n].on_site]
        for (kind, station, town), held in self.picture.places.items():
            chances = [self.chance(n, kind) for n in wanted if kind.mask >> n & 1]
            if chances:
                found[station, town] += held * float(max(chances))
        return found

    def need(self, joint: Sequence[int], mode: str = "") -> capacity.Need:
        """What the visits of a joint need, in *mode* or in its own."""
        doors = self.doors_by_place(joint)
        members = [self.plan[n] for n in joint]
        departments = max(1, len({code for one in members for code in one.departments}))
        if (mode or members[0].assign_mode) == "each":
            return capacity.paired(doors, departments=departments, pace=self.pace)
        bundle = min(one.bundle_size for one in members)
        return capacity.clustered(doors, departments=departments, bundle=bundle, pace=self.pace)

    @cached_property
    def modes(self) -> list[Mode]:
        """The shown tasks in both modes of assignment, beside what their schemes say (编组方式对比)."""
        shown = set(self.places_shown())
        joints = [joint for joint in self.joints if shown & set(joint)]
        return [
            Mode(mode, sum((self.need(joint, mode) for joint in joints), capacity.Need()))
            for mode in ("", "cluster", "each")
        ]

    @cached_property
    def window(self) -> tuple[dt.date, dt.date]:
        """The days that the work is spread over: from today to the last planned visit."""
        last = max([line.last.last_visit for line in self.lines], default=self.on)
        return self.on, max([self.on, last, *(day for day, _n in self.waiting_doors)])

    @cached_property
    def waiting_doors(self) -> list[tuple[dt.date, int]]:
        """Doors that are drawn and not opened yet, by their last planned day."""
        return capacity.waiting_doors(self.bureau, self.year)

    @cached_property
    def units(self) -> list[capacity.UnitSupply]:
        """The units of every department that goes, with what they can give."""
        codes = {self.bureau.code} | {code for one in self.plan for code in one.departments}
        return capacity.supply(codes, start=self.window[0], end=self.window[1])

    @cached_property
    def weeks(self) -> list[capacity.Week]:
        """Needed and available team-days of the bureau by week, visits already drawn included."""
        loads = []
        for joint in self.joints:
            members = [self.plan[n] for n in joint if self.plan[n].on_site]
            if not members:
                continue
            departments = max(1, len({code for one in members for code in one.departments}))
            days = self.need(joint).team_days / departments
            last = min(self.lines[n].last.last_visit for n in joint if self.plan[n].on_site)
            loads.append((days, max(one.starts_on for one in members), last))
        pace = max(1, self.pace.route_doors)
        loads += [(n / pace, self.on, day) for day, n in self.waiting_doors]
        own = [unit for unit in self.units if unit.department == self.bureau.code]
        return capacity.by_week(loads, own, today=self.on)


def enterprises_of_class_a(found: WhatIf) -> Fraction:
    """The doors of enterprises of class A that the planned tasks are expected to open, as decided on merging."""
    total = Fraction(0)
    for kind, held in found.picture.kinds.items():
        if kind.credit == "A" and kind.kind == ENTERPRISE:
            doors = {n: p for n, p in found.chances_of(kind).items() if found.plan[n].on_site}
            total += held * sum(rules.together(rules.Cell(held, doors), found.joints), Fraction(0))
    return total


def weeks_short(weeks: Sequence[capacity.Week]) -> list[capacity.Week]:
    """The weeks in which team-days are missing."""
    return [week for week in weeks if week.short]
