"""
Kinds of public numbers (公开随机数): the form of their rounds and values, and when they may come.

A number is produced after the reveals have closed; nobody knew it before. 号码球 (``dice``) is the
default.

Source: vdraw/1 §7.4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

DRAND_GENESIS = 1692803367
DRAND_PERIOD = 3
DRAND_CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"

_YEAR7 = re.compile(r"20[0-9]{5}")
_YEAR5 = re.compile(r"[0-9]{5}")
_PERIOD = re.compile(r"[0-9]{5,7}")


def _ascending(text: str, count: int, most: int) -> bool:
    if not re.fullmatch(r"[0-9]{2}(?:,[0-9]{2})*", text):
        return False
    balls = [int(ball) for ball in text.split(",")]
    return len(balls) == count and balls == sorted(set(balls)) and balls[0] >= 1 and balls[-1] <= most


def _two_zones(front: tuple[int, int], back: tuple[int, int]) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        zones = value.split("+")
        return len(zones) == 2 and _ascending(zones[0], *front) and _ascending(zones[1], *back)

    return fits


def _form(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, value) is not None


@dataclass(frozen=True)
class Kind:
    """One kind of number: forms of round and value, seconds it must come after the reveals."""

    round: re.Pattern[str]
    fits: Callable[[str], bool]
    after: int


_DICE = Kind(re.compile(r"[0-9A-Za-z._:-]{1,36}"), _form("[0-9]{20,200}"), 0)

KINDS = {
    "dice": _DICE,
    "cwl-kl8": Kind(_YEAR7, lambda value: _ascending(value, 20, 80), 600),
    "cwl-ssq": Kind(_YEAR7, _two_zones((6, 33), (1, 16)), 600),
    "tc-dlt": Kind(_YEAR5, _two_zones((5, 35), (2, 12)), 600),
    "cwl-3d": Kind(_PERIOD, _form("[0-9](?:,[0-9]){2}"), 600),
    "tc-pl5": Kind(_PERIOD, _form("[0-9](?:,[0-9]){4}"), 600),
    "drand-quicknet": Kind(re.compile(r"[1-9][0-9]{0,14}"), _form("[0-9a-f]{96}"), 60),
    "nist2": Kind(re.compile(r"(?:0|[1-9][0-9]{0,14}):(?:0|[1-9][0-9]{0,14})"), _form("[0-9A-F]{128}"), 60),
}
NAMES: Sequence[str] = tuple(KINDS)


def round_fits(kind: str, round_: str) -> bool:
    """Tell whether *round_* has the form of a round of *kind*."""
    return KINDS[kind].round.fullmatch(round_) is not None


def value_fits(kind: str, value: str) -> bool:
    """Tell whether *value* has the form of a value of *kind*."""
    return KINDS[kind].fits(value)


def drand_time(round_: int) -> int:
    """Give the Unix time at which drand quicknet publishes *round_*."""
    return DRAND_GENESIS + (round_ - 1) * DRAND_PERIOD


def time_fits(kind: str, round_: str, *, reveal_by: int, beacon_from: int) -> bool:
    """
    Tell whether the scheduled time of the number is late enough, and the right one for drand.

    For ``dice`` it is 0: balls are drawn as soon as the reveals have closed, the log gives the order.

    Source: vdraw/1 §6.2, §7.4.
    """
    if kind == "dice":
        return beacon_from == 0
    if kind == "drand-quicknet" and beacon_from != drand_time(int(round_)):
        return False
    return beacon_from >= reveal_by + KINDS[kind].after
