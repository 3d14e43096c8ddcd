"""
Lists drawn elsewhere (N14, N18): their rows, and triggers that keep them as they were received.

SQLite and PostgreSQL refuse the same statements, as in 0002.
"""

# ruff: noqa: S608 -- constants of this file, nothing from outside
import django.db.models.deletion
from django.db import migrations, models

FIXED = ("id", "task_id", "source", "drawn_by", "document_number", "drawn_on", "received_id", "created_at")
KEYS = {
    "draws_receivedrow": (("id",), ("drawn_list_id", "target_id"), ("drawn_list_id", "row")),
    "draws_returnedrow": (("id",),),
}


def _held(table, columns):
    same = " AND ".join(f'x."{column}" = NEW."{column}"' for column in columns)
    return f"EXISTS (SELECT 1 FROM {table} x WHERE {same})"


def rules(distinct):
    """(table, name, verb, condition on which the statement is refused, message)."""
    drawn = "draws_drawnlist"
    changed = " OR ".join(f"NEW.{column} {distinct} OLD.{column}" for column in FIXED)
    taken = f"(OLD.draw_id IS NOT NULL AND NEW.draw_id {distinct} OLD.draw_id)"
    second = (
        f"EXISTS (SELECT 1 FROM {drawn} x WHERE x.task_id = NEW.task_id "
        "AND (x.source = 'own') = (NEW.source = 'own'))"
    )
    yield (
        drawn,
        "drawn_list_is_final",
        "UPDATE",
        f"{changed} OR {taken}",
        "a list of drawn targets never changes",
    )
    yield drawn, "drawn_list_stays", "DELETE", "1 = 1", "a list of drawn targets is never deleted"
    yield drawn, "drawn_list_is_new", "INSERT", f"{second} OR {_held(drawn, ('id',))}", "the task has a list"
    for table, word in (("draws_receivedrow", "received"), ("draws_returnedrow", "returned")):
        there = " OR ".join(_held(table, key) for key in KEYS[table])
        yield table, f"{word}_row_is_final", "UPDATE", "1 = 1", f"a {word} row never changes"
        yield table, f"{word}_row_stays", "DELETE", "1 = 1", f"a {word} row is never deleted"
        yield table, f"{word}_row_is_new", "INSERT", there, "that row is there"


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
    for table in KEYS:
        yield (
            f"CREATE TRIGGER {table}_is_never_truncated BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION never_truncated()"
        )
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_never_truncated"


def _drop(vendor):
    for table, name, *_rest in rules("IS NOT"):
        yield f"DROP TRIGGER {name}" if vendor == "sqlite" else f"DROP TRIGGER {name} ON {table}"
        if vendor == "postgresql":
            yield f"DROP FUNCTION {name}()"
    if vendor == "postgresql":
        for table in KEYS:
            yield f"DROP TRIGGER {table}_is_never_truncated ON {table}"


def install(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in _sqlite() if vendor == "sqlite" else _postgresql():
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in _drop(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("draws", "0002_one_draw_rule"), ("registers", "0001_registers")]
    operations = [
        migrations.AddConstraint(
            model_name="drawnlist",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source", "own"), _negated=True),
                fields=("task",),
                name="a_task_has_one_received_list",
            ),
        ),
        migrations.CreateModel(
            name="ReceivedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField()),
                (
                    "drawn_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received_rows",
                        to="draws.drawnlist",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registers.target",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("drawn_list", "target"), name="a_target_is_received_once"
                    ),
                    models.UniqueConstraint(fields=("drawn_list", "row"), name="a_row_names_one_target"),
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
