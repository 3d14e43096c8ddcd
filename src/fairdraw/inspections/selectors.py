"""Questions on inspections and visits; what is shown starts from the actor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.inspections import rules
from fairdraw.inspections.models import Inspection, Visit
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.plans.models import Task, TaskItem

Bounds = tuple[frozenset[str] | None, frozenset[str] | None]


def visible_inspections(actor: Actor) -> QuerySet[Inspection]:
    """The inspections of the agencies in the actor's scope."""
    rows = Inspection.objects.select_related("target", "agency", "task").order_by("number")
    return rows if actor.trusted else rows.filter(accounts.within_scopes(actor, "agency__path"))


def inspection(actor: Actor, number: str) -> Inspection:
    """
    One inspection by its number.

    Raises:
        NotFound: Absent, or outside the actor's scope.
    """
    found = visible_inspections(actor).filter(number=number).first()
    if found is None:
        raise NotFound(_("没有这次检查，或不在您的职责范围内"))
    return found


def for_update(ids: Iterable[int]) -> list[Inspection]:
    """The inspections with *ids*, locked in the order of their ids."""
    wanted = sorted(set(ids))
    found: list[Inspection] = []
    for start in range(0, len(wanted), 500):
        rows = Inspection.objects.select_for_update(of=("self",)).filter(pk__in=wanted[start : start + 500])
        found += rows.select_related("agency", "task", "target").order_by("pk")
    if len(found) != len(wanted):
        raise NotFound(_("其中有检查记录不存在"))
    return found


def progress(task: Task) -> dict[str, int]:
    """How many inspections of *task* stand in each state."""
    rows = Inspection.objects.filter(task=task).values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows}


def open_visits(task: Task) -> QuerySet[Visit]:
    """The visits of *task* that still have to be made, in the order of the route."""
    return (
        Visit.objects.filter(inspections__task=task, visited_on__isnull=True)
        .exclude(inspections__state=InspectionState.EXCLUDED.value)
        .select_related("target__station", "agency")
        .distinct()
        .order_by("planned_on", "bundle", "target__town_code", "target__address", "pk")
    )


def visits_to_come(tasks: Iterable[Task]) -> QuerySet[Visit]:
    """The visits of *tasks* that still have to be made, each once, however many of the tasks it serves."""
    left = Inspection.objects.filter(task__in=list(tasks), excluded_at__isnull=True)
    rows = Visit.objects.filter(inspections__in=left, visited_on__isnull=True)
    return rows.select_related("target__station", "agency").distinct().order_by("pk")


def visits_of(task: Task) -> QuerySet[Visit]:
    """Every visit that carries an inspection of *task*, sorted for paper: station, town, address."""
    return (
        Visit.objects.filter(inspections__task=task)
        .select_related("target__station", "agency")
        .distinct()
        .order_by("target__station__code", "target__town_code", "target__address", "pk")
    )


def unpublished_checked() -> QuerySet[Inspection]:
    """What was checked and is not published: nothing stays so unnoticed (N04)."""
    return Inspection.objects.filter(checked_on__isnull=False, published_at__isnull=True).order_by(
        "due_on", "pk"
    )


def unfinished(task: Task) -> QuerySet[Inspection]:
    """The inspections that keep *task* from being complete."""
    done = Q(state=InspectionState.PUBLISHED.value) | Q(state=InspectionState.EXCLUDED.value)
    return Inspection.objects.filter(task=task).exclude(done)


def served_by(visits: Sequence[Visit]) -> dict[int, list[Inspection]]:
    """The inspections that each of *visits* serves, by the visit's key."""
    held: dict[int, list[Inspection]] = {visit.pk: [] for visit in visits}
    keys = list(held)
    for start in range(0, len(keys), 500):
        links = Inspection.visits.through.objects.filter(visit_id__in=keys[start : start + 500])
        for link in links.select_related("inspection__agency", "inspection__task").order_by("inspection"):
            held[link.visit_id].append(link.inspection)
    return held


def idle_visits(inspection: Inspection) -> list[int]:
    """The keys of the visits of *inspection* at whose door nothing is left to inspect."""
    own = inspection.visits.filter(visited_on__isnull=True)
    left = Inspection.objects.filter(visits__in=own, excluded_at__isnull=True)
    return list(own.exclude(inspections__in=left).values_list("pk", flat=True))


def allowed(tasks: Iterable[int]) -> dict[int, Bounds]:
    """The results and the measures that the items of each task allow, as planned; ``None`` for all."""
    held: dict[int, list[TaskItem]] = {key: [] for key in tasks}
    for row in TaskItem.objects.filter(task__in=list(held)).select_related("version"):
        held[row.task_id].append(row)
    return {
        key: (
            rules.allowed(row.version.results for row in rows),
            rules.allowed(row.version.measures for row in rows),
        )
        for key, rows in held.items()
    }
