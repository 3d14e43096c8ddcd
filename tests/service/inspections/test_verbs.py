"""Opening, notifying, recording: what is refused, and that a batch is done whole or not at all (检查实施)."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from fairdraw.burden.models import BorneVisit
from fairdraw.draws import selectors as draws
from fairdraw.inspections import permissions, selectors
from fairdraw.inspections import services as inspections
from fairdraw.inspections.models import Answer, Assignment, Inspection, Visit
from fairdraw.inspections.opening import NotToOpen, open_inspections
from fairdraw.inspections.states import INSPECTION_MOVES, InspectionMove, InspectionState
from fairdraw.kernel.actor import SYSTEM
from fairdraw.kernel.errors import NotFound, NotPermitted
from fairdraw.registers.models import ItemVersion
from tests.builders.bureau import YEAR


@pytest.fixture
def rows(bureau):
    """Four inspections of the advertising section, on a day when they can be checked."""
    task = bureau.drawn(count=4)
    bureau.go(3, 20)
    return bureau.rows(task)


def notify(bureau, visits, actor="ggg-jh"):
    return inspections.notify(visits, prefix="演市监", actor=bureau.actor(actor), now=bureau.now)


def refused(bureau, entries, match):
    with pytest.raises(inspections.OutcomeRefused, match=match):
        inspections.record(entries, actor=bureau.actor("ggg-jh"), now=bureau.now)
    assert not Inspection.objects.filter(checked_on__isnull=False).exists()
    assert not Answer.objects.exists()


class TestOpening:
    """One inspection a drawn row and agency, one visit a door."""

    def test_inspections_are_opened_once_and_after_the_draw(self, bureau):
        task = bureau.approved(count=3)
        draw = bureau.prepare(task)
        with pytest.raises(NotToOpen, match="尚未完成"):
            open_inspections(draw, actor=SYSTEM, now=bureau.now)

        other = bureau.approved("zlg", item="ZL01", count=3)
        done = bureau.draw(other)
        with pytest.raises(NotToOpen, match="已经派发"):
            open_inspections(done, actor=SYSTEM, now=bureau.now)
        assert Inspection.objects.count() == 3

    def test_a_partner_gets_inspections_a_visit_and_a_team_of_its_own(self, bureau):
        task = bureau.drawn(count=5, partners=("xfj",))
        found = bureau.rows(task)

        assert sorted(i.agency.code for i in found) == ["ggg"] * 5 + ["xfj"] * 5
        assert Visit.objects.filter(inspections__task=task).count() == 10
        teams = Assignment.objects.filter(inspection__in=[i for i in found if i.agency.code == "xfj"])
        assert {a.inspector.agency.code for a in teams} == {"xfj"}
        assert teams.count() == 10

    def test_where_two_tasks_meet_one_team_goes_once(self, bureau):
        # 同一批抽取：两项任务在同一户相遇，一次入企
        first = bureau.approved(count=400)
        second = bureau.approved("zlg", item="ZL01", count=10)
        bureau.draw(first, second)
        met = bureau.rows(second)

        for row in met:
            visit = row.visits.get()
            assert visit.inspections.count() == 2
            seats = {
                frozenset(i.assignments.values_list("inspector", flat=True)) for i in visit.inspections.all()
            }
            assert len(seats) == 1

    def test_the_team_of_the_earlier_seal_carries_a_later_task(self, bureau):
        # 先后两次抽取：前一次的入企还没有通知，后一次并入
        first = bureau.drawn(count=400)
        second = bureau.drawn("zlg", item="ZL01", count=10)
        for row in bureau.rows(second):
            earlier = Inspection.objects.get(task=first, target=row.target)
            assert list(row.visits.all()) == list(earlier.visits.all())
            assert set(row.assignments.values_list("inspector", flat=True)) == set(
                earlier.assignments.values_list("inspector", flat=True)
            )

    def test_numbers_do_not_tell_the_order_of_drawing(self, bureau):
        found = bureau.rows(bureau.drawn(count=30))

        assert [i.target.draw_code for i in found] == sorted(i.target.draw_code for i in found)


class TestNotices:
    """One notice a visit, numbered without a gap."""

    def test_notices_are_numbered_on_and_issued_once(self, bureau, rows):
        visits = list(selectors.visits_of(rows[0].task))
        assert notify(bureau, visits[:3]) == 3
        assert notify(bureau, visits) == 1
        assert notify(bureau, list(Visit.objects.all())) == 0

        numbers = sorted(Visit.objects.values_list("number", flat=True))
        assert numbers == [f"演市监抽查通〔{YEAR}〕{n}号" for n in range(1, 5)]
        assert {i.state for i in bureau.rows(rows[0].task)} == {InspectionState.NOTIFIED.value}

    def test_a_unit_that_the_visit_does_not_serve_issues_no_notice(self, bureau, rows):
        with pytest.raises(NotPermitted):
            notify(bureau, list(selectors.visits_of(rows[0].task)), actor="zlg-jh")
        assert not Visit.objects.exclude(number="").exists()


class TestPlanning:
    """Days for visits."""

    def test_only_the_tasks_own_people_plan_its_visits(self, bureau, rows):
        with pytest.raises(NotPermitted):
            inspections.plan_visits(task=rows[0].task, actor=bureau.actor("zlg-jh"), now=bureau.now)

    def test_planned_days_stay(self, bureau, rows):
        actor = bureau.actor("ggg-jh")
        assert inspections.plan_visits(task=rows[0].task, actor=actor, now=bureau.now) == 4
        before = sorted(Visit.objects.values_list("pk", "planned_on"))
        bureau.go(4, 20)
        assert inspections.plan_visits(task=rows[0].task, actor=actor, now=bureau.now) == 0

        assert sorted(Visit.objects.values_list("pk", "planned_on")) == before

    def test_a_shared_door_is_opened_in_time_for_the_task_that_ends_first(self, bureau):
        later = bureau.drawn(count=400)
        inspections.plan_visits(task=later, actor=bureau.actor("ggg-jh"), now=bureau.now)
        sooner = bureau.drawn("zlg", item="ZL01", count=3, ends=(4, 30))
        shared = Visit.objects.filter(target__in=[row.target_id for row in bureau.rows(sooner)])
        shared.update(planned_on=dt.date(YEAR, 6, 1))

        assert inspections.plan_visits(task=sooner, actor=bureau.actor("zlg-jh"), now=bureau.now) == 3
        assert {v.inspections.count() for v in shared} == {2}
        assert all(v.planned_on <= dt.date(YEAR, 4, 30) for v in shared)
        assert inspections.plan_visits(task=sooner, actor=bureau.actor("zlg-jh"), now=bureau.now) == 0

    def test_a_day_of_which_somebody_was_told_stays(self, bureau, rows):
        bureau.go(3, 20)
        visits = list(selectors.visits_of(rows[0].task))
        Visit.objects.update(planned_on=dt.date(YEAR, 7, 1))
        notify(bureau, visits[:1])
        actor = bureau.actor("ggg-jh")

        assert inspections.plan_visits(task=rows[0].task, actor=actor, now=bureau.now) == 3
        assert Visit.objects.filter(planned_on=dt.date(YEAR, 7, 1)).get() == visits[0]


class TestRecords:
    """Records."""

    def test_an_ordered_correction_says_what_is_wrong_on_the_item_or_in_the_note(self, bureau, rows):
        """workflow.md §8.2: 发现问题情况, by item."""
        noted = dataclasses.replace(bureau.entry(rows[0], code="05"), note="标签不全")
        item = dataclasses.replace(bureau.entry(rows[1]).answers[0], problem="标签不全")
        by_item = dataclasses.replace(bureau.entry(rows[1], code="05"), note="", answers=(item,))

        bureau_rows = inspections.record([noted, by_item], actor=bureau.actor("ggg-jh"), now=bureau.now)

        assert [row.state for row in bureau_rows] == ["recorded", "recorded"]

    def test_a_check_before_the_task_begins_is_recorded_with_its_reason_alone(self, bureau):
        """Drawn on 2 March, to be checked from 10 March: who was there on the 5th says why (workflow.md D3)."""
        [first, second] = bureau.rows(bureau.drawn(count=2, starts=(3, 10)))
        bureau.go(3, 5)
        refused(bureau, [bureau.entry(first)], "2026-03-05早于任务开始日期2026-03-10.*写明原因")
        early = dataclasses.replace(bureau.entry(first), note="接到举报，先行检查")
        inspections.record([early], actor=bureau.actor("ggg-jh"), now=bureau.now)
        bureau.go(3, 10)
        bureau.record([second])

        first.refresh_from_db()
        assert (first.checked_on, first.note) == (dt.date(YEAR, 3, 5), "接到举报，先行检查")

    @pytest.mark.parametrize(
        ("wrong", "match"),
        [
            ({"codes": ()}, "至少选择一项"),
            ({"codes": ("99",)}, "没有代码"),
            ({"codes": ("01", "05")}, "不能同时选择"),
            ({"codes": ("10", "05")}, "不能同时选择"),
            ({"measure": "order_correction"}, "处置措施与检查结果不符"),
            ({"measure": "whatever"}, "处置措施与检查结果不符"),
            ({"checked_on": dt.date(YEAR, 3, 21)}, "不能晚于今天"),
            ({"checked_on": dt.date(YEAR, 3, 1)}, "不能早于抽取日期"),
            ({"codes": ("05",), "measure": "order_correction"}, "05 发现问题已责令改正.*写明发现了什么问题"),
            ({"codes": ("05",), "measure": "order_correction", "note": " "}, "写明发现了什么问题"),
        ],
    )
    def test_one_wrong_record_keeps_the_whole_batch_out(self, bureau, rows, wrong, match):
        entries = [bureau.entry(row) for row in rows]
        entries[2] = dataclasses.replace(entries[2], **wrong)

        refused(bureau, entries, match)

    def test_what_the_items_of_the_task_do_not_list_is_refused(self, bureau, rows):
        planned = ItemVersion.objects.filter(pk=bureau.item("GG01").pk)
        planned.update(results=["01", "05"], measures=["order_correction"])
        refused(bureau, [bureau.entry(rows[0], code="08")], "不使用检查结果“08 发现问题待后续处理")
        strange = dataclasses.replace(bureau.entry(rows[0], code="05"), measure="to_case_unit")
        refused(bureau, [strange], "不采取处置措施“固定证据移送办案机构")

        gone = dataclasses.replace(bureau.entry(rows[1], code="10"))
        fixed = dataclasses.replace(bureau.entry(rows[2], code="05"), measure="order_correction")
        entries = [bureau.entry(rows[0]), gone, fixed]
        assert len(inspections.record(entries, actor=bureau.actor("ggg-jh"), now=bureau.now)) == 3

    def test_another_section_does_not_enter_them(self, bureau, rows):
        with pytest.raises(NotPermitted):
            inspections.record([bureau.entry(rows[0])], actor=bureau.actor("zlg-jh"), now=bureau.now)
        with pytest.raises(NotPermitted):
            inspections.record([bureau.entry(rows[0])], actor=bureau.actor("ggg-fz"), now=bureau.now)

    def test_an_unknown_inspection_is_refused(self, bureau, rows):
        with pytest.raises(NotFound):
            inspections.review([10**9], passed=True, opinion="", actor=SYSTEM, now=bureau.now)

    def test_the_gravest_code_is_the_headline(self, bureau, rows):
        entry = dataclasses.replace(bureau.entry(rows[0], code="05"), codes=("05", "04"))
        [row] = inspections.record([entry], actor=bureau.actor("ggg-jh"), now=bureau.now)

        assert (row.outcome, row.outcome_codes, row.problem) == ("04", "04,05", True)

    def test_an_unannounced_check_is_recorded_without_notice(self, bureau, rows):
        assert {r.state for r in bureau.record(rows)} == {InspectionState.RECORDED.value}
        assert bureau.fresh(rows[0].task).state == "in_progress"

    def test_a_door_opened_for_two_tasks_is_borne_once(self, bureau):
        first = bureau.approved(count=400)
        second = bureau.approved("zlg", item="ZL01", count=3)
        bureau.draw(first, second)
        bureau.go(3, 20)
        met = bureau.rows(second)
        both = Inspection.objects.filter(visits__in=Visit.objects.filter(inspections__in=met)).distinct()
        for task in (first, second):
            bureau.record(
                [r for r in both.select_related("agency", "target", "task") if r.task_id == task.pk]
            )

        assert BorneVisit.objects.filter(waiting=False).count() == 3
        assert {v.visited_on for v in Visit.objects.filter(inspections__in=met)} == {bureau.today}

    def test_a_check_of_documents_is_no_visit(self, bureau, rows):
        entry = dataclasses.replace(bureau.entry(rows[0]), method="documents")
        inspections.record([entry], actor=bureau.actor("ggg-jh"), now=bureau.now)

        assert not BorneVisit.objects.filter(waiting=False).exists()
        assert not BorneVisit.objects.filter(target=rows[0].target).exists()  # nor is it waited for


class TestQuestions:
    """What is shown."""

    def test_inspections_are_seen_by_their_own_unit(self, bureau, rows):
        assert list(selectors.visible_inspections(bureau.actor("ggg-jh"))) == rows
        assert not selectors.visible_inspections(bureau.actor("zlg-jh")).exists()
        assert selectors.visible_inspections(SYSTEM).count() == 4
        assert selectors.inspection(bureau.actor("juzhang"), rows[0].number) == rows[0]
        with pytest.raises(NotFound):
            selectors.inspection(bureau.actor("zlg-jh"), rows[0].number)

    def test_progress_counts_states(self, bureau, rows):
        bureau.record(rows[:3])
        bureau.review(rows[:1])

        assert selectors.progress(rows[0].task) == {"assigned": 1, "recorded": 2, "reviewed": 1}
        assert selectors.unfinished(rows[0].task).count() == 4
        assert [v.target for v in selectors.open_visits(rows[0].task)] == [rows[3].target]

    @pytest.mark.parametrize("state", list(InspectionState))
    def test_each_state_has_exactly_the_moves_of_the_table(self, bureau, rows, state):
        rows[0].state, rows[0].withdrawn_at = state.value, bureau.now
        allowed = {m for m in InspectionMove if permissions.can_move(SYSTEM, rows[0], m)}

        assert allowed == {move for (before, move) in INSPECTION_MOVES if before is state}

    def test_the_probability_of_each_target_is_kept(self, bureau, rows):
        for row in draws.main_rows(rows[0].task):
            assert 0 < row.probability_num <= row.probability_den
