"""
The kinds of files that are imported (导入的种类): one table, for the pages and the command line alike.

A kind says by which names its columns go, how its file becomes entries of a stage above, and who may enter them.
Another kind is another line of ``KINDS``; ``list`` and ``results`` belong to a task and are brought in there.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairdraw.accounts import selectors as accounts
from fairdraw.burden import permissions as may_bear
from fairdraw.burden import services as burden
from fairdraw.exchange import changes, received, tables
from fairdraw.exchange import services as exchange
from fairdraw.exchange.licences import read_licences
from fairdraw.exchange.readers import classes as class_reader
from fairdraw.exchange.readers import divisions as division_reader
from fairdraw.exchange.readers import inspectors as inspector_reader
from fairdraw.exchange.readers import items as item_reader
from fairdraw.exchange.readers import licences as licence_reader
from fairdraw.exchange.readers import lists as list_reader
from fairdraw.exchange.readers import plan_columns
from fairdraw.exchange.readers import plans as plan_reader
from fairdraw.exchange.readers import targets as target_reader
from fairdraw.exchange.readers import visits as visit_reader
from fairdraw.exchange.readers.columns import Aliases, Columns, HeaderNames, open_register
from fairdraw.exchange.readers.report import Caution, Told
from fairdraw.exchange.tables import AS_FOUND, HeaderWords, Layout, Table
from fairdraw.exchange.visits import read_visits
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import InvalidInput, NotPermitted
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans import cities
from fairdraw.plans import permissions as may_plan
from fairdraw.plans import services as plans
from fairdraw.registers import permissions as may_keep
from fairdraw.registers import services as registers
from fairdraw.registers.entries import ImportCount, TargetBlock
from fairdraw.registers.models import Target

Report = Callable[[str, float], None]
Enter = Callable[[Actor, dt.datetime], tuple[int, ImportCount]]
EntryT = TypeVar("EntryT")
TOLD_EVERY = 2000


@dataclass(frozen=True)
class Asked:
    """
    What is to be imported, and what the file itself does not say.

    Attributes:
        kind: A key of ``KINDS``.
        path: The file.
        source: Where it comes from, for the log; the file's name where nothing is said.
        year: Of a plan.
        title: Of a plan.
        edition: Of classes, where the rows name none.
        computed_on: Of classes, where the rows have no day.
        layout: What a person said of the file's shape.
    """

    kind: str
    path: Path
    source: str = ""
    year: int | None = None
    title: str = ""
    edition: str = ""
    computed_on: dt.date | None = None
    layout: Layout = field(default=AS_FOUND)


@dataclass(frozen=True)
class Kind:
    """
    A kind of file.

    Attributes:
        label: What people call it.
        unit: What one of its rows is counted in.
        aliases: Its fields, each with the names that its column goes by.
        read: Reads the file and gives what enters it.
        may: Whether somebody may enter it.
        probe: Reads some rows without storing, to find columns that are missing.
        options: What else the person is asked, of ``year``, ``title``, ``edition``, ``computed_on``.
        words: How its header is told from titles.
        watch: Tells what the import changes in what is there.
        after: Where the rows are seen afterwards, by the name of the page.
    """

    label: Promise
    unit: Promise
    aliases: Aliases
    read: Callable[[Asked, Told, Report], Enter]
    may: Callable[[Actor], Verdict]
    probe: Callable[[Table], object]
    options: tuple[str, ...] = ()
    words: HeaderWords | None = None
    watch: Callable[[], changes.Watch] = changes.Nothing
    after: str = ""

    def open(self, path: Path, layout: Layout) -> Table:
        """Open a file of this kind."""
        if self.words is not None:
            return tables.read(path, words=self.words, layout=layout)
        return open_register(path, self.aliases, layout)

    @property
    def header_words(self) -> HeaderWords:
        """How its header is told from titles."""
        return self.words or HeaderNames(self.aliases)


def _items(asked: Asked, told: Told, report: Report) -> Enter:
    entries = exchange.read_items(asked.path, confirm=False, told=told, layout=asked.layout)
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


def _targets(asked: Asked, told: Told, report: Report) -> Enter:
    stations = set(accounts.stations().values_list("code", flat=True))
    known = {word: code for word, code in accounts.unit_codes().items() if code in stations}
    unknown: Counter[str] = Counter()

    def station_code(name: str) -> str:
        if name not in known:
            unknown[name] += 1
        return known.get(name, "")

    found = exchange.read_targets(
        asked.path,
        station_code=station_code,
        tagger=None,
        told=told,
        layout=asked.layout,
        report=lambda fraction, rows: report(_("读取 %(rows)s 行") % {"rows": rows}, fraction),
    )
    for name, count in unknown.items():
        words = {"name": name, "count": count}
        message = _("没有名为“%(name)s”的市场监管所，%(count)s 户未对应到所；请建立该所后再导入一次") % words
        told.cautions.append(Caution(message, file=asked.path.name, column=_("市场监管所")))
    return lambda actor, now: (
        len(found),
        registers.import_target_blocks(_blocks(found, report), source=_source(asked), actor=actor, now=now),
    )


def _blocks(found: exchange.TargetRows, report: Report) -> Iterator[TargetBlock]:
    """The blocks of a directory, with a word on how far they are; the last words are the database's."""
    stored = 0
    for block in found.blocks():
        report(_("存入"), stored / len(found))
        yield block
        stored += len(block.rows)
    report(_("收尾 索引和日志"), 1.0)


def _inspectors(asked: Asked, told: Told, report: Report) -> Enter:
    agencies = accounts.unit_codes()
    entries = exchange.read_inspectors(asked.path, agencies=agencies, told=told, layout=asked.layout)
    return lambda actor, now: (
        len(entries),
        registers.import_inspectors(_counted(entries, report), source=_source(asked), actor=actor, now=now),
    )


def _plan(asked: Asked, told: Told, report: Report) -> Enter:
    year = asked.year or exchange.plan_year(asked.path, layout=asked.layout)
    if year is None:
        raise InvalidInput(_("看不出是哪一年的计划，请写明年度（命令行用 --year）"))
    entries = exchange.read_plan(asked.path, year=year, told=told, layout=asked.layout)
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


def _classes(asked: Asked, told: Told, report: Report) -> Enter:
    table = open_register(asked.path, class_reader.ALIASES, asked.layout)
    columns = Columns(table.header, class_reader.ALIASES, asked.layout.columns)
    reading = class_reader.read(table)
    is_good = told.usable(reading.troubles)
    rows = [row for row in reading.rows if is_good(row.number)]
    editions: dict[str, _Edition] = {}
    codes = _draw_codes({row.code for row in rows})
    for row in rows:
        day = row.computed_on or asked.computed_on
        if day is None:
            raise InvalidInput(_("文件没有分类的计算日期，请写明计算日期（命令行用 --computed-on）"))
        if row.code not in codes:
            message = _("名录库中没有这一户，没有存入分类")
            told.cautions.append(
                Caution(message, file=asked.path.name, row=row.number, column=columns.name("code"))
            )
            continue
        held = editions.setdefault(row.edition or asked.edition, _Edition())
        held.values[codes[row.code]] = row.credit_class
        held.days[codes[row.code]] = day

    def enter(actor: Actor, now: dt.datetime) -> tuple[int, ImportCount]:
        received = 0
        for number, (edition, held) in enumerate(sorted(editions.items(), key=lambda e: e[1].last)):
            report(_("存入"), number / len(editions))
            received += registers.receive_classes(
                held.values,
                edition=edition or held.last.isoformat(),
                computed_on=held.last,
                days={} if len(set(held.days.values())) == 1 else held.days,
                source=_source(asked),
                invented=False,
                actor=actor,
                now=now,
            )
        return len(rows), ImportCount(0, received, len(rows) - received)

    return enter


@dataclass
class _Edition:
    """The rows of a file that are one edition: class and day by draw code."""

    values: dict[str, str] = field(default_factory=dict)
    days: dict[str, dt.date] = field(default_factory=dict)

    @property
    def last(self) -> dt.date:
        return max(self.days.values())


def _visits(asked: Asked, told: Told, report: Report) -> Enter:
    def enter(actor: Actor, now: dt.datetime) -> tuple[int, ImportCount]:
        today = clock.local_date(now)
        entries = read_visits(asked.path, today=today, told=told, layout=asked.layout)
        count = burden.import_visits(entries, source=_source(asked), actor=actor, now=now)
        return len(entries), count

    return enter


def _licences(asked: Asked, told: Told, report: Report) -> Enter:
    entries = read_licences(asked.path, told=told, layout=asked.layout)
    return lambda actor, now: (
        len(entries),
        registers.import_licences(_counted(entries, report), source=_source(asked), actor=actor, now=now),
    )


def _divisions(asked: Asked, told: Told, report: Report) -> Enter:
    table = open_register(asked.path, division_reader.ALIASES, asked.layout)
    reading = division_reader.read(table, units=accounts.unit_codes())
    usable = told.usable(reading.troubles)
    rows = [row for row in reading.rows if usable(row.number)]

    def enter(actor: Actor, now: dt.datetime) -> tuple[int, ImportCount]:
        units = accounts.units_by_code({row.agency for row in rows})
        entries = [cities.DivisionEntry(row.name, units[row.agency], row.note) for row in rows]
        return len(rows), cities.keep_all(entries, actor=actor, now=now)

    return enter


def _draw_codes(wanted: set[str]) -> dict[str, str]:
    """The draw codes of targets by draw code, social credit code and old number, of those that are *wanted*."""
    found: dict[str, str] = {}
    rows = Target.objects.values_list("old_number", "uscc", "draw_code")
    for names in rows.iterator(chunk_size=5000):
        found |= {name: names[-1] for name in names if name in wanted}
    return found


def _region() -> str:
    held = accounts.installation()
    return held.region_name if held else ""


def _source(asked: Asked) -> str:
    return asked.source or asked.path.name


def _counted(entries: Collection[EntryT], report: Report) -> Iterable[EntryT]:
    """The entries, with a word on how far they are; the last words are the database's."""

    def told() -> Iterator[EntryT]:
        for number, entry in enumerate(entries):
            if number % TOLD_EVERY == 0:
                report(_("存入"), number / len(entries))
            yield entry

    return told()


def _may_plan(actor: Actor) -> Verdict:
    return may_plan.can_enter_plan(actor, accounts.root())


def _may_receive(actor: Actor) -> Verdict:
    if not actor.holds_anywhere(Duty.PLANNER, Duty.CLERK, Duty.OFFICE):
        return Verdict(NotPermitted(_("只有计划岗、内勤和领导小组办公室可以接收名单")))
    return ALLOWED


def _of_a_task(asked: Asked, told: Told, report: Report) -> Enter:
    raise InvalidInput(_("名单属于一项任务，请在任务页接收"))


@dataclass(frozen=True)
class ListKind(Kind):
    """Lists drawn elsewhere: brought in on the page of their task, sometimes without a header."""

    headless: bool = False

    def open(self, path: Path, layout: Layout) -> Table:
        """Open a list."""
        return received.open_list(path, layout=layout, headless=self.headless)


KINDS: dict[str, Kind] = {
    "items": Kind(
        label=gettext_lazy("抽查事项清单"),
        unit=gettext_lazy("项"),
        aliases=item_reader.ALIASES,
        read=_items,
        may=may_keep.can_keep_registers,
        probe=item_reader.read,
        watch=changes.Items,
        after="desk:items",
    ),
    "targets": Kind(
        label=gettext_lazy("检查对象名录"),
        unit=gettext_lazy("户"),
        aliases=target_reader.ALIASES,
        read=_targets,
        may=may_keep.can_keep_registers,
        probe=target_reader.read,
        watch=changes.Targets,
        after="registers:targets",
    ),
    "inspectors": Kind(
        label=gettext_lazy("执法检查人员名录"),
        unit=gettext_lazy("人"),
        aliases=inspector_reader.ALIASES,
        read=_inspectors,
        may=may_keep.can_keep_registers,
        probe=inspector_reader.read,
        watch=changes.Inspectors,
        after="desk:inspectors",
    ),
    "classes": Kind(
        label=gettext_lazy("信用风险分类"),
        unit=gettext_lazy("户"),
        aliases=class_reader.ALIASES,
        read=_classes,
        may=may_keep.can_keep_registers,
        probe=class_reader.read,
        options=("edition", "computed_on"),
        watch=changes.Targets,
        after="registers:targets",
    ),
    "licences": Kind(
        label=gettext_lazy("许可证"),
        unit=gettext_lazy("个"),
        aliases=licence_reader.ALIASES,
        read=_licences,
        may=may_keep.can_keep_registers,
        probe=licence_reader.read,
        watch=changes.Targets,
        after="registers:targets",
    ),
    "plan": Kind(
        label=gettext_lazy("年度抽查计划"),
        unit=gettext_lazy("行"),
        aliases=plan_columns.ALIASES,
        read=_plan,
        may=_may_plan,
        probe=lambda table: plan_reader.read(table, year=2000),
        options=("year", "title"),
        words=plan_columns,
        after="plans:plan",
    ),
    "visits": Kind(
        label=gettext_lazy("入企检查记录"),
        unit=gettext_lazy("户次"),
        aliases=visit_reader.ALIASES,
        read=_visits,
        may=may_bear.can_import_visits,
        probe=visit_reader.read,
        after="desk:burden",
    ),
    "divisions": Kind(
        label=gettext_lazy("市局处室对照表"),
        unit=gettext_lazy("个"),
        aliases=division_reader.ALIASES,
        read=_divisions,
        may=cities.can_keep,
        probe=division_reader.read,
        after="desk:divisions",
    ),
}
LIST = ListKind(
    label=gettext_lazy("外部名单"),
    unit=gettext_lazy("行"),
    aliases=list_reader.ALIASES,
    read=_of_a_task,
    may=_may_receive,
    probe=list_reader.read,
    words=received.WORDS,
)
#: The kinds whose columns are remembered.
MAPPED: dict[str, Kind] = {**KINDS, "list": LIST}
