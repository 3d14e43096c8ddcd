"""A pack is one file in the order of the streets: list, signed forms, then each route's sheet and each door's papers."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from fairdraw.documents import packs, pdf, rules, shapes
from fairdraw.kernel.errors import InvalidInput
from tests.unit.documents import papers
from tests.unit.documents.papers import ADVERTISING, CHOICES, MARK, OFFICE, REGISTRATION

FIRE = shapes.Office("演示县消防救援大队")
OTHERS = (
    shapes.PartyInspector("王检查", "城北所", "350503"),
    shapes.PartyInspector("赵检查", "城北所", "350504"),
)
PACK = shapes.Pack(
    office=OFFICE,
    tasks=(
        shapes.PackTask("2024-017", "登记事项检查", "企监股", "陈局长 2024年8月20日", "2024-P01", 4, dt.date(2024, 10, 31)),
        shapes.PackTask("2024-018", "广告行为检查", "广告股", "陈局长 2024年8月20日", "2024-P01", 1, dt.date(2024, 10, 31)),
    ),
    choices=CHOICES,
    printed_on=dt.date(2024, 8, 28),
)  # fmt: skip


def door(
    name: str, address: str, *, number: int, station: str = "城关市场监管所", **more: object
) -> shapes.Visit:
    changes = {key: value for key, value in more.items() if key in {"tasks", "inspectors", "office"}}
    made = papers.visit(number=number, name=name, address=address, station=station)
    return replace(made, **changes)  # type: ignore[arg-type]


DOORS = (
    door("丁公司", "消防路1号", number=5, office=FIRE, inspectors=OTHERS),
    door("丙公司", "城北路3号", number=3, station="城北市场监管所", inspectors=OTHERS),
    door("乙公司", "茶都路12号", number=2),
    door("甲公司", "茶都路9号", number=1, tasks=(REGISTRATION, ADVERTISING)),
)


def pages(data: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]


def test_routes_go_by_station_and_team_and_each_from_house_to_house():
    found = rules.routes(DOORS, office=OFFICE.name)

    assert [[visit.party.name for visit in route.visits] for route in found] == [
        ["甲公司", "乙公司"],
        ["丙公司"],
        ["丁公司"],  # 别的部门在后
    ]
    assert [one.name for one in found[0].team] == ["张检查", "李检查"]


def test_list_forms_routes_and_papers_follow_each_other_with_one_numbering():
    form = pdf.notice_pdf(papers.visit())  # 任何已签的表
    told = pages(packs.pack_pdf(PACK, DOORS, forms=[form], mark=MARK))

    assert "随机抽查任务包清单" in told[0]
    for words in ("2024-017", "2024-018", "陈局长2024年8月20日", "检查对象4户", "路线1城关市场监管所"):
        assert words in told[0]
    assert "双随机抽查通知书" in told[1]
    order = [next((n for n in "丙甲乙丁" if f"{n}公司" in page), "") for page in told[2:]]
    kinds = [
        "路线单" if "检查路线单" in p else "通知书" if "随机抽查情况记录表" not in p else "记录表"
        for p in told[2:]
    ]
    assert list(zip(order, kinds, strict=True)) == [
        ("甲", "路线单"),  # 两户的路线有路线单，一户的没有
        ("甲", "通知书"),
        ("甲", "记录表"),
        ("甲", "记录表"),  # 两项任务，一次上门
        ("乙", "通知书"),
        ("乙", "记录表"),
        ("丙", "通知书"),
        ("丙", "记录表"),
        ("丁", "通知书"),
        ("丁", "记录表"),
    ]
    assert "序号1" in told[3]
    assert "茶都路9号" in told[2]
    assert told[2].index("甲公司") < told[2].index("乙公司")
    assert all("演示" in page for n, page in enumerate(told) if n != 1)


def test_the_same_pack_gives_the_same_bytes():
    assert packs.pack_pdf(PACK, DOORS, mark=MARK) == packs.pack_pdf(PACK, reversed(DOORS), mark=MARK)


def test_a_pack_without_doors_is_refused():
    with pytest.raises(InvalidInput, match="没有待检查的对象"):
        packs.pack_pdf(PACK, [], mark=MARK)
