"""
The words of a directory of inspectors as codes (编码): the files of a draw hold letters and digits only.

Towns get the codes that the targets' frame has; qualifications, other areas and personal numbers in words get
codes of this rehearsal, in the order of the alphabet, so that two runs give the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from drawcore.shapes import CODE, ID, PIECE
from fairdraw.registers.entries import InspectorEntry, TargetEntry


def coded(people: Sequence[InspectorEntry], targets: Iterable[TargetEntry]) -> list[InspectorEntry]:
    """The inspectors with areas, qualifications and numbers as a draw can write them."""
    towns = {target.town: target.town_code for target in targets if target.town and target.town_code}
    areas = _codes(
        "a", (a for p in people for a in p.areas if a != "*" and a not in towns and not CODE.fullmatch(a))
    )
    skills = _codes("q", (q for p in people for q in p.qualifications if not PIECE.fullmatch(q)))
    numbers = _codes("r", (p.code for p in people if not ID.fullmatch(p.code)))
    return [
        replace(
            person,
            code=numbers.get(person.code, person.code),
            areas=tuple(dict.fromkeys(towns.get(a) or areas.get(a, a) for a in person.areas)),
            qualifications=tuple(skills.get(q, q) for q in person.qualifications),
        )
        for person in people
    ]


def _codes(letter: str, words: Iterable[str]) -> dict[str, str]:
    return {word: f"{letter}{number:03d}" for number, word in enumerate(sorted(set(words)), start=1)}
