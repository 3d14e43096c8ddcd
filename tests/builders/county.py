"""
A small county for tests: three sections, two stations, about three hundred targets, thirty inspectors.

Every row is reached through the services, as a person would reach it. The year is played up to a day, so
that work waits in every stage; further states are walked to from there.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from drawcore.seal import Disclosure
from fairdraw.accounts import selectors as accounts
from fairdraw.accounts import services as account_services
from fairdraw.accounts.models import Agency, User
from fairdraw.demo import cast as people
from fairdraw.demo import draws as demo_draws
from fairdraw.demo import world
from fairdraw.demo.cast import Cast, Unit
from fairdraw.demo.cycle import Year
from fairdraw.demo.draws import answer_proposals
from fairdraw.demo.entropy import Choices, SeededEntropy
from fairdraw.draws.disclosing import TO_AUDITORS
from fairdraw.draws.models import Draw
from fairdraw.followup import services as followup
from fairdraw.inspections import services as inspections
from fairdraw.inspections.entries import RecordEntry
from fairdraw.inspections.models import Inspection
from fairdraw.kernel import clock
from fairdraw.kernel.actor import SYSTEM, Actor
from fairdraw.plans import planning
from fairdraw.plans.entries import PlanRowEntry
from fairdraw.plans.models import AnnualPlan, PlanRowVersion, Task
from fairdraw.plans.planning import Resolved
from fairdraw.plans.selectors import annual_plan, current_versions, cutoff
from fairdraw.publication import services as publication
from fairdraw.registers import selectors as registers
from fairdraw.registers import services as register_services
from fairdraw.registers.entries import ItemEntry
from fairdraw.registers.models import Target
from fairdraw.registers.scopes import ScopeSpec
from fairdraw.rulebook import services as rulebook

YEAR = 2026
TODAY = dt.date(YEAR, 9, 14)
NOW = clock.at(TODAY, 10)
OPENED = dt.date(2020, 1, 1)
CLASSED_AT = clock.at(dt.date(YEAR, 8, 25), 9)
JANUARY = clock.at(dt.date(YEAR, 1, 5), 9)
UNITS = (
    Unit("ggg", "广告监管股", "section"),
    Unit("zlg", "质量监管股", "section"),
    Unit("tsg", "特种设备股", "section"),
    Unit("sc01", "云栖市场监管所", "station", ("云栖",)),
    Unit("sc02", "松岚市场监管所", "station", ("松岚",)),
)
STAFF = (
    ("qjg", 6, ""),
    ("ggg", 6, ""),
    ("zlg", 6, ""),
    ("tsg", 4, "special_equipment"),
    ("sc01", 4, ""),
    ("sc02", 4, ""),
)


@dataclass(frozen=True)
class Row:
    """A row of the small county's plan: whose, what about, drawn from which tag, when."""

    name: str
    section: str
    tag: str
    item: str
    starts_on: dt.date
    ends_on: dt.date
    ratio: str = "0.3"
    kinds: tuple[str, ...] = ("enterprise",)
    problems: tuple[str, ...] = ()


ROWS = (
    Row("广告行为检查", "ggg", "advertising", "GG01", dt.date(YEAR, 3, 2), dt.date(YEAR, 5, 29), "1"),
    Row(
        "产品质量监督检查",
        "zlg",
        "product_quality",
        "ZL01",
        dt.date(YEAR, 9, 1),
        dt.date(YEAR, 10, 30),
        "0.8",
    ),
    Row(
        "特种设备使用监督检查",
        "tsg",
        "special_equipment",
        "TS01",
        dt.date(YEAR, 10, 8),
        dt.date(YEAR, 11, 10),
    ),
    Row("企业公示信息检查", "qjg", "", "QX01", dt.date(YEAR, 10, 9), dt.date(YEAR, 11, 13), "0.05"),
    Row("网络交易监督检查", "ggg", "ecommerce", "WL01", dt.date(YEAR, 10, 12), dt.date(YEAR, 11, 20), "0.5"),
    Row(
        "盐业专项检查",
        "zlg",
        "salt",
        "YY01",
        dt.date(YEAR, 6, 1),
        dt.date(YEAR, 6, 30),
        problems=("抽查事项“盐业”不在本机关抽查事项清单中",),
    ),
)


@dataclass
class County:
    """The small county, and how to walk its tasks on."""

    cast: Cast
    year: Year
    plan: AnnualPlan
    tasks: dict[str, Task] = field(default_factory=dict)  # by the section's code and the item's: "ggg-GG01"

    @property
    def bureau(self) -> Agency:
        """The bureau."""
        return self.cast.bureau

    def user(self, name: str) -> User:
        """The account *name*: ``ggg-jh`` plans and enters, ``ggg-fz`` leads and reviews, ``jiandu`` supervises."""
        return User.objects.get(username=name)

    def actor(self, name: str) -> Actor:
        """The person behind an account."""
        return accounts.actor_of(self.user(name), on=TODAY)

    def task(self, key: str) -> Task:
        """The task of a row, as it stands now."""
        return Task.objects.select_related("agency", "scheme").get(pk=self.tasks[key].pk)

    def prepared(
        self, *keys: str, number: str = "", label: str = "prepared", disclosure: Disclosure = TO_AUDITORS
    ) -> Draw:
        """A draw whose lists are frozen and wait for their seal."""
        tasks = [self.task(key) for key in keys]
        name = number or (tasks[0].number if len(tasks) == 1 else f"{YEAR}-P90")
        entropy = SeededEntropy("county", f"{label} {name}")
        return demo_draws.prepare(
            self.cast,
            tasks,
            number=name,
            org=self.year.org,
            entropy=entropy,
            now=NOW,
            disclosure=disclosure,
        )

    def drawn(self, *keys: str, number: str = "") -> Draw:
        """A draw that was carried out, its inspections open."""
        draw = self.prepared(*keys, number=number, label="drawn")
        entropy = SeededEntropy("county", f"shares {draw.number}")
        return demo_draws.carry_out(self.cast, draw, org_origin=self.year.origin, entropy=entropy, now=NOW)


def build(*, enterprises: int = 240, individuals: int = 60, until: dt.date = TODAY) -> County:
    """
    Found the county and play its year up to the day *until*.

    By the default day the advertising task is finished, the product task is in the field with an inspection
    in every state, three tasks wait for their draw, the scheme of a sixth waits for approval, and one plan row is held.
    """
    rulebook.load_defaults(JANUARY)
    account_services.install(
        org="rehearsal-xiaoxian",
        name="演示县市场监督管理局",
        region_name="演示县",
        division_code=world.DIVISION,
        rehearsal=True,
        mark="演示（虚构数据）",
        practice_at=NOW,
        actor=SYSTEM,
        now=JANUARY,
    )
    cast = people.set_up(
        bureau_name="演示县市场监督管理局",
        short_name="县局",
        prefix="演市监",
        division=world.DIVISION,
        units=UNITS,
        opened=OPENED,
        now=JANUARY,
    )
    _registers(cast, enterprises=enterprises, individuals=individuals)
    year = Year(
        year=YEAR,
        region="演示县",
        org="rehearsal-xiaoxian",
        cast=cast,
        choices=Choices("county"),
        seed="county",
        mark="演示（虚构数据）",
    )
    plan = year.enter_plan(
        [_entry(number, row) for number, row in enumerate(ROWS, start=1)],
        lambda entry: _resolved(cast, entry),
        title="演示县2026年度“双随机、一公开”抽查计划",
        source="演示计划.xlsx",
        invented="演示",
        now=JANUARY,
    )
    county = County(cast, year, plan)
    for task in year.tasks:
        county.tasks[f"{task.agency.code}-{task.task_items.get().item.code}"] = task
    early = [t for t in year.tasks if t.window_start < dt.date(YEAR, 10, 1)]
    year.tasks, waiting = early, [t for t in year.tasks if t not in early]
    year.put_draws(after=dt.date(YEAR, 1, 12))
    year.agenda.put(CLASSED_AT, lambda now: _receive_classes(cast, now))
    year.agenda.run(clock.at(until, 8))
    year.tasks += waiting
    _draft(county)
    if until == TODAY:
        _walk(county)
    for task in waiting:
        answer_proposals([task], actor=SYSTEM, now=clock.at(until, 8))
    found = annual_plan(cast.bureau, YEAR)
    assert found is not None
    county.plan = found
    return county


def _registers(cast: Cast, *, enterprises: int, individuals: int) -> None:
    actor = cast.office
    everybody = world.targets(
        seed="county", enterprises=enterprises, individuals=individuals, classed_on=dt.date(YEAR, 1, 2)
    )
    register_services.import_targets(
        (dataclasses.replace(e, station_code=_station(e.station_code)) for e in everybody),
        source="演示名录.csv",
        actor=actor,
        now=JANUARY,
    )
    names = {row.item: row.name for row in ROWS if not row.problems}
    register_services.import_items(
        [
            ItemEntry(
                code=code,
                name=name,
                category=name,
                content=f"{name}内容",
                legal_basis="《演示条例》第一条",
                item_class="general",
                ratio_limit=Decimal(1),
                confirmed=True,
            )
            for code, name in names.items()
        ],
        source="演示清单.csv",
        starts_on=dt.date(YEAR, 1, 1),
        actor=actor,
        now=JANUARY,
    )
    register_services.import_inspectors(
        world.inspectors(seed="county", units=STAFF, year=YEAR),
        source="演示人员.csv",
        actor=actor,
        now=JANUARY,
    )
    register_services.enter_base(
        agency=cast.bureau,
        year=YEAR,
        count=enterprises,
        source="年报统计（演示）",
        dated_on=dt.date(YEAR - 1, 12, 31),
        invented=True,
        actor=actor,
        now=JANUARY,
    )


def _receive_classes(cast: Cast, now: dt.datetime) -> None:
    """The second edition of the year: every class as it stood, one target a class worse."""
    values = dict(Target.objects.exclude(credit_class="").values_list("draw_code", "credit_class"))
    worse = next(code for code in sorted(values) if values[code] == "A")
    register_services.receive_classes(
        {**values, worse: "B"},
        edition=f"{YEAR}-2",
        computed_on=clock.local_date(now),
        source="省级平台（演示）",
        invented=True,
        actor=cast.office,
        now=now,
    )


def _station(code: str) -> str:
    """The first station keeps its own targets, the second takes those of all others."""
    return code if code == "sc01" else "sc02"


def _entry(number: int, row: Row) -> PlanRowEntry:
    return PlanRowEntry(
        source_no=str(number),
        task_name=row.name,
        items=(row.name,),
        object_scope=f"{row.name}涉及的企业",
        check_type="部门抽查",
        initiator=row.section,
        ratio_min=Decimal(row.ratio),
        window_start=row.starts_on,
        window_end=row.ends_on,
        problems=row.problems,
    )


def _resolved(cast: Cast, entry: PlanRowEntry) -> Resolved:
    row = next(r for r in ROWS if r.name == entry.task_name)
    item = registers.plannable_item(row.item, on=dt.date(YEAR, 1, 5))
    return Resolved(
        agency=cast.units[row.section],
        items=[item] if item else [],
        scope=ScopeSpec(tags=(row.tag,) if row.tag else (), kinds=row.kinds),
        asked=entry.asked(),
        problems=row.problems,
        qualification="special_equipment" if row.section == "tsg" else "",
        invented="演示",
    )


def _draft(county: County) -> None:
    """A task of the advertising section whose scheme waits for its leader."""
    held: PlanRowVersion = current_versions(county.plan).get(row__number=5)
    section = county.cast.units["ggg"]
    item = registers.plannable_item("GG01", on=TODAY)
    assert item is not None
    resolved = dataclasses.replace(_resolved(county.cast, _entry(5, ROWS[4])), agency=section, items=[item])
    wish = planning.Wish(
        name="秋季广告补充检查",
        year=YEAR,
        scope_text=held.object_scope,
        starts_on=dt.date(YEAR, 10, 12),
        ends_on=dt.date(YEAR, 11, 18),
        words=held.task_name,
        reason="投诉集中",
    )
    task = planning.plan_by_hand(
        wish,
        resolved,
        region="演示县",
        cutoff=cutoff(YEAR),
        actor=county.actor("ggg-jh"),
        now=NOW,
        on=TODAY,
    )
    county.tasks["ggg-draft"] = task


def _walk(county: County) -> None:
    """Work in every state of the field: a problem found, one to review, one returned, one handed in, one left out."""
    enters, reviews = county.actor("zlg-jh"), county.actor("zlg-fz")
    rows = list(
        Inspection.objects.filter(task=county.tasks["zlg-ZL01"], state="notified").order_by("number")[:5]
    )
    problem, waiting, returned, handed_in, left_out = rows
    entries = [RecordEntry(problem.pk, TODAY, ("05",), "order_correction", note="标签不全")]
    entries += [RecordEntry(row.pk, TODAY, ("01",), "none_needed") for row in (waiting, returned, handed_in)]
    inspections.record(entries, actor=enters, now=NOW)
    passed = inspections.review(
        [problem.pk, handed_in.pk], passed=True, opinion="同意", actor=reviews, now=NOW
    )
    followup.open_findings([row for row in passed if row.problem], actor=enters, now=NOW)
    inspections.review([returned.pk], passed=False, opinion="检查日期有误", actor=reviews, now=NOW)
    publication.submit([handed_in.pk], channel="necips", actor=enters, now=NOW)
    inspections.exclude(
        inspection_id=left_out.pk, code="deregistered", reason="已注销", actor=reviews, now=NOW
    )
