"""What the database counts is what the rules say of every row (指标统计与规则一致)."""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.oversight import rules, selectors
from fairdraw.rulebook.services import load_defaults
from tests.builders.random_year import YEAR, RandomYear

START = dt.datetime(YEAR, 1, 5, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("seed", range(24))
def test_a_year_by_chance_is_counted_as_the_rules_read_it(db, seed):
    load_defaults(START)
    year = RandomYear(seed)
    days = [dt.date(YEAR, 11, 20), dt.date(YEAR + 1, 2, 1), *(year.day() for _n in range(6))]

    for day in days:
        counted = selectors.indicators(year.bureau, YEAR, as_of=day)
        expected = selectors.indicators_by_facts(year.bureau, YEAR, as_of=day)
        assert list(counted.items()) == list(expected.items())

        late = rules.late_tasks(
            selectors.task_facts(year.bureau, YEAR),
            selectors.inspection_facts(year.bureau, selectors.year_tasks(year.bureau, YEAR)),
            as_of=day,
        )
        found = selectors.late_tasks(year.bureau, YEAR, as_of=day)
        assert [task.number for task in found] == [fact.task for fact in late]
