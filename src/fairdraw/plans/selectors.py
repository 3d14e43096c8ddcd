"""Questions on plans, tasks and schemes; what is shown starts from the actor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.plans.models import AnnualPlan, PlanRow, PlanRowVersion, Task
from fairdraw.plans.states import TaskState
from fairdraw.rulebook import rules as book
from fairdraw.rulebook import selectors as rulebook
from fairdraw.rulebook.rules import BackwardSchedule


def visible_tasks(actor: Actor) -> QuerySet[Task]:
    """The tasks that an agency of the actor's scope leads or takes part in, newest number last."""
    if actor.trusted:
        return Task.objects.select_related("agency").order_by("number")
    within = accounts.within_scopes(actor, "agency__path")
    part = accounts.within_scopes(actor, "task_agencies__agency__path")
    return Task.objects.filter(within | part).select_related("agency").distinct().order_by("number")


def task(actor: Actor, number: str) -> Task:
    """
    One task by its number.

    Raises:
        NotFound: Absent, or outside the actor's scope.
    """
    found = visible_tasks(actor).filter(number=number).first()
    if found is None:
        raise NotFound(_("没有这项任务，或不在您的职责范围内"))
    return found


def tasks_for_update(numbers: Iterable[str]) -> list[Task]:
    """The tasks with *numbers*, locked in the order of their ids."""
    return list(
        Task.objects.select_for_update(of=("self",))
        .filter(number__in=list(numbers))
        .select_related("agency", "scheme")
        .order_by("pk")
    )


def annual_plan(agency: Agency, year: int) -> AnnualPlan | None:
    """The bureau's plan of *year*."""
    return AnnualPlan.objects.filter(agency=agency, year=year).select_related("agency").first()


def years(agency: Agency) -> list[int]:
    """The years that the bureau has a plan for, the newest first."""
    return list(AnnualPlan.objects.filter(agency=agency).order_by("-year").values_list("year", flat=True))


def current_versions(plan: AnnualPlan) -> QuerySet[PlanRowVersion]:
    """The newest version of each row of *plan* that was not dropped, in the order of the table."""
    newest = (
        PlanRow.objects.filter(plan=plan).annotate(last=Max("versions__version")).values_list("pk", "last")
    )
    condition = Q(pk__in=[])
    for row, version in newest:
        condition |= Q(row=row, version=version)
    rows = PlanRowVersion.objects.filter(condition, dropped=False)
    return rows.select_related("row").order_by("row__number")


def row_version(task: Task) -> PlanRowVersion | None:
    """What the plan says of *task* now: the newest version of its row; ``None`` without a row, or where it was dropped."""
    if task.plan_row is None:
        return None
    newest = (
        PlanRowVersion.objects.filter(row=task.plan_row).select_related("row").order_by("-version").first()
    )
    return None if newest is None or newest.dropped else newest


def planned_rows(rows: Collection[int]) -> set[int]:
    """Of these rows, by key, those that have a task which was not given up."""
    tasks = Task.objects.filter(plan_row__in=rows).exclude(state=TaskState.CANCELLED.value)
    return {row for row in tasks.values_list("plan_row_id", flat=True) if row is not None}


def held_rows(plan: AnnualPlan) -> QuerySet[PlanRowVersion]:
    """The rows of *plan* that are held, with their reasons."""
    return current_versions(plan).exclude(held_reason="")


def cutoff(year: int) -> dt.date:
    """The day by which every task of *year* is checked and published (年度截止日; N19)."""
    start = dt.date(year, 1, 1)
    return book.due(rulebook.deadline("D5", start), start, rulebook.workdays())


def schedule(task: Task, *, on: dt.date) -> BackwardSchedule:
    """The last day of each step of *task*, counted back from its due day in working days (倒排工期; N03)."""
    return book.backward_schedule(task.due_on, rulebook.workdays(), rulebook.step_times(on))


def next_sequence(year: int) -> int:
    """The sequence that the next task of *year* gets in its number."""
    last = Task.objects.filter(number__startswith=f"{year}-").order_by(Length("number"), "number").last()
    return int(last.number.rsplit("-", 1)[1]) + 1 if last else 1
