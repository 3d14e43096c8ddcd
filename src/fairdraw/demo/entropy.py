"""
Repeatable "entropy" of a rehearsal (演练): every share, salt, blind and UUID follows from one seed.

Only a rehearsal may use it; the database refuses a live draw under a rehearsal's organisation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


class SeededEntropy:
    """Bytes that follow from a seed and a label, the same on every machine."""

    def __init__(self, seed: int | str, label: str) -> None:
        self._head = f"fairdraw rehearsal\n{seed}\n{label}\n".encode()
        self._count = 0

    def __call__(self, size: int) -> bytes:
        """The next *size* bytes."""
        out = b""
        while len(out) < size:
            out += hashlib.sha256(self._head + str(self._count).encode()).digest()
            self._count += 1
        return out[:size]


class Choices:
    """Repeatable choices of a rehearsal, each from its own label: the order of asking does not matter."""

    def __init__(self, seed: int | str) -> None:
        self._seed = str(seed)

    def below(self, limit: int, *label: object) -> int:
        """A whole number from 0 to *limit* - 1 that belongs to *label*."""
        text = "\x1f".join([self._seed, *map(str, label)])
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") * limit >> 64

    def pick(self, options: Sequence[str], *label: object) -> str:
        """One of *options* that belongs to *label*."""
        return options[self.below(len(options), *label)]

    def weighted(self, options: Sequence[tuple[str, int]], *label: object) -> str:
        """One of *options*, each as often as its weight says."""
        left = self.below(sum(weight for _name, weight in options), *label)
        for name, weight in options:
            left -= weight
            if left < 0:
                return name
        raise AssertionError(options)
