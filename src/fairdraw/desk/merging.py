"""
What the page 合并建议 shows: tasks that meet at the same doors, joint checks, what was answered; and for one task, what
else stands in its way: special campaigns for its items, days without visits in its window.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.burden import rules as burden_rules
from fairdraw.burden import selectors as burden
from fairdraw.draws import overlaps
from fairdraw.draws.overlaps import Overlap
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.kernel.verdict import Verdict
from fairdraw.plans import merging, permissions
from fairdraw.plans import selectors as plans
from fairdraw.plans.merging import Joint
from fairdraw.plans.models import MergeDecision, Task
from fairdraw.registers.models import Target
from fairdraw.registers.scopes import ScopeSpec, in_scope
from fairdraw.rulebook import selectors as rulebook


def number(value: Fraction) -> str:
    """A number of visits: whole, or to one place where it is not."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.1f}"


@dataclass(frozen=True)
class Line:
    """A proposal as the page shows it (一条合并建议)."""

    overlap: Overlap
    saved: str
    chance: str
    external: bool
    people: int

    @property
    def is_crowded(self) -> bool:
        """Whether more than six would stand at one door."""
        return self.people > merging.MOST_AT_DOOR


def lines(actor: Actor, year: int, *, of: str = "") -> list[Line]:
    """The proposals that concern a task of the actor's scope, or the task *of*, the most saving first."""
    seen = _seen(actor, year)
    found = [one for one in overlaps.proposals(year) if {one.first.pk, one.second.pk} & seen]
    return [line(one) for one in found if not of or of in (one.first.number, one.second.number)]


def line(one: Overlap) -> Line:
    """How a proposal is shown; the people are those of all tasks that it would bind."""
    tasks = {task.pk: task for task in (one.first, one.second)}
    for task in (one.first, one.second):
        joint = merging.joint_of(task)
        tasks |= {other.pk: other for other in (joint.tasks if joint else ())}
    departments = merging.departments(tasks.values())
    return Line(
        one, number(one.saved), number(one.chance), len(departments) > 1, merging.TEAM * len(departments)
    )


def pair(actor: Actor, first: str, second: str) -> Line:
    """
    The open proposal on two tasks, one of which the actor sees.

    Raises:
        NotFound: There is none.
    """
    one = plans.visible_tasks(actor).filter(number__in=(first, second)).first()
    wanted = {first, second}
    for found in overlaps.proposals(one.year) if one else ():
        if {found.first.number, found.second.number} == wanted:
            return line(found)
    raise NotFound(_("没有这条合并建议，或已经答复"))


def leads(one: Line) -> list[Agency]:
    """The units that may lead the joint check that a proposal would make."""
    units: dict[int, Agency] = {}
    for task in (one.overlap.first, one.overlap.second):
        joint = merging.joint_of(task)
        for other in (task, *(joint.tasks if joint else ())):
            units.setdefault(other.agency_id, other.agency)
    return list(units.values())


@dataclass(frozen=True)
class JointLine:
    """A joint check as the page shows it: what it saves, who goes, how many stand at the door."""

    joint: Joint
    apart: str
    together: str


def joints(actor: Actor, year: int) -> list[JointLine]:
    """The joint checks of *year* that the actor has a task in, with their visits apart and together."""
    tasks, seen = overlaps.open_tasks(year), _seen(actor, year)
    found = []
    for joint in merging.joints(year):
        if not seen & {task.pk for task in joint.tasks}:
            continue
        apart, together = overlaps.picture(tasks).doors(joint.tasks) if tasks else (Fraction(0), Fraction(0))
        found.append(JointLine(joint, number(round(apart, 1)), number(round(together, 1))))
    return found


def answered(actor: Actor, year: int) -> list[tuple[MergeDecision, Verdict]]:
    """The decisions on tasks of the actor that stand, the newest first, each with whether the actor may take it back."""
    seen = _seen(actor, year)
    rows = [row for row in merging.live(first__year=year) if seen & {row.first_id, row.second_id}]
    return [(row, permissions.can_undo_merge(actor, row, (row.first, row.second))) for row in rows[::-1]]


def _seen(actor: Actor, year: int) -> set[int]:
    return set(plans.visible_tasks(actor).filter(year=year).values_list("pk", flat=True))


def decision(actor: Actor, pk: int) -> MergeDecision:
    """
    One decision on a task that the actor sees.

    Raises:
        NotFound: There is none.
    """
    found = MergeDecision.objects.filter(pk=pk).select_related("first", "second").first()
    numbers = (found.first.number, found.second.number) if found else ()
    if found is None or not plans.visible_tasks(actor).filter(number__in=numbers).exists():
        raise NotFound(_("没有这项合并答复，或不在您的职责范围内"))
    return found


@dataclass(frozen=True)
class Together:
    """
    What the task page says of others at the same doors (合并与重复).

    Attributes:
        lines: Open proposals with this task.
        joint: The joint check that it stands in.
        decisions: What was answered about it, what was taken back as well.
        campaigns: Special campaigns for one of its items in its window.
        closed: Days without visits in its window, and how many of its targets they are for.
        days: Working days of the window, and those that no such period for all its targets takes.
        people: How many go to each door for this task alone, its partners included.
    """

    lines: tuple[Line, ...]
    joint: Joint | None
    decisions: tuple[MergeDecision, ...]
    campaigns: tuple[Any, ...]
    closed: tuple[tuple[Any, int], ...]
    days: tuple[int, int]
    people: int

    @property
    def is_crowded(self) -> bool:
        """Whether this task alone brings more than six people to one door."""
        return self.people > merging.MOST_AT_DOOR


def together(actor: Actor, task: Task) -> Together | None:
    """What else happens at the doors of *task*; nothing where it has no scheme."""
    scheme = getattr(task, "scheme", None)
    if scheme is None:
        return None
    items = list(task.task_items.values_list("item_id", flat=True))
    open_ = task.state in merging.TO_DRAW
    closed = [
        (blackout, in_scope(ScopeSpec.from_json(scheme.scope)).filter(burden.closed_for(blackout)).count())
        for blackout in burden.blackouts_in(scheme.starts_on, scheme.finishes_on)
    ]
    closed = [(blackout, held) for blackout, held in closed if held]
    return Together(
        lines=tuple(lines(actor, task.year, of=task.number)) if open_ else (),
        joint=merging.joint_of(task),
        decisions=tuple(merging.decisions_of(task)),
        campaigns=tuple(burden.campaigns_over(items, starts_on=scheme.starts_on, ends_on=scheme.finishes_on)),
        closed=tuple(closed),
        days=_days(scheme.starts_on, scheme.finishes_on, [blackout for blackout, _held in closed]),
        people=merging.TEAM * len(merging.departments([task])),
    )


def _days(starts: dt.date, ends: dt.date, closed: Collection[Any]) -> tuple[int, int]:
    calendar = rulebook.workdays()
    days = [starts + dt.timedelta(n) for n in range((ends - starts).days + 1)]
    work = [day for day in days if calendar.is_workday(day)]
    return len(work), len(burden_rules.days_left(work, [(c.starts_on, c.ends_on) for c in closed]))


def account(target: Target, year: int) -> burden.Account:
    """What a target bears this year against the cap of the bureau (本年入企)."""
    return burden.account(target, year=year, department=accounts.root())
