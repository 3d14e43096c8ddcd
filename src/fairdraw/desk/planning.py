"""
What the words of a plan row mean in this bureau (排定任务): the reading that a person is shown, and may put right.

Nothing is guessed: what the words do not surely say is a problem, and the row waits until a person settles it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency, AgencyKind
from fairdraw.exchange.readers import scopes as scope_reader
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans import cities, permissions, planning
from fairdraw.plans import selectors as plans
from fairdraw.plans.allocation import CLASSES, UNCLASSED, Allocation, Held
from fairdraw.plans.entries import PlanRowEntry, asked_of
from fairdraw.plans.models import AnnualPlan, PlanRowVersion, Task
from fairdraw.plans.planning import Resolved, Wish
from fairdraw.registers import aliases
from fairdraw.registers import selectors as registers
from fairdraw.registers.models import Inspector, ItemVersion
from fairdraw.registers.rules import CLASS_LABELS, unpack_tags
from fairdraw.registers.scopes import ScopeSpec
from fairdraw.registers.wordings import Names, likeness

AMOUNT = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s*[%％]|(\d{1,7})\s*户?")


@dataclass(frozen=True)
class Waiting:
    """A row without a task: what it means, and how many would be drawn or why it cannot be planned."""

    version: PlanRowVersion
    resolved: Resolved
    found: Allocation | Held

    @property
    def is_ready(self) -> bool:
        """Whether it can be planned as it stands."""
        return isinstance(self.found, Allocation)

    @property
    def is_held(self) -> bool:
        """Whether somebody has held it (暂缓)."""
        return bool(self.version.held_reason)

    @property
    def text(self) -> str:
        """How many are drawn, or what is in the way."""
        return self.found.text if isinstance(self.found, Allocation) else _(self.found.reason)


def region() -> str:
    """The first word of a scheme's name."""
    held = accounts.installation()
    return held.region_name if held else ""


def known_words() -> list[str]:
    """The wordings of targets that the register understands, as suggestions."""
    return scope_reader.known_words()


def units(actor: Actor) -> list[Agency]:
    """The units of the bureau that may carry a task and that *actor* plans for."""
    bureau = accounts.root()
    found = Agency.objects.filter(path__startswith=bureau.path, closes_on__isnull=True).order_by("path")
    return [unit for unit in found if plans_for(actor, unit)]


def plans_for(actor: Actor, unit: Agency) -> bool:
    """Whether *actor* makes tasks of *unit*."""
    return bool(permissions.can_create(actor, unit))


def may_plan(actor: Actor, plan: AnnualPlan, one: Waiting) -> Verdict:
    """Whether *actor* may make the task of a row: of the own unit, or of one that nobody can tell; a held one the office."""
    if one.is_held:
        return permissions.can_enter_plan(actor, plan.agency)
    named = one.resolved.agency
    return ALLOWED if named is None else permissions.can_create(actor, named)


def departments() -> list[Agency]:
    """The departments that may take part (配合部门): those with inspectors who can be drawn."""
    staffed = _staffed()
    found = Agency.objects.filter(kind=AgencyKind.DEPARTMENT, closes_on__isnull=True).order_by("code")
    return [unit for unit in found if _has_inspectors(unit, staffed)]


def _units() -> dict[str, Agency]:
    """The units that stand, by every word that a file has for them, former names included."""
    return {word: unit for word, unit in accounts.units_by_word().items() if unit.closes_on is None}


def _staffed() -> list[str]:
    """The paths of the units that have inspectors."""
    return list(Inspector.objects.values_list("agency__path", flat=True).distinct())


def _has_inspectors(unit: Agency, staffed: Iterable[str]) -> bool:
    return any(path.startswith(unit.path) for path in staffed)


def items(on: dt.date, *, near: Sequence[str] = ()) -> list[ItemVersion]:
    """The items that can be planned; those whose names are most like the wordings *near* come first."""
    found = [v for v in registers.items_on(on) if registers.is_plannable(v, on=on)]
    return sorted(found, key=lambda v: -max((likeness(v.name, word) for word in near), default=0.0))


def items_of(task: Task) -> list[ItemVersion]:
    """The items of a task, as they were planned."""
    return [row.version for row in task.task_items.order_by("position").select_related("version__item")]


def qualifications() -> list[str]:
    """The qualifications that inspectors hold."""
    held = Inspector.objects.values_list("qualifications", flat=True).distinct()
    return sorted({word for words in held for word in unpack_tags(words)})


def scope_of(words: str, *, year: int, stations: Sequence[str] = ()) -> tuple[ScopeSpec | None, str]:
    """The targets that *words* surely mean, else why they do not."""
    guess = scope_reader.guess(words, year=year)
    if not guess.sure:
        return None, guess.note
    return (
        ScopeSpec(
            tags=guess.tags,
            kinds=guess.kinds,
            registered_from=guess.registered_from,
            stations=tuple(stations),
        ),
        guess.note,
    )


def amount_of(text: str) -> tuple[Fraction | None, int | None]:
    """
    A ratio or a count as people write it: ``5%``, ``20户``, ``20``.

    Raises:
        ValueError: It is neither, or more than all.

    >>> amount_of("2.5%"), amount_of("20户")
    ((Fraction(1, 40), None), (None, 20))
    """
    found = AMOUNT.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    if found[1] is None:
        return None, int(found[2])
    ratio = Fraction(Decimal(found[1])) / 100
    if ratio > 1:
        raise ValueError(text)
    return ratio, None


@dataclass(frozen=True)
class Vocabulary:
    """
    The words of a plan that mean something here: units by name, divisions of the city bureau by the unit that answers
    to each (市局处室对照表), items by wording, units with inspectors.
    """

    units: dict[str, Agency]
    divisions: dict[str, Agency]
    items: dict[int, ItemVersion]
    names: Names
    day: dt.date
    staffed: tuple[str, ...]

    @classmethod
    def on(cls, day: dt.date) -> Vocabulary:
        """What is known on a day; an item is known by the wordings remembered for it as well (事项别名)."""
        in_force = {v.item_id: v for v in registers.items_on(day)}
        return cls(
            units=_units(),
            divisions=cities.units(),
            items=in_force,
            names=aliases.names({key: v.name for key, v in in_force.items()}),
            day=day,
            staffed=tuple(_staffed()),
        )

    def item_versions(self, wordings: Iterable[str], problems: list[str]) -> list[ItemVersion]:
        """The items that *wordings* surely mean, each once; what cannot be planned stands among the problems."""
        found: dict[int, ItemVersion] = {}
        for wording in wordings:
            key = self.names.known(wording)
            version = self.items[key] if key is not None else None
            if version is None:
                problems.append(_("抽查事项“%(w)s”不在事项清单内") % {"w": wording})
            elif not registers.is_plannable(version, on=self.day):
                problems.append(_("抽查事项“%(w)s”待核，确认类型、上限和依据后才能列入计划") % {"w": wording})
            else:
                found[version.pk] = version
        return list(found.values())


def understood(row: PlanRowVersion | PlanRowEntry, known: Vocabulary, *, year: int) -> Resolved:
    """What the words of a row mean here; what they do not surely say stands among the problems."""
    problems = list(row.problems)
    agency = known.units.get(row.initiator.strip()) or known.divisions.get(cities.plain(row.initiator))
    if row.initiator and agency is None:
        problems.append(_("没有名为“%(name)s”的承办单位") % {"name": row.initiator})
    partners = _partners(row, known, problems)
    versions = known.item_versions(row.items, problems)
    scope, note = scope_of(row.object_scope, year=year, stations=own_area(agency))
    if scope is None:
        problems.append(_("抽查对象“%(w)s”：%(note)s") % {"w": row.object_scope, "note": note})
    return Resolved(
        agency=agency,
        items=versions,
        scope=scope,
        asked=asked_of(row),
        partners=partners,
        problems=problems,
    )


def _partners(row: PlanRowVersion | PlanRowEntry, known: Vocabulary, problems: list[str]) -> list[Agency]:
    """The departments that take part; one that could send nobody is a problem: inspectors are drawn (N01)."""
    partners = []
    for name in row.participants:
        partner = known.units.get(name.strip())
        if partner is None:
            problems.append(_("没有名为“%(name)s”的配合部门") % {"name": name})
        elif partner.kind == AgencyKind.DEPARTMENT:
            partners.append(partner)
            if not _has_inspectors(partner, known.staffed):
                problems.append(
                    _("参与部门%(name)s没有执法检查人员名录，不能联合抽查") % {"name": partner.name}
                )
    return partners


def own_area(agency: Agency | None) -> tuple[str, ...]:
    """A station checks in its own area (N09)."""
    return (agency.code,) if agency is not None and agency.kind == AgencyKind.STATION else ()


def waiting(actor: Actor, plan: AnnualPlan, *, on: dt.date) -> list[Waiting]:
    """The rows of *plan* without a task that *actor* may plan: as each is understood, sized; held ones too."""
    versions = list(plans.current_versions(plan).select_related("row__plan"))
    planned = plans.planned_rows([v.row_id for v in versions])
    known, cutoff = Vocabulary.on(on), plans.cutoff(plan.year)
    count = cache(planning.scope_counts)
    found = []
    for version in versions:
        if version.row_id not in planned:
            one = read(version, known, on=on, cutoff=cutoff, count=count)
            if one.resolved.agency is None or plans_for(actor, one.resolved.agency):
                found.append(one)
    return found


def read(
    version: PlanRowVersion,
    known: Vocabulary,
    *,
    on: dt.date,
    cutoff: dt.date,
    count: planning.Counting = planning.scope_counts,
) -> Waiting:
    """One row as it is understood, sized; a held one keeps its reason."""
    resolved = understood(version, known, year=version.row.plan.year)
    if version.held_reason:
        return Waiting(version, resolved, Held(version.held_reason))
    wish = Wish.of_row(version, cutoff=cutoff, on=on)
    result = planning.sized(wish, resolved, cutoff=cutoff, on=on, count=count)
    if isinstance(result, Allocation):
        contradiction = planning.disagreement(version, resolved, count=count)
        result = Held(contradiction) if contradiction else result
    return Waiting(version, resolved, result)


@transaction.atomic
def plan_all(
    ready: Iterable[Waiting], *, cutoff: dt.date, actor: Actor, now: dt.datetime, on: dt.date
) -> list[Task]:
    """Make the tasks of all rows that are sure (全部排定): all of them or none."""
    made = [
        planning.plan_row(
            one.version, one.resolved, region=region(), cutoff=cutoff, actor=actor, now=now, on=on
        )
        for one in ready
    ]
    return [task for task in made if task is not None]


def held_now(resolved: Resolved) -> list[tuple[str, int]]:
    """How many targets of the scope the directory holds: altogether, and of each class."""
    if resolved.whom is None:
        return []
    classes, _kinds = planning.scope_counts(resolved.whom)
    lines = [(_("%(c)s类") % {"c": c}, classes[c]) for c in CLASSES if classes.get(c)]
    if unclassed := classes.get(UNCLASSED):
        lines.append((_(CLASS_LABELS[UNCLASSED]), unclassed))
    return [(_("在库合计"), sum(classes.values())), *lines]
