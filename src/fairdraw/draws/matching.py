"""
Which seat of a department's team asks for what, why no team is lawful, and where nothing was left to chance (人员匹配).

Sections of one bureau send one team of two whose qualifications cover all items (一表通查; N21). What is needed is
shared out over the two seats before the seal, by a rule that needs no randomness; the shares stand in the sealed
plan, so every verifier rechecks them.

Source: 安市监〔2024〕26号 四（二）二; vdraw/1 §12 (which lets the plan name any qualifications for each slot).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from django.utils.translation import gettext as _

from drawcore.membership import Membership, Seats, membership
from drawcore.officers import fitting_of, seen_settings, suits, team_count
from drawcore.plan import Assign, Plan, Slot
from drawcore.rows import Exclusions, Frame, Officer, Officers, Recusals
from drawcore.tags import lists

CERTIFIED = "cert"
MOST_SHARED = 8  # qualifications that are shared out every way; above it the first seat asks for all
TEAMS = "cluster"


@dataclass(frozen=True)
class Place:
    """A place where a department's team must be able to go: the unit, and who of it is recused there."""

    unit: str
    recused: frozenset[str]


def share_out(plan: Plan, frame: Frame, excluded: Exclusions, officers: Officers, recusals: Recusals) -> Plan:
    """
    The plan whose seats share out the qualifications that their department needs (资格分配到席位).

    Of all ways to share them out, the one that leaves the scarcest place most room goes; between equals the one
    whose first seat asks for most. A department that needs one qualification or none stays as it is.

    Args:
        plan: With every qualification at the first seat of its department.
        frame, excluded, officers, recusals: As they will be sealed.
    """
    several = [dept for dept in plan.assign.depts if len(needed(plan.assign, dept)) > 1]
    if not several:
        return plan
    places = _places(plan, membership(plan, frame, excluded), officers, recusals)
    shared: dict[str, Slot] = {}
    for dept in several:
        people = [officer for officer in officers.rows if officer.dept == dept]
        there = sorted(places.get(dept, ()), key=lambda place: (place.unit, sorted(place.recused)))
        ranked = [
            (_least(_rooms(plan.assign.mode, people, slots, there)), slots) for slots in _ways(plan, dept)
        ]
        _room, best = max(ranked, key=lambda one: one[0])
        shared |= {slot.slot: slot for slot in best}
    slots = tuple(shared.get(slot.slot, slot) for slot in plan.assign.slots)
    return replace(plan, assign=replace(plan.assign, slots=slots))


def needed(assign: Assign, dept: str) -> list[str]:
    """The qualifications that a department's seats ask for together."""
    asked = {code for slot in assign.slots_of(dept) for code in slot.tag.split(",")}
    return sorted(asked - {CERTIFIED, "*"})


def _ways(plan: Plan, dept: str) -> Iterator[tuple[Slot, Slot]]:
    """Every way to share out what the two seats of a department ask for, most at the first seat first."""
    first, second = plan.assign.slots_of(dept)
    asked = needed(plan.assign, dept)
    fewest = len(asked) if len(asked) > MOST_SHARED else 0
    for size in range(len(asked), fewest - 1, -1):
        for own in combinations(asked, size):
            rest = [code for code in asked if code not in own]
            yield replace(first, tag=_tag(own)), replace(second, tag=_tag(rest))


def _tag(qualifications: Iterable[str]) -> str:
    return ",".join(sorted({CERTIFIED, *qualifications}))


def _least(rooms: Sequence[int]) -> tuple[int, int]:
    """What is compared: the room at the scarcest place, then of all places together."""
    return (min(rooms), sum(rooms)) if rooms else (0, 0)


def _places(plan: Plan, member: Membership, officers: Officers, recusals: Recusals) -> dict[str, set[Place]]:
    found: dict[str, set[Place]] = {}
    for row, slots, recused in seen_settings(member, Seats(plan), recusals):
        for dept in plan.assign.depts_of(slots):
            own = frozenset(o for o in recused if o in officers.by_id and officers.by_id[o].dept == dept)
            found.setdefault(dept, set()).add(Place(member.frame.units[row], own))
    return found


def _rooms(mode: str, people: Sequence[Officer], slots: Sequence[Slot], places: Iterable[Place]) -> list[int]:
    """How much the rule of sufficiency finds at each place; a place with nothing is refused (vdraw/1 §12.1, §12.2)."""
    reach = {
        unit: frozenset(o.id for o in people if lists(o.units, unit)) for unit in {p.unit for p in places}
    }
    if mode == TEAMS:
        teams = {units: team_count(group, slots) for units, group in by_area(people).items()}
        there = {unit: sum(n for units, n in teams.items() if lists(units, unit)) for unit in reach}
        return [there[place.unit] - len(place.recused & reach[place.unit]) for place in places]
    holders = fitting_of(people, slots)
    return [_spare([own & reach[p.unit] - p.recused for own in holders]) for p in places]


def _spare(fitting: Sequence[frozenset[str]]) -> int:
    """By how many the fitting people of the scarcest seat outnumber the earlier seats that may take one of them."""
    rivals = [sum(not other.isdisjoint(own) for other in fitting[:n]) for n, own in enumerate(fitting)]
    return min(len(own) - others for own, others in zip(fitting, rivals, strict=True))


def by_area(people: Iterable[Officer]) -> dict[str, list[Officer]]:
    """The people by the places where they work: only people of equal places form teams (vdraw/1 §12.2)."""
    found: dict[str, list[Officer]] = {}
    for officer in people:
        found.setdefault(officer.units, []).append(officer)
    return found


@dataclass(frozen=True)
class Unchosen:
    """
    Where the people follow from the rules alone (人员未构成随机): a department, a place, how many targets.

    Attributes:
        eligible: How many people may go there; as many as there are seats.
        seats: How many go.
    """

    dept: str
    unit: str
    targets: int
    eligible: int
    seats: int

    def __str__(self) -> str:
        told = {"eligible": self.eligible, "seats": self.seats}
        return _("人员未构成随机（可选%(eligible)s人，需%(seats)s人）") % told


def unchosen(
    assign: Assign, officers: Officers, recusals: Recusals, doors: Iterable[tuple[str, str, str]]
) -> list[Unchosen]:
    """
    Where those who may go are exactly the team, so that no draw of people is claimed (X04).

    Args:
        assign: As sealed.
        officers: As sealed.
        recusals: As sealed.
        doors: Target, its unit, and a department that goes there.
    """
    able: dict[tuple[str, str], frozenset[str]] = {}
    found: Counter[Unchosen] = Counter()
    for code, unit, dept in doors:
        if (dept, unit) not in able:
            able[dept, unit] = _able(assign, dept, officers, unit)
        eligible, seats = len(able[dept, unit] - recusals.at(code)), len(assign.slots_of(dept))
        if eligible <= seats:
            found[Unchosen(dept, unit, 1, eligible, seats)] += 1
    counted = [replace(one, targets=n) for one, n in found.items()]
    return sorted(counted, key=lambda one: (one.dept, one.unit, one.eligible))


def _able(assign: Assign, dept: str, officers: Officers, unit: str) -> frozenset[str]:
    """Who of a department may sit in one of its seats in *unit*, recusals aside."""
    slots = assign.slots_of(dept)
    people = [officer for officer in officers.rows if officer.dept == dept]
    if assign.mode == TEAMS:
        groups = by_area(people).values()
        people = [officer for group in groups if team_count(group, slots) for officer in group]
    return frozenset(o.id for o in people if any(suits(o, slot, unit) for slot in slots))
