"""
The words of a directory of inspectors as the rehearsal's own codes (编码).

The files of a draw match areas by station: a town becomes the stations of its targets. Numbers in words get codes in
the order of the alphabet, so that two runs give the same; other words are coded where a draw writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from drawcore.shapes import ID
from fairdraw.registers.entries import InspectorEntry


def coded(people: Sequence[InspectorEntry], towns: Iterable[tuple[str, str]]) -> list[InspectorEntry]:
    """The inspectors with areas and numbers as a draw can match them; *towns* names each with a station's code."""
    stations: dict[str, set[str]] = {}
    for town, station in towns:
        if town and station:
            stations.setdefault(town, set()).add(station)
    words = sorted({person.code for person in people if not ID.fullmatch(person.code)})
    numbers = {word: f"r{number:03d}" for number, word in enumerate(words, start=1)}
    return [
        replace(
            person,
            code=numbers.get(person.code, person.code),
            areas=tuple(
                dict.fromkeys(place for area in person.areas for place in sorted(stations.get(area, {area})))
            ),
        )
        for person in people
    ]
