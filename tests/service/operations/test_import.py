"""``fairdraw import``: a whole file or nothing, with file, row and column of every fault."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders.rarer import rarer
from tests.service.operations.conftest import Place

pytestmark = pytest.mark.only_sqlite
HEADER = "统一社会信用代码,企业名称,登记状态,主体类别,市场监管所,经营范围"
GOOD = (
    "91350524MA0000007P,甲茶业有限公司,存续,企业,城关所,茶叶销售",
    "91350524MA00000153,乙食品有限公司,存续,企业,东关所,食品销售",
)


def count(place: Place, table: str) -> int:
    """How many rows a table has."""
    with sqlite3.connect(place.database) as connection:
        return int(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


def test_targets_come_in_with_their_station(installed: Place, table: Callable[..., Path]):
    done = installed.run("import", "targets", table("名录.csv", HEADER, *GOOD), "--json")

    assert done.code == 0, done.err
    assert {key: done.answer[key] for key in ("rows", "added", "changed", "same")} == {
        "rows": 2,
        "added": 2,
        "changed": 0,
        "same": 0,
    }
    with sqlite3.connect(installed.database) as connection:
        query = "SELECT t.name, a.name FROM registers_target t JOIN accounts_agency a ON a.id = t.station_id"
        held = dict(connection.execute(query).fetchall())
    assert held == {"甲茶业有限公司": "城关所", "乙食品有限公司": "东关所"}


def test_the_same_file_again_changes_nothing(installed: Place, table: Callable[..., Path]):
    path = table("名录.csv", HEADER, *GOOD)
    installed.run("import", "targets", path)

    done = installed.run("import", "targets", path, "--json")

    assert (done.answer["added"], done.answer["same"]) == (0, 2)


def test_a_trial_stores_nothing_and_writes_no_entry(installed: Place, table: Callable[..., Path]):
    before = count(installed, "audit_logentry")

    done = installed.run("import", "targets", table("名录.csv", HEADER, *GOOD), "--dry-run", "--json")

    assert done.code == 0
    assert (done.answer["dry_run"], done.answer["added"]) == (True, 2)
    assert count(installed, "registers_target") == 0
    assert count(installed, "audit_logentry") == before


def test_one_bad_row_keeps_the_whole_file_out(installed: Place, table: Callable[..., Path]):
    bad = "9.1350524E+17,丙有限公司,存续,企业,城关所,零售"
    before = count(installed, "audit_logentry")

    done = installed.run("import", "targets", table("名录.csv", HEADER, *GOOD, bad), "--json")

    assert done.code == 2
    [trouble] = done.answer["error"]["troubles"]
    assert (trouble["file"], trouble["row"], trouble["column"]) == ("名录.csv", 4, "统一社会信用代码")
    assert "名录.csv 第4行「统一社会信用代码」列" in done.err
    assert count(installed, "registers_target") == 0
    assert count(installed, "audit_logentry") == before


@pytest.mark.parametrize("kind", ["targets", *map(rarer, ["items", "inspectors", "classes", "plan"])])
def test_a_table_of_something_else_is_refused(installed: Place, table: Callable[..., Path], kind: str):
    done = installed.run("import", kind, table("别的.csv", "甲,乙", "1,2"), "--year", "2026")

    assert done.code == 2
    assert "别的.csv" in done.err
    assert "Traceback" not in done.err


def test_a_file_that_is_not_there_is_bad_input(installed: Place, tmp_path: Path):
    done = installed.run("import", "targets", tmp_path / "没有.csv")

    assert done.code == 2
    assert "没有这个文件" in done.err


def test_a_station_that_is_not_set_up_is_told_with_its_number(installed: Place, table: Callable[..., Path]):
    row = "91350524MA0000007P,甲茶业有限公司,存续,企业,北关所,茶叶销售"

    done = installed.run("import", "targets", table("名录.csv", HEADER, row), "--json")

    assert done.code == 0
    assert any("北关所" in c["message"] and "1 户" in c["message"] for c in done.answer["cautions"])


def test_classes_reach_their_targets_by_credit_code(installed: Place, table: Callable[..., Path]):
    installed.run("import", "targets", table("名录.csv", HEADER, *GOOD))
    classes = table(
        "分类.csv", "统一社会信用代码,信用风险分类", "91350524MA0000007P,D", "91350524MA00000318,A"
    )

    undated = installed.run("import", "classes", classes)
    done = installed.run("import", "classes", classes, "--computed-on", "2026-03-01", "--json")

    assert undated.code == 2
    assert "--computed-on" in undated.err
    assert done.code == 0, done.err
    assert done.answer["changed"] == 1
    assert [(c["row"], c["column"]) for c in done.answer["cautions"]] == [(3, "统一社会信用代码")]
    with sqlite3.connect(installed.database) as connection:
        held = connection.execute(
            "SELECT name, credit_class FROM registers_target ORDER BY name DESC"
        ).fetchall()
    assert held == [("甲茶业有限公司", "D"), ("乙食品有限公司", "")]


def test_inspectors_of_an_unknown_unit_are_refused(installed: Place, table: Callable[..., Path]):
    path = table(
        "人员.csv",
        "编号,姓名,所属单位,执法证号,有效期至",
        "r1,张三,企监股,Z001,2030-01-01",
        "r2,李四,人事股,Z002,2030-01-01",
    )

    done = installed.run("import", "inspectors", path)

    assert done.code == 2
    assert "第3行" in done.err
    assert "人事股" in done.err
    assert count(installed, "registers_inspector") == 0


def test_a_plan_comes_in_once(installed: Place, table: Callable[..., Path]):
    path = table(
        "计划.csv",
        "序号,抽查任务名称,抽查事项,抽查对象范围,抽查比例,发起部门,实施时间",
        "1,广告行为检查,广告行为检查,广告经营者,5%,信用股,2026年3月-10月",
    )

    first = installed.run("import", "plan", path, "--year", "2026", "--json")
    second = installed.run("import", "plan", path, "--year", "2026")

    assert first.code == 0, first.err
    assert first.answer["added"] == 1
    assert second.code == 1
    assert "已经存在" in second.err


def test_a_rehearsal_takes_no_real_file(installed: Place, table: Callable[..., Path]):
    with sqlite3.connect(installed.database) as connection:
        connection.execute("DROP TRIGGER installation_keeps_its_org")
        connection.execute("UPDATE accounts_installation SET org = 'rehearsal-x', rehearsal = 1")

    done = installed.run("import", "targets", table("名录.csv", HEADER, *GOOD))

    assert done.code == 2
    assert "演练" in done.err


@pytest.mark.parametrize("kind", ["list", "results"])
def test_the_machines_owner_brings_in_neither(installed: Place, table: Callable[..., Path], kind: str):
    done = installed.run("import", kind, table("甲.csv", "企业名称", "甲"))

    assert done.code == 2
    assert "--as" in done.err
