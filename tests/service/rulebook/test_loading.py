"""Loading the shipped rules: whole, again and again, and never over what an office has set."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from fairdraw.audit import selectors as audit
from fairdraw.kernel.actor import COMMAND_LINE, Actor, Duty, Grant
from fairdraw.kernel.errors import NotPermitted
from fairdraw.rulebook import models, selectors, services
from fairdraw.rulebook.states import Certainty, DeadlineUnit, Origin
from fairdraw.rulebook.values import Holiday, Source

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 5, 6)
COUNTY = Source(document="演示县〔2026〕1号", clause="二", certainty=Certainty.TEXT, shown_as_law=True)


@pytest.fixture
def loaded():
    return services.load_defaults(NOW)


def set_floor(value="0.04", starts_on=dt.date(2026, 1, 1), **more):
    values = {"code": "county_min_ratio", "value": Decimal(value), "starts_on": starts_on, "source": COUNTY}
    return services.set_number(**(values | {"actor": COMMAND_LINE, "now": NOW} | more))


class TestLoadDefaults:
    """随系统提供的规则。"""

    def test_everything_can_be_asked_for_afterwards(self, loaded):
        assert selectors.number("county_min_ratio", DAY) == Decimal("0.035")
        assert selectors.deadline("D4", DAY).days == 20
        assert selectors.deadline("D4", DAY).unit is DeadlineUnit.WORKDAYS
        assert selectors.deadline("D5", DAY).month_day == "11-20"
        assert list(selectors.result_codes(DAY)) == [f"{n:02d}" for n in range(1, 14)]
        assert next(iter(selectors.measures(DAY))) == "none_needed"
        assert selectors.exclusions(DAY)["merged_joint"].needs_note
        assert selectors.exempt_fields(DAY)["special_equipment"].reason
        assert selectors.class_rates(DAY)["A"].ratio == Decimal("0.015")
        assert list(selectors.class_rates(DAY)) == ["A", "B", "C", "D", "N", "abnormal", "serious"]
        assert selectors.step_times(DAY).assign == 2
        assert selectors.workdays().known(2026)
        assert selectors.workdays().is_workday(dt.date(2026, 2, 14))

    def test_a_second_time_nothing_is_written(self, loaded):
        again = services.load_defaults(NOW + dt.timedelta(days=1))

        assert loaded.rows > 800
        assert again == services.Loaded(rows=0, kept=0, edition=loaded.edition)

    def test_a_row_lost_or_altered_is_put_back(self, loaded):
        models.Number.objects.filter(code="visit_cap").update(value="9")
        models.DeadlineRule.objects.filter(code="D4").delete()
        models.HolidayDay.objects.filter(day=dt.date(2026, 10, 1)).delete()

        again = services.load_defaults(NOW)

        assert again.edition == loaded.edition
        assert selectors.visit_cap(DAY) == 4
        assert not selectors.workdays().is_workday(dt.date(2026, 10, 1))

    def test_what_an_office_has_set_is_left_alone(self, loaded):
        set_floor()
        services.enter_year(
            year=2026,
            days=[Holiday(dt.date(2026, 1, 2), False, "元旦")],
            source="国办发明电〔2025〕7号",
            actor=COMMAND_LINE,
            now=NOW,
        )

        again = services.load_defaults(NOW)

        assert (again.rows, again.kept) == (0, 2)
        assert selectors.number("county_min_ratio", DAY) == Decimal("0.04")
        assert selectors.workdays().is_workday(dt.date(2026, 1, 1))

    def test_loading_is_in_the_log_once(self, loaded):
        services.load_defaults(NOW)

        assert [entry.kind for entry in audit.entries()] == ["rulebook.loaded"]

    def test_the_same_rules_have_the_same_edition_everywhere(self, loaded):
        models.Edition.objects.all().delete()
        models.Number.objects.all().delete()

        assert services.load_defaults(NOW + dt.timedelta(days=400)).edition == loaded.edition


class TestOnADay:
    """有效期：半开区间。"""

    def test_the_repair_decision_has_its_old_length_until_the_day_before(self, loaded):
        assert selectors.deadline("D12", dt.date(2025, 12, 24)).days == 15
        assert selectors.deadline("D12", dt.date(2025, 12, 25)).days == 7

    def test_the_goal_of_the_notice_is_shown_as_law_from_its_year(self, loaded):
        assert not selectors.number_row("county_min_ratio", dt.date(2023, 12, 31)).source.shown_as_law
        in_force = selectors.number_row("county_min_ratio", dt.date(2024, 1, 1)).source
        assert in_force.shown_as_law
        assert str(in_force) == "安市监〔2024〕26号 一、二"

    def test_an_unknown_rule_is_named_with_its_day(self, loaded):
        with pytest.raises(selectors.RuleUnknown, match="2026年5月6日有效的“no_such_rule”"):
            selectors.number("no_such_rule", DAY)

    def test_before_anything_is_loaded_the_calendar_still_counts(self):
        assert selectors.workdays().add(dt.date(2026, 2, 13), 1) == dt.date(2026, 2, 16)
        assert "2026年" in selectors.workdays().notice(DAY)


class TestSetNumber:
    """本机关设定规则数值。"""

    def test_the_row_before_ends_where_the_new_one_starts(self, loaded):
        set_floor()

        assert selectors.number("county_min_ratio", dt.date(2025, 12, 31)) == Decimal("0.035")
        assert selectors.number("county_min_ratio", dt.date(2026, 1, 1)) == Decimal("0.04")

    def test_a_row_put_before_a_later_one_ends_where_that_starts(self, loaded):
        set_floor("0.05", dt.date(2027, 1, 1))
        set_floor("0.04", dt.date(2026, 6, 1))

        found = [selectors.number("county_min_ratio", dt.date(y, 7, 1)) for y in (2025, 2026, 2027)]
        assert found == [Decimal("0.035"), Decimal("0.04"), Decimal("0.05")]

    def test_a_shipped_row_of_the_same_day_is_replaced(self, loaded):
        set_floor("0.04", dt.date(2024, 1, 1))

        assert selectors.number("county_min_ratio", dt.date(2024, 1, 1)) == Decimal("0.04")
        assert selectors.number("county_min_ratio", dt.date(2023, 12, 31)) == Decimal("0.035")

    def test_an_own_row_can_be_corrected_before_it_starts_but_not_after(self, loaded):
        set_floor("0.04", dt.date(2026, 6, 1))
        set_floor("0.045", dt.date(2026, 6, 1))

        assert selectors.number("county_min_ratio", dt.date(2026, 6, 1)) == Decimal("0.045")
        with pytest.raises(services.RuleInForce):
            set_floor("0.05", dt.date(2026, 6, 1), now=dt.datetime(2026, 6, 1, 1, tzinfo=dt.UTC))

    def test_a_rule_for_one_agency_holds_there_and_below_only(self, loaded):
        set_floor("0.06", scope="/1/7/")

        assert selectors.number("county_min_ratio", DAY, within="/1/7/12/") == Decimal("0.06")
        assert selectors.number("county_min_ratio", DAY, within="/1/8/") == Decimal("0.035")
        assert selectors.number("county_min_ratio", DAY) == Decimal("0.035")

    def test_a_cap_for_one_field_goes_before_the_general_one(self, loaded):
        set_floor("2", code="visit_cap.food", label="食品检查上限", unit="visits")

        assert selectors.visit_cap(DAY, field_code="food") == 2
        assert selectors.visit_cap(DAY, field_code="price") == 4

    @pytest.mark.parametrize(
        "bad",
        [
            {"value": Decimal("3.5")},
            {"value": Decimal("-0.1")},
            {"value": Decimal("NaN")},
            {"code": "min_inspectors", "value": Decimal("2.5")},
            {"code": "no_such_rule"},
        ],
    )
    def test_a_value_that_cannot_be_is_refused_and_nothing_changes(self, loaded, bad):
        with pytest.raises(services.BadRule):
            set_floor(**bad)

        assert selectors.book().edition == loaded.edition

    @pytest.mark.parametrize(
        ("duty", "path", "scope", "allowed"),
        [
            (Duty.OFFICE, "/1/", "", True),
            (Duty.SYSTEM_ADMIN, "/1/", "/1/7/", True),
            (Duty.OFFICE, "/1/7/", "/1/7/9/", True),
            (Duty.OFFICE, "/1/7/", "", False),
            (Duty.OFFICE, "/1/7/", "/1/8/", False),
            (Duty.PLANNER, "/1/", "", False),
        ],
    )
    def test_only_the_office_may_and_only_within_its_scope(self, loaded, duty, path, scope, allowed):
        actor = Actor(code="u:7", grants=(Grant(duty, path, agency_id=1),))

        if allowed:
            assert set_floor(actor=actor, scope=scope).scope == scope
        else:
            with pytest.raises(NotPermitted):
                set_floor(actor=actor, scope=scope)

    def test_a_source_without_a_known_text_is_never_shown_as_law(self, loaded):
        guess = Source(document="口头通知", certainty=Certainty.RECALLED, shown_as_law=True)

        assert not set_floor(source=guess).shown_as_law


class TestClassRates:
    """本机关设定分类抽查比例。"""

    def set(self, **ratios):
        return services.set_class_rates(
            set_code="default",
            ratios={name: Decimal(value) for name, value in ratios.items()},
            starts_on=dt.date(2026, 4, 1),
            source=COUNTY,
            actor=COMMAND_LINE,
            now=NOW,
        )

    def test_rates_hold_from_their_day(self, loaded):
        self.set(A="0.01", B="0.04", C="0.15", D="0.4")

        assert selectors.class_rates(dt.date(2026, 3, 31))["D"].ratio == Decimal("0.3")
        assert selectors.class_rates(dt.date(2026, 4, 1))["D"].ratio == Decimal("0.4")
        assert selectors.class_rates(dt.date(2026, 4, 1))["A"].label == "信用风险低（A）"

    @pytest.mark.parametrize("bad", [{"A": "0.1", "D": "0.05"}, {"A": "0.1", "D": "1.2"}])
    def test_rates_that_fall_or_pass_the_whole_are_refused(self, loaded, bad):
        with pytest.raises(services.BadRule):
            self.set(**bad)


class TestEnterYear:
    """放假安排。"""

    def enter(self, *days, year=2027, source="国办发明电〔2026〕1号"):
        return services.enter_year(year=year, days=days, source=source, actor=COMMAND_LINE, now=NOW)

    def test_a_new_year_ends_the_notice_and_moves_the_deadlines(self, loaded):
        before = selectors.workdays()
        self.enter(
            Holiday(dt.date(2027, 1, 1), False, "元旦"), Holiday(dt.date(2027, 1, 3), True, "元旦调休")
        )
        after = selectors.workdays()

        assert before.add(dt.date(2026, 12, 31), 1) == dt.date(2027, 1, 1)
        assert after.add(dt.date(2026, 12, 31), 1) == dt.date(2027, 1, 3)
        assert before.notice(dt.date(2027, 1, 1))
        assert not after.notice(dt.date(2027, 1, 1))

    def test_entering_a_year_again_replaces_it(self, loaded):
        self.enter(Holiday(dt.date(2027, 1, 1), False, "元旦"))
        self.enter(Holiday(dt.date(2027, 1, 4), False, "元旦"))

        assert selectors.workdays().is_workday(dt.date(2027, 1, 1))
        assert models.KnownYear.objects.get(pk=2027).origin == Origin.OFFICE.value

    def test_a_wrong_list_is_refused(self, loaded):
        new_year = Holiday(dt.date(2027, 1, 1), False, "元旦")
        for days, source in [
            ((), "文号"),
            ((Holiday(dt.date(2026, 12, 31), False, "元旦"),), "文号"),
            ((new_year, new_year), "文号"),
            ((new_year,), " "),
        ]:
            with pytest.raises(services.BadRule):
                self.enter(*days, source=source)


class TestTheDatabase:
    """数据库自己拒绝重叠的有效期。"""

    def row(self, starts_on, ends_on, **more):
        values = {"code": "x", "label": "试", "value": "1", "unit": "days", "certainty": "I"}
        return models.Number(**(values | {"starts_on": starts_on, "ends_on": ends_on} | more))

    @pytest.mark.parametrize(
        ("starts_on", "ends_on"),
        [
            (dt.date(2024, 6, 1), None),
            (dt.date(2023, 1, 1), dt.date(2024, 1, 2)),
            (dt.date(2023, 1, 1), None),
            (dt.date(2024, 3, 1), dt.date(2024, 4, 1)),
        ],
    )
    def test_an_overlap_is_refused_on_insert_and_on_update(self, starts_on, ends_on):
        self.row(dt.date(2024, 1, 1), dt.date(2025, 1, 1)).save()
        with pytest.raises(IntegrityError, match="periods_do_not_overlap"), transaction.atomic():
            self.row(starts_on, ends_on).save()
        elsewhere = self.row(dt.date(2025, 1, 1), None)
        elsewhere.save()
        elsewhere.starts_on, elsewhere.ends_on = starts_on, ends_on
        with pytest.raises(IntegrityError, match="periods_do_not_overlap"), transaction.atomic():
            elsewhere.save()

    def test_neighbours_and_other_scopes_are_fine(self):
        self.row(dt.date(2024, 1, 1), dt.date(2025, 1, 1)).save()
        self.row(dt.date(2025, 1, 1), None).save()
        self.row(dt.date(2024, 1, 1), None, scope="/1/").save()

        assert models.Number.objects.count() == 3

    @pytest.mark.parametrize(
        "bad",
        [
            {"ends_on": dt.date(2024, 1, 1)},
            {"certainty": "X"},
            {"shown_as_law": True, "certainty": "R", "document": "某文"},
            {"shown_as_law": True, "certainty": "C", "document": ""},
        ],
    )
    def test_an_impossible_row_is_refused(self, bad):
        with pytest.raises(IntegrityError), transaction.atomic():
            self.row(**({"starts_on": dt.date(2024, 1, 1), "ends_on": None} | bad)).save()


class TestQueries:
    """一页至多一次查询。"""

    def test_outside_a_page_each_question_looks_at_the_edition_once(self, loaded, django_assert_num_queries):
        selectors.book()
        with django_assert_num_queries(3):
            selectors.number("county_min_ratio", DAY)
            selectors.workdays()
            selectors.result_codes(DAY)

    def test_within_a_page_one_query_serves_all_questions(self, loaded, django_assert_num_queries):
        selectors.book()
        selectors.begin_page()
        try:
            with django_assert_num_queries(1):
                selectors.number("county_min_ratio", DAY)
                selectors.deadline("D4", DAY)
                selectors.workdays()
                selectors.measures(DAY)
        finally:
            selectors.end_page()

    def test_a_change_within_a_page_is_seen_by_it(self, loaded):
        selectors.begin_page()
        try:
            selectors.number("county_min_ratio", DAY)
            set_floor()
            assert selectors.number("county_min_ratio", DAY) == Decimal("0.04")
        finally:
            selectors.end_page()

    def test_a_change_rolled_back_leaves_no_trace(self, loaded):
        with transaction.atomic():
            set_floor()
            assert selectors.number("county_min_ratio", DAY) == Decimal("0.04")
            transaction.set_rollback(True)

        assert selectors.number("county_min_ratio", DAY) == Decimal("0.035")
