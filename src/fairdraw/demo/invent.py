"""
A rehearsal on files: a bureau made from its plan table, its registers read, and what they lack made up.

Made up is only what was asked for by name (``--invent``), and results where no file gives them; every made-up
part is marked in the rows, in the log and on every output.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from fairdraw.accounts import services as accounts
from fairdraw.demo import cast as casting
from fairdraw.demo import coding, units, world
from fairdraw.demo.cycle import Year
from fairdraw.demo.entropy import Choices
from fairdraw.demo.given import Given
from fairdraw.desk import planning
from fairdraw.exchange import services as exchange
from fairdraw.kernel import clock
from fairdraw.kernel.actor import SYSTEM
from fairdraw.kernel.errors import Trouble
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.planning import Resolved
from fairdraw.registers import selectors as register_selectors
from fairdraw.registers import services as registers
from fairdraw.registers.entries import InspectorEntry, ItemEntry
from fairdraw.registers.models import Inspector, Target
from fairdraw.rulebook import selectors as rulebook

if TYPE_CHECKING:
    from fairdraw.demo.yearly import Asked, Report

LABELS = {
    "classes": "信用风险分类",
    "inspectors": "检查人员",
    "scopes": "监管标签",
    "items": "抽查事项",
    "results": "检查结果",
}
ORG = "rehearsal-files"
BUREAU = "演练机关"
REGION = "演练地区"
PREFIX = "演练"
DIVISION = "000000"
SECTION_INSPECTORS = 4
POOL_INSPECTORS = 24
NAME_LENGTH = 200


@dataclass(frozen=True)
class Files:
    """Everything that the files say, read whole and found usable."""

    plan: list[PlanRowEntry]
    items: list[ItemEntry]
    targets: exchange.TargetRows | None
    people: list[InspectorEntry]
    given: Given | None
    units: units.Units
    cautions: Sequence[Trouble]


def read(asked: Asked, report: Report, *, on: dt.date) -> Files:
    """Read every file whole and refuse what cannot be used; nothing is stored, no database is needed."""
    assert asked.plan is not None
    report(_("读取文件"), 0.0)
    told = exchange.Told()
    plan = exchange.read_plan(asked.plan, year=asked.year, told=told)
    known = units.Units()
    known.of_plan(plan)
    items = (
        exchange.read_items(asked.items, confirm="items" in asked.invent, told=told) if asked.items else []
    )
    tagger = exchange.tag_from_words if "scopes" in asked.invent else None
    targets = (
        exchange.read_targets(asked.targets, station_code=known.station, tagger=tagger, told=told)
        if asked.targets
        else None
    )
    people: list[InspectorEntry] = []
    if asked.inspectors:
        known.of_inspectors(exchange.inspectors_agencies(asked.inspectors))
        people = exchange.read_inspectors(asked.inspectors, agencies=known.codes(), told=told)
    given = _given(asked, told, on=on)
    coded = coding.coded(people, targets.towns() if targets else ())
    return Files(plan, items, targets, coded, given, known, told.cautions)


def from_files(asked: Asked, files: Files, now: dt.datetime, report: Report, mark: str) -> Year:
    """Store what was read, with what is made up beside it."""
    report(_("存入名录库"), 0.0)
    cast = _set_up(asked, files.units, now, mark)
    year = Year(
        year=asked.year,
        region=REGION,
        org=ORG,
        cast=cast,
        choices=Choices(f"{asked.seed} {asked.year}"),
        seed=f"{asked.seed} {asked.year}",
        mark=mark,
        given=files.given,
        plan=files.plan,
        cautions=files.cautions,
    )
    _fill(year, asked, files, now)
    registers.enter_base(
        agency=cast.bureau,
        year=asked.year,
        count=max(1, register_selectors.enterprise_count()),
        source=_("名录库存续企业数（演练，无年底企业实有数文件）"),
        dated_on=clock.local_date(now),
        invented=True,
        actor=cast.office,
        now=now,
    )
    report(_("存入名录库"), 1.0)
    return year


def _fill(year: Year, asked: Asked, files: Files, now: dt.datetime) -> None:
    """Store what was read, and what is made up where that was asked for."""
    office = year.cast.office
    items = files.items
    if "items" in asked.invent:
        items = [*items, *_items_from_plan(files.plan, items)]
    registers.import_items(
        items, source=_name(asked.items), starts_on=clock.local_date(now), actor=office, now=now
    )
    blocks = files.targets.blocks() if files.targets else ()
    registers.import_target_blocks(blocks, source=_name(asked.targets), actor=office, now=now)
    if files.people:
        registers.import_inspectors(files.people, source=_name(asked.inspectors), actor=office, now=now)
    if "inspectors" in asked.invent:
        _inspectors(year, asked.seed, now)
    if "classes" in asked.invent:
        _classes(year, now)


def _name(path: object) -> str:
    return getattr(path, "name", "") or _("虚构")


def _set_up(asked: Asked, known: units.Units, now: dt.datetime, mark: str) -> casting.Cast:
    accounts.install(
        org=ORG,
        name=BUREAU,
        region_name=REGION,
        division_code=DIVISION,
        rehearsal=True,
        mark=mark,
        practice_at=None,
        actor=SYSTEM,
        now=now,
    )
    return casting.set_up(
        bureau_name=BUREAU,
        short_name=BUREAU,
        prefix=PREFIX,
        division=DIVISION,
        units=known.cast(),
        opened=dt.date(asked.year - 1, 1, 1),
        now=now,
    )


def _items_from_plan(plan: Sequence[PlanRowEntry], held: Sequence[ItemEntry]) -> list[ItemEntry]:
    """Items for wordings of the plan that the list lacks, made up and marked."""
    known = {item.name for item in held}
    wordings = dict.fromkeys(w for e in plan for w in e.items if w not in known)
    return [
        ItemEntry(
            code=f"X{number:03d}",
            name=wording[:NAME_LENGTH],
            category="（虚构）",
            legal_basis="（虚构：计划表未写依据）",
            item_class="general",
            confirmed=True,
            invented=True,
        )
        for number, wording in enumerate(wordings, start=1)
    ]


def _inspectors(year: Year, seed: str, now: dt.datetime) -> None:
    """Inspectors for the bureau where the file gives it none, and for each partner department without any."""
    staffed = _staffed()
    units = [u for u in year.cast.units.values() if u.code not in {"jjz", *staffed}]
    lacking = [(u.code, SECTION_INSPECTORS, "") for u in units if u.kind == "department"]
    if not any(path.startswith(year.cast.bureau.path) for path in staffed.values()):
        own = [(u.code, SECTION_INSPECTORS, "") for u in units if u.kind == "section"]
        lacking = [(year.cast.bureau.code, POOL_INSPECTORS, ""), *own, *lacking]
    made = world.inspectors(seed=seed, units=lacking, year=year.year)
    marked = [replace(person, invented=True) for person in made]
    if marked:
        registers.import_inspectors(marked, source=_("虚构"), actor=year.cast.office, now=now)


def _staffed() -> dict[str, str]:
    """Code and path of the agencies that have inspectors in the directory."""
    return dict(Inspector.objects.values_list("agency__code", "agency__path").distinct())


def _classes(year: Year, now: dt.datetime) -> None:
    """Classes by the published shares for the targets that have none, individual businesses too."""
    shares = [(value, weight) for value, weight in world.CLASS_PER_MILLE if value]
    rows = Target.objects.filter(credit_class="").values_list("draw_code", flat=True)
    values = {code: year.choices.weighted(shares, "class", code) for code in rows.iterator(chunk_size=5000)}
    day = clock.local_date(now)
    registers.receive_classes(
        values,
        edition=_("虚构 %(day)s") % {"day": day.isoformat()},
        computed_on=day,
        source=_("虚构"),
        invented=True,
        actor=year.cast.office,
        now=now,
    )


def _given(asked: Asked, told: exchange.Told, *, on: dt.date) -> Given | None:
    """The results of a file, by task and target; ``None`` where they are to be made up."""
    if asked.results is None:
        return None
    book = rulebook.as_shipped()  # a rehearsal has no other
    codes, measures = book.result_codes(on), book.measures(on)
    return Given(exchange.read_results(asked.results, codes=codes, measures=measures, told=told))


def enter_plan(year: Year, asked: Asked, now: dt.datetime) -> None:
    """Enter the plan table that was read."""
    title = f"{asked.plan.stem if asked.plan else ''} {asked.year}年度抽查工作计划"
    year.enter_plan(
        year.plan,
        resolver(year, invented=year.mark, made_up_frame=bool(asked.invent & {"classes", "scopes"})),
        title=title.strip(),
        source=_name(asked.plan),
        invented=",".join(sorted(asked.invent)),
        now=now,
    )


def resolver(year: Year, *, invented: str, made_up_frame: bool) -> Callable[[PlanRowEntry], Resolved]:
    """What the words of a plan row mean in this bureau; what is not known becomes the reason of holding."""
    known = planning.Vocabulary.on(dt.date(year.year, 3, 1))
    lacking = [] if _own_staff(year) else [_("没有执法检查人员名录，不能抽取检查人员")]

    def resolve(entry: PlanRowEntry) -> Resolved:
        row = replace(
            entry,
            items=tuple(wording[:NAME_LENGTH] for wording in entry.items),
            participants=tuple(name for name in entry.participants if name.strip() in known.units),
        )
        read = planning.understood(row, known, year=year.year)
        return replace(
            read,
            problems=[*read.problems, *lacking],
            invented=invented[:60],
            count_by_kind=entry.count_by_kind,
            made_up_frame=made_up_frame,
        )

    return resolve


def _own_staff(year: Year) -> bool:
    """Whether the bureau itself has inspectors: they are drawn, never named (N01)."""
    return any(path.startswith(year.cast.bureau.path) for path in _staffed().values())
