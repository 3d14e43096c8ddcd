"""Events of the tests' own, and entries made from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import connection, transaction

from fairdraw.audit import events, rules, services
from fairdraw.audit.models import LogEntry
from fairdraw.audit.tree import complete
from fairdraw.kernel.actor import Actor

NOW = dt.datetime(2024, 11, 20, 1, 30, tzinfo=dt.UTC)
OFFICER = Actor(code="u:7", name="王科长")

events.declare("probe.noted", keys={"probe", "n"}, sentence="记下 {probe} 的第 {n} 项")
events.declare("probe.imported", keys={"source", "rows", "root"}, sentence="导入 {rows} 行")


def note(n: int, *, probe: str = "a", at: dt.datetime = NOW, actor: Actor = OFFICER) -> LogEntry:
    """Append one entry in a transaction of its own."""
    with transaction.atomic():
        return services.record("probe.noted", actor=actor, at=at, body={"probe": probe, "n": n})


def imported(rows: list[bytes]) -> LogEntry:
    """Append one batch."""
    with transaction.atomic():
        return services.record_batch(
            "probe.imported", actor=OFFICER, at=NOW, body={"source": "x.csv"}, rows=rows
        )


def many(count: int) -> None:
    """Append *count* entries in few statements."""
    seconds = rules.unix(NOW)
    last = LogEntry.objects.order_by("-seq").first()
    seq, prev = (0, rules.FIRST_PREV) if last is None else (last.seq + 1, last.leaf)

    def made() -> Iterator[LogEntry]:
        before = prev
        for n in range(seq, seq + count):
            document = rules.entry_bytes(
                seq=n, prev=before, at=seconds, kind="probe.noted", actor="u:7", body={"n": n, "probe": "a"}
            )
            entry = LogEntry(
                seq=n, at=NOW, kind="probe.noted", actor="u:7", about="probe:a", prev=before,
                leaf=rules.leaf(document), document=document,
            )  # fmt: skip
            before = entry.leaf
            yield entry

    with transaction.atomic():
        LogEntry.objects.bulk_create(made(), batch_size=50)
        for n in range(seq, seq + count):
            complete(n)


def tamper(*statements: str) -> None:
    """Do what only someone with the database's own password can: lift the guards, change, put them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _on_postgresql(cursor, statements)
        else:
            _on_sqlite(cursor, statements)


def _on_sqlite(cursor, statements) -> None:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'")
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        cursor.execute(statement)
    for _, sql in triggers:
        cursor.execute(sql)


def _on_postgresql(cursor, statements) -> None:
    tables = ("audit_logentry", "audit_logrow", "audit_lognode", "audit_checkpoint")
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in statements:
        cursor.execute(statement)
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
