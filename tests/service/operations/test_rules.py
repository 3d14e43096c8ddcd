"""A county's own numbers and holidays come in as files, whole or not at all, with their documents (X17)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.service.operations.conftest import Place

pytestmark = pytest.mark.only_sqlite
HEAD = "规则,数值,起始日期,文件"


def listed(place: Place) -> dict[str, dict[str, str]]:
    """The rules in force, by code."""
    return {row["code"]: row for row in place.run("rules", "list", "--json").answer["rules"]}


def test_numbers_and_shares_are_entered_with_their_document(installed: Place, table: Callable[..., Path]):
    file = table(
        "rules.csv",
        HEAD,
        "county_min_ratio,5%,2026-01-01,某市监〔2026〕1号",
        "执法证到期前第一次提醒的天数,60,2026-01-01,某市监〔2026〕1号",
        "default:A,1%,2026-01-01,某市监〔2026〕2号",
        "default:D,30%,2026-01-01,某市监〔2026〕2号",
    )
    tried = installed.run("rules", "import", file, "--dry-run")
    assert (tried.code, listed(installed)["county_min_ratio"]["value"]) == (0, "0.035")
    done = installed.run("rules", "import", file)

    assert (done.code, done.err) == (0, "")
    held = listed(installed)
    assert held["county_min_ratio"]["value"] == "0.05"
    assert held["county_min_ratio"]["source"] == "某市监〔2026〕1号"
    assert held["certificate_reminder_first_days"]["value"] == "60"
    assert (held["default:A"]["value"], held["default:D"]["value"]) == ("0.01", "0.3")


@pytest.mark.parametrize(
    "bad",
    [
        {
            "没有的规则,5%,2026-01-01,某文": "规则库中没有“没有的规则”",
            "certificate_reminder_first_days,很多,2026-01-01,某文": "“很多”不是数字",
            "follow_up_goal,5%,,某文": "「起始日期」列：这一格不能为空",
            "publication_goal,5%,2026-01-01,": "「文件」列：这一格不能为空",
        },
        {"county_min_ratio,500%,2026-01-01,某文": "数值应在0至1之间"},
        {"default:A,90%,2026-01-01,某文": "逐级不降"},
    ],
)
def test_bad_rows_enter_nothing(installed: Place, table: Callable[..., Path], bad: dict[str, str]):
    file = table("rules.csv", HEAD, "on_time_goal,90%,2026-01-01,某文", *bad, "default:D,30%,2026-01-01,某文")
    done = installed.run("rules", "import", file)

    assert done.code == 2
    assert [said for said in bad.values() if said not in done.err] == [], done.err
    assert listed(installed)["on_time_goal"]["value"] == "1"


def test_next_years_holidays_are_entered_from_the_notice(installed: Place, table: Callable[..., Path]):
    file = table("days.csv", "日期,上班,名称", "2027-01-01,否,元旦", "2027-01-03,是,元旦调休上班")
    done = installed.run("rules", "holidays", file, "--source", "国办发明电〔2026〕1号")

    assert done.code == 0, done.err
    assert "2027年 2 天" in done.out
    bad = table("bad.csv", "日期,上班,名称", "2027年元旦,否,元旦")
    refused = installed.run("rules", "holidays", bad, "--source", "某文")
    assert (refused.code, "不是日期" in refused.err) == (2, True)
