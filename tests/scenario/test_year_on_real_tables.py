"""
The main job on real plan tables, the real item list and a real register (演练全年): what they lack is made up and marked,
what cannot be planned is held with its reason, and two runs give the same bundles.

Every fifth enterprise of the register is taken, so that the years stay short.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from fairdraw.exchange.readers import plans
from tests.builders import year as builder
from tests.builders.year import Ran

# The command works in a database of its own.
pytestmark = [pytest.mark.only_sqlite, pytest.mark.real_data, pytest.mark.long]

ALL = "classes,inspectors,scopes,items"
MARK = "演练（虚构部分：信用风险分类、检查人员、监管标签、抽查事项、检查结果）"
PLANS = ("qingchuan-2025", "fengxiang-2025")
EVERY = 5
# Why each row of the tables is held, by its number there.
HELD = {
    "qingchuan-2025": {
        "1": "没有符合抽查对象范围的检查对象",  # nobody of the register was founded in 2025
        "2": "“5”：各类数量之和 6 与总数 5 不一致",
        "4": "原表此行不完整",
    },
    "fengxiang-2025": {
        "1.1": "“餐饮服务50个,校园食堂5个”：写有几个数量，分不清总数",
        "1.8": "没有符合抽查对象范围的检查对象",
        "4.1": "没有符合抽查对象范围的检查对象",
        "4.2": "原表此行不完整",
    },
}


@cache
def register(whole: Path) -> Path:
    rows = builder.rows_of(whole / "entities" / "quanzhou-enterprises.csv")
    return builder.write_rows(builder.kept_folder() / "enterprises.csv", rows[::EVERY])


def options(whole: Path, name: str) -> tuple[str | Path, ...]:
    return (
        "--plan", whole / "plans" / f"{name}.csv", "--items", whole / "items" / "zhejiang-2017-msa.csv",
        "--targets", register(whole), "--invent", ALL,
    )  # fmt: skip


def ran(whole: Path, name: str) -> Ran:
    year = builder.kept_year(*options(whole, name))
    assert year.code == 0, year.err
    return year


@pytest.mark.parametrize("name", PLANS)
def test_each_row_is_a_task_or_is_held_with_its_reason(real_data, name):
    year = ran(real_data, name)

    held = {row["row"]: row["reason"] for row in year.answer["held"]}
    assert held.keys() == HELD[name].keys()
    assert all(HELD[name][row] in reason for row, reason in held.items())
    table = plans.read(plans.open_table(real_data / "plans" / f"{name}.csv"), year=2025)
    assert year.answer["tasks"] + len(held) == len(plans.group_rows(table.rows))
    assert {row["task"] for row in year.inspections} == {
        f"2025-{number:03d}" for number in range(1, year.answer["tasks"] + 1)
    }


@pytest.mark.parametrize("name", PLANS)
def test_each_target_of_the_register_is_taken_in(real_data, name):
    assert ran(real_data, name).answer["targets"] == len(builder.rows_of(register(real_data)))


@pytest.mark.parametrize("name", PLANS)
def test_drawn_is_what_the_bundles_say_and_verify_py_accepts_each(real_data, name):
    year = ran(real_data, name)

    bundles = [Path(path) for path in year.answer["bundles"]]
    rows = [row for bundle in bundles for row in builder.drawn(bundle)]
    assert year.answer["drawn"] == len(rows) == len(year.inspections) > 0
    for bundle in bundles:
        judged = builder.judge(bundle)
        assert judged.returncode == 0, judged.stdout


@pytest.mark.parametrize("name", PLANS)
def test_what_was_made_up_is_marked_on_every_output(real_data, name):
    answer = ran(real_data, name).answer

    assert answer["mark"] == MARK
    documents = [Path(path) for path in answer["documents"]]
    assert {path.suffix for path in documents} == {".pdf", ".docx", ".csv"}
    for document in documents:
        assert MARK in builder.text_of(document).replace("\n", ""), document.name


def test_a_count_that_a_made_up_register_does_not_bear_out_is_told(real_data):
    """The tags are made up, so that the row is planned by its count; whoever reads the year is told."""
    year = ran(real_data, "fengxiang-2025")
    [table] = [Path(path) for path in year.answer["documents"] if path.endswith("计划行提醒.csv")]

    notes = {row["row"]: row["note"] for row in builder.rows_of(table)}
    assert notes.keys() == {"2", "3.2"}  # 3.1: 5% of a fifth of them is 3
    assert "抽查比例5%与抽查数量10户不符" in notes["2"]
    for row, note in notes.items():
        assert f"提醒：计划第{row}行：{note}" in year.err


@pytest.mark.parametrize("name", PLANS)
def test_the_same_seed_gives_the_same_bundles(real_data, tmp_path, name):
    first = ran(real_data, name)

    again = builder.year(tmp_path / "again", *options(real_data, name))

    assert again.code == 0, again.err
    assert first.files_of_bundles()
    assert again.files_of_bundles() == first.files_of_bundles()
    assert (again.folder / "inspections.csv").read_bytes() == (first.folder / "inspections.csv").read_bytes()
