"""A receipt whose value only looks like the right one (``true`` for 1, ``"1"``, 1.0) is refused (抽取凭证)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.verifier import bundles, receipts
from tests.unit.verifier.judges import Judge

Vector = Callable[[str], Path]
# The product compares a member where its step computes it; whatever is not in its form, when it reads.
STEPS = {"seed_hash": 8, "result": 9, "parts": 10, "assign": 11}


def near(value: object) -> Iterator[object]:
    """Values that are not *value*, but equal to it in some language, or look like it."""
    if isinstance(value, bool):
        yield from (int(value), float(value), str(value).lower(), not value, None)
    elif isinstance(value, int):
        yield from (value == 1, bool(value), float(value), str(value), None)
    else:
        yield from (None, True, [value])


def changed(value: Any) -> Iterator[tuple[Any, object]]:
    """Every document in which one field, however deep, has a near value; with that value."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from (({**value, key: other}, put) for other, put in changed(item))
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from (([*value[:n], other, *value[n + 1 :]], put) for other, put in changed(item))
    else:
        yield from ((other, other) for other in near(value))


@pytest.mark.parametrize("name", bundles.VECTORS)
def test_a_near_value_in_any_field_of_the_receipt_is_refused(vector: Vector, judge: Judge, name: str) -> None:
    folder = vector(name)
    document = receipts.of(folder)
    judge.says(folder)

    tried = set()
    for other, value in changed(document):
        key = next(key for key in document if other[key] is not document[key])
        step = STEPS.get(key, 14) if judge.name == "drawcore" and not isinstance(value, float) else 14
        (folder / "receipt.json").write_bytes(bundles.canonical(other))
        assert judge.at(step) in judge.refused(folder, False), (key, value)
        tried.add(key)
    assert tried >= set(document) - {"attempts"}
