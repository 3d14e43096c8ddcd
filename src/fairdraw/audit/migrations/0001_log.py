"""The tables of the log: entries, rows of batches, kept tree nodes, checkpoints."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("origin", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("text", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("origin", "size"), name="checkpoint_states_a_size_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=64)),
                ("actor", models.CharField(max_length=64)),
                ("about", models.CharField(blank=True, max_length=128)),
                ("prev", models.CharField(max_length=64)),
                ("leaf", models.CharField(max_length=64, unique=True)),
                ("row_count", models.PositiveIntegerField(default=0)),
                ("document", models.BinaryField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["about", "seq"], name="log_entry_about"),
                    models.Index(fields=["kind", "seq"], name="log_entry_kind"),
                    models.Index(fields=["actor", "seq"], name="log_entry_actor"),
                    models.Index(fields=["at"], name="log_entry_at"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("seq__gte", 0)), name="log_entry_seq_starts_at_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("prev", models.F("leaf")), _negated=True),
                        name="log_entry_does_not_follow_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogNode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tier", models.PositiveSmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tier", "index"), name="log_node_has_one_place"),
                    models.CheckConstraint(
                        condition=models.Q(("tier__gte", 1)), name="log_node_stands_above_leaves"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("index", models.PositiveIntegerField()),
                ("document", models.BinaryField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="audit.logentry"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "index"), name="log_row_has_one_place")
                ],
            },
        ),
    ]
