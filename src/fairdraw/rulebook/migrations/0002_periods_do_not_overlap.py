"""
Refuse two rows of one code and scope whose periods overlap, on both databases.

A database check, because two offices may enter a rule at the same moment. Reversible.
"""

from typing import Any

from django.db import migrations

TABLES = [
    "rulebook_number",
    "rulebook_deadlinerule",
    "rulebook_resultcoderule",
    "rulebook_measurerule",
    "rulebook_exclusionrule",
    "rulebook_exemptfieldrule",
    "rulebook_classraterule",
]
SQLITE = """
CREATE TRIGGER {table}_periods_do_not_overlap_{verb} BEFORE {event} ON {table}
WHEN EXISTS (
    SELECT 1 FROM {table} AS other
    WHERE other.code = NEW.code AND other.scope = NEW.scope {except_itself}
      AND other.starts_on < COALESCE(NEW.ends_on, '9999-12-31')
      AND NEW.starts_on < COALESCE(other.ends_on, '9999-12-31')
)
BEGIN SELECT RAISE(ABORT, '{table}_periods_do_not_overlap'); END
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION rulebook_periods_do_not_overlap() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE clash boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('rulebook_periods'));
    EXECUTE format(
        'SELECT EXISTS (SELECT 1 FROM %I AS other WHERE other.code = $1 AND other.scope = $2 '
        'AND other.id <> $3 AND other.starts_on < COALESCE($5, date ''9999-12-31'') '
        'AND $4 < COALESCE(other.ends_on, date ''9999-12-31''))', TG_TABLE_NAME)
        INTO clash USING NEW.code, NEW.scope, NEW.id, NEW.starts_on, NEW.ends_on;
    IF clash THEN
        RAISE EXCEPTION '%_periods_do_not_overlap', TG_TABLE_NAME USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END $body$
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER {table}_periods_do_not_overlap
BEFORE INSERT OR UPDATE OF code, scope, starts_on, ends_on ON {table}
FOR EACH ROW EXECUTE FUNCTION rulebook_periods_do_not_overlap()
"""


def make(apps: Any, schema_editor: Any) -> None:
    """Create the triggers."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_FUNCTION, params=None)
        for table in TABLES:
            schema_editor.execute(POSTGRES_TRIGGER.format(table=table), params=None)
        return
    for table in TABLES:
        for verb, event, itself in [
            ("insert", "INSERT", ""),
            ("update", "UPDATE OF code, scope, starts_on, ends_on", "AND other.id <> NEW.id"),
        ]:
            sql = SQLITE.format(table=table, verb=verb, event=event, except_itself=itself)
            schema_editor.execute(sql, params=None)


def drop(apps: Any, schema_editor: Any) -> None:
    """Remove the triggers."""
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER {table}_periods_do_not_overlap ON {table}", params=None)
        schema_editor.execute("DROP FUNCTION rulebook_periods_do_not_overlap()", params=None)
        return
    for table in TABLES:
        for verb in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER {table}_periods_do_not_overlap_{verb}", params=None)


class Migration(migrations.Migration):
    """Triggers on every table of dated rows."""

    dependencies = [("rulebook", "0001_rows_of_regulation")]
    operations = [migrations.RunPython(make, drop)]
