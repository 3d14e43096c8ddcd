"""
What each target has borne: visits of every kind, so that caps mean something (N06, X05).

Written by later stages; random inspections are entered when the visit is made, others by import.
"""

from __future__ import annotations

from django.db import models

from fairdraw.accounts.models import Agency
from fairdraw.registers.models import Target


class BorneVisit(models.Model):
    """One visit that a target has had (入企检查记录)."""

    target = models.ForeignKey(Target, models.PROTECT, related_name="borne")
    visited_on = models.DateField()
    agency = models.ForeignKey(Agency, models.PROTECT, null=True)
    kind = models.CharField(max_length=24)  # double_random, case_inspection, special_campaign, …
    items_count = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=60)
    reference = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["target", "visited_on"], name="borne_target_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "source", "reference"],
                condition=~models.Q(reference=""),
                name="a_visit_is_borne_once",
            )
        ]
