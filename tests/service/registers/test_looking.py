"""Who sees which targets, and how they are found (名录查询)."""

from __future__ import annotations

import pytest
from django.db import connection

from fairdraw.kernel.errors import NotFound
from fairdraw.registers import selectors
from fairdraw.registers.models import Target
from fairdraw.registers.selectors import TargetFilter
from tests.builders.bureau import existing


def found(bureau, actor="bangong", **asked):
    return selectors.targets(bureau.actor(actor), TargetFilter(**asked))


def test_a_station_sees_its_own_area_and_a_partner_department_nothing(bureau):
    whole = Target.objects.count()
    own = Target.objects.filter(station__code="sc01").count()

    assert found(bureau).count() == found(bureau, "ggg-jh").count() == whole
    assert 0 < found(bureau, "sc01-jh").count() == own < whole
    assert found(bureau, "xfj-jh").count() == 0


def test_outside_the_area_is_as_if_it_were_not_there(bureau):
    other = existing(station__code="sc02")[0]

    assert selectors.target(bureau.actor("sc02-jh"), other.draw_code) == other
    for actor, code in (("sc01-jh", other.draw_code), ("bangong", "91000000000000000X")):
        with pytest.raises(NotFound):
            selectors.target(bureau.actor(actor), code)


def test_targets_are_found_by_code_name_and_address(bureau):
    target = existing()[0]

    assert list(found(bureau, text=target.draw_code.lower())) == [target]
    assert list(found(bureau, text=target.name)) == [target]
    assert target in found(bureau, text=target.address)


@pytest.mark.parametrize(
    ("asked", "condition"),
    [
        ({"kind": "enterprise"}, {"kind": "enterprise"}),
        ({"status": "revoked"}, {"status": "revoked"}),
        ({"station": "sc01"}, {"station__code": "sc01"}),
        ({"credit_class": "D"}, {"credit_class": "D"}),
        ({"credit_class": "N"}, {"credit_class": ""}),
        ({"tag": "catering"}, {"tags__contains": ",catering,"}),
        ({"town": "云栖镇"}, {"town": "云栖镇"}),
    ],
)
def test_lists_are_narrowed_by_each_filter(bureau, asked, condition):
    wanted = Target.objects.filter(**condition)

    assert set(found(bureau, **asked)) == set(wanted)


def test_an_unknown_order_falls_back_to_the_code(bureau):
    codes = [t.draw_code for t in found(bureau, order="password")]

    assert codes == sorted(codes)
    assert [t.draw_code for t in found(bureau, order="-draw_code")] == codes[::-1]


def test_counts_leave_out_what_no_longer_exists(bureau):
    counts = selectors.register_counts()

    living = Target.objects.filter(kind="enterprise", status__in=["existing", "suspended"])
    assert counts["enterprise"] == selectors.enterprise_count() == living.count()
    assert selectors.low_risk_count() == living.filter(credit_class="A").count()


def test_the_newly_registered_are_found_without_reading_the_whole_directory(bureau):
    with connection.cursor() as cursor:
        held = connection.introspection.get_constraints(cursor, Target._meta.db_table)

    assert "registered_on" in {c["columns"][0] for c in held.values() if c["index"]}
