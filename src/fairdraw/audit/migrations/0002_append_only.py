"""
The database itself keeps the log append-only: no update, delete, truncate or replace, only the next entry.

On SQLite ``INSERT OR REPLACE`` removes the row in its way without firing that row's delete trigger unless
``recursive_triggers`` is on. So the insert triggers also look for every key that could be in the way, the
rowid included (NEW.rowid is -1 where none was given). On PostgreSQL the triggers are ENABLE ALWAYS, so that
``session_replication_role`` does not lift them.

A later migration that rebuilds one of these tables on SQLite loses its triggers and has to make them again;
``fairdraw.audit.guards.missing`` and its test notice.

Source: vdraw/1 §13.
"""

from django.db import migrations

TABLES = ("audit_logentry", "audit_logrow", "audit_lognode", "audit_checkpoint")

# For each table the reasons for which an insert is refused, over N = the new row.
REFUSED = {
    "audit_logentry": (
        "N.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM audit_logentry)",
        "N.prev <> coalesce((SELECT leaf FROM audit_logentry ORDER BY seq DESC LIMIT 1), '0000000000000000000000000000000000000000000000000000000000000000')",
        "EXISTS (SELECT 1 FROM audit_logentry WHERE leaf = N.leaf)",
    ),
    "audit_logrow": (
        "N.entry_id <> (SELECT coalesce(max(seq), -1) FROM audit_logentry)",
        'N."index" <> (SELECT coalesce(max("index") + 1, 0) FROM audit_logrow WHERE entry_id = N.entry_id)',
        'N."index" >= (SELECT row_count FROM audit_logentry WHERE seq = N.entry_id)',
        "EXISTS (SELECT 1 FROM audit_logrow WHERE id = N.id)",
    ),
    "audit_lognode": (
        'N."index" <> (SELECT coalesce(max("index") + 1, 0) FROM audit_lognode WHERE tier = N.tier)',
        "EXISTS (SELECT 1 FROM audit_lognode WHERE id = N.id)",
    ),
    "audit_checkpoint": (
        "N.size < (SELECT coalesce(max(size), 0) FROM audit_checkpoint)",
        "N.size > (SELECT coalesce(max(seq) + 1, 0) FROM audit_logentry)",
        "EXISTS (SELECT 1 FROM audit_checkpoint WHERE origin = N.origin AND size = N.size)",
        "EXISTS (SELECT 1 FROM audit_checkpoint WHERE id = N.id)",
    ),
}


def on_sqlite(table):
    """The statements that guard *table* on SQLite."""
    for verb in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    reasons = [*REFUSED[table], f"EXISTS (SELECT 1 FROM {table} WHERE rowid = N.rowid)"]  # noqa: S608
    wrong = " OR ".join(f"({reason})" for reason in reasons).replace("N.", "NEW.")
    yield (
        f"CREATE TRIGGER {table}_takes_only_the_next BEFORE INSERT ON {table} WHEN {wrong} "
        f"BEGIN SELECT RAISE(ABORT, '{table} takes only the next row'); END"
    )


def on_postgresql(table):
    """The statements that guard *table* on PostgreSQL."""
    refusal = "USING ERRCODE = 'integrity_constraint_violation'"
    wrong = " OR ".join(f"({reason})" for reason in REFUSED[table]).replace("N.", "NEW.")
    yield (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{table} is append-only' {refusal}; END $$"
    )
    yield (
        f"CREATE FUNCTION {table}_next() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {wrong} THEN RAISE EXCEPTION '{table} takes only the next row' {refusal}; END IF; "
        f"RETURN NEW; END $$"
    )
    yield (
        f"CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
    yield (
        f"CREATE TRIGGER {table}_takes_only_the_next BEFORE INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_next()"
    )
    for trigger in (f"{table}_refuses_change", f"{table}_takes_only_the_next"):
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"


def guard(apps, schema_editor):
    """Make the triggers."""
    statements = on_sqlite if schema_editor.connection.vendor == "sqlite" else on_postgresql
    for table in TABLES:
        for statement in statements(table):
            schema_editor.execute(statement)


def release(apps, schema_editor):
    """Take the triggers away again."""
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for name in ("refuses_update", "refuses_delete", "takes_only_the_next"):
                schema_editor.execute(f"DROP TRIGGER {table}_{name}")
        else:
            for name in ("refuse", "next"):
                schema_editor.execute(f"DROP FUNCTION {table}_{name}() CASCADE")


class Migration(migrations.Migration):
    """Triggers of the four tables of the log."""

    dependencies = [("audit", "0001_log")]

    operations = [migrations.RunPython(guard, release)]
