"""Pure decisions about draws: tags, levels, codes of attempts, lists that are much the same."""

from __future__ import annotations

import re

import pytest

from drawcore import shapes
from fairdraw.draws import rules
from fairdraw.draws.states import DRAW_LABELS, DRAW_MOVES, ENDED, FINISHED, DrawMove, DrawState


def test_a_scope_tag_names_its_task_and_fits_the_frame():
    tag = rules.scope_tag("2026-001")

    assert rules.task_of_tag(tag) == "2026-001"
    assert re.fullmatch(shapes.TAG_FORM, tag)
    assert rules.task_of_tag("credit.A") == ""
    assert rules.task_of_tag("inside") == ""


def test_the_class_that_was_sealed_is_read_from_the_tags():
    assert rules.class_of_tags("credit.B,in.2026-001,mix.B") == "B"
    assert rules.class_of_tags("in.2026-001") == ""
    assert rules.class_of_tags("-") == ""


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("abcd", "abcd", True),
        ("abcd", "abxy", False),  # half is not more than half
        ("abcd", "abcx", True),
        ("abc", "abcdefgh", True),  # all of the smaller one
        ("ab", "bcdefg", False),
        ("", "abc", False),
        ("", "", False),
    ],
)
def test_two_lists_are_much_the_same_when_more_than_half_of_one_is_shared(one: str, two: str, same: bool):
    assert rules.is_much_the_same(frozenset(one), frozenset(two)) is same
    assert rules.is_much_the_same(frozenset(two), frozenset(one)) is same


def test_a_pool_of_three_gets_a_witness_and_no_level_is_below_the_organisations_own():
    assert [rules.level_for(n, least=1) for n in (1, 2, 3, 20)] == [1, 1, 2, 2]
    assert rules.level_for(1, least=3) == 3
    assert rules.level_for(3, least=3) == 3


def test_a_draws_uuid_is_random_and_in_its_form():
    asked = []

    def entropy(size: int) -> bytes:
        asked.append(size)
        return bytes(range(size))

    made = rules.new_uuid(entropy)

    assert asked == [16]
    assert shapes.UUID.fullmatch(made)
    assert made[14] == "4"


def test_every_state_has_words_and_every_end_is_an_end():
    assert set(DRAW_LABELS) == set(DrawState)
    assert {state for state, _move in DRAW_MOVES} == set(DrawState) - {*ENDED, DrawState.DISCLOSED}
    assert set(FINISHED) == {DrawState.DRAWN, DrawState.DISCLOSED}
    assert DRAW_MOVES[DrawState.DRAWN, DrawMove.DISCLOSE] is DrawState.DISCLOSED


def test_reasons_of_replacement_are_few_and_worded():
    assert {"not_found", "refused"}.isdisjoint(rules.REPLACEABLE)
    assert all(rules.REPLACEABLE.values())
    assert all(rules.AWAY.values())
