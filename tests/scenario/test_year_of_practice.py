"""The practice year of a small county (演示县): its figures follow from what it leaves behind, and its papers open."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from pypdf import PdfReader

from fairdraw.demo import practice
from tests.builders import year as builder
from tests.builders.year import Ran

pytestmark = pytest.mark.only_sqlite  # the command works in a database of its own

ENTERPRISES = 2_000
MARK = "演示（虚构数据）"

GOALS = {"K1": "不低于3.5%", "K2": "100%", "K3": "100%", "K4": "100%", "K5": "不低于85%"}


def ran() -> Ran:
    year = builder.kept_year("--enterprises", str(ENTERPRISES))
    assert year.code == 0, year.err
    return year


def documents(suffix: str) -> list[Path]:
    return [Path(path) for path in ran().answer["documents"] if path.endswith(suffix)]


def test_k1_is_the_distinct_enterprises_published():
    found = ran().answer["indicators"]["K1"]
    published = {
        row["target"] for row in ran().inspections if row["kind"] == "enterprise" and row["published_on"]
    }

    assert found["numerator"] == len(published)
    assert 0.9 * ENTERPRISES < found["denominator"] < ENTERPRISES  # those that exist
    assert found["met"] is (Fraction(len(published), found["denominator"]) >= Fraction(35, 1000)) is True


def test_k5_is_the_share_of_differentiated_inspections_outside_the_professional_fields():
    found = ran().answer["indicators"]["K5"]
    counted = [row for row in ran().inspections if row["exempt"] == "0"]
    differentiated = sum(row["differentiated"] == "1" for row in counted)

    assert (found["numerator"], found["denominator"]) == (differentiated, len(counted))
    assert len(counted) < len(ran().inspections)  # catering and food sale are drawn flat
    assert found["met"] is (differentiated * 100 >= 85 * len(counted)) is True


def test_all_goals_are_met():
    found = ran().answer["indicators"]

    assert [code for code in found if found[code]["met"] is not None] == ["K1", "K2", "K3", "K4", "K5"]
    assert all(found[code]["met"] for code in ("K1", "K2", "K3", "K4", "K5"))


def test_drawn_is_the_main_rows_of_the_bundles():
    year = ran()
    rows = [row for bundle in year.answer["bundles"] for row in builder.drawn(Path(bundle))]

    assert year.answer["drawn"] == len(rows)
    assert sorted(rows) == sorted((r["task"], r["stratum"], r["target"]) for r in year.inspections)


def test_each_row_of_the_plan_is_a_task_or_is_held():
    answer = ran().answer

    assert answer["tasks"] + len(answer["held"]) == len(practice.ROWS)
    assert [row["row"] for row in answer["held"]] == ["13"]


def test_the_batches_hold_a_notice_for_each_visit_and_a_sheet_for_each_inspection():
    """A door that tasks share has one notice, and its sheets lie together with the first of them."""
    checks = {(row["task"], row["target"]) for row in ran().inspections}
    batches = {path.name[:8]: path for path in documents(".pdf")}
    notices: set[str] = set()
    sheets: set[tuple[str, str]] = set()

    assert batches.keys() == {task for task, _target in checks}
    for task, batch in batches.items():
        pages = ["".join(page.extract_text().split()) for page in PdfReader(batch).pages]
        text = "".join(pages)
        assert all(MARK in page for page in pages), task
        assert all(target in text for own, target in checks if own == task), task
        notices |= set(re.findall(r"双随机抽查通知书演市监抽查通〔2026〕(\d+)号", text))
        sheets |= set(re.findall(r"随机抽查情况记录表(2026-0\d\d)(\w{18})", text))
    answer = ran().answer
    assert sheets == checks
    assert len(notices) == answer["visits"] + answer["partner_inspections"]


def test_the_summary_states_the_figures_of_the_year():
    year = ran()
    [summary] = [path for path in documents(".docx") if "年度总结" in path.name]

    lines = builder.text_of(summary).splitlines()
    for code, found in year.answer["indicators"].items():
        [line] = [line for line in lines if line.startswith(f"{code}\t")]
        assert line.split("\t")[2:4] == [str(found["numerator"]), str(found["denominator"])]
        assert line.split("\t")[5] == GOALS.get(code, "—")
    whole = "".join(lines)
    assert f"全年抽取检查对象{year.answer['drawn']}户次" in whole
    assert f"入企检查{year.answer['visits']}次" in whole
    assert f"配合部门另有检查{year.answer['partner_inspections']}户次" in whole
    for task in {row["task"] for row in year.inspections}:
        assert any(line.startswith(task) for line in lines), task
    assert "13\t拍卖企业抽查\t没有可以列入计划的抽查事项" in lines
    assert MARK in lines[0]
