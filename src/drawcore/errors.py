"""
What can go wrong in a draw: one small tree of errors that carry a code and plain data.

Nothing here holds a sentence for an officer; the callers have those (the verifier in
``messages``, the product in its own stage). Branch on the type, read the attributes.

Source: vdraw/1 §4, §6.3, §7, §12, §16.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar


class DrawError(ValueError):
    """Anything that makes a draw, a seal or a bundle unacceptable."""

    code: ClassVar[str] = "draw.error"

    @property
    def data(self) -> dict[str, object]:
        """Give the attributes of this error by name, for logs and messages."""
        return {item.name: getattr(self, item.name) for item in fields(self)}  # type: ignore[arg-type]

    def __str__(self) -> str:
        return f"{self.code} " + " ".join(f"{name}={value}" for name, value in self.data.items())


@dataclass(eq=False)
class SuiteMissing(DrawError):
    """The hash suite is unknown, or this machine's OpenSSL lacks it (never fall back)."""

    code: ClassVar[str] = "draw.suite-missing"
    suite: str


@dataclass(eq=False)
class PrfUnknown(DrawError):
    """The name of the function that makes the random numbers is not one of the protocol's."""

    code: ClassVar[str] = "draw.prf-unknown"
    prf: str


@dataclass(eq=False)
class FileRefused(DrawError):
    """A document or line file is not in its one allowed form; *where* is a line or a path in it."""

    code: ClassVar[str] = "draw.file-refused"
    file: str
    where: str
    reason: str


@dataclass(eq=False)
class Mismatch(DrawError):
    """Two things that must agree do not: *what* names them, *where* the entity or line."""

    code: ClassVar[str] = "draw.mismatch"
    what: str
    where: str = ""


@dataclass(eq=False)
class SealRefused(DrawError):
    """The seal breaks a rule of levels, deadlines, persons, offices or sources (section 6)."""

    code: ClassVar[str] = "draw.seal-refused"
    rule: str


@dataclass(eq=False)
class AttemptRefused(DrawError):
    """A repeated attempt does not carry over what it must (*rule* names the first such key)."""

    code: ClassVar[str] = "draw.attempt-refused"
    attempt: int
    rule: str


@dataclass(eq=False)
class SeedRefused(DrawError):
    """The shares do not make a seed of this seal; *source* is the person concerned, if one is."""

    code: ClassVar[str] = "draw.seed-refused"
    rule: str
    source: str = ""


class SealingRefused(DrawError):
    """The lists and the plan must not be sealed as they are (section 6.3)."""

    code: ClassVar[str] = "sealing.refused"


@dataclass(eq=False)
class EmptyFrame(SealingRefused):
    """Nobody is in the frame."""

    code: ClassVar[str] = "sealing.empty-frame"


@dataclass(eq=False)
class EmptyPart(SealingRefused):
    """Nobody of the frame is in the scope of the part."""

    code: ClassVar[str] = "sealing.empty-part"
    part: str


@dataclass(eq=False)
class NobodyDrawn(SealingRefused):
    """The part would draw nobody."""

    code: ClassVar[str] = "sealing.nobody-drawn"
    part: str


@dataclass(eq=False)
class StratumUnnamed(SealingRefused):
    """The plan gives no size for a stratum that occurs in the part."""

    code: ClassVar[str] = "sealing.stratum-unnamed"
    part: str
    stratum: str


@dataclass(eq=False)
class TotalUnreachable(SealingRefused):
    """The total cannot be placed: every stratum with a weight is full (W = 0, R > 0)."""

    code: ClassVar[str] = "sealing.total-unreachable"
    part: str
    left: int


@dataclass(eq=False)
class FloorMissed(SealingRefused):
    """The part draws fewer than its legal floor."""

    code: ClassVar[str] = "sealing.floor-missed"
    part: str
    drawn: int
    floor: int


@dataclass(eq=False)
class TagRefused(SealingRefused):
    """An entity carries two values of one tag, or one that is not a number in its range."""

    code: ClassVar[str] = "sealing.tag-refused"
    entity: str
    tag: str


@dataclass(eq=False)
class EntityOfNoPart(SealingRefused):
    """A row of the frame is in no part."""

    code: ClassVar[str] = "sealing.entity-of-no-part"
    entity: str


@dataclass(eq=False)
class ExclusionRefused(SealingRefused):
    """A row of the exclusions contradicts plan or frame; *rule* says how."""

    code: ClassVar[str] = "sealing.exclusion-refused"
    entity: str
    part: str
    rule: str


@dataclass(eq=False)
class NoSlot(SealingRefused):
    """No slot would apply to the entity if this part draws it."""

    code: ClassVar[str] = "sealing.no-slot"
    entity: str
    part: str


@dataclass(eq=False)
class TooFewOfficers(SealingRefused):
    """Mode ``each``: *eligible* officers at the entity, more than *needed* - 1 are required."""

    code: ClassVar[str] = "sealing.too-few-officers"
    entity: str
    unit: str
    slot: str
    dept: str
    eligible: int
    needed: int


@dataclass(eq=False)
class TooFewTeams(SealingRefused):
    """Mode ``cluster``: *teams* of the department reach the unit, *needed* are required."""

    code: ClassVar[str] = "sealing.too-few-teams"
    entity: str
    unit: str
    dept: str
    teams: int
    needed: int


@dataclass(eq=False)
class TeamRefused(SealingRefused):
    """A standing team has not exactly one officer for every slot of its department."""

    code: ClassVar[str] = "sealing.team-refused"
    dept: str
    team: str
    rule: str


@dataclass(eq=False)
class NobodyLeft(DrawError):
    """No successor exists under the rules; the approver may add officers by a supplement."""

    code: ClassVar[str] = "draw.nobody-left"
    entity: str
    what: str


@dataclass(eq=False)
class ChangeRefused(DrawError):
    """A replacement or extension asks for something the draw does not contain."""

    code: ClassVar[str] = "draw.change-refused"
    rule: str
    about: str
