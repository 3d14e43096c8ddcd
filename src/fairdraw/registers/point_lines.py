"""
Check points as lines of text (检查要点的写法): one a line, its parts parted by "|"; for files and forms alike.

A part that holds the sign itself, or a line break, is written with the full-width sign or a blank: it is read back so.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from fairdraw.registers.entries import CheckPoint

SIGN = "|"
PARTS = ("question", "how", "basis", "evidence", "key", "note")


def line(point: CheckPoint) -> str:
    """
    One point: what is asked, how it is checked, its basis, its evidence, whether it is key, what else is said.

    >>> line(CheckPoint("证照是否亮明", evidence="照片"))
    '证照是否亮明|||照片'
    """
    said = {**vars(point), "key": _("重点") if point.key else ""}
    parts = (" ".join(str(said[name]).replace(SIGN, "｜").split()) for name in PARTS)
    return SIGN.join(parts).rstrip(SIGN)


def points(text: str) -> tuple[CheckPoint, ...]:
    """
    The points of a text; a line without a question is none.

    >>> points("证照是否亮明|||照片")[0].evidence
    '照片'
    """
    return tuple(_point(one) for one in text.splitlines() if one.split(SIGN)[0].strip())


def lines(held: Iterable[CheckPoint]) -> str:
    """All points of an item."""
    return "\n".join(line(point) for point in held)


def _point(text: str) -> CheckPoint:
    given = dict(zip(PARTS, (part.strip() for part in text.split(SIGN)), strict=False))
    key = bool(given.pop("key", ""))
    return CheckPoint(key=key, **given)
