"""
The outcome of a draw (抽取结果): a pure function of the sealed files and the seed.

A crash changes nothing: the same files and the same ``seed.txt`` give the same bytes again.

Source: vdraw/1 §1, §11, §12.
"""

from __future__ import annotations

from dataclasses import dataclass

from drawcore import cluster, each
from drawcore.cluster import Clustered
from drawcore.each import Seat
from drawcore.membership import Membership, membership
from drawcore.plan import Plan
from drawcore.prf import Keys
from drawcore.rows import Exclusions, Frame, ListRoot, Officers, Recusals, list_root
from drawcore.selection import Selection, select


@dataclass(frozen=True)
class Sealed:
    """The sealed lists and plan of one draw, parsed."""

    plan: Plan
    frame: Frame
    excluded: Exclusions
    officers: Officers
    recusals: Recusals

    def membership(self) -> Membership:
        """Find who is in which part; refusals as :func:`drawcore.membership.membership`."""
        return membership(self.plan, self.frame, self.excluded)


@dataclass(frozen=True)
class Outcome:
    """What the draw gave: the two files, their roots, and the same in parsed form."""

    result: bytes
    assign: bytes
    result_root: ListRoot
    assign_root: ListRoot
    selection: Selection
    drawn: dict[str, int]
    seats: list[Seat]
    clustered: Clustered | None


def drawn_masks(plan: Plan, selection: Selection) -> dict[str, int]:
    """Give every main object of any part, once, with the mask of the parts (plan order) that drew it."""
    drawn: dict[str, int] = {}
    for number, part in enumerate(plan.parts):
        for id_ in selection.main(part.part):
            drawn[id_] = drawn.get(id_, 0) | 1 << number
    return drawn


def outcome(sealed: Sealed, keys: Keys, member: Membership | None = None) -> Outcome:
    """
    Draw the targets and assign the officers (抽取、选派).

    Args:
        sealed: The sealed lists and plan.
        keys: The keys from this draw's seed.
        member: The membership of *sealed*, if it was computed before.

    Returns:
        ``result.tsv`` and ``assign.tsv`` with their roots.

    Raises:
        SealingRefused: only for lists that the checks of sealing would have refused.

    Source: vdraw/1 §11, §12.
    """
    member = member or sealed.membership()
    selection = select(member, keys)
    drawn = drawn_masks(sealed.plan, selection)
    seats: list[Seat] = []
    clustered = None
    if sealed.plan.assign.mode == "cluster":
        clustered = cluster.assign(member, drawn, sealed.officers, sealed.recusals, keys)
        assigned = clustered.tsv()
    else:
        seats = each.assign(member, drawn, sealed.officers, sealed.recusals, keys)
        assigned = "".join(seat.line() for seat in seats).encode()
    result = selection.result_tsv()
    suite = keys.suite
    return Outcome(
        result,
        assigned,
        list_root(result, suite),
        list_root(assigned, suite),
        selection,
        drawn,
        seats,
        clustered,
    )
