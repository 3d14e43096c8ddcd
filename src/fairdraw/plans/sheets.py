"""
One approval sheet for a batch of schemes (抽查方案审批表): made, approved or returned as a whole, on screen or on paper.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.audit import services as audit
from fairdraw.documents import rules as papers
from fairdraw.documents import services as numbers
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.plans import rules, scheme_permissions, schemes, selectors
from fairdraw.plans.models import SchemeSheet, Task
from fairdraw.plans.refusals import require_reason

SERIES = "scheme_sheet"


def visible_sheets(actor: Actor) -> QuerySet[SchemeSheet]:
    """The sheets with a scheme of the actor's scope, the newest first; one that all schemes left is not shown."""
    seen = selectors.visible_tasks(actor).values("pk")
    rows = SchemeSheet.objects.filter(schemes__task__in=seen).distinct()
    return rows.annotate(held=Count("schemes", distinct=True)).select_related("agency").order_by("-pk")


def sheet(actor: Actor, pk: int) -> SchemeSheet:
    """
    One sheet.

    Raises:
        NotFound: Absent, or without a scheme of the actor's scope.
    """
    found = visible_sheets(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这张审批表，或不在您的职责范围内"))
    return found


def tasks_on(held: SchemeSheet) -> list[Task]:
    """The tasks whose schemes stand on a sheet, in the order of their numbers."""
    rows = Task.objects.filter(scheme__sheet=held).select_related("agency__parent", "scheme")
    return list(rows.order_by("number"))


def _locked(held: SchemeSheet) -> tuple[SchemeSheet, list[Task]]:
    tasks = selectors.tasks_for_update(
        Task.objects.filter(scheme__sheet=held).values_list("number", flat=True)
    )
    sheet = SchemeSheet.objects.select_for_update().get(pk=held.pk)
    return sheet, [task for task in tasks if task.scheme.sheet_id == sheet.pk]


@transaction.atomic
def make_sheet(*, numbers_of: Collection[str], actor: Actor, now: dt.datetime) -> SchemeSheet:
    """
    Put drafted schemes on one approval sheet (编制审批表), for one signature.

    Args:
        numbers_of: The numbers of the tasks.
        actor: A planner or clerk of theirs, or the office.
        now: When.

    Raises:
        SchemeIncomplete: A scheme lacks something; names it.
    """
    tasks = selectors.tasks_for_update(numbers_of)
    scheme_permissions.can_make_sheet(actor, tasks).require()
    for task in tasks:
        schemes.require_complete(task)
    department = accounts.department_of(tasks[0].agency)
    year = tasks[0].year
    seq = numbers.take_number(agency_code=department.code, kind=SERIES, year=year)
    pattern = rules.sheet_pattern(schemes.prefix_of(tasks[0]))
    made = SchemeSheet.objects.create(
        agency=department,
        year=year,
        number=papers.document_number(pattern, year, seq),
        made_by=actor.code,
        made_at=now,
    )
    for task in tasks:
        task.scheme.sheet = made
        task.scheme.save(update_fields=["sheet"])
    _record("sheet.made", made, tasks, actor=actor, now=now)
    return made


@transaction.atomic
def approve_sheet(held: SchemeSheet, *, actor: Actor, now: dt.datetime) -> list[Task]:
    """Approve every scheme on a sheet (整批审定): all of them or none."""
    sheet, tasks = _locked(held)
    scheme_permissions.can_decide_sheet(actor, sheet, tasks).require()
    done = [schemes.approve_scheme(task=task, actor=actor, now=now) for task in tasks]
    _decided(sheet, tasks, actor=actor, now=now)
    return done


@transaction.atomic
def enter_paper(
    held: SchemeSheet, *, scan: str, signer: str, signed_on: dt.date, actor: Actor, now: dt.datetime
) -> list[Task]:
    """Enter the signed sheet for every scheme on it (整批回填); it holds once a second person confirms it."""
    _sheet, tasks = _locked(held)
    for task in tasks:
        schemes.enter_paper_approval(
            task=task, scan=scan, signer=signer, signed_on=signed_on, actor=actor, now=now
        )
    return tasks


@transaction.atomic
def confirm_paper(held: SchemeSheet, *, actor: Actor, now: dt.datetime) -> list[Task]:
    """Confirm, as a second person, what was entered from the signed sheet, for every scheme on it."""
    sheet, tasks = _locked(held)
    done = [schemes.confirm_paper_approval(task=task, actor=actor, now=now) for task in tasks]
    _decided(sheet, tasks, actor=actor, now=now)
    return done


@transaction.atomic
def return_sheet(held: SchemeSheet, *, reason: str, actor: Actor, now: dt.datetime) -> list[Task]:
    """Send every scheme on a sheet back, with the reason (整批退回)."""
    sheet, tasks = _locked(held)
    scheme_permissions.can_return_sheet(actor, sheet, tasks).require()
    require_reason(reason)
    for task in tasks:
        schemes.sent_back(task, reason=reason, actor=actor, now=now)
    sheet.returned_at, sheet.returned_reason = now, reason
    sheet.save(update_fields=["returned_at", "returned_reason"])
    body = {"sheet": sheet.number, "tasks": [task.number for task in tasks], "reason": reason}
    audit.record("sheet.returned", actor=actor, at=now, body=body)
    return tasks


def _decided(sheet: SchemeSheet, tasks: list[Task], *, actor: Actor, now: dt.datetime) -> None:
    sheet.approved_at = now
    sheet.save(update_fields=["approved_at"])
    _record("sheet.approved", sheet, tasks, actor=actor, now=now)


def _record(kind: str, sheet: SchemeSheet, tasks: list[Task], *, actor: Actor, now: dt.datetime) -> None:
    body = {"sheet": sheet.number, "tasks": [task.number for task in tasks]}
    audit.record(kind, actor=actor, at=now, body=body)
