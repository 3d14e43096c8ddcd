"""
Scene 5: the class file never comes from the province. Numbers by class are entered, and K5 and K7 are still computed.
"""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.inspections import class_counts
from fairdraw.plans.states import Channel
from fairdraw.registers import class_counts as counted
from fairdraw.registers import services as registers
from fairdraw.registers.models import Target
from fairdraw.registers.services import CountsRefused
from tests.builders.bureau import existing
from tests.builders.tables import text_file

DRAWN = {"A": 1, "B": 2, "C": 4, "D": 1}
HELD = {"A": 100, "B": 100, "C": 40, "D": 2}


@pytest.fixture
def unclassed(bureau):
    """No target has a class."""
    Target.objects.update(credit_class="", credit_computed_on=None)
    return bureau


def drawn_elsewhere(bureau, tmp_path):
    """A task whose eight targets the province's platform drew; inspectors are drawn here."""
    task = bureau.approved(channel=Channel.PROVINCIAL, flat=True, count=8)
    names = [t.name for t in existing()[:8]]
    bureau.receive(task, text_file(tmp_path, "\n".join(["企业名称", *names])))
    return task


def enter(bureau, task, **more):
    values = {
        "held": HELD,
        "drawn": DRAWN,
        "computed_on": bureau.today - dt.timedelta(20),
        "source": "省平台抽查任务单2026-07号",
    }
    return class_counts.count_classes(task=task, actor=bureau.cast.office, now=bureau.now, **(values | more))


def k5(bureau):
    it = bureau.indicators()["K5"]
    return it.numerator, it.denominator


def test_scene_5_numbers_entered_after_the_draw_let_the_task_count(unclassed, tmp_path):
    bureau = unclassed
    task = drawn_elsewhere(bureau, tmp_path)
    bureau.draw(task)
    assert k5(bureau) == (0, 8)

    assert enter(bureau, task)
    assert k5(bureau) == (8, 8)
    # 比例不升的不计入
    assert not enter(bureau, task, drawn={"A": 5, "B": 2, "C": 1, "D": 0})
    assert k5(bureau) == (0, 8)


def test_scene_5_numbers_entered_before_the_draw_are_used_when_it_is_opened(unclassed, tmp_path):
    bureau = unclassed
    task = drawn_elsewhere(bureau, tmp_path)
    enter(bureau, task)
    bureau.draw(task)

    assert k5(bureau) == (8, 8)


def test_scene_5_stale_numbers_do_not_count(unclassed, tmp_path):
    bureau = unclassed
    task = drawn_elsewhere(bureau, tmp_path)
    bureau.draw(task)

    assert not enter(bureau, task, computed_on=bureau.today - dt.timedelta(46))
    assert k5(bureau) == (0, 8)


def test_scene_5_low_risk_enterprises_are_counted_by_hand_for_k7(unclassed):
    bureau = unclassed
    registers.enter_class_counts(
        agency=bureau.agency,
        task="",
        held=HELD,
        drawn={},
        computed_on=bureau.today,
        source="省平台统计页",
        actor=bureau.cast.office,
        now=bureau.now,
    )
    assert counted.low_risk_enterprises(bureau.agency) == 100


def test_numbers_that_cannot_be_right_are_refused(unclassed, tmp_path):
    bureau = unclassed
    task = drawn_elsewhere(bureau, tmp_path)
    for more, said in (
        ({"drawn": {"A": 101}}, "抽取户数多于总户数"),
        ({"source": " "}, "出自的文件"),
        ({"held": {}, "drawn": {}}, "至少填写一类"),
    ):
        with pytest.raises(CountsRefused, match=said):
            enter(bureau, task, **more)
    with pytest.raises(CountsRefused, match="以抽取底册为准"):
        enter(bureau, bureau.approved())
