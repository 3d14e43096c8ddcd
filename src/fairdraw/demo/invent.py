"""
A rehearsal on files: a bureau made from its plan table, its registers read, and what they lack made up.

Made up is only what was asked for by name (``--invent``), and results where no file gives them; every made-up
part is marked in the rows, in the log and on every output.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from fairdraw.accounts import services as accounts
from fairdraw.demo import cast as casting
from fairdraw.demo import world
from fairdraw.demo.cycle import Given, Year
from fairdraw.demo.entropy import Choices
from fairdraw.exchange import services as exchange
from fairdraw.exchange import tables
from fairdraw.exchange.readers import report as reports
from fairdraw.exchange.readers import results as result_reader
from fairdraw.exchange.readers import scopes as scope_reader
from fairdraw.kernel import clock
from fairdraw.kernel.actor import SYSTEM
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.planning import Resolved
from fairdraw.registers import selectors as register_selectors
from fairdraw.registers import services as registers
from fairdraw.registers.entries import ItemEntry
from fairdraw.registers.models import ItemVersion, Target
from fairdraw.registers.scopes import ScopeSpec

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


def from_files(asked: Asked, now: dt.datetime, report: Report, mark: str) -> Year:
    """Read every file whole, refuse what cannot be used, then store: nothing is half done."""
    told = exchange.Told()
    assert asked.plan is not None
    report(_("读取文件"), 0.0)
    plan = exchange.read_plan(asked.plan, year=asked.year, told=told)
    sections = _sections(plan)
    items = (
        exchange.read_items(asked.items, confirm="items" in asked.invent, told=told) if asked.items else []
    )
    tagger = exchange.tag_from_words if "scopes" in asked.invent else None
    targets = (
        exchange.read_targets(asked.targets, stations={}, tagger=tagger, told=told) if asked.targets else []
    )
    names = {name: unit.code for name, unit in sections.items()} | {u.code: u.code for u in sections.values()}
    people = exchange.read_inspectors(asked.inspectors, agencies=names, told=told) if asked.inspectors else []
    given = _given(asked)
    report(_("存入名录库"), 0.5)
    cast = _set_up(asked, sections, now, mark)
    year = Year(
        year=asked.year,
        region=REGION,
        org=ORG,
        cast=cast,
        choices=Choices(f"{asked.seed} {asked.year}"),
        seed=f"{asked.seed} {asked.year}",
        mark=mark,
        given=given,
        plan=plan,
    )
    office = cast.office
    if "items" in asked.invent:
        items = [*items, *_items_from_plan(plan, items)]
    registers.import_items(
        items, source=_name(asked.items), starts_on=clock.local_date(now), actor=office, now=now
    )
    registers.import_targets(targets, source=_name(asked.targets), actor=office, now=now)
    if people:
        registers.import_inspectors(people, source=_name(asked.inspectors), actor=office, now=now)
    elif "inspectors" in asked.invent:
        _inspectors(year, asked.seed, now)
    if "classes" in asked.invent:
        _classes(year, now)
    registers.enter_base(
        agency=cast.bureau,
        year=asked.year,
        count=max(1, register_selectors.enterprise_count()),
        source=_("名录库存续企业数（演练，无年底企业实有数文件）"),
        dated_on=clock.local_date(now),
        invented=True,
        actor=office,
        now=now,
    )
    report(_("存入名录库"), 1.0)
    return year


def _name(path: object) -> str:
    return getattr(path, "name", "") or _("虚构")


def _sections(plan: Sequence[PlanRowEntry]) -> dict[str, casting.Unit]:
    """The sections that the plan table names as initiators, in its order."""
    named = dict.fromkeys(e.initiator for e in plan if e.initiator)
    return {name: casting.Unit(f"g{n:02d}", name, "section") for n, name in enumerate(named, start=1)}


def _set_up(asked: Asked, sections: dict[str, casting.Unit], now: dt.datetime, mark: str) -> casting.Cast:
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
        units=list(sections.values()),
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
            name=wording[:200],
            category="（虚构）",
            legal_basis="（虚构：计划表未写依据）",
            item_class="general",
            confirmed=True,
            invented=True,
        )
        for number, wording in enumerate(wordings, start=1)
    ]


def _inspectors(year: Year, seed: str, now: dt.datetime) -> None:
    units = [(u.code, SECTION_INSPECTORS, "") for u in year.cast.units.values() if u.kind == "section"]
    made = world.inspectors(seed=seed, units=[("scj", POOL_INSPECTORS, ""), *units], year=year.year)
    registers.import_inspectors(made, source=_("虚构"), actor=year.cast.office, now=now)


def _classes(year: Year, now: dt.datetime) -> None:
    """Classes by the published shares, for enterprises and individual businesses alike."""
    shares = [(value, weight) for value, weight in world.CLASS_PER_MILLE if value]
    codes = Target.objects.values_list("draw_code", flat=True).iterator(chunk_size=5000)
    values = {code: year.choices.weighted(shares, "class", code) for code in codes}
    day = clock.local_date(now)
    registers.receive_classes(
        values,
        edition=f"{day:%Y-%m}",
        computed_on=day,
        source=_("虚构"),
        invented=True,
        actor=year.cast.office,
        now=now,
    )


def _given(asked: Asked) -> Given | None:
    """The results of a file, by task and target; ``None`` where they are to be made up."""
    if asked.results is None:
        return None
    reading = result_reader.read(tables.read(asked.results))
    reports.require(reading.troubles)
    return {
        (row.task, row.code): (
            row.outcomes[0] if row.outcomes else "01",
            row.measures[0] if row.measures else "none_needed",
            row.checked_on,
        )
        for row in reading.rows
    }


def enter_plan(year: Year, asked: Asked, now: dt.datetime) -> None:
    """Enter the plan table that was read."""
    title = f"{asked.plan.stem if asked.plan else ''} {asked.year}年度抽查工作计划"
    year.enter_plan(
        year.plan,
        resolver(year, invented=year.mark),
        title=title.strip(),
        source=_name(asked.plan),
        invented=",".join(sorted(asked.invent)),
        now=now,
    )


def resolver(year: Year, *, invented: str) -> Callable[[PlanRowEntry], Resolved]:
    """What the words of a plan row mean in this bureau; what is not known becomes the reason of holding."""
    in_force = {v.item.name: v for v in register_selectors.items_on(dt.date(year.year, 3, 1))}

    def resolve(entry: PlanRowEntry) -> Resolved:
        problems = list(entry.problems)
        versions: list[ItemVersion] = []
        for wording in entry.items:
            version = in_force.get(wording[:200])
            if version is None:
                problems.append(_("抽查事项“%(w)s”不在事项清单内") % {"w": wording})
            elif version.state != "confirmed":
                problems.append(_("抽查事项“%(w)s”待核，确认类型、上限和依据后才能列入计划") % {"w": wording})
            else:
                versions.append(version)
        guess = scope_reader.guess(entry.object_scope, year=year.year)
        if entry.object_scope and not guess.sure:
            problems.append(_("抽查对象“%(w)s”：%(note)s") % {"w": entry.object_scope, "note": guess.note})
        scope = ScopeSpec(tags=guess.tags, kinds=guess.kinds, registered_from=guess.registered_from)
        return Resolved(
            agency=year.cast.by_name(entry.initiator) if entry.initiator else None,
            items=versions,
            scope=scope if guess.sure else None,
            asked=entry.asked(),
            problems=problems,
            invented=invented[:60],
        )

    return resolve
