"""
N10, N15: a draw by strata of one's own is recomputed by both verifiers, byte for byte, as one by classes is.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from drawcore.verify import Known, verify_directory
from fairdraw.draws import bundles
from fairdraw.plans import strata
from fairdraw.plans.strata import Layering
from fairdraw.registers.models import Target
from tests.builders.year import drawn, judge
from tests.scenario.test_n15_classes_decide import RISING, planned

FOOD = ("food", "按食品风险等级确定检查频次")
BANDS = Layering(by=strata.INDEX, bounds=(Decimal(60), Decimal(80)), lists=("abnormal",))


@pytest.fixture
def marked(bureau):
    """Enterprises on the lists, graded, and with an index; most have none of these."""
    alive = Target.objects.filter(kind="enterprise", status="existing").order_by("draw_code")
    codes = list(alive.values_list("draw_code", flat=True))
    Target.objects.update(abnormal=False, serious=False)
    Target.objects.filter(draw_code__in=codes[:9]).update(abnormal=True)
    Target.objects.filter(draw_code__in=codes[:3]).update(serious=True)
    Target.objects.filter(draw_code__in=codes[5:25]).update(risk_index=Decimal("79.99"), food_grade="B")
    Target.objects.filter(draw_code__in=codes[25:35]).update(risk_index=Decimal(80), food_grade="D")
    return codes


@pytest.mark.parametrize(
    ("layering", "rates", "exempt", "codes"),
    [
        (
            Layering(lists=("serious", "abnormal")),
            {**RISING, "ser": "1", "abn": "1/2"},
            None,
            {"ser": 3, "abn": 3},
        ),
        (Layering(by=strata.GRADE), {"gB": "1/10", "gD": "1", "N": "1/100"}, FOOD, {"gB": 2, "gD": 10}),
        (BANDS, {"abn": "1", "i1": "1/8", "i2": "1/2", "N": "1/100"}, None, {"abn": 9, "i1": 2, "i2": 5}),
    ],
    ids=["lists", "food-grade", "risk-index"],
)
def test_n10_both_verifiers_accept_a_draw_by_strata_of_its_own(
    bureau, marked, tmp_path, layering, rates, exempt, codes
):
    task = planned(bureau, rates, layering=layering, exempt=exempt)
    folder = bundles.write(bureau.draw(bureau.approve(task)), tmp_path / "bundle")
    found = [stratum for _task, stratum, _code in drawn(folder)]
    assert {code: found.count(code) for code in codes} == codes

    alone = judge(folder)
    assert (alone.returncode, "复核通过" in alone.stdout) == (0, True), alone.stdout
    assert verify_directory(folder, Known()).exit_code() == 0
    # 改动一户所在的分层，两个程序都看得出
    frame = folder / "frame.tsv"
    held = frame.read_bytes()
    old, new = (f"\t{code}".encode() for code in (next(iter(codes)), "N"))
    assert old in held or old.strip() in held
    frame.write_bytes(held.replace(old.strip(), new.strip(), 1))
    assert judge(folder).returncode != 0
    assert verify_directory(folder, Known()).exit_code() != 0
