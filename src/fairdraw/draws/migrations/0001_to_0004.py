"""
Everything that 0001 to 0004 make, at once: a new installation starts in half of the time.

An installation that has some of them goes on step by step.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = tuple(
    import_module(f"{__package__}.{name}")
    for name in ("0002_one_draw_rule", "0003_received_lists", "0004_list_origins")
)


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("draws", "0001_draws"),
        ("draws", "0002_one_draw_rule"),
        ("draws", "0003_received_lists"),
        ("draws", "0004_list_origins"),
    ]

    dependencies = [
        ("accounts", "0001_to_0003"),
        ("files", "0001_stored_files"),
        ("plans", "0001_to_0006"),
        ("registers", "0001_to_0007"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draw",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("org", models.CharField(max_length=36)),
                ("number", models.CharField(max_length=20, verbose_name="抽取编号")),
                ("attempt", models.PositiveIntegerField(default=1)),
                ("prev", models.CharField(blank=True, default="", max_length=64)),
                ("state", models.CharField(default="draft", max_length=10)),
                ("seal", models.CharField(max_length=64, null=True, unique=True)),
                ("seed_hash", models.CharField(max_length=64, null=True, unique=True)),
                ("result_root", models.CharField(max_length=64, null=True)),
                (
                    "agency",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.agency"),
                ),
                ("year", models.PositiveIntegerField()),
                ("level", models.PositiveSmallIntegerField(default=1)),
                ("suite", models.CharField(default="sha256", max_length=8)),
                ("prf", models.CharField(default="keyhash", max_length=8)),
                ("approval_code", models.CharField(blank=True, max_length=16, verbose_name="审批核对码")),
                ("register_seq", models.BigIntegerField(default=0)),
                ("disclose_to", models.CharField(default="auditors", max_length=10)),
                ("disclose_when", models.CharField(default="task", max_length=6)),
                ("beacon_kind", models.CharField(blank=True, max_length=20)),
                ("beacon_round", models.CharField(blank=True, max_length=40)),
                ("beacon_value", models.CharField(blank=True, max_length=250)),
                ("prepared_at", models.DateTimeField()),
                ("sealed_at", models.DateTimeField(null=True)),
                ("commit_by", models.DateTimeField(null=True)),
                ("reveal_by", models.DateTimeField(null=True)),
                ("reveals_opened_at", models.DateTimeField(null=True)),
                ("reveals_closed_at", models.DateTimeField(null=True)),
                ("drawn_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=300)),
                ("ended_by", models.CharField(blank=True, max_length=20)),
                ("ended_second", models.CharField(blank=True, max_length=20)),
                ("disclosed_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "draw",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org", "number", "attempt"), name="draw_attempt_is_numbered_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["voided", "failed"]), _negated=True),
                        fields=("org", "number"),
                        name="draw_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("attempt__gte", 1)), name="draw_attempt_counts_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "sealed",
                                    "revealing",
                                    "waiting",
                                    "drawn",
                                    "disclosed",
                                    "voided",
                                    "failed",
                                ],
                            )
                        ),
                        name="draw_has_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seal__isnull", True), ("state", "draft")),
                            models.Q(models.Q(("state", "draft"), _negated=True), ("seal__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_a_draft_has_no_seal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("result_root__isnull", False),
                                ("seed_hash__isnull", False),
                                ("state__in", ["drawn", "disclosed"]),
                            ),
                            models.Q(
                                models.Q(("state__in", ["drawn", "disclosed"]), _negated=True),
                                models.Q(
                                    ("seed_hash__isnull", True),
                                    ("result_root__isnull", True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="only_a_finished_draw_has_a_result",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="DrawPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        db_column="draw",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="draws.draw",
                    ),
                ),
                ("org", models.CharField(max_length=36)),
                ("task", models.CharField(max_length=20)),
                ("part", models.CharField(max_length=200)),
                ("purpose", models.CharField(max_length=10)),
                ("live", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "db_table": "draw_part",
                "constraints": [
                    models.UniqueConstraint(fields=("draw", "task"), name="a_task_stands_once_in_a_draw"),
                    models.UniqueConstraint(
                        condition=models.Q(("live", 1)),
                        fields=("org", "task", "purpose"),
                        name="part_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["main", "inspectors", "recheck"])),
                        name="part_has_a_known_purpose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("live__in", [0, 1])), name="live_is_yes_or_no"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="DrawFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="draws.draw"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                (
                    "stored",
                    models.ForeignKey(
                        db_column="sha256", on_delete=django.db.models.deletion.PROTECT, to="files.storedfile"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("draw", "name"), name="a_draw_has_each_file_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="DrawSecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "draw",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="secret", to="draws.draw"
                    ),
                ),
                ("ciphertext", models.BinaryField()),
                (
                    "deposit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="files.storedfile"
                    ),
                ),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="DrawSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sources", to="draws.draw"
                    ),
                ),
                ("source", models.CharField(max_length=36)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.agency"),
                ),
                ("role", models.CharField(max_length=10)),
                ("commitment", models.CharField(blank=True, max_length=64)),
                (
                    "envelope",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="files.storedfile"
                    ),
                ),
                ("committed_at", models.DateTimeField(null=True)),
                ("salt", models.CharField(blank=True, max_length=32)),
                ("share", models.CharField(blank=True, max_length=128)),
                ("revealed_at", models.DateTimeField(null=True)),
                ("by_envelope", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("draw", "source"), name="a_source_stands_once_in_a_draw"),
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False)),
                        fields=("draw", "user"),
                        name="a_person_has_one_part",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="DrawnList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lists", to="plans.task"
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lists",
                        to="draws.draw",
                    ),
                ),
                ("source", models.CharField(max_length=12)),
                ("drawn_by", models.CharField(blank=True, max_length=100, verbose_name="抽取机关")),
                ("document_number", models.CharField(blank=True, max_length=60)),
                ("drawn_on", models.DateField(null=True)),
                (
                    "received",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="files.storedfile"
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("source", "own")),
                        fields=("task",),
                        name="a_task_has_one_list_of_its_own",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", "own"), _negated=True),
                        fields=("task",),
                        name="a_task_has_one_received_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["own", "provincial", "dispatched"])),
                        name="list_has_a_known_source",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ListOrigin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "drawn_list",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="origin",
                        to="draws.drawnlist",
                    ),
                ),
                ("division", models.CharField(blank=True, max_length=100, verbose_name="派发处室")),
                ("document_title", models.CharField(blank=True, max_length=200, verbose_name="文件名称")),
                ("received_by", models.CharField(max_length=20)),
                ("received_name", models.CharField(blank=True, max_length=40, verbose_name="接收人")),
                ("file_name", models.CharField(blank=True, max_length=255)),
                ("matched", models.JSONField(default=dict)),
                ("chosen", models.JSONField(default=list)),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
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
                (
                    "drawn_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received_rows",
                        to="draws.drawnlist",
                    ),
                ),
                ("row", models.PositiveIntegerField()),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registers.target"
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
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ReturnedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "drawn_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned",
                        to="draws.drawnlist",
                    ),
                ),
                ("row", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("code", models.CharField(blank=True, max_length=36)),
                ("reason", models.CharField(max_length=200)),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="DrawnRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "drawn_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="draws.drawnlist"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drawn_rows",
                        to="plans.task",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drawn_rows",
                        to="registers.target",
                    ),
                ),
                ("part", models.CharField(max_length=32)),
                ("stratum", models.CharField(max_length=32)),
                ("rank", models.PositiveIntegerField()),
                ("reserve", models.BooleanField(default=False)),
                ("prn", models.CharField(blank=True, max_length=16)),
                ("unit", models.CharField(blank=True, max_length=32)),
                ("kind_as_sealed", models.CharField(max_length=24)),
                ("class_as_sealed", models.CharField(blank=True, max_length=1)),
                ("probability_num", models.PositiveIntegerField(null=True)),
                ("probability_den", models.PositiveIntegerField(null=True)),
                (
                    "replaced_by",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="draws.drawnrow"
                    ),
                ),
                ("replaced_reason", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("drawn_list", "part", "target"), name="a_target_is_drawn_once_in_a_part"
                    ),
                    models.UniqueConstraint(
                        fields=("drawn_list", "part", "stratum", "rank"), name="a_rank_is_given_once"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="DrawnTeam",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="teams", to="draws.draw"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="registers.target"),
                ),
                ("slot", models.CharField(max_length=32)),
                (
                    "inspector",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="registers.inspector"),
                ),
                ("prn", models.CharField(max_length=16)),
                ("bundle", models.PositiveIntegerField(null=True)),
                ("team", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("draw", "target", "slot"), name="a_slot_has_one_inspector"
                    )
                ],
                "indexes": [],
            },
        ),
        *(migrations.RunPython(guard.install, guard.remove) for guard in GUARDS),
    ]
