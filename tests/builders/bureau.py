"""
A small bureau for scenarios: six sections, three stations, about 400 targets, 26 inspectors, nothing drawn.

Each verb walks the services as a person would, at the bureau's own time (``bureau.go``). The rows of the
registers are entered once for a module of tests; what a test does is rolled back after it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pytest
from django.db import transaction

from fairdraw.accounts import services as account_services
from fairdraw.accounts.models import Agency
from fairdraw.demo import cast as people
from fairdraw.demo import draws as demo_draws
from fairdraw.demo import world
from fairdraw.demo.cast import Cast, Unit
from fairdraw.demo.entropy import SeededEntropy
from fairdraw.draws import receiving
from fairdraw.draws.models import Draw
from fairdraw.exchange import received
from fairdraw.followup import services as followup
from fairdraw.followup.models import FollowUp
from fairdraw.followup.states import FollowUpMove
from fairdraw.inspections import services as inspections
from fairdraw.inspections.entries import ItemAnswer, RecordEntry
from fairdraw.inspections.models import Inspection
from fairdraw.kernel import clock
from fairdraw.kernel.actor import SYSTEM, Actor, Duty, Grant
from fairdraw.oversight import selectors as oversight
from fairdraw.oversight.facts import Indicator
from fairdraw.plans import services as plans
from fairdraw.plans.allocation import Allocation, Asked, allocate
from fairdraw.plans.entries import SchemeEntry
from fairdraw.plans.models import Task
from fairdraw.plans.planning import default_rates, scope_counts
from fairdraw.plans.states import Channel, TaskKind
from fairdraw.publication import services as publication
from fairdraw.registers import services as registers
from fairdraw.registers.entries import ItemEntry
from fairdraw.registers.models import ItemVersion, Target
from fairdraw.registers.scopes import ScopeSpec
from fairdraw.rulebook import services as rulebook

YEAR = 2026
ORG = "rehearsal-xiaoju"
OPENED = dt.date(2020, 1, 1)
JANUARY = clock.at(dt.date(YEAR, 1, 5), 9)
MARK = "演示（虚构数据）"
UNITS = (
    Unit("ggg", "广告监管股", "section"),
    Unit("zlg", "质量监管股", "section"),
    Unit("jjg", "价监竞争股", "section"),
    Unit("tsg", "特种设备股", "section"),
    Unit("sc01", "云栖市场监管所", "station", ("云栖",)),
    Unit("sc02", "松岚市场监管所", "station", ("松岚",)),
    Unit("sc03", "石溪市场监管所", "station", ("石溪",)),
    Unit("xfj", "演示县消防救援大队", "department"),
)
STAFF = (
    ("qjg", 4, ""),
    ("ggg", 4, ""),
    ("zlg", 4, ""),
    ("tsg", 4, "special_equipment"),
    ("sc01", 4, ""),
    ("xfj", 6, ""),
)
ITEMS = {"GG01": "广告行为检查", "ZL01": "产品质量检查", "JG01": "价格行为检查", "TS01": "特种设备使用检查"}
ORIGIN = ("drawn_by", "document_number", "drawn_on", "division", "document_title")
MEASURES = {"01": "none_needed", "07": "none_needed", "09": "none_needed", "10": "none_needed"}


@dataclass
class Bureau:
    """The bureau at a moment of its year, and what its people can do next."""

    cast: Cast
    now: dt.datetime = JANUARY
    serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def agency(self) -> Agency:
        """The bureau itself."""
        return self.cast.bureau

    @property
    def today(self) -> dt.date:
        """The day it is."""
        return clock.local_date(self.now)

    def go(self, month: int, day: int, hour: int = 9, *, year: int = YEAR) -> dt.datetime:
        """Move to a day of the year."""
        self.now = clock.at(dt.date(year, month, day), hour)
        return self.now

    def actor(self, name: str) -> Actor:
        """The person of an account: ``ggg-jh`` plans and enters, ``ggg-fz`` leads and reviews."""
        return self.cast.actors[name]

    def item(self, code: str = "GG01") -> ItemVersion:
        """The version of an item in force."""
        return ItemVersion.objects.select_related("item").get(item__code=code, ends_on=None)

    # 计划与方案

    def drafted(
        self,
        section: str = "ggg",
        *,
        tags: Sequence[str] = (),
        kinds: Sequence[str] = ("enterprise",),
        ratio: str | None = "0.1",
        count: int | None = None,
        starts: tuple[int, int] = (3, 2),
        ends: tuple[int, int] = (6, 30),
        item: str = "GG01",
        channel: Channel = Channel.FAIRDRAW,
        exempt: tuple[str, str] = ("", ""),
        flat: bool = False,
        partners: Sequence[str] = (),
        year: int = YEAR,
    ) -> Task:
        """A task whose scheme is drafted by the section's planner and waits for approval."""
        scope = ScopeSpec(tags=tuple(tags), kinds=tuple(kinds))
        asked = Asked(ratio=Fraction(ratio) if ratio and count is None else None, count=count)
        found = self.allocation(asked, scope, exempt=flat or bool(exempt[0]))
        start, end = dt.date(year, *starts), dt.date(year, *ends)
        planner = self.actor(f"{section}-jh")
        task = plans.create_task(
            name=f"{ITEMS[item]}{next(self.serial)}",
            year=year,
            agency=self.cast.units[section],
            items=[self.item(item)],
            window_start=start,
            window_end=end,
            due_on=end,
            channel=channel,
            exempt_field=exempt[0],
            exempt_reason=exempt[1],
            local_reason="投诉集中",
            partners=[self.cast.units[code] for code in partners],
            actor=planner,
            now=self.now,
        )
        plans.draft_scheme(
            task=task,
            entry=scheme_entry(found, scope, starts_on=start, finishes_on=end),
            name=f"演示县{year}年{task.name}抽查方案",
            actor=planner,
            now=self.now,
        )
        return self.fresh(task)

    def allocation(self, asked: Asked, scope: ScopeSpec, *, exempt: bool = False) -> Allocation:
        """What the figures of a scheme become on this register."""
        classes, kinds = scope_counts(scope)
        rates = default_rates(self.today)
        found = allocate(asked, counts=classes, kinds=kinds, default_rates=rates, exempt=exempt, reserve=2)
        assert isinstance(found, Allocation), found
        return found

    def approved(self, section: str = "ggg", **asked: object) -> Task:
        """A task whose scheme the section's leader has approved."""
        return self.approve(self.drafted(section, **asked))  # type: ignore[arg-type]

    def approve(self, task: Task) -> Task:
        """Approve the scheme of a task as its section's leader."""
        return plans.approve_scheme(task=task, actor=self.cast.leader(task.agency), now=self.now)

    def fresh(self, task: Task) -> Task:
        """The task as it stands now."""
        return Task.objects.select_related("agency", "scheme").get(pk=task.pk)

    def registered(self, **condition: object) -> list[Target]:
        """The targets of the register, whatever their state."""
        return list(Target.objects.filter(**condition).order_by("draw_code"))

    # 抽取

    def entropy(self, label: str) -> SeededEntropy:
        """Bytes for a rehearsed draw, other ones for every label."""
        return SeededEntropy("xiaoju", label)

    def prepare(self, *tasks: Task, number: str = "") -> Draw:
        """Freeze the lists of a pool; lists from elsewhere are taken along."""
        held = [self.fresh(t) for t in tasks]
        name = number or (held[0].number if len(held) == 1 else f"{YEAR}-P{next(self.serial):02d}")
        return demo_draws.prepare(
            self.cast,
            held,
            number=name,
            org=ORG,
            entropy=self.entropy(f"prepare {name}"),
            now=self.now,
            lists=receiving.lists_for(held),
        )

    def draw(self, *tasks: Task, number: str = "") -> Draw:
        """Draw targets and inspectors of a pool; its inspections are open afterwards."""
        draw = self.prepare(*tasks, number=number)
        entropy = self.entropy(f"draw {draw.number}")
        return demo_draws.carry_out(self.cast, draw, org_origin=f"{ORG}/log", entropy=entropy, now=self.now)

    def drawn(self, section: str = "ggg", **asked: object) -> Task:
        """A task that is drawn."""
        task = self.approved(section, **asked)
        self.draw(task)
        return self.fresh(task)

    def receive(self, task: Task, path: Path, **more: object) -> received.MatchedList:
        """Read a list that was drawn elsewhere from a file and enter it."""
        said: dict[str, object] = {
            "drawn_by": "演示市市场监督管理局",
            "document_number": "演示市监〔2026〕12号",
            "drawn_on": self.today,
        }
        said |= {key: more.pop(key) for key in list(more) if key in ORIGIN}
        found = received.receive_file(
            path,
            task=task,
            origin=receiving.Origin(**said),  # type: ignore[arg-type]
            actor=self.actor(f"{task.agency.code}-jh"),
            now=self.now,
            **({"source": task.channel} | more),  # type: ignore[arg-type]
        )
        return found[1]

    # 检查、录入、审核、公示

    def rows(self, task: Task) -> list[Inspection]:
        """The inspections of a task in the order of their numbers."""
        found = Inspection.objects.filter(task=task).select_related("agency", "target", "task")
        return list(found.order_by("number"))

    def entry(
        self, row: Inspection, *, code: str = "01", measure: str = "", on: dt.date | None = None
    ) -> RecordEntry:
        """What an inspector writes on the record of one inspection."""
        items = row.task.task_items.order_by("position").values_list("item", "version")
        return RecordEntry(
            inspection_id=row.pk,
            checked_on=on or self.today,
            codes=(code,),
            measure=measure or MEASURES.get(code, "order_correction"),
            answers=tuple(ItemAnswer(item, version) for item, version in items),
            method=row.method,
            note="发现一处问题，已责令改正" if code == "05" else "",
        )

    def record(
        self, rows: Sequence[Inspection], *, codes: Mapping[int, str] | None = None, on: dt.date | None = None
    ) -> list[Inspection]:
        """Enter the records; *codes* gives results other than 未发现问题 by the row's place."""
        found = codes or {}
        entries = [self.entry(r, code=found.get(n, "01"), on=on) for n, r in enumerate(rows)]
        return inspections.record(entries, actor=self.planner(rows[0]), now=self.now)

    def review(self, rows: Sequence[Inspection], *, passed: bool = True) -> list[Inspection]:
        """Review the records as the section's leader."""
        opinion = "同意" if passed else "请补充证据"
        ids = [r.pk for r in rows]
        return inspections.review(
            ids, passed=passed, opinion=opinion, actor=self.leader(rows[0]), now=self.now
        )

    def submit(self, rows: Sequence[Inspection]) -> None:
        """Hand the results in to be published."""
        publication.submit([r.pk for r in rows], channel="necips", actor=self.planner(rows[0]), now=self.now)

    def acknowledge(self, rows: Sequence[Inspection], *, receipt: str = "YL-1") -> None:
        """Enter the receipt of the publicity system."""
        ids = [r.pk for r in rows]
        publication.acknowledge(
            ids, receipt=receipt, channel="necips", actor=self.planner(rows[0]), now=self.now
        )

    def publish(self, rows: Sequence[Inspection], *, codes: Mapping[int, str] | None = None) -> None:
        """Walk inspections from the check to their publication, all on one day."""
        self.record(rows, codes=codes)
        self.review(rows)
        self.submit(rows)
        self.acknowledge(rows)

    def with_duties(self, name: str, *duties: Duty) -> Actor:
        """The person of an account who holds further duties in the same unit."""
        actor = self.actor(name)
        more = tuple(Grant(d, actor.grants[0].path, actor.grants[0].agency_id) for d in duties)
        return dataclasses.replace(actor, grants=(*actor.grants, *more))

    def planner(self, row: Inspection) -> Actor:
        """Who enters and hands in for the agency of an inspection."""
        return self.cast.planner(row.agency)

    def leader(self, row: Inspection) -> Actor:
        """Who reviews for the agency of an inspection."""
        return self.cast.leader(row.agency)

    # 后续处置、指标

    def findings(self, rows: Iterable[Inspection]) -> list[FollowUp]:
        """Open the follow-ups of reviewed records."""
        held = list(Inspection.objects.filter(pk__in=[r.pk for r in rows]).select_related("agency"))
        return followup.open_findings(held, actor=self.cast.leader(held[0].agency), now=self.now)

    def start(
        self, row: FollowUp, *, measure: str = "order_correction", number: str = "演改〔2026〕1号"
    ) -> None:
        """Begin a follow-up with its document."""
        followup.start([(row.pk, measure, number)], actor=self.cast.planner(row.owner), now=self.now)

    def close(self, row: FollowUp) -> None:
        """Report, recheck and close an order."""
        actor = self.cast.planner(row.owner)
        for step in (FollowUpMove.SUBMIT, FollowUpMove.VERIFY, FollowUpMove.CLOSE):
            followup.move([row.pk], step, how="已改正", actor=actor, now=self.now)

    def indicators(self, *, year: int = YEAR) -> dict[str, Indicator]:
        """The indicators of the year as of today."""
        return oversight.indicators(self.agency, year, as_of=self.today)

    def enter_base(self, count: int) -> None:
        """The documented number of enterprises at the end of last year."""
        registers.enter_base(
            agency=self.agency,
            year=YEAR,
            count=count,
            source="演示县统计公报（虚构）",
            dated_on=dt.date(YEAR - 1, 12, 31),
            invented=True,
            actor=self.cast.office,
            now=self.now,
        )


def scheme_entry(
    found: Allocation, scope: ScopeSpec, *, starts_on: dt.date, finishes_on: dt.date, **more: object
) -> SchemeEntry:
    """A complete scheme with this allocation."""
    stated: dict[str, object] = {
        "scope": scope,
        "scope_text": "全县有关企业",
        "stratified_by": found.by,
        "mode": found.mode,
        "strata": found.strata,
        "total": found.total,
        "class_rates": found.class_rates,
        "ratio_text": found.text,
        "slots": (),
        "starts_on": starts_on,
        "finishes_on": finishes_on,
        "bundle_size": 10,
    }
    return SchemeEntry(**(stated | more))  # type: ignore[arg-type]


def hand_picked(bureau: Bureau, **more: object) -> Task:
    """A case inspection: targets are named, with the reason, and nothing is drawn."""
    stated: dict[str, object] = {
        "name": "投诉举报核查",
        "year": YEAR,
        "agency": bureau.cast.units["jjg"],
        "items": [bureau.item("JG01")],
        "window_start": dt.date(YEAR, 3, 2),
        "window_end": dt.date(YEAR, 6, 30),
        "due_on": dt.date(YEAR, 6, 30),
        "kind": TaskKind.CASE_INSPECTION,
        "hand_picked_reason": "投诉举报",
        "actor": bureau.actor("jjg-jh"),
        "now": bureau.now,
    }
    return plans.create_task(**(stated | more))  # type: ignore[arg-type]


def found_bureau() -> Bureau:
    """Set the bureau up with its registers; nothing is planned."""
    rulebook.load_defaults(JANUARY)
    account_services.install(
        org=ORG,
        name="演示县市场监督管理局",
        region_name="演示县",
        division_code=world.DIVISION,
        rehearsal=True,
        mark=MARK,
        practice_at=JANUARY,
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
    entries = world.targets(seed="xiaoju", enterprises=320, individuals=80, classed_on=dt.date(YEAR, 2, 20))
    stations = {"sc01": "sc01", "sc02": "sc02"}
    registers.import_targets(
        (dataclasses.replace(e, station_code=stations.get(e.station_code, "sc03")) for e in entries),
        source="演示名录.csv",
        actor=cast.office,
        now=JANUARY,
    )
    registers.import_items(
        [
            ItemEntry(
                code=c,
                name=n,
                category=n,
                content=n,
                legal_basis="《演示条例》第一条",
                item_class="key",
                confirmed=True,
            )
            for c, n in ITEMS.items()
        ],
        source="演示清单.csv",
        starts_on=dt.date(YEAR, 1, 1),
        actor=cast.office,
        now=JANUARY,
    )
    registers.import_inspectors(
        world.inspectors(seed="xiaoju", units=STAFF, year=YEAR),
        source="演示人员.csv",
        actor=cast.office,
        now=JANUARY,
    )
    return Bureau(cast, clock.at(dt.date(YEAR, 3, 2), 9))


def existing(**condition: object) -> list[Target]:
    """Enterprises of the register that can be checked, in the order of their codes."""
    rows = Target.objects.filter(kind="enterprise", status="existing", **condition)
    return list(rows.order_by("draw_code"))


@contextmanager
def rolled_back() -> Iterator[None]:
    """A transaction that leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def founded(bureau_ground, django_db_blocker):
    """The bureau with its registers, as it was entered; what a test of the module does to it is undone."""
    with django_db_blocker.unblock(), bureau_ground.stood_on() as made:
        yield made


@pytest.fixture
def bureau(founded, db):
    """The bureau on 2 March; what the test does to it is undone afterwards."""
    return dataclasses.replace(founded, serial=itertools.count(1))
