"""
N16, K5: at least 85 % of the targets drawn outside the professional fields come from tasks whose rates rise with
the credit-risk class; counted by targets, with every flat task and every exempt field shown (安市监〔2024〕26号 三（二）).
"""

from __future__ import annotations

import datetime as dt

from fairdraw.draws.models import DrawnRow
from fairdraw.inspections import services as inspections
from fairdraw.oversight import selectors as oversight
from fairdraw.plans import planning
from fairdraw.registers import services as registers
from fairdraw.registers.models import Target
from tests.builders.bureau import YEAR

EQUIPMENT = ("special_equipment", "按特种设备安全监督检查办法另定检查计划和比例")


def share(bureau):
    it = bureau.indicators()["K5"]
    return it.numerator, it.denominator, it.met


def receive_classes(bureau, computed_on):
    held = Target.objects.exclude(credit_class="").values_list("draw_code", "credit_class")
    return registers.receive_classes(
        dict(held),
        edition=f"{computed_on:%Y-%m}",
        computed_on=computed_on,
        source="省局推送（演示）",
        invented=True,
        actor=bureau.cast.office,
        now=bureau.now,
    )


def test_n16_counted_by_targets_a_flat_task_lowers_it_an_exempt_one_does_not(bureau):
    # 30户分类抽取，8户一刀切，20户属专业领域
    by_class = bureau.drawn(count=30)
    flat = bureau.drawn("zlg", item="ZL01", count=8, flat=True)
    exempt = bureau.drawn("tsg", item="TS01", count=20, exempt=EQUIPMENT)

    assert share(bureau) == (30, 38, False)
    tasks = bureau.indicators()["K5.tasks"]
    assert (tasks.numerator, tasks.denominator) == (1, 2)
    shown = {s.task.number: s for s in oversight.differentiation(bureau.agency, YEAR, as_of=bureau.today)}
    assert (shown[by_class.number].targets, shown[by_class.number].counts) == (30, True)
    assert (shown[flat.number].targets, shown[flat.number].counts, shown[flat.number].exempt_reason) == (
        8,
        False,
        "",
    )
    assert shown[exempt.number].exempt_reason == EQUIPMENT[1]

    # 再分类抽取40户，过线
    bureau.drawn("jjg", item="JG01", count=40)
    assert share(bureau) == (70, 78, True)


def test_n16_the_rates_rise_from_a_to_d_and_the_seal_proves_them(bureau):
    task = bureau.drawn(count=40)
    rows = DrawnRow.objects.filter(task=task, reserve=False)
    rate = {
        r.stratum: r.probability_num / r.probability_den
        for r in rows
        if r.probability_den and r.stratum != "N"
    }

    assert set(rate) == {"A", "B", "C", "D"}
    assert rate["A"] < rate["B"] < rate["C"] < rate["D"]
    assert {r.class_as_sealed for r in rows if r.stratum == "A"} == {"A"}


def test_n16_classes_older_than_45_days_do_not_count_and_fresh_ones_do(bureau):
    # 分类结果是2月20日的，4月7日抽取已有46天
    bureau.go(4, 7)
    bureau.drawn(count=20)
    assert share(bureau)[:2] == (0, 20)
    # 收到4月的分类结果后再抽
    receive_classes(bureau, dt.date(YEAR, 4, 1))
    bureau.drawn("zlg", item="ZL01", count=20)
    assert share(bureau)[:2] == (20, 40)


def test_n16_the_last_fresh_day_still_counts(bureau):
    bureau.go(4, 6)
    bureau.drawn(count=20)

    assert share(bureau)[:2] == (20, 20)


def test_n16_later_changes_of_class_do_not_change_what_was_drawn(bureau):
    task = bureau.drawn(count=20)
    before = sorted(bureau.rows(task), key=lambda r: r.number)
    Target.objects.filter(pk__in=[r.target_id for r in before]).update(credit_class="A")

    assert [r.class_as_sealed for r in bureau.rows(task)] == [r.class_as_sealed for r in before]
    assert share(bureau)[:2] == (20, 20)


def test_n16_an_excluded_target_stays_drawn(bureau):
    task = bureau.drawn(count=20)
    row = bureau.rows(task)[0]
    inspections.exclude(
        inspection_id=row.pk, code="deregistered", reason="", actor=bureau.actor("ggg-jh"), now=bureau.now
    )

    assert share(bureau)[:2] == (20, 20)


def test_n16_the_professional_fields_are_listed_with_their_reasons(bureau):
    found = {
        w: planning.exempt_field(w, on=bureau.today) for w in ("特种设备使用检查", "食品销售检查", "广告检查")
    }

    assert [found[w][0] for w in found] == ["special_equipment", "food", ""]
    assert all(reason for code, reason in found.values() if code)
