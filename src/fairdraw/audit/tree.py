"""
The Merkle tree of the stored log, read a page of 256 hashes at a time.

Leaves are the entries' own; of the nodes above, every eighth level is kept (:class:`LogNode`), the others are
computed. A root, an inclusion path or a consistency path of a log of millions reads a few pages.

Source: vdraw/1 §14, §15; RFC 9162.
"""

from __future__ import annotations

from django.db.models import QuerySet

from fairdraw.audit.models import LogEntry, LogNode
from fairdraw.kernel import merkle

LEVELS = 8
PAGE = 2**LEVELS


class DamagedTree(RuntimeError):
    """A leaf or a kept node is missing from the database."""


class StoredTree:
    """Hashes of the stored log; one instance for one question, it keeps the pages it has read."""

    def __init__(self, using: str = "default") -> None:
        """Read from the database *using*."""
        self._using = using
        self._pages: dict[tuple[int, int], list[bytes]] = {}

    def subtree(self, start: int, stop: int) -> bytes:
        """The hash over the leaves from *start* up to, and without, *stop*."""
        count = stop - start
        if count == 0:
            return merkle.EMPTY_ROOT
        level = count.bit_length() - 1
        if count == 1 << level and start % count == 0:
            return self._node(level, start >> level)
        middle = start + merkle.split(count)
        return merkle.node_hash(self.subtree(start, middle), self.subtree(middle, stop))

    def root(self, size: int) -> bytes:
        """The root over the first *size* entries."""
        return self.subtree(0, size)

    def _node(self, level: int, index: int) -> bytes:
        tier, above = divmod(level, LEVELS)
        first = index << above
        page = self._page(tier, first // PAGE)
        hashes = page[first % PAGE : first % PAGE + (1 << above)]
        if len(hashes) != 1 << above:
            raise DamagedTree(f"tier {tier}, {first}")
        return merkle.root_of(hashes)

    def _page(self, tier: int, number: int) -> list[bytes]:
        if (tier, number) not in self._pages:
            first = number * PAGE
            pairs = _hashes(tier, first, first + PAGE, self._using)
            if [index for index, _ in pairs] != list(range(first, first + len(pairs))):
                raise DamagedTree(f"tier {tier}, page {number}")
            self._pages[tier, number] = [bytes.fromhex(hex_) for _, hex_ in pairs]
        return self._pages[tier, number]


def complete(seq: int) -> None:
    """Keep the nodes that entry *seq*, just stored, completes."""
    tier, index = 0, seq
    while index % PAGE == PAGE - 1:
        pairs = _hashes(tier, index + 1 - PAGE, index + 1, "default")
        if len(pairs) != PAGE:
            raise DamagedTree(f"tier {tier}, up to {index}")
        root = merkle.root_of(bytes.fromhex(hex_) for _, hex_ in pairs)
        tier, index = tier + 1, index // PAGE
        LogNode.objects.create(tier=tier, index=index, hash=root.hex())


def _hashes(tier: int, start: int, stop: int, using: str) -> list[tuple[int, str]]:
    if tier == 0:
        leaves: QuerySet[LogEntry, tuple[int, str]] = (
            LogEntry.objects.using(using)
            .filter(seq__gte=start, seq__lt=stop)
            .order_by("seq")
            .values_list("seq", "leaf")
        )
        return list(leaves)
    nodes: QuerySet[LogNode, tuple[int, str]] = (
        LogNode.objects.using(using)
        .filter(tier=tier, index__gte=start, index__lt=stop)
        .order_by("index")
        .values_list("index", "hash")
    )
    return list(nodes)
