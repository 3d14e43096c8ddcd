"""
What must hold before lists and plan are sealed (封存前核对).

Whatever passes these checks can be drawn with every seed; whatever fails is refused with an error
that names the part, the unit, the department or the entity.

Source: vdraw/1 §6.3, §10, §12.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from drawcore import cluster, each
from drawcore.allocation import Size, check_sizes, sizes
from drawcore.membership import Membership, Seats
from drawcore.officers import check_slots
from drawcore.outcome import Sealed
from drawcore.rows import Frame
from drawcore.selection import check_number_tags


@dataclass(frozen=True)
class Preview:
    """What is known before the draw: who is in scope, and the size of every stratum."""

    member: Membership
    sizes: dict[str, dict[str, Size]]

    def drawn(self, part: str) -> int:
        """Count the main objects that *part* will have."""
        return sum(size.drawn for size in self.sizes[part].values())

    def takes_everybody(self, part: str) -> bool:
        """Tell whether *part* takes everybody in scope, so that no target draw is claimed."""
        return self.drawn(part) == self.member.in_scope(part)


def preview(sealed: Sealed, member: Membership | None = None) -> Preview:
    """
    Compute scopes and sizes; no officer is looked at and no randomness needed (样本量测算).

    Args:
        sealed: The lists and the plan.
        member: The membership of *sealed*, if it was computed before.

    Raises:
        SealingRefused: empty frame or part, entity of no part, unnamed stratum, unusable tag,
            a part that draws nobody or fewer than its floor.

    Source: vdraw/1 §6.3, §10.
    """
    member = member or sealed.membership()
    found: dict[str, dict[str, Size]] = {}
    for part in sealed.plan.in_code_order:
        found[part.part] = sizes(part, member.counts(part.part))
        check_sizes(part, found[part.part])
        check_number_tags(part, member)
    return Preview(member, found)


class Difference(NamedTuple):
    """What changed between two frames: ids that came in, that left, and that changed any column."""

    came: tuple[str, ...]
    left: tuple[str, ...]
    changed: tuple[str, ...]


def difference(before: Frame, after: Frame) -> Difference:
    """
    Compare a frame with the last sealed one of the same scope (名单变动), for the approver.

    Source: vdraw/1 §6.3.
    """
    old = dict(zip(before.ids, zip(before.units, before.areas, before.tags, strict=True), strict=True))
    new = dict(zip(after.ids, zip(after.units, after.areas, after.tags, strict=True), strict=True))
    return Difference(
        tuple(id_ for id_ in after.ids if id_ not in old),
        tuple(id_ for id_ in before.ids if id_ not in new),
        tuple(id_ for id_ in after.ids if id_ in old and old[id_] != new[id_]),
    )


def check_sealing(sealed: Sealed) -> Preview:
    """
    Check everything that lists and plan must fulfil before they are sealed.

    Returns:
        The preview, to be shown to the approver and handed to the draw.

    Raises:
        SealingRefused: as :func:`preview`; and ``NoSlot``, ``TooFewOfficers``, ``TooFewTeams``,
            ``TeamRefused`` for the officers.

    Source: vdraw/1 §6.3, §12.
    """
    found = preview(sealed)
    seats = Seats(sealed.plan)
    check_slots(found.member, seats)
    mode = cluster if sealed.plan.assign.mode == "cluster" else each
    mode.check_sufficiency(found.member, seats, sealed.officers, sealed.recusals)
    return found
