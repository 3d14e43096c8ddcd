"""
Walking draws of the small county through the services, step by step, and stopping at any state.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import verify
from drawcore import shares, suites
from drawcore.bundle import read_bundle
from drawcore.seal import Disclosure
from drawcore.verify import verify as verify_core
from fairdraw.demo.draws import CUSTODIAN, answer_proposals
from fairdraw.demo.entropy import SeededEntropy
from fairdraw.draws import bundles, rules, selectors, services
from fairdraw.draws.disclosing import TO_AUDITORS
from fairdraw.draws.frames import ReceivedList
from fairdraw.draws.models import Draw
from fairdraw.draws.selectors import Person
from fairdraw.kernel.actor import SYSTEM, Actor
from fairdraw.plans import services as plans
from fairdraw.plans.entries import SchemeEntry
from fairdraw.plans.models import Task
from fairdraw.plans.states import Channel
from fairdraw.registers import selectors as registers
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.county import NOW, TODAY, YEAR, County

MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
BALLS = "31415926535897932384"
MORE = 12
ENTERPRISES = ScopeSpec(kinds=("enterprise",))


def more_tasks(county: County, count: int = MORE) -> None:
    """Give the quality section *count* more approved tasks, ``more-0`` and on, each drawing five of all targets."""
    for number in range(count):
        county.tasks[f"more-{number}"] = approved_task(county, name=f"补充检查{number}")


def approved_task(
    county: County,
    *,
    name: str,
    mode: str = "fixed",
    strata: Sequence[dict[str, object]] = ({"code": "N", "take": 5, "reserve": 2},),
    scope: ScopeSpec = ENTERPRISES,
    assign_mode: str = "cluster",
    channel: Channel = Channel.FAIRDRAW,
    item: str = "ZL01",
    partners: Sequence[str] = (),
    total: int | None = None,
    by: str = "none",
) -> Task:
    """A task of the quality section whose scheme is approved."""
    version = registers.plannable_item(item, on=TODAY)
    assert version is not None
    section = county.cast.units["zlg"]
    task = plans.create_task(
        name=name,
        year=YEAR,
        agency=section,
        items=[version],
        window_start=dt.date(YEAR, 10, 12),
        window_end=dt.date(YEAR, 11, 18),
        due_on=dt.date(YEAR, 11, 18),
        channel=channel,
        local_reason="投诉集中",
        partners=[county.cast.units[code] for code in partners],
        actor=county.actor("zlg-jh"),
        now=NOW,
    )
    entry = SchemeEntry(
        scope=scope,
        scope_text="全县企业",
        stratified_by=by,
        mode=mode,
        strata=tuple(strata),
        class_rates={},
        total=total,
        slots=(),
        method="on_site",
        ratio_text="随机抽取",
        starts_on=task.window_start,
        finishes_on=task.due_on,
        assign_mode=assign_mode,
    )
    plans.draft_scheme(task=task, entry=entry, name=f"{name}方案", actor=county.actor("zlg-jh"), now=NOW)
    return plans.approve_scheme(task=task, actor=county.actor("zlg-fz"), now=NOW)


@dataclass
class Walk:
    """One draw on its way: its tasks, its persons, what their devices keep."""

    county: County
    keys: tuple[str, ...]
    number: str = ""
    level: int = 1
    label: str = ""
    suite: str = "sha256"
    prf: str = "keyhash"
    lists: dict[str, ReceivedList] | None = None
    persons: Sequence[Person] | None = None
    disclosure: Disclosure = TO_AUDITORS
    now: dt.datetime = NOW
    draw: Draw = field(default_factory=Draw)
    kept: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def actors(self) -> dict[str, Actor]:
        """The initiator p1, the supervisor p2, the witness p3."""
        named = {"p1": "zlg-jh", "p2": "jiandu", "p3": "jianzheng"}
        return {source: self.county.actor(name) for source, name in named.items()}

    @property
    def entropy(self) -> SeededEntropy:
        """What is random in this walk follows from its label."""
        return SeededEntropy("walk", f"{self.label} {self.number} {self.keys}")

    def planned(self) -> list[Person]:
        """Initiator and supervisor, and a witness where the level asks for one."""
        units, actors = self.county.cast.units, self.actors
        found = [
            Person(actors["p1"].user_id, units["zlg"].pk, "initiator"),
            Person(actors["p2"].user_id, units["fgg"].pk, "supervisor"),
        ]
        if self.level > 1:
            found.append(Person(actors["p3"].user_id, units["jjz"].pk, "witness"))
        return found

    def prepare(self) -> Draw:
        """Freeze the lists."""
        tasks = [self.county.task(key) for key in self.keys]
        self.number = self.number or tasks[0].number
        answer_proposals(tasks, actor=SYSTEM, now=self.now)
        self.draw = services.prepare_draw(
            tasks=tasks,
            number=self.number,
            org=self.county.year.org,
            agency=self.county.cast.units["zlg"],
            persons=self.planned() if self.persons is None else self.persons,
            level=self.level,
            beacon=("dice", self.number) if self.level > 1 else None,
            actor=self.actors["p1"],
            now=self.now,
            entropy=self.entropy,
            lists=self.lists,
            disclosure=self.disclosure,
            suite=self.suite,
            prf=self.prf,
        )
        return self.draw

    def seal(self) -> Draw:
        """Seal them."""
        self.draw = services.seal_draw(
            draw_id=self.draw.pk, custodian=CUSTODIAN, actor=self.actors["p1"], now=self.now
        )
        return self.draw

    def locked(self, source: str) -> str:
        """Make the share of *source* on its device; gives the commitment."""
        entropy = SeededEntropy("device", f"{self.draw.seal} {source}")
        salt, share = entropy(16).hex(), entropy(32).hex()
        self.kept[source] = (salt, share)
        suite = suites.suite(self.draw.suite)
        return shares.commitment(suite, seal=self.draw.seal or "", source=source, salt=salt, share=share)

    def commit(self, source: str, *, now: dt.datetime | None = None) -> Draw:
        """Lock the share of *source* in."""
        self.draw = services.commit(
            draw_id=self.draw.pk,
            source=source,
            commitment=self.locked(source),
            envelope=None,
            actor=self.actors[source],
            now=now or self.now + MINUTE,
        )
        return self.draw

    def reveal(self, source: str, *, now: dt.datetime | None = None) -> Draw:
        """Open the share of *source*."""
        salt, share = self.kept[source]
        self.draw = services.reveal(
            draw_id=self.draw.pk,
            source=source,
            salt=salt,
            share=share,
            actor=self.actors[source],
            now=now or self.now + 2 * MINUTE,
        )
        return self.draw

    def enter(self, *, now: dt.datetime | None = None) -> Draw:
        """Enter the balls."""
        self.draw = services.enter_number(
            draw_id=self.draw.pk,
            first=BALLS,
            second=BALLS,
            actor=self.actors["p2"],
            now=now or self.now + 3 * MINUTE,
        )
        return self.draw

    def complete(self, *, now: dt.datetime | None = None) -> Draw:
        """Draw."""
        self.draw = services.complete_draw(
            draw_id=self.draw.pk, actor=self.actors["p2"], now=now or self.now + 4 * MINUTE
        )
        return self.draw

    @property
    def sources(self) -> list[str]:
        """The places of the draw's persons."""
        return [s.source for s in selectors.sources(self.draw)]

    def to_sealed(self) -> Walk:
        """Prepare and seal."""
        self.prepare()
        self.seal()
        return self

    def to_revealing(self) -> Walk:
        """Until commitments have closed."""
        self.to_sealed()
        for source in self.sources:
            self.commit(source)
        return self

    def to_opened(self) -> Walk:
        """Until every share is open; at levels 2 and 3 the draw then waits for its number."""
        self.to_revealing()
        for source in self.sources:
            self.reveal(source)
        return self

    def to_drawn(self) -> Walk:
        """Until the draw is done."""
        self.to_opened()
        if self.draw.beacon_kind:
            self.enter()
        self.complete()
        return self

    def void(self, *, reason: str = "名单有误") -> Draw:
        """Give the sealed draw up."""
        leader = self.county.actor("zlg-fz")
        self.draw = services.void_draw(
            draw_id=self.draw.pk, reason=reason, second=leader.code, actor=self.actors["p1"], now=self.now
        )
        return self.draw


def verified(walk: Walk, folder: Path) -> list[verify.Step]:
    """The steps of the standalone verifier, after both verifiers have passed the whole bundle of a finished draw."""
    after = (walk.draw.drawn_at or walk.now) + MINUTE
    bundles.issue_receipt(walk.draw, origin=rules.log_origin(walk.draw.org), now=after)
    bundle = bundles.write(walk.draw, folder / "bundle")
    steps = verify.verify_bundle(bundle)
    assert [step.what for step in steps if not step.ok] == []
    assert verify_core(read_bundle(bundle)).failed is None
    return steps
