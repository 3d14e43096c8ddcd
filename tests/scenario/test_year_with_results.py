"""
A year whose results come from a file (``--results``): what the file says is recorded and published, what it does not
say stays unchecked, and the detection rate follows from it.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from tests.builders import year as builder
from tests.builders.year import Ran

pytestmark = pytest.mark.only_sqlite  # the command works in a database of its own

NAMES = {"2025-001": "演示县2025年度企业登记事项抽查"}
PROBLEM = ("05", "责令改正，日常监管跟踪")
# outcome and measure as clerks write them, in turn over the rows of a task
WRITTEN = (
    ("未发现问题", ""),
    PROBLEM,
    ("01", "none_needed"),
    ("已关闭停业或正在组织清算", ""),
    ("正常", "无需后续处置"),
)


def drawn() -> Ran:
    return builder.kept_year(*builder.files())


def row_of(row: dict[str, str], turn: int) -> dict[str, str]:
    """A row of results: the first task by its name, the others by number, checked a week after it was planned."""
    outcome, measure = WRITTEN[turn % len(WRITTEN)]
    day = dt.date.fromisoformat(row["checked_on"]) + dt.timedelta(days=7)
    return {
        "任务编号": NAMES.get(row["task"], row["task"]),
        "统一社会信用代码": row["target"],
        "检查日期": str(day),
        "检查结果": outcome,
        "后续处置": measure,
    }


@cache
def table() -> Path:
    """Results for every inspection but those of the last task."""
    rows = [row for row in drawn().inspections if row["task"] != "2025-007"]
    given = [row_of(row, turn) for turn, row in enumerate(rows)]
    return builder.write_rows(builder.kept_folder() / "results.csv", given)


def with_results() -> Ran:
    return builder.kept_year(*builder.files(), "--results", table())


def test_the_draw_is_the_same_whatever_the_results():
    year = with_results()

    assert year.code == 0, year.err
    assert [builder.drawn(Path(b)) for b in year.answer["bundles"]] == [
        builder.drawn(Path(b)) for b in drawn().answer["bundles"]
    ]


def test_days_outcomes_and_measures_are_those_of_the_file():
    numbers = {name: number for number, name in NAMES.items()}
    written = {
        (numbers.get(r["任务编号"], r["任务编号"]), r["统一社会信用代码"]): r
        for r in builder.rows_of(table())
    }
    codes = {"未发现问题": "01", "01": "01", "正常": "01", "05": "05", "已关闭停业或正在组织清算": "09"}

    for row in with_results().inspections:
        given = written.get((row["task"], row["target"]))
        if given is None:
            assert (row["checked_on"], row["published_on"], row["outcome"]) == ("", "", "")
        else:
            assert row["checked_on"] == given["检查日期"]
            assert row["outcome"] == codes[given["检查结果"]]
            assert row["problem"] == row["followed_up"] == ("1" if given["检查结果"] == "05" else "0")


def test_the_detection_rate_and_the_late_task_follow_from_the_file():
    found = with_results().answer["indicators"]
    rows = builder.rows_of(table())
    problems = sum(row["检查结果"] == "05" for row in rows)

    assert (found["K6"]["numerator"], found["K6"]["denominator"]) == (problems, len(rows))
    assert (found["K4"]["numerator"], found["K4"]["denominator"]) == (problems, problems)
    assert (found["K2"]["numerator"], found["K2"]["denominator"], found["K2"]["met"]) == (6, 7, False)


def test_nothing_is_marked_as_made_up():
    assert with_results().answer["mark"] == "演练"


def test_rows_of_targets_that_were_not_drawn_are_told(tmp_path):
    rows = [
        *builder.rows_of(table())[:3],
        {**builder.rows_of(table())[0], "统一社会信用代码": "91999901MA0ZZZZZ07"},
    ]
    stray = builder.write_rows(tmp_path / "results.csv", rows)

    year = builder.year(tmp_path / "out", *builder.files(), "--results", stray)

    assert year.code == 0, year.err
    assert "results.csv 第5行" in year.err
    assert "91999901MA0ZZZZZ07" in year.err
    assert year.answer["published"] == 3


@pytest.mark.parametrize(
    ("changed", "column", "words"),
    [
        ({"检查日期": "2025-01-06"}, "检查日期", "早于抽取日期"),
        ({"检查日期": "六月初"}, "检查日期", "不是日期"),
        ({"检查结果": "合格"}, "检查结果", "不认识检查结果“合格”"),
        ({"检查结果": "01、05"}, "检查结果", "不能同时选择"),
        ({"检查结果": "05", "后续处置": ""}, "后续处置", "没有写后续处置"),
        ({"检查结果": "05", "后续处置": "口头提醒"}, "后续处置", "不认识后续处置"),
        ({"检查结果": "05", "后续处置": "无需后续处置"}, "后续处置", "与检查结果不符"),
        ({"统一社会信用代码": "9.1999901E+17"}, "统一社会信用代码", "科学计数法"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_and_nothing_is_stored(tmp_path, changed, column, words):
    rows = builder.rows_of(table())[:2]
    bad = builder.write_rows(tmp_path / "results.csv", [rows[0], {**rows[1], **changed}])

    year = builder.year(tmp_path / "out", *builder.files(), "--results", bad)

    assert year.code == 2
    assert f"results.csv 第3行「{column}」列" in year.err
    assert words in year.err
    assert "Traceback" not in year.err
    assert not list((tmp_path / "out").iterdir())
