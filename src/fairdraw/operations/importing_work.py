"""
What a person brings in under the own account (本人导入): a list drawn elsewhere, results of inspections.

Both are acts of an office with a name, so the machine's owner does neither. A trial does everything and takes it back.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fairdraw.desk import return_papers
from fairdraw.draws import list_rows, receiving
from fairdraw.draws.receiving import Origin
from fairdraw.exchange import received
from fairdraw.exchange import services as exchange
from fairdraw.exchange.importing import Imported
from fairdraw.exchange.kinds import Report
from fairdraw.exchange.readers import lists, results
from fairdraw.exchange.readers.report import Caution
from fairdraw.exchange.services import ResultGiven
from fairdraw.exchange.tables import AS_FOUND, Layout
from fairdraw.inspections import permissions as may
from fairdraw.inspections import selectors as inspections
from fairdraw.inspections import services as verbs
from fairdraw.inspections.entries import RecordEntry
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionMove
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput, Trouble
from fairdraw.plans import selectors as plans
from fairdraw.plans.models import Task
from fairdraw.registers.entries import ImportCount
from fairdraw.rulebook import selectors as rulebook

KINDS = {"list": lists.ALIASES, "results": results.ALIASES}
Place = tuple[str, str]


@dataclass(frozen=True)
class Asked:
    """
    What a person brings in.

    Attributes:
        kind: ``list`` or ``results``.
        path: The file.
        task: The task of the list, or of results whose rows name none.
        drawn_by: Who drew the list.
        document: Under which document, or the platform's number of the task.
        drawn_on: The day of that draw.
        division: The division of the sender that dispatched the list.
        title: What the document is called.
        headless: The list has no header.
        returned: Where the rows that go back are written; the ending says as what.
        candidates: Where the rows that a person has to settle are written, with their candidates.
        choices: The same file, filled in.
        dry_run: Take everything back afterwards.
        layout: What is said of the file's shape.
    """

    kind: str
    path: Path
    task: str = ""
    drawn_by: str = ""
    document: str = ""
    drawn_on: dt.date | None = None
    division: str = ""
    title: str = ""
    headless: bool = False
    returned: Path | None = None
    candidates: Path | None = None
    choices: Path | None = None
    dry_run: bool = False
    layout: Layout = AS_FOUND


def run(asked: Asked, *, actor: Actor, now: dt.datetime, report: Report) -> Imported:
    """
    Bring a file in (导入).

    Raises:
        InvalidInput: The file or what was said of it cannot be used; nothing is stored.
        RuleBroken: What is there already, or the person's duty, does not allow it.
    """
    if not asked.path.is_file():
        raise InvalidInput(_("没有这个文件：%(path)s") % {"path": asked.path})
    report(_("读取 %(name)s") % {"name": asked.path.name}, 0.0)
    found = (_list if asked.kind == "list" else _results)(asked, actor, now)
    report(_("完成"), 1.0)
    return found


def _list(asked: Asked, actor: Actor, now: dt.datetime) -> Imported:
    """A list that was drawn elsewhere, for its task (外部名单; N14, N18)."""
    lacking = [
        option
        for option, value in (
            ("--task", asked.task),
            ("--drawn-by", asked.drawn_by),
            ("--document", asked.document),
            ("--drawn-on", asked.drawn_on),
        )
        if not value
    ]
    if lacking or asked.drawn_on is None:
        raise InvalidInput(_("名单来源必须可查，请写明 %(options)s") % {"options": "、".join(lacking)})
    origin = Origin(asked.drawn_by, asked.document, asked.drawn_on, asked.division, asked.title)
    task = plans.task(actor, asked.task)
    choices = received.choices_in(asked.choices) if asked.choices else {}
    given: dict[str, Any] = {"layout": asked.layout, "headless": asked.headless, "choices": choices}
    receiving.can_receive(actor, task, task.channel).require()
    found = received.read_list(asked.path, **given)
    if asked.candidates is not None:
        asked.candidates.write_bytes(received.question_list(found.questions))
    if not asked.dry_run:
        found = received.import_list(
            asked.path, number=asked.task, origin=origin, actor=actor, now=now, **given
        )
    name = asked.path.name
    back = [Caution(_("退回：%(why)s") % {"why": r.reason}, file=name, row=r.row) for r in found.returned]
    told = [Caution(words, file=name) for words in found.cautions]
    ask = [
        Caution(
            _("待认定：“%(name)s”有%(n)d户候选") % {"name": q.name or q.code, "n": len(q.candidates)},
            file=name,
            row=q.row,
        )
        for q in found.open
    ]
    if asked.returned is not None:
        asked.returned.write_bytes(_return_list(asked.returned, found, task, origin, now))
    return Imported(found.row_count, ImportCount(len(found.matched), 0, 0), (*told, *ask, *back))


def _return_list(
    path: Path, found: received.MatchedList, task: Task, origin: Origin, now: dt.datetime
) -> bytes:
    if path.suffix.lower() not in {".docx", ".xlsx"}:
        return received.return_list(found.returned)
    counts = list_rows.tally(found.matched, found.returned)
    told = return_papers.Told.of(task, origin, counts, found.returned, on=clock.local_date(now))
    return return_papers.paper(told, path.suffix.lower()[1:])


def _results(asked: Asked, actor: Actor, now: dt.datetime) -> Imported:
    """Results of inspections that were recorded on paper or elsewhere (检查结果)."""
    today = clock.local_date(now)
    told = exchange.Told()
    given = exchange.read_results(
        asked.path,
        codes=rulebook.result_codes(today),
        measures=rulebook.measures(today),
        told=told,
        layout=asked.layout,
    )
    given = [replace(row, task=row.task or asked.task) for row in given]
    entries = _entries(given, actor)
    with transaction.atomic():
        done = verbs.record(entries, actor=actor, now=now)
        if asked.dry_run:
            transaction.set_rollback(True)
    return Imported(len(given), ImportCount(len(done), 0, 0), tuple(told.cautions))


def _entries(given: Sequence[ResultGiven], actor: Actor) -> list[RecordEntry]:
    """The records that the rows are, each for its inspection; or every row that does not name one of its own."""
    found = _inspections(given, actor)
    troubles: list[Trouble] = []
    entries: dict[int, RecordEntry] = {}
    for row in given:
        meant = found[row.task, row.code or row.name]
        trouble = _trouble(row, list(meant.values()), actor)
        if trouble is None and meant.keys() & entries.keys():
            trouble = replace(row.place, message=_("另一行已经写了同一次检查，请只留一行"), column="")
        if trouble is not None:
            troubles.append(trouble)
            continue
        [pk] = meant
        entries[pk] = _entry(pk, row)
    if troubles:
        raise InvalidInput(_("不能导入，没有存入任何内容："), troubles=tuple(troubles))
    return list(entries.values())


def _trouble(row: ResultGiven, meant: Sequence[Inspection], actor: Actor) -> Trouble | None:
    """Why a row is no record of an inspection: none is meant, or several, or it cannot be recorded now."""
    words = {"task": row.task or _("（未写任务）"), "target": row.code or row.name}
    if not meant:
        said = _("任务 %(task)s 没有抽到 %(target)s，或不在您的职责范围内") % words
        return replace(row.place, message=said, column="")
    if len(meant) > 1:
        said = _("任务“%(task)s”、对象“%(target)s”有同名的，请写任务编号和统一社会信用代码") % words
        return replace(row.place, message=said, column="")
    verdict = may.can_move(actor, meant[0], InspectionMove.RECORD)
    if not verdict:
        return replace(row.place, message=str(verdict.refusal), column="")
    if row.checked_on < clock.local_date(meant[0].drawn_at):
        return replace(row.place, message=_("检查日期不能早于抽取日期"))
    codes = rulebook.result_codes(clock.today())
    lacking = verbs.lacks_words(meant[0], _entry(meant[0].pk, row), codes)
    return replace(row.place, message=lacking) if lacking else None


def _entry(pk: int, row: ResultGiven) -> RecordEntry:
    """The record that a row is; a problem that the file does not describe is said to be undescribed, never made up."""
    note = row.note
    if not note and "05" in row.outcomes:
        note = _("导入的结果文件没有写明发现的问题")
    return RecordEntry(pk, row.checked_on, row.outcomes, row.measure, note=note)


def _inspections(given: Iterable[ResultGiven], actor: Actor) -> dict[Place, dict[int, Inspection]]:
    """The inspections of the actor's scope, by key, under every name that a row may give to task and target."""
    wanted = {row.task for row in given}
    rows = inspections.visible_inspections(actor).filter(
        Q(task__number__in=wanted) | Q(task__name__in=wanted)
    )
    found: dict[Place, dict[int, Inspection]] = defaultdict(dict)
    for row in rows:
        target = row.target
        for task in {row.task.number, row.task.name}:
            for name in {target.draw_code, target.uscc, target.old_number, target.name} - {""}:
                found[task, name][row.pk] = row
    return found
