"""
A list drawn elsewhere as the pages show it (外部名单; N14, N18): waiting for it, what it would become, where it came from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.desk import last_days, return_papers
from fairdraw.desk.last_days import Countdown
from fairdraw.draws import receiving
from fairdraw.draws import selectors as draws
from fairdraw.draws.models import DrawnList, ListOrigin
from fairdraw.draws.receiving import Origin
from fairdraw.exchange.matching import DEAD, SEND_BACK, Question
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput
from fairdraw.plans import cities
from fairdraw.plans import selectors as plans
from fairdraw.plans.models import Task
from fairdraw.plans.states import Channel, TaskState
from fairdraw.registers.models import Target, TargetStatus
from fairdraw.ui.parts import Step, steps

WAITING = (TaskState.DRAFTING.value, TaskState.APPROVED.value)


@dataclass(frozen=True)
class Told:
    """A received list as the task's page shows it: where from, by what its rows were matched, what goes back."""

    held: DrawnList
    origin: ListOrigin | None
    back: return_papers.Told

    @property
    def matched(self) -> int:
        """How many targets can be checked."""
        return self.back.matched


def told(task: Task) -> Told | None:
    """The list that the task received, if it has one from elsewhere."""
    held = draws.list_of(task)
    if held is None or held.received_id is None or held.drawn_on is None:
        return None
    kept = receiving.origin_of(held)
    origin = Origin(
        held.drawn_by,
        held.document_number,
        held.drawn_on,
        kept.division if kept else "",
        kept.document_title if kept else "",
    )
    counts = kept.matched if kept else {"code": held.received_rows.count()}
    on = clock.local_date(held.created_at)
    back = return_papers.Told.of(task, origin, counts, receiving.returned_rows(task), on=on)
    return Told(held, kept, back)


def is_elsewhere(task: Task) -> bool:
    """Whether the targets of *task* are drawn on another platform or by a superior."""
    return task.channel != Channel.FAIRDRAW.value


def in_words(refused: InvalidInput) -> str:
    """A refusal with the first rows that it is about."""
    if "\n" in str(refused):  # it names them itself
        return " ".join(str(refused).splitlines())
    rows = [str(trouble) for trouble in refused.troubles[:5]]
    return "；".join([str(refused), *rows])


def receive_steps(reached: int) -> list[Step]:
    """上传名单 → 核对列 → 匹配、认定 → 确认接收 → 抽取检查人员."""
    labels = (_("上传名单"), _("核对列"), _("匹配、认定"), _("确认接收"), _("抽取检查人员"))
    return steps(reached, labels)


def last_origin(actor: Actor) -> dict[str, str]:
    """Who sent the last list and from which division, for the next one (沿用上次的抽取机关)."""
    tasks = plans.visible_tasks(actor).values("pk")
    rows = DrawnList.objects.filter(task__in=tasks).exclude(source="own").order_by("-created_at", "-pk")
    held = rows.first()
    return {"drawn_by": held.drawn_by} if held is not None else {}


@dataclass(frozen=True)
class Candidate:
    """A target that a row may mean, as a person tells it from others."""

    target: Target
    status: str
    dead: bool
    chosen: bool


@dataclass(frozen=True)
class Asked:
    """A row with its candidates; ``back``: it is to be sent back."""

    question: Question
    candidates: tuple[Candidate, ...]
    back: bool


def asked(questions: Sequence[Question]) -> list[Asked]:
    """The rows that a person settles, those not settled first."""
    found = [
        Asked(
            one,
            tuple(
                Candidate(t, str(TargetStatus(t.status).label), t.status in DEAD, t.draw_code == one.chosen)
                for t in one.candidates
            ),
            one.chosen == SEND_BACK,
        )
        for one in questions
    ]
    return sorted(found, key=lambda one: (bool(one.question.chosen), one.question.row))


def choices_in(given: Mapping[str, str]) -> dict[int, str]:
    """What was chosen on the page: ``row-12`` → a draw code, ``return``, or nothing."""
    found = {}
    for name, value in given.items():
        number = name.removeprefix("row-")
        if name.startswith("row-") and number.isdecimal() and len(number) < 8:
            found[int(number)] = value
    return found


@dataclass(frozen=True)
class Proposal:
    """Which unit here carries out what a division of the city bureau sends, and whether the task is that unit's."""

    division: str
    unit: Agency | None
    fits: bool


def proposal(division: str, task: Task) -> Proposal | None:
    """What the table of divisions says of a list's sender; nothing where no division is named."""
    if not division.strip():
        return None
    unit = cities.unit_of(division)
    return Proposal(division, unit, unit is not None and task.agency.path.startswith(unit.path))


@dataclass(frozen=True)
class WaitingLine:
    """A task that waits for its list: how many working days are left, whether it is the unit's that was asked for."""

    task: Task
    countdown: Countdown
    proposed: bool

    @property
    def next_step(self) -> last_days.LastDay:
        """The first step, which the list holds up."""
        return self.countdown.steps[0]


def waiting(actor: Actor, unit: Agency | None, *, today: dt.date) -> list[WaitingLine]:
    """The tasks of the actor's scope that wait for a list from elsewhere; those of *unit* first."""
    rows = draws.awaiting_list(plans.visible_tasks(actor).filter(state__in=WAITING))
    found = [
        WaitingLine(
            task,
            last_days.of_task(task, today=today),
            unit is not None and task.agency.path.startswith(unit.path),
        )
        for task in rows.select_related("agency", "scheme").order_by("due_on", "number")[:50]
    ]
    return sorted(found, key=lambda line: not line.proposed)


@dataclass(frozen=True)
class ReceivedLine:
    """A received list as a line: its task, where from, how many rows became what."""

    held: DrawnList
    matched: int
    returned: int


def received_lists(actor: Actor) -> list[ReceivedLine]:
    """The lists that tasks of the actor's scope received, the newest first."""
    tasks = plans.visible_tasks(actor).order_by().values("pk")
    rows = (
        DrawnList.objects.filter(task__in=tasks)
        .exclude(source="own")
        .select_related("task__agency", "origin")
    )
    held = list(rows.order_by("-created_at", "-pk")[:100])
    kept = DrawnList.objects.filter(pk__in=[one.pk for one in held])
    good = dict(kept.annotate(n=Count("received_rows")).values_list("pk", "n"))
    back = dict(kept.annotate(n=Count("returned")).values_list("pk", "n"))
    return [ReceivedLine(one, good[one.pk], back[one.pk]) for one in held]
