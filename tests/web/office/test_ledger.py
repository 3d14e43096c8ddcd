"""The ledger of the target directory: who changed what, when and why; filtered, and taken away as it is shown."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from fairdraw.kernel.actor import SYSTEM
from fairdraw.registers import services
from fairdraw.registers.models import Target
from tests.builders import county as builder

LEDGER = "/registers/ledger/"
EARLY = builder.NOW - dt.timedelta(20)


@pytest.fixture
def changed(county) -> list[Target]:
    """Three targets of two stations, changed by two hands on two days."""
    rows = list(Target.objects.filter(station__code="sc01").order_by("draw_code")[:2])
    rows += Target.objects.filter(station__code="sc02").order_by("draw_code")[:1]
    clerk = county.actor("bangong")
    for row, fields, actor, now in (
        (rows[0], {"abnormal": True, "tags": ",甲,乙,"}, clerk, builder.NOW),
        (rows[1], {"status": "revoked"}, clerk, EARLY),
        (rows[2], {"address": "新址1号"}, SYSTEM, builder.NOW),
    ):
        services.change_target(target=row, fields=fields, reason=f"依据{row.pk}号", actor=actor, now=now)
    return rows


def shown(page) -> list[str]:
    return [" ".join(c.text_content().strip() for c in row) for row in page.all("//tbody/tr")]


def test_the_ledger_says_in_words_what_was_changed_by_whom_and_why(office, changed):
    text = "\n".join(shown(office.page(f"{LEDGER}?size=200")))

    for words in (
        "经营异常 否 是",
        "登记状态 存续 吊销",
        "甲、乙",
        f"依据{changed[0].pk}号 领导小组办公室",
        "系统",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("query", "which"),
    [
        ("who=领导小组&field=abnormal", {0}),
        ("who=系统&field=address", {2}),
        ("field=status", {1}),
        (f"last={EARLY:%Y-%m-%d}&field=status", {1}),
        (f"first={builder.TODAY:%Y-%m-%d}&field=status", set()),
        ("who=没有此人", set()),
        ("first=昨天&field=status", {1}),
    ],
)
def test_a_filter_shows_what_it_says(office, changed, query, which):
    text = "\n".join(shown(office.page(f"{LEDGER}?size=500&{query}")))
    assert {n for n, row in enumerate(changed) if row.name in text} == which


def test_a_target_is_found_by_its_code_and_a_table_holds_what_is_shown(office, changed):
    query = f"?text={changed[0].draw_code.lower()}"
    lines = shown(office.page(LEDGER + query))
    data = office.get(f"{LEDGER}export.csv{query}").content.decode("utf-8-sig")
    told = list(csv.DictReader(io.StringIO(data)))
    sheet = load_workbook(io.BytesIO(office.get(f"{LEDGER}export.xlsx{query}").content)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]

    assert len(told) == len(lines) == 2
    assert {row["项目"] for row in told} == {"经营异常", "监管标签"}
    assert {row["抽取编码"] for row in told} == {changed[0].draw_code}
    assert all(row["办理人"].startswith("领导小组办公室") and int(row["日志序号"]) for row in told)
    assert cells.count(changed[0].draw_code) == 2
    office.get(f"{LEDGER}export.pdf", status=404)


def test_a_station_sees_the_ledger_of_its_own_area(officer, changed):
    text = "\n".join(shown(officer("sc01-fz").page(f"{LEDGER}?size=500")))

    assert changed[0].name in text
    assert changed[2].name not in text
