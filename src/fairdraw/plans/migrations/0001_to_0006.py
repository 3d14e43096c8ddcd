"""
Everything that 0001 to 0006 make, at once: a new installation starts in half of the time.

An installation that has some of them goes on step by step.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

GUARDS = tuple(import_module(f"{__package__}.{name}") for name in ("0006_published_plans_stay",))


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("plans", "0001_plans_and_tasks"),
        ("plans", "0002_paper_approvals"),
        ("plans", "0003_merge_decisions"),
        ("plans", "0004_schemes_and_division"),
        ("plans", "0005_plan_life"),
        ("plans", "0006_published_plans_stay"),
    ]

    dependencies = [
        ("accounts", "0001_to_0003"),
        ("registers", "0001_to_0007"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnnualPlan",
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
                ("title", models.CharField(max_length=200)),
                ("state", models.CharField(default="draft", max_length=12)),
                ("version", models.PositiveIntegerField(default=1)),
                ("document_number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("issued_on", models.DateField(null=True)),
                ("submitted_by", models.CharField(blank=True, max_length=20)),
                ("returned_reason", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
                ("approved_by", models.CharField(blank=True, max_length=20)),
                ("approved_at", models.DateTimeField(null=True)),
                ("filed_with", models.CharField(blank=True, max_length=100, verbose_name="备案机关")),
                ("filing_number", models.CharField(blank=True, max_length=60, verbose_name="报备文号")),
                ("filed_on", models.DateField(null=True, verbose_name="报备日期")),
                ("filing_receipt", models.CharField(blank=True, max_length=100, verbose_name="备案回执")),
                ("filing_receipt_on", models.DateField(null=True, verbose_name="回执日期")),
                ("published_at", models.DateTimeField(null=True)),
                ("invented", models.CharField(blank=True, max_length=60)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "year"), name="one_plan_for_a_bureau_and_year"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "in_review", "filed", "published", "closed"])
                        ),
                        name="plan_has_a_known_state",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PlanRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="plans.annualplan",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("source_no", models.CharField(blank=True, max_length=20)),
                ("upstream", models.CharField(blank=True, max_length=200, verbose_name="上级来源")),
                ("local_reason", models.CharField(blank=True, max_length=300, verbose_name="本地理由")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="plan_row_is_numbered_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PlanRowVersion",
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
                        related_name="versions",
                        to="plans.planrow",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("task_name", models.CharField(max_length=200)),
                ("check_type", models.CharField(blank=True, max_length=20)),
                ("items", models.JSONField(default=list)),
                ("object_scope", models.CharField(blank=True, max_length=400)),
                ("initiator", models.CharField(blank=True, max_length=100)),
                ("participants", models.JSONField(default=list)),
                ("ratio_min", models.DecimalField(decimal_places=6, max_digits=7, null=True)),
                ("ratio_max", models.DecimalField(decimal_places=6, max_digits=7, null=True)),
                ("ratio_by_class", models.JSONField(default=dict)),
                ("ratio_by_kind", models.JSONField(default=dict)),
                ("count_min", models.PositiveIntegerField(null=True)),
                ("count_max", models.PositiveIntegerField(null=True)),
                ("count_by_class", models.JSONField(default=dict)),
                ("classes_excluded", models.JSONField(default=list)),
                ("window_start", models.DateField(null=True)),
                ("window_end", models.DateField(null=True)),
                ("raw", models.JSONField(default=dict)),
                ("problems", models.JSONField(default=list)),
                ("dropped", models.BooleanField(default=False, verbose_name="取消")),
                ("held_reason", models.CharField(blank=True, max_length=300, verbose_name="暂缓原因")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="调整原因")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("row", "version"), name="row_version_is_numbered_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ratio_max__isnull", True), ("ratio_max__lte", 1), _connector="OR"
                        ),
                        name="ratio_is_at_most_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("window_start__isnull", True),
                            ("window_end__isnull", True),
                            ("window_end__gte", models.F("window_start")),
                            _connector="OR",
                        ),
                        name="window_ends_after_it_starts",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="任务编号")),
                ("name", models.CharField(max_length=200, verbose_name="任务名称")),
                ("year", models.PositiveIntegerField()),
                (
                    "plan_row",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="plans.planrow",
                    ),
                ),
                (
                    "row_version",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="plans.planrowversion"
                    ),
                ),
                ("kind", models.CharField(default="double_random", max_length=20)),
                ("channel", models.CharField(default="fairdraw", max_length=12)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="accounts.agency",
                        verbose_name="承办单位",
                    ),
                ),
                ("state", models.CharField(default="drafting", max_length=12)),
                ("window_start", models.DateField()),
                ("window_end", models.DateField()),
                ("due_on", models.DateField(verbose_name="办结期限")),
                ("exempt_field", models.CharField(blank=True, max_length=40, verbose_name="专业领域")),
                ("exempt_reason", models.CharField(blank=True, max_length=200)),
                ("local_reason", models.CharField(blank=True, max_length=300, verbose_name="本地理由")),
                ("hand_picked_reason", models.CharField(blank=True, max_length=300)),
                ("unannounced", models.BooleanField(default=False, verbose_name="不预先通知")),
                ("held_reason", models.CharField(blank=True, max_length=300, verbose_name="暂缓原因")),
                ("invented", models.CharField(blank=True, max_length=60)),
                ("created_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("drawn_at", models.DateTimeField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("summary_due_on", models.DateField(null=True)),
                ("summarised_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "held",
                                    "drafting",
                                    "approved",
                                    "sealed",
                                    "drawn",
                                    "in_progress",
                                    "completed",
                                    "summarised",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="task_has_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["double_random", "full_coverage", "case_inspection", "special_campaign"],
                            )
                        ),
                        name="task_has_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["fairdraw", "provincial", "dispatched"])),
                        name="task_has_a_known_channel",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("window_end__gte", models.F("window_start"))),
                        name="task_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "double_random"),
                            models.Q(("hand_picked_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hand_picked_work_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), _negated=True),
                            models.Q(("held_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_held_task_has_a_reason",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="TaskItem",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="task_items",
                        to="plans.task",
                    ),
                ),
                ("item", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="registers.item")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="registers.itemversion"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("task", "item"), name="an_item_stands_once_in_a_task")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="TaskAgency",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="task_agencies",
                        to="plans.task",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.agency"),
                ),
                ("role", models.CharField(max_length=10)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("task", "agency"), name="an_agency_has_one_part_in_a_task"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["lead", "partner", "executor"])),
                        name="part_has_a_known_role",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SchemeSheet",
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
                        related_name="scheme_sheets",
                        to="accounts.agency",
                    ),
                ),
                ("year", models.PositiveIntegerField()),
                ("number", models.CharField(max_length=60, unique=True, verbose_name="审批表编号")),
                ("made_by", models.CharField(max_length=20)),
                ("made_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("returned_at", models.DateTimeField(null=True)),
                ("returned_reason", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("returned_at__isnull", True),
                            models.Q(("returned_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_returned_sheet_has_a_reason",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Scheme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scheme", to="plans.task"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="方案名称")),
                ("name_key", models.CharField(max_length=210, null=True, unique=True)),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="方案编号")),
                ("scope", models.JSONField(default=dict)),
                ("scope_text", models.CharField(max_length=400, verbose_name="检查对象")),
                ("stratified_by", models.CharField(default="credit", max_length=16)),
                ("layering", models.JSONField(default=dict)),
                ("mode", models.CharField(default="rate", max_length=8)),
                ("strata", models.JSONField(default=list)),
                ("class_rates", models.JSONField(default=dict)),
                ("total", models.PositiveIntegerField(null=True)),
                ("slots", models.JSONField(default=list)),
                ("assign_mode", models.CharField(default="cluster", max_length=8)),
                ("bundle_size", models.PositiveIntegerField(default=20)),
                ("method", models.CharField(default="on_site", max_length=20, verbose_name="检查方式")),
                ("method_reason", models.CharField(blank=True, max_length=300, verbose_name="实地检查理由")),
                ("ratio_text", models.CharField(max_length=200, verbose_name="抽查比例")),
                ("starts_on", models.DateField()),
                ("finishes_on", models.DateField(verbose_name="完成时间")),
                ("drafted_by", models.CharField(max_length=20)),
                ("approved_by", models.CharField(blank=True, max_length=20)),
                ("approved_at", models.DateTimeField(null=True)),
                ("paper_approval", models.BooleanField(default=False, verbose_name="线下审批")),
                ("approval_scan", models.CharField(blank=True, max_length=64)),
                ("approval_signer", models.CharField(blank=True, max_length=40, verbose_name="签批人")),
                ("approval_signed_on", models.DateField(null=True, verbose_name="签批日期")),
                ("approval_entered_by", models.CharField(blank=True, max_length=20)),
                (
                    "sheet",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schemes",
                        to="plans.schemesheet",
                    ),
                ),
                ("returned_reason", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
                ("returned_by", models.CharField(blank=True, max_length=20)),
                ("returned_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        fields=("number",),
                        name="a_scheme_number_is_given_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("finishes_on__gte", models.F("starts_on"))),
                        name="scheme_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by", "")),
                            models.Q(
                                ("approved_at__isnull", False), models.Q(("approved_by", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="approval_has_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approval_entered_by", ""),
                            ("approved_by", ""),
                            models.Q(("approval_entered_by", models.F("approved_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="who_enters_a_paper_approval_does_not_confirm_it",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="MergeDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="plans.task"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="plans.task"
                    ),
                ),
                ("accepted", models.BooleanField()),
                (
                    "lead",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("shared", models.PositiveIntegerField()),
                ("saved", models.DecimalField(decimal_places=2, max_digits=12)),
                ("decided_by", models.CharField(max_length=20)),
                ("decided_at", models.DateTimeField()),
                ("undone_by", models.CharField(blank=True, max_length=20)),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("first", "second"),
                        name="a_pair_has_one_live_decision",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="WorkShare",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="plans.task"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                        verbose_name="承办单位",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                        verbose_name="辖区",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="开始")),
                ("ends_on", models.DateField(verbose_name="结束")),
                ("leader", models.CharField(blank=True, max_length=40, verbose_name="带队负责人")),
                ("position", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("task", "position"), name="a_share_has_its_place_in_a_task"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="share_ends_after_it_starts",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SchemeDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("owner", models.CharField(max_length=20)),
                (
                    "plan_row",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.planrow",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plans.task",
                    ),
                ),
                ("given", models.JSONField(default=dict)),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "plan_row"), name="one_scheme_draft_a_row_and_person"
                    ),
                    models.UniqueConstraint(
                        fields=("owner", "task"), name="one_scheme_draft_a_task_and_person"
                    ),
                ],
                "indexes": [],
            },
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
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="plans.annualplan",
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "version"), name="plan_edition_is_numbered_once")
                ],
                "indexes": [],
            },
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
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendment",
                        to="plans.annualplan",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="调整原因")),
                ("changes", models.JSONField(default=list)),
                ("drafted_by", models.CharField(max_length=20)),
                ("drafted_at", models.DateTimeField()),
                ("returned_reason", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
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
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="plans.planedition",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.agency"
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("confirmed_by", models.CharField(blank=True, max_length=20)),
                ("signer", models.CharField(blank=True, max_length=40, verbose_name="签收人")),
                ("signed_on", models.DateField(null=True, verbose_name="签收日期")),
                ("on_paper", models.BooleanField(default=False, verbose_name="纸质签收")),
                ("urged_at", models.DateTimeField(null=True)),
                ("urged_times", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "agency"), name="a_unit_confirms_an_edition_once"
                    )
                ],
                "indexes": [],
            },
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
                (
                    "agency",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_letter",
                        to="accounts.agency",
                    ),
                ),
                ("text", models.TextField()),
                ("edited_by", models.CharField(max_length=20)),
                ("edited_at", models.DateTimeField()),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
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
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadline_changes",
                        to="plans.task",
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
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
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
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.agency",
                        verbose_name="对应单位",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                ("edited_by", models.CharField(max_length=20)),
                ("edited_at", models.DateTimeField()),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        *(migrations.RunPython(guard.install, guard.remove) for guard in GUARDS),
    ]
