"""K1 to K7 of a year: what counts, what does not, and as of when (指标)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairdraw.oversight import rules
from fairdraw.oversight.facts import Goals, InspectionFact, TaskFact, VisitFact
from fairdraw.rulebook.rules import Workdays

CUTOFF = dt.date(2024, 11, 20)
WHOLE = Fraction(1)
CALENDAR = Workdays()


def day(month, number):
    return dt.date(2024, month, number)


def fact(target="E1", **more):
    values = {
        "task": "T1",
        "target": target,
        "kind": "enterprise",
        "stratum": "B",
        "class_as_sealed": "B",
        "differentiated": True,
        "exempt": False,
        "due_on": day(9, 30),
        "checked_on": day(8, 1),
        "published_on": day(8, 9),
        "outcome_codes": ("01",),
    }
    return InspectionFact(**(values | more))


def problem(target="E1", **more):
    return fact(target, **({"outcome_codes": ("04",), "problem": True} | more))


def publish_by(checked_on):
    return CALENDAR.add(checked_on, 20)


def indicators(facts, tasks=(), as_of=CUTOFF, **goals):
    return rules.year_indicators(
        facts=facts,
        tasks=tasks,
        visits=None,
        base=28571,
        low_risk_enterprises=1000,
        publish_by=publish_by,
        goals=Goals(**goals),
        as_of=as_of,
    )


class TestEnterpriseRatio:
    """K1 企业抽查比例."""

    def test_an_enterprise_in_two_tasks_counts_once_here_and_twice_in_records(self):
        found = indicators([fact("E1", task="T1"), fact("E1", task="T2"), fact("E2")])

        assert found["K1"].numerator == 2
        assert found["K2'"].denominator == 3
        assert found["K3"].denominator == 3

    def test_a_thousand_published_enterprises_of_28571_meet_the_floor_and_999_miss_it(self):
        goal = Fraction(35, 1000)
        thousand = [fact(f"E{n}") for n in range(1000)]

        assert indicators(thousand, enterprise_ratio=goal)["K1"].met
        assert indicators(thousand[:-1], enterprise_ratio=goal)["K1"].met is False

    @pytest.mark.parametrize(
        "left_out",
        [
            {"kind": "individual_business"},
            {"published_on": None},
            {"excluded": True, "checked_on": None, "published_on": None},
            {"own_agency": False},
        ],
    )
    def test_only_published_own_inspections_of_enterprises_count(self, left_out):
        assert indicators([fact(), fact("E2", **left_out)])["K1"].numerator == 1

    def test_a_target_found_deregistered_at_the_visit_counts_as_checked(self):
        assert indicators([fact(outcome_codes=("10",))])["K1"].numerator == 1

    def test_drawn_checked_and_forecast_stand_beside_it(self):
        facts = [
            fact("E1"),
            fact("E2", published_on=None),
            fact("E3", checked_on=None, published_on=None),
            fact("E4", checked_on=None, published_on=None, excluded=True),
        ]
        found = indicators(facts)

        assert {code: found[code].numerator for code in ("K1", "K1.checked", "K1.drawn", "K1.forecast")} == {
            "K1": 1,
            "K1.checked": 2,
            "K1.drawn": 4,
            "K1.forecast": 3,
        }


class TestOnTime:
    """K2 任务按时完成率 and its twin by records."""

    def test_two_late_records_of_200_spoil_the_task_but_not_the_publication_rate(self):
        facts = [fact(f"E{n}") for n in range(198)]
        facts += [fact(f"E{n}", published_on=day(10, 8)) for n in (198, 199)]
        found = indicators(facts, [TaskFact("T1", day(9, 30), drawn_on=day(3, 1))], on_time=WHOLE)

        assert (found["K2"].numerator, found["K2"].denominator) == (0, 1)
        assert found["K2"].met is False
        assert found["K2'"].display == "99.00"
        assert found["K3"].display == "100.00"

    def test_a_task_is_not_counted_before_its_last_day(self):
        tasks = [TaskFact("T1", day(9, 30), drawn_on=day(3, 1))]

        assert indicators([fact()], tasks, as_of=day(9, 29))["K2"].denominator == 0
        assert indicators([fact()], tasks, as_of=day(9, 30))["K2"].numerator == 1

    def test_a_task_never_drawn_is_late(self):
        tasks = [TaskFact("T1", day(9, 30))]

        assert rules.late_tasks(tasks, [], as_of=CUTOFF) == tuple(tasks)

    def test_a_task_whose_targets_were_all_excluded_is_on_time(self):
        tasks = [TaskFact("T1", day(9, 30), drawn_on=day(3, 1))]
        excluded = fact(excluded=True, checked_on=None, published_on=None)

        assert indicators([excluded], tasks)["K2"].numerator == 1

    def test_excluding_a_target_after_the_last_day_repairs_nothing(self):
        tasks = [TaskFact("T1", day(9, 30), drawn_on=day(3, 1))]
        afterwards = fact(excluded=True, excluded_on=day(10, 9), checked_on=None, published_on=None)
        found = indicators([afterwards], tasks)

        assert found["K2"].numerator == 0
        assert (found["K2'"].numerator, found["K2'"].denominator) == (0, 1)

    def test_dropping_a_task_after_its_last_day_repairs_nothing(self):
        in_time = TaskFact("T1", day(9, 30), cancelled_on=day(9, 30))
        afterwards = TaskFact("T2", day(9, 30), cancelled_on=day(10, 8))

        assert rules.late_tasks([in_time, afterwards], [], as_of=CUTOFF) == (afterwards,)

    def test_the_late_tasks_come_with_the_earliest_first(self):
        tasks = [TaskFact("T2", day(9, 30)), TaskFact("T1", day(9, 30)), TaskFact("T3", day(6, 30))]

        assert [task.task for task in rules.late_tasks(tasks, [], as_of=CUTOFF)] == ["T3", "T1", "T2"]

    def test_a_partner_department_does_not_make_the_bureau_late(self):
        partner = fact(own_agency=False, published_on=None)
        tasks = [TaskFact("T1", day(9, 30), drawn_on=day(3, 1))]

        assert indicators([fact(), partner], tasks)["K2"].numerator == 1


class TestPublication:
    """K3 公示率 and K3' 按时公示率."""

    def test_what_is_checked_and_not_published_is_missing(self):
        found = indicators([fact("E1"), fact("E2", published_on=None)], publication=WHOLE)

        assert (found["K3"].numerator, found["K3"].denominator) == (1, 2)
        assert found["K3"].met is False

    def test_a_wrong_publication_taken_down_counts_until_that_day(self):
        wrong = [fact(withdrawn_on=day(8, 20))]

        assert indicators(wrong, as_of=day(8, 19))["K3"].numerator == 1
        assert indicators(wrong, as_of=day(8, 20))["K3"].numerator == 0
        assert indicators(wrong)["K1"].numerator == 0

    def test_an_unfinished_check_is_not_counted_yet(self):
        assert indicators([fact("E1"), fact("E2", checked_on=None, published_on=None)])["K3"].denominator == 1

    def test_a_result_published_on_the_twentieth_working_day_is_timely_and_a_day_later_is_not(self):
        last = publish_by(day(8, 1))
        facts = [fact("E1", published_on=last), fact("E2", published_on=CALENDAR.add(last, 1))]
        found = indicators(facts)

        assert (found["K3'"].numerator, found["K3'"].denominator) == (1, 2)

    def test_a_result_still_within_its_limit_is_not_counted_and_an_overdue_one_is(self):
        waiting = [fact(published_on=None)]

        assert indicators(waiting, as_of=publish_by(day(8, 1)))["K3'"].denominator == 0
        overdue = indicators(waiting, as_of=CALENDAR.add(day(8, 1), 21))["K3'"]
        assert (overdue.numerator, overdue.denominator) == (0, 1)


class TestFollowUp:
    """K4 后续处置率, K4', K4''."""

    def test_38_of_40_problems_dealt_with(self):
        facts = [problem(f"E{n}", followed_up=n < 38) for n in range(40)]
        facts += [fact(f"F{n}") for n in range(60)]
        found = indicators(facts, follow_up=WHOLE)

        assert found["K4"].display == "95.00"
        assert found["K4"].shortfall == 2

    def test_an_inspection_without_problem_closes_itself(self):
        facts = [
            fact("E1"),
            problem("E2", followed_up=True, closed_on=day(10, 8)),
            problem("E3", followed_up=True),
            problem("E4"),
        ]
        found = indicators(facts)

        assert (found["K4'"].numerator, found["K4'"].denominator) == (2, 4)
        assert (found["K4''"].numerator, found["K4''"].denominator) == (1, 3)


class TestDifferentiated:
    """K5 差异化抽查户数占比."""

    FACTS = (
        [fact(f"A{n}", task="T1") for n in range(300)]
        + [fact(f"B{n}", task="T2", differentiated=False) for n in range(80)]
        + [fact(f"C{n}", task="T3", differentiated=False, exempt=True) for n in range(60)]
    )
    TASKS = (
        TaskFact("T1", day(9, 30), differentiated=True, drawn_on=day(3, 1)),
        TaskFact("T2", day(9, 30), drawn_on=day(3, 1)),
        TaskFact("T3", day(9, 30), exempt=True, drawn_on=day(3, 1)),
    )

    def test_300_of_380_outside_the_professional_fields_fail_85_percent(self):
        share = indicators(self.FACTS, self.TASKS, differentiated=Fraction(85, 100))

        assert (share["K5"].numerator, share["K5"].denominator) == (300, 380)
        assert share["K5"].display == "78.95"
        assert share["K5"].met is False
        assert share["K5"].shortfall == 23

    def test_by_tasks_it_is_one_of_two(self):
        share = indicators(self.FACTS, self.TASKS)["K5.tasks"]

        assert (share.numerator, share.denominator) == (1, 2)

    def test_an_exempt_task_that_is_class_dependent_counts_nowhere(self):
        facts = [fact("E1"), fact("E2", exempt=True)]

        assert indicators(facts)["K5"].denominator == 1

    def test_an_excluded_target_stays_drawn(self):
        assert indicators([fact(excluded=True)])["K5"].denominator == 1

    def test_two_departments_at_one_drawn_target_count_once(self):
        assert indicators([fact(), fact()])["K5"].denominator == 1


class TestDetection:
    """K6 问题发现率."""

    FACTS = (
        [problem(f"D{n}", class_as_sealed="D") for n in range(3)]
        + [fact("D9", class_as_sealed="D")]
        + [problem("B0"), fact("B1")]
        + [fact(f"A{n}", class_as_sealed="A") for n in range(4)]
    )

    def test_problems_are_counted_out_of_what_was_checked(self):
        found = indicators([*self.FACTS, fact("E1", checked_on=None, published_on=None)])

        assert (found["K6"].numerator, found["K6"].denominator) == (4, 10)
        assert (found["K6.D"].numerator, found["K6.D"].denominator) == (3, 4)
        assert found["K6.C"].value is None

    def test_it_rises_from_low_to_high_risk_with_empty_classes_passed_over(self):
        by_class = rules.detection_by_class(self.FACTS, as_of=CUTOFF)

        assert rules.detection_rises(by_class) is True

    def test_equal_rates_do_not_rise(self):
        even = [problem("A0", class_as_sealed="A"), problem("D0", class_as_sealed="D")]

        assert rules.detection_rises(rules.detection_by_class(even, as_of=CUTOFF)) is False

    def test_one_class_alone_says_nothing(self):
        assert rules.detection_rises(rules.detection_by_class([fact()], as_of=CUTOFF)) is None


class TestLowRiskVisits:
    """K7 守信少扰."""

    def visit(self, **more):
        values = {
            "visit": "V1",
            "target": "E1",
            "kind": "enterprise",
            "class_as_sealed": "A",
            "visited_on": day(8, 1),
        }
        return VisitFact(**(values | more))

    def test_one_visit_for_two_tasks_counts_once(self):
        visits = [self.visit(), self.visit(), self.visit(visit="V2")]
        k7 = rules.low_risk_visits(visits, enterprises=1000, as_of=CUTOFF, last_year=Fraction(3, 1000))

        assert (k7.numerator, k7.display, k7.met) == (2, "0.20", True)

    @pytest.mark.parametrize(
        "left_out",
        [
            {"on_site": False},
            {"class_as_sealed": "B"},
            {"kind": "individual_business"},
            {"visited_on": day(12, 1)},
        ],
    )
    def test_only_doors_of_low_risk_enterprises_count(self, left_out):
        visits = [self.visit(**left_out)]

        assert rules.low_risk_visits(visits, enterprises=1000, as_of=CUTOFF).numerator == 0

    def test_without_visits_on_record_two_tasks_on_one_day_are_one_door(self):
        low = {"class_as_sealed": "A"}
        facts = [fact(**low), fact(task="T2", **low), fact(checked_on=day(8, 2), **low)]

        assert indicators(facts)["K7"].numerator == 2

    def test_without_last_year_there_is_no_verdict(self):
        assert indicators([fact(class_as_sealed="A")])["K7"].met is None


class TestAsOf:
    """Every figure as of any day (统计截止日)."""

    def test_a_past_day_sees_only_what_had_happened(self):
        late = problem(
            drawn_on=day(3, 1),
            checked_on=day(8, 1),
            published_on=day(8, 9),
            followed_up=True,
            followed_up_on=day(8, 20),
            closed_on=day(9, 2),
        )
        codes = ("K1.drawn", "K1.checked", "K1", "K4", "K4''")

        def seen(as_of):
            found = indicators([late], as_of=as_of)
            return tuple(found[code].numerator for code in codes)

        assert seen(day(2, 28)) == (0, 0, 0, 0, 0)
        assert seen(day(3, 1)) == (1, 0, 0, 0, 0)
        assert seen(day(8, 1)) == (1, 1, 0, 0, 0)
        assert seen(day(8, 9)) == (1, 1, 1, 0, 0)
        assert seen(day(8, 20)) == (1, 1, 1, 1, 0)
        assert seen(day(9, 2)) == (1, 1, 1, 1, 1)


dates = st.dates(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
maybe = st.one_of(st.none(), dates)
facts_of_a_year = st.lists(
    st.builds(
        InspectionFact,
        task=st.sampled_from(["T1", "T2", "T3"]),
        target=st.integers(1, 9).map(str),
        kind=st.sampled_from(["enterprise", "individual_business"]),
        stratum=st.just("B"),
        class_as_sealed=st.sampled_from(["A", "B", "C", "D", "N"]),
        differentiated=st.booleans(),
        exempt=st.booleans(),
        due_on=dates,
        checked_on=maybe,
        published_on=maybe,
        problem=st.booleans(),
        followed_up=st.booleans(),
        excluded=st.booleans(),
        own_agency=st.booleans(),
        drawn_on=maybe,
        followed_up_on=maybe,
        closed_on=maybe,
        excluded_on=maybe,
    ),
    max_size=30,
)
tasks_of_a_year = st.lists(
    st.builds(
        TaskFact,
        task=st.sampled_from(["T1", "T2", "T3"]),
        due_on=dates,
        exempt=st.booleans(),
        differentiated=st.booleans(),
        drawn_on=maybe,
        cancelled_on=maybe,
    ),
    max_size=5,
)


@given(facts=facts_of_a_year, tasks=tasks_of_a_year, as_of=dates)
def test_a_share_lies_between_nothing_and_all(facts, tasks, as_of):
    found = indicators(facts, tasks, as_of=as_of)

    shares = [each for code, each in found.items() if not code.startswith(("K1", "K7"))]
    assert all(0 <= share.numerator <= share.denominator for share in shares)


@given(facts=facts_of_a_year, tasks=tasks_of_a_year, as_of=dates)
def test_the_order_of_the_facts_changes_nothing(facts, tasks, as_of):
    assert indicators(facts, tasks, as_of=as_of) == indicators(facts[::-1], tasks[::-1], as_of=as_of)


@given(facts=facts_of_a_year, as_of=dates)
def test_the_inspections_of_partners_change_nothing(facts, as_of):
    own = [f for f in facts if f.own_agency]

    assert indicators(facts, as_of=as_of) == indicators(own, as_of=as_of)


@given(facts=facts_of_a_year, tasks=tasks_of_a_year, as_of=dates)
def test_late_tasks_and_k2_agree(facts, tasks, as_of):
    k2 = rules.on_time_tasks(tasks, facts, as_of=as_of)

    assert k2.denominator - k2.numerator == len(rules.late_tasks(tasks, facts, as_of=as_of))


@given(facts=facts_of_a_year, earlier=dates, later=dates)
def test_the_enterprises_published_never_become_fewer(facts, earlier, later):
    earlier, later = sorted((earlier, later))
    kept = [dataclasses.replace(f, excluded=False) for f in facts]
    before, after = (
        rules.enterprise_ratio(kept, base=100, as_of=d)["K1"].numerator for d in (earlier, later)
    )

    assert before <= after
