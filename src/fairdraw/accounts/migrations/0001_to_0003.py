"""
Everything that 0001 to 0003 make, at once: a new installation starts in half of the time.

An installation that has some of them goes on step by step.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("accounts", "0001_agencies_and_accounts"),
        ("accounts", "0002_first_passwords"),
        ("accounts", "0003_names_and_successors"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("org", models.CharField(max_length=36, verbose_name="抽取机关代码")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("region_name", models.CharField(max_length=40, verbose_name="地区")),
                ("division_code", models.CharField(max_length=12, verbose_name="行政区划代码")),
                ("rehearsal", models.BooleanField(verbose_name="演练")),
                ("mark", models.CharField(blank=True, max_length=60, verbose_name="标注")),
                ("practice_at", models.DateTimeField(null=True, verbose_name="练习时间")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="installation_is_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("org__startswith", "rehearsal-"), ("rehearsal", True)),
                            models.Q(
                                ("rehearsal", False),
                                models.Q(("org__startswith", "rehearsal-"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="rehearsal_shows_in_org",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=32, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("short_name", models.CharField(blank=True, max_length=40, verbose_name="简称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bureau", "局"),
                            ("section", "股室"),
                            ("station", "市场监管所"),
                            ("department", "其他部门"),
                        ],
                        max_length=16,
                        verbose_name="类型",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="accounts.agency",
                    ),
                ),
                ("path", models.CharField(max_length=200, unique=True)),
                ("division_code", models.CharField(blank=True, max_length=12, verbose_name="行政区划代码")),
                ("number_prefix", models.CharField(blank=True, max_length=20, verbose_name="机关代字")),
                ("telephone", models.CharField(blank=True, max_length=40, verbose_name="联系电话")),
                ("opens_on", models.DateField()),
                ("closes_on", models.DateField(null=True)),
                (
                    "successor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="accounts.agency",
                        verbose_name="承接单位",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["bureau", "section", "station", "department"])),
                        name="agency_has_a_known_kind",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="FormerName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_names",
                        to="accounts.agency",
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("until", models.DateField()),
                ("document", models.CharField(max_length=100, verbose_name="依据文件")),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=40, unique=True, verbose_name="账号")),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                ("is_active", models.BooleanField(default=True)),
                ("practice", models.BooleanField(default=False, verbose_name="练习账号")),
                ("first_password", models.BooleanField(default=False, verbose_name="初始密码")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="accounts.agency",
                    ),
                ),
                (
                    "duty",
                    models.CharField(
                        choices=[
                            ("leader", "负责人"),
                            ("office", "领导小组办公室"),
                            ("planner", "计划岗"),
                            ("supervisor", "监督岗"),
                            ("inspector", "检查岗"),
                            ("clerk", "内勤"),
                            ("reviewer", "审核岗"),
                            ("auditor", "审计"),
                            ("system_admin", "系统管理员"),
                            ("security_admin", "安全管理员"),
                            ("audit_admin", "审计管理员"),
                        ],
                        max_length=16,
                        verbose_name="职责",
                    ),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "agency", "duty", "starts_on"), name="membership_is_entered_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gt", models.F("starts_on")), _connector="OR"
                        ),
                        name="membership_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "duty__in",
                                [
                                    "leader",
                                    "office",
                                    "planner",
                                    "supervisor",
                                    "inspector",
                                    "clerk",
                                    "reviewer",
                                    "auditor",
                                    "system_admin",
                                    "security_admin",
                                    "audit_admin",
                                ],
                            )
                        ),
                        name="membership_has_a_known_duty",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "agency",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.agency"),
                ),
                ("duties", models.JSONField(default=list)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
    ]
