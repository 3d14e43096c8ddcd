"""Lists drawn elsewhere, row by row: how they are matched and why they are refused (外部名单; N14, N18)."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from fairdraw.draws import receiving
from fairdraw.draws.list_rows import Back, How, MatchedRow
from fairdraw.draws.models import DrawnList
from fairdraw.draws.refusals import NotDrawable
from fairdraw.exchange import received
from fairdraw.kernel.errors import InvalidInput
from fairdraw.plans import services as plans
from fairdraw.plans.states import Channel
from fairdraw.registers.models import Target, TargetChange
from fairdraw.registers.services import change_target
from tests.builders.bureau import existing, hand_picked
from tests.builders.tables import text_file, workbook


@pytest.fixture
def task(bureau):
    """A task that the city dispatched."""
    return bureau.approved(channel=Channel.DISPATCHED)


def receive(bureau, task, targets, **more):
    day = more.pop("drawn_on", bureau.today)
    asked = {
        "task": task,
        "data": b"list",
        "matched": [MatchedRow(n, t) for n, t in enumerate(targets, start=2)],
        "returned": [],
        "source": task.channel,
        "origin": receiving.Origin("演示市局", "1号", day),
        "actor": bureau.actor(f"{task.agency.code}-jh"),
        "now": bureau.now,
    }
    return receiving.receive_list(**(asked | more))


def read(tmp_path, *lines, **more):
    return received.read_list(text_file(tmp_path, "\n".join(lines)), **more)


def renamed(bureau, target):
    new = {"name": "改名后的企业"}
    change_target(target=target, fields=new, reason="变更登记", actor=bureau.cast.office, now=bureau.now)


def reasons(found):
    return [r.reason for r in found.returned]


class TestRefusals:
    """When no list is taken."""

    def test_only_double_random_work_takes_a_list(self, bureau):
        other = hand_picked(bureau, channel=Channel.DISPATCHED)
        with pytest.raises(receiving.ListRefused, match="不是双随机任务"):
            receive(bureau, other, existing()[:2])

    def test_a_task_that_was_given_up_takes_none(self, bureau, task):
        plans.cancel_task(task=task, reason="调整", actor=bureau.cast.office, now=bureau.now)
        with pytest.raises(receiving.ListRefused, match="已取消"):
            receive(bureau, bureau.fresh(task), existing()[:2])

    def test_a_target_stands_once_in_a_list(self, bureau, task):
        first, second = existing()[:2]
        with pytest.raises(receiving.ListUnusable, match="第4行与第2行是同一户"):
            receive(bureau, task, [first, second, first])
        assert not DrawnList.objects.exists()

    def test_a_draw_of_tomorrow_is_refused(self, bureau, task):
        with pytest.raises(receiving.ListUnusable, match="不能晚于今天"):
            receive(bureau, task, existing()[:1], drawn_on=bureau.today + dt.timedelta(1))

    def test_a_list_of_a_task_outside_the_pool_is_refused(self, bureau, task):
        receive(bureau, task, existing()[:2])
        lists = receiving.lists_for([task])
        own = bureau.approved("zlg", item="ZL01")
        with pytest.raises(NotDrawable, match=task.number):
            receiving.require_as_received([own], lists)

    def test_a_list_with_another_origin_is_not_the_received_one(self, bureau, task):
        receive(bureau, task, existing()[:2])
        held = receiving.lists_for([task])[task.number]
        for other in ({"drawn_by": "别的局"}, {"document_number": "2号"}, {"digest": "0" * 64}):
            with pytest.raises(receiving.NotAsReceived):
                receiving.require_as_received([task], {task.number: dataclasses.replace(held, **other)})

    def test_the_hash_is_of_the_draws_own_suite(self, bureau, task):
        receive(bureau, task, existing()[:2])
        held = {s: receiving.lists_for([task], suite=s)[task.number].digest for s in ("sha256", "sm3")}

        assert held["sha256"] != held["sm3"]
        assert {len(d) for d in held.values()} == {64}


class TestMatching:
    """By code, then by name, then by the name's comparable form."""

    def test_a_file_without_names_and_codes_is_refused(self, bureau, tmp_path):
        with pytest.raises(InvalidInput, match="缺少必需的列"):
            read(tmp_path, "地址,电话", "某街,1234567")

    def test_a_code_with_a_wrong_check_character_is_told_and_taken(self, bureau, tmp_path):
        target = existing()[0]
        found = read(
            tmp_path, "统一社会信用代码", target.uscc[:17] + ("0" if target.uscc[17] != "0" else "1")
        )

        assert found.row_count == 1
        assert any("校验位" in c for c in found.cautions)
        assert reasons(found) == ["名录库中没有这个代码，也没有同名对象"]

    def test_names_are_compared_without_brackets_blanks_and_width(self, bureau, tmp_path):
        target = existing()[0]
        written = " ".join(target.name.replace("（", "(").replace("）", ")"))

        assert [m.target for m in read(tmp_path, "单位名称", f'"{written}"').matched] == [target]

    def test_several_of_one_name_are_put_to_a_person(self, bureau, tmp_path):
        first, second = existing()[:2]
        Target.objects.filter(pk=second.pk).update(name=first.name)

        [question] = read(tmp_path, "企业名称", first.name).questions
        assert {t.pk for t in question.candidates} == {first.pk, second.pk}
        assert [
            m.target for m in read(tmp_path, "企业名称,信用代码", f"{first.name},{second.uscc}").matched
        ] == [second]

    def test_a_dead_one_of_the_same_name_is_not_left_aside_by_guess(self, bureau, tmp_path):
        first, second = existing()[:2]
        Target.objects.filter(pk=second.pk).update(name=first.name, status="deregistered")

        found = read(tmp_path, "企业名称", first.name)
        assert (found.matched, found.returned) == ((), ())
        [question] = found.open
        assert question.living == first

    def test_where_all_of_a_name_are_dead_nobody_is_asked(self, bureau, tmp_path):
        first, second = existing()[:2]
        Target.objects.filter(pk__in=[first.pk, second.pk]).update(name="同名", status="deregistered")

        found = read(tmp_path, "企业名称", "同名")
        assert found.questions == ()
        assert reasons(found) == ["名录库中登记状态为“注销”"]

    def test_what_a_person_says_settles_a_row(self, bureau, tmp_path):
        first, second, third = existing()[:3]
        Target.objects.filter(pk__in=[second.pk, third.pk]).update(name=first.name)
        lines = ("企业名称", first.name, first.name, first.name)

        found = read(tmp_path, *lines, choices={2: second.draw_code, 3: second.draw_code, 4: "return"})
        assert [(m.row, m.target, m.how) for m in found.matched] == [(2, second, How.CHOSEN)]
        assert [(r.row, r.why) for r in found.returned] == [(3, Back.REPEATED), (4, Back.UNDECIDED)]
        assert found.open == ()
        assert found.row_count == 3

    def test_only_a_candidate_can_be_chosen(self, bureau, tmp_path):
        first, second, other = existing()[:3]
        Target.objects.filter(pk=second.pk).update(name=first.name)
        for choices in ({2: other.draw_code}, {3: first.draw_code}):
            with pytest.raises(InvalidInput, match="不在候选"):
                read(tmp_path, "企业名称", first.name, other.name, choices=choices)

    def test_a_former_name_and_a_former_code_find_the_target(self, bureau, tmp_path):
        first, second = existing()[:2]
        name, code = first.name, second.uscc
        renamed(bureau, first)
        TargetChange.objects.create(
            target=second,
            field="old_number",
            before="350524600099999",
            after=code,
            at=bureau.now,
            actor="cli",
            seq=1,
        )

        found = read(tmp_path, "企业名称,注册号", f"{name},", ",350524600099999")
        assert [(m.target, m.how) for m in found.matched] == [
            (first, How.FORMER_NAME),
            (second, How.FORMER_CODE),
        ]
        assert any("曾用名" in c and "改名后的企业" in c for c in found.cautions)

    def test_a_name_in_use_goes_before_the_same_name_of_old(self, bureau, tmp_path):
        first, second = existing()[:2]
        name = first.name
        renamed(bureau, first)
        Target.objects.filter(pk=second.pk).update(name=name)

        assert [m.target for m in read(tmp_path, "企业名称", name).matched] == [second]

    def test_one_in_recess_is_checked_by_its_documents(self, bureau, tmp_path):
        target = existing()[0]
        Target.objects.filter(pk=target.pk).update(status="suspended")

        assert len(read(tmp_path, "企业名称", target.name).matched) == 1

    def test_an_old_number_and_our_own_code_are_codes_as_well(self, bureau, tmp_path):
        first, second = existing()[:2]
        Target.objects.filter(pk=first.pk).update(old_number="350524600012345")

        found = read(tmp_path, "注册号", "350524600012345", second.draw_code)
        assert [m.target for m in found.matched] == [first, second]

    def test_a_row_without_name_and_code_goes_back(self, bureau, tmp_path):
        found = read(tmp_path, "企业名称,信用代码,备注", f"{existing()[0].name},,", ",,只有备注")

        assert [(r.row, r.name) for r in found.returned] == [(3, "")]
        assert "名称和代码都是空的" in found.returned[0].reason

    def test_a_code_that_excel_has_broken_goes_back_where_there_is_no_name(self, bureau, tmp_path):
        found = read(tmp_path, "企业名称,信用代码", "查无此户,9.1E+17")

        assert "科学计数法" in found.returned[0].reason

    def test_a_registrar_of_ours_does_not_make_it_known(self, bureau, tmp_path):
        found = read(tmp_path, "企业名称,登记机关", "查无此户,演示县市场监督管理局")

        assert reasons(found) == ["名录库中没有这个名称"]

    def test_the_header_may_stand_under_titles_in_two_rows(self, bureau, tmp_path):
        target = existing()[0]
        path = workbook(
            tmp_path,
            [
                ["演示市2026年双随机抽查名单", "", ""],
                ["序号", "检查对象", ""],
                ["", "名称", "统一社会信用代码"],
                [1, target.name, target.uscc],
            ],
            merge=[(1, 1, 1, 2, "检查对象")],
        )

        assert [(m.row, m.target) for m in received.read_list(path).matched] == [(4, target)]
