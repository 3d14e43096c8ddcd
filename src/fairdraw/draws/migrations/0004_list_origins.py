"""The origin of a received list stands beside it, and stays as it was entered (N14)."""

# ruff: noqa: S608 -- constants of this file, nothing from outside
import django.db.models.deletion
from django.db import migrations, models

TABLE = "draws_listorigin"
VERBS = (("UPDATE", "list_origin_is_final"), ("DELETE", "list_origin_stays"))


def install(apps, schema_editor):
    """SQLite and PostgreSQL refuse the same statements."""
    for verb, name in VERBS:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {TABLE} "
                "BEGIN SELECT RAISE(ABORT, 'the origin of a list never changes'); END"
            )
            continue
        schema_editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'the origin of a list never changes' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
        schema_editor.execute(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {name}")


def remove(apps, schema_editor):
    """Take the triggers away."""
    for _verb, name in VERBS:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {name}")
        else:
            schema_editor.execute(f"DROP FUNCTION {name}() CASCADE")


class Migration(migrations.Migration):
    dependencies = [
        ("draws", "0003_received_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListOrigin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("division", models.CharField(blank=True, max_length=100, verbose_name="派发处室")),
                ("document_title", models.CharField(blank=True, max_length=200, verbose_name="文件名称")),
                ("received_by", models.CharField(max_length=20)),
                ("received_name", models.CharField(blank=True, max_length=40, verbose_name="接收人")),
                ("file_name", models.CharField(blank=True, max_length=255)),
                ("matched", models.JSONField(default=dict)),
                ("chosen", models.JSONField(default=list)),
                (
                    "drawn_list",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="origin",
                        to="draws.drawnlist",
                    ),
                ),
            ],
        ),
        migrations.RunPython(install, remove),
    ]
