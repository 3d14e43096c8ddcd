"""
Other officers for single targets after the draw (逐户更换检查人员): mode ``each``.

Source: vdraw/1 §12.1, §12.3.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from drawcore.each import Seat, successor
from drawcore.errors import ChangeRefused, NobodyLeft
from drawcore.officers import Eligible
from drawcore.seating import Ground, Seated


class SeatCourse:
    """Who sits in which slot of which target; ``at[id][slot]`` is an officer."""

    def __init__(self, ground: Ground, seats: Iterable[Seat]) -> None:
        self._ground = ground
        self.at: dict[str, dict[str, str]] = {}
        for seat in seats:
            self.at.setdefault(seat.id, {})[seat.slot] = seat.officer

    def replace_officer(self, id_: str, slot: str) -> Seated:
        """
        Seat the successor of the officer in *slot* at *id_* (更换检查人员); loads are not looked at.

        Raises:
            ChangeRefused: nobody sits there.
            NobodyLeft: no successor; the approver may supplement officers and ask again.

        Source: vdraw/1 §12.1.
        """
        here = self.at.get(id_, {})
        if slot not in here:
            raise ChangeRefused(rule="nobody-sits-there", about=f"{id_} {slot}")
        leaving = here[slot]
        number = next(n for n, one in enumerate(self._ground.member.plan.assign.slots) if one.slot == slot)
        seated = self._seat(id_, number, here.values())
        self._ground.bar(leaving, id_)
        here[slot] = seated.officer
        return seated

    def join(self, id_: str, mask: int, *, instead_of: str) -> tuple[Seated, ...]:
        """
        Seat officers slot by slot at an entity that moves up; slots already taken stay as they are.

        Whom it moves up *instead_of* makes no difference in this mode.
        """
        here = self.at.get(id_, {})
        seated, names = list[Seated](), set(here.values())
        for slot, number in self._ground.slots(id_, mask).items():
            if slot not in here:
                seated.append(self._seat(id_, number, names))
                names.add(seated[-1].officer)
        self.at[id_] = here | {one.slot: one.officer for one in seated}
        return tuple(seated)

    def leave(self, id_: str, mask: int) -> None:
        """Clear the slots that no longer apply when only the parts of *mask* hold the entity."""
        still = self._ground.slots(id_, mask)
        self.at[id_] = {slot: officer for slot, officer in self.at[id_].items() if slot in still}

    def _seat(self, id_: str, number: int, here: Collection[str]) -> Seated:
        ground = self._ground
        eligible = Eligible(ground.member.plan, ground.officers).for_slot(ground.unit(id_), number)
        found = successor(id_, eligible, here, ground.barred(id_), ground.keys)
        if found is None:
            raise NobodyLeft(entity=id_, what=ground.slot(number).slot)
        return Seated(id_, ground.slot(number).slot, found[1], found[0])
