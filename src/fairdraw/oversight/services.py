"""Verbs of oversight: summaries sent (抽查工作总结; N25), supervision slips (督办单; N11)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.files.models import StoredFile
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted
from fairdraw.oversight.models import Summary
from fairdraw.plans import permissions as plan_permissions
from fairdraw.plans import selectors as plan_selectors
from fairdraw.plans import services as plans
from fairdraw.plans.models import Task
from fairdraw.plans.states import TaskMove


@transaction.atomic
def send_task_summary(*, task: Task, stored: StoredFile, actor: Actor, now: dt.datetime) -> Summary:
    """Send the summary of a completed task to the office (报送任务总结; within 10 days)."""
    [task] = plan_selectors.tasks_for_update([task.number])
    plan_permissions.can_move(actor, task, TaskMove.SUMMARISE, Duty.PLANNER, Duty.LEADER).require()
    row = Summary.objects.create(task=task, agency=task.agency, year=task.year, stored=stored, sent_at=now)
    plans.move_all([task], TaskMove.SUMMARISE, actor=actor, now=now)
    audit.record("summary.sent", actor=actor, at=now, body={"task": task.number, "file": stored.pk})
    return row


@transaction.atomic
def send_year_summary(
    *, agency: Agency, year: int, stored: StoredFile, actor: Actor, now: dt.datetime
) -> Summary:
    """Send the summary of the year upward (报送年度总结)."""
    if not actor.holds(Duty.OFFICE, Duty.LEADER, within=agency.path):
        raise NotPermitted(_("年度总结由领导小组办公室报送"))
    row = Summary.objects.create(agency=agency, year=year, stored=stored, sent_at=now)
    audit.record("summary.sent", actor=actor, at=now, body={"task": "", "file": stored.pk})
    return row
