"""The target directory: filters, order, pages, exports of exactly what is shown, and long exports as jobs."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from fairdraw.accounts import selectors as accounts
from fairdraw.demo import world
from fairdraw.exchange import services as exchange
from fairdraw.registers import export, listing, services
from fairdraw.registers.entries import LicenceEntry
from fairdraw.registers.models import Licence, Target
from fairdraw.registers.selectors import TargetFilter
from tests.builders import county as builder
from tests.web.ui.html import Page

LIST = "/registers/targets/"


def names(page: Page) -> list[str]:
    return [cell.text_content().strip() for cell in page.all("//tbody/tr/th")]


def total(page: Page) -> str:
    return page.text("//span[@class='pager-total']")


def test_the_whole_directory_is_counted_and_paged(office):
    page = office.page(LIST)

    assert total(page) == "共 300 条，第 1/15 页"
    assert len(names(page)) == 20
    assert len(names(office.page(f"{LIST}?page=15"))) == 20
    assert total(office.page(f"{LIST}?page=99&size=200")) == "共 300 条，第 2/2 页"


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("kind=individual_business", {"kind": "individual_business"}),
        ("status=revoked", {"status": "revoked"}),
        ("credit_class=C", {"credit_class": "C"}),
        ("credit_class=N", {"credit_class": ""}),
        ("station=sc01", {"station__code": "sc01"}),
        ("tag=catering", {"tags__contains": ",catering,"}),
        ("text=茶业", {"name__contains": "茶业"}),
        ("text=91999901MA00000", {"draw_code__startswith": "91999901MA00000"}),
        ("text=91999901ma00000", {"draw_code__startswith": "91999901MA00000"}),
        ("kind=enterprise&credit_class=D&text=演示", {"kind": "enterprise", "credit_class": "D"}),
    ],
)
def test_a_filter_shows_what_it_says(office, query, condition):
    wanted = set(Target.objects.filter(**condition).values_list("name", flat=True))
    page = office.page(f"{LIST}?size=500&{query}")

    assert set(names(page)) == wanted
    assert wanted


def test_nonsense_in_the_address_filters_nothing_and_breaks_nothing(office):
    for query in ("kind=ship", "tag=%27%20OR%201", "sort=password", "size=7", "page=-1", "text=%25"):
        office.get(f"{LIST}?{query}")


@pytest.mark.parametrize(
    "order", ["name", "-name", "draw_code", "-draw_code", "registered_on", "-registered_on"]
)
def test_the_order_holds_across_pages(office, order):
    shown = [name for n in (1, 2) for name in names(office.page(f"{LIST}?sort={order}&page={n}"))]

    ties = () if order.endswith("draw_code") else ("-pk" if order.startswith("-") else "pk",)
    rows = Target.objects.order_by(order, *ties)[:40]
    assert shown == [row.name for row in rows]


def test_an_export_holds_exactly_what_the_filter_shows(office):
    query = "credit_class=B&kind=enterprise&sort=-name"
    shown = names(office.page(f"{LIST}?size=500&{query}"))
    data = office.get(f"{LIST}export.csv?{query}").content.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(office.get(f"{LIST}export.xlsx?{query}").content)).active

    as_text = [row["名称"] for row in csv.DictReader(io.StringIO(data))]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(n for n, row in enumerate(rows) if "名称" in row)
    place = rows[head].index("名称")
    assert as_text == shown
    assert [row[place] for row in rows[head + 1 : -1]] == shown
    assert rows[1][0] == "演示（虚构数据）"


def test_the_links_of_the_export_carry_the_filter(office):
    page = office.page(f"{LIST}?credit_class=B")
    part = office.client.get(f"{LIST}?credit_class=C", headers={"HX-Request": "true"}).content.decode()

    assert page.all("//a[contains(@href, 'export.csv?credit_class=B')]")
    assert "export.csv?credit_class=C" in part
    assert 'hx-swap-oob="true"' in part


def test_a_station_exports_its_own_targets_alone(officer):
    data = officer("sc01-jh").get(f"{LIST}export.csv").content.decode("utf-8-sig")

    stations = {row["市场监管所"] for row in csv.DictReader(io.StringIO(data))}
    assert stations == {"云栖市场监管所"}


def test_a_large_export_runs_as_a_job_whose_page_offers_the_file(officer, office, monkeypatch):
    monkeypatch.setattr(export, "AT_ONCE", 10)
    page = office.page(f"{LIST}?credit_class=C")
    fields = {f.get("name"): f.get("value") for f in page.all("//form[contains(@action,'export')]//input")}
    job = office.post(f"{LIST}export/", fields)["Location"]

    done = office.page(job)
    assert "已完成" in done.source
    (link,) = done.all("//a[contains(@href, '/file/')]/@href")
    sheet = load_workbook(io.BytesIO(office.get(link).content)).active
    assert sheet.max_row - 4 == Target.objects.filter(credit_class="C").count()
    officer("zlg-jh").get(job, status=404)
    officer("zlg-jh").get(link, status=404)


def test_a_target_outside_the_area_does_not_exist(officer):
    mine = Target.objects.filter(station__code="sc01").first()
    other = Target.objects.exclude(station__code="sc01").first()
    person = officer("sc01-jh")

    person.get(f"/targets/{mine.draw_code}/")
    person.get(f"/targets/{other.draw_code}/", status=404)
    person.get("/targets/NOBODY/", status=404)


def test_the_list_asks_the_database_nine_times_at_most_and_counts_once(office):
    office.get(LIST)
    office.get(f"{LIST}?page=3")

    assert office.queries <= 9


def test_a_count_is_kept_until_the_registers_change(office, county):
    everything = listing.Reach(everything=True)
    assert listing.Pages(everything, TargetFilter(), 20, at=listing.head()).count == 300

    (more,) = world.targets(seed="more", enterprises=1, individuals=0, classed_on=builder.TODAY)
    services.import_targets(
        [dataclasses.replace(more, draw_code="NEU-1", uscc="", station_code="sc01")],
        source="补充.csv",
        actor=county.actor("bangong"),
        now=builder.NOW,
    )
    assert listing.Pages(everything, TargetFilter(), 20, at=listing.head()).count == 301


def test_index_and_licences_are_filtered_and_exported(office, county):
    one, two, three, four = Target.objects.order_by("draw_code")[:4]
    for target, index in ((one, "60.00"), (two, "75.50"), (three, "90")):
        Target.objects.filter(pk=target.pk).update(
            risk_index=Decimal(index), risk_index_on=builder.TODAY, risk_index_source="省局"
        )
    day = builder.TODAY
    for number, (target, kind, ends) in enumerate(
        [
            (one, "食品经营许可证", day - dt.timedelta(1)),
            (one, "药品经营许可证", None),
            (two, "食品经营许可证", day + dt.timedelta(90)),
            (three, "食品经营许可证", day + dt.timedelta(91)),
        ]
    ):
        Licence.objects.create(
            target=target, kind=kind, number=f"JY{number}", valid_to=ends, entered_at=builder.NOW
        )
    listing.forget()

    def shown(query: str) -> set[str]:
        return set(names(office.page(f"{LIST}?size=500&{query}")))

    assert shown("index_from=60.01&index_to=90") == {two.name, three.name}
    assert shown("index_from=60&index_to=75.5") == {one.name, two.name}
    assert shown("licence_kind=食品经营许可证") == {one.name, two.name, three.name}
    assert shown("licence=expired") == {one.name}
    assert shown("licence=expired&licence_kind=药品经营许可证") == set()
    assert shown("licence=expiring") == {two.name}
    assert shown("licence=valid&licence_kind=食品经营许可证") == {two.name, three.name}
    without = shown("licence=none&licence_kind=药品经营许可证")
    assert len(without) == Target.objects.count() - 1
    assert one.name not in without
    assert len(shown("index_from=abc")) == Target.objects.count()

    data = office.get(f"{LIST}export.csv?index_from=1&sort=draw_code").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    assert [row["名称"] for row in rows] == [one.name, two.name, three.name]
    told = [(row["风险指数"], row["风险指数来源"], row["经营异常"]) for row in rows]
    assert [Decimal(index) for index, _source, _listed in told] == [
        Decimal(60),
        Decimal("75.5"),
        Decimal(90),
    ]
    assert {(source, listed) for _index, source, listed in told} == {("省局", "否")}
    assert rows[0]["许可情况"] == "药品经营许可证 JY1，至长期；食品经营许可证 JY0，至2026年9月13日"
    assert four.name not in data


def test_what_was_exported_comes_in_again_and_changes_nothing(office, county, tmp_path):
    one = Target.objects.filter(kind="enterprise", status="existing").order_by("draw_code")[0]
    Target.objects.filter(pk=one.pk).update(
        risk_index=Decimal("61.5"),
        risk_index_on=builder.TODAY,
        risk_index_source="省局",
        food_grade="C",
        food_graded_on=builder.TODAY,
        abnormal=True,
    )
    data = office.get(f"{LIST}export.csv?index_from=1").content

    file = tmp_path / "导出.csv"
    file.write_bytes(data)
    stations = {s.name: s.code for s in accounts.stations()}
    entries = exchange.read_targets(
        file, station_code=stations.__getitem__, tagger=None, told=exchange.Told()
    )
    count = services.import_target_blocks(
        entries.blocks(), source="导出.csv", actor=county.actor("bangong"), now=builder.NOW
    )

    assert (count.added, count.changed, count.same) == (0, 0, 1)


def test_lists_grade_and_stale_classes_are_filtered_and_shown(office, county):
    old = builder.TODAY - dt.timedelta(46)
    one, two, three = Target.objects.filter(credit_class="B").order_by("draw_code")[:3]
    Target.objects.exclude(credit_class="").update(credit_computed_on=builder.TODAY)
    for target, fields in (
        (one, {"abnormal": True, "serious": True}),
        (two, {"food_grade": "C"}),
    ):
        services.change_target(
            target=target, fields=fields, reason="抄告", actor=county.actor("bangong"), now=builder.NOW
        )
    Target.objects.filter(pk=three.pk).update(credit_computed_on=old)

    serious = office.page(f"{LIST}?listed=serious")
    assert one.name in names(serious)
    assert "经营异常" in serious.source
    assert names(office.page(f"{LIST}?food_grade=C")) == [two.name]
    stale = office.page(f"{LIST}?stale=1")
    assert names(stale) == [three.name]
    assert "已过期" in stale.text("//tbody")
    assert "信用风险分类已过期" in office.page(f"/targets/{three.draw_code}/").source


def test_a_targets_page_shows_licences_places_and_the_ledger_with_who_and_why(office, county):
    target = Target.objects.filter(kind="enterprise", station__code="sc01").order_by("draw_code")[0]
    clerk = county.actor("bangong")
    for number, ends in (("JY1", dt.date(2020, 1, 1)), ("JY2", None)):
        services.enter_licence(
            target=target,
            entry=LicenceEntry("食品经营许可证", number, valid_to=ends, tag="licensed_food"),
            reason="台账",
            actor=clerk,
            now=builder.NOW,
        )
    services.move_target(
        target=target,
        station=county.cast.units["sc02"],
        town_code="",
        town="松岚",
        on=builder.TODAY,
        reason="搬迁至松岚",
        actor=clerk,
        now=builder.NOW,
    )
    page = office.page(f"/targets/{target.draw_code}/")

    licences = page.text("//*[@id='licences']")
    assert "不在有效期" in licences
    assert "长期" in licences
    assert "云栖市场监管所" in page.text("//*[@id='former']")
    ledger = page.text("//*[@id='changes']")
    assert "搬迁至松岚" in ledger
    assert "市场监管所" in ledger
    assert clerk.code not in ledger


def test_an_edition_of_classes_shows_who_moved_and_gives_the_rows_away(office, officer):
    page = office.page("/registers/classes/")
    moved = [cell.text_content().strip() for cell in page.all("//*[@id='moved']//tbody/tr/th")]
    data = office.get("/registers/classes/changes.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))

    assert moved
    assert [row["名称"] for row in rows] == moved
    office.get("/registers/classes/?edition=999999", status=404)
    own = officer("sc01-jh").get("/registers/classes/changes.csv").content.decode("utf-8-sig")
    assert {row["市场监管所"] for row in csv.DictReader(io.StringIO(own))} <= {"云栖市场监管所"}
