"""What is wanting in the target directory is counted, shown row by row, and weighed (名录库质量报告)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from django.db.models import Q

from fairdraw.kernel import uscc
from fairdraw.registers import quality
from fairdraw.registers.models import Licence, Target
from tests.builders.bureau import Bureau

pytestmark = pytest.mark.django_db
DAYS = 45


def counted(bureau: Bureau, within: Q | None = None) -> quality.Report:
    return quality.report(on=bureau.today, class_days=DAYS, within=within)


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("status_unknown", {"status": "unknown"}),
        ("no_code", {"uscc": "", "old_number": ""}),
        ("no_station", {"station": None}),
        ("no_class", {"credit_class": "", "credit_computed_on": None}),
        ("stale_class", {"credit_class": "B", "credit_computed_on": dt.date(2020, 1, 1)}),
        ("no_address", {"address": ""}),
        ("no_day", {"registered_on": None}),
        ("no_day", {"registered_on": dt.date(2999, 1, 1)}),
        ("check_digit", {"uscc": "91999901MA00000Q0P"}),
    ],
)
def test_each_fault_is_counted_and_leads_to_its_rows(bureau: Bureau, code: str, fields: dict[str, object]):
    sound = {
        "kind": "enterprise",
        "status": "existing",
        "station": bureau.cast.units["sc01"],
        "address": "云栖镇1号",
        "registered_on": dt.date(2019, 5, 1),
        "credit_class": "B",
        "credit_computed_on": bureau.today,
    }
    target = Target.objects.filter(kind="enterprise", status="existing").exclude(uscc="")[0]
    Target.objects.filter(pk=target.pk).update(**sound)
    before = counted(bureau).counts[code]

    Target.objects.filter(pk=target.pk).update(**fields)

    assert counted(bureau).counts[code] == before + 1
    found = quality.rows(quality.conditions(on=bureau.today, class_days=DAYS)[code])
    assert target.pk in found.values_list("pk", flat=True)
    assert found.count() == before + 1


def test_every_code_is_judged_as_the_standard_says(bureau: Bureau):
    codes = ["91350524MA0000007P", "91350524MA0000007Q", "92350524MA0000015F", "9135052400000000XX", ""]
    targets = list(Target.objects.filter(kind="enterprise", status="existing").order_by("pk")[: len(codes)])
    Target.objects.exclude(pk__in=[t.pk for t in targets]).delete()
    for target, code in zip(targets, codes, strict=True):
        Target.objects.filter(pk=target.pk).update(uscc=code)

    found = quality.rows(quality.conditions(on=bureau.today, class_days=DAYS)["check_digit"])

    wrong = {code for code in codes if code and not uscc.is_valid(code)}
    assert set(found.values_list("uscc", flat=True)) == wrong == {"91350524MA0000007Q", "9135052400000000XX"}
    assert counted(bureau).counts["look_alike"] == 0


def test_a_code_that_fails_and_reads_like_another_is_told(bureau: Bureau):
    right = Target.objects.filter(kind="enterprise", status="existing", uscc__contains="0").order_by("pk")[0]
    head, _zero, tail = right.uscc.rpartition("0")
    copied = Target.objects.filter(kind="enterprise", status="existing").exclude(pk=right.pk)[0]
    before = counted(bureau).counts
    Target.objects.filter(pk=copied.pk).update(uscc=f"{head}D{tail}")

    found = counted(bureau)

    assert (found.counts["check_digit"], found.counts["look_alike"]) == (before["check_digit"] + 1, 1)
    alike = quality.rows(quality.conditions(on=bureau.today, class_days=DAYS)["look_alike"])
    assert [row.pk for row in alike] == [copied.pk]


def test_a_licence_has_expired_where_none_of_its_kind_runs_on(bureau: Bureau):
    one, two, three = Target.objects.filter(kind="enterprise", status="existing").order_by("pk")[:3]
    past, day = bureau.today - dt.timedelta(1), bureau.today
    for number, (target, kind, ends) in enumerate(
        [
            (one, "食品经营许可证", past),
            (two, "食品经营许可证", past),
            (two, "食品经营许可证", day),
            (three, "食品经营许可证", past),
            (three, "药品经营许可证", None),
        ]
    ):
        Licence.objects.create(
            target=target, kind=kind, number=f"X{number}", valid_to=ends, entered_at=bureau.now
        )

    found = quality.rows(quality.conditions(on=bureau.today, class_days=DAYS)["licence_expired"])

    assert {row.pk for row in found} == {one.pk, three.pk}
    assert counted(bureau).counts["licence_expired"] == 2


def test_what_each_fault_costs_makes_up_the_score(bureau: Bureau):
    Target.objects.filter(status="unknown").update(status="revoked")
    Target.objects.filter(status="existing").update(address="")
    found = counted(bureau)

    lost = {fault.code: found.lost(fault) for fault in quality.FAULTS}
    assert lost["no_address"] == Fraction(10 * found.counts["no_address"], found.existing)
    assert found.score == int(100 - sum(lost.values()))
    assert lost["never_covered"] == 0


def test_twins_are_those_of_one_name_at_one_address(bureau: Bureau):
    first, second = Target.objects.filter(kind="enterprise", status="existing")[:2]
    before = counted(bureau).counts["twins"]

    Target.objects.filter(pk__in=[first.pk, second.pk]).update(name="同名有限公司", address="同一处1号")

    assert counted(bureau).counts["twins"] == before + 2
    Target.objects.filter(pk=second.pk).update(address="另一处2号")
    assert counted(bureau).counts["twins"] == before


def test_a_blocking_fault_keeps_the_score_below_sixty(bureau: Bureau):
    Target.objects.update(status="existing")
    whole = Target.objects.filter(kind="enterprise")[0]
    clean = quality.Report({fault.code: 0 for fault in quality.FAULTS}, 100)
    assert clean.score == 100

    Target.objects.filter(pk=whole.pk).update(status="unknown")
    found = counted(bureau)

    assert [fault.code for fault in found.blocking] == ["status_unknown"]
    assert found.score <= 59


def test_the_score_falls_by_weight_and_share_and_is_rounded_down():
    counts = {fault.code: 0 for fault in quality.FAULTS} | {"no_station": 1, "no_class": 50}

    assert quality.Report(counts, 100).score == 94  # 100 - 15/100 - 10/2 = 94.85
    assert quality.Report(counts, 0).score == 0


def test_a_task_is_judged_on_its_own_targets(bureau: Bureau):
    target = Target.objects.filter(kind="enterprise", status="existing")[0]
    Target.objects.filter(pk=target.pk).update(station=None)

    assert counted(bureau, Q(pk=target.pk)).counts["no_station"] == 1
    assert counted(bureau, ~Q(pk=target.pk)).counts["no_station"] == counted(bureau).counts["no_station"] - 1
