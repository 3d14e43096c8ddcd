"""
What happens after the draw (抽取之后): moving up, extension, other officers, other teams.

Nobody may name a successor: each follows from the sealed files, the seed and the changes before
it. :class:`Course` is the state of a draw as changes come in; the product asks it for the next
successor, the verifier replays all of them. A change that fails changes nothing.

Source: vdraw/1 §11 (afterwards), §12.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from drawcore.errors import ChangeRefused, NobodyLeft
from drawcore.membership import Membership, Seats
from drawcore.outcome import Outcome, Sealed
from drawcore.plan import Slot
from drawcore.prf import Keys
from drawcore.rows import Officer, Officers
from drawcore.seat_changes import SeatCourse
from drawcore.seating import Ground, Seated
from drawcore.selection import StratumDraw
from drawcore.team_changes import TeamCourse


class Moved(NamedTuple):
    """An entity that moves up or is added: where it ranks, and who is seated there for it."""

    part: str
    stratum: str
    rank: int
    id: str
    seated: tuple[Seated, ...]


class Course:
    """
    The state of a draw after it was drawn (办理过程).

    ``objects`` maps every present object to the mask of the parts (plan order) that hold it.
    Officers are replaced through ``seats`` in mode ``each`` and through ``teams`` in mode ``cluster``.
    """

    def __init__(self, sealed: Sealed, member: Membership, outcome: Outcome, keys: Keys) -> None:
        self._plan, self._selection = sealed.plan, outcome.selection
        self._bits = {part.part: 1 << number for number, part in enumerate(sealed.plan.parts)}
        self._used = {
            (part, code): stratum.size.drawn
            for part, strata in outcome.selection.parts.items()
            for code, stratum in strata.items()
        }
        self.objects = dict(outcome.drawn)
        self._ground = Ground(member, Seats(sealed.plan), sealed.officers, sealed.recusals, keys)
        self._seating: SeatCourse | TeamCourse
        if outcome.clustered:
            self._seating = TeamCourse(self._ground, outcome.clustered)
        else:
            self._seating = SeatCourse(self._ground, outcome.seats)

    @property
    def seats(self) -> SeatCourse | None:
        """Give who sits where, in mode ``each``."""
        return self._seating if isinstance(self._seating, SeatCourse) else None

    @property
    def teams(self) -> TeamCourse | None:
        """Give which team has which target, in mode ``cluster``."""
        return self._seating if isinstance(self._seating, TeamCourse) else None

    @property
    def officers(self) -> Officers:
        """Give the officers, supplements included."""
        return self._ground.officers

    def parts_of(self, id_: str, slot: Slot | None = None) -> tuple[str, ...]:
        """Give the parts that hold an object now; with *slot*, those of them for which it sits there."""
        mask = self.objects.get(id_, 0)
        return tuple(
            part
            for part, bit in self._bits.items()
            if mask & bit and (slot is None or slot.part == "*" or part in slot.parts)
        )

    def replace_object(self, part: str, id_: str) -> Moved:
        """
        Take *id_* out of *part*; the next unused rank of its stratum moves up (递补).

        Raises:
            ChangeRefused: not an object of the part, or a list that was drawn elsewhere.
            NobodyLeft: no rank is left, or no officer for the one who moves up.

        Source: vdraw/1 §11.
        """
        bit = self._bits.get(part, 0)
        if not self.objects.get(id_, 0) & bit:
            raise ChangeRefused(rule="not-an-object-of-the-part", about=f"{part} {id_}")
        stratum = next(
            one for one in self._selection.parts[part].values() if any(id_ == i for _ticket, i in one.ranked)
        )
        moved = self._next(stratum, leaving=id_)
        self.objects[id_] &= ~bit
        self._seating.leave(id_, self.objects[id_])
        if not self.objects[id_]:
            del self.objects[id_]
        return moved

    def add_object(self, part: str, stratum: str) -> Moved:
        """
        Add the next unused rank of a stratum (追加抽取): same seal, same seed.

        Raises:
            ChangeRefused: no such stratum, or a list that was drawn elsewhere.
            NobodyLeft: the stratum is used up, or no officer is left for the entity.

        Source: vdraw/1 §11.
        """
        found = self._selection.parts.get(part, {}).get(stratum)
        if found is None:
            raise ChangeRefused(rule="no-such-stratum", about=f"{part} {stratum}")
        return self._next(found, leaving="")

    def bar(self, officer: str, id_: str) -> None:
        """Keep *officer* away from *id_* from now on: a recusal that appeared after the seal."""
        self._ground.bar(officer, id_)

    def supplement(self, rows: Iterable[Officer]) -> None:
        """
        Add officers by a logged supplement (补充检查人员); they rank by the same rule.

        Raises:
            ChangeRefused: a code that the list already has.

        Source: vdraw/1 §12.3.
        """
        added, listed = tuple(rows), self._ground.officers
        for officer in added:
            if officer.id in listed.by_id:
                raise ChangeRefused(rule="officer-already-listed", about=officer.id)
        together = sorted((*listed.rows, *added), key=lambda officer: officer.id)
        self._ground.officers = replace(listed, rows=tuple(together))

    def _next(self, stratum: StratumDraw, *, leaving: str) -> Moved:
        part = next(part for part in self._plan.parts if part.part == stratum.part)
        if part.purpose == "inspectors":
            raise ChangeRefused(rule="list-drawn-elsewhere", about=part.part)
        rank = self._used[stratum.part, stratum.stratum]
        if rank >= len(stratum.ranked):
            raise NobodyLeft(entity=leaving, what=f"{stratum.part} {stratum.stratum}")
        id_ = stratum.ranked[rank][1]
        mask = self.objects.get(id_, 0) | self._bits[stratum.part]
        seated = self._seating.join(id_, mask, instead_of=leaving)
        self.objects[id_] = mask
        self._used[stratum.part, stratum.stratum] = rank + 1
        return Moved(stratum.part, stratum.stratum, rank + 1, id_, seated)
