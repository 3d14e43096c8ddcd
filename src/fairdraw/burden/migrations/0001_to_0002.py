"""
Everything that 0001 to 0002 make, at once: a new installation starts in half of the time.

An installation that has some of them goes on step by step.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("burden", "0001_borne_visits"),
        ("burden", "0002_campaigns_and_blackouts"),
    ]

    dependencies = [
        ("accounts", "0001_to_0003"),
        ("registers", "0001_to_0007"),
    ]

    operations = [
        migrations.CreateModel(
            name="BorneVisit",
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
                        related_name="borne",
                        to="registers.target",
                    ),
                ),
                ("visited_on", models.DateField()),
                (
                    "agency",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="accounts.agency"
                    ),
                ),
                ("kind", models.CharField(max_length=24)),
                ("items_count", models.PositiveIntegerField(default=1)),
                ("source", models.CharField(max_length=60)),
                ("reference", models.CharField(blank=True, max_length=60)),
                ("waiting", models.BooleanField(default=False, verbose_name="待检查")),
                ("higher", models.BooleanField(default=False, verbose_name="上级检查")),
                ("unit_name", models.CharField(blank=True, max_length=100, verbose_name="检查单位")),
                ("items", models.CharField(blank=True, max_length=400, verbose_name="检查事项")),
                (
                    "exempt_code",
                    models.CharField(blank=True, max_length=24, verbose_name="不计入频次上限的原因"),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
            ],
            options={
                "indexes": [models.Index(fields=["target", "visited_on"], name="borne_target_day")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=("target", "source", "reference"),
                        name="a_visit_is_borne_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("organised_by", models.CharField(max_length=100, verbose_name="组织单位")),
                ("document_number", models.CharField(max_length=60, verbose_name="批准文号")),
                ("approved_by", models.CharField(max_length=100, verbose_name="批准机关")),
                ("approved_on", models.DateField(verbose_name="批准日期")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("ends_on", models.DateField(verbose_name="结束日期")),
                ("scope_text", models.CharField(blank=True, max_length=400, verbose_name="检查范围")),
                ("entered_by", models.CharField(max_length=20)),
                ("entered_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200)),
                ("items", models.ManyToManyField(related_name="campaigns", to="registers.item")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="campaign_ends_after_it_starts",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Blackout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("starts_on", models.DateField(verbose_name="开始日期")),
                ("ends_on", models.DateField(verbose_name="结束日期")),
                ("industry", models.CharField(blank=True, max_length=8, verbose_name="行业")),
                ("tag", models.CharField(blank=True, max_length=40, verbose_name="监管标签")),
                (
                    "station",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                    ),
                ),
                ("town", models.CharField(blank=True, max_length=40, verbose_name="乡镇")),
                ("reason", models.CharField(max_length=200, verbose_name="依据或原因")),
                ("entered_by", models.CharField(max_length=20)),
                ("entered_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="blackout_ends_after_it_starts",
                    )
                ],
                "indexes": [],
            },
        ),
    ]
