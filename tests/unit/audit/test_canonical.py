"""The canonical form of what is hashed, and that the product and the draw's core write the same bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawcore import canonical as draw_canonical
from fairdraw.kernel import canonical

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)
TEXT = st.text(st.characters(exclude_categories=("Cs",)))
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_a_document_reads_back_and_equals_what_the_draw_writes(value):
    written = canonical.encode(value)

    assert canonical.decode(written) == value
    assert written == draw_canonical.encode(value)


def test_keys_are_sorted_and_chinese_stands_as_it_is():
    assert (
        canonical.encode({"n": 10, "a": ["初始名单", True, None]})
        == '{"a":["初始名单",true,null],"n":10}'.encode()
    )


@pytest.mark.parametrize(
    "value",
    [1.5, 2**53, -(2**53), {"Big": 1}, {"a" * 33: 1}, {"": 1}, {1: 2}, "\ud800", {"a": b"x"}, {"a": {1, 2}}],
)
def test_values_without_a_canonical_form_are_refused(value):
    with pytest.raises(canonical.NotCanonical):
        canonical.encode(value)


def test_nesting_stops_below_sixteen_as_in_the_draw():
    deep: object = 1
    for _ in range(15):
        deep = [deep]

    assert canonical.decode(canonical.encode(deep)) == deep
    with pytest.raises(canonical.NotCanonical):
        canonical.encode([deep])


@pytest.mark.parametrize(
    "document",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":NaN}',
        b'{"a":"\\u540d"}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\\ud800"}',
        b'{"a":' + b"[" * 100_000,
        b"\xff",
        b"",
    ],
)
def test_documents_in_any_other_form_are_refused(document):
    with pytest.raises(canonical.NotCanonical):
        canonical.decode(document)


def test_an_object_must_have_exactly_the_keys_asked_for():
    keys = frozenset({"a", "b"})

    assert canonical.decode_object(b'{"a":1,"b":2}', keys=keys) == {"a": 1, "b": 2}
    for document in (b'{"a":1}', b'{"a":1,"b":2,"c":3}', b"[1,2]"):
        with pytest.raises(canonical.NotCanonical):
            canonical.decode_object(document, keys=keys)
