"""What holds for the byte forms: canonical JSON, line files, Merkle trees, signatures."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from drawcore import canonical, ed25519, merkle
from drawcore.errors import FileRefused
from drawcore.rows import Frame
from drawcore.suites import suite
from tests.property.drawcore.strategies import BLIND_KEY

SHA256 = suite("sha256")
names = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True)
plain = (
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8"))
)
values = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(names, inner), max_leaves=12)
trees = st.lists(st.binary(max_size=4), min_size=1, max_size=40)


@given(value=values)
def test_a_document_is_read_as_it_was_written(value):
    data = canonical.encode(value)

    assert canonical.parse(data) == value
    assert json.loads(data) == value


@given(value=values)
def test_only_one_byte_form_of_a_document_is_accepted(value):
    spaced = json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
    escaped = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    for other in (spaced, escaped, canonical.encode(value) + b"\n"):
        if other == canonical.encode(value):
            continue
        try:
            canonical.parse(other)
        except FileRefused:
            continue
        raise AssertionError(other)


@given(data=st.binary(max_size=60))
def test_no_bytes_make_the_reader_fail_otherwise_than_by_refusing(data):
    try:
        value = canonical.parse(data)
    except FileRefused:
        return
    assert canonical.encode(value) == data


@given(lines=trees, data=st.data())
def test_every_line_is_proved_to_be_in_its_tree_and_nowhere_else(lines, data):
    tree = merkle.leaves(lines, SHA256)
    index = data.draw(st.integers(0, len(tree) - 1))
    path = merkle.inclusion_path(tree, index, SHA256)
    root = merkle.root(tree, SHA256)

    assert merkle.root_by_path(tree[index], index, len(tree), path, SHA256) == root
    assert merkle.root_by_path(tree[index], index, len(tree), [*path, root], SHA256) is None
    assert merkle.earlier_root(tree[index], index, len(tree), path, SHA256) == merkle.root(
        tree[: index + 1], SHA256
    )
    for other in range(len(tree)):
        if other != index:
            assert merkle.root_by_path(tree[index], other, len(tree), path, SHA256) != root or (
                tree[other] == tree[index]
            )


@given(lines=trees, data=st.data())
def test_a_log_that_grew_is_told_from_one_that_was_rewritten(lines, data):
    tree = merkle.leaves(lines, SHA256)
    first = data.draw(st.integers(1, len(tree)))
    path = merkle.consistency_path(tree, first, SHA256)
    old, new = merkle.root(tree[:first], SHA256), merkle.root(tree, SHA256)
    other = merkle.root([*tree[: first - 1], bytes(32)], SHA256)

    assert merkle.is_consistent(first, old, len(tree), new, path, SHA256)
    assert not merkle.is_consistent(first, other, len(tree), new, path, SHA256)
    assert not merkle.is_consistent(first, old, len(tree), other, path, SHA256)
    assert not merkle.is_consistent(first, old, len(tree), new, [*path, new], SHA256)


@settings(max_examples=15)
@given(secret=st.binary(min_size=32, max_size=32), message=st.binary(), place=st.integers(0, 511))
def test_a_signature_holds_for_its_message_alone(secret, message, place):
    public, signature = ed25519.public_key(secret), ed25519.sign(secret, message)
    changed = bytearray(signature)
    changed[place // 8] ^= 1 << place % 8

    assert ed25519.verify(public, message, signature)
    assert not ed25519.verify(public, message + b"!", signature)
    assert not ed25519.verify(public, message, bytes(changed))


@given(
    tags=st.lists(st.sampled_from(["kind.A", "food", "risk.9"]), unique=True),
    unit=st.sampled_from(["S1", "-"]),
)
def test_a_frame_is_read_as_it_was_built(tags, unit):
    row = ("91350524MA2Y9GDW0X", unit, "-", ",".join(tags) or "-")
    frame = Frame.build([row], blind_key=BLIND_KEY, suite=SHA256)

    assert Frame.parse(frame.data) == frame
    assert (frame.ids[0], frame.units[0], frame.areas[0], frame.tags[0]) == row
