"""
The fonts printed documents embed, and which characters they can show.

Noto Serif SC for text, Noto Sans SC for headings, both from the wheel, never from the system: the same
input gives the same bytes on every machine (公文 fonts may not be redistributed; Word files name them).

typst prints nothing, and says nothing, for a character without a glyph. **Decision**: a document is
never refused because of one rare character, for then that enterprise could have no notice at all; each
such character is printed as 〓 (the printer's mark for a missing sort), and the foot of the same
document says which characters it stands for by code point, to be written in by hand. A form that prefers
to stop earlier asks ``require_glyphs``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from django.utils.translation import gettext as _

from fairdraw.kernel.errors import InvalidInput, Trouble

SUBSTITUTE = "〓"


class MissingGlyph(InvalidInput):
    """A character that the document fonts cannot show."""

    code = "documents.missing-glyph"


def font_directory() -> Path:
    """The folder of the two fonts."""
    return Path(pylopdf_fonts_zh_cn.serif_path()).parent


@cache
def covered() -> frozenset[str]:
    """Every character that both fonts can show."""
    faces = (pylopdf_fonts_zh_cn.serif_path(), pylopdf_fonts_zh_cn.sans_path())
    serif, sans = (_characters(Path(face).read_bytes()) for face in faces)
    return serif & sans


def missing_glyphs(text: str) -> set[str]:
    """The characters of *text* that printed documents cannot show; line breaks count as shown."""
    return set(text) - covered() - {"\n"}


def require_glyphs(named: Iterable[tuple[str, str]]) -> None:
    """
    Refuse texts with characters that cannot be printed.

    Args:
        named: Pairs of a field's name and its text.

    Raises:
        MissingGlyph: Names every such character, its code point and its field.
    """
    troubles = tuple(
        Trouble(
            _("字库中没有“%(char)s”（%(code)s），请改用规范字，或打印后手工补写") % describe(char),
            column=name,
        )
        for name, text in named
        for char in sorted(missing_glyphs(text))
    )
    if troubles:
        raise MissingGlyph(str(troubles[0]), troubles=troubles)


def describe(char: str) -> dict[str, str]:
    """A character and its code point in the usual notation."""
    return {"char": char, "code": f"U+{ord(char):04X}"}


def _characters(font: bytes) -> frozenset[str]:
    """Read the character map (cmap, format 12 or 4) of an OpenType font."""
    tables = struct.unpack(">H", font[4:6])[0]
    for index in range(tables):
        tag, _sum, start, _length = struct.unpack(">4sIII", font[12 + 16 * index : 28 + 16 * index])
        if tag == b"cmap":
            break
    else:
        raise ValueError("the font has no character map")
    found: set[int] = set()
    for index in range(struct.unpack(">H", font[start + 2 : start + 4])[0]):
        offset = struct.unpack(">I", font[start + 8 + 8 * index : start + 12 + 8 * index])[0]
        found |= _subtable(font, start + offset)
    return frozenset(map(chr, found))


def _subtable(font: bytes, at: int) -> set[int]:
    kind = struct.unpack(">H", font[at : at + 2])[0]
    if kind == 12:
        groups = struct.unpack(">I", font[at + 12 : at + 16])[0]
        rows = struct.iter_unpack(">III", font[at + 16 : at + 16 + 12 * groups])
        return {
            point for first, last, glyph in rows for point in range(first, last + 1) if glyph or point > first
        }
    if kind == 4:
        return _segments(font, at)
    return set()


def _segments(font: bytes, at: int) -> set[int]:
    count = struct.unpack(">H", font[at + 6 : at + 8])[0] // 2

    def column(number: int, sign: str = "H") -> tuple[int, ...]:
        begin = at + 14 + 2 * count * number + (2 if number else 0)
        return struct.unpack(f">{count}{sign}", font[begin : begin + 2 * count])

    ends, starts, deltas, offsets = column(0), column(1), column(2, "h"), column(3)
    found: set[int] = set()
    for index in range(count):
        for point in range(starts[index], min(ends[index], 0xFFFE) + 1):
            glyph = point
            if offsets[index]:
                place = at + 16 + 6 * count + 2 * index + offsets[index] + 2 * (point - starts[index])
                glyph = struct.unpack(">H", font[place : place + 2])[0]
                if not glyph:
                    continue
            if (glyph + deltas[index]) & 0xFFFF:
                found.add(point)
    return found
