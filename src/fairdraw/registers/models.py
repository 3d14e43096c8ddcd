"""
One list, two directories (一单两库): items, targets, inspectors, and the year's base (N20).

Every change of the registers is an event of the log; the rows that an import changed are under the
event's Merkle root. ``Target.draw_code`` never changes: it is the identity that draws use.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairdraw.accounts.models import Agency, User
from fairdraw.files.models import StoredFile
from fairdraw.registers.target_parts import ClassCount, ClassEdition, ClassScheme, FormerPlace, Licence

__all__ = ["ClassCount", "ClassEdition", "ClassScheme", "FormerPlace", "Licence"]


class TargetKind(models.TextChoices):
    """What a target (检查对象) is; a directory also holds products, projects and places (rules.md C1)."""

    ENTERPRISE = "enterprise", _("企业")
    INDIVIDUAL = "individual_business", _("个体工商户")
    COOPERATIVE = "farmer_cooperative", _("农民专业合作社")
    FOREIGN_OFFICE = "foreign_rep_office", _("外国企业常驻代表机构")
    PRODUCT = "product", _("产品")
    PROJECT = "project", _("项目")
    PLACE = "place", _("场所")


class TargetStatus(models.TextChoices):
    """Registration status (登记状态); unknown labels are reported, never read as existing."""

    EXISTING = "existing", _("存续")
    SUSPENDED = "suspended", _("歇业")
    REVOKED = "revoked", _("吊销")
    DEREGISTERED = "deregistered", _("注销")
    ANNULLED = "annulled", _("撤销")
    MOVED_OUT = "moved_out", _("迁出")
    UNKNOWN = "unknown", _("待核")


class ItemState(models.TextChoices):
    """An item is plannable only when kind, limit and basis are confirmed (rules.md B1–B3)."""

    PENDING = "pending", _("待核")
    CONFIRMED = "confirmed", _("已确认")
    ENDED = "ended", _("停用")


class Item(models.Model):
    """An item of the item list (抽查事项): the identity that tasks point at."""

    code = models.CharField(_("编号"), max_length=40, unique=True)
    name = models.CharField(_("抽查事项"), max_length=200)

    def __str__(self) -> str:
        return self.name


class BasisType(models.TextChoices):
    """What an inspection may rest on (依据类型; rules.md B2); a normative document (规范性文件) creates none."""

    LAW = "law", _("法律")
    REGULATION = "regulation", _("行政法规")
    LOCAL_REGULATION = "local_regulation", _("地方性法规")
    RULE = "rule", _("规章")
    COUNCIL_DECISION = "council_decision", _("国务院决定")


class ItemVersion(models.Model):
    """
    What an item said from a day to a day (rules.md B5); inspections point at the version.

    ``points`` are check points ``{"question", "how", "basis", "evidence", "key"}``; of a sub-item of the list they keep
    what its own row said. ``results`` and ``measures`` are codes of the rulebook; empty allows all.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    name = models.CharField(_("抽查事项"), max_length=200)
    list_number = models.CharField(_("序号"), max_length=20, blank=True)
    category = models.TextField(_("抽查类别"), blank=True)
    content = models.TextField(_("检查内容"), blank=True)
    legal_basis = models.TextField(_("抽查依据"), blank=True)
    basis_type = models.CharField(_("依据类型"), max_length=20, blank=True, choices=BasisType.choices)
    level = models.TextField(_("抽查主体"), blank=True)
    object_text = models.TextField(_("抽查对象"), blank=True)
    kinds = models.CharField(_("适用的对象类别"), max_length=200, blank=True)  # packed as tags are
    tags = models.CharField(_("适用的监管标签"), max_length=300, blank=True)
    item_class = models.CharField(
        _("事项类型"), max_length=8, blank=True, choices=[("key", _("重点")), ("general", _("一般"))]
    )
    ratio_limit = models.DecimalField(_("比例上限"), max_digits=7, decimal_places=6, null=True)
    ratio_text = models.TextField(_("抽查比例"), blank=True)
    frequency = models.TextField(_("抽查频次"), blank=True)
    method = models.TextField(_("抽查方式"), blank=True)
    personnel = models.TextField(_("检查人员要求"), blank=True)
    qualification = models.CharField(_("检查人员资格"), max_length=40, blank=True)
    department = models.TextField(_("责任股室"), blank=True)
    points: Any = models.JSONField(_("检查要点"), default=list)
    results: Any = models.JSONField(_("可用的检查结果"), default=list)
    measures: Any = models.JSONField(_("可用的后续处置"), default=list)
    guide = models.TextField(_("检查指引"), blank=True)
    guide_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    remarks = models.TextField(_("备注"), blank=True)
    state = models.CharField(max_length=12, choices=ItemState.choices)
    published = models.BooleanField(default=False)
    invented = models.BooleanField(_("虚构"), default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.CharField(_("变更原因"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "version"], name="item_version_is_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in ItemState]), name="item_has_a_known_state"
            ),
        ]


class ItemAlias(models.Model):
    """A wording of plan tables that means an item of the list (事项别名): confirmed by a person, or an old name."""

    wording = models.CharField(max_length=400)
    plain = models.CharField(max_length=400, unique=True)
    item = models.ForeignKey(Item, models.PROTECT, related_name="aliases")
    renamed = models.BooleanField(_("原名称"), default=False)
    by = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(null=True)


class ItemEdition(models.Model):
    """An edition of the item list as issued with a document (清单公布): which versions it holds."""

    number = models.PositiveIntegerField(unique=True)
    document_number = models.CharField(_("文号"), max_length=60)
    issued_on = models.DateField(_("公布日期"))
    issued_at = models.DateTimeField()
    versions = models.ManyToManyField(ItemVersion, related_name="editions")


class TargetQuerySet(models.QuerySet["Target"]):
    """Chainable questions on the target directory."""

    def existing(self) -> TargetQuerySet:
        """Those that count as existing: 存续 and 歇业."""
        return self.filter(status__in=[TargetStatus.EXISTING, TargetStatus.SUSPENDED])

    def tagged(self, *tags: str) -> TargetQuerySet:
        """Those that carry one of *tags*."""
        condition = models.Q(pk__in=[])
        for tag in tags:
            condition |= models.Q(tags__contains=f",{tag},")
        return self.filter(condition)


class Target(models.Model):
    """An inspected subject, product, project or place (检查对象)."""

    draw_code = models.CharField(_("抽取编码"), max_length=36, unique=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, db_index=True)
    old_number = models.CharField(_("注册号"), max_length=20, blank=True)
    name = models.CharField(_("名称"), max_length=200)
    kind = models.CharField(_("类别"), max_length=24, choices=TargetKind.choices)
    entity_type = models.CharField(_("主体类型"), max_length=60, blank=True)
    status = models.CharField(_("登记状态"), max_length=16, choices=TargetStatus.choices)
    registered_on = models.DateField(_("成立日期"), null=True)
    address = models.CharField(_("住所"), max_length=300, blank=True)
    town_code = models.CharField(_("乡镇代码"), max_length=12, blank=True)
    town = models.CharField(_("乡镇"), max_length=40, blank=True)
    station = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    industry = models.CharField(_("行业"), max_length=8, blank=True)
    scope = models.TextField(_("经营范围"), blank=True)
    tags = models.CharField(_("监管标签"), max_length=300, blank=True)  # ",catering,school,": sorted
    credit_class = models.CharField(_("信用风险分类"), max_length=1, blank=True)
    credit_computed_on = models.DateField(null=True)
    abnormal = models.BooleanField(_("经营异常"), default=False)
    serious = models.BooleanField(_("严重违法失信"), default=False)
    food_grade = models.CharField(
        _("食品风险等级"), max_length=1, blank=True, db_default=""
    )  # 食品风险分级; not the class
    food_graded_on = models.DateField(_("食品风险分级日期"), null=True)
    risk_index = models.DecimalField(_("风险指数"), max_digits=8, decimal_places=2, null=True)
    risk_index_on = models.DateField(_("风险指数日期"), null=True)
    risk_index_source = models.CharField(_("风险指数来源"), max_length=60, blank=True, db_default="")
    annual_report = models.CharField(_("年报"), max_length=8, blank=True)  # filed, missing, ""
    invented = models.CharField(_("虚构部分"), max_length=60, blank=True)
    updated_at = models.DateTimeField()

    objects = TargetQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "status", "draw_code"], name="target_kind_status"),
            models.Index(fields=["station", "draw_code"], name="target_station"),
            models.Index(fields=["name"], name="target_name"),
            models.Index(fields=["credit_class", "draw_code"], name="target_class"),
            models.Index(fields=["registered_on", "draw_code"], name="target_registered"),
            models.Index(fields=["draw_code"], name="target_abnormal", condition=models.Q(abnormal=True)),
            models.Index(fields=["draw_code"], name="target_serious", condition=models.Q(serious=True)),
            models.Index(
                fields=["food_grade", "draw_code"],
                name="target_food_grade",
                condition=~models.Q(food_grade=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"], condition=~models.Q(uscc=""), name="uscc_names_one_target"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in TargetKind]), name="target_has_a_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[s.value for s in TargetStatus]),
                name="target_has_a_known_status",
            ),
            models.CheckConstraint(
                condition=models.Q(credit_class__in=["", "A", "B", "C", "D"]), name="target_has_a_known_class"
            ),
            models.CheckConstraint(
                condition=models.Q(food_grade__in=["", "A", "B", "C", "D"]),
                name="target_has_a_known_food_grade",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CreditClass(models.Model):
    """
    A credit-risk class as received (企业信用风险分类): source, date, edition; the history is kept.

    Entered where an edition changes something; an empty value: the edition no longer names the target.
    """

    target = models.ForeignKey(Target, models.PROTECT, related_name="classes")
    scheme = models.CharField(max_length=20, default="generic")
    value = models.CharField(max_length=1, blank=True)
    before = models.CharField(max_length=1, blank=True, db_default="")
    computed_on = models.DateField()
    received_at = models.DateTimeField()
    edition = models.CharField(max_length=40)
    source = models.CharField(max_length=100)
    invented = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["target", "scheme", "edition"], name="one_class_for_a_target_and_edition"
            ),
        ]


class TargetChange(models.Model):
    """One changed field of a target, with editor and reason (变更台账); its event of the log is *seq*."""

    target = models.ForeignKey(Target, models.PROTECT, related_name="changes")
    field = models.CharField(max_length=24)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    reason = models.CharField(_("理由或来源"), max_length=200, blank=True, db_default="")
    at = models.DateTimeField()
    actor = models.CharField(max_length=20)
    seq = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="target_change_at")]


class YearBase(models.Model):
    """The number of enterprises at the end of last year, from a document (年底企业实有数; N02)."""

    agency = models.ForeignKey(Agency, models.PROTECT)
    year = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    dated_on = models.DateField()
    includes_unreported = models.BooleanField(default=True)
    low_risk_count = models.PositiveIntegerField(_("信用风险低（A）的企业数"), null=True)
    invented = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="one_base_for_a_bureau_and_year"),
            models.CheckConstraint(condition=models.Q(count__gt=0), name="base_is_positive"),
        ]


class Inspector(models.Model):
    """An officer who may be drawn (执法检查人员). Not an account; may be linked to one."""

    code = models.CharField(_("编号"), max_length=36, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="inspectors")
    certificate_number = models.CharField(_("执法证号"), max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField()
    qualifications = models.CharField(_("资格"), max_length=200, blank=True)  # comma list of codes
    areas = models.CharField(_("片区"), max_length=300, default="*")  # "*" or comma list of station codes
    assistant = models.BooleanField(_("辅助人员"), default=False)
    expert = models.BooleanField(_("专家"), default=False)
    post = models.CharField(_("职务"), max_length=40, blank=True)
    trained = models.BooleanField(_("已培训"), default=True)
    trained_on = models.DateField(_("最近培训日期"), null=True)
    training = models.CharField(_("培训内容"), max_length=100, blank=True)
    active = models.BooleanField(_("在岗"), default=True)
    user = models.OneToOneField(User, models.PROTECT, null=True, related_name="inspector")
    invented = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")),
                name="certificate_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InspectorQualification(models.Model):
    """A qualification with a certificate of its own (专业资格证件), such as 特种设备安全行政执法证 (rules.md D4)."""

    inspector = models.ForeignKey(Inspector, models.PROTECT, related_name="certified")
    code = models.CharField(_("资格"), max_length=40)
    certificate_number = models.CharField(_("资格证号"), max_length=40, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspector", "code"], name="a_qualification_is_certified_once"),
        ]


class InspectorChange(models.Model):
    """One changed field of an inspector, with editor (变更台账); its event of the log is *seq*."""

    inspector = models.ForeignKey(Inspector, models.PROTECT, related_name="changes")
    field = models.CharField(max_length=24)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=20)
    seq = models.BigIntegerField()


class AbsenceKind(models.TextChoices):
    """Why an inspector is away (缺勤类别)."""

    LEAVE = "leave", _("请假")
    SECONDMENT = "secondment", _("借调")
    DUTIES = "other_duties", _("其他公务")
    STUDY = "study", _("学习培训")


class InspectorAbsence(models.Model):
    """Days on which an inspector is away (请假、借调、其他公务); half-open."""

    inspector = models.ForeignKey(Inspector, models.PROTECT, related_name="absences")
    kind = models.CharField(_("类别"), max_length=12, choices=AbsenceKind.choices, default=AbsenceKind.LEAVE)
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=40)


class DeclaredInterest(models.Model):
    """A relation that keeps an inspector away from a target (回避事由; 行政处罚法 43)."""

    inspector = models.ForeignKey(Inspector, models.PROTECT, related_name="interests")
    target = models.ForeignKey(Target, models.PROTECT, related_name="interests")
    reason = models.CharField(max_length=60)
    declared_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspector", "target"], name="an_interest_is_declared_once"),
        ]
