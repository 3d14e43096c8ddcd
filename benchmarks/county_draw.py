"""
How long a county's draw takes: 150,000 targets frozen, sealed, drawn, 5,000 of them matched with two inspectors
each, stored, and the receipt (县级抽取用时).

``python benchmarks/county_draw.py [--targets N] [--drawn N]`` works in a database of its own in a temporary
folder and prints the seconds of each step. Goal (design.md §6): from the seal to the receipt within 5 seconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src")]
GOAL = ("seal", "complete", "receipt")
YEAR = 2026


class Watch:
    """Seconds by step; what is called inside a step is listed below it."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, float, dict[str, float]]] = []
        self._inside: dict[str, float] = defaultdict(float)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure one step of the draw."""
        self._inside = defaultdict(float)
        begun = time.perf_counter()
        yield
        self.steps.append((name, time.perf_counter() - begun, dict(self._inside)))

    def inside(self, owner: Any, name: str, label: str) -> None:
        """Measure every call of a function of the product under *label*."""
        real: Callable[..., Any] = getattr(owner, name)

        def measured(*args: Any, **kwargs: Any) -> Any:
            begun = time.perf_counter()
            try:
                return real(*args, **kwargs)
            finally:
                self._inside[label] += time.perf_counter() - begun

        setattr(owner, name, measured)

    def told(self) -> str:
        """The table."""
        lines = []
        for name, seconds, inside in self.steps:
            lines.append(f"{name:<28}{seconds:8.2f} s")
            lines += [f"    {label:<24}{part:8.2f} s" for label, part in inside.items() if part >= 0.005]
        whole = sum(seconds for name, seconds, _inside in self.steps if name.split()[0] in GOAL)
        return "\n".join([*lines, f"{'seal, complete, receipt':<28}{whole:8.2f} s"])


def main() -> None:
    """Set the county up, draw, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=150_000)
    parser.add_argument("--drawn", type=int, default=5_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="county-draw-") as folder:
        os.environ["FAIRDRAW_VAR"] = folder
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/county.sqlite3"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairdraw.config.settings.base")
        import django

        django.setup()
        sys.stdout.write(measure(asked.targets, asked.drawn) + "\n")


def measure(targets: int, drawn: int) -> str:
    """Draw *drawn* of *targets* and tell how long each step took."""
    from django.core.management import call_command

    from fairdraw.demo import draws as demo
    from fairdraw.demo.entropy import SeededEntropy
    from fairdraw.draws import bundles, services
    from fairdraw.inspections.opening import open_inspections
    from fairdraw.kernel import clock

    call_command("migrate", verbosity=0)
    watch = Watch()
    now = clock.at(dt.date(YEAR, 3, 10), 9)
    with watch.step("(set the county up)"):
        cast, task = county(targets, drawn, now)
    _look_inside(watch)
    entropy = SeededEntropy("benchmark", "draw")
    with watch.step("freeze (prepare)"):
        draw = demo.prepare(
            cast, [task], number=task.number, org="rehearsal-999901", entropy=entropy, now=now
        )
    actors = demo._actors(cast, draw)
    with watch.step("seal"):
        draw = services.seal_draw(
            draw_id=draw.pk, custodian=demo.CUSTODIAN, actor=actors["initiator"], now=now
        )
    with watch.step("lock and open"):
        _open(draw, actors, now)
    with watch.step("complete (draw and store)"):
        draw = services.complete_draw(draw_id=draw.pk, actor=actors["supervisor"], now=now)
    with watch.step("receipt"):
        bundles.issue_receipt(draw, origin="rehearsal-999901/log", now=now)
    with watch.step("(open the inspections)"):
        open_inspections(draw, actor=actors["initiator"], now=now)
    return watch.told()


def _look_inside(watch: Watch) -> None:
    from drawcore import seal as seals
    from drawcore import sealing
    from fairdraw.audit import services as audit
    from fairdraw.draws import frames, keep, run, store
    from fairdraw.plans import services as plans

    watch.inside(frames, "build", "read registers, lists")
    watch.inside(sealing, "check_sealing", "check allocation, teams")
    watch.inside(sealing, "preview", "scopes and sizes")
    watch.inside(run, "sealed_of", "parse the lists")
    watch.inside(seals, "list_roots", "roots of the lists")
    watch.inside(run, "outcome", "draw and deal")
    watch.inside(run.verifier(), "recompute", "second opinion")
    watch.inside(keep, "put", "files to disk")
    watch.inside(store, "rows", "rows to the database")
    watch.inside(plans, "move_all", "move the tasks")
    watch.inside(audit, "checkpoint", "checkpoint")


def _open(draw: Any, actors: Any, now: dt.datetime) -> None:
    from drawcore import shares, suites
    from fairdraw.demo.entropy import SeededEntropy
    from fairdraw.draws import selectors, services

    places = list(selectors.sources(draw))
    held = {}
    for place in places:
        entropy = SeededEntropy("benchmark", place.source)
        salt, share = held[place.source] = entropy(16).hex(), entropy(32).hex()
        locked = shares.commitment(
            suites.suite(draw.suite), seal=draw.seal or "", source=place.source, salt=salt, share=share
        )
        services.commit(
            draw_id=draw.pk,
            source=place.source,
            commitment=locked,
            envelope=None,
            actor=actors[place.role],
            now=now,
        )
    for place in places:
        salt, share = held[place.source]
        services.reveal(
            draw_id=draw.pk,
            source=place.source,
            salt=salt,
            share=share,
            actor=actors[place.role],
            now=now,
        )


def county(targets: int, drawn: int, now: dt.datetime) -> tuple[Any, Any]:
    """The practice county with its registers, and one approved task over all of it."""
    from fairdraw.accounts import services as accounts
    from fairdraw.demo import cast as people
    from fairdraw.demo import practice, world
    from fairdraw.kernel.actor import SYSTEM
    from fairdraw.plans import services as plans
    from fairdraw.plans.entries import SchemeEntry
    from fairdraw.registers import selectors as register_selectors
    from fairdraw.registers import services as registers
    from fairdraw.registers.scopes import ScopeSpec
    from fairdraw.rulebook.services import load_defaults

    load_defaults(now)
    accounts.install(
        org="rehearsal-999901",
        name=practice.BUREAU,
        region_name=practice.REGION,
        division_code=world.DIVISION,
        rehearsal=True,
        mark=practice.MARK,
        practice_at=None,
        actor=SYSTEM,
        now=now,
    )
    cast = people.set_up(
        bureau_name=practice.BUREAU,
        short_name="演示县局",
        prefix=practice.PREFIX,
        division=world.DIVISION,
        units=practice.UNITS,
        opened=dt.date(YEAR - 1, 1, 1),
        now=now,
    )
    day = dt.date(YEAR, 3, 1)
    registers.import_items(practice.ITEMS, source="演示", starts_on=day, actor=cast.office, now=now)
    enterprises = targets * 31 // 151
    rows = world.targets(
        seed="county", enterprises=enterprises, individuals=targets - enterprises, classed_on=day
    )
    registers.import_targets(rows, source="演示", actor=cast.office, now=now)
    registers.import_inspectors(
        world.inspectors(seed="county", units=practice.INSPECTORS, year=YEAR),
        source="演示",
        actor=cast.office,
        now=now,
    )
    section = cast.units["ggg"]
    task = plans.create_task(
        name="全县抽查",
        year=YEAR,
        agency=section,
        items=[next(iter(register_selectors.items_on(day)))],
        window_start=dt.date(YEAR, 3, 12),
        window_end=dt.date(YEAR, 11, 20),
        due_on=dt.date(YEAR, 11, 20),
        local_reason="全县摸底",
        actor=cast.planner(section),
        now=now,
    )
    weights = (("A", 1), ("B", 2), ("C", 4), ("D", 8), ("N", 1))
    entry = SchemeEntry(
        scope=ScopeSpec(),
        scope_text="全县检查对象",
        stratified_by="credit",
        mode="total",
        strata=tuple({"code": code, "weight": weight, "reserve": 20} for code, weight in weights),
        total=drawn,
        class_rates={},
        slots=(),
        ratio_text="随机抽取",
        starts_on=task.window_start,
        finishes_on=task.due_on,
    )
    plans.draft_scheme(task=task, entry=entry, name="方案", actor=cast.planner(section), now=now)
    return cast, plans.approve_scheme(task=task, actor=cast.leader(section), now=now)


if __name__ == "__main__":
    main()
