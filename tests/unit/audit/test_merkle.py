"""The Merkle tree of the log: the same as the draw's, with proofs that hold and cannot be bent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawcore import merkle as draw_merkle
from drawcore import suites
from fairdraw.kernel import merkle

SHA256 = suites.suite("sha256")


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(str(index).encode()) for index in range(count)]


@given(st.integers(0, 300))
def test_roots_equal_those_of_the_draw(count):
    assert merkle.root_of(leaves(count)) == draw_merkle.root(leaves(count), SHA256)


@given(st.data())
def test_an_inclusion_path_leads_to_the_root_and_equals_that_of_the_draw(data):
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    tree = leaves(size)

    path = merkle.inclusion_path(index, size, merkle.subtree_of(tree))

    assert path == draw_merkle.inclusion_path(tree, index, SHA256)
    assert merkle.root_from_inclusion(index, size, tree[index], path) == merkle.root_of(tree)


@given(st.data())
def test_an_inclusion_path_fits_no_other_place(data):
    size = data.draw(st.integers(2, 100))
    index, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    tree = leaves(size)
    path = merkle.inclusion_path(index, size, merkle.subtree_of(tree))

    assert merkle.root_from_inclusion(other, size, tree[index], path) != merkle.root_of(tree)
    assert merkle.root_from_inclusion(index, size, tree[index], [*path, path[0]]) is None
    assert merkle.root_from_inclusion(size, size, tree[index], path) is None


@given(st.data())
def test_a_consistency_path_proves_the_old_tree_and_equals_that_of_the_draw(data):
    new = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(1, new))
    tree = leaves(new)

    path = merkle.consistency_path(old, new, merkle.subtree_of(tree))

    assert path == draw_merkle.consistency_path(tree, old, SHA256)
    assert merkle.is_consistent(old, new, merkle.root_of(tree[:old]), merkle.root_of(tree), path)


@given(st.data())
def test_a_rewritten_past_is_not_consistent(data):
    new = data.draw(st.integers(2, 200))
    old = data.draw(st.integers(1, new))
    tree = leaves(new)
    stated = merkle.root_of(tree[:old])
    changed = data.draw(st.integers(0, old - 1))
    tree[changed] = merkle.leaf_hash(b"another")

    path = merkle.consistency_path(old, new, merkle.subtree_of(tree))

    assert not merkle.is_consistent(old, new, stated, merkle.root_of(tree), path)


def test_the_empty_tree_begins_every_tree():
    tree = leaves(5)

    assert merkle.consistency_path(0, 5, merkle.subtree_of(tree)) == []
    assert merkle.is_consistent(0, 5, merkle.EMPTY_ROOT, merkle.root_of(tree), [])
    assert not merkle.is_consistent(0, 5, merkle.root_of(tree), merkle.root_of(tree), [])
    assert not merkle.is_consistent(6, 5, merkle.root_of(tree), merkle.root_of(tree), [])
    assert not merkle.is_consistent(3, 5, merkle.root_of(tree[:3]), merkle.root_of(tree), [])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_no_proof_is_made_for_a_leaf_that_is_not_there(index, size):
    with pytest.raises(ValueError, match="leaf"):
        merkle.inclusion_path(index, size, merkle.subtree_of(leaves(size)))


def test_no_proof_is_made_towards_a_smaller_tree():
    with pytest.raises(ValueError, match="leaves"):
        merkle.consistency_path(6, 5, merkle.subtree_of(leaves(5)))


def test_a_consistency_path_that_is_too_long_or_too_short_is_refused():
    tree = leaves(8)
    path = merkle.consistency_path(3, 8, merkle.subtree_of(tree))
    roots = merkle.root_of(tree[:3]), merkle.root_of(tree)

    assert merkle.is_consistent(3, 8, *roots, path)
    assert not merkle.is_consistent(3, 8, *roots, [*path, path[0]])
    assert not merkle.is_consistent(3, 8, *roots, path[:-1])
