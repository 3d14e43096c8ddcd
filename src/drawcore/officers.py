"""
Which inspectors may go where (选派条件): department, place, qualification, recusal.

Eligible sets are computed once per unit and slot; recusals are taken off afterwards.

Source: vdraw/1 §12.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from drawcore.errors import NoSlot
from drawcore.membership import Membership, Seats
from drawcore.plan import Plan, Slot
from drawcore.rows import Officer, Officers, Recusals
from drawcore.tags import lists, lists_all


def suits(officer: Officer, slot: Slot, unit: str) -> bool:
    """Tell whether *officer* could take *slot* in *unit*, recusals aside."""
    return (
        slot.dept in ("*", officer.dept) and lists(officer.units, unit) and lists_all(officer.tags, slot.tag)
    )


def fitting_of(group: Sequence[Officer], slots: Sequence[Slot]) -> list[frozenset[str]]:
    """Give for each slot the codes of those of *group* whose tags suit it, places and recusals aside."""
    return [frozenset(o.id for o in group if lists_all(o.tags, slot.tag)) for slot in slots]


def team_count(group: Sequence[Officer], slots: Sequence[Slot]) -> int:
    """
    Count the teams that a group forms (form ``drawn``); no randomness is needed.

    Source: vdraw/1 §12.2, 1.
    """
    fitting = fitting_of(group, slots)
    counts = []
    for place, own in enumerate(fitting):
        rivals = sum(1 for other in fitting[:place] if not own.isdisjoint(other))
        counts.append(len(own) // (1 + rivals))
    return min(counts)


class Eligible:
    """The officers eligible for each slot in each unit."""

    def __init__(self, plan: Plan, officers: Officers) -> None:
        self._slots, self._officers = plan.assign.slots, officers.rows
        self._known: dict[tuple[str, int], tuple[str, ...]] = {}

    def for_slot(self, unit: str, slot: int) -> tuple[str, ...]:
        """Give the codes of the officers who suit slot number *slot* in *unit*, recusals aside."""
        key = (unit, slot)
        if key not in self._known:
            rule = self._slots[slot]
            self._known[key] = tuple(o.id for o in self._officers if suits(o, rule, unit))
        return self._known[key]


def seen_settings(
    member: Membership, seats: Seats, recusals: Recusals
) -> Iterable[tuple[int, tuple[int, ...], frozenset[str]]]:
    """
    Give one row of the frame for each different (unit, slots that could apply, recused officers).

    What is sufficient for one such row is sufficient for all like it, so the checks of sealing do
    not walk the officers once per entity.
    """
    seen: set[tuple[str, tuple[int, ...], frozenset[str]]] = set()
    frame = member.frame
    of, at, masks, tags, ids = seats.of, recusals.at, member.masks, frame.tags, frame.ids
    for row, unit in enumerate(frame.units):
        setting = (unit, of(tags[row], masks[row]), at(ids[row]))
        if setting not in seen:
            seen.add(setting)
            yield row, setting[1], setting[2]


def check_slots(member: Membership, seats: Seats) -> None:
    """
    Refuse an entity and part for which no slot would apply.

    Raises:
        NoSlot: naming both.

    Source: vdraw/1 §6.1.
    """
    seen: set[tuple[str, int]] = set()
    for row, key in enumerate(zip(member.frame.tags, member.masks, strict=True)):
        if key in seen:
            continue
        seen.add(key)
        bare = seats.uncovered(*key)
        if bare:
            part = member.plan.parts[(bare & -bare).bit_length() - 1].part
            raise NoSlot(entity=member.frame.ids[row], part=part)
