"""
A second county of another province starts from files alone, and its units change within the year (X17, scene 10).

Its words are other ones (科, 分局), its shares and floor are its own; no line of code knows it.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.service.operations.conftest import Place, place, table

__all__ = ["place", "table"]
pytestmark = pytest.mark.only_sqlite
UNITS = (
    "类型,名称,简称,代码",
    "局,北原县市场监督管理局,北原局,by-bureau",
    "科,信用监督管理科,信用科,by-xy",
    "科,食品流通科,食品科,by-sp",
    "派出机构,河东分局,河东,by-hd",
    "派出机构,河西分局,河西,by-hx",
    "部门,北原县消防救援大队,消防,by-xf",
)
PEOPLE = (
    "账号,姓名,单位,职责",
    "jihua,计划员,信用监督管理科,计划岗、检查岗、内勤",
    "fuzeren,负责人,信用监督管理科,负责人、审核岗",
    "bangong,办公室主任,北原县市场监督管理局,领导小组办公室",
)
RULES = (
    "规则,数值,起始日期,文件",
    "county_min_ratio,5%,2026-01-01,北原市监〔2026〕3号",
    "default:A,2%,2026-01-01,北原市监〔2026〕3号",
    "default:B,6%,2026-01-01,北原市监〔2026〕3号",
    "default:C,15%,2026-01-01,北原市监〔2026〕3号",
    "default:D,40%,2026-01-01,北原市监〔2026〕3号",
)
ITEMS = (
    "编号,抽查事项,抽查类别,事项类型,抽查依据,比例上限",
    "BY01,登记事项检查,登记,一般,公司登记管理规定第一条,60%",
)
INSPECTORS = (
    "编号,姓名,单位,执法证号,有效期起,有效期至,片区",
    "B001,甲一,信用科,BY0001,2024-01-01,2029-12-31,全部",
    "B002,甲二,信用科,BY0002,2024-01-01,2029-12-31,全部",
    "B003,乙一,河东,BY0003,2024-01-01,2029-12-31,河东",
)


def targets(folder: Path, code: str = "23") -> Path:
    """Forty invented enterprises of another province, half of them in each branch's area."""
    from fairdraw.kernel.uscc import ALPHABET, check_character

    path = folder / "targets.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["统一社会信用代码", "名称", "类别", "登记状态", "成立日期", "住所", "市场监管所", "分类"]
        )
        for n in range(40):
            first = f"91{code}0199MA{ALPHABET[n % 30]}{n:04d}AA"[:17]
            area = "河东分局" if n % 2 else "河西分局"
            writer.writerow(
                [
                    first + check_character(first),
                    f"北原虚构{n:02d}号贸易有限公司",
                    "企业",
                    "存续",
                    "2020-05-01",
                    "北原县",
                    area,
                    "",
                ]
            )
    return path


def test_another_county_is_set_up_by_files_alone(place: Place, table, tmp_path: Path):
    made = place.run(
        *("new", "--division", "230199", "--units", table("units.csv", *UNITS)),
        *("--people", table("people.csv", *PEOPLE), "--rules", table("rules.csv", *RULES)),
        *("--prefix", "北原市监", "--json"),
        *("--name", "北原县市场监督管理局"),
    )
    assert made.code == 0, made.err
    assert made.answer["org"] == "230199-scj"
    steps = (
        ("items", table("items.csv", *ITEMS)),
        ("targets", targets(tmp_path)),
        ("inspectors", table("inspectors.csv", *INSPECTORS)),
    )
    for kind, file in steps:
        done = place.run("import", kind, file)
        assert done.code == 0, (kind, done.err)
    rules = {r["code"]: r for r in place.run("rules", "list", "--json").answer["rules"]}
    assert (rules["county_min_ratio"]["value"], rules["default:D"]["value"]) == ("0.05", "0.4")
    found = json.loads(place.run("indicators", "2026", "--json").out)
    assert found["indicators"]["K1"]["goal"] == "0.05"


@pytest.mark.long
def test_a_bad_rule_makes_no_county(place: Place, table):
    bad = table("rules.csv", RULES[0], "county_min_ratio,很多,2026-01-01,某文")
    made = place.run(
        *("new", "--division", "230199", "--name", "北原县市场监督管理局", "--rules", bad),
        *("--sections", "信用科", "--stations", "河东分局"),
    )
    assert (made.code, "很多" in made.err) == (2, True)
    assert place.run("rules", "list").code == 2  # there is no installation
