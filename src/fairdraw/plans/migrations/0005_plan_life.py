"""The life of the plan: review, filing, editions, amendments, receipts; deadlines and divisions of the city (N07, N14)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_first_passwords"),
        ("plans", "0004_schemes_and_division"),
    ]

    operations = [
        migrations.AddField(
            model_name="annualplan",
            name="approved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="annualplan",
            name="approved_by",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="annualplan",
            name="filed_on",
            field=models.DateField(null=True, verbose_name="报备日期"),
        ),
        migrations.AddField(
            model_name="annualplan",
            name="filed_with",
            field=models.CharField(blank=True, max_length=100, verbose_name="备案机关"),
        ),
        migrations.AddField(
            model_name="annualplan",
            name="filing_number",
            field=models.CharField(blank=True, max_length=60, verbose_name="报备文号"),
        ),
        migrations.AddField(
            model_name="annualplan",
            name="filing_receipt",
            field=models.CharField(blank=True, max_length=100, verbose_name="备案回执"),
        ),
        migrations.AddField(
            model_name="annualplan",
            name="filing_receipt_on",
            field=models.DateField(null=True, verbose_name="回执日期"),
        ),
        migrations.AddField(
            model_name="annualplan",
            name="returned_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="退回原因"),
        ),
        migrations.AddField(
            model_name="annualplan",
            name="submitted_by",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="planrow",
            name="local_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="本地理由"),
        ),
        migrations.AddField(
            model_name="planrowversion",
            name="dropped",
            field=models.BooleanField(default=False, verbose_name="取消"),
        ),
        migrations.CreateModel(
            name="CityDivision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="市局处室")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                ("edited_by", models.CharField(max_length=20)),
                ("edited_at", models.DateTimeField()),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                        verbose_name="对应单位",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeadlineChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.DateField()),
                ("asked_on", models.DateField(verbose_name="上级要求时限")),
                ("due_on", models.DateField(verbose_name="办结期限")),
                ("document_number", models.CharField(max_length=60, verbose_name="文号")),
                ("document_on", models.DateField(verbose_name="文件日期")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("changed_by", models.CharField(max_length=20)),
                ("changed_at", models.DateTimeField()),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadline_changes",
                        to="plans.task",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanAmendment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="调整原因")),
                ("changes", models.JSONField(default=list)),
                ("drafted_by", models.CharField(max_length=20)),
                ("drafted_at", models.DateTimeField()),
                ("returned_reason", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendment",
                        to="plans.annualplan",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="调整原因")),
                ("rows", models.JSONField()),
                ("document_number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("issued_on", models.DateField(null=True, verbose_name="印发日期")),
                ("drafted_by", models.CharField(blank=True, max_length=20)),
                ("approved_by", models.CharField(blank=True, max_length=20)),
                ("published_at", models.DateTimeField()),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="plans.annualplan",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("edited_by", models.CharField(max_length=20)),
                ("edited_at", models.DateTimeField()),
                (
                    "agency",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_letter",
                        to="accounts.agency",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanReceipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("confirmed_by", models.CharField(blank=True, max_length=20)),
                ("signer", models.CharField(blank=True, max_length=40, verbose_name="签收人")),
                ("signed_on", models.DateField(null=True, verbose_name="签收日期")),
                ("on_paper", models.BooleanField(default=False, verbose_name="纸质签收")),
                ("urged_at", models.DateTimeField(null=True)),
                ("urged_times", models.PositiveIntegerField(default=0)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="plans.planedition",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="planedition",
            constraint=models.UniqueConstraint(
                fields=("plan", "version"), name="plan_edition_is_numbered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="planreceipt",
            constraint=models.UniqueConstraint(
                fields=("edition", "agency"), name="a_unit_confirms_an_edition_once"
            ),
        ),
    ]
