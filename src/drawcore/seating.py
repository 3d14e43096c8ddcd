"""
What both ways of seating officers after the draw stand on (选派变更的共同依据).

Source: vdraw/1 §12.
"""

from __future__ import annotations

from typing import NamedTuple

from drawcore.membership import Membership, Seats
from drawcore.plan import Slot
from drawcore.prf import Keys, Ticket
from drawcore.rows import Officers, Recusals


class Seated(NamedTuple):
    """An officer who takes a slot at an entity through a change; *team* is empty in mode ``each``."""

    id: str
    slot: str
    officer: str
    ticket: Ticket
    team: str = ""


class Ground:
    """Sealed lists, later recusals and supplements, and who may not go where."""

    def __init__(
        self, member: Membership, seats: Seats, officers: Officers, recusals: Recusals, keys: Keys
    ) -> None:
        self.member, self.seats, self.officers, self.keys = member, seats, officers, keys
        self._recusals = recusals
        self._barred: dict[str, set[str]] = {}

    def bar(self, officer: str, id_: str) -> None:
        """Keep *officer* away from *id_* from now on."""
        self._barred.setdefault(id_, set()).add(officer)

    def barred(self, id_: str) -> frozenset[str]:
        """Give the officers who may not be at *id_*: recused, or removed from it."""
        return self._recusals.at(id_) | self._barred.get(id_, set())

    def unit(self, id_: str) -> str:
        """Give the unit of an entity."""
        return self.member.frame.units[self.member.frame.index[id_]]

    def area(self, id_: str) -> str:
        """Give the route area of an entity."""
        return self.member.frame.areas[self.member.frame.index[id_]]

    def slots(self, id_: str, mask: int) -> dict[str, int]:
        """Give the slots that apply to an entity held by the parts of *mask*: code to number."""
        numbers = self.seats.of(self.member.frame.tags[self.member.frame.index[id_]], mask)
        return {self.slot(number).slot: number for number in numbers}

    def slot(self, number: int) -> Slot:
        """Give a slot of the plan by its number."""
        return self.member.plan.assign.slots[number]
