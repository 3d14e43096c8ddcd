"""An item says everything that published lists say, a version bears its own name; aliases say who confirmed them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_stored_files"),
        ("registers", "0004_inspectors_in_detail"),
    ]

    operations = [
        migrations.AddField(
            model_name="itemalias",
            name="at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="itemalias",
            name="by",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="itemalias",
            name="plain",
            field=models.CharField(default="", max_length=400),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="itemalias",
            name="renamed",
            field=models.BooleanField(default=False, verbose_name="原名称"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="basis_type",
            field=models.CharField(
                blank=True,
                choices=[
                    ("law", "法律"),
                    ("regulation", "行政法规"),
                    ("local_regulation", "地方性法规"),
                    ("rule", "规章"),
                    ("council_decision", "国务院决定"),
                ],
                max_length=20,
                verbose_name="依据类型",
            ),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="department",
            field=models.TextField(blank=True, verbose_name="责任股室"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="guide",
            field=models.TextField(blank=True, verbose_name="检查指引"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="guide_file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="kinds",
            field=models.CharField(blank=True, max_length=200, verbose_name="适用的对象类别"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="level",
            field=models.TextField(blank=True, verbose_name="抽查主体"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="list_number",
            field=models.CharField(blank=True, max_length=20, verbose_name="序号"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="measures",
            field=models.JSONField(default=list, verbose_name="可用的后续处置"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="name",
            field=models.CharField(default="", max_length=200, verbose_name="抽查事项"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="itemversion",
            name="personnel",
            field=models.TextField(blank=True, verbose_name="检查人员要求"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="变更原因"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="remarks",
            field=models.TextField(blank=True, verbose_name="备注"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="results",
            field=models.JSONField(default=list, verbose_name="可用的检查结果"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="tags",
            field=models.CharField(blank=True, max_length=300, verbose_name="适用的监管标签"),
        ),
        migrations.AlterField(
            model_name="itemalias",
            name="wording",
            field=models.CharField(max_length=400),
        ),
        migrations.AlterField(
            model_name="itemversion",
            name="category",
            field=models.TextField(blank=True, verbose_name="抽查类别"),
        ),
        migrations.AlterField(
            model_name="itemversion",
            name="frequency",
            field=models.TextField(blank=True, verbose_name="抽查频次"),
        ),
        migrations.AlterField(
            model_name="itemversion",
            name="method",
            field=models.TextField(blank=True, verbose_name="抽查方式"),
        ),
        migrations.AlterField(
            model_name="itemversion",
            name="object_text",
            field=models.TextField(blank=True, verbose_name="抽查对象"),
        ),
        migrations.AlterField(
            model_name="itemversion",
            name="ratio_text",
            field=models.TextField(blank=True, verbose_name="抽查比例"),
        ),
        migrations.CreateModel(
            name="ItemEdition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                ("document_number", models.CharField(max_length=60, verbose_name="文号")),
                ("issued_on", models.DateField(verbose_name="公布日期")),
                ("issued_at", models.DateTimeField()),
                ("versions", models.ManyToManyField(related_name="editions", to="registers.itemversion")),
            ],
        ),
    ]
