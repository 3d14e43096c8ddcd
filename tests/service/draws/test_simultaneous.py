"""
Of a hundred requests at once one wins (vdraw/1 §13, §19.7): the database decides, not who looked first.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from fairdraw.audit import verify as log
from fairdraw.demo.draws import answer_proposals
from fairdraw.demo.entropy import SeededEntropy
from fairdraw.draws import selectors, services
from fairdraw.draws.models import Draw, DrawnList, DrawnRow, DrawnTeam, DrawPart
from fairdraw.draws.permissions import OneDrawOnly
from fairdraw.kernel.actor import SYSTEM
from fairdraw.kernel.errors import RuleBroken
from tests.builders.county import NOW, County
from tests.service.draws.walking import MINUTE, Walk

pytestmark = pytest.mark.django_db
AT_ONCE = 100
WINNER = "won"


def at_once(request: Callable[[int], object]) -> Counter[str]:
    """Make the request a hundred times, each in a thread with a connection of its own; count how they end."""
    gate = threading.Barrier(AT_ONCE)

    def one(number: int) -> str:
        try:
            gate.wait(timeout=60)
            request(number)
        except RuleBroken as refusal:
            return refusal.code
        finally:
            connection.close()
        return WINNER

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return Counter(threads.map(one, range(AT_ONCE), timeout=100))


def test_of_a_hundred_draws_of_one_pool_one_wins_and_there_is_one_result(ground_alone: County):
    pool = Walk(ground_alone, ("more-0", "more-1", "more-2"), number="2026-P77", level=2).to_opened()
    pool.enter()
    supervisor = pool.actors["p2"]

    ends = at_once(
        lambda number: services.complete_draw(draw_id=pool.draw.pk, actor=supervisor, now=NOW + 4 * MINUTE)
    )

    assert ends == {WINNER: 1, "draws.not-drawable": AT_ONCE - 1}
    draw = Draw.objects.get(number="2026-P77")
    assert draw.state == "drawn"
    assert DrawnList.objects.filter(draw=draw).count() == 3
    lines = selectors.content(draw, "result.tsv").decode().splitlines()
    assert DrawnRow.objects.filter(drawn_list__draw=draw).count() == len(lines) > 0
    dealt = selectors.content(draw, "assign.tsv").decode().splitlines()
    assert DrawnTeam.objects.filter(draw=draw).count() == len(dealt) > 0
    kinds = Counter(entry.kind for entry in selectors.audit.entries(about=f"draw:{draw.pk}"))
    assert kinds["draw.drawn"] == 1
    assert log.verify_log() == []


@pytest.mark.parametrize("pooled", [False, True], ids=["alone", "in pools"])
def test_of_a_hundred_draws_prepared_for_one_task_one_lives(ground_alone: County, pooled: bool):
    """Each under a number of its own; in pools, each together with another task that is free."""
    first = Walk(ground_alone, ("more-3",))
    task, free, initiator = ground_alone.task("more-3"), ground_alone.task("more-4"), first.actors["p1"]
    persons, agency = first.planned(), ground_alone.cast.units["zlg"]
    answer_proposals([task], actor=SYSTEM, now=NOW)
    answer_proposals([free], actor=SYSTEM, now=NOW)

    def prepare(number: int) -> Draw:
        return services.prepare_draw(
            tasks=[task, free] if pooled and number % 2 else [task],
            number=f"2026-S{number}",
            org=ground_alone.year.org,
            agency=agency,
            persons=persons,
            level=1,
            beacon=None,
            actor=initiator,
            now=NOW,
            entropy=SeededEntropy("at once", f"{number}"),
        )

    ends = at_once(prepare)

    assert ends == {WINNER: 1, OneDrawOnly.code: AT_ONCE - 1}
    assert DrawPart.objects.filter(task=task.number, live=1).count() == 1
    assert Draw.objects.filter(number__startswith="2026-S").count() == 1
    assert log.verify_log() == []
