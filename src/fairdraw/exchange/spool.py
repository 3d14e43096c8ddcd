"""
Many rows kept outside memory (行的暂存): read once, gone through as often as needed, in the order they came.

A register of a million rows would take gigabytes as objects; here it lies in a file without a name, which vanishes
with the process.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from itertools import starmap
from operator import attrgetter
from typing import Any, TypeVar

#: Less than so many bytes stay in memory.
IN_MEMORY = 8 << 20

RowT = TypeVar("RowT")


class Spool(Collection[RowT]):
    """
    Rows of one dataclass.

    Args:
        made: Their class.
    """

    def __init__(self, made: type[RowT]) -> None:
        self._made = made
        self._values = attrgetter(*(field.name for field in fields(made)))  # type: ignore[arg-type]
        self._file: Any = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- lives as long as the rows
        self._ends = [0]
        self._count = 0

    def extend(self, rows: Sequence[RowT]) -> None:
        """Add some thousand rows."""
        if rows:
            self._file.seek(self._ends[-1])
            pickle.dump(list(map(self._values, rows)), self._file, protocol=pickle.HIGHEST_PROTOCOL)
            self._ends.append(self._file.tell())
            self._count += len(rows)

    def __len__(self) -> int:
        """How many rows there are."""
        return self._count

    def __contains__(self, row: object) -> bool:
        """Whether *row* is among them."""
        return any(one == row for one in self)

    def __iter__(self) -> Iterator[RowT]:
        """All rows, in their order."""
        for begin in self._ends[:-1]:
            self._file.seek(begin)
            yield from starmap(self._made, pickle.load(self._file))  # noqa: S301 -- written here, in a file without a name
