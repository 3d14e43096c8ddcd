"""
A finished draw as it stands today (办理过程): its outcome, and every replacement that the log tells of.

Nothing here is stored: the same files and the same log give the same state, for us as for every verifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from drawcore import afterwards, log
from drawcore.changes import Course
from drawcore.plan import Plan, Slot
from drawcore.rows import Recusals
from fairdraw.audit import selectors as audit
from fairdraw.draws import run, selectors
from fairdraw.draws.models import Draw

OBJECT, OFFICER, TEAM = "draw.object_replaced", "draw.officer_replaced", "draw.team_replaced"
RECUSED = "draw.recused"


@dataclass(frozen=True)
class Seat:
    """An inspector's seat at a target, by their codes; *team* is empty where targets have seats of their own."""

    target: str
    slot: str
    inspector: str
    team: str


@dataclass(frozen=True)
class Standing:
    """The draw today: computed again, with the changes so far."""

    draw: Draw
    ran: run.Ran
    tally: afterwards.Tally
    recused: frozenset[tuple[str, str]]  # inspector and target, sealed and since

    @property
    def course(self) -> Course:
        """The core's account of who is in and who sits where."""
        return self.ran.course

    @property
    def plan(self) -> Plan:
        """The sealed plan."""
        return self.ran.plan

    @cached_property
    def seats(self) -> dict[str, tuple[Seat, ...]]:
        """Everybody's seat today, by target."""
        found: dict[str, list[Seat]] = {}
        if self.course.seats is not None:
            for target, held in self.course.seats.at.items():
                found[target] = [Seat(target, slot, who, "") for slot, who in held.items()]
        elif self.course.teams is not None:
            for (target, dept), code in self.course.teams.holder.items():
                members = self.course.teams.teams[code].members
                slots = self.plan.assign.slots_of(dept)
                found.setdefault(target, []).extend(
                    Seat(target, slot.slot, who.id, code) for slot, who in zip(slots, members, strict=True)
                )
        return {target: tuple(seats) for target, seats in found.items()}

    def seat_of(self, inspector: str, *, at: str) -> Seat | None:
        """Where *inspector* sits at the target *at*."""
        return next((seat for seat in self.seats.get(at, ()) if seat.inspector == inspector), None)

    def objects_of(self, part: str) -> int:
        """How many main targets *part* has drawn."""
        return sum(s.size.drawn for s in self.ran.selection.parts[part].values())

    def replaced_in(self, part: str) -> int:
        """At how many targets of *part* something was replaced: target, inspector or team, each time counted."""
        return self.tally.in_part[part]

    def holds(self, target: str, part: str) -> bool:
        """Whether *target* is an object of *part* today."""
        return part in self.course.parts_of(target)

    def touched_by(self, seat: Seat) -> tuple[str, ...]:
        """The targets at which somebody else sits when *seat* falls vacant: all that its team still has."""
        return self.course.teams.held(seat.team) if self.course.teams is not None else (seat.target,)

    def slot(self, code: str) -> Slot:
        """A seat of the sealed plan."""
        return next(slot for slot in self.plan.assign.slots if slot.slot == code)


def standing(draw: Draw) -> Standing:
    """
    Recompute the outcome of a finished draw and replay its changes.

    Raises:
        drawcore.errors.Mismatch: The log names another successor than the rule gives: somebody tampered.

    Source: vdraw/1 §11, §12, §16 step 12.
    """
    files = {name: selectors.content(draw, name) for name in selectors.CORE_FILES}
    ran = run.again(files)
    entries = [log.parse_entry(data) for _seq, data in audit.documents(about=f"draw:{draw.pk}")]
    tally = afterwards.replay(ran.course, ran.plan, entries)
    since = {(str(e.body["officer"]), str(e.body["object"])) for e in entries if e.kind == RECUSED}
    recused = frozenset(since | {(row[0], row[1]) for row in Recusals.parse(files["recusals.tsv"]).rows})
    return Standing(draw, ran, tally, recused)
