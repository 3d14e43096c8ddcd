"""``fairdraw import licences``: whose they are, until when, and the tag that rests on them (N20; rules.md C3)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.operations.conftest import Place

pytestmark = pytest.mark.only_sqlite
TARGETS = (
    "统一社会信用代码,企业名称,登记状态,主体类别",
    "91350524MA0000007P,甲茶业有限公司,存续,企业",
    "91350524MA00000153,乙食品有限公司,存续,企业",
)
HEADER = "统一社会信用代码,持证单位,许可证名称,许可证编号,有效期自,有效期至,发证机关,许可标签"
GOOD = (
    "91350524MA0000007P,,食品经营许可证,JY001,2024-01-01,2099-01-01,演示县市场监督管理局,catering",
    ",乙食品有限公司,食品经营许可证,JY002,2019-01-01,2024-01-01,演示县市场监督管理局,catering",
    ",乙食品有限公司,特种设备使用登记证,TS001,2019-01-01,长期,,",
)


@pytest.fixture
def stocked(installed: Place, table: Callable[..., Path]) -> Place:
    """An installation with two targets."""
    assert installed.run("import", "targets", table("名录.csv", *TARGETS)).code == 0
    return installed


def asked(place: Place, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(place.database) as connection:
        return connection.execute(query).fetchall()


LICENCES = "SELECT kind, number, valid_to FROM registers_licence ORDER BY number"
TAGS = "SELECT name, tags FROM registers_target ORDER BY name DESC"


def test_licences_come_in_by_code_or_name_and_settle_the_tags(stocked: Place, table: Callable[..., Path]):
    path = table("许可.csv", HEADER, *GOOD)
    tried = stocked.run("import", "licences", path, "--dry-run", "--json")
    assert (tried.code, tried.answer["added"], asked(stocked, LICENCES)) == (0, 3, []), tried.err

    done = stocked.run("import", "licences", path, "--json")
    again = stocked.run("import", "licences", path, "--json")

    assert (done.code, done.answer["added"]) == (0, 3), done.err
    assert (again.answer["added"], again.answer["same"]) == (0, 3)
    assert asked(stocked, LICENCES) == [
        ("食品经营许可证", "JY001", "2099-01-01"),
        ("食品经营许可证", "JY002", "2024-01-01"),
        ("特种设备使用登记证", "TS001", None),
    ]
    assert dict(asked(stocked, TAGS)) == {"甲茶业有限公司": ",catering,", "乙食品有限公司": ""}


BAD = (
    ("91350524MA00000237,,食品经营许可证,JY009,,,,", "「统一社会信用代码」列：名录库中没有"),
    (",丙有限公司,食品经营许可证,JY010,,,,", "「持证单位」列：名录库中没有“丙有限公司”"),
    (",,食品经营许可证,JY011,,,,", "「持证单位」列：检查对象的名称和代码都是空的"),
    (",乙食品有限公司,食品经营许可证,,,,,", "「许可证编号」列：这一格不能为空"),
    (",乙食品有限公司,食品经营许可证,JY012,2026-02-01,2025-02-01,,", "「有效期至」列：有效期的止期早于起期"),
    (",乙食品有限公司,食品经营许可证,JY013,,明年,,", "「有效期至」列：“明年”不是日期"),
    (",乙食品有限公司,食品经营许可证,JY001,,,,", "「许可证编号」列：与第2行是同一个许可证"),
    (",乙食品有限公司,食品经营许可证,JY014,,,,a、b", "「许可标签」列：一项许可只写一个标签"),
)


def test_wrong_rows_are_named_and_only_the_good_ones_come_in(stocked: Place, table: Callable[..., Path]):
    path = table("许可.csv", HEADER, GOOD[0], *(row for row, _said in BAD))
    refused = stocked.run("import", "licences", path)
    assert refused.code == 2
    for number, (_row, said) in enumerate(BAD, start=3):
        assert f"第{number}行{said}" in refused.err
    assert asked(stocked, LICENCES) == []

    sieved = stocked.run("import", "licences", path, "--good-rows", "--json")
    assert (sieved.code, sieved.answer["added"]) == (0, 1), sieved.err
    assert [number for _kind, number, _to in asked(stocked, LICENCES)] == ["JY001"]


def test_a_licence_of_another_target_is_refused_by_its_row(stocked: Place, table: Callable[..., Path]):
    assert stocked.run("import", "licences", table("许可.csv", HEADER, GOOD[0])).code == 0
    other = table("更正.csv", HEADER, ",乙食品有限公司,食品经营许可证,JY001,,,,")

    refused = stocked.run("import", "licences", other)

    assert refused.code == 2
    assert "第2行「许可证编号」列：这个许可证已登记在另一户名下" in refused.err
