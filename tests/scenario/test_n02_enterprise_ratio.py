"""
N02, K1: distinct enterprises with a published result of this bureau's double-random tasks, dispatched ones
included, out of a documented year-end number; missed by one is missed (安市监〔2024〕26号 一、二).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import math
from fractions import Fraction

import pytest
from django.core.management import call_command

from drawcore.rows import Frame
from fairdraw.demo import world
from fairdraw.draws import selectors as draws
from fairdraw.inspections import services as inspections
from fairdraw.kernel import clock
from fairdraw.kernel.errors import NotPermitted
from fairdraw.oversight import forecast_plan
from fairdraw.oversight import selectors as oversight
from fairdraw.oversight.forecast import WhatIf
from fairdraw.oversight.forecast_goals import Foresight
from fairdraw.plans.states import Channel
from fairdraw.registers import selectors as register_selectors
from fairdraw.registers import services as registers
from fairdraw.registers.models import Target, YearBase
from tests.builders.bureau import YEAR, existing
from tests.builders.tables import text_file


def enter_base(bureau, **more):
    asked = {
        "agency": bureau.agency,
        "year": YEAR,
        "count": 571,
        "source": "县统计公报（虚构）",
        "dated_on": dt.date(YEAR - 1, 12, 31),
        "invented": True,
        "actor": bureau.cast.office,
        "now": bureau.now,
    }
    return registers.enter_base(**(asked | more))


def test_n02_the_base_comes_from_a_document_and_stands_beside_the_register(bureau):
    # 没有依据、没有数字，或者不是领导小组办公室：不能录入
    for wrong in ({"source": " "}, {"count": 0}):
        with pytest.raises(registers.BaseRefused, match="出自的文件"):
            enter_base(bureau, **wrong)
    with pytest.raises(NotPermitted):
        enter_base(bureau, actor=bureau.actor("ggg-jh"))
    # 录入后固定；名录库户数并列，差额一看便知
    enter_base(bureau)
    base = YearBase.objects.get()
    assert (base.count, base.includes_unreported) == (571, True)
    assert 0 < register_selectors.enterprise_count() < base.count
    with pytest.raises(registers.BaseRefused, match="不能更改"):
        enter_base(bureau, count=300)
    assert bureau.indicators()["K1"].denominator == 571


def test_n02_the_frame_holds_those_without_annual_report(bureau):
    # 企业实有数含未年报企业：未年报的照样在抽取底册里
    draw = bureau.draw(bureau.approved(ratio="1", count=400))
    frame = Frame.parse(draws.content(draw, "frame.tsv"))
    unreported = existing(annual_report="missing")

    assert unreported
    assert {t.draw_code for t in unreported} <= set(frame.index)


def test_n02_only_published_enterprises_of_double_random_tasks_count_each_once(bureau, tmp_path):
    enter_base(bureau)
    # 两项任务抽到同样的企业；一项只抽个体工商户；一项由消防配合；一项上级派发
    first = bureau.drawn(count=400)  # 全部检查：每户都在其中
    shops = bureau.drawn(kinds=("individual_business",), count=6)
    joint = bureau.drawn(count=5, partners=("xfj",))
    dispatched = bureau.approved(channel=Channel.DISPATCHED)
    named = existing()[:4]
    bureau.receive(dispatched, text_file(tmp_path, "\n".join(["企业名称", *(t.name for t in named)])))
    bureau.draw(dispatched)
    bureau.go(3, 20)

    def numerator():
        return bureau.indicators()["K1"].numerator

    # 抽中、检查、录入、报送都不算，公示才算
    rows = [r for r in bureau.rows(dispatched) if r.agency_id == dispatched.agency_id]
    assert (numerator(), bureau.indicators()["K1.drawn"].numerator > 4) == (0, True)
    bureau.record(rows)
    bureau.review(rows)
    bureau.submit(rows)
    assert (numerator(), bureau.indicators()["K1.checked"].numerator) == (0, 4)
    bureau.acknowledge(rows)
    assert numerator() == 4

    # 同一企业在两项任务里只算一户
    again = [r for r in bureau.rows(first) if r.target in named]
    assert len(again) == 4
    bureau.publish(again)
    assert numerator() == 4

    # 个体工商户、配合部门的检查不算本局企业
    bureau.publish(bureau.rows(shops))
    partners = [r for r in bureau.rows(joint) if r.agency.code == "xfj"]
    assert len(partners) == 5
    bureau.publish(partners)
    assert numerator() == 4
    assert bureau.indicators()["K1.drawn"].numerator == len({r.target_id for r in bureau.rows(first)})


def test_n02_the_gap_is_told_in_whole_enterprises(bureau):
    # 571 户的 3.5% 是 19.985，需要 20 户；公示 8 户，还差 12 户
    enter_base(bureau)
    task = bureau.drawn(count=8)
    bureau.go(3, 20)
    bureau.publish(bureau.rows(task))
    it = bureau.indicators()["K1"]

    assert (it.numerator, it.denominator, it.met, it.shortfall) == (8, 571, False, 12)


def test_n02_forecast_and_gap_are_whole_enterprises_and_never_rounded_up(bureau):
    # 571 户的 3.5% 需要 20 户：公示 8 户，差 12 户；在办 4 户，全部公示后仍差 8 户
    enter_base(bureau)
    done = bureau.drawn(count=8)
    bureau.go(3, 20)
    bureau.publish(bureau.rows(done))
    living = len(existing())
    bureau.draw(bureau.approved("zlg", item="ZL01", count=4))
    found = bureau.indicators()
    under_way = found["K1.forecast"].numerator
    assert (found["K1"].shortfall, under_way > 8) == (12, True)

    # 计划再抽 10 户，其中可能有已经计入的企业：期望不是整数，取整数户，差额不少报
    bureau.approved("tsg", item="TS01", count=10)
    plan = forecast_plan.of_tasks(bureau.agency, YEAR)
    k1 = Foresight(WhatIf(bureau.agency, YEAR, plan, on=bureau.today)).goals[0]
    drawn_later = sum(row["drawn"] for row in whatif(bureau)["tasks"])
    fresh = Fraction(drawn_later * (living - under_way), living)
    assert fresh.denominator > 1
    assert (k1.now.shortfall, k1.certain.shortfall) == (12, 20 - under_way)
    assert k1.expected.numerator == under_way + math.floor(fresh)
    assert k1.expected.shortfall == max(0, 20 - under_way - math.floor(fresh))

    # 命令给出同样的整数
    told = whatif(bureau)["goals"]["K1"]
    assert [told[at]["shortfall"] for at in ("now", "certain", "expected")] == [
        k1.now.shortfall,
        k1.certain.shortfall,
        k1.expected.shortfall,
    ]


def whatif(bureau):
    clock.use(lambda: bureau.now)
    try:
        out = io.StringIO()
        call_command("whatif", str(YEAR), "--json", stdout=out)
    finally:
        clock.use(None)
    return json.loads(out.getvalue())


def test_n02_an_excluded_target_leaves_the_forecast_and_a_revoked_one_was_never_drawn(bureau):
    enter_base(bureau)
    task = bureau.drawn(count=8)
    row = bureau.rows(task)[0]
    inspections.exclude(
        inspection_id=row.pk, code="deregistered", reason="", actor=bureau.planner(row), now=bureau.now
    )
    found = bureau.indicators()

    assert (found["K1.drawn"].numerator, found["K1.forecast"].numerator) == (8, 7)
    assert not Target.objects.filter(status="revoked", drawn_rows__isnull=False).exists()


def thousand(bureau):
    """A register of a thousand living enterprises, all of them in one task."""
    have = len(existing())
    spare = world.targets(seed="qian", enterprises=1400, individuals=0, classed_on=dt.date(YEAR, 2, 20))
    fresh = [e for e in spare if not Target.objects.filter(draw_code=e.draw_code).exists()]
    entries = [dataclasses.replace(e, status="existing", station_code="sc01") for e in fresh[: 1000 - have]]
    registers.import_targets(entries, source="补充名录.csv", actor=bureau.cast.office, now=bureau.now)
    return bureau.drawn(count=2000)


def test_n02_999_of_1000_are_shown_as_missed_and_never_rounded_up(bureau):
    # 28571 户的 3.5% 是 999.985：999 户四舍五入显示 3.50%，仍然是没有完成
    enter_base(bureau, count=28571)
    rows = bureau.rows(thousand(bureau))
    assert len(rows) == 1000
    bureau.go(3, 20)
    bureau.publish(rows[:-1])
    missed = bureau.indicators()["K1"]
    assert (missed.numerator, missed.met, missed.shortfall, missed.display) == (999, False, 1, "3.49")
    assert bureau.indicators()["K2"].denominator == 0

    # 补上最后一户才完成
    bureau.publish(rows[-1:])
    met = bureau.indicators()["K1"]
    assert (met.numerator, met.met, met.shortfall, met.display) == (1000, True, 0, "3.50")
    # 过去任何一天的数都能重算
    before = oversight.indicators(bureau.agency, YEAR, as_of=clock.local_date(bureau.now) - dt.timedelta(1))
    assert before["K1"].numerator == 0
