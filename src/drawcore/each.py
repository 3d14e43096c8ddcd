"""
Officers per target (逐户选派): the assignment mode ``each``.

Targets in the order of their tickets; for each slot the least loaded eligible officer, of these
the one with the smallest ticket at the target.

Source: vdraw/1 §12.1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from drawcore.errors import TooFewOfficers
from drawcore.membership import Membership, Seats
from drawcore.officers import Eligible, seen_settings
from drawcore.prf import Keys, Ticket, prn_hex
from drawcore.rows import Officers, Recusals


class Seat(NamedTuple):
    """One row of ``assign.tsv`` in mode ``each``."""

    id: str
    slot: str
    officer: str
    ticket: Ticket
    load: int

    def line(self) -> str:
        """Write the row."""
        return f"{self.id}\t{self.slot}\t{self.officer}\t{prn_hex(self.ticket)}\t{self.load}\n"


def check_sufficiency(member: Membership, seats: Seats, officers: Officers, recusals: Recusals) -> None:
    """
    Refuse a frame for which the rule of assignment could fail (选派人数充足性).

    For every entity and every slot that could apply, the eligible officers must outnumber the
    earlier such slots whose eligible sets intersect theirs.

    Raises:
        TooFewOfficers: naming entity, unit, slot and department.

    Source: vdraw/1 §12.1.
    """
    eligible = Eligible(member.plan, officers)
    for row, slots, recused in seen_settings(member, seats, recusals):
        unit, earlier = member.frame.units[row], list[set[str]]()
        for number in slots:
            own = set(eligible.for_slot(unit, number)) - recused
            rivals = sum(1 for other in earlier if not other.isdisjoint(own))
            if len(own) <= rivals:
                slot = member.plan.assign.slots[number]
                raise TooFewOfficers(
                    entity=member.frame.ids[row],
                    unit=unit,
                    slot=slot.slot,
                    dept=slot.dept,
                    eligible=len(own),
                    needed=rivals + 1,
                )
            earlier.append(own)


def assign(
    member: Membership,
    drawn: Mapping[str, int],
    officers: Officers,
    recusals: Recusals,
    keys: Keys,
) -> list[Seat]:
    """
    Assign officers to every drawn entity (随机选派执法检查人员).

    Args:
        member: Who is in which part.
        drawn: Ids of the main objects of any part, with the mask of the parts that drew them.
        officers, recusals: As sealed.
        keys: The keys of this draw's seed.

    Returns:
        The rows of ``assign.tsv`` in their order.

    Raises:
        TooFewOfficers: cannot happen after :func:`check_sufficiency`.

    Source: vdraw/1 §12.1.
    """
    eligible, seats = Eligible(member.plan, officers), Seats(member.plan)
    load = {officer.id: officer.load0 for officer in officers.rows}
    order, frame, rows = keys.tickets("order"), member.frame, list[Seat]()
    for _ticket, id_ in sorted((order(id_), id_) for id_ in drawn):
        place = frame.index[id_]
        here = set(recusals.at(id_))
        for number in seats.of(frame.tags[place], drawn[id_]):
            free = [one for one in eligible.for_slot(frame.units[place], number) if one not in here]
            slot = member.plan.assign.slots[number]
            if not free:
                raise TooFewOfficers(id_, frame.units[place], slot.slot, slot.dept, 0, 1)
            least = min([load[one] for one in free])
            ticket, officer = first(id_, (one for one in free if load[one] == least), keys)
            rows.append(Seat(id_, slot.slot, officer, ticket, least))
            load[officer] += 1
            here.add(officer)
    return rows


def first(id_: str, officers: Iterable[str], keys: Keys) -> tuple[Ticket, str]:
    """Give the officer (or team) with the smallest ticket at the entity, with that ticket."""
    prf, head = keys.tickets("officer"), id_ + "\x1f"
    return min([(prf(head + one), one) for one in officers])


def successor(
    id_: str, eligible: Iterable[str], here: Collection[str], removed: Collection[str], keys: Keys
) -> tuple[Ticket, str] | None:
    """
    Find who replaces an officer at an entity (更换检查人员); the load is not looked at.

    Args:
        id_: The entity.
        eligible: Officers eligible for the slot there, recused ones already taken off.
        here: Officers who are at the entity, in any slot.
        removed: Officers who were removed from it.
        keys: The keys of the draw.

    Returns:
        Ticket and code of the successor, or ``None`` if nobody is left.

    Source: vdraw/1 §12.1.
    """
    left = [one for one in eligible if one not in here and one not in removed]
    return first(id_, left, keys) if left else None
