"""Who may be drawn: certificates, training, absence; what was changed stays with its editor (N20, N23; D1–D4)."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from fairdraw.draws import frames
from fairdraw.kernel.errors import NotPermitted
from fairdraw.registers import inspectors as verbs
from fairdraw.registers import selectors
from fairdraw.registers.entries import Certified, InspectorEntry
from fairdraw.registers.inspectors import InspectorRefused
from fairdraw.registers.models import (
    DeclaredInterest,
    Inspector,
    InspectorAbsence,
    InspectorChange,
    InspectorQualification,
)
from tests.builders.bureau import YEAR, existing

MAY = (dt.date(YEAR, 5, 1), dt.date(YEAR, 5, 31))


def person(code="Y0005") -> Inspector:
    return Inspector.objects.select_related("agency").get(code=code)


def entry(code="N001", **more) -> InspectorEntry:
    values = {
        "code": code,
        "name": "新到人员",
        "agency_code": "ggg",
        "certificate_number": "演350599900901",
        "valid_from": dt.date(YEAR - 1, 1, 1),
        "valid_to": dt.date(YEAR + 3, 12, 31),
    }
    return InspectorEntry(**(values | more))


def drawable(bureau, *, days=MAY) -> set[str]:
    agencies = [bureau.cast.units["ggg"]]
    rows = selectors.drawable_inspectors(agencies, starts_on=days[0], ends_on=days[1])
    return {row.code for row in rows}


def change(bureau, who: Inspector, **fields):
    return verbs.change_inspector(inspector=who, fields=fields, actor=bureau.cast.office, now=bureau.now)


def away(bureau, first: dt.date, back: dt.date, kind="secondment") -> InspectorAbsence:
    return verbs.enter_absence(
        inspector=person(),
        starts_on=first,
        ends_on=back,
        reason="专班",
        kind=kind,
        actor=bureau.cast.office,
        now=bureau.now,
    )


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({}, True),
        ({"valid_to": MAY[1]}, True),
        ({"valid_to": MAY[1] - dt.timedelta(1)}, False),
        ({"valid_from": MAY[0] + dt.timedelta(1)}, False),
        ({"trained": False}, False),
        ({"active": False}, False),
        ({"assistant": True}, False),
        ({"expert": True}, False),
    ],
)
def test_the_expired_untrained_gone_assistants_and_experts_are_never_drawn(bureau, fields, kept):
    change(bureau, person(), **fields)

    assert (person().code in drawable(bureau)) is kept


@pytest.mark.parametrize(
    ("first", "back", "kept"),
    [
        (dt.date(YEAR, 5, 1), dt.date(YEAR, 5, 2), False),  # away on the first day
        (dt.date(YEAR, 4, 1), dt.date(YEAR, 5, 1), True),  # back on the first day
        (dt.date(YEAR, 5, 4), dt.date(YEAR, 5, 9), True),  # a week of leave
        (dt.date(YEAR, 5, 4), dt.date(YEAR, 5, 19), True),  # 15 of 31 days
        (dt.date(YEAR, 5, 4), dt.date(YEAR, 5, 20), False),  # 16 of 31 days
        (dt.date(YEAR, 5, 2), dt.date(YEAR + 1, 5, 2), False),  # seconded from the second day on
        (dt.date(YEAR, 6, 1), dt.date(YEAR, 7, 1), True),
    ],
)
def test_who_is_away_on_the_first_day_or_for_half_of_the_days_is_not_drawn(bureau, first, back, kept):
    away(bureau, first, back)

    assert (person().code in drawable(bureau)) is kept


def test_two_absences_count_together(bureau):
    away(bureau, dt.date(YEAR, 5, 4), dt.date(YEAR, 5, 12))
    assert person().code in drawable(bureau)
    away(bureau, dt.date(YEAR, 5, 20), dt.date(YEAR, 5, 28), kind="leave")

    assert person().code not in drawable(bureau)


def test_a_qualification_counts_only_while_its_own_certificate_is_valid(bureau):
    who = Inspector.objects.filter(agency__code="tsg", qualifications="special_equipment").first()
    task = bureau.approved("tsg")
    starts, ends = task.scheme.starts_on, task.scheme.finishes_on

    def tags() -> str:
        return {row[0]: row[3] for row in frames.officer_rows([task])}[who.code]

    word = frames.qualification_code("special_equipment")
    assert word in tags()
    for last, held in ((ends, True), (ends - dt.timedelta(1), False)):
        verbs.change_inspector(
            inspector=who,
            fields={},
            certified=[Certified("special_equipment", "TS0001", None, last)],
            actor=bureau.cast.office,
            now=bureau.now,
        )
        assert (word in tags()) is held
    late = Certified("special_equipment", "TS0001", starts + dt.timedelta(1), ends)
    verbs.change_inspector(
        inspector=who, fields={}, certified=[late], actor=bureau.cast.office, now=bureau.now
    )
    assert tags() == "cert"


def test_certificates_that_run_out_are_found_the_first_first(bureau):
    today = bureau.today
    Inspector.objects.update(valid_to=today + dt.timedelta(900))
    one, two = person("Y0005"), person("Y0006")
    change(bureau, one, valid_to=today + dt.timedelta(60))
    verbs.change_inspector(
        inspector=two,
        fields={},
        certified=[Certified("special_equipment", "TS1", None, today + dt.timedelta(10))],
        actor=bureau.cast.office,
        now=bureau.now,
    )

    from django.db.models import Q

    found = selectors.expiring(Q(), until=today + dt.timedelta(90))
    assert [(e.inspector.code, e.qualification) for e in found] == [
        ("Y0006", "special_equipment"),
        ("Y0005", ""),
    ]
    assert selectors.expiring(Q(), until=today + dt.timedelta(9)) == []
    change(bureau, two, active=False)
    assert [e.inspector.code for e in selectors.expiring(Q(), until=today + dt.timedelta(90))] == ["Y0005"]


def test_a_change_is_kept_field_by_field_with_its_editor(bureau):
    who = person()
    changed = change(bureau, who, post="副股长", agency=bureau.cast.units["zlg"], name=who.name)

    assert changed == ["agency", "post"]
    rows = {c.field: (c.before, c.after, c.actor) for c in InspectorChange.objects.filter(inspector=who)}
    editor = bureau.cast.office.code
    assert rows == {"agency": ("ggg", "zlg", editor), "post": ("", "副股长", editor)}
    assert change(bureau, who, post="副股长") == []
    assert InspectorChange.objects.filter(inspector=who).count() == 2


def test_a_certificate_does_not_end_before_it_starts(bureau):
    who = person()
    with pytest.raises(InspectorRefused, match="止期早于起期"):
        change(bureau, who, valid_to=who.valid_from - dt.timedelta(1))
    assert person().valid_to == who.valid_to


def test_a_file_leaves_alone_what_it_does_not_say_and_keeps_what_it_changed(bureau):
    office, now = bureau.cast.office, bureau.now
    full = entry(trained=False, post="科员", training="新任培训", trained_on=dt.date(YEAR, 2, 1))
    assert verbs.import_inspectors([full], source="a.csv", actor=office, now=now).added == 1
    bare = entry(name="改名人员")
    assert verbs.import_inspectors([bare], source="b.csv", actor=office, now=now).changed == 1

    row = person("N001")
    assert (row.name, row.trained, row.post, row.training) == ("改名人员", False, "科员", "新任培训")
    assert list(InspectorChange.objects.filter(inspector=row).values_list("field", "before", "after")) == [
        ("name", "新到人员", "改名人员")
    ]
    assert verbs.import_inspectors([bare], source="b.csv", actor=office, now=now).same == 1


def test_a_certificate_of_a_qualification_comes_in_with_the_file(bureau):
    special = Certified("特种设备", "TS0002", None, dt.date(YEAR + 1, 1, 1))
    made = dataclasses.replace(entry(), certified=(special,))
    verbs.import_inspectors([made], source="a.csv", actor=bureau.cast.office, now=bureau.now)

    assert person("N001").qualifications == "特种设备"
    assert InspectorQualification.objects.get(inspector__code="N001").valid_to == dt.date(YEAR + 1, 1, 1)


def test_one_is_entered_by_hand_once(bureau):
    verbs.enter_inspector(entry(), actor=bureau.cast.office, now=bureau.now)
    with pytest.raises(InspectorRefused, match="已经在名录里"):
        verbs.enter_inspector(entry(name="另一人"), actor=bureau.cast.office, now=bureau.now)
    assert person("N001").name == "新到人员"


def test_absences_of_one_person_do_not_meet(bureau):
    away(bureau, dt.date(YEAR, 5, 4), dt.date(YEAR, 5, 9))
    away(bureau, dt.date(YEAR, 5, 9), dt.date(YEAR, 5, 10))
    with pytest.raises(InspectorRefused, match="重叠"):
        away(bureau, dt.date(YEAR, 5, 8), dt.date(YEAR, 5, 12))
    with pytest.raises(InspectorRefused, match="结束日期"):
        away(bureau, dt.date(YEAR, 7, 8), dt.date(YEAR, 7, 8))
    assert InspectorAbsence.objects.count() == 2


def test_who_is_back_early_is_drawn_again_and_a_mistake_is_undone(bureau):
    row = away(bureau, MAY[0], dt.date(YEAR, 8, 1))
    assert person().code not in drawable(bureau)
    office, now = bureau.cast.office, bureau.now
    assert verbs.end_absence(absence=row, back_on=MAY[0] + dt.timedelta(3), actor=office, now=now) is not None
    assert person().code not in drawable(bureau)
    assert verbs.end_absence(absence=row, back_on=MAY[0], actor=office, now=now) is None

    assert person().code in drawable(bureau)
    assert not InspectorAbsence.objects.exists()


def test_a_relation_is_taken_off_with_a_reason_and_then_no_longer_recuses(bureau):
    row = verbs.declare_interest(
        inspector=person(),
        target=existing()[0],
        reason="配偶任职",
        actor=bureau.cast.office,
        now=bureau.now,
        on=bureau.today,
    )
    with pytest.raises(InspectorRefused, match="原因"):
        verbs.withdraw_interest(interest=row, reason=" ", actor=bureau.cast.office, now=bureau.now)
    with pytest.raises(NotPermitted):
        verbs.withdraw_interest(interest=row, reason="离职", actor=bureau.actor("zlg-jh"), now=bureau.now)
    verbs.withdraw_interest(interest=row, reason="已离职", actor=bureau.cast.office, now=bureau.now)

    assert not DeclaredInterest.objects.exists()


def test_only_the_office_and_the_clerk_change_the_directory(bureau):
    for attempt in (
        lambda actor: verbs.change_inspector(
            inspector=person(), fields={"post": "x"}, actor=actor, now=bureau.now
        ),
        lambda actor: verbs.enter_inspector(entry(), actor=actor, now=bureau.now),
    ):
        with pytest.raises(NotPermitted):
            attempt(bureau.actor("ggg-jh"))
