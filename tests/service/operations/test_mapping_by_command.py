"""``fairdraw import … --map --sheet --header-row --good-rows``: a file of any headings, by command (列对照)."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders.rarer import rarer
from tests.service.operations.conftest import Place

pytestmark = pytest.mark.only_sqlite
HEADER = "证照号,字号,开着吗,类,备注"
ROWS = ("91350524MA0000007P,甲茶业有限公司,存续,企业,x", "91350524MA00000153,乙食品有限公司,存续,企业,y")
MAP = (
    "--map",
    "证照号=统一社会信用代码",
    "--map",
    "字号=name",
    "--map",
    "开着吗=登记状态",
    "--map",
    "类=kind",
)


def names(place: Place) -> list[str]:
    with sqlite3.connect(place.database) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM registers_target ORDER BY name")]


def last_entry(place: Place) -> dict[str, object]:
    """The body of the last entry of the log on an imported file."""
    with sqlite3.connect(place.database) as connection:
        query = "SELECT document FROM audit_logentry WHERE kind = 'file.imported' ORDER BY seq DESC"
        [document] = connection.execute(query).fetchone()
    found: dict[str, object] = json.loads(document)["body"]
    return found


def test_columns_are_what_the_command_says(installed: Place, table: Callable[..., Path]):
    path = table("名录.csv", HEADER, *ROWS)

    without = installed.run("import", "targets", path)
    done = installed.run("import", "targets", path, *MAP, "--json")

    assert without.code == 2
    assert "缺少必需的列" in without.err
    assert done.code == 0, done.err
    assert names(installed) == ["乙食品有限公司", "甲茶业有限公司"]
    body = last_entry(installed)
    assert body["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert "字号=name" in body["columns"]  # type: ignore[operator]


def test_the_columns_can_stand_in_a_file(installed: Place, table: Callable[..., Path], tmp_path: Path):
    said = tmp_path / "对照.json"
    pairs = {"证照号": "代码", "字号": "企业名称", "开着吗": "状态", "类": "主体类别", "备注": ""}
    said.write_text(json.dumps(pairs), encoding="utf-8")

    done = installed.run("import", "targets", table("名录.csv", HEADER, *ROWS), "--map", said)

    assert done.code == 0, done.err
    assert len(names(installed)) == 2


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("--map", "字号=企业名"), "没有字段“企业名”"),
        rarer(("--map", "没有的列=企业名称"), "「没有的列」列：没有这一列，表头是：证照号、字号"),
        rarer(("--map", "字号=企业名称", "--map", "备注=企业名称"), "“企业名称”只能对应一列"),
        rarer(("--map", "没有.json"), "列对照写成 列名=字段"),
        (("--sheet", "名录"), "没有工作表"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    installed: Place, table: Callable[..., Path], said: tuple[str, ...], told: str
):
    done = installed.run("import", "targets", table("名录.csv", HEADER, *ROWS), *said)

    assert done.code == 2
    assert told in done.err
    assert names(installed) == []


def test_only_good_rows_come_in_where_the_command_says_so(installed: Place, table: Callable[..., Path]):
    bad = "9.1350524E+17,丙有限公司,存续,企业,z"
    path = table("名录.csv", "名录", HEADER, *ROWS, bad)
    asked = ("import", "targets", path, *MAP, "--header-row", "2")

    refused = installed.run(*asked)
    done = installed.run(*asked, "--good-rows", "--json")

    assert refused.code == 2
    assert done.code == 0, done.err
    assert names(installed) == ["乙食品有限公司", "甲茶业有限公司"]
    [trouble] = done.answer["refused"]
    assert (trouble["row"], trouble["column"]) == (5, "证照号")
    assert last_entry(installed)["rows_refused"] == 1
