"""
Everything that 0001 to 0002 make, at once: a new installation starts in half of the time.

An installation that has some of them goes on step by step.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("inspections", "0001_inspections"),
        ("inspections", "0002_helpers"),
    ]

    dependencies = [
        ("accounts", "0001_to_0003"),
        ("draws", "0001_to_0004"),
        ("files", "0001_stored_files"),
        ("plans", "0001_to_0006"),
        ("registers", "0001_to_0007"),
    ]

    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="通知书文号")),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="registers.target",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="accounts.agency",
                    ),
                ),
                ("year", models.PositiveIntegerField()),
                ("planned_on", models.DateField(null=True)),
                ("visited_on", models.DateField(null=True)),
                ("notified_at", models.DateTimeField(null=True)),
                ("team", models.CharField(blank=True, max_length=40)),
                ("bundle", models.CharField(blank=True, max_length=60)),
                ("check_code", models.CharField(blank=True, max_length=16)),
                ("method", models.CharField(default="on_site", max_length=20)),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="draws.drawnrow",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="plans.task",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="registers.target",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspections",
                        to="accounts.agency",
                    ),
                ),
                ("state", models.CharField(default="assigned", max_length=12)),
                ("number", models.CharField(max_length=60, unique=True, verbose_name="编号")),
                ("kind", models.CharField(max_length=24)),
                ("stratum", models.CharField(max_length=32)),
                ("class_as_sealed", models.CharField(blank=True, max_length=1)),
                ("unit", models.CharField(blank=True, max_length=32)),
                ("differentiated", models.BooleanField(default=False)),
                ("exempt", models.BooleanField(default=False)),
                ("due_on", models.DateField()),
                ("drawn_at", models.DateTimeField()),
                ("notified_at", models.DateTimeField(null=True)),
                ("checked_on", models.DateField(null=True)),
                ("method", models.CharField(default="on_site", max_length=20)),
                ("outcome", models.CharField(blank=True, max_length=2, verbose_name="检查结果")),
                ("outcome_codes", models.CharField(blank=True, max_length=40)),
                ("problem", models.BooleanField(default=False)),
                ("measure", models.CharField(blank=True, max_length=24, verbose_name="处置措施")),
                ("note", models.TextField(blank=True)),
                ("invented", models.BooleanField(default=False, verbose_name="虚构结果")),
                ("entered_at", models.DateTimeField(null=True)),
                ("entered_by", models.CharField(blank=True, max_length=20)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("reviewed_by", models.CharField(blank=True, max_length=20)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("excluded_at", models.DateTimeField(null=True)),
                ("excluded_code", models.CharField(blank=True, max_length=24)),
                ("excluded_reason", models.CharField(blank=True, max_length=200)),
                ("visits", models.ManyToManyField(related_name="inspections", to="inspections.visit")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["task", "state"], name="inspection_task_state"),
                    models.Index(fields=["agency", "state", "due_on"], name="inspection_agency_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("row", "agency"), name="one_inspection_for_a_row_and_agency"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "assigned",
                                    "notified",
                                    "recorded",
                                    "returned",
                                    "reviewed",
                                    "submitted",
                                    "published",
                                    "excluded",
                                ],
                            )
                        ),
                        name="inspection_has_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("entered_by", ""),
                            ("reviewed_by", ""),
                            models.Q(("entered_by", models.F("reviewed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="who_enters_does_not_review",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("excluded_at__isnull", True), ("excluded_code", "")),
                            models.Q(
                                ("excluded_at__isnull", False), models.Q(("excluded_code", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="an_exclusion_has_a_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at__isnull", True), ("checked_on__isnull", False), _connector="OR"
                        ),
                        name="only_what_was_checked_is_published",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="inspections.inspection",
                    ),
                ),
                ("slot", models.CharField(max_length=32)),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="registers.inspector",
                    ),
                ),
                ("team", models.CharField(blank=True, max_length=40)),
                ("replaced_at", models.DateTimeField(null=True)),
                ("replaced_reason", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("inspection", "slot"),
                        name="one_inspector_a_slot",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Helper",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="helpers", to="plans.task"
                    ),
                ),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registers.inspector",
                    ),
                ),
                ("work", models.CharField(max_length=60, verbose_name="协助内容")),
                ("named_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("task", "inspector"),
                        name="a_helper_is_named_once",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="inspections.inspection",
                    ),
                ),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="registers.item")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="registers.itemversion"
                    ),
                ),
                ("checked", models.BooleanField()),
                ("problem", models.CharField(blank=True, max_length=400)),
                ("handling", models.CharField(blank=True, max_length=200)),
                ("bulk", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "item"), name="an_item_is_answered_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="inspections.inspection",
                    ),
                ),
                ("passed", models.BooleanField()),
                ("opinion", models.CharField(max_length=300)),
                ("actor", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="inspections.inspection",
                    ),
                ),
                (
                    "stored",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="files.storedfile"),
                ),
                ("kind", models.CharField(max_length=16)),
                ("captured_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="inspections.inspection",
                    ),
                ),
                ("role", models.CharField(max_length=16)),
                (
                    "stored",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="files.storedfile"
                    ),
                ),
                ("refused_reason", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ReplayedRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("status", models.PositiveIntegerField()),
                ("body", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("token", "key"), name="a_key_answers_once")],
                "indexes": [],
            },
        ),
    ]
