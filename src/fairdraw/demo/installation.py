"""
The practice installation (练习安装): an invented county, last year finished, this year at a fixed day.

Played through the same services as live work, so that work waits in every stage: a scheme to approve, a task
to draw, a sealed draw to supervise, visits, records, reviews, receipts, follow-ups, and a few troubles.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from fairdraw.accounts import services as accounts
from fairdraw.demo import draws as demo_draws
from fairdraw.demo import practice, world, yearly
from fairdraw.demo.cycle import Year
from fairdraw.demo.entropy import Choices, SeededEntropy
from fairdraw.demo.yearly import Asked, Report
from fairdraw.draws import services as draws
from fairdraw.draws.models import Draw
from fairdraw.draws.states import DrawState
from fairdraw.inspections import services as inspections
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel import clock
from fairdraw.kernel.actor import SYSTEM
from fairdraw.plans.models import Task
from fairdraw.registers import selectors as register_selectors
from fairdraw.registers import services as registers

LAST_YEAR = 2025
THIS_YEAR = 2026
PRACTICE_DAY = dt.date(2026, 9, 16)
SEED = "1"


@dataclass(frozen=True)
class Built:
    """Both years, as they stand."""

    last: Year
    current: Year


def build(place: Path, report: Report) -> Built:
    """Build the practice installation in an empty, migrated database."""
    asked = Asked(out=place, year=LAST_YEAR, seed=SEED)
    last = yearly.prepare(asked, _part(report, 0.0, 0.3))
    yearly.enter_plan(last, asked)
    yearly.play(last, asked, _part(report, 0.3, 0.6))
    _disclose(last)
    current = _this_year(last)
    _play_to_today(current, _part(report, 0.6, 0.95))
    _troubles(current)
    accounts.set_practice_time(
        practice_at=clock.at(PRACTICE_DAY, 9), actor=SYSTEM, now=clock.at(PRACTICE_DAY, 9)
    )
    report("练习安装", 1.0)
    return Built(last, current)


def _part(report: Report, start: float, end: float) -> Report:
    """Progress within a part of the whole: one bar from nothing to a served page."""

    def told(_step: str, done: float) -> None:
        report("练习安装", start + (end - start) * done)

    return told


def _disclose(last: Year) -> None:
    """Last year is over: its bundles are there for the auditor (披露)."""
    now = clock.at(dt.date(THIS_YEAR, 1, 4), 9)
    for draw in Draw.objects.filter(year=LAST_YEAR, state=DrawState.DRAWN.value).order_by("number"):
        draws.disclose(draw_id=draw.pk, actor=last.cast.office, now=now)


def _this_year(last: Year) -> Year:
    current = Year(
        year=THIS_YEAR,
        region=last.region,
        org=last.org,
        cast=last.cast,
        choices=Choices(f"{SEED} {THIS_YEAR}"),
        seed=f"{SEED} {THIS_YEAR}",
        mark=last.mark,
        left_alone={"14": "approved", "15": "draft", "16": "approved"},
    )
    now = clock.at(dt.date(THIS_YEAR, 1, 5), 9)
    office = current.cast.office
    people = world.inspectors(seed=SEED, units=practice.INSPECTORS, year=THIS_YEAR)
    registers.import_inspectors(people, source="演示", actor=office, now=now)
    registers.enter_base(
        agency=current.cast.bureau,
        year=THIS_YEAR,
        count=register_selectors.enterprise_count(),
        source=f"演示县{LAST_YEAR}年底企业实有数（虚构）",
        dated_on=dt.date(LAST_YEAR, 12, 31),
        invented=True,
        actor=office,
        now=now,
    )
    return current


def _play_to_today(current: Year, report: Report) -> None:
    now = clock.at(dt.date(THIS_YEAR, 2, 27), 9)
    entries = [row.entry(THIS_YEAR) for row in (*practice.ROWS, *practice.WAITING)]
    title = f"{practice.REGION}{THIS_YEAR}年度“双随机、一公开”抽查工作计划"
    current.enter_plan(
        entries, yearly.practice_resolver(current), title=title, source="演示", invented="plan", now=now
    )
    current.put_classes(source="演示", also=[PRACTICE_DAY.month])  # what waits is drawn by classes of today
    current.put_draws(after=dt.date(THIS_YEAR, 3, 2))
    start, end = clock.at(dt.date(THIS_YEAR, 3, 1), 0), clock.at(PRACTICE_DAY, 9)
    current.agenda.run(end, lambda at: report("", (at - start) / (end - start)))


def _troubles(current: Year) -> None:
    """What a real office would find this morning: a sealed draw that waits, a target gone, a record sent back."""
    now = clock.at(PRACTICE_DAY, 8, 30)
    _sealed(current, now)
    task = Task.objects.filter(year=THIS_YEAR, plan_row__source_no="9").select_related("agency").get()
    planner, leader = current.cast.planner(task.agency), current.cast.leader(task.agency)
    waiting = Inspection.objects.filter(task=task, state=InspectionState.NOTIFIED.value).order_by("pk")
    gone = waiting.first()
    if gone is not None:
        inspections.exclude(
            inspection_id=gone.pk, code="deregistered", reason="封存后已注销（演示）", actor=planner, now=now
        )
    recorded = Inspection.objects.filter(
        task__year=THIS_YEAR, state=InspectionState.RECORDED.value, agency=task.agency
    ).first()
    if recorded is not None:
        inspections.review(
            [recorded.pk],
            passed=False,
            opinion="检查日期与通知书不一致，请核对（演示）",
            actor=leader,
            now=now,
        )


def _sealed(current: Year, now: dt.datetime) -> None:
    """The initiator of row 16 has sealed; the supervisor's to-do shows it."""
    task = (
        Task.objects.filter(year=THIS_YEAR, plan_row__source_no="16").select_related("agency", "scheme").get()
    )
    entropy = SeededEntropy(current.seed, f"draw {task.number}")
    draw = demo_draws.prepare(
        current.cast, [task], number=task.number, org=current.org, entropy=entropy, now=now
    )
    draws.seal_draw(
        draw_id=draw.pk, custodian=demo_draws.CUSTODIAN, actor=current.cast.planner(task.agency), now=now
    )
