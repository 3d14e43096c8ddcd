"""
A year of a bureau played through the services, step by step, each at its time (演练全年).

What a person would press is a step here; nothing reaches a state that a person could not reach. Here stand the
plan, the classes and the draws; what follows a draw is :mod:`~fairdraw.demo.fieldwork`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.demo import draws as demo_draws
from fairdraw.demo.cast import Cast
from fairdraw.demo.entropy import Choices, SeededEntropy
from fairdraw.demo.fieldwork import Fieldwork
from fairdraw.demo.given import Given
from fairdraw.demo.queue import Agenda
from fairdraw.draws import limits
from fairdraw.draws.models import Draw
from fairdraw.draws.refusals import DrawRefused, NotDrawable
from fairdraw.kernel import clock
from fairdraw.kernel.errors import Trouble
from fairdraw.oversight import papers
from fairdraw.plans import planning
from fairdraw.plans import services as plans
from fairdraw.plans.annual import Filing
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.models import AnnualPlan, PlanRowVersion, Task
from fairdraw.plans.planning import Resolved
from fairdraw.plans.selectors import current_versions
from fairdraw.plans.states import PlanMove, TaskState
from fairdraw.publication import services as publication
from fairdraw.registers import services as registers
from fairdraw.registers.models import Target
from fairdraw.rulebook import selectors as rulebook
from fairdraw.rulebook.rules import Workdays

APART = 120  # at most so far apart in the directory are two targets whose made-up class moves in a month
# (class, better, worse) -> class: how the made-up classes move from month to month
MOVES = {
    ("A", False, True): "B",
    ("B", True, False): "A",
    ("B", False, True): "C",
    ("C", True, False): "B",
    ("C", False, True): "D",
    ("D", True, False): "C",
}


@dataclass
class Year:
    """One rehearsed year: its people, its choices, its agenda, and what came of it."""

    year: int
    region: str
    org: str
    cast: Cast
    choices: Choices
    seed: str
    mark: str = ""
    given: Given | None = None
    agenda: Agenda = field(default_factory=Agenda)
    held: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # planned all the same, to be looked at
    tasks: list[Task] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)
    plan: Sequence[PlanRowEntry] = ()
    cautions: Sequence[Trouble] = ()  # what was taken in all the same, for a person to look at
    left_alone: Mapping[str, str] = field(default_factory=dict)  # row -> "draft", "approved": for practice
    fieldwork: Fieldwork = field(init=False)
    _unplanned: list[Task] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make ready what follows the draws."""
        self.fieldwork = Fieldwork(self.year, self.cast, self.choices, self.agenda, self.mark, self.given)

    @property
    def origin(self) -> str:
        """The name of the rehearsal's log."""
        return f"{self.org}/log"

    @property
    def workdays(self) -> Workdays:
        """The calendar."""
        return rulebook.workdays()

    def cutoff(self) -> dt.date:
        """The day by which every task is published (11月20日)."""
        limit = rulebook.deadline("D5", dt.date(self.year, 1, 1))
        month, day = limit.month_day.split("-")
        return dt.date(self.year, int(month), int(day))

    # 计划与方案

    def enter_plan(
        self,
        entries: Sequence[PlanRowEntry],
        resolve: Callable[[PlanRowEntry], Resolved],
        *,
        title: str,
        source: str,
        invented: str,
        now: dt.datetime,
    ) -> AnnualPlan:
        """Enter the plan, make its tasks with approved schemes, hold what cannot be planned, publish."""
        plan = plans.import_plan(
            entries,
            agency=self.cast.bureau,
            year=self.year,
            title=title,
            source=source,
            invented=invented,
            actor=self.cast.office,
            now=now,
        )
        for entry, version in zip(entries, current_versions(plan), strict=True):
            self._plan_row(version, resolve(entry), now)
        day = clock.local_date(now)
        for step in (PlanMove.SUBMIT, PlanMove.APPROVE, PlanMove.FILE, PlanMove.PUBLISH):
            number = f"{self.cast.bureau.number_prefix}〔{self.year}〕8号" if step is PlanMove.PUBLISH else ""
            plan = plans.move_plan(
                plan=plan,
                move=step,
                actor=self.cast.actors["juzhang"] if step is PlanMove.APPROVE else self.cast.office,
                now=now,
                document_number=number,
                issued_on=day if number else None,
                filing=Filing(_("上一级市场监督管理局"), day) if step is PlanMove.FILE else None,
            )
        publication.announce(
            kind="plan",
            reference=str(self.year),
            title=plan.title,
            body=papers.plan_notice(plan),
            actor=self.cast.office,
            now=now,
        )
        return plan

    def _plan_row(self, version: PlanRowVersion, resolved: Resolved, now: dt.datetime) -> None:
        task = self._task_of(version, resolved, now)
        if task is None:
            version.refresh_from_db()
            self.held.append((_row_of(version), version.held_reason))
            return
        if note := planning.disagreement(version, resolved):
            told = _("名录库的标签或分类是虚构的，仍按计划数量排定：%(note)s") % {"note": note}
            self.notes.append((_row_of(version), told))
        left = self.left_alone.get(version.row.source_no)
        if left != "draft":
            task = plans.approve_scheme(task=task, actor=self.cast.leader(task.agency), now=now)
        if left is None:
            self.tasks.append(task)

    def _task_of(self, version: PlanRowVersion, resolved: Resolved, now: dt.datetime) -> Task | None:
        """The task of a row, or ``None`` where it is held; one that could not be drawn is not left behind."""
        try:
            with transaction.atomic():
                task = planning.plan_row(
                    version,
                    resolved,
                    region=self.region,
                    cutoff=self.cutoff(),
                    actor=self.cast.office,
                    now=now,
                    on=clock.local_date(now),
                )
                for over in limits.foreseen(task, on=clock.local_date(now)) if task else ():
                    raise NotDrawable(
                        _("按计划从%(held)s户中抽%(drawn)s户，一般事项“%(item)s”至多抽%(most)s户")
                        % vars(over)
                    )
        except NotDrawable as refused:
            plans.hold_row(version=version, reason=str(refused), actor=self.cast.office, now=now)
            return None
        return task

    # 信用风险分类

    def put_classes(self, *, source: str, also: Collection[int] = ()) -> None:
        """Receive the month's class file before each draw, where classes are made up, and in the months *also*."""
        if not source:
            return
        months = {max(3, task.scheme.starts_on.month) for task in self.tasks} | {*also}
        for month in sorted(months):
            day = dt.date(self.year, month, 1)
            self.agenda.put(clock.at(day, 8), lambda now: self._classes(source, now))

    def _classes(self, source: str, now: dt.datetime) -> None:
        """A new edition: about one target in sixty moves a class up or down, the others keep theirs."""
        day = clock.local_date(now)
        held = Target.objects.exclude(credit_class="").order_by("draw_code")
        values = dict(held.values_list("draw_code", "credit_class").iterator(chunk_size=5000))
        codes = list(values)
        place = self.choices.below(APART, "class", day.month)
        while place < len(codes):
            code = codes[place]
            worse = bool(self.choices.below(2, "worse", day.month, code))
            values[code] = MOVES.get((values[code], not worse, worse), values[code])
            place += 1 + self.choices.below(APART, "class", day.month, code)
        registers.receive_classes(
            values,
            edition=f"{day:%Y-%m}",
            computed_on=day,
            source=source,
            invented=True,
            actor=self.cast.office,
            now=now,
        )

    # 抽取

    def put_draws(self, *, after: dt.date) -> None:
        """Pool the approved tasks by quarter and qualification; draw each pool in its first days."""
        pools: dict[tuple[int, str, str], list[Task]] = defaultdict(list)
        for task in self.tasks:
            if task.state == TaskState.APPROVED.value:
                needed = "+".join(sorted(s["qualification"] for s in task.scheme.slots))
                pools[(task.scheme.starts_on.month - 1) // 3, task.scheme.assign_mode, needed].append(task)
        for (_quarter, _mode, _needed), tasks in sorted(pools.items()):
            day = max(after, min(t.scheme.starts_on for t in tasks))
            day = self.workdays.on_or_after(day)
            self.agenda.put(clock.at(day, 9), partial(self._draw, tuple(tasks)))

    def _draw(self, tasks: Sequence[Task], now: dt.datetime) -> None:
        fresh = [t for t in tasks if not self._blocked(t, now)]
        if not fresh:
            return
        number = fresh[0].number if len(fresh) == 1 else f"{self.year}-P{len(self.draws) + 1:02d}"
        entropy = SeededEntropy(self.seed, f"draw {number}")
        try:
            draw = demo_draws.prepare(self.cast, fresh, number=number, org=self.org, entropy=entropy, now=now)
        except (DrawRefused, NotDrawable) as refused:
            if (
                len(fresh) > 1
            ):  # one task of a pool cannot be drawn: each for itself, so that the others go on
                for task in fresh:
                    self._draw([task], now)
                return
            version = fresh[0].row_version
            self.held.append((_row_of(version) if version else fresh[0].number, str(refused)))
            return
        draw = demo_draws.carry_out(self.cast, draw, org_origin=self.origin, entropy=entropy, now=now)
        self.draws.append(draw)
        self._unplanned += fresh
        self.agenda.put(clock.at(clock.local_date(now), 12), self._plan_day)

    def _plan_day(self, now: dt.datetime) -> None:
        """Plan the visits of all that was drawn today: of two tasks that share a door, the one due first."""
        tasks, self._unplanned = self._unplanned, []
        for task in sorted(tasks, key=lambda t: (t.due_on, t.number)):
            task.refresh_from_db()
            self.fieldwork.begin(task, now)

    def _blocked(self, task: Task, now: dt.datetime) -> bool:
        task.refresh_from_db()
        return task.state != TaskState.APPROVED.value


def _row_of(version: PlanRowVersion) -> str:
    """A row of the plan as its table numbers it."""
    return version.row.source_no or str(version.row.number)
