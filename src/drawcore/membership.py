"""
Who is in which part, in which stratum, and which slots apply (范围、分层、席位).

Everything that plan, frame and exclusions say together before any randomness exists. Entities
are handled by their row number in the frame; a set of parts is a bit mask in plan order, so that
a frame of 150,000 rows costs a few dictionary look-ups a row.

Source: vdraw/1 §5 (last paragraph), §6.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from drawcore.errors import EmptyFrame, EmptyPart, EntityOfNoPart, ExclusionRefused, TagRefused
from drawcore.plan import UNCLASSED, Part, Plan, Slot
from drawcore.rows import Exclusions, Frame
from drawcore.tags import Tags


@dataclass(frozen=True)
class Membership:
    """
    The frame seen through the plan.

    ``masks[row]`` has bit *i* set if the row is in part *i* of the plan; ``strata[part][stratum]``
    lists the rows of a stratum in the order of the frame.
    """

    plan: Plan
    frame: Frame
    masks: list[int]
    strata: dict[str, dict[str, list[int]]]

    def counts(self, part: str) -> dict[str, int]:
        """Count the entities of each stratum that occurs in *part*."""
        return {code: len(rows) for code, rows in self.strata[part].items()}

    def in_scope(self, part: str) -> int:
        """Count the entities in *part*."""
        return sum(len(rows) for rows in self.strata[part].values())


def membership(plan: Plan, frame: Frame, exclusions: Exclusions) -> Membership:
    """
    Find the parts and strata of every row of the frame.

    Raises:
        EmptyFrame, EmptyPart, EntityOfNoPart: as section 6.3 demands.
        ExclusionRefused: an exclusion with a reason or part that the plan lacks, or against the frame.
        TagRefused: an entity with two values of the tag that makes its stratum.

    Source: vdraw/1 §5, §6.1, §6.3.
    """
    if not len(frame):
        raise EmptyFrame
    _check_exclusions(plan, frame, exclusions)
    masks = [0] * len(frame)
    strata: dict[str, dict[str, list[int]]] = {}
    for number, part in enumerate(plan.parts):
        strata[part.part] = _strata(part, frame, exclusions, masks, 1 << number)
        if not strata[part.part]:
            raise EmptyPart(part=part.part)
    for row, mask in enumerate(masks):
        if not mask:
            raise EntityOfNoPart(entity=frame.ids[row])
    return Membership(plan, frame, masks, strata)


def _strata(
    part: Part, frame: Frame, exclusions: Exclusions, masks: list[int], bit: int
) -> dict[str, list[int]]:
    left_out = exclusions.by_part.get(part.part, frozenset())
    stratum_of: dict[str, str | None] = {}
    found: dict[str, list[int]] = {}
    for row, text in enumerate(frame.tags):
        if text not in stratum_of:
            stratum_of[text] = _stratum(part, text, frame.ids[row])
        stratum = stratum_of[text]
        if stratum is None or frame.ids[row] in left_out:
            continue
        found.setdefault(stratum, []).append(row)
        masks[row] |= bit
    return found


def _stratum(part: Part, text: str, entity: str) -> str | None:
    tags = Tags(text)
    if not tags.within(part.scope):
        return None
    values = tags.values(part.by)
    if len(values) > 1:
        raise TagRefused(entity=entity, tag=part.by)
    return values[0] if values else UNCLASSED


def _check_exclusions(plan: Plan, frame: Frame, exclusions: Exclusions) -> None:
    parts = {part.part for part in plan.parts}
    whole = exclusions.by_part.get("*", frozenset())
    for entity, part, reason, _blind in exclusions.rows:
        if reason not in plan.reasons:
            rule = "reason-not-in-plan"
        elif part != "*" and part not in parts:
            rule = "part-not-in-plan"
        elif part == "*" and entity in frame.index:
            rule = "excluded-and-in-frame"
        elif part != "*" and entity not in frame.index and entity not in whole:
            rule = "neither-in-frame-nor-excluded"
        else:
            continue
        raise ExclusionRefused(entity=entity, part=part, rule=rule)


class Seats:
    """Which slots of the plan apply to an entity, by its tags and a mask of parts."""

    def __init__(self, plan: Plan) -> None:
        self._slots = plan.assign.slots
        bits = {part.part: 1 << number for number, part in enumerate(plan.parts)}
        self._masks = [_mask(slot, bits) for slot in self._slots]
        self._known: dict[tuple[str, int], tuple[int, ...]] = {}

    def of(self, tags: str, mask: int) -> tuple[int, ...]:
        """Give the numbers of the slots that apply once each to an entity drawn in these parts."""
        key = (tags, mask)
        if key not in self._known:
            own = Tags(tags)
            self._known[key] = tuple(
                number
                for number, slot in enumerate(self._slots)
                if self._masks[number] & mask and own.has(slot.when)
            )
        return self._known[key]

    def uncovered(self, tags: str, mask: int) -> int:
        """Give the mask of those parts for which no slot would apply to such an entity."""
        covered = 0
        for number in self.of(tags, mask):
            covered |= self._masks[number]
        return mask & ~covered


def _mask(slot: Slot, bits: dict[str, int]) -> int:
    if slot.part == "*":
        return sum(bits.values())
    return sum(bits[part] for part in slot.parts)
