"""
Who works here: agencies as a tree, accounts, dated memberships (机关、账号、任职).

Inspectors (执法检查人员) are not accounts: they are rows of the inspector directory, and an inspector
who also signs in has a link to an account there.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from fairdraw.kernel.actor import Duty

DUTY_LABELS = {
    Duty.LEADER: _("负责人"),
    Duty.OFFICE: _("领导小组办公室"),
    Duty.PLANNER: _("计划岗"),
    Duty.SUPERVISOR: _("监督岗"),
    Duty.INSPECTOR: _("检查岗"),
    Duty.CLERK: _("内勤"),
    Duty.REVIEWER: _("审核岗"),
    Duty.AUDITOR: _("审计"),
    Duty.SYSTEM_ADMIN: _("系统管理员"),
    Duty.SECURITY_ADMIN: _("安全管理员"),
    Duty.AUDIT_ADMIN: _("审计管理员"),
}
ADMINISTRATORS = (Duty.SYSTEM_ADMIN, Duty.SECURITY_ADMIN, Duty.AUDIT_ADMIN)  # 三员
WORK = tuple(duty for duty in Duty if duty not in ADMINISTRATORS)  # duties of daily work


class AgencyKind(models.TextChoices):
    """What an agency is."""

    BUREAU = "bureau", _("局")
    SECTION = "section", _("股室")
    STATION = "station", _("市场监管所")
    DEPARTMENT = "department", _("其他部门")


CODE_LETTERS = {AgencyKind.SECTION: "g", AgencyKind.STATION: "s", AgencyKind.DEPARTMENT: "d"}


class Installation(models.Model):
    """
    What this database is for: one row, never changed.

    A rehearsal (演练) draws under an organisation that begins with ``rehearsal-``; a live installation
    never does. The draw tables read this row in their triggers (vdraw/1 §2, §13; ADR 0004).
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    org = models.CharField(_("抽取机关代码"), max_length=36)
    name = models.CharField(_("名称"), max_length=100)
    region_name = models.CharField(_("地区"), max_length=40)
    division_code = models.CharField(_("行政区划代码"), max_length=12)
    rehearsal = models.BooleanField(_("演练"))
    mark = models.CharField(_("标注"), max_length=60, blank=True)
    practice_at = models.DateTimeField(_("练习时间"), null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one_row"),
            models.CheckConstraint(
                condition=(
                    models.Q(rehearsal=True, org__startswith="rehearsal-")
                    | (models.Q(rehearsal=False) & ~models.Q(org__startswith="rehearsal-"))
                ),
                name="rehearsal_shows_in_org",
            ),
        ]


class Agency(models.Model):
    """An agency (机关、股室、所、部门) in the tree; ``path`` is "/1/7/" from the root to itself."""

    code = models.CharField(_("代码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    kind = models.CharField(_("类型"), max_length=16, choices=AgencyKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=200, unique=True)
    division_code = models.CharField(_("行政区划代码"), max_length=12, blank=True)
    number_prefix = models.CharField(_("机关代字"), max_length=20, blank=True)
    telephone = models.CharField(_("联系电话"), max_length=40, blank=True)
    opens_on = models.DateField()
    closes_on = models.DateField(null=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="predecessors", verbose_name=_("承接单位")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in AgencyKind]), name="agency_has_a_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name


class FormerName(models.Model):
    """A name that a unit bore until a day (曾用名): files that still write it mean the unit."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=40, blank=True)
    until = models.DateField()
    document = models.CharField(_("依据文件"), max_length=100)


class UserManager(BaseUserManager["User"]):
    """Finds accounts by their sign-in name."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The account named *username*."""
        return self.get(username=username)


class User(AbstractBaseUser):
    """An account of one person. There is no standing superuser."""

    username = models.CharField(_("账号"), max_length=40, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    is_active = models.BooleanField(default=True)
    practice = models.BooleanField(_("练习账号"), default=False)
    first_password = models.BooleanField(_("初始密码"), default=False)  # somebody else knows it
    created_at = models.DateTimeField()

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A duty of a person in an agency, from a day to a day (任职). Half-open: ``ends_on`` is the day after."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    duty = models.CharField(_("职责"), max_length=16, choices=[(d.value, DUTY_LABELS[d]) for d in Duty])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "duty", "starts_on"], name="membership_is_entered_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=models.F("starts_on")),
                name="membership_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(duty__in=[d.value for d in Duty]), name="membership_has_a_known_duty"
            ),
        ]

    def covers(self, day: dt.date) -> bool:
        """Whether the membership holds on *day*."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


class ApiToken(models.Model):
    """A calling system (接口调用方): a secret shown once, kept as a hash, with the duties it may use."""

    name = models.CharField(max_length=60)
    agency = models.ForeignKey(Agency, models.PROTECT)
    duties: Any = models.JSONField(default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
