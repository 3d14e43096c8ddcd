"""Assistants and experts named for a task."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inspections", "0001_inspections"),
        ("plans", "0002_paper_approvals"),
        ("registers", "0004_inspectors_in_detail"),
    ]

    operations = [
        migrations.CreateModel(
            name="Helper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("work", models.CharField(max_length=60, verbose_name="协助内容")),
                ("named_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registers.inspector",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="helpers", to="plans.task"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("task", "inspector"),
                        name="a_helper_is_named_once",
                    )
                ],
            },
        ),
    ]
