"""Targets in detail: food grade, risk index, editions and counts of classes, licences, former places, reasons."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_first_passwords"),
        ("registers", "0006_names_and_points_of_versions"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClassCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("task", models.CharField(blank=True, max_length=20)),
                ("value", models.CharField(max_length=1)),
                ("held", models.PositiveIntegerField(verbose_name="户数")),
                ("drawn", models.PositiveIntegerField(null=True, verbose_name="抽取户数")),
                ("computed_on", models.DateField(verbose_name="分类日期")),
                ("source", models.CharField(max_length=200, verbose_name="出自的文件")),
                ("entered_by", models.CharField(max_length=20)),
                ("entered_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ClassEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scheme",
                    models.CharField(
                        choices=[("generic", "企业信用风险分类"), ("individual", "个体工商户信用风险分类")],
                        max_length=20,
                    ),
                ),
                ("edition", models.CharField(max_length=40, verbose_name="版次")),
                ("computed_on", models.DateField(verbose_name="计算日期")),
                ("source", models.CharField(max_length=100, verbose_name="来源")),
                ("received_at", models.DateTimeField()),
                ("received_by", models.CharField(max_length=20)),
                ("targets", models.PositiveIntegerField(verbose_name="户数")),
                ("moves", models.JSONField(default=dict)),
                ("invented", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="FormerPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("town_code", models.CharField(blank=True, max_length=12)),
                ("town", models.CharField(blank=True, max_length=40)),
                ("ended_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="Licence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="许可种类")),
                ("number", models.CharField(max_length=60, verbose_name="许可证编号")),
                ("valid_from", models.DateField(null=True, verbose_name="有效期自")),
                ("valid_to", models.DateField(null=True, verbose_name="有效期至")),
                ("issuer", models.CharField(blank=True, max_length=100, verbose_name="发证机关")),
                ("tag", models.CharField(blank=True, max_length=40, verbose_name="监管标签")),
                ("source", models.CharField(blank=True, max_length=100, verbose_name="来源")),
                ("entered_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="creditclass",
            name="before",
            field=models.CharField(blank=True, db_default="", max_length=1),
        ),
        migrations.AddField(
            model_name="target",
            name="food_grade",
            field=models.CharField(blank=True, db_default="", max_length=1, verbose_name="食品风险等级"),
        ),
        migrations.AddField(
            model_name="target",
            name="food_graded_on",
            field=models.DateField(null=True, verbose_name="食品风险分级日期"),
        ),
        migrations.AddField(
            model_name="target",
            name="risk_index",
            field=models.DecimalField(decimal_places=2, max_digits=8, null=True, verbose_name="风险指数"),
        ),
        migrations.AddField(
            model_name="target",
            name="risk_index_on",
            field=models.DateField(null=True, verbose_name="风险指数日期"),
        ),
        migrations.AddField(
            model_name="target",
            name="risk_index_source",
            field=models.CharField(blank=True, db_default="", max_length=60, verbose_name="风险指数来源"),
        ),
        migrations.AddField(
            model_name="targetchange",
            name="reason",
            field=models.CharField(blank=True, db_default="", max_length=200, verbose_name="理由或来源"),
        ),
        migrations.AlterField(
            model_name="creditclass",
            name="value",
            field=models.CharField(blank=True, max_length=1),
        ),
        migrations.AddIndex(
            model_name="target",
            index=models.Index(
                condition=models.Q(("abnormal", True)), fields=["draw_code"], name="target_abnormal"
            ),
        ),
        migrations.AddIndex(
            model_name="target",
            index=models.Index(
                condition=models.Q(("serious", True)), fields=["draw_code"], name="target_serious"
            ),
        ),
        migrations.AddIndex(
            model_name="target",
            index=models.Index(
                condition=models.Q(("food_grade", ""), _negated=True),
                fields=["food_grade", "draw_code"],
                name="target_food_grade",
            ),
        ),
        migrations.AddIndex(
            model_name="targetchange",
            index=models.Index(fields=["at"], name="target_change_at"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("food_grade__in", ["", "A", "B", "C", "D"])),
                name="target_has_a_known_food_grade",
            ),
        ),
        migrations.AddField(
            model_name="classcount",
            name="agency",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.agency"),
        ),
        migrations.AddConstraint(
            model_name="classedition",
            constraint=models.UniqueConstraint(
                fields=("scheme", "edition"), name="an_edition_is_received_once"
            ),
        ),
        migrations.AddField(
            model_name="formerplace",
            name="station",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
            ),
        ),
        migrations.AddField(
            model_name="formerplace",
            name="target",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="former_places",
                to="registers.target",
            ),
        ),
        migrations.AddField(
            model_name="licence",
            name="target",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="licences", to="registers.target"
            ),
        ),
        migrations.AddConstraint(
            model_name="classcount",
            constraint=models.UniqueConstraint(
                fields=("agency", "task", "value", "computed_on"), name="a_class_is_counted_once_for_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="classcount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("drawn__isnull", True), ("drawn__lte", models.F("held")), _connector="OR"
                ),
                name="no_more_are_drawn_than_there_are",
            ),
        ),
        migrations.AddConstraint(
            model_name="formerplace",
            constraint=models.UniqueConstraint(
                fields=("target", "ended_on"), name="a_target_moves_once_a_day"
            ),
        ),
        migrations.AddIndex(
            model_name="licence",
            index=models.Index(fields=["valid_to"], name="licence_ends"),
        ),
        migrations.AddConstraint(
            model_name="licence",
            constraint=models.UniqueConstraint(
                fields=("kind", "number"), name="a_licence_number_names_one_licence"
            ),
        ),
        migrations.AddConstraint(
            model_name="licence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from__isnull", True),
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="licence_ends_after_it_starts",
            ),
        ),
    ]
