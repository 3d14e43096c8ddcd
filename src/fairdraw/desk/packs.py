"""
Packs of papers for several tasks at once (任务包; scenes 1 and 3): which tasks have doors to come, what is issued, what is printed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.desk import scheme_papers, services, tasks
from fairdraw.documents import packs, pdf, shapes
from fairdraw.documents.typesetting import day_text
from fairdraw.draws import sheets
from fairdraw.draws.models import Draw
from fairdraw.inspections import papers, permissions
from fairdraw.inspections import selectors as inspections
from fairdraw.inspections import services as verbs
from fairdraw.inspections.states import InspectionMove
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotFound
from fairdraw.plans import selectors as plans
from fairdraw.plans.models import Task
from fairdraw.plans.states import TaskState

PRINTERS = (Duty.PLANNER, Duty.CLERK, Duty.INSPECTOR, Duty.LEADER, Duty.OFFICE)
IN_THE_FIELD = (TaskState.DRAWN.value, TaskState.IN_PROGRESS.value)


@dataclass(frozen=True)
class Line:
    """A task whose papers can be printed: its doors to come, and how many of them have no notice yet."""

    task: Task
    doors: int
    unnotified: int
    may_notify: bool

    @property
    def to_notify(self) -> int:
        """How many notices printing would issue first."""
        return self.unnotified if self.may_notify else 0


def lines(actor: Actor, numbers: Sequence[str] = ()) -> list[Line]:
    """
    The tasks in the field that *actor* prints for, those due first first; or those of *numbers*.

    Raises:
        NotFound: One of *numbers* is none of these.
    """
    rows = plans.visible_tasks(actor).filter(state__in=IN_THE_FIELD)
    if numbers:
        rows = rows.filter(number__in=numbers)
    coming = Q(inspections__excluded_at__isnull=True, inspections__visits__visited_on__isnull=True)
    held = rows.select_related("agency__parent", "scheme__sheet").annotate(
        doors=Count("inspections__visits", filter=coming, distinct=True),
        unnotified=Count(
            "inspections__visits",
            filter=coming & Q(inspections__visits__notified_at__isnull=True),
            distinct=True,
        ),
    )
    issuers = permissions.DUTIES[InspectionMove.NOTIFY]
    found = [
        Line(
            task,
            task.doors,
            task.unnotified,
            not task.unannounced and actor.holds(*issuers, within=task.agency.path),
        )
        for task in held.order_by("due_on", "number")
        if task.doors and actor.holds(*PRINTERS, within=task.agency.path)
    ]
    if len(found) < len(set(numbers)):
        raise NotFound(_("所选任务中有的没有待检查的对象，或不在您的职责范围内，请刷新页面"))
    return found


@transaction.atomic
def issue(held: Sequence[Line], *, actor: Actor, now: dt.datetime) -> int:
    """Issue the notices that are still to be issued (制发通知书), each task's under its unit's number; gives how many."""
    count = 0
    for line in held:
        if line.to_notify:
            visits = [v for v in inspections.open_visits(line.task) if v.notified_at is None]
            prefix = line.task.agency.number_prefix or line.task.agency.code
            count += verbs.notify(visits, prefix=prefix, actor=actor, now=now)
    return count


def doors(held: Sequence[Line]) -> int:
    """How many doors the tasks have together, each counted once."""
    return inspections.visits_to_come([line.task for line in held]).count()


def printed(held: Sequence[Line], *, on: dt.date) -> bytes:
    """Everything on paper (打印任务包): list, signed forms, then route by route sheet, notices and record sheets."""
    mark = services.installation().mark
    bureau = accounts.root()
    live = {line.task.number: tasks.live_draw(line.task) for line in held}
    pack = shapes.Pack(
        office=shapes.Office(bureau.name, bureau.telephone),
        tasks=tuple(_task(line, live[line.task.number]) for line in held),
        choices=papers.choices(on),
        printed_on=on,
    )
    visits = list(inspections.visits_to_come([line.task for line in held]))
    return packs.pack_pdf(
        pack, papers.visit_shapes(visits, on), forms=_forms(held, live.values(), mark=mark), mark=mark
    )


def _task(line: Line, draw: Draw | None) -> shapes.PackTask:
    task = line.task
    scheme = tasks.scheme_of(task)
    approval = ""
    if scheme is not None and scheme.approved_at:
        who = scheme.approval_signer or tasks.names([scheme.approved_by])[scheme.approved_by]
        signed_on = scheme.approval_signed_on or clock.local_date(scheme.approved_at)
        approval = f"{who} {day_text(signed_on)}"
    return shapes.PackTask(
        number=task.number,
        name=task.name,
        unit=str(task.agency),
        approval=approval,
        draw=draw.number if draw else "",
        doors=line.doors,
        finish_on=task.due_on,
    )


def _forms(held: Sequence[Line], live: Iterable[Draw | None], *, mark: str) -> list[bytes]:
    """The approval forms of the schemes (方案审批表) and of the draws (抽查审批表), each once."""
    signed = {
        scheme.sheet.pk: scheme.sheet
        for line in held
        if (scheme := tasks.scheme_of(line.task)) and scheme.sheet
    }
    made = {draw.pk: draw for draw in live if draw is not None and tasks.is_drawn(draw)}
    return [
        *(scheme_papers.sheet(sheet, "pdf") for _pk, sheet in sorted(signed.items())),
        *(
            pdf.approval_sheet_pdf(sheets.approval_sheet(draw), mark=mark)
            for draw in sorted(made.values(), key=lambda draw: draw.number)
        ),
    ]
