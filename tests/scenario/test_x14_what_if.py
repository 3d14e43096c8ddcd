"""X14, N02, N03, N16: before the seal the plan's visits, last days and goals are foreseen, and nothing is changed."""

from __future__ import annotations

import io
import json
from collections import Counter
from fractions import Fraction

import pytest
from django.core.management import call_command

from fairdraw.audit import selectors as audit
from fairdraw.draws import overlaps
from fairdraw.draws.models import DrawnRow
from fairdraw.kernel import clock
from fairdraw.oversight import forecast_answer
from fairdraw.oversight import forecast_plan as plans
from fairdraw.oversight.forecast import WhatIf
from fairdraw.oversight.forecast_goals import Foresight
from fairdraw.oversight.forecast_proposal import propose
from fairdraw.plans import strata
from fairdraw.plans.strata import Layering
from fairdraw.registers.models import Target
from fairdraw.registers.rules import EXCLUSION_BY_STATUS
from tests.builders.bureau import YEAR
from tests.scenario.test_n10_strata_verified import BANDS, FOOD, marked
from tests.scenario.test_n15_classes_decide import RISING, planned

__all__ = ["marked"]


def foreseen(bureau, **more):
    plan = plans.of_tasks(bureau.agency, YEAR)
    found = WhatIf(bureau.agency, YEAR, plan, on=bureau.today, **more)
    return found, Foresight(found)


def test_x14_the_sizes_foreseen_are_the_sizes_drawn(bureau):
    task = bureau.approved(ratio="0.2")
    found, _seen = foreseen(bureau)
    [line] = found.lines

    bureau.draw(task)
    rows = bureau.rows(task)
    assert line.drawn == len(rows)
    assert {c.code: c.drawn for c in line.classes if c.drawn} == {
        code: n for code in "ABCDN" if (n := sum(1 for r in rows if (r.class_as_sealed or "N") == code))
    }


def hand_sorted(layering, row):
    """In which stratum of its own a target stands, sorted by hand from its row."""
    for name, code in (("serious", "ser"), ("abnormal", "abn")):
        if name in layering.lists and getattr(row, name):
            return code
    if layering.by == strata.CREDIT:
        return row.credit_class or "N"
    if layering.by == strata.GRADE:
        return f"g{row.food_grade}" if row.food_grade else "N"
    if layering.by == strata.TAG:
        carried = set(row.tags.strip(",").split(","))
        return next((f"t{n}" for n, tag in enumerate(layering.tags) if tag in carried), "N")
    if row.risk_index is None:
        return "N"
    return f"i{sum(row.risk_index >= bound for bound in layering.bounds)}"


@pytest.mark.parametrize(
    ("layering", "rates", "exempt"),
    [
        (Layering(lists=("serious", "abnormal")), {**RISING, "ser": "1", "abn": "1/2"}, None),
        (Layering(by=strata.GRADE), {"gB": "1/3", "gD": "1", "N": "1/100"}, FOOD),
        (BANDS, {"abn": "1", "i0": "1/9", "i1": "1/8", "i2": "1/2", "N": "1/100"}, None),
        (Layering(by=strata.TAG, tags=("advertising",)), {"t0": "1/3", "N": "1/50"}, None),
    ],
    ids=["lists", "grade", "index", "tags"],
)
def test_x14_strata_of_its_own_are_foreseen_as_they_are_drawn(bureau, marked, layering, rates, exempt):
    """The sizes by list, grade, index and tag: counted by hand, foreseen, told for merging, drawn (N10, N15)."""
    alive = Target.objects.filter(kind="enterprise").exclude(status__in=EXCLUSION_BY_STATUS)
    by_hand = Counter(hand_sorted(layering, row) for row in alive)
    sizes = {code: -(-n * Fraction(rates[code])).__floor__() for code, n in by_hand.items()}
    task = planned(bureau, rates, layering=layering, exempt=exempt)
    second = bureau.approved(section="zlg", item="ZL01", ratio="0.2")

    found, _seen = foreseen(bureau)
    line = next(one for one in found.lines if one.planned.key == task.number)
    assert {s.code: (s.held, s.drawn) for s in line.strata} == {c: (by_hand[c], sizes[c]) for c in by_hand}
    assert all(s.label and s.label != s.code for s in line.strata)
    assert overlaps.picture([task, second]).doors([task]) == (sum(sizes.values()), sum(sizes.values()))
    assert sum(one.drawn for one in found.stations()) == pytest.approx(sum(n.drawn for n in found.lines))

    bureau.draw(bureau.approve(task))
    rows = DrawnRow.objects.filter(task=task, reserve=False).values_list("stratum", flat=True)
    assert Counter(rows) == {code: n for code, n in sizes.items() if n}
    assert line.drawn == len(rows)


def test_x14_industries_are_told_by_name(bureau):
    bureau.approved(ratio="0.2")
    found, seen = foreseen(bureau)
    named = forecast_answer.plain(found, seen)["industries"]

    codes = Target.objects.filter(kind="enterprise").exclude(status__in=EXCLUSION_BY_STATUS)
    counted = Counter(code[1:3] for code in codes.values_list("industry", flat=True))
    assert {code: one["held"] for code, one in named.items() if code in counted} == counted
    assert named["62"]["name"] == "餐饮业"
    assert not any(one["name"] == code for code, one in named.items())


def test_x14_a_gap_is_foreseen_in_whole_enterprises_and_filled_in_order(bureau):
    # 需要20户：公示8户，一项任务已抽未查，一项待抽
    bureau.enter_base(571)
    done = bureau.drawn(count=8)
    bureau.go(3, 20)
    bureau.publish(bureau.rows(done))
    _found, seen = foreseen(bureau)
    k1 = seen.goals[0]
    assert (k1.now.shortfall, k1.certain.shortfall, k1.expected.shortfall) == (12, 12, 12)
    assert [one.code for one in seen.remedies] == [
        "receipts",
        "dispatched",
        "under_way",
        "planned",
        "off_site",
        "amendment",
    ]
    assert [one.left for one in seen.remedies] == [12] * 6

    bureau.approved(section="zlg", item="ZL01", count=40)
    _found, seen = foreseen(bureau)
    k1 = seen.goals[0]
    assert k1.expected.met
    assert k1.low <= k1.expected.numerator <= k1.high
    assert seen.remedies[-1].code == "planned"
    assert seen.remedies[-1].left == 0


def test_x14_rates_are_tried_without_touching_the_scheme(bureau):
    task = bureau.drafted(ratio="0.1")
    before = audit.entries().count()
    rates = {c: Fraction(1, 2) for c in "ABCDN"}
    plain, _seen = foreseen(bureau)
    tried, _seen = foreseen(bureau, rates=rates)

    assert tried.lines[0].drawn > plain.lines[0].drawn
    assert tried.picture is not None
    assert bureau.fresh(task).scheme.class_rates == task.scheme.class_rates
    assert audit.entries().count() == before


def test_x14_two_tasks_on_the_same_enterprises_are_told_as_repeats_and_what_merging_saves(bureau):
    bureau.approved(ratio="0.5")
    bureau.approved(section="zlg", item="ZL01", ratio="0.5")
    found, _seen = foreseen(bureau)
    hits = found.hits

    assert found.merged == [(0, 1)]
    assert hits["independent"].visits == sum(line.drawn for line in found.lines)
    assert hits["independent"].twice > 0
    assert hits["merged"].visits < hits["independent"].visits
    assert hits["merged"].twice == 0


def test_x14_a_task_whose_last_day_to_seal_is_past_is_named(bureau):
    task = bureau.approved(ends=(4, 30))
    bureau.go(4, 29)
    found, seen = foreseen(bureau)

    assert [line.planned.key for line in found.lines if line.is_late] == [task.number]
    k2 = seen.goals[1]
    assert (k2.expected.numerator, k2.expected.denominator) == (0, 1)


def test_x14_the_proposed_rates_meet_the_floor(bureau):
    bureau.enter_base(571)
    bureau.drafted(ratio="0.01")
    found, seen = foreseen(bureau)
    offer = propose(found, seen)
    assert offer.choice is not None
    found, seen = foreseen(bureau, rates=offer.rates)

    assert seen.goals[0].expected.met
    assert seen.goals[4].expected.met
    assert found.lines[0].planned.rising


def test_x14_the_command_answers_in_one_object(bureau, monkeypatch):
    task = bureau.approved(ratio="0.2")
    clock.use(lambda: bureau.now)
    try:
        out = io.StringIO()
        call_command("whatif", str(YEAR), "--json", "--propose", stdout=out)
        one = io.StringIO()
        call_command("whatif", task.number, "--rate", "A=50%", "--rate", "B=0.5", stdout=one)
    finally:
        clock.use(None)
    answer = json.loads(out.getvalue())

    assert [t["task"] for t in answer["tasks"]] == [task.number]
    assert answer["distance"] == "无坐标，未计里程"
    assert set(answer["goals"]) == {"K1", "K2", "K3", "K4", "K5", "K6", "K7"}
    assert {"cluster", "each", "scheme"} == set(answer["modes"])
    assert task.number in one.getvalue()
