"""Nothing is run on a database that would let a task be drawn twice (vdraw/1 §13: a start-up check tries it)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from fairdraw.accounts import services as accounts
from fairdraw.draws import guards
from fairdraw.draws.models import Draw
from fairdraw.kernel.actor import SYSTEM
from tests.builders.county import NOW, County
from tests.service.draws.hands import REFUSED, Hand
from tests.service.draws.walking import Walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def statements(bare_ground: None) -> Iterator[list[str]]:
    """How to take each trigger of the draws away."""
    if connection.vendor == "sqlite":
        query = "SELECT 'DROP TRIGGER ' || name, name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT format('DROP TRIGGER %I ON %I', t.tgname, c.relname), t.tgname FROM pg_trigger t "
            "JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
        )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = [row[0] for row in cursor.fetchall() if row[1] in guards.wanted(connection.vendor)]
    return sorted(found)


def test_a_migrated_database_lacks_nothing(bare_ground: None):
    assert guards.missing() == []
    call_command("check")


def test_each_lost_trigger_is_noticed_and_stops_every_command(statements: list[str]):
    assert len(statements) == len(guards.wanted(connection.vendor))
    for number, statement in enumerate(statements, start=1):
        with connection.cursor() as cursor:
            cursor.execute(statement)
        assert len(guards.missing()) == number

    with pytest.raises(SystemCheckError, match="一项任务只抽一次"):
        call_command("check")


@pytest.mark.parametrize("index", guards.LIVE)
def test_a_lost_index_is_noticed(bare_ground: None, index: str):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {index}")

    assert guards.missing() == [index]


@pytest.mark.only_postgresql
def test_a_switched_off_trigger_is_noticed(bare_ground: None):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE draw DISABLE TRIGGER draw_stays")
        cursor.execute("ALTER TABLE draw_part ENABLE TRIGGER part_stays")  # no longer ALWAYS

    assert guards.missing() == ["draw_stays", "part_stays"]


@pytest.mark.only_sqlite
def test_a_connection_on_which_replace_passes_delete_triggers_by_is_refused(bare_ground: None):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")

    assert guards.missing() == ["recursive_triggers"]
    with pytest.raises(SystemCheckError, match="recursive_triggers"):
        call_command("check")


def test_before_the_migrations_the_check_has_nothing_to_say(bare_ground: None):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("ALTER TABLE draw_part RENAME TO put_aside")

    call_command("check")


def _begin(org: str, hand: Hand) -> None:
    fresh = dict.fromkeys(hand.columns("draw"), "") | {
        "id": f"id of {org}",
        "org": org,
        "number": "2026-001",
        "attempt": 1,
        "state": "draft",
        "agency_id": 1,
        "year": 2026,
        "level": 1,
        "register_seq": 0,
        "prepared_at": "2026-09-14 10:00:00+00",
    }
    unset = ("seal", "seed_hash", "result_root")
    fresh |= {name: None for name in fresh if name in unset or name.endswith(("_at", "_by"))}
    fresh |= {"prepared_at": "2026-09-14 10:00:00+00", "ended_by": ""}
    hand.insert("draw", fresh)


@pytest.mark.parametrize("kind", ["careful", "bare"])
def test_a_live_installation_draws_under_its_own_org_and_never_rehearses(bare_ground: None, kind: str):
    hand = Hand(kind)
    with pytest.raises(REFUSED):
        _begin("350524-scj", hand)  # installed nowhere yet
    accounts.install(
        org="350524-scj",
        name="安溪县市场监督管理局",
        region_name="安溪县",
        division_code="350524",
        rehearsal=False,
        mark="",
        practice_at=None,
        actor=SYSTEM,
        now=NOW,
    )
    accounts.create_agency(
        code="scj", name="局", kind="bureau", parent=None, opens_on=NOW.date(), actor=SYSTEM, now=NOW
    )

    for org in ("rehearsal-350524", "Rehearsal-350524", "350525-scj"):
        with pytest.raises(REFUSED):
            _begin(org, hand)
    _begin("350524-scj", hand)
    hand.close()


def test_the_services_draw_under_no_other_org_either(ground: County):
    walk = Walk(ground, ("more-0",))
    ground.year.org, own = "350524-scj", ground.year.org
    try:
        with pytest.raises(Exception, match="不是本安装的代码"):
            walk.prepare()
    finally:
        ground.year.org = own
    assert not Draw.objects.filter(number=walk.number).exists()
