"""
Files into a real installation from the command line (导入): a whole file, or nothing of it.

A trial (``--dry-run``) does everything and takes it back, so that it finds what only the database knows.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.exchange import services as exchange
from fairdraw.exchange import tables
from fairdraw.exchange.readers import classes as class_reader
from fairdraw.exchange.readers.report import Caution
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput, Trouble
from fairdraw.plans import services as plans
from fairdraw.registers import services as registers
from fairdraw.registers.entries import ImportCount
from fairdraw.registers.models import Target

Report = Callable[[str, float], None]
EntryT = TypeVar("EntryT")
AT_ONCE = 500
TOLD_EVERY = 2000


@dataclass(frozen=True)
class Asked:
    """
    What is to be imported, and what the file itself does not say.

    Attributes:
        kind: ``items``, ``targets``, ``inspectors``, ``plan`` or ``classes``.
        path: The file.
        source: Where it comes from, for the log; the file's name where nothing is said.
        dry_run: Take everything back afterwards.
        year: Of a plan.
        title: Of a plan.
        edition: Of classes, where the rows name none.
        computed_on: Of classes, where the rows have no day.
    """

    kind: str
    path: Path
    source: str = ""
    dry_run: bool = False
    year: int | None = None
    title: str = ""
    edition: str = ""
    computed_on: dt.date | None = None


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do: rows read, rows added, changed and left as they were, cautions."""

    rows: int
    count: ImportCount
    cautions: tuple[Trouble, ...]


def run(asked: Asked, *, actor: Actor, now: dt.datetime, report: Report) -> Imported:
    """
    Import one file (导入).

    Args:
        asked: What and how.
        actor: Who does it.
        now: When.
        report: Told how far it is.

    Raises:
        InvalidInput: The file cannot be used; every row and column is named, nothing is stored.
        RuleBroken: What is there already does not allow it.
    """
    if not asked.path.is_file():
        raise InvalidInput(_("没有这个文件：%(path)s") % {"path": asked.path})
    told = exchange.Told()
    report(_("读取 %(name)s") % {"name": asked.path.name}, 0.0)
    enter = KINDS[asked.kind](asked, told, report)
    with transaction.atomic():
        rows, count = enter(actor, now)
        if asked.dry_run:
            transaction.set_rollback(True)
    report(_("完成"), 1.0)
    return Imported(rows, count, tuple(told.cautions))


Enter = Callable[[Actor, dt.datetime], tuple[int, ImportCount]]


def _items(asked: Asked, told: exchange.Told, report: Report) -> Enter:
    entries = exchange.read_items(asked.path, confirm=False, told=told)
    return lambda actor, now: (
        len(entries),
        registers.import_items(
            _counted(entries, report),
            source=_source(asked),
            starts_on=clock.local_date(now),
            actor=actor,
            now=now,
        ),
    )


def _targets(asked: Asked, told: exchange.Told, report: Report) -> Enter:
    known = {word: unit.code for unit in accounts.stations() for word in _names(unit)}
    unknown: Counter[str] = Counter()

    def station_code(name: str) -> str:
        if name not in known:
            unknown[name] += 1
        return known.get(name, "")

    entries = exchange.read_targets(asked.path, station_code=station_code, tagger=None, told=told)
    for name, count in unknown.items():
        words = {"name": name, "count": count}
        message = _("没有名为“%(name)s”的市场监管所，%(count)s 户未对应到所；请建立该所后再导入一次") % words
        told.cautions.append(Caution(message, file=asked.path.name, column=_("市场监管所")))
    return lambda actor, now: (
        len(entries),
        registers.import_targets(_counted(entries, report), source=_source(asked), actor=actor, now=now),
    )


def _inspectors(asked: Asked, told: exchange.Told, report: Report) -> Enter:
    agencies = {word: unit.code for unit in Agency.objects.all() for word in _names(unit)}
    entries = exchange.read_inspectors(asked.path, agencies=agencies, told=told)
    return lambda actor, now: (
        len(entries),
        registers.import_inspectors(_counted(entries, report), source=_source(asked), actor=actor, now=now),
    )


def _plan(asked: Asked, told: exchange.Told, report: Report) -> Enter:
    year = asked.year or exchange.plan_year(asked.path)
    if year is None:
        raise InvalidInput(_("看不出是哪一年的计划，请用 --year 写明"))
    entries = exchange.read_plan(asked.path, year=year, told=told)
    title = asked.title or _("%(region)s%(year)s年度“双随机、一公开”抽查工作计划") % {
        "region": _region(),
        "year": year,
    }

    def enter(actor: Actor, now: dt.datetime) -> tuple[int, ImportCount]:
        plans.import_plan(
            entries,
            agency=accounts.root(),
            year=year,
            title=title,
            source=_source(asked),
            invented="",
            actor=actor,
            now=now,
        )
        return len(entries), ImportCount(len(entries), 0, 0)

    return enter


def _classes(asked: Asked, told: exchange.Told, report: Report) -> Enter:
    reading = class_reader.read(tables.read(asked.path))
    told.require(reading.troubles)
    by_edition: dict[tuple[str, dt.date], dict[str, str]] = {}
    codes = _draw_codes({row.code for row in reading.rows})
    for row in reading.rows:
        day = row.computed_on or asked.computed_on
        if day is None:
            raise InvalidInput(_("文件没有分类的计算日期，请用 --computed-on 写明"))
        if row.code not in codes:
            message = _("名录库中没有这一户，没有存入分类")
            told.cautions.append(Caution(message, file=asked.path.name, row=row.number, column=_("代码")))
            continue
        edition = row.edition or asked.edition or day.isoformat()
        by_edition.setdefault((edition, day), {})[codes[row.code]] = row.credit_class

    def enter(actor: Actor, now: dt.datetime) -> tuple[int, ImportCount]:
        received = 0
        for number, ((edition, day), values) in enumerate(sorted(by_edition.items())):
            report(_("存入"), number / len(by_edition))
            received += registers.receive_classes(
                values,
                edition=edition,
                computed_on=day,
                source=_source(asked),
                invented=False,
                actor=actor,
                now=now,
            )
        return len(reading.rows), ImportCount(0, received, len(reading.rows) - received)

    return enter


def _draw_codes(wanted: set[str]) -> dict[str, str]:
    """The draw codes of targets by draw code, social credit code and old number, of those that are *wanted*."""
    found: dict[str, str] = {}
    rows = Target.objects.values_list("old_number", "uscc", "draw_code")
    for names in rows.iterator(chunk_size=5000):
        found |= {name: names[-1] for name in names if name in wanted}
    return found


def _names(unit: Agency) -> tuple[str, ...]:
    return tuple(filter(None, (unit.name, unit.short_name, unit.code)))


def _region() -> str:
    held = accounts.installation()
    return held.region_name if held else ""


def _source(asked: Asked) -> str:
    return asked.source or asked.path.name


def _counted(entries: list[EntryT], report: Report) -> Iterable[EntryT]:
    """The entries, with a word on how far they are; the last words are the database's."""

    def told() -> Iterator[EntryT]:
        for number, entry in enumerate(entries):
            if number % TOLD_EVERY == 0:
                report(_("存入"), number / len(entries))
            yield entry

    return told()


KINDS: dict[str, Callable[[Asked, exchange.Told, Report], Enter]] = {
    "items": _items,
    "targets": _targets,
    "inspectors": _inspectors,
    "plan": _plan,
    "classes": _classes,
}
