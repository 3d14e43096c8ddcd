"""
The rows of a list drawn elsewhere (外部名单的行): how each was matched, or why it goes back to the sender (N14).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from fairdraw.kernel.text import gettext_noop
from fairdraw.registers.models import Target


class How(StrEnum):
    """By what a row was matched (匹配方式), in the order in which it is tried; the last is a person's choice."""

    CODE = "code"
    FORMER_CODE = "former_code"
    NAME = "name"
    FORMER_NAME = "former_name"
    FOLDED = "folded"
    CHOSEN = "chosen"


class Back(StrEnum):
    """Why a row goes back (退回原因)."""

    UNKNOWN = "unknown"
    FOREIGN = "foreign"
    DEAD = "dead"
    DIFFERS = "differs"
    UNDECIDED = "undecided"
    REPEATED = "repeated"
    UNREADABLE = "unreadable"


HOW_LABELS = {
    How.CODE: gettext_noop("代码一致"),
    How.FORMER_CODE: gettext_noop("原代码一致"),
    How.NAME: gettext_noop("名称一致"),
    How.FORMER_NAME: gettext_noop("曾用名一致"),
    How.FOLDED: gettext_noop("名称一致（不计全半角、空格、括号）"),
    How.CHOSEN: gettext_noop("人工认定"),
}
BACK_LABELS = {
    Back.UNKNOWN: gettext_noop("名录库中没有"),
    Back.FOREIGN: gettext_noop("不属本辖区"),
    Back.DEAD: gettext_noop("已注销、吊销、撤销"),
    Back.DIFFERS: gettext_noop("代码与名录库不一致"),
    Back.UNDECIDED: gettext_noop("同名多户，无法认定"),
    Back.REPEATED: gettext_noop("名单中重复"),
    Back.UNREADABLE: gettext_noop("无法识别"),
}
BACK_KEY = "back."


@dataclass(frozen=True)
class MatchedRow:
    """A row of the list, the target that it names, and by what; *name* as the sender wrote it."""

    row: int
    target: Target
    how: How = How.CODE
    name: str = ""


@dataclass(frozen=True)
class ReturnedEntry:
    """A row of the list that cannot be checked here, and why (退回)."""

    row: int
    name: str
    code: str
    reason: str
    why: Back = Back.UNKNOWN


def tally(matched: Iterable[MatchedRow], returned: Iterable[ReturnedEntry]) -> dict[str, int]:
    """How many rows were matched by what, and went back for what, as ``ListOrigin.matched`` keeps it."""
    ways = Counter(str(row.how) for row in matched)
    backs = Counter(f"{BACK_KEY}{row.why}" for row in returned)
    return dict(sorted((ways + backs).items()))


def ways(held: Mapping[str, int]) -> list[tuple[str, int]]:
    """The counted ways of matching in words, in their order."""
    return [(_(label), held[how]) for how, label in HOW_LABELS.items() if held.get(how)]


def backs(held: Mapping[str, int]) -> list[tuple[str, int]]:
    """The counted reasons of going back in words, in their order."""
    found = ((label, held.get(BACK_KEY + why, 0)) for why, label in BACK_LABELS.items())
    return [(_(label), count) for label, count in found if count]
