"""
Attempts that end without a result, and what the next one carries over (vdraw/1 §6.3, §13, §17; T-D4, T-D7).
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from fairdraw.audit import selectors as audit
from fairdraw.draws import permissions, selectors, services
from fairdraw.draws.keep import CLASSES, LISTS
from fairdraw.draws.models import Draw
from fairdraw.draws.refusals import NotDrawable, RepeatRefused
from fairdraw.draws.selectors import Person
from fairdraw.kernel.errors import FairdrawError
from fairdraw.plans.models import Task
from fairdraw.plans.states import TaskState
from fairdraw.registers import services as registers
from fairdraw.registers.models import Inspector, Target
from tests.builders.county import NOW, County
from tests.service.draws.walking import DAY, MINUTE, Walk, verified

pytestmark = pytest.mark.django_db
AFTER_COMMITS = NOW + dt.timedelta(hours=72, seconds=1)
AFTER_REVEALS = NOW + dt.timedelta(hours=144, seconds=1)


def seal(draw: Draw) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(selectors.content(draw, "seal.json"))
    return found


def task(walk: Walk) -> Task:
    return walk.county.task(walk.keys[0])


def close_an_enterprise(county: County, walk: Walk) -> str:
    """Somebody of the frame is deregistered; gives the code."""
    frame = selectors.content(walk.draw, "frame.tsv").decode()
    target = Target.objects.get(draw_code=frame.split("\t", 1)[0])
    Target.objects.filter(pk=target.pk).update(status="deregistered")
    return str(target.draw_code)


# 作废


def test_voiding_frees_the_task_and_the_next_attempt_may_have_other_lists(ground: County, tmp_path: Path):
    first = Walk(ground, ("more-0",)).to_sealed()
    first.void(reason="漏列一户")
    assert task(first).state == TaskState.APPROVED.value
    gone = close_an_enterprise(ground, first)

    second = Walk(ground, ("more-0",), label="again").to_drawn()

    before, after = seal(first.draw), seal(second.draw)
    assert (after["attempt"], after["prev"]) == (2, first.draw.seal)
    assert (after["frame"]["n"], after["excluded"]["n"]) == (
        before["frame"]["n"] - 1,
        before["excluded"]["n"] + 1,
    )
    assert gone not in selectors.content(second.draw, "frame.tsv").decode()
    assert after["sources"]["server"] != before["sources"]["server"]
    steps = verified(second, tmp_path)
    assert any("第 1 次作废：漏列一户" in note for step in steps for note in step.notes)
    assert (tmp_path / "bundle" / "attempts" / "1" / "seal.json").read_bytes() == selectors.content(
        first.draw, "seal.json"
    )


def test_a_chain_of_three_attempts_verifies(ground: County, tmp_path: Path):
    for label in ("one", "two"):
        Walk(ground, ("more-0",), label=label).to_sealed().void(reason=f"名单有误{label}")
    third = Walk(ground, ("more-0",), label="three").to_drawn()

    assert third.draw.attempt == 3
    verified(third, tmp_path)
    assert sorted(p.parent.name for p in (tmp_path / "bundle" / "attempts").rglob("*.json")) == ["1", "2"]


@pytest.mark.parametrize("reason", ["", "   ", "\n", "长" * 201, "有\x00字"])
def test_voiding_needs_a_reason_that_a_receipt_can_state(ground: County, reason: str):
    walk = Walk(ground, ("more-0",)).to_sealed()

    with pytest.raises(NotDrawable, match="原因"):
        walk.void(reason=reason)
    assert Draw.objects.get(pk=walk.draw.pk).state == "sealed"


@pytest.mark.parametrize("second", ["", "self"])
def test_voiding_needs_a_second_person(ground: County, second: str):
    walk = Walk(ground, ("more-0",)).to_sealed()
    actor = walk.actors["p1"]

    with pytest.raises(permissions.TwoPeopleNeeded):
        services.void_draw(
            draw_id=walk.draw.pk,
            reason="名单有误",
            second=actor.code if second == "self" else second,
            actor=actor,
            now=NOW,
        )


def test_nothing_is_voided_once_reveals_are_open(ground: County):
    walk = Walk(ground, ("more-0",)).to_revealing()

    with pytest.raises(NotDrawable):
        walk.void()


def test_the_next_attempt_has_no_lower_level_and_the_same_suite(ground: County):
    Walk(ground, ("more-0",), level=2).to_sealed().void()

    with pytest.raises(RepeatRefused, match="级别不得低于"):
        Walk(ground, ("more-0",), label="lower").prepare()
    with pytest.raises(RepeatRefused, match="密码算法"):
        Walk(ground, ("more-0",), label="suite", level=2, suite="sm3").prepare()
    with pytest.raises(RepeatRefused, match="密码算法"):
        Walk(ground, ("more-0",), label="prf", level=2, prf="hmac").prepare()
    assert Walk(ground, ("more-0",), label="same", level=2).prepare().attempt == 2


# 未成


def silent(county: County, source: str = "p2") -> Walk:
    """A level-1 draw whose *source* locked a share in, never opened it, and left no envelope: it fails."""
    walk = Walk(county, ("more-0",)).to_revealing()
    walk.reveal("p1" if source == "p2" else "p2")
    walk.draw = services.fail_draw(
        draw_id=walk.draw.pk, reason="监督人没有开启份额", actor=walk.actors["p1"], now=AFTER_REVEALS
    )
    return walk


def another_supervisor(walk: Walk) -> list[Person]:
    """The office's leader stands in for the supervisor."""
    persons = walk.planned()
    leader = walk.county.actor("juzhang")
    return [persons[0], Person(leader.user_id, walk.county.cast.units["fgg"].pk, "supervisor")]


def test_after_a_failure_everything_is_drawn_as_it_was_byte_for_byte(ground: County, tmp_path: Path):
    first = silent(ground)
    close_an_enterprise(ground, first)  # too late: the frozen lists stand
    registers.declare_interest(
        inspector=Inspector.objects.order_by("code")[0],
        target=Target.objects.order_by("draw_code")[0],
        reason="亲属",
        on=AFTER_REVEALS.date(),
        actor=ground.cast.office,
        now=AFTER_REVEALS,
    )

    second = Walk(ground, ("more-0",), label="again", now=AFTER_REVEALS)
    second.persons = another_supervisor(second)
    second.prepare()

    assert selectors.classes(first.draw)
    for name in ("plan.json", *LISTS, CLASSES):
        assert selectors.content(second.draw, name) == selectors.content(first.draw, name)
    assert second.draw.approval_code == first.draw.approval_code
    assert second.draw.register_seq == first.draw.register_seq
    second.seal()
    _finish(second, {"p2": "juzhang"})
    kept = ("suite", "prf", "org", "number", "plan", "frame", "ids", "excluded", "officers", "recusals")
    before, after = seal(first.draw), seal(second.draw)
    assert {k: before[k] for k in (*kept, "register_seq")} == {k: after[k] for k in (*kept, "register_seq")}
    assert (before["draw"], before["sources"]["server"]) != (after["draw"], after["sources"]["server"])
    notes = [note for step in verified(second, tmp_path) for note in step.notes]
    assert any("第 1 次失败：监督人没有开启份额" in note for note in notes)


def _finish(walk: Walk, names: dict[str, str]) -> None:
    """Lock, open and draw with the persons of *names* in their places."""
    actors = walk.actors | {source: walk.county.actor(name) for source, name in names.items()}
    for source in walk.sources:
        services.commit(
            draw_id=walk.draw.pk,
            source=source,
            commitment=walk.locked(source),
            envelope=None,
            actor=actors[source],
            now=walk.now + MINUTE,
        )
    for source in walk.sources:
        salt, share = walk.kept[source]
        services.reveal(
            draw_id=walk.draw.pk,
            source=source,
            salt=salt,
            share=share,
            actor=actors[source],
            now=walk.now + MINUTE,
        )
    walk.draw = services.complete_draw(draw_id=walk.draw.pk, actor=actors["p2"], now=walk.now + MINUTE)


def test_whoever_failed_to_open_takes_no_part_in_the_next_attempt(ground: County):
    silent(ground)

    with pytest.raises(RepeatRefused, match="监督人（法规股）"):
        Walk(ground, ("more-0",), label="again").prepare()


def test_after_a_failure_no_task_is_added_or_left_out(ground: County):
    first = Walk(ground, ("more-0", "more-1"), number="2026-P01").to_revealing()
    first.reveal("p1")
    services.fail_draw(draw_id=first.draw.pk, reason="未开启", actor=first.actors["p1"], now=AFTER_REVEALS)

    for keys in (("more-0",), ("more-0", "more-1", "more-2"), ("more-0", "more-2")):
        again = Walk(ground, keys, number="2026-P01", label="again")
        again.persons = another_supervisor(again)
        with pytest.raises(RepeatRefused, match="不得增减"):
            again.prepare()


def test_the_failure_names_the_silent_place_to_everybody(ground: County):
    walk = silent(ground)
    entry = audit.entries(about=f"draw:{walk.draw.pk}", kind="draw.failed").get()

    assert entry.body()["silent"] == "p2"
    assert walk.draw.ended_reason == "监督人没有开启份额"
    assert task(walk).state == TaskState.APPROVED.value


@pytest.mark.parametrize(
    ("at", "level", "opened"),
    [
        (NOW + DAY, 1, 1),  # the deadline is still to come
        (AFTER_REVEALS, 1, 2),  # everything is there: the draw must go on
        (AFTER_REVEALS, 2, 2),  # with a number to come two shares are enough
        (AFTER_REVEALS, 2, 3),  # the number is not seven days late
    ],
)
def test_nobody_gives_an_open_draw_up_at_will(ground: County, at: dt.datetime, level: int, opened: int):
    walk = Walk(ground, ("more-0",), level=level).to_revealing()
    for source in walk.sources[:opened]:
        walk.reveal(source)

    with pytest.raises(NotDrawable, match=r"不能宣告未成|期限未到|迟到满七天"):
        services.fail_draw(draw_id=walk.draw.pk, reason="不想要", actor=walk.actors["p1"], now=at)


def test_a_sealed_draw_is_voided_by_two_not_failed_by_one(ground: County):
    walk = Walk(ground, ("more-0",)).to_sealed()

    with pytest.raises(NotDrawable, match="两人作废"):
        services.fail_draw(draw_id=walk.draw.pk, reason="没来", actor=walk.actors["p1"], now=AFTER_REVEALS)


def test_a_number_seven_days_late_ends_the_attempt(ground: County):
    walk = Walk(ground, ("more-0",), level=2).to_opened()
    closed = walk.draw.reveals_closed_at
    assert closed is not None

    with pytest.raises(NotDrawable, match="七天"):
        services.fail_draw(
            draw_id=walk.draw.pk, reason="没有摇号", actor=walk.actors["p3"], now=closed + 7 * DAY
        )
    failed = services.fail_draw(
        draw_id=walk.draw.pk,
        reason="没有摇号",
        actor=walk.actors["p3"],
        now=closed + 7 * DAY + dt.timedelta(seconds=1),
    )
    assert failed.state == "failed"


# 撤销底册


def test_frozen_lists_can_be_thrown_away_before_they_are_sealed(ground: County):
    first = Walk(ground, ("more-0",))
    first.prepare()
    with pytest.raises(permissions.OneDrawOnly):
        Walk(ground, ("more-0",), number="2026-P77").prepare()
    close_an_enterprise(ground, first)

    services.discard_draw(draw_id=first.draw.pk, actor=first.actors["p1"], now=NOW)

    again = Walk(ground, ("more-0",), label="again")
    again.prepare()
    assert again.draw.attempt == 1
    assert again.draw.approval_code != first.draw.approval_code
    kinds = [e.kind for e in audit.entries(about=f"number:{again.number}")]
    assert kinds == ["frame.frozen", "frame.discarded", "frame.frozen"]


@pytest.mark.parametrize("name", ["jiandu", "ggg-jh"])
def test_only_the_initiators_office_throws_lists_away(ground: County, name: str):
    walk = Walk(ground, ("more-0",))
    walk.prepare()

    with pytest.raises(FairdrawError):
        services.discard_draw(draw_id=walk.draw.pk, actor=ground.actor(name), now=NOW)
    walk.seal()
    with pytest.raises(NotDrawable, match="已经封存"):
        services.discard_draw(draw_id=walk.draw.pk, actor=walk.actors["p1"], now=NOW)
