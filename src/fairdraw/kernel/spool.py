"""
Many plain values kept outside memory (暂存): written once, gone through as often as needed.

A register of a million rows would take gigabytes as objects; here it lies in a file without a name, which vanishes
with the process, however that ends.
"""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

#: Less than so many bytes stay in memory.
IN_MEMORY = 8 << 20
#: Without references between values: twice as fast, and nothing here is looked at twice.
PLAIN_VERSION = 2

BlockT = TypeVar("BlockT")


class Spool(Generic[BlockT]):
    """Blocks of texts, numbers, truth values, ``None``, and lists and tuples of them."""

    def __init__(self) -> None:
        """Begin empty."""
        self._file: Any = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- lives as long as the blocks
        self._ends = [0]

    def append(self, block: BlockT) -> None:
        """Add a block, some thousand rows as a rule."""
        self._file.seek(self._ends[-1])
        self._ends.append(self._ends[-1] + self._file.write(marshal.dumps(block, PLAIN_VERSION)))  # type: ignore[arg-type]

    def __len__(self) -> int:
        """How many blocks there are."""
        return len(self._ends) - 1

    def __getitem__(self, place: int) -> BlockT:
        """The block that was added as number *place*, from 0."""
        begin, end = self._ends[place], self._ends[place + 1]
        self._file.seek(begin)
        held: BlockT = marshal.loads(self._file.read(end - begin))  # noqa: S302 -- written here, in a file without a name
        return held

    def __iter__(self) -> Iterator[BlockT]:
        """All blocks, in their order."""
        return map(self.__getitem__, range(len(self)))
