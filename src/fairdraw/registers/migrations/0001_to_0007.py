"""
Everything that 0001 to 0007 make, at once: a new installation starts in half of the time.

An installation that has some of them goes on step by step.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("registers", "0001_registers"),
        ("registers", "0002_low_risk_base"),
        ("registers", "0003_targets_by_registration"),
        ("registers", "0004_inspectors_in_detail"),
        ("registers", "0005_items_in_detail"),
        ("registers", "0006_names_and_points_of_versions"),
        ("registers", "0007_targets_in_detail"),
    ]

    dependencies = [
        ("accounts", "0001_to_0003"),
        ("files", "0001_stored_files"),
    ]

    operations = [
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("scheme", "edition"), name="an_edition_is_received_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ClassCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.agency"),
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "task", "value", "computed_on"),
                        name="a_class_is_counted_once_for_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drawn__isnull", True), ("drawn__lte", models.F("held")), _connector="OR"
                        ),
                        name="no_more_are_drawn_than_there_are",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="编号")),
                ("name", models.CharField(max_length=200, verbose_name="抽查事项")),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ItemVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="registers.item",
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=200, verbose_name="抽查事项")),
                ("list_number", models.CharField(blank=True, max_length=20, verbose_name="序号")),
                ("category", models.TextField(blank=True, verbose_name="抽查类别")),
                ("content", models.TextField(blank=True, verbose_name="检查内容")),
                ("legal_basis", models.TextField(blank=True, verbose_name="抽查依据")),
                (
                    "basis_type",
                    models.CharField(
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
                ("level", models.TextField(blank=True, verbose_name="抽查主体")),
                ("object_text", models.TextField(blank=True, verbose_name="抽查对象")),
                ("kinds", models.CharField(blank=True, max_length=200, verbose_name="适用的对象类别")),
                ("tags", models.CharField(blank=True, max_length=300, verbose_name="适用的监管标签")),
                (
                    "item_class",
                    models.CharField(
                        blank=True,
                        choices=[("key", "重点"), ("general", "一般")],
                        max_length=8,
                        verbose_name="事项类型",
                    ),
                ),
                (
                    "ratio_limit",
                    models.DecimalField(decimal_places=6, max_digits=7, null=True, verbose_name="比例上限"),
                ),
                ("ratio_text", models.TextField(blank=True, verbose_name="抽查比例")),
                ("frequency", models.TextField(blank=True, verbose_name="抽查频次")),
                ("method", models.TextField(blank=True, verbose_name="抽查方式")),
                ("personnel", models.TextField(blank=True, verbose_name="检查人员要求")),
                ("qualification", models.CharField(blank=True, max_length=40, verbose_name="检查人员资格")),
                ("department", models.TextField(blank=True, verbose_name="责任股室")),
                ("points", models.JSONField(default=list, verbose_name="检查要点")),
                ("results", models.JSONField(default=list, verbose_name="可用的检查结果")),
                ("measures", models.JSONField(default=list, verbose_name="可用的后续处置")),
                ("guide", models.TextField(blank=True, verbose_name="检查指引")),
                (
                    "guide_file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                ("remarks", models.TextField(blank=True, verbose_name="备注")),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "待核"), ("confirmed", "已确认"), ("ended", "停用")],
                        max_length=12,
                    ),
                ),
                ("published", models.BooleanField(default=False)),
                ("invented", models.BooleanField(default=False, verbose_name="虚构")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="变更原因")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "version"), name="item_version_is_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "confirmed", "ended"])),
                        name="item_has_a_known_state",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ItemAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wording", models.CharField(max_length=400)),
                ("plain", models.CharField(max_length=400, unique=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
                        to="registers.item",
                    ),
                ),
                ("renamed", models.BooleanField(default=False, verbose_name="原名称")),
                ("by", models.CharField(blank=True, max_length=60)),
                ("at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
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
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("draw_code", models.CharField(max_length=36, unique=True, verbose_name="抽取编码")),
                (
                    "uscc",
                    models.CharField(
                        blank=True, db_index=True, max_length=18, verbose_name="统一社会信用代码"
                    ),
                ),
                ("old_number", models.CharField(blank=True, max_length=20, verbose_name="注册号")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("enterprise", "企业"),
                            ("individual_business", "个体工商户"),
                            ("farmer_cooperative", "农民专业合作社"),
                            ("foreign_rep_office", "外国企业常驻代表机构"),
                            ("product", "产品"),
                            ("project", "项目"),
                            ("place", "场所"),
                        ],
                        max_length=24,
                        verbose_name="类别",
                    ),
                ),
                ("entity_type", models.CharField(blank=True, max_length=60, verbose_name="主体类型")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("existing", "存续"),
                            ("suspended", "歇业"),
                            ("revoked", "吊销"),
                            ("deregistered", "注销"),
                            ("annulled", "撤销"),
                            ("moved_out", "迁出"),
                            ("unknown", "待核"),
                        ],
                        max_length=16,
                        verbose_name="登记状态",
                    ),
                ),
                ("registered_on", models.DateField(null=True, verbose_name="成立日期")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="住所")),
                ("town_code", models.CharField(blank=True, max_length=12, verbose_name="乡镇代码")),
                ("town", models.CharField(blank=True, max_length=40, verbose_name="乡镇")),
                (
                    "station",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                    ),
                ),
                ("industry", models.CharField(blank=True, max_length=8, verbose_name="行业")),
                ("scope", models.TextField(blank=True, verbose_name="经营范围")),
                ("tags", models.CharField(blank=True, max_length=300, verbose_name="监管标签")),
                ("credit_class", models.CharField(blank=True, max_length=1, verbose_name="信用风险分类")),
                ("credit_computed_on", models.DateField(null=True)),
                ("abnormal", models.BooleanField(default=False, verbose_name="经营异常")),
                ("serious", models.BooleanField(default=False, verbose_name="严重违法失信")),
                (
                    "food_grade",
                    models.CharField(blank=True, db_default="", max_length=1, verbose_name="食品风险等级"),
                ),
                ("food_graded_on", models.DateField(null=True, verbose_name="食品风险分级日期")),
                (
                    "risk_index",
                    models.DecimalField(decimal_places=2, max_digits=8, null=True, verbose_name="风险指数"),
                ),
                ("risk_index_on", models.DateField(null=True, verbose_name="风险指数日期")),
                (
                    "risk_index_source",
                    models.CharField(blank=True, db_default="", max_length=60, verbose_name="风险指数来源"),
                ),
                ("annual_report", models.CharField(blank=True, max_length=8, verbose_name="年报")),
                ("invented", models.CharField(blank=True, max_length=60, verbose_name="虚构部分")),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "status", "draw_code"], name="target_kind_status"),
                    models.Index(fields=["station", "draw_code"], name="target_station"),
                    models.Index(fields=["name"], name="target_name"),
                    models.Index(fields=["credit_class", "draw_code"], name="target_class"),
                    models.Index(fields=["registered_on", "draw_code"], name="target_registered"),
                    models.Index(
                        condition=models.Q(("abnormal", True)), fields=["draw_code"], name="target_abnormal"
                    ),
                    models.Index(
                        condition=models.Q(("serious", True)), fields=["draw_code"], name="target_serious"
                    ),
                    models.Index(
                        condition=models.Q(("food_grade", ""), _negated=True),
                        fields=["food_grade", "draw_code"],
                        name="target_food_grade",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("uscc", ""), _negated=True),
                        fields=("uscc",),
                        name="uscc_names_one_target",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "enterprise",
                                    "individual_business",
                                    "farmer_cooperative",
                                    "foreign_rep_office",
                                    "product",
                                    "project",
                                    "place",
                                ],
                            )
                        ),
                        name="target_has_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "existing",
                                    "suspended",
                                    "revoked",
                                    "deregistered",
                                    "annulled",
                                    "moved_out",
                                    "unknown",
                                ],
                            )
                        ),
                        name="target_has_a_known_status",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("credit_class__in", ["", "A", "B", "C", "D"])),
                        name="target_has_a_known_class",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("food_grade__in", ["", "A", "B", "C", "D"])),
                        name="target_has_a_known_food_grade",
                    ),
                ],
            },
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
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="licences",
                        to="registers.target",
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
            options={
                "indexes": [models.Index(fields=["valid_to"], name="licence_ends")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "number"), name="a_licence_number_names_one_licence"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="licence_ends_after_it_starts",
                    ),
                ],
            },
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
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_places",
                        to="registers.target",
                    ),
                ),
                (
                    "station",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                    ),
                ),
                ("town_code", models.CharField(blank=True, max_length=12)),
                ("town", models.CharField(blank=True, max_length=40)),
                ("ended_on", models.DateField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("target", "ended_on"), name="a_target_moves_once_a_day")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CreditClass",
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
                        related_name="classes",
                        to="registers.target",
                    ),
                ),
                ("scheme", models.CharField(default="generic", max_length=20)),
                ("value", models.CharField(blank=True, max_length=1)),
                ("before", models.CharField(blank=True, db_default="", max_length=1)),
                ("computed_on", models.DateField()),
                ("received_at", models.DateTimeField()),
                ("edition", models.CharField(max_length=40)),
                ("source", models.CharField(max_length=100)),
                ("invented", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("target", "scheme", "edition"), name="one_class_for_a_target_and_edition"
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="TargetChange",
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
                        related_name="changes",
                        to="registers.target",
                    ),
                ),
                ("field", models.CharField(max_length=24)),
                ("before", models.CharField(blank=True, max_length=300)),
                ("after", models.CharField(blank=True, max_length=300)),
                (
                    "reason",
                    models.CharField(blank=True, db_default="", max_length=200, verbose_name="理由或来源"),
                ),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=20)),
                ("seq", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="target_change_at")],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="YearBase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.agency"),
                ),
                ("year", models.PositiveIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("source", models.CharField(max_length=200)),
                ("dated_on", models.DateField()),
                ("includes_unreported", models.BooleanField(default=True)),
                (
                    "low_risk_count",
                    models.PositiveIntegerField(null=True, verbose_name="信用风险低（A）的企业数"),
                ),
                ("invented", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "year"), name="one_base_for_a_bureau_and_year"),
                    models.CheckConstraint(condition=models.Q(("count__gt", 0)), name="base_is_positive"),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Inspector",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=36, unique=True, verbose_name="编号")),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspectors",
                        to="accounts.agency",
                    ),
                ),
                ("certificate_number", models.CharField(max_length=40, verbose_name="执法证号")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("qualifications", models.CharField(blank=True, max_length=200, verbose_name="资格")),
                ("areas", models.CharField(default="*", max_length=300, verbose_name="片区")),
                ("assistant", models.BooleanField(default=False, verbose_name="辅助人员")),
                ("expert", models.BooleanField(default=False, verbose_name="专家")),
                ("post", models.CharField(blank=True, max_length=40, verbose_name="职务")),
                ("trained", models.BooleanField(default=True, verbose_name="已培训")),
                ("trained_on", models.DateField(null=True, verbose_name="最近培训日期")),
                ("training", models.CharField(blank=True, max_length=100, verbose_name="培训内容")),
                ("active", models.BooleanField(default=True, verbose_name="在岗")),
                (
                    "user",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inspector",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("invented", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                        name="certificate_ends_after_it_starts",
                    )
                ],
                "indexes": [],
            },
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
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certified",
                        to="registers.inspector",
                    ),
                ),
                ("code", models.CharField(max_length=40, verbose_name="资格")),
                ("certificate_number", models.CharField(blank=True, max_length=40, verbose_name="资格证号")),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("inspector", "code"), name="a_qualification_is_certified_once"
                    )
                ],
                "indexes": [],
            },
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
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="registers.inspector",
                    ),
                ),
                ("field", models.CharField(max_length=24)),
                ("before", models.CharField(blank=True, max_length=300)),
                ("after", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=20)),
                ("seq", models.BigIntegerField()),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="InspectorAbsence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to="registers.inspector",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
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
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("reason", models.CharField(max_length=40)),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="DeclaredInterest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to="registers.inspector",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to="registers.target",
                    ),
                ),
                ("reason", models.CharField(max_length=60)),
                ("declared_on", models.DateField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("inspector", "target"), name="an_interest_is_declared_once"
                    )
                ],
                "indexes": [],
            },
        ),
    ]
