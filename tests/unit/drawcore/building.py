"""Small lists and plans for the tests of the draw."""

from collections.abc import Iterable

from drawcore.outcome import Sealed
from drawcore.plan import Allocation, Assign, Part, Plan, Slot, Stratum
from drawcore.prf import Keys
from drawcore.rows import Exclusions, Frame, Officers, Recusals
from drawcore.suites import suite

SHA256 = suite("sha256")
BLIND_KEY = bytes(32)
KEYS = Keys(bytes(32), SHA256, "keyhash")
EACH = Assign("each", (Slot("1"),))

FrameRow = tuple[str, str, str, str]
OfficerRow = tuple[str, str, str, str, int]


def frame(*rows: FrameRow) -> Frame:
    return Frame.build(rows, blind_key=BLIND_KEY, suite=SHA256)


def officers(*rows: OfficerRow) -> Officers:
    return Officers.build(rows, blind_key=BLIND_KEY, suite=SHA256)


def excluded(*rows: tuple[str, str, str]) -> Exclusions:
    return Exclusions.build(rows, blind_key=BLIND_KEY, suite=SHA256)


def fixed(take: int, *, reserve: int = 0) -> Allocation:
    return Allocation("fixed", (Stratum("N", reserve, take=take),))


def part(alloc: Allocation, code: str = "T", *, scope: str = "*", by: str = "none", key: str = "k") -> Part:
    return Part(code, "main", scope, by, key, alloc)


def sealed(
    rows: Iterable[FrameRow],
    people: Iterable[OfficerRow] = (("P1", "MR", "*", "*", 0),),
    *,
    parts: tuple[Part, ...] = (),
    assign: Assign = EACH,
    recusals: Iterable[tuple[str, str]] = (),
    left_out: Iterable[tuple[str, str, str]] = (),
) -> Sealed:
    return Sealed(
        Plan(("gone",), parts or (part(fixed(1)),), assign),
        frame(*rows),
        excluded(*left_out),
        officers(*people),
        Recusals.build(recusals),
    )
