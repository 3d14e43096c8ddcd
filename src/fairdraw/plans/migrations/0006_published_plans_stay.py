"""
A published plan never changes (rules.md E4): triggers keep its rows, what each version of a row says, its editions.

SQLite and PostgreSQL refuse the same statements. What stays open: holding a row (暂缓), and filling a number and a day
back where none stood (回填文号). A later migration that rebuilds one of these tables on SQLite has to run ``install`` again.
"""

# ruff: noqa: S608 -- constants of this file, nothing from outside
from django.db import migrations

SAID = (
    "row_id",
    "version",
    "task_name",
    "check_type",
    "items",
    "object_scope",
    "initiator",
    "participants",
    "ratio_min",
    "ratio_max",
    "ratio_by_class",
    "ratio_by_kind",
    "count_min",
    "count_max",
    "count_by_class",
    "classes_excluded",
    "window_start",
    "window_end",
    "dropped",
    "reason",
)
ROW = ("plan_id", "number", "source_no", "upstream", "local_reason")
EDITION = ("plan_id", "version", "reason", "rows", "drafted_by", "approved_by", "published_at")
PUBLIC = "p.state IN ('published', 'closed')"


def rules(distinct):
    """(table, name, verb, condition on which the statement is refused, message)."""

    def changed(columns):
        return "(" + " OR ".join(f'NEW."{c}" {distinct} OLD."{c}"' for c in columns) + ")"

    row_is_public = f"EXISTS (SELECT 1 FROM plans_annualplan p WHERE p.id = OLD.plan_id AND {PUBLIC})"
    version_is_public = (
        "EXISTS (SELECT 1 FROM plans_planrow r JOIN plans_annualplan p ON p.id = r.plan_id "
        f"WHERE r.id = OLD.row_id AND {PUBLIC})"
    )
    filled = (
        "(OLD.document_number <> '' AND NEW.document_number <> OLD.document_number) "
        f"OR (OLD.issued_on IS NOT NULL AND NEW.issued_on {distinct} OLD.issued_on)"
    )
    said = "a published plan never changes"
    yield "plans_planrow", "plan_row_is_public", "UPDATE", f"{row_is_public} AND {changed(ROW)}", said
    yield "plans_planrow", "plan_row_stays", "DELETE", row_is_public, said
    version = f"{version_is_public} AND {changed(SAID)}"
    yield "plans_planrowversion", "plan_row_version_is_public", "UPDATE", version, said
    yield "plans_planrowversion", "plan_row_version_stays", "DELETE", version_is_public, said
    yield "plans_planedition", "plan_edition_is_final", "UPDATE", f"{changed(EDITION)} OR {filled}", said
    yield "plans_planedition", "plan_edition_stays", "DELETE", "1 = 1", said


def _sqlite():
    for table, name, verb, condition, message in rules("IS NOT"):
        yield (
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )


def _postgresql():
    for table, name, verb, condition, message in rules("IS DISTINCT FROM"):
        row = "OLD" if verb == "DELETE" else "NEW"
        yield (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {row}; END $$"
        )
        yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"


def install(apps, schema_editor):
    """Make the triggers."""
    for statement in _sqlite() if schema_editor.connection.vendor == "sqlite" else _postgresql():
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    """Take the triggers away."""
    for _table, name, *_rest in rules("IS NOT"):
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)
        else:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE", params=None)


class Migration(migrations.Migration):
    dependencies = [("plans", "0005_plan_life")]
    operations = [migrations.RunPython(install, remove)]
