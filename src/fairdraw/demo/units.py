"""
The units that the files of a rehearsal name (单位): sections and stations of the bureau, departments beside it.

A real installation has its tree of agencies before anything is imported; a rehearsal on files makes it from
the words of the plan table, of the inspectors and of the targets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fairdraw.demo.cast import Unit
from fairdraw.plans.entries import PlanRowEntry

# How the names of a bureau's own sections end; whoever else takes part is another department.
OWN_SECTION = ("股", "科", "室", "处", "分局")
STATION = "所"
LETTERS = {"section": "g", "station": "s", "department": "p"}


class Units:
    """Every unit that the files name, each once, with a code of its own."""

    def __init__(self) -> None:
        self._by_name: dict[str, Unit] = {}

    def of_plan(self, plan: Sequence[PlanRowEntry]) -> None:
        """Take the initiators of a plan as sections or stations, outside participants as departments."""
        for entry in plan:
            if entry.initiator:
                self._add(entry.initiator, _own_kind(entry.initiator))
        for name in (name for entry in plan for name in entry.participants):
            if not name.endswith((*OWN_SECTION, STATION)):
                self._add(name, "department")

    def of_inspectors(self, names: Iterable[str]) -> None:
        """Take the units of the inspectors, which are the bureau's own unless the plan names them as partners."""
        for name in names:
            self._add(name, _own_kind(name))

    def station(self, name: str) -> str:
        """The code of the station of that name."""
        return self._add(name, "station").code

    def codes(self) -> dict[str, str]:
        """Codes by name."""
        return {name: unit.code for name, unit in self._by_name.items()}

    def cast(self) -> list[Unit]:
        """All of them, in the order in which they were named."""
        return list(self._by_name.values())

    def _add(self, name: str, kind: str) -> Unit:
        held = self._by_name.get(name)
        if held is None:
            number = sum(1 for unit in self._by_name.values() if unit.kind == kind) + 1
            held = self._by_name[name] = Unit(f"{LETTERS[kind]}{number:02d}", name, kind)
        return held


def _own_kind(name: str) -> str:
    return "station" if name.endswith(STATION) else "section"
