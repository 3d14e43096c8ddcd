"""
From a task's visits to the sorted batch that is printed for its stations (批量打印; scenes 1 and 3).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.documents import pdf, shapes
from fairdraw.inspections import helping, selectors
from fairdraw.inspections.models import Assignment, Inspection, Visit
from fairdraw.kernel import clock
from fairdraw.plans.models import Task, TaskItem
from fairdraw.registers.entries import CheckPoint
from fairdraw.rulebook import selectors as rulebook

CHUNK = 500
METHODS = (
    ("on_site", _("实地核查")),
    ("documentary", _("书面检查")),
    ("online_monitoring", _("网络监测")),
    ("testing", _("检验检测")),
)
BASIS = _("年度“双随机、一公开”监管工作计划；各抽查事项依据见检查记录表")


def task_batch(task: Task, *, on: dt.date, mark: str) -> bytes:
    """
    The print batch of a task: a cover list, then each visit's notice and record sheet, sorted (PDF).

    A visit that serves several tasks is printed once, with the first of them.
    """
    visits = list(selectors.visits_of(task))
    office = shapes.Office(task.agency.name, task.agency.telephone)
    head = shapes.TaskBatch(
        number=task.number,
        name=task.name,
        office=office,
        choices=choices(on),
        finish_on=task.due_on,
        printed_on=on,
    )
    return pdf.task_batch_pdf(head, visit_shapes(visits, on), mark=mark)


def choices(on: dt.date) -> shapes.SheetChoices:
    """The boxes of the record sheet as the rulebook has them."""
    return shapes.SheetChoices(
        methods=tuple(shapes.Choice(code, label) for code, label in METHODS),
        results=tuple(shapes.Choice(c.code, c.label) for c in rulebook.result_codes(on).values()),
        measures=tuple(shapes.Choice(m.code, m.label) for m in rulebook.measures(on).values()),
    )


def visit_shapes(visits: list[Visit], on: dt.date) -> Iterable[shapes.Visit]:
    """*visits* as the papers have them: party, team, helpers, every task that they serve."""
    served: dict[int, list[Inspection]] = defaultdict(list)
    teams: dict[int, dict[str, shapes.PartyInspector]] = defaultdict(dict)
    for start in range(0, len(visits), CHUNK):
        ids = [v.pk for v in visits[start : start + CHUNK]]
        links = Inspection.visits.through.objects.filter(visit_id__in=ids).order_by(
            "inspection__task__number"
        )
        by_inspection: dict[int, list[int]] = defaultdict(list)
        for link in links.select_related("inspection__task", "inspection__agency"):
            served[link.visit_id].append(link.inspection)
            by_inspection[link.inspection_id].append(link.visit_id)
        seats = Assignment.objects.filter(inspection__in=list(by_inspection), replaced_at__isnull=True)
        for seat in seats.select_related("inspector__agency").order_by("slot", "pk"):
            who = seat.inspector
            for key in by_inspection[seat.inspection_id]:
                teams[key].setdefault(
                    who.code,
                    shapes.PartyInspector(who.name, who.agency.name, who.certificate_number, not teams[key]),
                )
    tasks, past = {i.task_id for held in served.values() for i in held}, accounts.PastNames()
    items, helpers = _items(tasks), _helpers(tasks)
    for visit in visits:
        shape = _visit(visit, served[visit.pk], tuple(teams[visit.pk].values()), items, on, past)
        named = dict.fromkeys(h for i in served[visit.pk] for h in helpers.get(i.task_id, ()))
        yield replace(shape, helpers=tuple(named)) if named else shape


def _helpers(tasks: set[int]) -> dict[int, list[shapes.PartyHelper]]:
    """The assistants and experts of each task, as its papers name them."""
    found: dict[int, list[shapes.PartyHelper]] = defaultdict(list)
    for row in helping.helpers_of(tasks):
        who = row.inspector
        role = _("专家") if who.expert else _("辅助人员")
        found[row.task_id].append(shapes.PartyHelper(who.name, who.agency.name, role, row.work))
    return found


def _items(tasks: set[int]) -> dict[int, tuple[shapes.CheckItem, ...]]:
    found: dict[int, list[shapes.CheckItem]] = defaultdict(list)
    rows = (
        TaskItem.objects.filter(task__in=tasks).select_related("item", "version").order_by("task", "position")
    )
    for row in rows:
        points = tuple(_point(CheckPoint.from_json(p)) for p in row.version.points)
        found[row.task_id].append(
            shapes.CheckItem(row.version.name, row.item.code, row.version.legal_basis, points)
        )
    return {task: tuple(held) for task, held in found.items()}


def _point(point: CheckPoint) -> shapes.CheckPoint:
    return shapes.CheckPoint(point.question, how=point.how, basis=point.basis, is_key=point.key)


def _visit(
    visit: Visit,
    served: list[Inspection],
    team: tuple[shapes.PartyInspector, ...],
    items: dict[int, tuple[shapes.CheckItem, ...]],
    on: dt.date,
    past: accounts.PastNames,
) -> shapes.Visit:
    target = visit.target
    issued_on = clock.local_date(visit.notified_at) if visit.notified_at else on
    starts = min(i.task.window_start for i in served)
    return shapes.Visit(
        notice_number=visit.number,
        party=shapes.Party(
            name=target.name,
            code=target.uscc or target.old_number or target.draw_code,
            address=target.address,
            station=str(target.station) if target.station else "",
            town=target.town,
        ),
        tasks=tuple(
            shapes.VisitTask(
                i.task.number, i.task.name, past.of(i.agency, issued_on), items.get(i.task_id, ())
            )
            for i in served
        ),
        inspectors=team,
        office=shapes.Office(past.of(visit.agency, issued_on), visit.agency.telephone),
        basis=BASIS,
        check_code=visit.check_code,
        window_from=visit.planned_on or starts,
        window_to=visit.planned_on or min(i.due_on for i in served),
        issued_on=issued_on,
        materials=(_("营业执照"), _("与检查事项有关的许可证件、台账和凭证")),
    )
