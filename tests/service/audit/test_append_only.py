"""The database itself refuses to change the log, whatever statement is sent (vdraw/1 §13)."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from fairdraw.audit import guards, services
from fairdraw.audit.verify import verify_log
from tests.service.audit import kinds

pytestmark = pytest.mark.django_db

TABLES = ("audit_logentry", "audit_logrow", "audit_lognode", "audit_checkpoint")
COLUMNS = "(seq, at, kind, actor, about, prev, leaf, row_count, document)"
FILLER = "'2024-11-20 00:00:00+00:00', 'probe.noted', 'u:7', ''"
EMPTY = {"sqlite": "x''", "postgresql": "'\\x'::bytea"}
NEW_LEAF = "f" * 64


def insert(
    seq: int | str, prev: str, leaf: str = NEW_LEAF, *, verb: str = "INSERT INTO", after: str = ""
) -> str:
    empty = EMPTY[connection.vendor]
    return f"{verb} audit_logentry {COLUMNS} VALUES ({seq}, {FILLER}, '{prev}', '{leaf}', 0, {empty}) {after}"


def contents() -> dict[str, list[tuple[object, ...]]]:
    held = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            held[table] = [
                tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()
            ]
    return held


def refused(statement: str) -> None:
    before = contents()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert contents() == before


@pytest.fixture
def leaves(settings, tmp_path) -> list[str]:
    """A log of 258 notes, a batch and a checkpoint; the leaves."""
    settings.SHARE_KEY_FILE = tmp_path / "share.key"
    kinds.many(258)
    kinds.imported([b"one", b"two"])
    services.checkpoint(kinds.NOW, origin="probe.example/log")
    with connection.cursor() as cursor:
        cursor.execute("SELECT leaf FROM audit_logentry ORDER BY seq")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_updated_or_deleted(leaves, table):
    column = {"audit_logentry": "kind", "audit_checkpoint": "text", "audit_lognode": "hash"}.get(
        table, "document"
    )
    refused(f"UPDATE {table} SET {column} = {column}")
    refused(f"DELETE FROM {table}")


@pytest.mark.only_postgresql
@pytest.mark.parametrize("table", TABLES)
def test_no_table_is_truncated_and_replica_mode_lifts_nothing(leaves, table):
    refused(f"TRUNCATE {table} CASCADE")
    refused(f"SET LOCAL session_replication_role = replica; DELETE FROM {table}")


def test_only_the_next_entry_is_taken(leaves):
    last = leaves[-1]
    refused(insert(0, "0" * 64))  # a place that is taken
    refused(insert(258, last))
    refused(insert(260, last))  # a gap
    refused(insert(259, leaves[-2]))  # not after the last one
    refused(insert(259, last, leaves[3]))  # a leaf that is there already
    refused(insert("NULL", last))
    with connection.cursor() as cursor:
        cursor.execute(insert(259, last))


def test_an_existing_entry_is_not_overwritten_on_conflict(leaves):
    for seq in (0, 5, 258):
        refused(insert(seq, leaves[-1], after="ON CONFLICT (seq) DO UPDATE SET kind = 'probe.changed'"))
        refused(insert(seq, leaves[-1], after="ON CONFLICT DO NOTHING"))
    refused(
        insert(259, leaves[-1], leaves[3], after="ON CONFLICT (leaf) DO UPDATE SET kind = 'probe.changed'")
    )


@pytest.mark.only_sqlite
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_replace_removes_nothing_even_without_recursive_triggers(leaves, recursive):
    last = leaves[-1]
    empty = EMPTY["sqlite"]
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers={recursive}")
    try:
        for verb in ("INSERT OR REPLACE INTO", "REPLACE INTO", "INSERT OR IGNORE INTO"):
            refused(insert(0, "0" * 64, verb=verb))
            refused(insert(5, last, verb=verb))
            refused(insert(259, last, leaves[3], verb=verb))
            refused(f'{verb} audit_logrow (id, entry_id, "index", document) VALUES (1, 258, 2, {empty})')
            refused(f"{verb} audit_lognode (id, tier, \"index\", hash) VALUES (1, 1, 1, 'x')")
            refused(
                f"{verb} audit_checkpoint (id, origin, size, root, text, made_at) "
                "VALUES (1, 'probe.example/log', 259, 'x', 'x', '2024-11-20')"
            )
        refused(
            f"REPLACE INTO audit_logentry (rowid, {COLUMNS[1:]} "
            f"VALUES (3, 259, {FILLER}, '{last}', '{NEW_LEAF}', 0, {empty})"
        )
        refused("UPDATE OR REPLACE audit_logentry SET seq = 1 WHERE seq = 0")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers=ON")


def test_rows_belong_to_the_entry_just_written_and_are_as_many_as_it_says(leaves):
    empty = EMPTY[connection.vendor]
    into = 'INSERT INTO audit_logrow (entry_id, "index", document) VALUES '
    refused(f"{into} (258, 2, {empty})")
    refused(f"{into} (258, 0, {empty})")
    refused(f"{into} (0, 0, {empty})")
    refused(f"{into} (999, 0, {empty})")


def test_a_checkpoint_never_states_less_than_an_earlier_one_or_more_than_there_is(leaves):
    into = "INSERT INTO audit_checkpoint (origin, size, root, text, made_at) VALUES "
    refused(f"{into} ('other.example/log', 258, 'x', 'x', '2024-11-20 00:00:00+00:00')")
    refused(f"{into} ('other.example/log', 260, 'x', 'x', '2024-11-20 00:00:00+00:00')")
    refused(f"{into} ('probe.example/log', 259, 'x', 'x', '2024-11-20 00:00:00+00:00')")


def test_a_missing_guard_is_noticed_at_start_up():
    assert guards.missing() == []

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_logentry_takes_only_the_next")
            cursor.execute("PRAGMA recursive_triggers=OFF")
            expected = ["audit_logentry_takes_only_the_next", "recursive_triggers"]
        else:
            cursor.execute("ALTER TABLE audit_logentry DISABLE TRIGGER audit_logentry_takes_only_the_next")
            expected = ["audit_logentry_takes_only_the_next"]
        missing = guards.missing()
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA recursive_triggers=ON")

    assert missing == expected


def test_what_was_refused_left_the_log_whole(leaves):
    refused("DELETE FROM audit_logrow")

    assert verify_log() == []
