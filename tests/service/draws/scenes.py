"""A draw of the small county in every state of the protocol, each walked to through the services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fairdraw.draws import services
from fairdraw.plans.models import Task
from tests.builders.county import NOW, County
from tests.service.draws.walking import DAY, Walk


@dataclass
class Scene:
    """A database with a draw in every state."""

    draws: dict[str, str]  # id by state; "revealing_ball": level 2

    def part(self, state: str) -> str:
        """Where the part of that draw stands."""
        return f"draw = '{self.draws[state]}'"


def walked(county: County) -> dict[str, str]:
    """The ids of the draws by their states."""

    def walk(number: int, **more: Any) -> Walk:
        return Walk(county, (f"more-{number}",), **more)

    found = {"draft": walk(0)}
    found["draft"].prepare()
    found["sealed"] = walk(1).to_sealed()
    found["revealing"] = walk(2).to_revealing()
    found["waiting"] = walk(3, level=2).to_opened()
    found["drawn"] = walk(4).to_drawn()
    found["disclosed"] = walk(5).to_drawn()
    Task.objects.filter(number__in=[found["disclosed"].number]).update(state="completed")
    services.disclose(draw_id=found["disclosed"].draw.pk, actor=found["disclosed"].actors["p1"], now=NOW)
    found["voided"] = walk(6).to_sealed()
    found["voided"].void()
    found["failed"] = walk(7).to_revealing()
    services.fail_draw(
        draw_id=found["failed"].draw.pk,
        reason="份额未开启",
        actor=found["failed"].actors["p1"],
        now=NOW + 7 * DAY,
    )
    found["revealing_ball"] = walk(8, level=2).to_revealing()
    return {state: walk.draw.pk for state, walk in found.items()}
