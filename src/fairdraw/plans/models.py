"""
The plan of the year: rows with versions, tasks, schemes (年度抽查计划、抽查任务、抽查方案; N07–N12).

A published plan is never edited: an amendment is a new version of a row with its reason. A row that
cannot be planned is held with its reason, never guessed.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairdraw.accounts.models import Agency
from fairdraw.plans.states import AgencyRole, Channel, PlanState, TaskKind, TaskState
from fairdraw.registers.models import Item, ItemVersion


class AnnualPlan(models.Model):
    """The annual plan of a bureau (年度抽查工作计划)."""

    agency = models.ForeignKey(Agency, models.PROTECT)
    year = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=12, default=PlanState.DRAFT.value)
    version = models.PositiveIntegerField(default=1)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    issued_on = models.DateField(null=True)
    submitted_by = models.CharField(max_length=20, blank=True)
    returned_reason = models.CharField(_("退回原因"), max_length=300, blank=True)
    approved_by = models.CharField(max_length=20, blank=True)
    approved_at = models.DateTimeField(null=True)
    filed_with = models.CharField(_("备案机关"), max_length=100, blank=True)
    filing_number = models.CharField(_("报备文号"), max_length=60, blank=True)
    filed_on = models.DateField(_("报备日期"), null=True)
    filing_receipt = models.CharField(_("备案回执"), max_length=100, blank=True)
    filing_receipt_on = models.DateField(_("回执日期"), null=True)
    published_at = models.DateTimeField(null=True)
    invented = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="one_plan_for_a_bureau_and_year"),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in PlanState]), name="plan_has_a_known_state"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanRow(models.Model):
    """A row of the plan table: the identity across its versions."""

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField()
    source_no = models.CharField(max_length=20, blank=True)
    upstream = models.CharField(_("上级来源"), max_length=200, blank=True)
    local_reason = models.CharField(_("本地理由"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_row_is_numbered_once"),
        ]


class PlanRowVersion(models.Model):
    """What a row says: as read from the bureau's table, or as amended."""

    row = models.ForeignKey(PlanRow, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField(default=1)
    task_name = models.CharField(max_length=200)
    check_type = models.CharField(max_length=20, blank=True)
    items: Any = models.JSONField(default=list)
    object_scope = models.CharField(max_length=400, blank=True)
    initiator = models.CharField(max_length=100, blank=True)
    participants: Any = models.JSONField(default=list)
    ratio_min = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    ratio_max = models.DecimalField(max_digits=7, decimal_places=6, null=True)
    ratio_by_class: Any = models.JSONField(default=dict)
    ratio_by_kind: Any = models.JSONField(default=dict)
    count_min = models.PositiveIntegerField(null=True)
    count_max = models.PositiveIntegerField(null=True)
    count_by_class: Any = models.JSONField(default=dict)
    classes_excluded: Any = models.JSONField(default=list)
    window_start = models.DateField(null=True)
    window_end = models.DateField(null=True)
    raw: Any = models.JSONField(default=dict)
    problems: Any = models.JSONField(default=list)
    dropped = models.BooleanField(_("取消"), default=False)
    held_reason = models.CharField(_("暂缓原因"), max_length=300, blank=True)
    reason = models.CharField(_("调整原因"), max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["row", "version"], name="row_version_is_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(ratio_max__isnull=True) | models.Q(ratio_max__lte=1),
                name="ratio_is_at_most_one",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(window_start__isnull=True)
                    | models.Q(window_end__isnull=True)
                    | models.Q(window_end__gte=models.F("window_start"))
                ),
                name="window_ends_after_it_starts",
            ),
        ]


class Task(models.Model):
    """A task (抽查任务): what is drawn once per purpose. Its number is its part code in draws."""

    number = models.CharField(_("任务编号"), max_length=20, unique=True)
    name = models.CharField(_("任务名称"), max_length=200)
    year = models.PositiveIntegerField()
    plan_row = models.ForeignKey(PlanRow, models.PROTECT, null=True, related_name="tasks")
    row_version = models.ForeignKey(PlanRowVersion, models.PROTECT, null=True)
    kind = models.CharField(max_length=20, default=TaskKind.DOUBLE_RANDOM.value)
    channel = models.CharField(max_length=12, default=Channel.FAIRDRAW.value)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="tasks", verbose_name=_("承办单位"))
    state = models.CharField(max_length=12, default=TaskState.DRAFTING.value)
    window_start = models.DateField()
    window_end = models.DateField()
    due_on = models.DateField(_("办结期限"))
    exempt_field = models.CharField(_("专业领域"), max_length=40, blank=True)
    exempt_reason = models.CharField(max_length=200, blank=True)
    local_reason = models.CharField(_("本地理由"), max_length=300, blank=True)
    hand_picked_reason = models.CharField(max_length=300, blank=True)
    unannounced = models.BooleanField(_("不预先通知"), default=False)
    held_reason = models.CharField(_("暂缓原因"), max_length=300, blank=True)
    invented = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    summary_due_on = models.DateField(null=True)
    summarised_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in TaskState]), name="task_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in TaskKind]), name="task_has_a_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=[c.value for c in Channel]), name="task_has_a_known_channel"
            ),
            models.CheckConstraint(
                condition=models.Q(window_end__gte=models.F("window_start")), name="task_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=TaskKind.DOUBLE_RANDOM.value) | ~models.Q(hand_picked_reason=""),
                name="hand_picked_work_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=TaskState.HELD.value) | ~models.Q(held_reason=""),
                name="a_held_task_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TaskItem(models.Model):
    """An item that a task checks, with the version it was planned on."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="task_items")
    item = models.ForeignKey(Item, models.PROTECT)
    version = models.ForeignKey(ItemVersion, models.PROTECT)
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "item"], name="an_item_stands_once_in_a_task"),
        ]


class TaskAgency(models.Model):
    """An agency's part in a task: lead, partner, executor (发起、配合、实施)."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="task_agencies")
    agency = models.ForeignKey(Agency, models.PROTECT)
    role = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "agency"], name="an_agency_has_one_part_in_a_task"),
            models.CheckConstraint(
                condition=models.Q(role__in=[r.value for r in AgencyRole]), name="part_has_a_known_role"
            ),
        ]


class SchemeSheet(models.Model):
    """
    One approval sheet for a batch of schemes (抽查方案审批表), with the list of the schemes as its annex.

    A scheme that is written anew leaves the sheet; a sheet that was decided is kept as it is.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="scheme_sheets")
    year = models.PositiveIntegerField()
    number = models.CharField(_("审批表编号"), max_length=60, unique=True)
    made_by = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    returned_reason = models.CharField(_("退回原因"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(returned_at__isnull=True) | ~models.Q(returned_reason=""),
                name="a_returned_sheet_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Scheme(models.Model):
    """
    How a task draws (抽查方案; N12): targets, departments, items, ratio, finishing time.

    ``scope`` is ``{"tags": [...], "kinds": [...], "registered_from": "…" or null, "stations": [...],
    "classes_excluded": [...]}``. ``strata`` are rows of the protocol's allocation (vdraw/1 §10) by class, or
    the one stratum ``N``. ``slots`` are ``[{"agency", "qualification"}]``. ``layering`` tells strata of one's own
    (``strata.Layering``; ``stratified_by`` is then ``own``).
    """

    task = models.OneToOneField(Task, models.PROTECT, related_name="scheme")
    name = models.CharField(_("方案名称"), max_length=200)
    name_key = models.CharField(max_length=210, unique=True, null=True)  # year and name, while the task lives
    number = models.CharField(_("方案编号"), max_length=60, blank=True)
    scope: Any = models.JSONField(default=dict)
    scope_text = models.CharField(_("检查对象"), max_length=400)
    stratified_by = models.CharField(max_length=16, default="credit")  # credit, mix, own, none
    layering: Any = models.JSONField(default=dict)
    mode = models.CharField(max_length=8, default="rate")  # rate, fixed, total, all
    strata: Any = models.JSONField(default=list)
    class_rates: Any = models.JSONField(default=dict)  # {"A": "3/200", …}: exact fractions, empty when flat
    total = models.PositiveIntegerField(null=True)
    slots: Any = models.JSONField(default=list)
    assign_mode = models.CharField(max_length=8, default="cluster")
    bundle_size = models.PositiveIntegerField(default=20)
    method = models.CharField(_("检查方式"), max_length=20, default="on_site")
    method_reason = models.CharField(_("实地检查理由"), max_length=300, blank=True)
    ratio_text = models.CharField(_("抽查比例"), max_length=200)
    starts_on = models.DateField()
    finishes_on = models.DateField(_("完成时间"))
    drafted_by = models.CharField(max_length=20)
    approved_by = models.CharField(max_length=20, blank=True)
    approved_at = models.DateTimeField(null=True)
    paper_approval = models.BooleanField(_("线下审批"), default=False)
    approval_scan = models.CharField(max_length=64, blank=True)
    approval_signer = models.CharField(_("签批人"), max_length=40, blank=True)
    approval_signed_on = models.DateField(_("签批日期"), null=True)
    approval_entered_by = models.CharField(max_length=20, blank=True)
    sheet = models.ForeignKey(SchemeSheet, models.PROTECT, null=True, related_name="schemes")
    returned_reason = models.CharField(_("退回原因"), max_length=300, blank=True)
    returned_by = models.CharField(max_length=20, blank=True)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="a_scheme_number_is_given_once"
            ),
            models.CheckConstraint(
                condition=models.Q(finishes_on__gte=models.F("starts_on")), name="scheme_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(approved_at__isnull=True, approved_by="")
                    | (models.Q(approved_at__isnull=False) & ~models.Q(approved_by=""))
                ),
                name="approval_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(approval_entered_by="")
                    | models.Q(approved_by="")
                    | ~models.Q(approval_entered_by=models.F("approved_by"))
                ),
                name="who_enters_a_paper_approval_does_not_confirm_it",
            ),
        ]


class MergeDecision(models.Model):
    """
    Whether two overlapping tasks are checked together (合并建议的采纳、不采纳; rules.md A3; N06, N21).

    Tasks that accepted decisions connect form one joint check: drawn in one pool with one key. A decision that is
    taken back stays; ``shared`` and ``saved`` are what the proposal said when it was decided.
    """

    first = models.ForeignKey(Task, models.PROTECT, related_name="+")
    second = models.ForeignKey(Task, models.PROTECT, related_name="+")
    accepted = models.BooleanField()
    lead = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("理由"), max_length=300)
    shared = models.PositiveIntegerField()
    saved = models.DecimalField(max_digits=12, decimal_places=2)
    decided_by = models.CharField(max_length=20)
    decided_at = models.DateTimeField()
    undone_by = models.CharField(max_length=20, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=models.Q(undone_at__isnull=True),
                name="a_pair_has_one_live_decision",
            ),
        ]


class WorkShare(models.Model):
    """
    A share of a task's work (任务分工; N10): which unit, in which area, in which weeks, led by whom.

    It plans who organises the visits, never how many a person makes; inspectors are drawn all the same. An empty
    area is the whole of the task's.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="shares")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("承办单位"))
    area = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+", verbose_name=_("辖区"))
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))
    leader = models.CharField(_("带队负责人"), max_length=40, blank=True)
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "position"], name="a_share_has_its_place_in_a_task"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="share_ends_after_it_starts"
            ),
        ]


class SchemeDraft(models.Model):
    """
    What somebody has typed so far on the pages of the scheme wizard (方案向导), kept until it becomes a scheme.

    ``given`` holds the fields as they were typed, right or wrong: ``{"name": ["…"], …}``.
    """

    owner = models.CharField(max_length=20)
    plan_row = models.ForeignKey(PlanRow, models.PROTECT, null=True, related_name="+")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="+")
    given: Any = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "plan_row"], name="one_scheme_draft_a_row_and_person"),
            models.UniqueConstraint(fields=["owner", "task"], name="one_scheme_draft_a_task_and_person"),
        ]


class PlanEdition(models.Model):
    """
    A version of the plan as it was made public (计划的一个公布版本; rules.md E4): never changed, only its number filled back.

    ``rows`` is the whole table of that version (``plans.editions.rows_of``).
    """

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="editions")
    version = models.PositiveIntegerField()
    reason = models.CharField(_("调整原因"), max_length=300, blank=True)
    rows: Any = models.JSONField()
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True)
    drafted_by = models.CharField(max_length=20, blank=True)
    approved_by = models.CharField(max_length=20, blank=True)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "version"], name="plan_edition_is_numbered_once"),
        ]


class PlanAmendment(models.Model):
    """
    What is to change in a published plan (计划调整), until somebody else than its drafter makes it public.

    ``changes`` is ``[{"kind": "add" | "change" | "drop", "row": number or null, "entry": {…}}]``.
    """

    plan = models.OneToOneField(AnnualPlan, models.PROTECT, related_name="amendment")
    reason = models.CharField(_("调整原因"), max_length=300)
    changes: Any = models.JSONField(default=list)
    drafted_by = models.CharField(max_length=20)
    drafted_at = models.DateTimeField()
    returned_reason = models.CharField(_("退回原因"), max_length=300, blank=True)


class PlanReceipt(models.Model):
    """A unit's receipt of a version of the plan (计划签收): on screen, or on paper entered by the office."""

    edition = models.ForeignKey(PlanEdition, models.PROTECT, related_name="receipts")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=20, blank=True)
    signer = models.CharField(_("签收人"), max_length=40, blank=True)
    signed_on = models.DateField(_("签收日期"), null=True)
    on_paper = models.BooleanField(_("纸质签收"), default=False)
    urged_at = models.DateTimeField(null=True)
    urged_times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "agency"], name="a_unit_confirms_an_edition_once"),
        ]


class PlanLetter(models.Model):
    """The bureau's own text of the notice that issues the plan (通知正文模板)."""

    agency = models.OneToOneField(Agency, models.PROTECT, related_name="plan_letter")
    text = models.TextField()
    edited_by = models.CharField(max_length=20)
    edited_at = models.DateTimeField()


class DeadlineChange(models.Model):
    """A deadline that the superior moved (上级调整时限), with its document; the task keeps every one."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="deadline_changes")
    before = models.DateField()
    asked_on = models.DateField(_("上级要求时限"))
    due_on = models.DateField(_("办结期限"))
    document_number = models.CharField(_("文号"), max_length=60)
    document_on = models.DateField(_("文件日期"))
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    changed_by = models.CharField(max_length=20)
    changed_at = models.DateTimeField()


class CityDivision(models.Model):
    """Which unit here answers to a division of the city bureau (市局处室对应股室; N14)."""

    name = models.CharField(_("市局处室"), max_length=100, unique=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("对应单位"))
    note = models.CharField(_("备注"), max_length=200, blank=True)
    edited_by = models.CharField(max_length=20)
    edited_at = models.DateTimeField()
