"""
Inspections: the unit of results, K2', K3, K4 (检查、通知、记录、审核).

An inspection is a drawn row × an executing agency. A visit is a door: one visit carries the
inspections of several tasks at one target (进一次门、查多项事). Each stage writes its date fact once.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairdraw.accounts.models import Agency
from fairdraw.draws.models import DrawnRow
from fairdraw.files.models import StoredFile
from fairdraw.inspections.states import InspectionState
from fairdraw.plans.models import Task
from fairdraw.registers.models import Inspector, Item, ItemVersion, Target


class Visit(models.Model):
    """One door opened once (实地检查): a date, a team, a target."""

    number = models.CharField(_("通知书文号"), max_length=60, blank=True)
    target = models.ForeignKey(Target, models.PROTECT, related_name="visits")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="visits")
    year = models.PositiveIntegerField()
    planned_on = models.DateField(null=True)
    visited_on = models.DateField(null=True)
    notified_at = models.DateTimeField(null=True)
    team = models.CharField(max_length=40, blank=True)
    bundle = models.CharField(max_length=60, blank=True)
    check_code = models.CharField(max_length=16, blank=True)
    method = models.CharField(max_length=20, default="on_site")


class Inspection(models.Model):
    """A drawn row in the hands of one agency (一次检查)."""

    row = models.ForeignKey(DrawnRow, models.PROTECT, related_name="inspections")
    task = models.ForeignKey(Task, models.PROTECT, related_name="inspections")
    target = models.ForeignKey(Target, models.PROTECT, related_name="inspections")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="inspections")
    visits = models.ManyToManyField(Visit, related_name="inspections")
    state = models.CharField(max_length=12, default=InspectionState.ASSIGNED.value)
    number = models.CharField(_("编号"), max_length=60, unique=True)
    kind = models.CharField(max_length=24)
    stratum = models.CharField(max_length=32)
    class_as_sealed = models.CharField(max_length=1, blank=True)
    unit = models.CharField(max_length=32, blank=True)
    differentiated = models.BooleanField(default=False)
    exempt = models.BooleanField(default=False)
    due_on = models.DateField()
    drawn_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True)
    checked_on = models.DateField(null=True)
    method = models.CharField(max_length=20, default="on_site")
    outcome = models.CharField(_("检查结果"), max_length=2, blank=True)  # the headline code
    outcome_codes = models.CharField(max_length=40, blank=True)  # all codes, comma list
    problem = models.BooleanField(default=False)
    measure = models.CharField(_("处置措施"), max_length=24, blank=True)
    note = models.TextField(blank=True)
    invented = models.BooleanField(_("虚构结果"), default=False)
    entered_at = models.DateTimeField(null=True)
    entered_by = models.CharField(max_length=20, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=20, blank=True)
    submitted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    excluded_at = models.DateTimeField(null=True)
    excluded_code = models.CharField(max_length=24, blank=True)
    excluded_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["task", "state"], name="inspection_task_state"),
            models.Index(fields=["agency", "state", "due_on"], name="inspection_agency_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["row", "agency"], name="one_inspection_for_a_row_and_agency"),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in InspectionState]),
                name="inspection_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=models.Q(entered_by="")
                | models.Q(reviewed_by="")
                | ~models.Q(entered_by=models.F("reviewed_by")),
                name="who_enters_does_not_review",
            ),
            models.CheckConstraint(
                condition=models.Q(excluded_at__isnull=True, excluded_code="")
                | (models.Q(excluded_at__isnull=False) & ~models.Q(excluded_code="")),
                name="an_exclusion_has_a_code",
            ),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True) | models.Q(checked_on__isnull=False),
                name="only_what_was_checked_is_published",
            ),
        ]


class Assignment(models.Model):
    """An inspector in a slot of an inspection (选派); replaced ones stay."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="assignments")
    slot = models.CharField(max_length=32)
    inspector = models.ForeignKey(Inspector, models.PROTECT, related_name="assignments")
    team = models.CharField(max_length=40, blank=True)
    replaced_at = models.DateTimeField(null=True)
    replaced_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "slot"],
                condition=models.Q(replaced_at__isnull=True),
                name="one_inspector_a_slot",
            ),
        ]


class Helper(models.Model):
    """
    An assistant or expert named for a task (辅助人员、专家; rules.md D2, D3): printed on its papers, never in a slot.

    Who is taken off stays, with the time.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="helpers")
    inspector = models.ForeignKey(Inspector, models.PROTECT, related_name="+")
    work = models.CharField(_("协助内容"), max_length=60)
    named_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "inspector"],
                condition=models.Q(removed_at__isnull=True),
                name="a_helper_is_named_once",
            ),
        ]


class Answer(models.Model):
    """What the record form says of one item (检查记录: 是否检查、发现问题、处置)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="answers")
    item = models.ForeignKey(Item, models.PROTECT)
    version = models.ForeignKey(ItemVersion, models.PROTECT)
    checked = models.BooleanField()
    problem = models.CharField(max_length=400, blank=True)
    handling = models.CharField(max_length=200, blank=True)
    bulk = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "item"], name="an_item_is_answered_once"),
        ]


class Review(models.Model):
    """A reviewer's word on a record (审核意见): every one is kept."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="reviews")
    passed = models.BooleanField()
    opinion = models.CharField(max_length=300)
    actor = models.CharField(max_length=20)
    at = models.DateTimeField()


class Evidence(models.Model):
    """A photo or scan of a visit (证据), hashed at capture."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="evidence")
    stored = models.ForeignKey(StoredFile, models.PROTECT)
    kind = models.CharField(max_length=16)
    captured_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)


class Signature(models.Model):
    """A signature on the record, or why there is none (签字、拒签)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=16)
    stored = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    refused_reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()


class ReplayedRequest(models.Model):
    """An answer already given to an idempotency key of the interface (幂等键)."""

    token = models.CharField(max_length=20)
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    status = models.PositiveIntegerField()
    body: Any = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="a_key_answers_once")]
