"""The item list and the two directories are kept by the office, whole files at a time (一单两库; N20)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from fairdraw.audit import selectors as audit
from fairdraw.demo import world
from fairdraw.draws import selectors as draws
from fairdraw.draws.models import DrawnTeam
from fairdraw.exchange import services as exchange
from fairdraw.kernel.errors import InvalidInput, NotFound, NotPermitted
from fairdraw.registers import selectors, services
from fairdraw.registers.entries import ItemEntry, TargetEntry
from fairdraw.registers.models import CreditClass, Inspector, ItemVersion, Target
from tests.builders.bureau import STAFF, YEAR, existing


def item(code="XX01", **more):
    values = {"code": code, "name": "新事项检查", "legal_basis": "某法", "confirmed": True}
    values |= {"item_class": "general", "ratio_limit": Decimal("0.2")}
    return ItemEntry(**(values | more))


def entry_of(target, **more):
    """The entry that would enter *target* as it stands."""
    fields = {f.name for f in dataclasses.fields(TargetEntry)} - {"station_code", "tags", "licence", "said"}
    values = {name: getattr(target, name) for name in fields}
    values |= {
        "station_code": target.station.code,
        "tags": tuple(t for t in target.tags.split(",") if t),
    }
    return TargetEntry(**(values | more))


def import_targets(bureau, entries, actor=None):
    return services.import_targets(
        entries, source="名录.csv", actor=actor or bureau.cast.office, now=bureau.now
    )


def import_items(bureau, *entries, starts_on=dt.date(YEAR, 3, 2), actor=None):
    return services.import_items(
        entries, source="清单.csv", starts_on=starts_on, actor=actor or bureau.cast.office, now=bureau.now
    )


def receive(bureau, values, *, edition="2026-03", computed_on=dt.date(YEAR, 3, 1), actor=None):
    return services.receive_classes(
        values,
        edition=edition,
        computed_on=computed_on,
        source="省局推送",
        invented=False,
        actor=actor or bureau.cast.office,
        now=bureau.now,
    )


class TestWhoMay:
    """Duties."""

    def test_a_section_does_not_change_the_bureaus_registers(self, bureau):
        planner = bureau.actor("ggg-jh")
        tries = (
            lambda: import_items(bureau, item(), actor=planner),
            lambda: import_targets(bureau, [], actor=planner),
            lambda: receive(bureau, {}, actor=planner),
            lambda: services.import_inspectors([], source="x", actor=planner, now=bureau.now),
        )
        for attempt in tries:
            with pytest.raises(NotPermitted):
                attempt()

    def test_relations_and_absences_are_entered_by_the_inspectors_own_unit(self, bureau):
        inspector = Inspector.objects.get(code="Y0005")  # of ggg
        stranger = bureau.actor("zlg-jh")
        with pytest.raises(NotPermitted):
            services.declare_interest(
                inspector=inspector,
                target=existing()[0],
                reason="亲属",
                actor=stranger,
                now=bureau.now,
                on=bureau.today,
            )
        with pytest.raises(NotPermitted):
            services.enter_absence(
                inspector=inspector,
                starts_on=bureau.today,
                ends_on=bureau.today + dt.timedelta(5),
                reason="培训",
                actor=stranger,
                now=bureau.now,
            )


class TestItems:
    """Items have versions."""

    def test_a_changed_item_gets_a_new_version_and_the_same_one_none(self, bureau):
        assert import_items(bureau, item()).added == 1
        assert import_items(bureau, item()).same == 1
        count = import_items(bureau, item(content="改了内容"), starts_on=dt.date(YEAR, 6, 1))

        assert count.changed == 1
        versions = list(ItemVersion.objects.filter(item__code="XX01").order_by("version"))
        assert [(v.version, v.ends_on) for v in versions] == [(1, dt.date(YEAR, 6, 1)), (2, None)]
        assert selectors.plannable_item("XX01", on=dt.date(YEAR, 5, 31)) == versions[0]
        assert selectors.plannable_item("XX01", on=dt.date(YEAR, 6, 1)) == versions[1]

    def test_an_item_that_is_not_confirmed_cannot_be_planned(self, bureau):
        import_items(bureau, item(confirmed=False))

        assert selectors.plannable_item("XX01", on=bureau.today) is None


class TestTargets:
    """The target directory takes a file whole, or not at all."""

    def test_what_is_new_changed_and_the_same_is_counted_and_logged(self, bureau):
        first, second = existing()[:2]
        fresh = next(
            e
            for e in world.targets(seed="x", enterprises=900, individuals=0, classed_on=bureau.today)
            if not Target.objects.filter(draw_code=e.draw_code).exists()
        )
        fresh = dataclasses.replace(fresh, station_code="sc01")
        count = import_targets(bureau, [entry_of(first), entry_of(second, name="改名企业"), fresh])

        assert (count.added, count.changed, count.same) == (1, 1, 1)
        assert Target.objects.get(pk=second.pk).name == "改名企业"
        last = audit.entries().filter(kind="targets.imported").order_by("-seq").first()
        assert (last.body()["added"], last.body()["changed"]) == (1, 1)
        logged = [
            line.split(b"\t")[0] for row in last.rows.all() for line in bytes(row.document).splitlines()
        ]
        assert sorted(logged) == sorted([fresh.draw_code.encode(), second.draw_code.encode()])

    def test_one_wrong_row_keeps_the_whole_file_out(self, bureau):
        first, second = existing()[:2]
        before = Target.objects.get(pk=first.pk).name

        with pytest.raises(InvalidInput, match="sc99 不存在"):
            import_targets(bureau, [entry_of(first, name="改名"), entry_of(second, station_code="sc99")])
        assert Target.objects.get(pk=first.pk).name == before


class TestClasses:
    """Classes are received with their edition; the history is kept."""

    def test_each_change_is_kept_and_unknown_codes_are_passed_over(self, bureau):
        target = existing(credit_class="A")[0]
        same = existing(credit_class="B")[0]
        received = receive(bureau, {target.draw_code: "C", same.draw_code: "B", "91000000000000000X": "D"})

        assert received == 2
        assert list(CreditClass.objects.values_list("target", "value", "edition")) == [
            (target.pk, "C", "2026-03")
        ]
        dates = {t.credit_computed_on for t in Target.objects.filter(pk__in=[target.pk, same.pk])}
        assert dates == {dt.date(YEAR, 3, 1)}

        receive(bureau, {target.draw_code: "D"}, edition="2026-04", computed_on=dt.date(YEAR, 4, 1))
        assert list(CreditClass.objects.filter(target=target).values_list("value", flat=True)) == ["C", "D"]


class TestInspectors:
    """Who may be sent."""

    def entries(self, **more):
        rows = world.inspectors(seed="xiaoju", units=STAFF, year=YEAR)
        return [dataclasses.replace(r, **more) if r.code == "Y0001" else r for r in rows]

    def enter(self, bureau, entries):
        return services.import_inspectors(
            entries, source="人员.csv", actor=bureau.cast.office, now=bureau.now
        )

    def test_a_directory_is_compared_row_by_row(self, bureau):
        count = self.enter(bureau, self.entries(qualifications=("lawyer",)))

        assert (count.added, count.changed) == (0, 1)
        assert Inspector.objects.get(code="Y0001").qualifications == "lawyer"

    def test_an_unknown_unit_keeps_the_whole_file_out(self, bureau):
        with pytest.raises(InvalidInput, match="单位代码 nnn 不存在"):
            self.enter(bureau, self.entries(agency_code="nnn", name="不该存入"))
        assert not Inspector.objects.filter(name="不该存入").exists()

    @pytest.mark.parametrize(
        "unfit",
        [
            {"trained": False},
            {"assistant": True},
            {"expert": True},
            {"valid_to": dt.date(YEAR, 5, 1)},
        ],
    )
    def test_the_unqualified_are_never_in_the_draw(self, bureau, unfit):
        self.enter(bureau, self.entries(**unfit))
        draw = bureau.prepare(bureau.approved())

        codes = {line.split("\t")[0] for line in draws.content(draw, "officers.tsv").decode().splitlines()}
        assert "Y0001" not in codes
        assert "Y0002" in codes

    def test_who_is_away_is_not_drawn_and_who_is_related_is_not_sent_there(self, bureau):
        away, related = Inspector.objects.get(code="Y0001"), Inspector.objects.get(code="Y0002")
        office = bureau.cast.office
        services.enter_absence(
            inspector=away,
            starts_on=dt.date(YEAR, 3, 1),
            ends_on=dt.date(YEAR, 3, 31),
            reason="培训",
            actor=office,
            now=bureau.now,
        )
        for target in existing():
            services.declare_interest(
                inspector=related,
                target=target,
                reason="曾任职",
                actor=office,
                now=bureau.now,
                on=bureau.today,
            )
        draw = bureau.draw(bureau.approved(count=30))

        assert not DrawnTeam.objects.filter(draw=draw, inspector__in=[away, related]).exists()
        assert DrawnTeam.objects.filter(draw=draw).count() == 60


class TestConfirming:
    """An item that waits can be planned once the office has confirmed it (rules.md B1-B3)."""

    STATED = {"item_class": "general", "legal_basis": "广告法第四十九条", "ratio_limit": Decimal("0.2")}

    def confirm(self, bureau, code="XX01", actor=None, **more):
        return services.confirm_item(
            code=code, actor=actor or bureau.cast.office, now=bureau.now, **(self.STATED | more)
        )

    def test_a_confirmed_item_can_be_planned_and_the_log_says_so(self, bureau):
        import_items(bureau, item(confirmed=False, legal_basis=""))
        assert [v.item.code for v in selectors.pending_items()] == ["XX01"]
        assert selectors.plannable_item("XX01", on=bureau.today) is None

        self.confirm(bureau)
        assert selectors.plannable_item("XX01", on=bureau.today).legal_basis == "广告法第四十九条"
        assert audit.entries().filter(kind="item.confirmed").get().body() == {"item": "XX01", "version": 1}
        assert not selectors.pending_items().exists()

    def test_the_same_file_again_leaves_it_confirmed_another_content_does_not(self, bureau):
        import_items(bureau, item(confirmed=False, legal_basis=""))
        self.confirm(bureau)

        assert import_items(bureau, item(confirmed=False, legal_basis="")).same == 1
        assert selectors.plannable_item("XX01", on=bureau.today) is not None
        changed = item(confirmed=False, legal_basis="", content="另一内容")
        assert import_items(bureau, changed).changed == 1
        assert selectors.plannable_item("XX01", on=bureau.today) is None

    @pytest.mark.parametrize(
        ("stated", "words"),
        [
            ({"item_class": ""}, "事项类型"),
            ({"legal_basis": " "}, "抽查依据"),
            ({"ratio_limit": None}, "比例上限"),
            ({"ratio_limit": Decimal("1.5")}, "至多100%"),
        ],
    )
    def test_kind_basis_and_limit_are_stated_first(self, bureau, stated, words):
        import_items(bureau, item(confirmed=False))

        with pytest.raises(services.ItemRefused, match=words):
            self.confirm(bureau, **stated)

    def test_a_key_item_needs_no_limit(self, bureau):
        import_items(bureau, item(confirmed=False))

        assert self.confirm(bureau, item_class="key", ratio_limit=None).published

    def test_only_the_office_confirms_and_only_what_waits(self, bureau):
        import_items(bureau, item(confirmed=False))
        with pytest.raises(NotPermitted):
            self.confirm(bureau, actor=bureau.actor("ggg-jh"))
        self.confirm(bureau)

        with pytest.raises(services.ItemRefused, match="不在待核状态"):
            self.confirm(bureau)
        with pytest.raises(NotFound):
            self.confirm(bureau, code="YY99")

    def test_an_item_list_says_how_many_of_its_items_wait(self, tmp_path):
        path = tmp_path / "清单.csv"
        path.write_text(
            "编号,抽查事项,事项类型,抽查依据,比例上限\nA1,广告检查,一般,广告法,20%\nA2,价格检查,一般,价格法,\n",
            encoding="utf-8",
        )
        told = exchange.Told()
        entries = exchange.read_items(path, confirm=False, told=told)

        assert [e.confirmed for e in entries] == [True, False]
        assert any(c.message.startswith("1项") and "确认后" in c.message for c in told.cautions)
