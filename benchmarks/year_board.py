"""
How long the figures of a province's year take: 300,000 inspections of 3,000 tasks (年度指标用时).

``python benchmarks/year_board.py [--inspections N] [--tasks N]`` works in a database of its own in a temporary
folder, or in the empty one that ``DATABASE_URL`` names (``python -m tests.with_pg python benchmarks/year_board.py``);
to fill it takes minutes. It prints the seconds of each figure and how many times faster that is than the rules over
one fact a row in the same run; both must agree. Goal (design.md §5): within 0.3 seconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src")]
YEAR = 2026
CHUNK = 5000
CLASSES = "AAABBBCCDN"
COMPANIONS = 5  # every fifth visit carries a second inspection


def main() -> None:
    """Set the province up, count both ways, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inspections", type=int, default=300_000)
    parser.add_argument("--tasks", type=int, default=3_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="year-board-") as folder:
        os.environ["FAIRDRAW_VAR"] = folder
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/year.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairdraw.config.settings.base")
        import django

        django.setup()
        sys.stdout.write(measure(asked.inspections, asked.tasks) + "\n")


def measure(inspections: int, tasks: int) -> str:
    """Time every figure of the board, the indicators both ways."""
    from django.core.management import call_command
    from django.db import connection

    from fairdraw.desk import board
    from fairdraw.oversight import selectors

    call_command("migrate", verbosity=0)
    bureau = province(inspections, tasks)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    day = dt.date(YEAR, 10, 20)
    shown, counted = best(lambda: selectors.indicators(bureau, YEAR, as_of=day))
    reference, expected = best(lambda: selectors.indicators_by_facts(bureau, YEAR, as_of=day), times=1)
    if counted != expected:
        raise SystemExit(f"{counted}\n{expected}")
    lines = [
        f"{'rules over every row':<28}{reference:8.2f} s",
        f"{'indicators':<28}{shown:8.2f} s{reference / shown:8.1f} x",
    ]
    for name, figure in (
        ("units", lambda: board.units(bureau, YEAR, on=day)),
        ("areas", lambda: board.areas(bureau, YEAR)),
        ("course", lambda: board.course(bureau, YEAR, on=day)),
        ("late tasks", lambda: board.late_tasks(bureau, YEAR, on=day)),
    ):
        seconds, _found = best(figure)
        lines.append(f"{name:<28}{seconds:8.2f} s{reference / seconds:8.1f} x")
    return "\n".join(lines)


def best(figure: Callable[[], Any], *, times: int = 3) -> tuple[float, Any]:
    """The quickest of some runs, in seconds, and what it gave."""
    runs = []
    for _run in range(times):
        begun = time.perf_counter()
        found = figure()
        runs.append(time.perf_counter() - begun)
    return min(runs), found


def below(limit: int, *label: object) -> int:
    """A whole number from 0 to *limit* - 1 that belongs to *label*."""
    from fairdraw.demo.entropy import Choices

    return Choices(YEAR).below(limit, *label)


def province(inspections: int, tasks: int) -> Any:
    """A bureau with its year: tasks, drawn rows, inspections in every stage, visits, follow-ups."""
    from fairdraw.accounts.models import Agency
    from fairdraw.registers.models import YearBase
    from fairdraw.rulebook.services import load_defaults

    now = dt.datetime(YEAR, 1, 5, 1, tzinfo=dt.UTC)
    load_defaults(now)
    bureau = _agency("99", "bureau", None)
    units = [_agency(f"99{n:02}", "station" if n % 2 else "section", bureau) for n in range(40)]
    other = _agency("98", "department", None)
    YearBase.objects.create(
        agency=bureau, year=YEAR, count=2_000_000, low_risk_count=900_000, source="演示", dated_on=now.date()
    )
    held = _tasks(tasks, units)
    rows = _rows(inspections, held, units)
    _inspections(rows, held, [*units, *units, other])
    _visits(bureau)
    assert Agency.objects.count() == len(units) + 2
    return bureau


def _agency(code: str, kind: str, parent: Any) -> Any:
    from fairdraw.accounts.models import Agency

    agency = Agency.objects.create(
        code=code, name=f"演示{code}", kind=kind, parent=parent, path=code, opens_on=dt.date(YEAR - 1, 1, 1)
    )
    agency.path = f"{parent.path if parent else '/'}{agency.pk}/"
    agency.save(update_fields=["path"])
    return agency


def _tasks(count: int, units: list[Any]) -> list[Any]:
    from fairdraw.plans.models import Task

    made = []
    for n in range(count):
        drawn = dt.datetime(YEAR, 2 + below(5, "month", n), 1 + below(28, "day", n), 2, tzinfo=dt.UTC)
        due = dt.date(YEAR, (8, 9, 11)[below(3, "due", n)], 20)
        made.append(
            Task(
                number=f"{YEAR}-{n:05}",
                name=f"任务{n}",
                year=YEAR,
                agency=units[below(len(units), "agency", n)],
                state="in_progress",
                window_start=drawn.date(),
                window_end=due,
                due_on=due,
                exempt_field="special_equipment" if n % 10 == 0 else "",
                created_at=drawn,
                drawn_at=drawn,
            )
        )
    return Task.objects.bulk_create(made, batch_size=CHUNK)


def _rows(count: int, tasks: list[Any], units: list[Any]) -> list[Any]:
    from fairdraw.draws.models import DrawnList, DrawnRow
    from fairdraw.registers.models import Target

    now = dt.datetime(YEAR, 1, 5, 1, tzinfo=dt.UTC)
    targets = Target.objects.bulk_create(
        (
            Target(
                draw_code=f"P{n:08}",
                name=f"对象{n}",
                kind="enterprise" if n % 5 else "individual_business",
                status="existing",
                credit_class="ABCD"[n % 4],
                station=units[n % len(units)],
                updated_at=now,
            )
            for n in range(count * 4 // 5)
        ),
        batch_size=CHUNK,
    )
    targets.sort(key=lambda target: below(count, "place", target.pk))
    lists = DrawnList.objects.bulk_create(
        (DrawnList(task=task, source="own", created_at=now) for task in tasks), batch_size=CHUNK
    )
    rows = []
    for n in range(count):
        turn, at = divmod(n, len(targets))
        target, place = targets[at], (n + turn) % len(tasks)
        rows.append(
            DrawnRow(
                drawn_list=lists[place],
                task=tasks[place],
                target=target,
                part="T",
                stratum="N",
                rank=n,
                kind_as_sealed=target.kind,
                class_as_sealed=CLASSES[below(len(CLASSES), "class", n)],
            )
        )
    return DrawnRow.objects.bulk_create(rows, batch_size=CHUNK)


def _inspections(rows: list[Any], tasks: list[Any], agencies: list[Any]) -> None:
    from fairdraw.inspections.models import Inspection

    made = []
    for n, row in enumerate(rows):
        task = row.task
        made.append(
            Inspection(
                row=row,
                task=task,
                target=row.target,
                agency=agencies[below(len(agencies), "executes", n)] if n % 4 == 0 else task.agency,
                number=f"J{n:08}",
                kind=row.kind_as_sealed,
                stratum=row.stratum,
                class_as_sealed=row.class_as_sealed if row.class_as_sealed != "N" else "",
                differentiated=task.pk % 8 != 0,
                exempt=bool(task.exempt_field),
                due_on=task.due_on,
                drawn_at=task.drawn_at,
                **_went(task, n),
            )
        )
    Inspection.objects.bulk_create(made, batch_size=CHUNK)


def _went(task: Any, n: int) -> dict[str, Any]:
    turn = below(1000, "went", n)
    if turn < 20:
        return {
            "state": "excluded",
            "excluded_at": task.drawn_at + dt.timedelta(30),
            "excluded_code": "moved_out",
        }
    if turn < 80:
        return {"state": "assigned"}
    checked = task.drawn_at + dt.timedelta(5 + below(96, "checked", n))
    went: dict[str, Any] = {
        "state": "recorded",
        "checked_on": checked.date(),
        "outcome": "01",
        "outcome_codes": "01",
    }
    if below(100, "problem", n) < 6:
        went |= {"outcome": "05", "outcome_codes": "05", "problem": True}
    if turn < 120:
        return went
    published = checked + dt.timedelta(
        1 + below(15 if turn < 970 else 45, "published", n), below(40_000, "second", n)
    )
    went |= {"state": "published", "published_at": published}
    if turn > 994:
        went["withdrawn_at"] = published + dt.timedelta(3)
    return went


def _visits(bureau: Any) -> None:
    from fairdraw.followup.models import Finding, FollowUp
    from fairdraw.inspections.models import Inspection, Visit

    held = list(
        Inspection.objects.order_by("target_id", "pk").only("pk", "target_id", "checked_on", "problem")
    )
    visits: list[Visit] = []
    joined: list[tuple[int, int]] = []
    for n, row in enumerate(held):
        if not visits or visits[-1].target_id != row.target_id or n % COMPANIONS:
            visits.append(Visit(target_id=row.target_id, agency=bureau, year=YEAR, visited_on=row.checked_on))
        joined.append((len(visits) - 1, row.pk))
    Visit.objects.bulk_create(visits, batch_size=CHUNK)
    through = Inspection.visits.through
    through.objects.bulk_create(
        (through(visit_id=visits[place].pk, inspection_id=pk) for place, pk in joined), batch_size=CHUNK
    )
    problems = [row for row in held if row.problem]
    findings = Finding.objects.bulk_create(
        (
            Finding(inspection_id=row.pk, code="05", description="问题", found_on=row.checked_on)
            for row in problems
        ),
        batch_size=CHUNK,
    )
    FollowUp.objects.bulk_create(
        (
            FollowUp(
                finding=finding,
                owner=bureau,
                measure="order",
                document_number="1",
                opened_on=finding.found_on,
                started_on=finding.found_on + dt.timedelta(9) if n % 30 else None,
                due_on=finding.found_on,
                closed_on=finding.found_on + dt.timedelta(40) if n % 30 and n % 3 else None,
            )
            for n, finding in enumerate(findings)
        ),
        batch_size=CHUNK,
    )


if __name__ == "__main__":
    main()
