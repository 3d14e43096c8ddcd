"""
What each target has borne: visits of every kind, so that caps mean something (N06, X05).

Written by later stages; random inspections are entered when a visit is to come and kept when it is made, others
by import. Beside them stand the special campaigns (专项检查) and the days on which nobody should call (停检期).
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairdraw.accounts.models import Agency
from fairdraw.registers.models import Item, Target


class BorneVisit(models.Model):
    """One visit that a target has had or is to have (入企检查记录)."""

    target = models.ForeignKey(Target, models.PROTECT, related_name="borne")
    visited_on = models.DateField()  # of one that is to come: the last day of its task
    agency = models.ForeignKey(Agency, models.PROTECT, null=True)
    kind = models.CharField(max_length=24)  # double_random, case_inspection, special_campaign, …
    items_count = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=60)
    reference = models.CharField(max_length=60, blank=True)
    waiting = models.BooleanField(_("待检查"), default=False)
    higher = models.BooleanField(_("上级检查"), default=False)
    unit_name = models.CharField(_("检查单位"), max_length=100, blank=True)  # of one that has no account here
    items = models.CharField(_("检查事项"), max_length=400, blank=True)  # ",A01,B02,": codes, sorted
    exempt_code = models.CharField(_("不计入频次上限的原因"), max_length=24, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["target", "visited_on"], name="borne_target_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "source", "reference"],
                condition=~models.Q(reference=""),
                name="a_visit_is_borne_once",
            )
        ]


class Campaign(models.Model):
    """A special campaign (专项检查) with the document that approved it (rules.md E5)."""

    name = models.CharField(_("名称"), max_length=200)
    organised_by = models.CharField(_("组织单位"), max_length=100)
    document_number = models.CharField(_("批准文号"), max_length=60)
    approved_by = models.CharField(_("批准机关"), max_length=100)
    approved_on = models.DateField(_("批准日期"))
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    scope_text = models.CharField(_("检查范围"), max_length=400, blank=True)
    items = models.ManyToManyField(Item, related_name="campaigns")
    entered_by = models.CharField(max_length=20)
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="campaign_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Blackout(models.Model):
    """Days on which targets of an industry or place should not be visited (停检期): harvest, exams, Spring Festival."""

    name = models.CharField(_("名称"), max_length=100)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))  # the last day itself
    industry = models.CharField(
        _("行业"), max_length=8, blank=True
    )  # beginning of the code; empty: every one
    tag = models.CharField(_("监管标签"), max_length=40, blank=True)
    station = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    town = models.CharField(_("乡镇"), max_length=40, blank=True)
    reason = models.CharField(_("依据或原因"), max_length=200)
    entered_by = models.CharField(max_length=20)
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="blackout_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.name
