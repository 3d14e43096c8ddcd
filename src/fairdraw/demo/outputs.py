"""
What a rehearsed year leaves behind: bundles, inspections.csv, print batches, summaries, one object of figures.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from fairdraw.demo.cycle import Year
from fairdraw.demo.printing import Printer
from fairdraw.demo.yearly import Asked, Report
from fairdraw.draws import bundles
from fairdraw.draws.models import DrawnRow
from fairdraw.exchange import writers
from fairdraw.exchange.writers import InspectionLine
from fairdraw.files import selectors as stored
from fairdraw.files import services as files
from fairdraw.followup.models import FollowUp
from fairdraw.inspections.models import Inspection, Visit
from fairdraw.kernel import clock
from fairdraw.oversight import papers, selectors
from fairdraw.oversight import services as oversight
from fairdraw.oversight.facts import Indicator
from fairdraw.oversight.models import Summary
from fairdraw.plans.models import Task
from fairdraw.registers.models import Target

SHOWN = ("K1", "K2", "K3", "K4", "K5", "K6", "K7")


def write(year: Year, asked: Asked, printer: Printer, report: Report) -> dict[str, Any]:
    """Write every output into the directory asked for; gives the object that ``--json`` prints."""
    as_of = dt.date(asked.year, 12, 31)
    written = [bundles.write(draw, asked.out / "bundles" / draw.number) for draw in year.draws]
    report("复核资料包", 0.1)
    table = asked.out / "inspections.csv"
    writers.write_inspections(table, lines(year))
    (asked.out / "documents").mkdir(exist_ok=True)
    papers_of_tasks = _task_summaries(asked)
    summary = _summary(year, asked, as_of)
    batches = printer.finish(lambda done: report("打印文书", done))
    documents = [*batches, *papers_of_tasks, summary, *_rows(year, asked)]
    found = selectors.indicators(year.cast.bureau, asked.year, as_of=as_of)
    return figures(year, found) | {
        "bundles": [str(path) for path in written],
        "inspections_csv": str(table.resolve()),
        "documents": [str(path.resolve()) for path in documents],
    }


def figures(year: Year, found: dict[str, Indicator]) -> dict[str, Any]:
    """The counts of the year (design.md §2)."""
    rows = own_inspections(year)
    problems = FollowUp.objects.filter(finding__inspection__in=rows)
    return {
        "year": year.year,
        "mark": year.mark,
        "tasks": Task.objects.filter(year=year.year).count(),
        "held": [{"row": row, "reason": reason} for row, reason in year.held],
        "targets": Target.objects.count(),
        "drawn": sum(_main_rows(draw.pk) for draw in year.draws),
        "visits": Visit.objects.filter(
            year=year.year, visited_on__isnull=False, agency__path__startswith=year.cast.bureau.path
        ).count(),
        "inspections": rows.count(),
        "partner_inspections": Inspection.objects.filter(task__year=year.year).count() - rows.count(),
        "excluded": rows.exclude(excluded_code="").count(),
        "published": rows.filter(published_at__isnull=False).count(),
        "findings": problems.count(),
        "followed_up": problems.filter(started_on__isnull=False).count(),
        "indicators": {code: _indicator(found[code]) for code in SHOWN},
    }


def _main_rows(draw: str) -> int:
    return DrawnRow.objects.filter(drawn_list__draw=draw, reserve=False).count()


def _indicator(found: Indicator) -> dict[str, Any]:
    goal = None if found.goal is None else float(f"{float(found.goal):g}")
    return {
        "numerator": found.numerator,
        "denominator": found.denominator,
        "goal": goal,
        "met": found.met,
    }


def own_inspections(year: Year) -> QuerySet[Inspection]:
    """The inspections of the bureau's own agencies, which its figures count; partners stand beside them."""
    return Inspection.objects.filter(
        task__year=year.year, agency__path__startswith=year.cast.bureau.path
    ).order_by("number")


def lines(year: Year) -> list[InspectionLine]:
    """One line for each inspection of the bureau's own, as the indicators read them."""
    facts = selectors.inspection_facts(year.cast.bureau, selectors.year_tasks(year.cast.bureau, year.year))
    own = [fact for fact in facts if fact.own_agency]
    outcomes = own_inspections(year).values_list("outcome", flat=True)
    return [
        InspectionLine(
            task=fact.task,
            target=fact.target,
            kind=fact.kind,
            stratum=fact.stratum,
            class_as_sealed=fact.class_as_sealed,
            differentiated=fact.differentiated,
            exempt=fact.exempt,
            checked_on=fact.checked_on,
            published_on=fact.published_on,
            due_on=fact.due_on,
            outcome=outcome,
            problem=fact.problem,
            followed_up=fact.followed_up,
        )
        for outcome, fact in zip(outcomes, own, strict=True)
    ]


def _task_summaries(asked: Asked) -> list[Path]:
    """The summary of each completed task, as it was sent to the office."""
    place = asked.out / "documents"
    done: list[Path] = []
    rows = Summary.objects.filter(year=asked.year, task__isnull=False).order_by("task__number")
    for number, digest in rows.values_list("task__number", "stored"):
        path = place / f"{number}-抽查工作总结.docx"
        path.write_bytes(stored.read(digest))
        done.append(path)
    return done


def _summary(year: Year, asked: Asked, as_of: dt.date) -> Path:
    """The summary of the year, sent upward and written beside the other outputs."""
    now = clock.at(dt.date(asked.year, 12, 31), 16)
    data = papers.year_summary(year.cast.bureau, asked.year, mark=year.mark, as_of=as_of, on=as_of)
    kept = files.store(data, media_type=papers.WORD, name=f"{asked.year}年度总结.docx", now=now)
    oversight.send_year_summary(
        agency=year.cast.bureau, year=asked.year, stored=kept, actor=year.cast.office, now=now
    )
    path = asked.out / "documents" / f"{asked.year}年度总结.docx"
    path.write_bytes(data)
    return path


def _rows(year: Year, asked: Asked) -> list[Path]:
    """The held rows with their reasons, and the planned ones that somebody must look at, where there are any."""
    tables = {"暂缓计划行.csv": ("reason", year.held), "计划行提醒.csv": ("note", year.notes)}
    return [
        _table(asked.out / "documents" / name, column, rows, year.mark)
        for name, (column, rows) in tables.items()
        if rows
    ]


def _table(path: Path, column: str, rows: Sequence[tuple[str, str]], mark: str) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(("row", column, "mark"))
        table.writerows((writers.cell(row), writers.cell(said), mark) for row, said in rows)
    return path
