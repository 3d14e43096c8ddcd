"""
Which item of the list a plan table means by its wording (事项写法对照): comparable forms and likeness, pure and exact.

Four grades, best first: the item's name; a remembered wording; the same but for punctuation and for words that every
item has (对…的监督检查); likeness of characters. Only the first two are known; the others are offers to a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from fairdraw.kernel.text import gettext_noop as _

OFFERED = 3
LEAST = 0.34  # below that two wordings share little more than 检查
_MARKS = re.compile(r"[^\w]+|_")
_TAIL = re.compile(
    r"(?:情况)?的?(?:监督检查|(?<!监督)检查|(?<!监督)抽查)$"
)  # 监督抽查 takes samples: another thing


class Grade(IntEnum):
    """How a wording leads to an item, the best first."""

    EXACT = 0
    ALIAS = 1
    NORMALISED = 2
    SIMILAR = 3


GRADES = {
    Grade.EXACT: _("名称一致"),
    Grade.ALIAS: _("已记住"),
    Grade.NORMALISED: _("仅标点或通用词不同"),
    Grade.SIMILAR: _("相近"),
}


@dataclass(frozen=True)
class Suggestion:
    """An item that a wording may mean."""

    key: int
    grade: Grade
    likeness: float

    @property
    def is_sure(self) -> bool:
        """Whether anything but marks and common words differs."""
        return self.grade <= Grade.NORMALISED


def plain(text: str) -> str:
    """
    A wording without what typing differs in: widths of characters, blanks.

    >>> plain("广告（含 网络）检查")
    '广告(含网络)检查'
    """
    return "".join(unicodedata.normalize("NFKC", text).split())


def core(text: str) -> str:
    """
    What is left of a wording without punctuation and without the words that every item has.

    >>> core("对广告发布行为的监督检查"), core("广告发布行为抽查"), core("产品质量监督抽查"), core("检查")
    ('广告发布行为', '广告发布行为', '产品质量监督抽查', '检查')
    """
    bare = _MARKS.sub("", plain(text)).lower().removeprefix("对")
    return _TAIL.sub("", bare) or bare


def _pairs(text: str) -> Counter[str]:
    framed = f" {text} "
    return Counter(framed[i : i + 2] for i in range(len(framed) - 1))


def _alike(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / (one.total() + other.total())


def likeness(one: str, other: str) -> float:
    """
    How alike two wordings are, from 0 to 1: the share of pairs of neighbouring characters that they have in common.

    >>> likeness("广告检查", "广告检查"), likeness("广告检查", "特种设备") < 0.1
    (1.0, True)
    """
    return _alike(_pairs(core(one)), _pairs(core(other)))


class Names:
    """The names and remembered wordings of a list, prepared once for many questions."""

    def __init__(self, names: Mapping[int, str], aliases: Iterable[tuple[str, int]] = ()) -> None:
        """
        Prepare.

        Args:
            names: The items that may be meant, by key.
            aliases: Remembered wordings, each with the key of its item; of items that may not be meant as well.
        """
        self._exact: dict[str, list[int]] = {}
        for key, name in names.items():
            self._exact.setdefault(plain(name), []).append(key)
        self._aliases = {plain(wording): key for wording, key in aliases if key in names}
        self._cores = [(key, core(name), _pairs(core(name))) for key, name in names.items()]

    def known(self, wording: str) -> int | None:
        """The item that *wording* surely means: by its name where one item has it, or remembered."""
        asked = plain(wording)
        held = self._exact.get(asked, [])
        return held[0] if len(held) == 1 else self._aliases.get(asked)

    def suggestions(self, wording: str, *, most: int = OFFERED) -> list[Suggestion]:
        """The items that *wording* may mean, the likeliest first; equal ones in the order of the list."""
        asked, middle = plain(wording), core(wording)
        pairs = _pairs(middle)
        exact, alias = set(self._exact.get(asked, [])), self._aliases.get(asked)
        found = []
        for key, held, held_pairs in self._cores:
            degree = _alike(pairs, held_pairs)
            if key in exact:
                found.append(Suggestion(key, Grade.EXACT, 1.0))
            elif key == alias:
                found.append(Suggestion(key, Grade.ALIAS, 1.0))
            elif held == middle:
                found.append(Suggestion(key, Grade.NORMALISED, 1.0))
            elif degree >= LEAST:
                found.append(Suggestion(key, Grade.SIMILAR, degree))
        found.sort(key=lambda one: (one.grade, -one.likeness))
        return found[:most]

    def sure(self, wording: str) -> int | None:
        """The one item that nothing but marks and common words keeps apart from *wording*; nothing where two could be."""
        offered = [one for one in self.suggestions(wording, most=2) if one.is_sure]
        best = [one for one in offered if one.grade == offered[0].grade] if offered else []
        return best[0].key if len(best) == 1 else None
