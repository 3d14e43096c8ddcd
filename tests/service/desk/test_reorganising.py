"""Units are renamed, merged and handed over within the year; the past stays, nothing is left without an owner (X17)."""

from __future__ import annotations

import datetime as dt

import pytest

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts import services as account_services
from fairdraw.accounts.models import User
from fairdraw.accounts.services import Taken, UnitRefused
from fairdraw.desk import reorganising
from fairdraw.inspections.models import Inspection
from fairdraw.kernel.actor import SYSTEM
from fairdraw.kernel.errors import NotPermitted
from fairdraw.plans.models import Task
from fairdraw.registers import ledger
from fairdraw.registers.models import Inspector, Target, TargetChange


def unit(code: str):
    return accounts.agency(code)


def merge(bureau, old="ggg", new="zlg", actor=None):
    return reorganising.merge_units(
        unit=unit(old),
        into=unit(new),
        document="县委编办〔2026〕5号",
        actor=actor or bureau.cast.office,
        now=bureau.now,
    )


def actor_of(bureau, name: str):
    return accounts.actor_of(User.objects.get(username=name), on=bureau.today)


def test_open_work_people_and_duties_go_over_and_what_is_done_stays(bureau):
    done, left = bureau.drawn("ggg"), bureau.drafted("ggg")
    rows = bureau.rows(done)
    bureau.publish(rows[:1])
    people = set(Inspector.objects.filter(agency__code="ggg").values_list("code", flat=True))
    moved = merge(bureau)

    assert (moved.tasks, moved.inspectors, moved.inspections) == (2, len(people), len(rows) - 1)
    assert set(Inspector.objects.filter(agency__code="zlg").values_list("code", flat=True)) >= people
    assert Task.objects.get(pk=left.pk).agency.code == "zlg"
    assert Inspection.objects.get(pk=rows[0].pk).agency.code == "ggg"
    assert {r.agency.code for r in Inspection.objects.filter(pk__in=[r.pk for r in rows[1:]])} == {"zlg"}
    assert "ggg" not in set(accounts.sections().values_list("code", flat=True))
    assert not unit("ggg").memberships.filter(ends_on__isnull=True).exists()


def test_the_successors_people_carry_on_and_see_what_was_done(bureau):
    task = bureau.drawn("ggg")
    rows = bureau.rows(task)
    bureau.publish(rows[:1])
    merge(bureau)
    for name in ("ggg-jh", "zlg-jh"):
        scopes = actor_of(bureau, name).scopes()
        assert unit("zlg").path in scopes
        assert unit("ggg").path in scopes
    bureau.publish(Inspection.objects.filter(pk__in=[r.pk for r in rows[1:2]]))
    assert Inspection.objects.get(pk=rows[1].pk).published_at is not None


def test_a_stations_targets_move_today_and_were_elsewhere_yesterday(bureau):
    count = Target.objects.filter(station__code="sc01").count()
    one = Target.objects.filter(station__code="sc01").order_by("pk").first()
    Inspector.objects.filter(code="Y0005").update(areas="sc01,sc03")
    moved = merge(bureau, "sc01", "sc02")

    one.refresh_from_db()
    assert (moved.targets, one.station.code) == (count, "sc02")
    yesterday = bureau.today - dt.timedelta(1)
    assert ledger.place_on(one, yesterday)[0] == str(unit("sc01"))
    assert ledger.place_on(one, bureau.today)[0] == str(unit("sc02"))
    assert TargetChange.objects.filter(target=one, field="station").count() == 1
    assert Inspector.objects.get(code="Y0005").areas == "sc02,sc03"


@pytest.mark.parametrize(("old", "new", "said"), [("ggg", "sc01", "股室并入股室"), ("ggg", "ggg", "并入")])
def test_what_does_not_fit_is_refused(bureau, old, new, said):
    with pytest.raises(UnitRefused, match=said):
        merge(bureau, old, new)
    assert unit("ggg").successor is None


def test_nothing_moves_while_a_draw_is_frozen(bureau):
    task = bureau.approved("ggg")
    bureau.prepare(task)
    with pytest.raises(UnitRefused, match="已编制底册"):
        merge(bureau)
    with pytest.raises(UnitRefused, match="已编制底册"):
        reorganising.hand_over_tasks(
            tasks=[task.number], to=unit("zlg"), document="x", actor=bureau.cast.office, now=bureau.now
        )


def test_tasks_are_handed_over_with_what_is_open(bureau):
    task, other = bureau.drawn("ggg"), bureau.drafted("ggg")
    rows = bureau.rows(task)
    moved = reorganising.hand_over_tasks(
        tasks=[task.number], to=unit("zlg"), document="分工调整", actor=bureau.cast.office, now=bureau.now
    )
    assert (moved.tasks, moved.inspections) == (1, len(rows))
    assert Task.objects.get(pk=task.pk).agency.code == "zlg"
    assert Task.objects.get(pk=other.pk).agency.code == "ggg"
    with pytest.raises(UnitRefused, match="本来就由"):
        reorganising.hand_over_tasks(
            tasks=[task.number], to=unit("zlg"), document="x", actor=bureau.cast.office, now=bureau.now
        )


def test_towns_are_handed_over(bureau):
    station = unit("sc01")
    [(town, count), *_more] = reorganising.towns_of(station)
    moved = reorganising.hand_over_towns(
        station=station, towns=[town], to=unit("sc02"), document="x", actor=bureau.cast.office, now=bureau.now
    )
    assert moved == count
    assert dict(reorganising.towns_of(unit("sc02")))[town] == count
    assert town not in dict(reorganising.towns_of(station))


def test_a_renamed_unit_is_found_by_its_old_name_and_no_other_takes_it(bureau):
    before = unit("ggg").name
    account_services.rename_agency(
        agency_id=unit("ggg").pk,
        name="广告和互联网监管股",
        short_name="广告互联网股",
        document="县委编办〔2026〕5号",
        actor=SYSTEM,
        now=bureau.now,
    )
    codes = accounts.unit_codes()
    assert (codes[before], codes["广告和互联网监管股"]) == ("ggg", "ggg")
    with pytest.raises(Taken):
        account_services.rename_agency(
            agency_id=unit("zlg").pk, name=before, short_name="", document="x", actor=SYSTEM, now=bureau.now
        )


def test_files_that_name_a_merged_unit_mean_its_successor(bureau):
    old = unit("ggg").name
    merge(bureau)
    assert accounts.unit_codes()[old] == "zlg"


def test_only_the_office_reorganises(bureau):
    with pytest.raises(NotPermitted):
        merge(bureau, actor=bureau.actor("ggg-fz"))
