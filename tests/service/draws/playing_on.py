"""
A draw that goes on from wherever it stands; run as a program, it dies at the place that it is told.

``python -m tests.service.draws.playing_on "inside complete"`` on the database ``PLAYED_DATABASE``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

STEPS = (
    *("prepare", "seal", "commit p1", "commit p2", "reveal p1", "reveal p2"),
    *("compute", "files", "complete", "receipt"),
)


def play(county: Any, at: Callable[[str], None] = lambda place: None) -> None:
    """Take every step that is still to be taken; *at* hears of each before and inside."""
    from fairdraw.draws import bundles, services
    from fairdraw.draws.models import Draw
    from tests.builders.county import NOW
    from tests.service.draws.walking import MINUTE, Walk

    walk = Walk(county, ("more-5",))

    def step(name: str, done: Callable[[], bool], do: Callable[[], object]) -> None:
        if not done():
            at(f"before {name}")
            do()

    def place(source: str) -> Any:
        return walk.draw.sources.get(source=source)

    mine = Draw.objects.filter(parts__task=county.task("more-5").number)
    walk.draw = mine.first() or walk.draw
    step("prepare", mine.exists, walk.prepare)
    walk.draw = mine.get()
    step("seal", lambda: walk.draw.state != "draft", walk.seal)
    for source in ("p1", "p2"):
        walk.locked(source)  # the device still has it
        step(f"commit {source}", lambda s=source: bool(place(s).commitment), lambda s=source: walk.commit(s))
    for source in ("p1", "p2"):
        step(f"reveal {source}", lambda s=source: bool(place(s).share), lambda s=source: walk.reveal(s))
    walk.draw = mine.get()
    if walk.draw.state != "drawn":
        at("before compute")
        services.compute(walk.draw)
        at("before files")
        at("before complete")
        walk.complete()
    at("before receipt")
    bundles.issue_receipt(walk.draw, origin=county.year.origin, now=NOW + 5 * MINUTE)


def main(place: str) -> None:
    """Play on the database that the environment names until *place*, and die there."""
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = os.environ["PLAYED_DATABASE"]

    from fairdraw.accounts import selectors as accounts
    from fairdraw.accounts.models import Agency, User
    from fairdraw.audit import services as audit
    from fairdraw.draws import keep, services
    from fairdraw.plans.models import Task
    from tests.builders.county import TODAY

    now_at = {"place": ""}

    def at(name: str) -> None:
        now_at["place"] = name.removeprefix("before ")
        if name == place:
            os._exit(137)

    def dying(real: Callable[..., Any], inside: Callable[[], str]) -> Callable[..., Any]:
        """Do it, and die at once, before any transaction around it is committed, if this is the place."""

        def done(*args: Any, **kwargs: Any) -> Any:
            result = real(*args, **kwargs)
            if place == f"inside {inside()}":
                os._exit(137)
            return result

        return done

    # The log's entry is the last statement of every verb; files lie on the disk before it begins.
    audit.record = dying(audit.record, lambda: now_at["place"])
    stored = {"complete": "files", "receipt": "receipt"}
    keep.put = dying(keep.put, lambda: stored.get(now_at["place"], ""))
    services.compute = dying(services.compute, lambda: "compute")
    county = SimpleNamespace(
        actor=lambda name: accounts.actor_of(User.objects.get(username=name), on=TODAY),
        task=lambda key: Task.objects.select_related("agency", "scheme").get(
            name=f"补充检查{key.removeprefix('more-')}"
        ),
        cast=SimpleNamespace(units={a.code: a for a in Agency.objects.all()}),
        year=SimpleNamespace(org="rehearsal-xiaoxian", origin="rehearsal-xiaoxian/log"),
    )
    play(county, at)
    if place == "after receipt":
        os._exit(137)


if __name__ == "__main__":
    main(sys.argv[1])
