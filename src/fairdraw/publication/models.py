"""
The life of what is made public (公示): results with versions, announcements of plans, tasks, draws.

Rows are built from an allow-list of fields. A result counts as published on a receipt of the far side
(N04): "submitted, receipt pending" is its own state.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from fairdraw.inspections.models import Inspection


class Publication(models.Model):
    """A version of a published result (公示信息)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="publications")
    version = models.PositiveIntegerField()
    channel = models.CharField(max_length=20)  # necips, portal
    row: Any = models.JSONField()
    submitted_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=20)
    acknowledged_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=100, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "version"], name="publication_version_is_numbered_once"
            ),
            models.CheckConstraint(
                condition=models.Q(acknowledged_at__isnull=True, receipt="")
                | (models.Q(acknowledged_at__isnull=False) & ~models.Q(receipt="")),
                name="acknowledgement_has_a_receipt",
            ),
        ]


class Announcement(models.Model):
    """A public notice (公告): plan, task, draw. A new version never overwrites the old one."""

    kind = models.CharField(max_length=8)  # plan, task, draw
    reference = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body: Any = models.JSONField()
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reference", "version"], name="announcement_version_is_numbered_once"
            ),
        ]
