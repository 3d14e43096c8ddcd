"""
Results that a file gives, found by task and target (检查结果文件): what the file does not say is not made up.

A row names its task by number or name, and its target by code or name; a row without a task serves the first
task that drew its target.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from fairdraw.exchange.services import ResultGiven
from fairdraw.kernel.errors import InvalidInput, Trouble


@dataclass(frozen=True)
class Wanted:
    """The inspection for which a result is sought."""

    number: str
    name: str
    code: str
    target: str


@dataclass
class Given:
    """The rows of a file of results, and which of them were used."""

    rows: Sequence[ResultGiven]
    used: set[int] = field(default_factory=set)
    _places: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place, row in enumerate(self.rows):
            self._places.setdefault((row.task, row.code or row.name), []).append(place)

    def of(self, wanted: Wanted, *, drawn_on: dt.date) -> ResultGiven | None:
        """
        The result of one inspection, ``None`` where the file is silent.

        Raises:
            InvalidInput: The file dates it before its draw; names file, row and column.
        """
        for task in (wanted.number, wanted.name, ""):
            for target in (wanted.code, wanted.target):
                for place in self._places.get((task, target), ()):
                    if not task and place in self.used:
                        continue  # a row without a task serves one task only
                    self.used.add(place)
                    return _dated_after(self.rows[place], drawn_on)
        return None

    def unused(self) -> Iterable[Trouble]:
        """The rows that belong to nothing that was drawn."""
        for place, row in enumerate(self.rows):
            if place not in self.used:
                message = _("%(task)s 没有抽到 %(target)s，这一行没有用上") % {
                    "task": row.task or _("（未写任务）"),
                    "target": row.code or row.name,
                }
                yield replace(row.place, message=message, column="")


def _dated_after(row: ResultGiven, drawn_on: dt.date) -> ResultGiven:
    if row.checked_on < drawn_on:
        trouble = replace(
            row.place,
            message=_("检查日期 %(checked)s 早于抽取日期 %(drawn)s，先抽取后检查，请核对")
            % {"checked": row.checked_on, "drawn": drawn_on},
        )
        raise InvalidInput(str(trouble), code="demo.checked-before-drawn", troubles=(trouble,))
    return row
