"""The target directory changes with reason and editor; where a target belongs is known as of any day."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from fairdraw.accounts.models import Agency
from fairdraw.audit import selectors as audit
from fairdraw.kernel.errors import NotPermitted
from fairdraw.registers import ledger, services
from fairdraw.registers.entries import TargetEntry
from fairdraw.registers.models import FormerPlace, Target, TargetChange
from fairdraw.registers.rules import unpack_tags
from fairdraw.registers.services import TargetRefused
from tests.builders.bureau import YEAR, existing


def entry_of(target, **more):
    """The entry that would enter *target* as it stands."""
    fields = {f.name for f in dataclasses.fields(TargetEntry)} - {"station_code", "tags", "licence", "said"}
    values = {name: getattr(target, name) for name in fields}
    return TargetEntry(
        **values | {"station_code": target.station.code, "tags": unpack_tags(target.tags)} | more
    )


def enter(bureau, *entries, source="名录.csv"):
    return services.import_targets(entries, source=source, actor=bureau.cast.office, now=bureau.now)


def change(bureau, target, reason="现场核实", actor=None, **fields):
    return services.change_target(
        target=target, fields=fields, reason=reason, actor=actor or bureau.cast.office, now=bureau.now
    )


def move(bureau, target, station="sc02", *, on, reason="搬迁", town="松岚", town_code=""):
    return services.move_target(
        target=target,
        station=Agency.objects.get(code=station),
        town_code=town_code,
        town=town,
        on=on,
        reason=reason,
        actor=bureau.cast.office,
        now=bureau.now,
    )


def lines(target):
    rows = TargetChange.objects.filter(target=target).order_by("pk")
    return [(r.field, r.before, r.after, r.reason, r.actor) for r in rows]


class TestByHand:
    """One target, one person, one reason."""

    def test_each_changed_field_stands_in_the_ledger_with_who_and_why(self, bureau):
        target = existing()[0]
        changed = change(
            bureau, target, abnormal=True, risk_index=Decimal("72.5"), food_grade="C", name=target.name
        )

        assert changed == ["abnormal", "food_grade", "risk_index"]
        who = bureau.cast.office.code
        assert lines(target) == [
            ("abnormal", "0", "1", "现场核实", who),
            ("risk_index", "", "72.5", "现场核实", who),
            ("food_grade", "", "C", "现场核实", who),
        ]
        entry = audit.entries().filter(kind="target.changed").latest("seq")
        assert TargetChange.objects.filter(target=target, seq=entry.seq).count() == 3
        held = Target.objects.get(pk=target.pk)
        assert (held.abnormal, held.food_grade, held.credit_class) == (True, "C", target.credit_class)

    def test_nothing_changes_without_a_reason_a_right_or_a_difference(self, bureau):
        target = existing()[0]
        with pytest.raises(TargetRefused, match="理由"):
            change(bureau, target, reason=" ", abnormal=True)
        with pytest.raises(TargetRefused, match="不在这里变更"):
            change(bureau, target, credit_class="D")
        with pytest.raises(NotPermitted):
            change(bureau, target, actor=bureau.actor("ggg-jh"), abnormal=True)
        assert change(bureau, target, abnormal=target.abnormal) == []
        assert lines(target) == []


class TestMoves:
    """Station and town as of any day."""

    def test_where_a_target_belonged_is_known_as_of_any_day(self, bureau):
        bureau.go(7, 1)
        target = next(t for t in existing() if t.station.code == "sc01")
        first = str(target.station)
        second, third = (str(Agency.objects.get(code=c)) for c in ("sc02", "sc03"))
        move(bureau, target, "sc02", on=dt.date(YEAR, 4, 10))
        move(bureau, Target.objects.get(pk=target.pk), "sc03", on=dt.date(YEAR, 6, 1), town="石溪")

        now = Target.objects.select_related("station").get(pk=target.pk)
        days = [dt.date(2020, 1, 1), dt.date(YEAR, 4, 9), dt.date(YEAR, 4, 10), dt.date(YEAR, 5, 31)]
        found = [ledger.place_on(now, day)[0] for day in [*days, dt.date(YEAR, 6, 1), dt.date(YEAR, 7, 1)]]
        assert found == [first, first, second, second, third, third]
        assert [line[:3] for line in lines(target)][:1] == [("station", first, second)]
        assert lines(target)[0][3] == f"自{YEAR}-04-10起：搬迁"

    def test_a_day_to_come_an_earlier_one_and_no_move_are_refused(self, bureau):
        bureau.go(5, 6)
        target = next(t for t in existing() if t.station.code == "sc01")
        with pytest.raises(TargetRefused, match="生效之日"):
            move(bureau, target, on=dt.date(YEAR, 5, 7))
        with pytest.raises(TargetRefused, match="没有变更"):
            move(bureau, target, "sc01", on=dt.date(YEAR, 5, 1), town=target.town, town_code=target.town_code)
        move(bureau, target, on=dt.date(YEAR, 5, 1))
        with pytest.raises(TargetRefused, match="日期须晚于它"):
            move(bureau, target, "sc03", on=dt.date(YEAR, 4, 30))
        assert FormerPlace.objects.filter(target=target).count() == 1


class TestByFile:
    """A file changes what it speaks of, and each change is kept."""

    def test_what_a_file_does_not_speak_of_stays(self, bureau):
        target = existing(credit_class="C")[0]
        change(bureau, target, abnormal=True, tags=",catering,", food_grade="B")
        silent = TargetEntry(
            draw_code=target.draw_code,
            name="改名后的公司",
            kind="enterprise",
            said=frozenset({"name", "kind"}),
        )

        count = enter(bureau, silent)

        held = Target.objects.get(pk=target.pk)
        assert count.changed == 1
        assert (held.name, held.abnormal, held.tags, held.food_grade) == (
            "改名后的公司",
            True,
            ",catering,",
            "B",
        )
        assert (held.credit_class, held.status, held.station_id) == ("C", "existing", target.station_id)
        assert lines(target)[-1][:4] == ("name", target.name, "改名后的公司", "名录.csv")

    def test_a_blank_class_takes_no_received_class_away(self, bureau):
        target = existing(credit_class="C")[0]
        enter(bureau, entry_of(target, credit_class="", credit_computed_on=None, serious=True))

        held = Target.objects.get(pk=target.pk)
        assert (held.credit_class, held.serious) == ("C", True)

    def test_a_move_by_file_keeps_the_place_until_then(self, bureau):
        bureau.go(4, 1)
        target = next(t for t in existing() if t.station.code == "sc01")
        enter(bureau, entry_of(target, station_code="sc02", town="松岚"))

        now = Target.objects.select_related("station").get(pk=target.pk)
        assert ledger.place_on(now, dt.date(YEAR, 3, 31))[0] == str(target.station)
        assert ledger.place_on(now, dt.date(YEAR, 4, 1))[0] == "云栖市场监管所".replace("云栖", "松岚")
        assert {line[0] for line in lines(target)} >= {"station"}

    def test_every_field_goes_in_and_comes_out_as_given(self, bureau):
        enter(
            bureau,
            TargetEntry(
                draw_code="NEU-1",
                name="新户",
                kind="place",
                food_grade="D",
                food_graded_on=dt.date(YEAR, 1, 2),
                risk_index=Decimal("61.25"),
                risk_index_on=dt.date(YEAR, 1, 3),
                risk_index_source="省平台",
            ),
        )
        held = Target.objects.get(draw_code="NEU-1")
        assert (held.food_grade, held.food_graded_on) == ("D", dt.date(YEAR, 1, 2))
        assert (held.risk_index, held.risk_index_on, held.risk_index_source) == (
            Decimal("61.25"),
            dt.date(YEAR, 1, 3),
            "省平台",
        )
        assert not TargetChange.objects.filter(target=held).exists()
