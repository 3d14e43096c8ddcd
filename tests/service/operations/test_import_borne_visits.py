"""``fairdraw import visits``: visits that came from no draw, each once, so that caps mean something (N06)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.operations.conftest import Place

pytestmark = pytest.mark.only_sqlite
TARGETS = (
    "统一社会信用代码,企业名称,登记状态,主体类别,市场监管所,经营范围",
    "91350524MA0000007P,甲茶业有限公司,存续,企业,城关所,茶叶销售",
    "91350524MA00000153,乙食品有限公司,存续,企业,东关所,食品销售",
)
HEADER = "统一社会信用代码,企业名称,检查单位,检查日期,检查类型,不计入频次原因,上级检查"
GOOD = (
    "91350524MA0000007P,,演示县消防大队,2026-04-02,日常检查,,否",
    ",乙食品有限公司,城关所,2026-05-06,个案检查,投诉举报,是",
)


@pytest.fixture
def stocked(installed: Place, table: Callable[..., Path]) -> Place:
    """An installation with two targets."""
    assert installed.run("import", "targets", table("名录.csv", *TARGETS)).code == 0
    return installed


def borne(place: Place) -> list[tuple[object, ...]]:
    """What is kept of visits."""
    query = """SELECT t.name, v.visited_on, v.kind, v.unit_name, a.name, v.exempt_code, v.higher
        FROM burden_bornevisit v JOIN registers_target t ON t.id = v.target_id
        LEFT JOIN accounts_agency a ON a.id = v.agency_id ORDER BY v.visited_on"""
    with sqlite3.connect(place.database) as connection:
        return connection.execute(query).fetchall()


def test_visits_come_in_by_code_or_name_and_only_once(stocked: Place, table: Callable[..., Path]):
    path = table("入企.csv", HEADER, *GOOD)

    done = stocked.run("import", "visits", path, "--json")
    again = stocked.run("import", "visits", path, "--json")

    assert (done.code, done.answer["added"]) == (0, 2), done.err
    assert (again.answer["added"], again.answer["same"]) == (0, 2)
    assert borne(stocked) == [
        ("甲茶业有限公司", "2026-04-02", "full_coverage", "演示县消防大队", None, "", 0),
        ("乙食品有限公司", "2026-05-06", "case_inspection", "", "城关所", "complaint", 1),
    ]


def test_a_trial_keeps_no_visit(stocked: Place, table: Callable[..., Path]):
    done = stocked.run("import", "visits", table("入企.csv", HEADER, *GOOD), "--dry-run", "--json")

    assert (done.code, done.answer["added"], borne(stocked)) == (0, 2, [])


def test_rows_that_cannot_be_used_keep_the_file_out(stocked: Place, table: Callable[..., Path]):
    bad = (
        (",丙有限公司,城关所,2026-04-02,,,", "企业名称", "名录库中没有"),
        ("91350524MA0000007P,,城关所,2099-04-02,,,", "检查日期", "不能晚于今天"),
        ("91350524MA0000007P,,城关所,四月二日,,,", "检查日期", "不是日期"),
        ("91350524MA0000007P,,城关所,2026-04-02,巡视,,", "检查类型", "不认识检查类型“巡视”"),
        ("91350524MA0000007P,,城关所,2026-04-02,,高兴,", "不计入频次原因", "不认识不计入频次的原因"),
        ("91350524MA0000007P,,演示县消防大队,2026-04-02,日常检查,,", "检查日期", "与第2行是同一次检查"),
    )
    file = table("入企.csv", HEADER, *GOOD, *(row for row, _column, _said in bad))

    done = stocked.run("import", "visits", file, "--json")

    assert done.code == 2
    troubles = sorted(done.answer["error"]["troubles"], key=lambda trouble: trouble["row"])
    assert [(t["row"], t["column"]) for t in troubles] == [
        (number, column) for number, (_row, column, _said) in enumerate(bad, start=4)
    ]
    assert all(said in t["message"] for t, (_row, _column, said) in zip(troubles, bad, strict=True)), troubles
    assert borne(stocked) == []
