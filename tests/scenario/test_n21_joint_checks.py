"""
N21: sections of one bureau form one team of two whose qualifications cover all items (内部综合，一表通查); outside
departments add their own two and publish their own result (安市监〔2024〕26号 四（二）二).
"""

from __future__ import annotations

import pytest

from fairdraw.draws import overlaps
from fairdraw.draws.models import DrawnTeam
from fairdraw.draws.permissions import can_prepare
from fairdraw.inspections.models import Inspection, Visit
from fairdraw.kernel.errors import NotPermitted
from fairdraw.plans import merging
from fairdraw.plans.states import AgencyRole
from tests.builders.bureau import YEAR
from tests.scenario.test_n06_less_disturbance import answer, drawn_codes, proposal


def joined(bureau, first, second, **more):
    answer(bureau, proposal(first, second), accepted=True, **more)
    return merging.joint_of(first)


def test_n21_sections_send_one_team_of_two_that_covers_every_item(bureau):
    first = bureau.approved(flat=True, count=10)
    second = bureau.approved("tsg", item="TS01", flat=True, count=10)
    joint = joined(bureau, first, second)
    assert (joint.external, joint.people, joint.is_crowded) == (False, 2, False)

    # 合并的任务只能一并抽取
    with pytest.raises(merging.DrawnTogether, match=second.number):
        bureau.prepare(first)
    bureau.draw(first, second)

    assert drawn_codes(first) == drawn_codes(second)
    assert Visit.objects.count() == 10
    for visit in Visit.objects.all():
        assert {i.task_id for i in visit.inspections.all()} == {first.pk, second.pk}
        people = {a.inspector_id for i in visit.inspections.all() for a in i.assignments.all()}
        assert len(people) == 2


def test_n21_outside_departments_add_their_own_two_and_their_own_result(bureau):
    first = bureau.approved(flat=True, count=8, partners=("xfj",))
    second = bureau.approved("zlg", item="ZL01", flat=True, count=8)
    joint = joined(bureau, first, second, lead=second.agency)
    assert (joint.external, joint.people, joint.lead) == (True, 4, second.agency)
    assert {d.code for d in joint.departments} == {bureau.agency.code, "xfj"}

    bureau.draw(first, second)

    assert drawn_codes(first) == drawn_codes(second)
    assert Visit.objects.filter(agency__code="xfj").count() == 8
    own = Inspection.objects.filter(agency__code="xfj")
    assert {i.task_id for i in own} == {first.pk}
    seats = DrawnTeam.objects.filter(target=own.first().target)
    assert sorted(s.slot.rpartition("-")[0] for s in seats) == sorted([bureau.agency.code] * 2 + ["xfj"] * 2)


def test_n21_the_unit_that_leads_draws_for_all(bureau):
    first, second = bureau.approved(count=8), bureau.approved("zlg", item="ZL01", count=8)
    assert not can_prepare(bureau.actor("zlg-jh"), [first, second])
    joined(bureau, first, second, lead=second.agency)
    assert can_prepare(bureau.actor("zlg-jh"), [first, second])
    assert isinstance(can_prepare(bureau.actor("tsg-jh"), [first, second]).refusal, NotPermitted)


def test_n21_more_than_six_at_one_door_are_warned_about(bureau):
    first = bureau.approved(count=8)
    second = bureau.approved("zlg", item="ZL01", count=8)
    for code in ("xfj", "jjz"):
        first.task_agencies.create(agency=bureau.cast.units[code], role=AgencyRole.PARTNER.value)
    joint = joined(bureau, first, second)
    assert (joint.people, joint.is_crowded) == (6, False)

    third = bureau.cast.units["jjz"]
    second.task_agencies.create(agency=third, role=AgencyRole.PARTNER.value)
    assert merging.joint_of(first).people == 6  # 同一部门只去一次


def test_n21_three_tasks_become_one_check_and_can_be_taken_apart(bureau):
    one, two, three = (
        bureau.approved(section, item=item, count=9)
        for section, item in (("ggg", "GG01"), ("zlg", "ZL01"), ("tsg", "TS01"))
    )
    joined(bureau, one, two)
    second = answer(bureau, proposal(two, three), accepted=True)

    assert [t.pk for t in merging.joint_of(three).tasks] == [one.pk, two.pk, three.pk]
    assert overlaps.proposals(YEAR) == []  # 一、三已在同一联合检查中，不再另行答复
    merging.undo(decision_id=second.pk, actor=bureau.cast.office, now=bureau.now)
    assert [t.pk for t in merging.joint_of(one).tasks] == [one.pk, two.pk]
    assert merging.joint_of(three) is None
