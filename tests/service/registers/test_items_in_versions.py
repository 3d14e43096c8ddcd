"""The item list in versions: changes from a day, endings, publication, a basis that carries an inspection (rules.md B)."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal

import pytest

from fairdraw.audit import selectors as audit
from fairdraw.exchange import services as exchange
from fairdraw.kernel.actor import Actor, Duty, Grant
from fairdraw.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from fairdraw.plans.models import TaskItem
from fairdraw.registers import items, selectors
from fairdraw.registers.entries import CheckPoint, ItemEntry
from fairdraw.registers.models import Item, ItemAlias, ItemVersion
from tests.builders.bureau import YEAR

DAY = dt.date(YEAR, 3, 2)


def entry(code="XX01", **more):
    values = {
        "code": code,
        "name": "直播营销检查",
        "legal_basis": "《广告法》第六条",
        "item_class": "general",
    }
    return ItemEntry(**(values | {"ratio_limit": Decimal("0.2"), "confirmed": True} | more))


def bring(bureau, *entries, on=DAY, actor=None):
    return items.import_items(
        entries, source="清单.csv", starts_on=on, actor=actor or bureau.cast.office, now=bureau.now
    )


def change(bureau, said, *, on=dt.date(YEAR, 6, 1), reason="上级清单调整"):
    return items.change_item(
        entry=said, starts_on=on, reason=reason, actor=bureau.cast.office, now=bureau.now
    )


def newest(code="XX01"):
    return ItemVersion.objects.filter(item__code=code).order_by("-version")[0]


def test_a_confirmed_item_changes_from_a_day_and_the_task_keeps_what_it_was_planned_on(bureau):
    task = bureau.approved()
    old = bureau.item("GG01")
    said = entry("GG01", name="广告发布行为检查", level="县级市场监督管理部门")
    new = change(bureau, said)

    old.refresh_from_db()
    assert (old.name, old.ends_on, new.starts_on) == ("广告行为检查", new.starts_on, dt.date(YEAR, 6, 1))
    assert TaskItem.objects.get(task=task).version == old
    assert selectors.plannable_item("GG01", on=dt.date(YEAR, 5, 31)) == old
    assert selectors.plannable_item("GG01", on=dt.date(YEAR, 6, 1)) == new
    assert (new.reason, new.level) == ("上级清单调整", "县级市场监督管理部门")
    assert ItemAlias.objects.get(plain="广告行为检查").item == new.item
    last = audit.entries().filter(kind="item.changed").get().body()
    assert last == {"item": "GG01", "version": 2, "starts_on": f"{YEAR}-06-01"}


@pytest.mark.parametrize(
    ("said", "more", "words"),
    [
        ({}, {}, "没有改动"),
        ({"content": "改"}, {"reason": " "}, "变更原因"),
        ({"content": "改"}, {"on": dt.date(YEAR, 1, 2)}, "生效日期最早"),
        ({"ratio_limit": None}, {}, "比例上限"),
        ({"legal_basis": "《关于开展检查的通知》"}, {}, "规范性文件"),
        ({"name": "价格行为检查"}, {}, "JG01"),
    ],
)
def test_a_change_that_would_break_the_list_is_refused(bureau, said, more, words):
    bring(bureau, entry())
    with pytest.raises(items.ItemRefused, match=words):
        change(bureau, entry(**said), **more)
    assert newest().version == 1


def test_an_item_that_waits_is_filled_in_where_it_stands(bureau):
    bring(bureau, entry(confirmed=False))
    version = change(bureau, entry(points=(CheckPoint("主播亮证", how="看直播间", key=True),)), reason="")

    assert (version.version, version.state) == (1, "pending")
    assert version.points == [{"question": "主播亮证", "how": "看直播间", "key": True}]


def test_an_ended_item_cannot_be_planned_from_that_day_and_may_come_back(bureau):
    bring(bureau, entry())
    end = {"code": "XX01", "ends_on": dt.date(YEAR, 7, 1), "actor": bureau.cast.office, "now": bureau.now}
    with pytest.raises(items.ItemRefused, match="停用原因"):
        items.end_item(reason="", **end)
    items.end_item(reason="依据废止", **end)

    assert selectors.plannable_item("XX01", on=dt.date(YEAR, 6, 30)) is not None
    assert selectors.plannable_item("XX01", on=dt.date(YEAR, 7, 1)) is None
    with pytest.raises(items.ItemRefused, match="已经停用"):
        items.end_item(reason="再停", **end)
    back = change(bureau, entry(), on=dt.date(YEAR, 8, 1), reason="恢复")
    assert selectors.plannable_item("XX01", on=dt.date(YEAR, 8, 1)) == back


def test_what_is_not_published_is_not_planned(bureau):
    verb = {"code": "GG01", "actor": bureau.cast.office, "now": bureau.now}
    items.withdraw_item(reason="核对依据", **verb)
    with pytest.raises(RuleBroken, match="尚未确认公布"):
        bureau.approved()
    items.publish_item(**verb)

    assert bureau.approved().state == "approved"


def test_the_list_is_issued_in_editions_that_keep_what_they_held(bureau):
    issue = {"issued_on": DAY, "actor": bureau.cast.office, "now": bureau.now}
    first = items.issue_list(document_number="演市监〔2026〕9号", **issue)
    assert set(first.versions.values_list("name", flat=True)) >= {"广告行为检查", "价格行为检查"}
    with pytest.raises(items.ItemRefused, match="第1版相同"):
        items.issue_list(document_number="演市监〔2026〕10号", **issue)
    bring(bureau, entry(), on=DAY)
    bring(bureau, entry("XX02", name="未确认的检查", confirmed=False), on=DAY)
    second = items.issue_list(document_number="演市监〔2026〕10号", **issue)

    assert (second.number, second.versions.count()) == (2, first.versions.count() + 1)


def test_only_the_office_changes_ends_and_publishes(bureau):
    stranger = {"actor": bureau.actor("ggg-jh"), "now": bureau.now}
    tries = (
        lambda: items.change_item(entry=entry("GG01"), starts_on=DAY, reason="x", **stranger),
        lambda: items.add_item(entry=entry(), starts_on=DAY, **stranger),
        lambda: items.end_item(code="GG01", ends_on=DAY, reason="x", **stranger),
        lambda: items.withdraw_item(code="GG01", reason="x", **stranger),
        lambda: items.publish_item(code="GG01", **stranger),
        lambda: items.issue_list(document_number="x", issued_on=DAY, **stranger),
    )
    for attempt in tries:
        with pytest.raises(NotPermitted):
            attempt()


def test_an_item_is_entered_by_hand_once(bureau):
    said = {"starts_on": DAY, "actor": bureau.cast.office, "now": bureau.now}
    assert items.add_item(entry=entry(), **said).state == "pending"
    with pytest.raises(items.ItemRefused, match="XX01"):
        items.add_item(entry=entry("XX09"), **said)


class TestImport:
    """What lists bring."""

    def test_a_new_name_under_a_code_is_the_same_item_and_waits(self, bureau):
        bring(bureau, entry())
        assert bring(bureau, entry(name="网络直播营销检查"), on=dt.date(YEAR, 6, 1)).changed == 1

        assert (newest().version, newest().state) == (2, "pending")
        assert Item.objects.get(code="XX01").name == "网络直播营销检查"
        assert ItemAlias.objects.get(plain="直播营销检查").item.code == "XX01"

    def test_a_list_numbered_anew_is_refused_whole(self, bureau):
        with pytest.raises(InvalidInput, match=r"GG01.*JG01"):
            bring(bureau, entry("XX07"), entry("GG01", name="价格行为检查"))

    def test_an_item_without_code_is_known_by_its_name(self, bureau):
        bring(bureau, entry("", name="广告行为检查", department="广告股"), entry("", name="没见过的检查"))

        assert bureau.item("GG01").department == "广告股"
        assert Item.objects.get(name="没见过的检查").code.startswith("S")
        assert bring(bureau, entry("", name="没见过的检查")).same == 1

    def test_what_a_list_leaves_open_stays_as_the_office_settled_it(self, bureau):
        bring(bureau, entry())
        change(bureau, entry(guide="先看执照", results=("01",)), on=DAY)
        assert bring(bureau, entry()).same == 1
        assert newest().guide == "先看执照"

    def test_a_clerk_brings_a_list_and_confirms_nothing(self, bureau):
        clerk = Actor(
            code="neiqin", grants=(Grant(Duty.CLERK, path=bureau.agency.path, agency_id=bureau.agency.pk),)
        )
        bring(bureau, entry(), actor=clerk)
        assert newest().state == "pending"

    def test_a_list_that_states_only_a_notice_as_basis_waits(self, bureau):
        bring(bureau, entry(legal_basis="《关于开展专项检查的通知》"))
        assert newest().state == "pending"


def test_a_code_that_no_address_can_bear_is_refused_with_its_place(tmp_path):
    path = tmp_path / "清单.csv"
    path.write_text("编号,抽查事项\nA/1,广告检查\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        exchange.read_items(path, confirm=False, told=exchange.Told())
    [trouble] = refused.value.troubles
    assert (trouble.row, trouble.column) == (2, "编号")


@pytest.mark.real_data
def test_the_real_list_comes_in_whole_and_nothing_of_it_is_plannable_until_confirmed(bureau, real_data):
    path = real_data / "items" / "zhejiang-2017-msa.csv"
    entries = exchange.read_items(path, confirm=False, told=exchange.Told())
    assert bring(bureau, *entries).added == 36

    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        held = newest(row["item_code"])
        assert (held.state, selectors.plannable_item(row["item_code"], on=DAY)) == ("pending", None)
        text = " ".join(str(v) for v in vars(held).values()) + held.item.code
        lost = [k for k, v in row.items() if v.strip() and k != "row_status" and v.strip() not in text]
        assert lost == [], (row["item_code"], lost)
    office = {"actor": bureau.cast.office, "now": bureau.now}
    stated = {"legal_basis": newest("A10").legal_basis, "item_class": "general"}
    with pytest.raises(items.ItemRefused, match="比例上限"):
        items.confirm_item(code="A10", ratio_limit=None, **stated, **office)
    items.confirm_item(code="A10", ratio_limit=Decimal("0.05"), **stated, **office)
    assert selectors.plannable_item("A10", on=DAY).basis_type == "law"


@pytest.mark.real_data
def test_every_other_real_list_comes_in(bureau, real_data):
    with (real_data / "items" / "index.csv").open(encoding="utf-8") as stream:
        files = [row["file"] for row in csv.DictReader(stream)]
    for file in files:
        entries = exchange.read_items(real_data / "items" / file, confirm=False, told=exchange.Told())
        count = bring(bureau, *entries)
        assert count.added + count.changed + count.same == len(entries) > 0, file
    assert not ItemVersion.objects.exclude(item__code__in=["GG01", "ZL01", "JG01", "TS01"]).filter(
        state="confirmed"
    )
