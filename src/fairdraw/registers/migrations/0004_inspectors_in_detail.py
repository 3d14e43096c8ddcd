"""Inspectors in detail: post, training, qualifications with their own certificates, kinds of absence, changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registers", "0003_targets_by_registration"),
    ]

    operations = [
        migrations.AddField(
            model_name="inspector",
            name="post",
            field=models.CharField(blank=True, max_length=40, verbose_name="职务"),
        ),
        migrations.AddField(
            model_name="inspector",
            name="trained_on",
            field=models.DateField(null=True, verbose_name="最近培训日期"),
        ),
        migrations.AddField(
            model_name="inspector",
            name="training",
            field=models.CharField(blank=True, max_length=100, verbose_name="培训内容"),
        ),
        migrations.AddField(
            model_name="inspectorabsence",
            name="kind",
            field=models.CharField(
                choices=[
                    ("leave", "请假"),
                    ("secondment", "借调"),
                    ("other_duties", "其他公务"),
                    ("study", "学习培训"),
                ],
                default="leave",
                max_length=12,
                verbose_name="类别",
            ),
        ),
        migrations.AlterField(
            model_name="inspector",
            name="active",
            field=models.BooleanField(default=True, verbose_name="在岗"),
        ),
        migrations.CreateModel(
            name="InspectorChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=24)),
                ("before", models.CharField(blank=True, max_length=300)),
                ("after", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=20)),
                ("seq", models.BigIntegerField()),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="registers.inspector",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InspectorQualification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="资格")),
                ("certificate_number", models.CharField(blank=True, max_length=40, verbose_name="资格证号")),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField()),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certified",
                        to="registers.inspector",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("inspector", "code"), name="a_qualification_is_certified_once"
                    )
                ],
            },
        ),
    ]
