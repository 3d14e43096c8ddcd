"""A draw that goes on from wherever it stands: every step that is still to be taken, and no other."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import QuerySet

from fairdraw.draws import bundles
from fairdraw.draws.models import Draw, DrawSource
from tests.builders.county import NOW, County
from tests.service.draws.walking import MINUTE, Walk

KEY = "more-5"


def mine(county: County) -> QuerySet[Draw]:
    """The draw that is played."""
    return Draw.objects.filter(parts__task=county.task(KEY).number)


def play(county: County) -> None:
    """Take every step that is still to be taken, as the persons' devices and the page would."""
    walk = Walk(county, (KEY,))

    def place(source: str) -> DrawSource:
        return walk.draw.sources.get(source=source)

    def step(is_done: Callable[[], bool], do: Callable[[], object]) -> None:
        if not is_done():
            do()

    step(mine(county).exists, walk.prepare)
    walk.draw = mine(county).get()
    step(lambda: walk.draw.state != "draft", walk.seal)
    for source in ("p1", "p2"):
        walk.locked(source)  # the device still has it
        step(lambda s=source: bool(place(s).commitment), lambda s=source: walk.commit(s))
    for source in ("p1", "p2"):
        step(lambda s=source: bool(place(s).share), lambda s=source: walk.reveal(s))
    step(lambda: mine(county).get().state == "drawn", walk.complete)
    walk.draw = mine(county).get()
    bundles.issue_receipt(walk.draw, origin=county.year.origin, now=NOW + 5 * MINUTE)
