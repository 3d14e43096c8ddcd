"""
Merkle trees (默克尔树): one hash for a whole list, with short proofs for single lines.

Leaves are ``H(0x00 || line)``, nodes ``H(0x01 || left || right)``; a last odd node is carried up.

Source: vdraw/1 §5; RFC 6962 2.1; RFC 9162 2.1.3 and 2.1.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from drawcore.suites import Suite


def leaf(data: bytes, suite: Suite) -> bytes:
    """Hash one line or entry into a leaf."""
    return suite.hash(b"\x00" + data)


def leaves(lines: Iterable[bytes], suite: Suite) -> list[bytes]:
    """Hash every line (without its newline) into a leaf."""
    hash_ = suite.hash
    return [hash_(b"\x00" + line) for line in lines]


def root(leaves: Sequence[bytes], suite: Suite) -> bytes:
    """Give the root over *leaves*, 32 bytes; of no leaves it is ``H("")``."""
    if not leaves:
        return suite.hash(b"")
    level = list(leaves)
    while len(level) > 1:
        level = _above(level, suite)
    return level[0]


def _above(level: list[bytes], suite: Suite) -> list[bytes]:
    hash_ = suite.hash
    above = [hash_(b"\x01" + left + right) for left, right in zip(level[::2], level[1::2], strict=False)]
    if len(level) % 2:
        above.append(level[-1])
    return above


def inclusion_path(leaves: Sequence[bytes], index: int, suite: Suite) -> list[bytes]:
    """
    Make the proof that leaf *index* is in the tree: the sibling hashes from the bottom up.

    Raises:
        IndexError: there is no such leaf.

    Source: RFC 9162 2.1.3.1.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path = []
    level = list(leaves)
    while len(level) > 1:
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        index //= 2
        level = _above(level, suite)
    return path


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes], suite: Suite) -> bytes | None:
    """
    Compute the root of a tree of *size* to which *path* leads from *leaf* at *index*.

    Returns:
        The root, or ``None`` if a path of this length cannot belong to that place.

    Source: RFC 9162 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    here, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if here & 1 or here == last:
            value = suite.hash(b"\x01" + sibling + value)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            value = suite.hash(b"\x01" + value + sibling)
        here, last = here >> 1, last >> 1
    return value if last == 0 else None


def earlier_root(leaf: bytes, index: int, size: int, path: Sequence[bytes], suite: Suite) -> bytes:
    """
    Compute the root of the first *index* + 1 leaves of *size* from the inclusion path of that last one.

    The left siblings on the path are exactly the complete subtrees before it, so the root of a
    checkpoint made right after an entry follows from that entry's path in any later tree.
    *path* must have been accepted by :func:`root_by_path`.

    Source: RFC 9162 2.1.4.1 (the same subtrees).
    """
    value, here, last = leaf, index, size - 1
    siblings = iter(path)
    while here:
        if here & 1:
            value = suite.hash(b"\x01" + next(siblings) + value)
        elif here < last:
            next(siblings)
        here, last = here >> 1, last >> 1
    return value


def consistency_path(leaves: Sequence[bytes], first: int, suite: Suite) -> list[bytes]:
    """
    Make the proof that the tree of the *first* leaves is a beginning of the whole tree.

    Raises:
        IndexError: *first* is not between 1 and the number of leaves.

    Source: RFC 9162 2.1.4.1.
    """
    if not 1 <= first <= len(leaves):
        raise IndexError(first)
    return _subproof(list(leaves), first, True, suite)


def _subproof(part: list[bytes], first: int, known: bool, suite: Suite) -> list[bytes]:
    if first == len(part):
        return [] if known else [root(part, suite)]
    split = 1 << (len(part) - 1).bit_length() - 1
    if first <= split:
        return [*_subproof(part[:split], first, known, suite), root(part[split:], suite)]
    return [*_subproof(part[split:], first - split, False, suite), root(part[:split], suite)]


def is_consistent(
    first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes], suite: Suite
) -> bool:
    """
    Tell whether *path* proves that the tree of size *first* is a beginning of the one of *second*.

    Source: RFC 9162 2.1.4.2.
    """
    if not 1 <= first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    hashes = list(path)
    if first & (first - 1) == 0:
        hashes.insert(0, first_root)
    if not hashes:
        return False
    here, last = first - 1, second - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = suite.hash(b"\x01" + sibling + old), suite.hash(b"\x01" + sibling + new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = suite.hash(b"\x01" + new + sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
