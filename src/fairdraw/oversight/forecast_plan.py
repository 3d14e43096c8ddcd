"""
What is still to be drawn, as the what-if sees it (待抽任务): tasks before their seal, and plan rows without a task.

A task whose list is drawn elsewhere is foreseen by its scheme. Rates that are tried out replace those of schemes by
credit class; they live in memory alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.draws import limits
from fairdraw.draws.models import DrawnList
from fairdraw.oversight import selectors
from fairdraw.plans.allocation import CLASSES, UNCLASSED, Allocation
from fairdraw.plans.models import MergeDecision, Scheme, Task
from fairdraw.plans.states import AgencyRole, Channel, TaskState
from fairdraw.plans.strata import OWN, Layering
from fairdraw.registers.scopes import ScopeSpec

TO_DRAW = (TaskState.DRAFTING.value, TaskState.APPROVED.value, TaskState.SEALED.value)
RATED = (*CLASSES, UNCLASSED)
Rates = Mapping[str, Fraction]


@dataclass(frozen=True)
class Planned:
    """
    One task that is still to be drawn.

    Attributes:
        key: Number of the task, or of the plan row (``行3``).
        exempt: In a professional field, outside the 85 %.
        by: What it is stratified by; ``mode``, ``strata``, ``total`` as in its scheme.
        rising: Its rates differ by class and never fall from A to D.
        departments: Codes of the departments that go; each sends two.
        limits: Name and limit of each general item.
        layering: The strata of its own, where it has them.
        free: Its rates may still be changed here: not sealed, drawn by us, not exempt.
    """

    key: str
    name: str
    agency: Agency
    scope: ScopeSpec
    by: str
    mode: str
    strata: tuple[Mapping[str, Any], ...]
    total: int | None
    starts_on: dt.date
    due_on: dt.date
    exempt: bool = False
    rising: bool = False
    on_site: bool = True
    assign_mode: str = "cluster"
    bundle_size: int = 20
    departments: tuple[str, ...] = ()
    limits: tuple[tuple[str, Fraction], ...] = ()
    layering: Layering | None = None
    channel: str = Channel.FAIRDRAW.value
    state: str = TaskState.DRAFTING.value
    task: Task | None = field(default=None, compare=False)

    @property
    def free(self) -> bool:
        """Whether rates by class can be tried on it."""
        ours = self.channel == Channel.FAIRDRAW.value and self.state != TaskState.SEALED.value
        return ours and not self.exempt and self.by in {"credit", "none"} and not self.takes_all

    @property
    def takes_all(self) -> bool:
        """Whether everybody of its scope is checked (全部检查)."""
        return (
            self.by == "none"
            and self.mode == "rate"
            and all(r.get("num") == r.get("den") for r in self.strata)
        )

    def stratum(self, credit: str, kind: str) -> str:
        """The stratum of a target of this class and kind, where the task has no strata of its own."""
        return limits.stratum(self.by, credit, kind)

    def sizes(self, counts: Mapping[str, int]) -> dict[str, int] | None:
        """How many are drawn in each stratum; ``None`` where it cannot be drawn."""
        scheme = Scheme(mode=self.mode, strata=[dict(row) for row in self.strata], total=self.total)
        return limits.sizes_of(scheme, by=self.by, counts=counts)


def with_rates(one: Planned, rates: Rates, *, classes: Mapping[str, int]) -> Planned:
    """
    The task as it would be with *rates*; the other classes keep the share that they have.

    Args:
        one: A task whose rates are free; others are given back as they are.
        rates: By class, ``N`` for the unclassed.
        classes: Targets of its scope by class.
    """
    if not one.free or not rates:
        return one
    counts: dict[str, int] = {}
    for code, n in classes.items():
        counts[one.stratum("" if code == UNCLASSED else code, "enterprise")] = (
            counts.get(one.stratum("" if code == UNCLASSED else code, "enterprise"), 0) + n
        )
    sized = one.sizes(counts) or {}
    stand = {}
    for code in RATED:
        stratum = one.stratum("" if code == UNCLASSED else code, "enterprise")
        held = counts.get(stratum, 0)
        stand[code] = rates.get(code, Fraction(sized.get(stratum, 0), held) if held else Fraction(0))
    reserve = {str(row["code"]): int(row.get("reserve", 0)) for row in one.strata}
    strata = tuple(
        {"code": c, "num": r.numerator, "den": r.denominator, "min": 0, "reserve": reserve.get(c, 0)}
        for c, r in sorted(stand.items())
    )
    by_class = [stand[c] for c in CLASSES]
    rising = len(set(by_class)) > 1 and by_class == sorted(by_class)
    return replace(one, by="credit", mode="rate", strata=strata, total=None, rising=rising)


def of_tasks(bureau: Agency, year: int) -> list[Planned]:
    """The tasks of *year* that are still to be drawn, in the order of their numbers."""
    received = set(DrawnList.objects.filter(task__year=year).values_list("task_id", flat=True))
    tasks = (
        selectors.year_tasks(bureau, year)
        .filter(state__in=TO_DRAW, scheme__isnull=False)
        .select_related("agency__parent", "scheme")
        .prefetch_related("task_agencies__agency__parent", "task_items__version__item")
    )
    return [of_task(task) for task in tasks if task.pk not in received]


def of_task(task: Task) -> Planned:
    """A task as its scheme stands now."""
    scheme = task.scheme
    rates = [Fraction(scheme.class_rates[c]) for c in CLASSES if c in scheme.class_rates]
    partners = [p.agency for p in task.task_agencies.all() if p.role == AgencyRole.PARTNER.value]
    departments = dict.fromkeys(accounts.department_of(a).code for a in (task.agency, *partners))
    limited = [
        (item.version.item.name, Fraction(item.version.ratio_limit))
        for item in task.task_items.all()
        if item.version.item_class == "general" and item.version.ratio_limit is not None
    ]
    return Planned(
        key=task.number,
        name=task.name,
        agency=task.agency,
        scope=ScopeSpec.from_json(scheme.scope),
        by=scheme.stratified_by,
        mode=scheme.mode,
        strata=tuple(scheme.strata),
        total=scheme.total,
        starts_on=scheme.starts_on,
        due_on=task.due_on,
        exempt=bool(task.exempt_field),
        rising=len(set(rates)) > 1 and rates == sorted(rates),
        on_site=scheme.method == "on_site",
        assign_mode=scheme.assign_mode,
        bundle_size=scheme.bundle_size,
        departments=tuple(departments),
        limits=tuple(limited),
        layering=Layering.from_json(scheme.layering) if scheme.stratified_by == OWN else None,
        channel=task.channel,
        state=task.state,
        task=task,
    )


def of_row(
    *,
    key: str,
    name: str,
    agency: Agency,
    scope: ScopeSpec,
    found: Allocation,
    starts_on: dt.date,
    due_on: dt.date,
    exempt: bool,
    partners: Iterable[Agency] = (),
    limits: Sequence[tuple[str, Fraction]] = (),
    method: str = "on_site",
    assign_mode: str = "cluster",
    layering: Layering | None = None,
    channel: str = Channel.FAIRDRAW.value,
) -> Planned:
    """A plan row without a task, as it would be planned."""
    departments = dict.fromkeys(accounts.department_of(a).code for a in (agency, *partners))
    return Planned(
        key=key,
        name=name,
        agency=agency,
        scope=scope,
        by=found.by,
        mode=found.mode,
        strata=found.strata,
        total=found.total,
        starts_on=starts_on,
        due_on=due_on,
        exempt=exempt,
        rising=found.differentiated,
        on_site=method == "on_site",
        assign_mode=assign_mode,
        departments=tuple(departments),
        limits=tuple(limits),
        layering=layering if found.by == OWN else None,
        channel=channel,
    )


def accepted(plan: Sequence[Planned]) -> list[tuple[int, ...]]:
    """The places of the tasks that accepted merge decisions connect (已采纳的合并)."""
    place = {one.task.pk: n for n, one in enumerate(plan) if one.task is not None}
    rows = MergeDecision.objects.filter(
        accepted=True, undone_at=None, first__in=place, second__in=place
    ).values_list("first_id", "second_id")
    return connected(len(plan), [(place[a], place[b]) for a, b in rows])


def connected(size: int, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """
    The sets that *pairs* connect, each in order; what stands alone is a set of its own.

    >>> connected(4, [(0, 2), (2, 3)])
    [(0, 2, 3), (1,)]
    """
    head = list(range(size))

    def top(n: int) -> int:
        while head[n] != n:
            n = head[n]
        return n

    for one, two in pairs:
        low, high = sorted((top(one), top(two)))
        head[high] = low
    sets: dict[int, list[int]] = {}
    for n in range(size):
        sets.setdefault(top(n), []).append(n)
    return [tuple(members) for members in sets.values()]
