"""The same subject under another number is shown to the supervisor (vdraw/1 §13; T-D7)."""

from __future__ import annotations

import pytest

from fairdraw.draws import selectors
from fairdraw.registers.models import Target
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.county import County
from tests.service.draws.walking import Walk, approved_task

pytestmark = pytest.mark.django_db


def walk(county: County, key: str, **scheme: object) -> Walk:
    county.tasks[key] = approved_task(county, name=key, **scheme)  # type: ignore[arg-type]
    return Walk(county, (key,))


def flagged(one: Walk) -> list[tuple[str, str]]:
    return [(found.task, found.other_task) for found in selectors.similar_seals(one.draw)]


def test_a_second_draw_of_one_item_from_the_same_targets_is_flagged_on_both_sides(ground: County):
    first, second = walk(ground, "first").to_sealed(), walk(ground, "second").to_sealed()

    [found] = [f for f in selectors.similar_seals(second.draw) if f.other == first.draw]

    assert (found.task, found.other_task) == (second.number, first.number)
    assert found.shared == found.held == found.other_held
    assert found.items == ("产品质量监督检查",)
    assert (first.number, second.number) in flagged(first)


def test_a_narrow_list_inside_a_wide_one_is_flagged(ground: County):
    wide = walk(ground, "wide").to_sealed()
    narrow = walk(ground, "narrow", scope=ScopeSpec(kinds=("enterprise",), stations=("sc01",))).to_sealed()

    [found] = [f for f in selectors.similar_seals(narrow.draw) if f.other == wide.draw]

    assert found.shared == found.held < found.other_held


def test_another_item_other_targets_or_an_unsealed_draw_are_not(ground: County):
    one = walk(ground, "one").to_sealed()
    other_item = walk(ground, "item", item="GG01").to_sealed()
    elsewhere = walk(ground, "kind", scope=ScopeSpec(kinds=("individual_business",))).to_sealed()
    draft = walk(ground, "draft")
    draft.prepare()

    named = {other for _own, other in flagged(one)}

    assert not named & {other_item.number, elsewhere.number, draft.number}
    assert one.number in {
        other for _own, other in flagged(draft)
    }  # the draft itself is warned before it is sealed


def test_half_of_the_targets_is_not_more_than_half(ground: County):
    existing = Target.objects.filter(kind="enterprise", status="existing").exclude(credit_class="A")
    codes = list(existing.order_by("draw_code")[:40])
    for place, target in enumerate(codes):
        tags = ",left," * (place < 20) or ",right,"
        Target.objects.filter(pk=target.pk).update(tags=",left,right," if 10 <= place < 20 else tags)
    left = walk(ground, "left", scope=ScopeSpec(("left",), ("enterprise",))).to_sealed()
    right = walk(ground, "right", scope=ScopeSpec(("right",), ("enterprise",)))
    right.prepare()
    assert left.number not in {other for _own, other in flagged(right)}  # 10 of 20

    ten_more = [t.pk for t in codes[20:21]]
    Target.objects.filter(pk__in=ten_more).update(tags=",left,right,")
    again = walk(ground, "again", scope=ScopeSpec(("left",), ("enterprise",)))
    again.prepare()
    assert (again.number, left.number) in flagged(again)


def test_an_earlier_attempt_is_history_and_not_another_draw(ground: County):
    first = walk(ground, "task").to_sealed()
    first.void()
    second = Walk(ground, ("task",), label="again")
    second.prepare()

    assert second.draw.attempt == 2
    assert first.number not in {other for _own, other in flagged(second)}


def test_of_a_pool_each_task_is_compared(ground: County):
    ground.tasks["a"] = approved_task(ground, name="a")
    ground.tasks["b"] = approved_task(ground, name="b", item="GG01")
    pool = Walk(ground, ("a", "b"), number="2026-P05").to_sealed()
    alone = walk(ground, "c", item="GG01").to_sealed()

    assert flagged(alone)[-1] == (alone.number, ground.tasks["b"].number)
    assert pool.draw in {f.other for f in selectors.similar_seals(alone.draw)}
