"""The rules the product ships: every row has its source, none is sold as law without one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from fairdraw.rulebook import reference, shipped, states

ALL = [row for name in shipped.FILES for row in shipped.rows_of(name)]
CLAUSES = (Path(__file__).resolve().parents[3] / "docs" / "clauses.md").read_text(encoding="utf-8")


def rows(name):
    return list(shipped.rows_of(name))


def test_a_row_is_shown_as_law_only_where_its_text_is_known():
    sold_as_law = [row.code for row in ALL if row.shown_as_law]
    unfounded = [
        row.code
        for row in ALL
        if row.shown_as_law and not (row.certainty in states.MAY_BE_SHOWN_AS_LAW and row.document)
    ]

    assert sold_as_law
    assert not unfounded


def test_every_document_cited_is_in_the_index_of_clauses():
    assert {row.document for row in ALL if row.document not in CLAUSES} <= {""}


@pytest.mark.parametrize("name", shipped.FILES)
def test_the_periods_of_a_code_follow_each_other_without_gap_or_overlap(name):
    by_code: dict[str, list] = {}
    for row in rows(name):
        by_code.setdefault(row.code, []).append(row)

    for held in by_code.values():
        ordered = sorted(held, key=lambda row: row.starts_on)
        assert all(before.ends_on == after.starts_on for before, after in pairwise(ordered))
        assert ordered[-1].ends_on is None


def test_the_goals_of_the_notice_are_law_from_2024_and_a_guess_before():
    goal = [row for row in rows("numbers.csv") if row.code == "county_min_ratio"]

    assert [(row.starts_on.year, row.value, row.shown_as_law) for row in goal] == [
        (2004, "0.035", False),
        (2024, "0.035", True),
    ]
    assert goal[1].document == "安市监〔2024〕26号"


def test_the_repair_decision_is_shortened_on_the_day_of_the_new_rule():
    d12 = {row.starts_on: row.amount for row in rows("deadlines.csv") if row.code == "D12"}

    assert d12[dt.date(2025, 12, 25)] == 7
    assert min(d12.items()) == (dt.date(2021, 9, 1), 15)


def test_all_deadlines_of_the_workflow_are_there():
    held = {row.code.rstrip("ab") for row in rows("deadlines.csv")}

    assert held == {f"D{n}" for n in range(1, 27)} | {"follow_up_start", "follow_up_end"}


@pytest.mark.parametrize("name", ["default", "individual", "henan-2021", "bayannur-2022"])
def test_the_shipped_rates_rise_with_the_risk(name):
    rates = {r.stratum: Decimal(r.ratio) for r in rows("class_rates.csv") if r.set_code == name}

    assert rates["A"] <= rates["B"] <= rates["C"] <= rates["D"]
    assert rates["A"] < rates["D"]


def test_the_default_rates_reach_the_floor_on_the_class_shares_they_were_made_for():
    shares = {"A": Decimal("0.654"), "B": Decimal("0.253"), "C": Decimal("0.077"), "D": Decimal("0.015")}
    rates = {r.stratum: Decimal(r.ratio) for r in rows("class_rates.csv") if r.set_code == "default"}

    overall = sum(share * rates[name] for name, share in shares.items())

    assert Decimal("0.035") <= overall < Decimal("0.037")


@pytest.mark.parametrize(
    ("enum", "labels"),
    [
        (states.DeadlineUnit, states.DEADLINE_UNIT_LABELS),
        (states.Certainty, states.CERTAINTY_LABELS),
        (states.Origin, states.ORIGIN_LABELS),
    ],
)
def test_every_kind_has_a_label(enum, labels):
    assert set(enum) == set(labels)


def test_measures_name_deadlines_that_exist():
    deadlines = {row.code for row in rows("deadlines.csv")}

    assert {row.deadline for row in rows("measures.csv")} - {""} <= deadlines


def test_the_index_of_clauses_lists_the_rules_as_they_are_shipped():
    printed = CLAUSES.split("<!-- rules:begin -->\n")[1].split("\n<!-- rules:end -->")[0]

    assert printed == reference.rule_table()
