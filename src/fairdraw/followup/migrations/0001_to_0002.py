"""
Everything that 0001 to 0002 make, at once: a new installation starts in half of the time.

An installation that has some of them goes on step by step.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("followup", "0001_followup"),
        ("followup", "0002_reasons_and_single_findings"),
    ]

    dependencies = [
        ("accounts", "0001_to_0003"),
        ("files", "0001_stored_files"),
        ("inspections", "0001_to_0002"),
        ("registers", "0001_to_0007"),
    ]

    operations = [
        migrations.CreateModel(
            name="Finding",
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
                        related_name="findings",
                        to="inspections.inspection",
                    ),
                ),
                ("code", models.CharField(max_length=2)),
                (
                    "item",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="registers.item"
                    ),
                ),
                ("description", models.CharField(max_length=400)),
                ("found_on", models.DateField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("inspection", "code", "item"), name="a_finding_is_entered_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("item__isnull", True)),
                        fields=("inspection", "code"),
                        name="a_code_is_found_once",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "finding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_up",
                        to="followup.finding",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.agency"),
                ),
                ("state", models.CharField(default="open", max_length=12)),
                ("measure", models.CharField(blank=True, max_length=24)),
                ("document_number", models.CharField(blank=True, max_length=60)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("opened_on", models.DateField()),
                ("started_on", models.DateField(null=True)),
                ("due_on", models.DateField()),
                ("submitted_on", models.DateField(null=True)),
                ("verified_on", models.DateField(null=True)),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="files.storedfile"
                    ),
                ),
                ("handed_to", models.CharField(blank=True, max_length=100)),
                ("closed_on", models.DateField(null=True)),
                ("closed_how", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "open",
                                    "ordered",
                                    "submitted",
                                    "verified",
                                    "transferred",
                                    "case_filed",
                                    "closed",
                                ],
                            )
                        ),
                        name="follow_up_has_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("started_on__isnull", True),
                            models.Q(
                                models.Q(("measure", ""), _negated=True),
                                models.Q(
                                    models.Q(("document_number", ""), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="a_started_follow_up_has_measure_and_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("measure", "none_needed"), _negated=True),
                        name="a_problem_is_never_left_without_a_measure",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listings",
                        to="registers.target",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="followup.finding"
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("ground", models.CharField(max_length=24)),
                ("state", models.CharField(default="guidance", max_length=20)),
                ("guidance_on", models.DateField(null=True)),
                ("decision_number", models.CharField(blank=True, max_length=60)),
                ("due_on", models.DateField(null=True)),
                ("decided_on", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Repair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repairs",
                        to="registers.target",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="followup.listing"
                    ),
                ),
                ("state", models.CharField(default="requested", max_length=16)),
                ("requested_on", models.DateField()),
                ("due_on", models.DateField()),
                ("decided_on", models.DateField(null=True)),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
    ]
