"""
The main job on a bureau's own files (演练全年): from plan table, items, targets and inspectors to bundles, papers and
figures by one command; everything that it says of itself is recomputed here from what it wrote.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.builders import year as builder
from tests.builders.rarer import rarer
from tests.builders.year import Ran

pytestmark = pytest.mark.only_sqlite  # the command works in a database of its own

KEYS = [
    "year", "tasks", "held", "targets", "drawn", "visits", "inspections", "excluded", "published", "findings",
    "followed_up", "indicators", "bundles", "inspections_csv", "documents", "seconds",
]  # fmt: skip
BESIDE = {"mark", "partner_inspections"}  # what stands beside the documented keys
COLUMNS = [
    "task", "target", "kind", "stratum", "class_as_sealed", "differentiated", "exempt", "checked_on",
    "published_on", "due_on", "outcome", "problem", "followed_up",
]  # fmt: skip
ALL = "classes,inspectors,scopes,items"
MARK_OF_ALL = "演练（虚构部分：信用风险分类、检查人员、监管标签、抽查事项、检查结果）"


def ran() -> Ran:
    return builder.kept_year(*builder.files())


def invented() -> Ran:
    """The same plan where only a registry's targets are at hand, the rest made up."""
    return builder.kept_year("--plan", builder.PLAN, "--targets", builder.poor_targets(), "--invent", ALL)


def test_stdout_is_one_object_with_the_documented_keys():
    year = ran()

    assert year.code == 0, year.err
    assert year.out.count("\n") <= 1
    answer = year.answer
    assert [key for key in answer if key not in BESIDE] == KEYS
    assert set(answer) == {*KEYS, *BESIDE}
    assert list(answer["indicators"]) == ["K1", "K2", "K3", "K4", "K5", "K6", "K7"]
    for indicator in answer["indicators"].values():
        assert list(indicator) == ["numerator", "denominator", "goal", "met"]
        assert (indicator["goal"] is None) == (indicator["met"] is None)
    assert all(set(row) == {"row", "reason"} for row in answer["held"])
    assert answer["year"] == 2025
    assert all(Path(path).is_absolute() and Path(path).is_dir() for path in answer["bundles"])
    assert Path(answer["inspections_csv"]) == year.folder / "inspections.csv"
    assert 0 < answer["seconds"] < 600
    assert "Traceback" not in year.err


def test_drawn_is_the_main_rows_of_all_bundles_and_each_is_an_inspection():
    year = ran()

    rows = [row for bundle in year.answer["bundles"] for row in builder.drawn(Path(bundle))]
    assert year.answer["drawn"] == len(rows) == len(set(rows))
    assert year.answer["inspections"] == len(year.inspections)
    assert sorted(rows) == sorted((r["task"], r["stratum"], r["target"]) for r in year.inspections)
    assert year.answer["tasks"] == len({task for task, _stratum, _code in rows}) == 7


def test_each_task_draws_what_its_plan_row_asks_for():
    drawn = Counter(row["task"] for row in ran().inspections)
    strata = Counter((row["task"], row["stratum"]) for row in ran().inspections)
    existing = [row for row in builder.rows_of(builder.targets()) if row["登记状态"] == "存续"]
    companies = [row for row in existing if row["主体类别"] == "企业"]
    shops = [row for row in existing if row["主体类别"] == "个体工商户"]

    def tagged(rows: list[dict[str, str]], tag: str) -> int:
        return sum(tag in row["监管标签"].split("、") for row in rows)

    assert drawn["2025-001"] == math.ceil(len(companies) * 2 / 100)
    assert [strata["2025-002", c] for c in "ABCD"] == [0, 1, 2, 1]  # A类不纳入
    assert [strata["2025-003", c] for c in ("C", "D", "ind")] == [
        1,
        1,
        math.ceil(tagged(shops, "catering") * 5 / 100),
    ]
    assert drawn["2025-004"] == 15
    assert drawn["2025-005"] == math.ceil(tagged(existing, "special_equipment") * 5 / 100)
    own_area = [row for row in shops if row["市场监管所"] == "云栖市场监管所"]
    assert drawn["2025-006"] == math.ceil(len(own_area) * 3 / 100)
    assert drawn["2025-007"] == tagged(existing, "filling_station")


def test_a_station_draws_in_its_own_area_only():
    station = {
        r["统一社会信用代码"]
        for r in builder.rows_of(builder.targets())
        if r["市场监管所"] == "云栖市场监管所"
    }

    assert {row["target"] for row in ran().inspections if row["task"] == "2025-006"} <= station


def test_rows_that_cannot_be_planned_are_held_with_their_reason():
    held = {row["row"]: row["reason"] for row in ran().answer["held"]}

    assert set(held) == {"7", "8", "9"}
    assert "没有符合抽查对象范围的检查对象" in held["7"]
    assert "抽查数量“待定”" in held["8"]
    assert "缺少抽查比例或数量" in held["8"]
    assert "县应急管理局没有执法检查人员" in held["9"]


def test_inspections_csv_has_the_documented_columns():
    year = ran()

    with (year.folder / "inspections.csv").open(encoding="utf-8") as stream:
        assert stream.readline().rstrip("\n").split(",") == COLUMNS
    for row in year.inspections:
        assert row["kind"] in {"enterprise", "individual_business"}
        assert row["class_as_sealed"] in set("ABCDN")
        assert {row[c] for c in ("differentiated", "exempt", "problem", "followed_up")} <= {"0", "1"}
        days = [dt.date.fromisoformat(row[c]) for c in ("checked_on", "published_on", "due_on")]
        assert days == sorted(days)


def test_the_indicators_follow_from_inspections_csv_alone():
    year = ran()
    rows, found = year.inspections, year.answer["indicators"]
    registered = builder.rows_of(builder.targets())
    base = sum(r["登记状态"] == "存续" and r["主体类别"] == "企业" for r in registered)
    published = [row for row in rows if row["published_on"]]
    problems = [row for row in rows if row["problem"] == "1"]
    counted = [row for row in rows if row["exempt"] == "0"]

    def both(code: str) -> tuple[int, int]:
        return found[code]["numerator"], found[code]["denominator"]

    assert both("K1") == (len({r["target"] for r in published if r["kind"] == "enterprise"}), base)
    assert both("K3") == (len(published), sum(bool(row["checked_on"]) for row in rows))
    assert both("K4") == (sum(row["followed_up"] == "1" for row in problems), len(problems))
    assert both("K5") == (sum(row["differentiated"] == "1" for row in counted), len(counted))
    assert both("K6") == (len(problems), sum(bool(row["checked_on"]) for row in rows))
    late = {r["task"] for r in rows if not r["published_on"] or r["published_on"] > r["due_on"]}
    tasks = {row["task"] for row in rows}
    assert both("K2") == (len(tasks - late), len(tasks))
    met = {code: n >= d * found[code]["goal"] for code in ("K1", "K5") for n, d in [both(code)]}
    assert met == {code: found[code]["met"] for code in met}


def test_the_counts_agree_with_inspections_csv():
    answer, rows = ran().answer, ran().inspections

    assert answer["targets"] == builder.ENTERPRISES + builder.INDIVIDUALS
    assert answer["published"] == sum(bool(row["published_on"]) for row in rows)
    assert answer["findings"] == sum(row["problem"] == "1" for row in rows)
    assert answer["followed_up"] == sum(row["followed_up"] == "1" for row in rows)
    assert answer["excluded"] == 0
    doors = {row["target"] for row in rows}
    assert len(doors) <= answer["visits"] <= answer["inspections"]
    assert answer["partner_inspections"] == sum(row["task"] == "2025-003" for row in rows)


@pytest.mark.parametrize("which", [ran, pytest.param(invented, marks=pytest.mark.long)])
def test_every_bundle_is_accepted_by_both_verifiers(which):
    for bundle in which().answer["bundles"]:
        alone = builder.judge(bundle)
        assert alone.returncode == 0, alone.stdout
        assert builder.run("verify", bundle).code == 0


@pytest.mark.parametrize("which", [ran, rarer(invented)])
def test_every_document_opens_and_bears_the_mark_of_what_was_made_up(which):
    answer = which().answer

    expected = "演练（虚构部分：检查结果）" if which is ran else MARK_OF_ALL
    assert answer["mark"] == expected
    documents = [Path(path) for path in answer["documents"]]
    assert {path.suffix for path in documents} == {".pdf", ".docx", ".csv"}
    for document in documents:
        assert expected in builder.text_of(document).replace("\n", ""), document.name
    tasks = answer["tasks"]
    assert sum(path.suffix == ".pdf" for path in documents) == tasks
    assert sum(path.suffix == ".docx" for path in documents) == tasks + 1


def test_the_batch_of_a_task_holds_a_notice_and_a_sheet_for_each_door_of_its_own():
    year = ran()
    batch = next(Path(p) for p in year.answer["documents"] if "2025-001" in p and p.endswith(".pdf"))

    text = "".join(builder.text_of(batch).split())
    names = {r["统一社会信用代码"]: r["企业名称"] for r in builder.rows_of(builder.targets())}
    doors = Counter(row["target"] for row in year.inspections)
    own = [
        row["target"] for row in year.inspections if row["task"] == "2025-001" and doors[row["target"]] == 1
    ]
    numbers = re.findall(r"抽查通知书演练抽查通〔2025〕(\d+)号", text)
    assert len(set(numbers)) >= len(own) > 10
    for target in own:
        assert text.count(names[target]) >= 3  # 清单、通知书、记录表
        assert f"随机抽查情况记录表2025-001{target}" in text
    assert all("演练" in page.extract_text() for page in PdfReader(batch).pages)


def test_the_held_rows_stand_in_a_table_with_their_mark():
    year = ran()
    table = next(Path(path) for path in year.answer["documents"] if path.endswith(".csv"))

    assert builder.rows_of(table) == [{**row, "mark": year.answer["mark"]} for row in year.answer["held"]]


def test_what_the_files_lack_is_made_up_only_where_it_was_asked_for():
    year = invented()

    assert year.code == 0, year.err
    assert {row["row"] for row in year.answer["held"]} == {"7", "8"}  # 应急管理局的人员也是虚构的
    assert year.answer["tasks"] == 8
    assert all(row["class_as_sealed"] in set("ABCD") for row in year.inspections)


@pytest.mark.long
def test_the_same_seed_gives_the_same_year(tmp_path):
    again = builder.year(tmp_path / "again", *builder.files())

    assert again.files_of_bundles() == ran().files_of_bundles()
    assert (again.folder / "inspections.csv").read_bytes() == (ran().folder / "inspections.csv").read_bytes()
    same = {
        key: again.answer[key]
        for key in KEYS
        if key not in {"bundles", "inspections_csv", "documents", "seconds"}
    }
    assert same == {key: ran().answer[key] for key in same}


@pytest.mark.long
def test_another_seed_draws_others(tmp_path):
    other = builder.year(tmp_path / "other", *builder.files(), "--seed", "2")

    assert other.code == 0, other.err
    assert other.answer["drawn"] == ran().answer["drawn"]
    assert {r["target"] for r in other.inspections} != {r["target"] for r in ran().inspections}


@pytest.mark.long
def test_workbooks_give_the_same_draw_as_text_tables(tmp_path):
    plan = builder.as_workbook(builder.PLAN, tmp_path, title="演示县2025年度“双随机、一公开”抽查工作计划表")
    others = {
        name: builder.as_workbook(path, tmp_path)
        for name, path in (
            ("--items", builder.ITEMS),
            ("--targets", builder.targets()),
            ("--inspectors", builder.INSPECTORS),
        )
    }
    year = builder.year(tmp_path / "out", "--plan", plan, *(word for pair in others.items() for word in pair))

    assert year.code == 0, year.err
    assert year.answer["held"] == ran().answer["held"]
    assert [builder.drawn(Path(b)) for b in year.answer["bundles"]] == [
        builder.drawn(Path(b)) for b in ran().answer["bundles"]
    ]
    assert year.inspections == ran().inspections
