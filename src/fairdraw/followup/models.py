"""
Each finding to its end (后续处置; N05): owner, measure, document, deadline, evidence, end.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairdraw.accounts.models import Agency
from fairdraw.files.models import StoredFile
from fairdraw.followup.states import FollowUpState, ListingState, RepairState
from fairdraw.inspections.models import Inspection
from fairdraw.registers.models import Item, Target


class Finding(models.Model):
    """A problem found (发现问题), from a result code of an inspection."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings")
    code = models.CharField(max_length=2)
    item = models.ForeignKey(Item, models.PROTECT, null=True)
    description = models.CharField(max_length=400)
    found_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inspection", "code", "item"], name="a_finding_is_entered_once"),
            models.UniqueConstraint(
                fields=["inspection", "code"],
                condition=models.Q(item__isnull=True),
                name="a_code_is_found_once",
            ),
        ]


class FollowUp(models.Model):
    """What is done about a finding (后续处置)."""

    finding = models.OneToOneField(Finding, models.PROTECT, related_name="follow_up")
    owner = models.ForeignKey(Agency, models.PROTECT)
    state = models.CharField(max_length=12, default=FollowUpState.OPEN.value)
    measure = models.CharField(max_length=24, blank=True)
    document_number = models.CharField(max_length=60, blank=True)
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    opened_on = models.DateField()
    started_on = models.DateField(null=True)
    due_on = models.DateField()
    submitted_on = models.DateField(null=True)
    verified_on = models.DateField(null=True)
    evidence = models.ForeignKey(StoredFile, models.PROTECT, null=True)
    handed_to = models.CharField(max_length=100, blank=True)
    closed_on = models.DateField(null=True)
    closed_how = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in FollowUpState]),
                name="follow_up_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=models.Q(started_on__isnull=True)
                | ~models.Q(measure="") & (~models.Q(document_number="") | ~models.Q(reason="")),
                name="a_started_follow_up_has_measure_and_ground",
            ),
            models.CheckConstraint(
                condition=~models.Q(measure="none_needed"), name="a_problem_is_never_left_without_a_measure"
            ),
        ]


class Listing(models.Model):
    """An abnormal-operation listing or marking (列入经营异常名录、标记)."""

    target = models.ForeignKey(Target, models.PROTECT, related_name="listings")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True)
    kind = models.CharField(max_length=8)  # listing, marking
    ground = models.CharField(max_length=24)
    state = models.CharField(max_length=20, default=ListingState.GUIDANCE.value)
    guidance_on = models.DateField(null=True)
    decision_number = models.CharField(max_length=60, blank=True)
    due_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)


class Repair(models.Model):
    """A credit repair (信用修复)."""

    target = models.ForeignKey(Target, models.PROTECT, related_name="repairs")
    listing = models.ForeignKey(Listing, models.PROTECT, null=True)
    state = models.CharField(max_length=16, default=RepairState.REQUESTED.value)
    requested_on = models.DateField()
    due_on = models.DateField()
    decided_on = models.DateField(null=True)
