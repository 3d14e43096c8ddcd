"""
Rows of the rulebook (规则库): what regulation fixes, each with its clause and its period of validity.

A rule that changes gets a new row and an end to the old one; triggers refuse periods that overlap.
Other stages keep a row's ``code``, never its key. Rows are written by ``services`` alone, which also
renews the edition that every reader's copy is checked against.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fairdraw.rulebook.states import (
    CERTAINTY_LABELS,
    DEADLINE_UNIT_LABELS,
    MAY_BE_SHOWN_AS_LAW,
    ORIGIN_LABELS,
    Certainty,
    DeadlineUnit,
    Origin,
)


class DatedRow(models.Model):
    """
    What every row of regulation has: code, scope, period, source.

    ``scope`` is empty for the whole installation, or an agency's path ("/1/7/") for it and all below.
    The period is half-open: from ``starts_on`` until the day before ``ends_on``.
    """

    code = models.CharField(max_length=64)
    scope = models.CharField(max_length=255, blank=True, default="")
    label = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=200, blank=True, default="")
    clause = models.CharField(max_length=200, blank=True, default="")
    certainty = models.CharField(max_length=2, choices=[(m.value, CERTAINTY_LABELS[m]) for m in Certainty])
    shown_as_law = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")
    origin = models.CharField(
        max_length=8, choices=[(m.value, ORIGIN_LABELS[m]) for m in Origin], default=Origin.OFFICE.value
    )

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["code", "scope", "starts_on"], name="%(class)s_starts_once_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="%(class)s_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(certainty__in=[m.value for m in Certainty]), name="%(class)s_certainty_is_a_tag"
            ),
            models.CheckConstraint(
                condition=Q(shown_as_law=False)
                | (Q(certainty__in=sorted(m.value for m in MAY_BE_SHOWN_AS_LAW)) & ~Q(document="")),
                name="%(class)s_is_law_only_with_a_source",
            ),
            models.CheckConstraint(
                condition=Q(origin__in=[m.value for m in Origin]), name="%(class)s_origin_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class Number(DatedRow):
    """One number of regulation (规则数值); kept as text so that 0.035 stays 0.035 on every database."""

    value = models.CharField(max_length=32)
    unit = models.CharField(max_length=24)


class DeadlineRule(DatedRow):
    """One time limit (期限), D1 to D26 of the workflow."""

    amount = models.IntegerField(default=0)  # negative: so long before the event
    unit = models.CharField(max_length=8, choices=[(m.value, DEADLINE_UNIT_LABELS[m]) for m in DeadlineUnit])
    extension = models.PositiveIntegerField(default=0)
    month_day = models.CharField(max_length=5, blank=True, default="")
    rolls = models.BooleanField(default=False)
    starts = models.CharField(max_length=64)
    ends = models.CharField(max_length=64)

    class Meta(DatedRow.Meta):
        constraints = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(unit__in=[m.value for m in DeadlineUnit]), name="deadlinerule_unit_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(unit=DeadlineUnit.DATE.value) & ~Q(month_day="") & Q(amount=0))
                | (~Q(unit=DeadlineUnit.DATE.value) & Q(month_day="")),
                name="deadlinerule_is_a_length_or_a_date",
            ),
        ]


class ResultCodeRule(DatedRow):
    """One code of an inspection's result (抽查检查结果), 01 to 13."""

    identifier = models.CharField(max_length=32)
    is_problem = models.BooleanField()
    is_status = models.BooleanField()
    alone = models.BooleanField(default=False)
    excludes = models.CharField(max_length=64, blank=True, default="")
    headline_order = models.PositiveSmallIntegerField()
    next_step = models.CharField(max_length=200)
    evidence = models.CharField(max_length=32, blank=True, default="")

    class Meta(DatedRow.Meta):
        constraints = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(is_problem=False) | Q(is_status=False), name="resultcoderule_is_problem_or_status"
            ),
        ]


class MeasureRule(DatedRow):
    """One way to deal with what was found (后续处置措施)."""

    for_problem = models.BooleanField()
    for_clean = models.BooleanField()
    needs_number = models.BooleanField(default=False)
    needs_reason = models.BooleanField(default=False)
    deadline = models.CharField(max_length=16, blank=True, default="")
    order = models.PositiveSmallIntegerField()


class ExclusionRule(DatedRow):
    """One reason to take a drawn target out before the visit (排除原因)."""

    needs_note = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField()


class ExemptFieldRule(DatedRow):
    """One professional field (专业领域) that the 85 % of class-dependent draws leaves out."""

    reason = models.TextField()

    class Meta(DatedRow.Meta):
        constraints = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(condition=~Q(reason=""), name="exemptfieldrule_says_why"),
        ]


class ClassRateRule(DatedRow):
    """The share of one stratum to be drawn (抽查比例); ``code`` is the set and the stratum, ``default:A``."""

    set_code = models.CharField(max_length=32)
    stratum = models.CharField(max_length=16)
    ratio = models.CharField(max_length=16)
    order = models.PositiveSmallIntegerField()


class HolidayDay(models.Model):
    """One day that differs from the plain week (节假日、调休上班)."""

    day = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class KnownYear(models.Model):
    """A year whose holiday notice is entered, and where it came from (放假安排)."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200)
    origin = models.CharField(
        max_length=8, choices=[(m.value, ORIGIN_LABELS[m]) for m in Origin], default=Origin.OFFICE.value
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(origin__in=[m.value for m in Origin]), name="knownyear_origin_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.source}"


class Edition(models.Model):
    """
    The digest of all rows as they are now (规则库版本): one row, read once by each page.

    A digest rather than a counter: a change that was rolled back leaves no stale copy behind.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="edition_is_one_row")]

    def __str__(self) -> str:
        return self.digest
