"""
Merkle trees (默克尔树): a root that stands for a list, short proofs that a row is in it.

The tree of RFC 6962 and RFC 9162 over SHA-256: ``leaf = H(0x00 || row)``, ``node = H(0x01 || left || right)``,
a last odd node is carried up unchanged, the root of an empty list is ``H("")``.

A tree is read through one question, :data:`Subtree`: what is the hash over the leaves from *start* up to, and
without, *stop*? A short list answers it by hashing; the stored log answers it from kept nodes.

Source: vdraw/1 §5, §14, §15.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

Subtree = Callable[[int, int], bytes]

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(row: bytes) -> bytes:
    """The leaf (32 bytes) of one row, given without its line end."""
    return sha256(b"\x00" + row).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node (32 bytes) above two hashes."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root (32 bytes) over *leaves*, which may be a stream."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()


class Frontier:
    """
    The right edge of a growing tree: the roots of its complete subtrees, largest first.

    Enough to go on adding leaves and to tell the root at any moment, in memory that grows with the
    logarithm of the size.
    """

    def __init__(self) -> None:
        """Start with the empty tree."""
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add the next leaf."""
        self._peaks.append(leaf)
        self.size += 1
        whole = self.size
        while whole % 2 == 0:
            right, left = self._peaks.pop(), self._peaks.pop()
            self._peaks.append(node_hash(left, right))
            whole //= 2

    def root(self) -> bytes:
        """The root over the leaves added so far."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def split(count: int) -> int:
    """The largest power of two below *count* (at least 2): where a tree of *count* leaves divides."""
    return 1 << (count - 1).bit_length() - 1


def subtree_of(leaves: Sequence[bytes]) -> Subtree:
    """Answer :data:`Subtree` for a list of leaves held in memory."""
    return lambda start, stop: root_of(leaves[start:stop])


def inclusion_path(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """
    Prove that leaf *index* is in the tree of *size* leaves.

    Returns:
        The hashes beside the way from the leaf to the root, lowest first (RFC 9162, 2.1.3.1).

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} of a tree of {size}")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + split(stop - start)
        if index < middle:
            path.append(subtree(middle, stop))
            stop = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_path(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """
    Prove that the tree of *new* leaves begins with the tree of *old* leaves.

    Returns:
        The hashes of RFC 9162, 2.1.4.1; none where *old* is 0 or equals *new*.

    Raises:
        ValueError: *old* is larger than *new*.
    """
    if not 0 <= old <= new:
        raise ValueError(f"from {old} leaves to {new}")
    if old in {0, new}:
        return []
    path: list[bytes] = []
    start, stop, known = 0, new, True  # known: the verifier holds the root over [start, old)
    while stop != old:
        middle = start + split(stop - start)
        if old <= middle:
            path.append(subtree(middle, stop))
            stop = middle
        else:
            path.append(subtree(start, middle))
            start, known = middle, False
    if not known:
        path.append(subtree(start, stop))
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """The root that *path* leads to from *leaf*, or ``None`` where its length is wrong (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    place, last, root = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if place % 2 or place == last:
            root = node_hash(sibling, root)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            root = node_hash(root, sibling)
        place, last = place // 2, last // 2
    return root if last == 0 else None


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether *path* shows that the tree with *new_root* begins with that of *old_root* (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    whole = old & (old - 1) == 0
    hashes = [old_root, *path] if whole else list(path)
    if not hashes:
        return False
    place, last = old - 1, new - 1
    while place % 2:
        place, last = place // 2, last // 2
    old_way = new_way = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            old_way, new_way = node_hash(sibling, old_way), node_hash(sibling, new_way)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            new_way = node_hash(new_way, sibling)
        place, last = place // 2, last // 2
    return last == 0 and old_way == old_root and new_way == new_root
