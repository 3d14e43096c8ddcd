"""One target kept by hand: what is said of it, where it belongs, its licences; mistakes stand at their fields."""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.registers import ledger
from fairdraw.registers.models import Licence, Target, TargetChange
from tests.builders import county as builder
from tests.web.ui.html import Page


@pytest.fixture
def target(county) -> Target:
    return Target.objects.filter(kind="enterprise", station__code="sc01").order_by("draw_code").first()


def at(target: Target, verb: str = "") -> str:
    return f"/targets/{target.draw_code}/{verb}"


def given(office, address: str, /, **more: str) -> dict[str, str]:
    """The form as it is shown, with some values typed anew."""
    [form] = office.page(address).all("//main//form[@method='post']")
    boxes = {box.get("name"): box for box in form.xpath(".//input[@type='checkbox']")}
    held = {name: value or "" for name, value in form.fields.items() if name}
    held = {n: v for n, v in held.items() if n not in boxes or boxes[n].get("checked") is not None}
    return {**held, **more}


def wrong(answer, field: str) -> str:
    """What stands at the field."""
    return Page(answer).text(f"//*[@id='id_{field}-error' or @id='id_{field}_error']")


def test_a_change_needs_a_reason_and_stands_in_the_ledger(office, officer, target):
    address = at(target, "change/")
    typed = given(office, address, address="云栖镇新街9号", abnormal="on", tags="校园周边、餐饮")
    assert "这个字段" in wrong(office.post(address, {**typed, "reason": ""}, status=422), "reason")
    office.post(address, {**typed, "reason": "登记机关2026年9月推送"})

    row = Target.objects.get(pk=target.pk)
    assert (row.address, row.abnormal, row.tags) == ("云栖镇新街9号", True, ",校园周边,餐饮,")
    assert (row.name, row.credit_class, row.station_id) == (
        target.name,
        target.credit_class,
        target.station_id,
    )
    shown = office.page(at(target)).text("//div[@id='changes']")
    assert "登记机关2026年9月推送" in shown
    assert "领导小组办公室" in shown
    assert set(TargetChange.objects.filter(target=row).values_list("field", flat=True)) >= {
        "address",
        "abnormal",
        "tags",
    }
    officer("ggg-jh").get(address, status=403)
    assert "变更信息" not in officer("ggg-jh").page(at(target)).source


def test_nothing_changed_writes_nothing(office, target):
    before = TargetChange.objects.count()
    office.post(at(target, "change/"), given(office, at(target, "change/"), reason="核对"))

    assert TargetChange.objects.count() == before


def test_a_grade_has_its_day_and_an_index_its_source(office, target):
    address = at(target, "change/")
    typed = given(office, address, food_grade="C", risk_index="61.5", reason="食品股评级")
    answer = office.post(address, typed, status=422)
    assert "请写明食品风险分级日期" in wrong(answer, "food_graded_on")
    assert "请写明风险指数来源" in wrong(answer, "risk_index_source")
    more = {
        "food_graded_on": "2026-05-01",
        "risk_index_on": "2026-05-01",
        "risk_index_source": "省平台",
    }
    office.post(address, typed | more)

    row = Target.objects.get(pk=target.pk)
    assert (row.food_grade, str(row.risk_index), row.credit_class) == ("C", "61.50", target.credit_class)


def test_a_move_holds_from_its_day_and_never_from_a_day_to_come(office, target):
    address = at(target, "move/")
    typed = given(office, address, reason="辖区调整")
    assert "没有变更" in wrong(office.post(address, typed, status=422), "station")
    moved = typed | {"station": "sc02", "town": "松岚", "town_code": "35"}
    assert "6至12位" in wrong(office.post(address, moved, status=422), "town_code")
    moved |= {"town_code": "999901102"}
    late = moved | {"on": (builder.TODAY + dt.timedelta(1)).isoformat()}
    assert "生效之日" in wrong(office.post(address, late, status=422), "on")
    day = builder.TODAY - dt.timedelta(10)
    office.post(address, moved | {"on": day.isoformat()})

    row = Target.objects.get(pk=target.pk)
    assert (row.station.code, row.town, row.town_code) == ("sc02", "松岚", "999901102")
    assert ledger.place_on(row, day - dt.timedelta(1))[0] == "云栖市场监管所"
    assert "云栖市场监管所" in office.page(at(target)).text("//div[@id='former']")


def test_a_licence_puts_its_tag_on_and_a_renewal_keeps_one_licence(office, target):
    other = Target.objects.exclude(pk=target.pk).first()
    address = at(target, "licence/")
    typed = {"kind": "食品经营许可证", "number": "JY13599990001", "tag": "catering", "reason": "正本"}
    turned = typed | {"valid_from": "2026-05-01", "valid_to": "2025-05-01"}
    assert "早于起期" in wrong(office.post(address, turned, status=422), "valid_to")
    office.post(address, typed | {"valid_to": "2026-06-30"})
    assert "catering" not in Target.objects.get(pk=target.pk).tags
    assert "不在有效期" in office.page(at(target)).text("//div[@id='licences']")
    office.post(address, typed | {"valid_to": "2031-06-30"})

    assert "catering" in Target.objects.get(pk=target.pk).tags
    assert Licence.objects.filter(target=target).count() == 1
    assert "另一户" in wrong(office.post(at(other, "licence/"), typed, status=422), "number")
