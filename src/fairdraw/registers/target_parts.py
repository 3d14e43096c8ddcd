"""
What the target directory keeps beside a target's row (检查对象附属信息): editions of classes, counts by class,
licences, former places. Models of this stage; :mod:`fairdraw.registers.models` gives them on.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairdraw.accounts.models import Agency


class ClassScheme(models.TextChoices):
    """Whose classes an edition holds: individual businesses are classed by a scheme of their own."""

    GENERIC = "generic", _("企业信用风险分类")
    INDIVIDUAL = "individual", _("个体工商户信用风险分类")


class ClassEdition(models.Model):
    """
    A file of classes as received (分类结果的一期), with what differs from the one before (差异报告).

    ``moves`` counts the targets by "before>after", ``-`` for none: ``{"A>B": 12, "->A": 3, "C>-": 1}``.
    """

    scheme = models.CharField(max_length=20, choices=ClassScheme.choices)
    edition = models.CharField(_("版次"), max_length=40)
    computed_on = models.DateField(_("计算日期"))
    source = models.CharField(_("来源"), max_length=100)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=20)
    targets = models.PositiveIntegerField(_("户数"))
    moves: Any = models.JSONField(default=dict)
    invented = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "edition"], name="an_edition_is_received_once"),
        ]


class ClassCount(models.Model):
    """
    How many targets of a class there are, and were drawn, where no file of classes comes (分类户数，人工录入).

    Of a *task* that was drawn elsewhere, by its number; with an empty one, of the bureau's enterprises.
    """

    agency = models.ForeignKey(Agency, models.PROTECT)
    task = models.CharField(max_length=20, blank=True)
    value = models.CharField(max_length=1)
    held = models.PositiveIntegerField(_("户数"))
    drawn = models.PositiveIntegerField(_("抽取户数"), null=True)
    computed_on = models.DateField(_("分类日期"))
    source = models.CharField(_("出自的文件"), max_length=200)
    entered_by = models.CharField(max_length=20)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "task", "value", "computed_on"], name="a_class_is_counted_once_for_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(drawn__isnull=True) | models.Q(drawn__lte=models.F("held")),
                name="no_more_are_drawn_than_there_are",
            ),
        ]


class Licence(models.Model):
    """
    A licence of a target (许可): its kind, number, validity, issuer. Both days included; none: without end.

    A *tag* that rests on licences stands on the target while one of them is valid.
    """

    target = models.ForeignKey("registers.Target", models.PROTECT, related_name="licences")
    kind = models.CharField(_("许可种类"), max_length=60)
    number = models.CharField(_("许可证编号"), max_length=60)
    valid_from = models.DateField(_("有效期自"), null=True)
    valid_to = models.DateField(_("有效期至"), null=True)
    issuer = models.CharField(_("发证机关"), max_length=100, blank=True)
    tag = models.CharField(_("监管标签"), max_length=40, blank=True)
    source = models.CharField(_("来源"), max_length=100, blank=True)
    entered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["valid_to"], name="licence_ends")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="a_licence_number_names_one_licence"),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="licence_ends_after_it_starts",
            ),
        ]


class FormerPlace(models.Model):
    """
    Where a target belonged until it moved (原管辖单位和乡镇): held until the day before *ended_on*.

    What the target's own row says has held since the last of these ended.
    """

    target = models.ForeignKey("registers.Target", models.PROTECT, related_name="former_places")
    station = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    town_code = models.CharField(max_length=12, blank=True)
    town = models.CharField(max_length=40, blank=True)
    ended_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "ended_on"], name="a_target_moves_once_a_day"),
        ]
