"""
Which tasks meet at the same doors, and what it saves to draw them with one key (任务重合、合并建议; N06).

Counted on the directory as it is now: one pass over it gives, for every set of tasks and every class and kind, how
many targets all of them name. Tasks that were drawn stand no longer to choice; tasks that check documents open no
door.

Source: rules.md A3; vdraw/1 §6.1 (one key: the number of doors in a cell is its largest sample, not the sum).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from django.db.models import BigIntegerField, Case, Count, Max, Value, When
from django.utils.translation import gettext as _

from drawcore.allocation import sizes
from drawcore.errors import DrawError
from drawcore.plan import Part
from fairdraw.audit import selectors as audit
from fairdraw.draws import frames, limits, rules, selectors
from fairdraw.draws.models import DrawnList
from fairdraw.draws.states import Purpose
from fairdraw.kernel.errors import RuleBroken
from fairdraw.plans import merging
from fairdraw.plans import strata as layers
from fairdraw.plans.models import Scheme, Task, TaskItem
from fairdraw.plans.services import scheme_digest
from fairdraw.plans.states import Channel, TaskKind
from fairdraw.plans.strata import OWN
from fairdraw.registers.models import Target
from fairdraw.registers.rules import EXCLUSION_BY_STATUS
from fairdraw.registers.scopes import ScopeSpec, condition
from fairdraw.rulebook import selectors as rulebook

BITS = 60  # tasks that one whole number of the database holds
KEPT = 4
MOST_NAMED = 5
NONE = Fraction(0)
PROPOSE_FROM = "merge_propose_from"


class ProposalsOpen(RuleBroken):
    """A proposal to merge was neither accepted nor refused (workflow.md §3.2)."""

    code = "draws.proposals-open"


@dataclass(frozen=True)
class Overlap:
    """
    Two tasks that meet (任务重合).

    Attributes:
        shared: Targets in both scopes.
        saved: Visits that one key is expected to save against two visits to each target that both draw.
        chance: How often two keys would meet all the same.
        items: Names of the items that both check.
        starts_on: First and last day that both windows have.
    """

    first: Task
    second: Task
    shared: int
    saved: Fraction
    chance: Fraction
    items: tuple[str, ...]
    starts_on: dt.date
    ends_on: dt.date


class Cell(NamedTuple):
    """Targets that stand in the same strata of the same tasks: a mask of tasks, class, kind, own strata of tasks."""

    mask: int
    credit: str
    kind: str
    own: tuple[str, ...]


class Picture:
    """
    How many targets each set of tasks names, and with which chance each is drawn.

    Args:
        tasks: With their schemes.
        cells: How many targets there are of each cell.
    """

    def __init__(self, tasks: Sequence[Task], cells: Mapping[Cell, int]) -> None:
        self.tasks = tuple(tasks)
        self._cells = cells
        own = [place for place, task in enumerate(self.tasks) if task.scheme.stratified_by == OWN]
        self._own = {place: n for n, place in enumerate(own)}
        self._place = {task.pk: place for place, task in enumerate(self.tasks)}
        self._chances = [self._chance_by_stratum(place) for place in range(len(self.tasks))]
        self._pairs: dict[tuple[int, int], Counter[tuple[str, str]]] = {}
        for cell, held in cells.items():
            inside = [place for place in range(len(self.tasks)) if cell.mask >> place & 1]
            strata = {place: self._stratum(place, cell) for place in inside}
            for one, two in combinations(inside, 2):
                self._pairs.setdefault((one, two), Counter())[strata[one], strata[two]] += held

    def _chance_by_stratum(self, place: int) -> dict[str, Fraction]:
        counts: Counter[str] = Counter()
        for cell, held in self._cells.items():
            if cell.mask >> place & 1:
                counts[self._stratum(place, cell)] += held
        return chances(self.tasks[place], counts)

    def _stratum(self, place: int, cell: Cell) -> str:
        """In which stratum of a task the targets of a cell stand."""
        if place in self._own:
            return cell.own[self._own[place]]
        return limits.stratum(self.tasks[place].scheme.stratified_by, cell.credit, cell.kind)

    def pairs(self) -> Iterable[tuple[Task, Task, int, Fraction, Fraction]]:
        """
        Every two tasks with targets in common: how many, visits saved, chance meetings.

        In a cell of N targets that stand in the same strata of both tasks, drawn at the rates p and q, separate
        visits are N·(p+q). With one key the smaller sample lies inside the larger, so max(N·p, N·q) doors are
        opened and N·min(p, q) visits saved; with two keys N·p·q targets are expected in both by chance. The cells
        are added up exactly; a draw rounds each stratum to whole targets, so it may differ by less than one in
        each.

        Source: vdraw/1 §6.1, §11.
        """
        for (one, two), strata in sorted(self._pairs.items()):
            p, q = self._chances[one], self._chances[two]
            both = [(n, p.get(h, NONE), q.get(g, NONE)) for (h, g), n in strata.items()]
            saved = sum((n * min(one_in, other_in) for n, one_in, other_in in both), NONE)
            chance = sum((n * one_in * other_in for n, one_in, other_in in both), NONE)
            yield self.tasks[one], self.tasks[two], strata.total(), saved, chance

    def doors(self, tasks: Iterable[Task]) -> tuple[Fraction, Fraction]:
        """The visits that *tasks* make when each goes alone, and when all are drawn with one key."""
        places = [self._place[task.pk] for task in tasks if task.pk in self._place]
        apart = together = Fraction(0)
        for cell, held in self._cells.items():
            found = [self._chances[p].get(self._stratum(p, cell), NONE) for p in places if cell.mask >> p & 1]
            if found:
                apart += held * sum(found, Fraction(0))
                together += held * max(found)
        return apart, together


def chances(task: Task, counts: Counter[str]) -> dict[str, Fraction]:
    """The share of each stratum that *task* draws; empty where the scheme cannot be drawn at all."""
    by = task.scheme.stratified_by
    tag = rules.scope_tag(task.number)
    part = Part(task.number, Purpose.MAIN.value, tag, by, "", frames.allocation(task.scheme))
    try:
        found = sizes(part, counts)
    except DrawError:
        return {}
    return {code: Fraction(size.drawn, size.held) for code, size in found.items() if size.held}


def open_tasks(year: int) -> list[Task]:
    """The tasks of *year* that still can be merged: on site, with a scheme, not sealed, their list not received."""
    rows = Task.objects.filter(
        year=year,
        kind=TaskKind.DOUBLE_RANDOM.value,
        channel__in=[Channel.FAIRDRAW.value, Channel.PROVINCIAL.value],
        state__in=merging.TO_DRAW,
        scheme__method="on_site",
    ).exclude(pk__in=DrawnList.objects.values("task"))
    return list(rows.select_related("agency__parent", "scheme").order_by("number"))


_pictures: dict[tuple[object, ...], Picture] = {}


def picture(tasks: Sequence[Task]) -> Picture:
    """The picture of *tasks*, kept by the process until a scheme or the directory changes."""
    key = (
        *_edition(),
        *((task.pk, scheme_digest(task.scheme)) for task in tasks),
    )
    found = _pictures.get(key)
    if found is None:
        found = Picture(tasks, count(tasks))
        while len(_pictures) >= KEPT:
            _pictures.pop(next(iter(_pictures)))
        _pictures[key] = found
    return found


def _edition() -> tuple[object, ...]:
    """What changes whenever the directory does."""
    last = audit.entries().filter(kind__in=selectors.REGISTER_EVENTS).order_by("-seq").first()
    newest = Target.objects.aggregate(pk=Max("pk"), at=Max("updated_at"))
    return (last.leaf if last else "", newest["pk"], newest["at"])


def count(tasks: Sequence[Task]) -> dict[Cell, int]:
    """The targets that may be drawn, by cell."""
    if not tasks:
        return {}
    words = {}
    for start in range(0, len(tasks), BITS):
        bits = [_bit(task.scheme, 1 << n) for n, task in enumerate(tasks[start : start + BITS])]
        words[f"mask{start // BITS}"] = sum(bits[1:], bits[0])
    own = {
        f"own{n}": layers.stratum(layers.Layering.from_json(task.scheme.layering))
        for n, task in enumerate(task for task in tasks if task.scheme.stratified_by == OWN)
    }
    names = (*words, "credit_class", "kind", *own)
    rows = Target.objects.exclude(status__in=EXCLUSION_BY_STATUS).annotate(**words, **own)
    counted = rows.values(*names).annotate(held=Count("pk")).order_by().values_list(*names, "held")
    found: Counter[Cell] = Counter()
    for values in counted:
        masks, (credit, kind, *layered, held) = values[: len(words)], values[len(words) :]
        mask = sum(word << BITS * n for n, word in enumerate(masks))
        if mask:
            found[Cell(mask, credit, kind, tuple(layered))] += held
    return dict(found)


def _bit(scheme: Scheme, bit: int) -> Case | Value:
    named = condition(ScopeSpec.from_json(scheme.scope))
    if not named:
        return Value(bit, output_field=BigIntegerField())
    return Case(When(named, then=Value(bit)), default=Value(0), output_field=BigIntegerField())


def overlaps(tasks: Sequence[Task]) -> list[Overlap]:
    """The pairs of *tasks* that meet in targets and days, those that save most first."""
    items: dict[int, dict[int, str]] = {task.pk: {} for task in tasks}
    stood = TaskItem.objects.filter(task__in=items).values_list("task_id", "item_id", "item__name")
    for task_id, item_id, name in stood:
        items[task_id][item_id] = name
    by_key = {task.pk: task for task in tasks}  # the picture may hold rows that were read before
    found = []
    for one, two, shared, saved, chance in picture(tasks).pairs():
        first, second = by_key[one.pk], by_key[two.pk]
        starts = max(first.scheme.starts_on, second.scheme.starts_on)
        ends = min(first.scheme.finishes_on, second.scheme.finishes_on)
        if starts <= ends and saved:
            common = items[one.pk].keys() & items[two.pk].keys()
            named = tuple(sorted(items[one.pk][key] for key in common))
            found.append(Overlap(first, second, shared, saved, chance, named, starts, ends))
    return sorted(found, key=lambda o: (-o.saved, o.first.number, o.second.number))


def proposals(year: int) -> list[Overlap]:
    """
    The overlaps of *year* that wait for an answer (合并建议), those that save most visits first.

    Answered are pairs with a decision that stands, and pairs that stand in one joint check already.
    """
    decided = list(merging.live(first__year=year))
    answered = {frozenset((d.first_id, d.second_id)) for d in decided}
    bound = merging.groups(d for d in decided if d.accepted)
    least = rulebook.number(PROPOSE_FROM, dt.date(year, 1, 1))
    return [
        one
        for one in overlaps(open_tasks(year))
        if one.saved >= least
        and frozenset((one.first.pk, one.second.pk)) not in answered
        and not any({one.first.pk, one.second.pk} <= joint for joint in bound)
    ]


def require_answered(tasks: Sequence[Task]) -> None:
    """
    Refuse to freeze lists while a proposal to merge one of *tasks* with a task left outside is open.

    Tasks of one pool share its key and meet at the same doors anyway, so between them there is nothing to answer.

    Raises:
        ProposalsOpen: Names the tasks.

    Source: workflow.md §3.2.
    """
    chosen = {task.pk for task in tasks}
    waiting = [one for year in {t.year for t in tasks} for one in proposals(year) if is_half(one, chosen)]
    if waiting:
        pairs = "；".join(f"{one.first.number}—{one.second.number}" for one in waiting[:MOST_NAMED])
        said = _("还有%(n)s条合并建议没有答复（%(pairs)s），请先在“合并建议”中采纳，或写明不采纳的理由")
        raise ProposalsOpen(said % {"n": len(waiting), "pairs": pairs})


def is_half(one: Overlap, chosen: Collection[int]) -> bool:
    """Whether exactly one task of the pair is among the *chosen* keys."""
    return (one.first.pk in chosen) != (one.second.pk in chosen)
