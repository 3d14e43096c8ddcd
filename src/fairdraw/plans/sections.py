"""Which sections have work of their own in a year, and which have none (各股室自行安排的任务; N08)."""

from __future__ import annotations

from dataclasses import dataclass

from fairdraw.accounts.models import Agency, AgencyKind
from fairdraw.plans.models import AnnualPlan, Task
from fairdraw.plans.states import Channel, TaskState


@dataclass(frozen=True)
class SectionWork:
    """A section, the tasks that it carries for a superior's plan, and those of its own."""

    section: Agency
    ordered: int
    own: int


def work(plan: AnnualPlan) -> list[SectionWork]:
    """
    The open sections of the bureau with their tasks of the year.

    A task is ordered where a superior draws or where its row names the superior's plan; else it is the section's own.
    """
    sections = Agency.objects.filter(
        path__startswith=plan.agency.path, kind=AgencyKind.SECTION, closes_on__isnull=True
    ).order_by("path")
    counts = {section.pk: [0, 0] for section in sections}
    tasks = Task.objects.filter(year=plan.year, agency__in=list(counts)).exclude(
        state=TaskState.CANCELLED.value
    )
    for agency, channel, upstream in tasks.values_list("agency_id", "channel", "plan_row__upstream"):
        counts[agency][0 if upstream or channel == Channel.DISPATCHED.value else 1] += 1
    return [SectionWork(section, *counts[section.pk]) for section in sections]


def without_own(plan: AnnualPlan) -> list[SectionWork]:
    """The sections that have no task of their own in the year."""
    return [one for one in work(plan) if not one.own]
