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

pytestmark = [pytest.mark.only_sqlite, pytest.mark.long]  # the command works in a database of its own

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
def results() -> list[dict[str, str]]:
    """Results for every inspection but those of the last task."""
    rows = [row for row in drawn().inspections if row["task"] != "2025-007"]
    return [row_of(row, turn) for turn, row in enumerate(rows)]


def stray() -> dict[str, str]:
    """A result of the first task for a target that no task drew."""
    chosen = {row["target"] for row in drawn().inspections}
    codes = [row["统一社会信用代码"] for row in builder.rows_of(builder.targets())]
    return {**results()[0], "统一社会信用代码": next(code for code in codes if code not in chosen)}


@cache
def table() -> Path:
    """The results, and one row more that belongs to nothing."""
    return builder.write_rows(builder.kept_folder() / "results.csv", [*results(), stray()])


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
    written = {(numbers.get(r["任务编号"], r["任务编号"]), r["统一社会信用代码"]): r for r in results()}
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
    rows = results()
    problems = sum(row["检查结果"] == "05" for row in rows)

    assert (found["K6"]["numerator"], found["K6"]["denominator"]) == (problems, len(rows))
    assert (found["K4"]["numerator"], found["K4"]["denominator"]) == (problems, problems)
    assert (found["K2"]["numerator"], found["K2"]["denominator"], found["K2"]["met"]) == (6, 7, False)


def test_nothing_is_marked_as_made_up():
    assert with_results().answer["mark"] == "演练"


def test_a_row_of_a_target_that_was_not_drawn_is_told_and_not_recorded():
    year = with_results()

    assert f"results.csv 第{len(results()) + 2}行" in year.err
    assert f"没有抽到 {stray()['统一社会信用代码']}，这一行没有用上" in year.err
    assert year.answer["published"] == len(results())


def refused(folder: Path, *changes: dict[str, str]) -> str:
    """Run on a file whose rows from the third line on are changed so; gives what was said."""
    first, *others = results()[: len(changes) + 1]
    changed = [{**row, **change} for row, change in zip(others, changes, strict=True)]
    bad = builder.write_rows(folder / "results.csv", [first, *changed])

    year = builder.year(folder / "out", *builder.files(), "--results", bad)

    assert year.code == 2
    assert "Traceback" not in year.err
    assert not list((folder / "out").iterdir())
    return year.err


UNREADABLE = (
    ({"检查日期": "六月初"}, "检查日期", "不是日期"),
    ({"统一社会信用代码": "9.1999901E+17"}, "统一社会信用代码", "科学计数法"),
)
UNKNOWN = (
    ({"检查结果": "合格"}, "检查结果", "不认识检查结果“合格”"),
    ({"检查结果": "01、05"}, "检查结果", "不能同时选择"),
    ({"检查结果": "05", "后续处置": ""}, "后续处置", "没有写后续处置"),
    ({"检查结果": "05", "后续处置": "口头提醒"}, "后续处置", "不认识后续处置"),
    ({"检查结果": "05", "后续处置": "无需后续处置"}, "后续处置", "与检查结果不符"),
)


@pytest.mark.parametrize(
    "cases",
    [pytest.param(UNREADABLE, marks=pytest.mark.long), pytest.param(UNKNOWN, marks=pytest.mark.long)],
    ids=["unreadable", "unknown"],
)
def test_rows_that_cannot_be_used_are_named_and_nothing_is_stored(tmp_path, cases):
    lines = refused(tmp_path, *(change for change, _column, _words in cases)).splitlines()

    for number, (_change, column, words) in enumerate(cases, start=3):
        place = f"results.csv 第{number}行「{column}」列"
        assert any(place in line and words in line for line in lines), words


@pytest.mark.long
def test_a_check_dated_before_its_draw_is_refused_and_nothing_is_stored(tmp_path):
    said = refused(tmp_path, {"检查日期": "2025-01-06"})

    assert "results.csv 第3行「检查日期」列" in said
    assert "早于抽取日期" in said
