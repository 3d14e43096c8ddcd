"""
The main job: a bureau's whole year in one run, in a database of its own (演练全年; design.md §2).

Deterministic from its seed: two runs give identical bundles. What the input lacks is made up only where
that was asked for, and marked in every output; a plan row that cannot be planned is held with its reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fairdraw.accounts import services as accounts
from fairdraw.audit.keys import log_key_file
from fairdraw.demo import cast as casting
from fairdraw.demo import invent, practice, world
from fairdraw.demo.cycle import Year
from fairdraw.demo.entropy import Choices, SeededEntropy
from fairdraw.kernel import clock
from fairdraw.kernel.actor import SYSTEM
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.models import Task
from fairdraw.plans.planning import Resolved
from fairdraw.registers import selectors as register_selectors
from fairdraw.registers import services as registers
from fairdraw.registers.entries import TargetEntry
from fairdraw.rulebook.services import load_defaults

INVENTABLE = ("classes", "inspectors", "scopes", "items")
Report = Callable[[str, float], None]


@dataclass(frozen=True)
class Asked:
    """What the command was asked for."""

    out: Path
    year: int
    seed: str
    plan: Path | None = None
    items: Path | None = None
    targets: Path | None = None
    inspectors: Path | None = None
    results: Path | None = None
    invent: frozenset[str] = frozenset()
    enterprises: int = practice.ENTERPRISES

    @property
    def is_practice(self) -> bool:
        """Whether the practice county plays the year."""
        return self.plan is None


def marks(asked: Asked) -> str:
    """The line that stands on every page and document."""
    if asked.is_practice:
        return practice.MARK
    made_up = [invent.LABELS[part] for part in INVENTABLE if part in asked.invent]
    made_up += [] if asked.results else [invent.LABELS["results"]]
    return f"演练（虚构部分：{'、'.join(made_up)}）" if made_up else "演练"


def _opening(asked: Asked) -> dt.datetime:
    """When the rehearsal begins."""
    return clock.at(dt.date(asked.year, 1, 5), 9)


def read(asked: Asked, report: Report) -> invent.Files | None:
    """
    Read the files, before there is a database; ``None`` where the practice county plays.

    Raises:
        InvalidInput: A file cannot be used; names file, row and column.
    """
    if asked.is_practice:
        return None
    return invent.read(asked, report, on=clock.local_date(_opening(asked)))


def prepare(asked: Asked, report: Report, files: invent.Files | None = None) -> Year:
    """Set the rehearsal up with its registers; nothing is drawn yet."""
    now = _opening(asked)
    rehearse_log_key(asked.seed)
    load_defaults(now)
    if files is None:
        return _practice(asked, now, report)
    return invent.from_files(asked, files, now, report, marks(asked))


def rehearse_log_key(seed: str) -> None:
    """Let a rehearsal's log be signed with a key that follows from its seed, so that two runs give the same bytes."""
    path = log_key_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(SeededEntropy(seed, "log key")(32).hex(), encoding="ascii")
    path.chmod(0o600)


def _practice(asked: Asked, now: dt.datetime, report: Report) -> Year:
    accounts.install(
        org=practice.ORG,
        name=practice.BUREAU,
        region_name=practice.REGION,
        division_code=world.DIVISION,
        rehearsal=True,
        mark=practice.MARK,
        practice_at=None,
        actor=SYSTEM,
        now=now,
    )
    cast = casting.set_up(
        bureau_name=practice.BUREAU,
        short_name="演示县局",
        prefix=practice.PREFIX,
        division=world.DIVISION,
        units=practice.UNITS,
        opened=dt.date(asked.year - 1, 1, 1),
        now=now,
    )
    year = Year(
        year=asked.year,
        region=practice.REGION,
        org=practice.ORG,
        cast=cast,
        choices=Choices(f"{asked.seed} {asked.year}"),
        seed=f"{asked.seed} {asked.year}",
        mark=practice.MARK,
    )
    fill_registers(year, asked, report, now)
    return year


def fill_registers(year: Year, asked: Asked, report: Report, now: dt.datetime) -> None:
    """Enter the practice county's items, targets, inspectors and its base."""
    cast = year.cast
    day = clock.local_date(now)
    registers.import_items(practice.ITEMS, source="演示", starts_on=day, actor=cast.office, now=now)
    report("生成检查对象名录", 0.0)
    individuals = asked.enterprises * practice.INDIVIDUALS // practice.ENTERPRISES
    rows = world.targets(
        seed=asked.seed, enterprises=asked.enterprises, individuals=individuals, classed_on=day
    )
    whole = asked.enterprises + individuals
    registers.import_targets(_counted(rows, whole, report), source="演示", actor=cast.office, now=now)
    registers.import_inspectors(
        world.inspectors(seed=asked.seed, units=practice.INSPECTORS, year=year.year),
        source="演示",
        actor=cast.office,
        now=now,
    )
    registers.enter_base(
        agency=cast.bureau,
        year=year.year,
        count=register_selectors.enterprise_count(),
        source=f"演示县{year.year - 1}年底企业实有数（虚构）",
        dated_on=dt.date(year.year - 1, 12, 31),
        invented=True,
        actor=cast.office,
        now=now,
    )


def _counted(rows: Iterator[TargetEntry], whole: int, report: Report) -> Iterator[TargetEntry]:
    for number, row in enumerate(rows):
        if number % 5000 == 0:
            report("生成检查对象名录", number / whole)
        yield row


def practice_rows() -> dict[str, practice.Row]:
    """The rows of the practice plan by their number, with those of the practice installation."""
    return {row.number: row for row in (*practice.ROWS, *practice.WAITING)}


def practice_resolver(year: Year) -> Callable[[PlanRowEntry], Resolved]:
    """What the words of the practice plan mean."""
    by_number = practice_rows()
    items = {v.item.name: v for v in register_selectors.items_on(dt.date(year.year, 3, 1))}

    def resolve(entry: PlanRowEntry) -> Resolved:
        row = by_number[entry.source_no]
        return Resolved(
            agency=year.cast.by_name(row.unit),
            items=[items[name] for name in entry.items],
            scope=row.scope,
            asked=entry.asked(),
            partners=[unit for name in row.partners if (unit := year.cast.by_name(name))],
            qualification=row.qualification,
            assign_mode=row.assign_mode,
        )

    return resolve


def enter_plan(year: Year, asked: Asked) -> None:
    """Enter the plan on a day in February, approve its schemes, publish it."""
    now = clock.at(dt.date(asked.year, 2, 27), 9)
    if asked.is_practice:
        entries = [row.entry(asked.year, enterprises=asked.enterprises) for row in practice.ROWS]
        title = f"{practice.REGION}{asked.year}年度“双随机、一公开”抽查工作计划"
        year.enter_plan(
            entries, practice_resolver(year), title=title, source="演示", invented="plan", now=now
        )
    else:
        invent.enter_plan(year, asked, now)
    year.put_classes(source="演示" if asked.is_practice or "classes" in asked.invent else "")
    year.put_draws(after=dt.date(asked.year, 3, 2))


def play(year: Year, asked: Asked, report: Report) -> None:
    """Play to the end of the year."""
    start = clock.at(dt.date(asked.year, 3, 1), 0)
    end = clock.at(dt.date(asked.year, 12, 31), 23)

    def progress(at: dt.datetime) -> None:
        report(f"演练 {clock.local_date(at):%m月%d日}", (at - start) / (end - start))

    year.agenda.run(end, progress)


def run(
    asked: Asked, files: invent.Files | None, report: Report, *, on_notified: Callable[[Task], None]
) -> Year:
    """Everything but the outputs, with the *files* read; *on_notified* is told of each task whose notices are out."""
    year = prepare(asked, report, files)
    year.fieldwork.on_notified = on_notified
    enter_plan(year, asked)
    play(year, asked, report)
    return year
