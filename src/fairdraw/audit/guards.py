"""
Are the log's guards in place? Asked at start-up and by fsck.

Source: vdraw/1 §13: "let a start-up check try it".
"""

from __future__ import annotations

from django.db import connections

TABLES = ("audit_logentry", "audit_logrow", "audit_lognode", "audit_checkpoint")
TRIGGERS = {
    "sqlite": ("refuses_update", "refuses_delete", "takes_only_the_next"),
    "postgresql": ("refuses_change", "takes_only_the_next"),
}
PRESENT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'",
}


def missing(using: str = "default") -> list[str]:
    """
    What keeps the log append-only and is not there.

    Returns:
        Names of triggers, and ``recursive_triggers`` where a SQLite connection has it off; empty when
        all is well.
    """
    connection = connections[using]
    wanted = [f"{table}_{name}" for table in TABLES for name in TRIGGERS[connection.vendor]]
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor])
        present = {row[0] for row in cursor.fetchall()}
        absent = [name for name in wanted if name not in present]
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA recursive_triggers")
            if cursor.fetchone() != (1,):
                absent.append("recursive_triggers")
    return absent
