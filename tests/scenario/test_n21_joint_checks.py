"""
N21: sections of one bureau form one team of two whose qualifications cover all items (内部综合，一表通查); outside
departments add their own two and publish their own result (安市监〔2024〕26号 四（二）二).
"""

from __future__ import annotations

import json

import pytest

from drawcore.verify import Known, verify_directory
from fairdraw.demo import draws as demo_draws
from fairdraw.draws import bundles, overlaps, selectors, sheets, shown
from fairdraw.draws.models import Draw, DrawnTeam
from fairdraw.draws.permissions import can_prepare
from fairdraw.draws.refusals import DrawRefused
from fairdraw.inspections.models import Inspection, Visit
from fairdraw.kernel.errors import NotPermitted
from fairdraw.plans import merging
from fairdraw.plans.models import Scheme
from fairdraw.plans.states import AgencyRole
from fairdraw.registers.models import Inspector
from tests.builders.bureau import ORG, YEAR
from tests.builders.year import judge
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


def qualified(bureau, held):
    """Give the bureau's people these qualifications, in turn; nobody else has any. The others are away."""
    people = Inspector.objects.filter(agency__path__startswith=bureau.agency.path).order_by("code")
    people.update(qualifications="", active=False)
    for person, words in zip(people, held, strict=False):
        Inspector.objects.filter(pk=person.pk).update(qualifications=words, active=True, areas="*")


def needs(bureau, task, word, mode):
    """Let the scheme of *task* ask for a qualification of the bureau's team, and approve it."""
    slots = [{"agency": bureau.agency.code, "qualification": word}]
    Scheme.objects.filter(task=task).update(slots=slots, assign_mode=mode)
    return bureau.approve(bureau.fresh(task))


def two_needs(bureau, mode):
    """Tasks of two sections that meet at the same doors and need a qualification each, drawn together."""
    first = needs(bureau, bureau.drafted(flat=True, count=10), "食品安全监督", mode)
    second = needs(bureau, bureau.drafted("tsg", item="TS01", flat=True, count=10), "特种设备安全监察", mode)
    joined(bureau, first, second)
    return first, second


@pytest.mark.parametrize("mode", ["cluster", "each"])
def test_n21_a_team_of_two_shares_the_qualifications_that_the_items_need(bureau, tmp_path, mode):
    qualified(bureau, ["食品安全监督"] * 4 + ["特种设备安全监察"] * 3 + [""] * 3)
    first, second = two_needs(bureau, mode)

    draw = bureau.draw(first, second)

    held = dict(Inspector.objects.values_list("code", "qualifications"))
    seats = DrawnTeam.objects.filter(draw=draw).values_list("target", "inspector__code")
    teams = {target: {held[who] for at, who in seats if at == target} for target, _who in seats}
    assert len(teams) == 10
    assert all(team == {"食品安全监督", "特种设备安全监察"} for team in teams.values())
    folder = bundles.write(draw, tmp_path / "bundle")
    assert "复核通过" in judge(folder).stdout
    assert verify_directory(folder, Known()).exit_code() == 0
    # 席位的资格写在封存的方案里：改动一处，两个程序都看得出
    plan = folder / "plan.json"
    sealed = plan.read_bytes()
    shares = json.loads(sealed)["assign"]["slots"]
    assert len({slot["tag"] for slot in shares}) == 2
    plan.write_bytes(sealed.replace(shares[0]["tag"].encode(), b"cert", 1))
    assert judge(folder).returncode != 0
    assert verify_directory(folder, Known()).exit_code() != 0


def test_n21_where_no_two_cover_all_the_refusal_says_what_is_lacking_and_how_to_mend_it(bureau):
    qualified(bureau, ["食品安全监督"] * 4)
    first, second = two_needs(bureau, "cluster")

    with pytest.raises(DrawRefused, match=r"缺少资格“特种设备安全监察”.*4人都不具备.*请补充具备资格的人员"):
        bureau.prepare(first, second)

    assert not Draw.objects.exists()
    qualified(bureau, ["食品安全监督"] * 4 + ["特种设备安全监察"])
    bureau.prepare(first, second)


def test_n21_where_those_who_may_go_are_exactly_the_team_it_is_said_and_counted(bureau):
    """可选2人，需2人：合法，但不称随机（X04）."""
    qualified(bureau, ["食品安全监督", "特种设备安全监察"])
    first, second = two_needs(bureau, "each")
    draw = bureau.prepare(first, second)
    frame = shown.frozen(draw)
    held = sum(one.targets for one in frame.unchosen)
    assert held == len({code for codes in selectors.entities(draw).values() for code in codes})
    said = "演示县市场监督管理局在云栖市场监管所：人员未构成随机（可选2人，需2人），"
    assert any(line.startswith(said) for line in sheets.approval_sheet(draw).unchosen)

    draw = demo_draws.carry_out(
        bureau.cast, draw, org_origin=f"{ORG}/log", entropy=bureau.entropy("two"), now=bureau.now
    )

    assert sum(one.targets for one in shown.unchosen_of(draw)) == 10
    record = sheets.record(draw)
    assert sum(int(line.rpartition("，")[2].removesuffix("户")) for line in record.unchosen) == 10


def test_n21_with_one_more_to_choose_from_the_people_are_drawn(bureau):
    qualified(bureau, ["食品安全监督", "特种设备安全监察", "特种设备安全监察"])
    first, second = two_needs(bureau, "each")
    assert shown.unchosen_of(bureau.draw(first, second)) == ()


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
