"""
N15: classes A–D decide ratio and frequency: rates rise with the risk, lists and the unclassed are strata of their own,
and a class that changed takes effect at the next draw (安市监〔2024〕26号 三（二）).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from fairdraw.draws import shown
from fairdraw.draws.models import DrawnRow
from fairdraw.plans import planning, strata
from fairdraw.plans import services as plans
from fairdraw.plans.allocation import Asked, falls
from fairdraw.plans.planning import Resolved, Wish
from fairdraw.plans.strata import Layering
from fairdraw.registers.models import Target
from fairdraw.registers.scopes import ScopeSpec
from tests.builders.bureau import YEAR

ENTERPRISES = ScopeSpec(kinds=("enterprise",))
RISING = {"A": "1/100", "B": "1/20", "C": "1/5", "D": "1/2", "N": "1/20"}


def asked(rates, layering=strata.PLAIN):
    exact = {code: Fraction(rate) for code, rate in rates.items()}
    words = {} if layering.is_plain else layering.labels()
    return Asked(ratio_by_class=exact, by_stratum=words)


def planned(bureau, rates, *, layering=strata.PLAIN, exempt=None, name="广告专项检查"):
    """The task of a scheme that states these rates, drafted by the section's planner."""
    resolved = Resolved(
        agency=bureau.cast.units["ggg"],
        items=[bureau.item()],
        scope=ENTERPRISES,
        asked=asked(rates, layering),
        layering=layering,
    )
    wish = Wish(
        name=name,
        year=YEAR,
        scope_text="企业",
        starts_on=bureau.today,
        ends_on=bureau.today.replace(month=6, day=30),
        words=name,
        reason="投诉集中",
        exempt=exempt,
    )
    task = planning.plan_by_hand(
        wish,
        resolved,
        region="演示县",
        cutoff=bureau.today.replace(month=11, day=20),
        actor=bureau.actor("ggg-jh"),
        now=bureau.now,
        on=bureau.today,
    )
    return bureau.fresh(task)


def drawn_by_stratum(bureau, task):
    bureau.draw(bureau.approve(task))
    rows = DrawnRow.objects.filter(task=task, reserve=False).select_related("target")
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.stratum, set()).add(row.target.draw_code)
    return found


def test_n15_rates_are_compared_exactly():
    third, nearly = Fraction(1, 3), Fraction(333333, 1000000)

    assert falls({"A": third, "B": nearly}, "ABCD") == ("A", "B")
    assert falls({"A": nearly, "B": third, "D": third}, "ABCD") is None
    assert falls({"A": third, "N": nearly}, "ABCD") is None


def test_n15_a_riskier_class_drawn_less_is_not_approved_but_in_a_professional_field(bureau):
    falling = {**RISING, "D": "1/10"}
    task = planned(bureau, falling)
    with pytest.raises(plans.SchemeIncomplete, match="D类的抽查比例低于C类"):
        bureau.approve(task)

    # 专业领域另有规定的，写明理由后可以不按分类
    field = ("food", "按食品风险等级确定检查频次")
    other = planned(bureau, falling, exempt=field, name="餐饮专项检查")
    assert bureau.approve(other).exempt_reason == field[1]


def test_n15_the_lists_stand_apart_ahead_of_the_classes_and_the_unclassed_for_themselves(bureau):
    # 名录库里有列入经营异常名录、严重违法失信名单的企业，也有未分类的企业
    alive = Target.objects.filter(kind="enterprise", status="existing").order_by("draw_code")
    codes = list(alive.values_list("draw_code", flat=True))
    Target.objects.update(abnormal=False, serious=False)
    Target.objects.filter(draw_code__in=codes[:11]).update(abnormal=True)
    Target.objects.filter(draw_code__in=codes[:3]).update(serious=True)
    layering = Layering(lists=("serious", "abnormal"))
    task = planned(bureau, {**RISING, "ser": "1", "abn": "1/2"}, layering=layering)
    assert "严重违法失信名单100%、经营异常名录50%" in task.scheme.ratio_text

    # 抽取前就能看到各层数量；抽取时严重失信的全部抽中，异常名录抽一半
    [part] = shown.frozen(bureau.prepare(bureau.approve(task))).parts
    sizes = {s.label: (s.held, s.drawn) for s in part.strata}
    assert sizes["严重违法失信名单"] == (3, 3)
    assert sizes["经营异常名录"] == (8, 4)
    counts = strata.counts(ENTERPRISES, by=strata.OWN, layering=layering)
    assert {s.code: s.held for s in part.strata} == counts


def test_n15_what_is_drawn_lies_in_its_stratum(bureau):
    tags = Target.objects.filter(kind="enterprise", tags__contains=",advertising,", status="existing")
    held = set(tags.values_list("draw_code", flat=True))
    assert held
    layering = Layering(by=strata.TAG, tags=("advertising",))
    task = planned(bureau, {"t0": "1/2", "N": "1/50"}, layering=layering, exempt=("food", "另有规定"))

    drawn = drawn_by_stratum(bureau, task)
    assert len(drawn["t0"]) == -(-len(held) // 2)
    assert drawn["t0"] <= held
    assert not drawn["N"] & held


def test_n15_two_tasks_with_strata_of_their_own_are_drawn_in_one_pool(bureau):
    first = planned(
        bureau, {"t0": "1/2", "N": "1/50"}, layering=Layering(by=strata.TAG, tags=("advertising",))
    )
    second = planned(
        bureau, {**RISING, "abn": "1"}, layering=Layering(lists=("abnormal",)), name="价格专项检查"
    )
    draw = bureau.draw(bureau.approve(first), bureau.approve(second))

    assert all(step.state != "failed" for step in shown.verification(draw))
    assert {row.stratum for row in DrawnRow.objects.filter(task=first)} == {"t0", "N"}


def test_n15_a_class_that_changed_takes_effect_at_the_next_draw(bureau):
    task = planned(bureau, RISING)
    before = strata.counts(ENTERPRISES, by="credit")
    moved = Target.objects.filter(kind="enterprise", status="existing", credit_class="A").first()
    Target.objects.filter(pk=moved.pk).update(credit_class="D")

    [part] = shown.frozen(bureau.prepare(bureau.approve(task))).parts
    held = {s.code: s.held for s in part.strata}
    assert (held["A"], held["D"]) == (before["A"] - 1, before["D"] + 1)


def test_n15_a_received_index_and_a_food_grade_tell_targets_apart(bureau):
    alive = Target.objects.filter(kind="enterprise", status="existing").order_by("draw_code")
    codes = list(alive.values_list("draw_code", flat=True))
    Target.objects.filter(draw_code__in=codes[:10]).update(risk_index=Decimal(80), food_grade="D")
    Target.objects.filter(draw_code__in=codes[10:30]).update(risk_index=Decimal("79.99"), food_grade="A")
    bands = Layering(by=strata.INDEX, bounds=(Decimal(60), Decimal(80)))

    assert strata.counts(ENTERPRISES, by=strata.OWN, layering=bands) == {
        "i1": 20,
        "i2": 10,
        "N": len(codes) - 30,
    }
    grades = strata.counts(ENTERPRISES, by=strata.OWN, layering=Layering(by=strata.GRADE))
    assert grades == {"gA": 20, "gD": 10, "N": len(codes) - 30}
    assert bands.labels() == {
        "i0": "风险指数低于60",
        "i1": "风险指数60至80",
        "i2": "风险指数80以上",
        "N": "无风险指数",
    }
    drawn = drawn_by_stratum(bureau, planned(bureau, {"i1": "1/10", "i2": "1", "N": "1/100"}, layering=bands))
    assert drawn["i2"] == set(codes[:10])
    assert len(drawn["i1"]) == 2
