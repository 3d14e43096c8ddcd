"""
A list that was drawn elsewhere only gets its inspectors here (N14, N18; vdraw/1 §6.1 ``inspectors``), alone and
in a pool with a task that is drawn here, at level 2 with a witness and ball numbers.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from fairdraw.draws import bundles, receiving, selectors
from fairdraw.draws.models import DrawnRow, DrawPart
from fairdraw.draws.receiving import MatchedRow, NotAsReceived, ReturnedEntry
from fairdraw.draws.refusals import DrawRefused
from fairdraw.inspections import replacing
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.opening import open_inspections
from fairdraw.plans.states import Channel
from fairdraw.registers.models import Target
from tests.builders.county import NOW, County
from tests.service.draws.walking import DAY, Walk, approved_task, verified

pytestmark = pytest.mark.django_db
CITY = "泉州市市场监督管理局"
DOCUMENT = "泉市监〔2026〕8号"


def received(county: County, *, count: int = 12) -> list[str]:
    """A task of the provincial channel with its list; gives the codes in the list's order."""
    task = approved_task(county, name="省级双随机", channel=Channel.PROVINCIAL)
    targets = list(Target.objects.filter(kind="enterprise").order_by("-draw_code")[:count])
    receiving.receive_list(
        task=task,
        data="省级平台导出的名单\n".encode() + "\n".join(t.name for t in targets).encode(),
        matched=[MatchedRow(row, target) for row, target in enumerate(targets, start=2)],
        returned=[ReturnedEntry(99, "外县企业", "", "不在本辖区")],
        source="provincial",
        origin=receiving.Origin(CITY, DOCUMENT, dt.date(2026, 9, 1)),
        actor=county.actor("zlg-jh"),
        now=NOW,
    )
    county.tasks["province"] = task
    return [target.draw_code for target in targets]


def walk(county: County, *keys: str, **more: object) -> Walk:
    """A walk whose received lists are given as they were received."""
    tasks = [county.task(key) for key in keys]
    return Walk(county, keys, lists=receiving.lists_for(tasks), **more)  # type: ignore[arg-type]


def rows(walk: Walk, part: str) -> list[list[str]]:
    """The rows of a part in result.tsv."""
    lines = [line.split("\t") for line in selectors.content(walk.draw, "result.tsv").decode().splitlines()]
    return [line for line in lines if line[0] == part]


def test_the_whole_list_is_taken_and_only_inspectors_are_dealt(ground: County, tmp_path: Path):
    codes = received(ground)

    drawn = walk(ground, "province").to_drawn()

    assert {line[5] for line in rows(drawn, drawn.number)} == set(codes)
    assert {line[3] for line in rows(drawn, drawn.number)} == {"M"}
    assert DrawPart.objects.get(draw=drawn.draw).purpose == "inspectors"
    assert set(
        DrawnRow.objects.filter(task__number=drawn.number).values_list("drawn_list__source", flat=True)
    ) == {"provincial"}
    seats = selectors.content(drawn.draw, "assign.tsv").decode().splitlines()
    assert len(seats) == 2 * len(codes)
    notes = [note for step in verified(drawn, tmp_path) for note in step.notes]
    assert any("不是由本协议抽取" in note for note in notes)
    assert any(CITY in note and DOCUMENT in note for note in notes)


def test_the_receipt_says_who_drew_the_list(ground: County, tmp_path: Path):
    received(ground)
    drawn = walk(ground, "province").to_drawn()
    verified(drawn, tmp_path)

    [part] = json.loads(bundles.files_of(drawn.draw)["receipt.json"])["parts"]

    assert (part["purpose"], part["all"], part["in_scope"], part["drawn"]) == ("inspectors", True, 12, 12)
    assert (part["list"]["of"], part["list"]["doc"]) == (CITY, DOCUMENT)


def test_in_a_pool_each_part_keeps_its_own_rules(ground: County, tmp_path: Path):
    """A target that is dead today is checked where the city drew it, and left out where we draw."""
    codes = received(ground)
    Target.objects.filter(draw_code=codes[0]).update(status="deregistered")

    pool = walk(ground, "province", "more-0", number="2026-P08", level=2).to_drawn()
    province, own = ground.tasks["province"].number, ground.tasks["more-0"].number

    assert {line[5] for line in rows(pool, province)} == set(codes)
    assert sum(line[3] == "M" for line in rows(pool, own)) == 5
    excluded = [
        line.split("\t") for line in selectors.content(pool.draw, "excluded.tsv").decode().splitlines()
    ]
    assert [codes[0], own, "deregistered"] in [line[:3] for line in excluded]
    assert codes[0] not in selectors.entities(pool.draw)[own]
    assert codes[0] in selectors.entities(pool.draw)[province]
    purposes = dict(DrawPart.objects.filter(draw=pool.draw).values_list("task", "purpose"))
    assert purposes == {province: "inspectors", own: "main"}
    steps = {step.number: step for step in verified(pool, tmp_path)}
    assert any("二级" in note for note in steps[1].notes)
    assert pool.draw.beacon_value in selectors.content(pool.draw, "seed.txt").decode()


def test_where_both_tasks_meet_one_team_goes_once(ground: County):
    codes = received(ground, count=200)
    pool = walk(ground, "province", "more-0", number="2026-P08", level=2).to_drawn()
    own = {line[5] for line in rows(pool, ground.tasks["more-0"].number) if line[3] == "M"}
    met = own & set(codes)
    seats = [line.split("\t")[0] for line in selectors.content(pool.draw, "assign.tsv").decode().splitlines()]

    assert met
    assert all(seats.count(code) == 2 for code in met)


def test_a_list_from_elsewhere_knows_no_moving_up(ground: County):
    """Its changes come from whoever drew it (vdraw/1 §12.3)."""
    received(ground)
    drawn = walk(ground, "province").to_drawn()
    open_inspections(drawn.draw, actor=drawn.actors["p1"], now=NOW + DAY)
    first = Inspection.objects.filter(task__number=drawn.number).order_by("number")[0]

    with pytest.raises(DrawRefused):
        replacing.replace_target(
            inspection_id=first.pk, reason="moved_out", actor=ground.actor("juzhang"), now=NOW + DAY
        )
    first.refresh_from_db()
    assert first.state == "assigned"


def test_a_received_list_is_never_drawn_from_nor_left_aside(ground: County):
    received(ground)
    with pytest.raises(NotAsReceived):
        Walk(ground, ("province",)).prepare()  # as if it were ours to draw

    lists = receiving.lists_for([ground.task("province")])
    with pytest.raises(NotAsReceived):
        Walk(ground, ("more-0",), lists={ground.tasks["more-0"].number: next(iter(lists.values()))}).prepare()
