"""
The rehearsal's calendar of things to do: each at its time, in order, up to a day (排程).

Stopping the year at a practice date leaves work waiting in every stage, as it would be in a real office.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable
from itertools import count

Step = Callable[[dt.datetime], None]


class Agenda:
    """Steps by time; a step may put further ones."""

    def __init__(self) -> None:
        self._heap: list[tuple[dt.datetime, int, Step]] = []
        self._order = count()

    def put(self, at: dt.datetime, step: Step) -> None:
        """Do *step* at *at*; of two at one moment the one put first goes first."""
        heapq.heappush(self._heap, (at, next(self._order), step))

    def run(self, until: dt.datetime, progress: Callable[[dt.datetime], None] | None = None) -> None:
        """Do everything that falls before *until*."""
        while self._heap and self._heap[0][0] < until:
            at, _order, step = heapq.heappop(self._heap)
            step(at)
            if progress is not None:
                progress(at)

    def __len__(self) -> int:
        return len(self._heap)
