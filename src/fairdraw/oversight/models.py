"""Oversight of the year: summaries and supervision slips (抽查工作总结、督办单; N11, N24, N25)."""

from __future__ import annotations

from django.db import models

from fairdraw.accounts.models import Agency
from fairdraw.files.models import StoredFile
from fairdraw.plans.models import Task


class Summary(models.Model):
    """A summary of a task or of the year, as sent (工作总结)."""

    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="summaries")
    agency = models.ForeignKey(Agency, models.PROTECT)
    year = models.PositiveIntegerField()
    stored = models.ForeignKey(StoredFile, models.PROTECT)
    sent_at = models.DateTimeField()


class SupervisionSlip(models.Model):
    """A supervision slip with receipt and answer (督办单)."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="slips")
    addressee = models.ForeignKey(Agency, models.PROTECT)
    text = models.CharField(max_length=400)
    issued_at = models.DateTimeField()
    due_on = models.DateField()
    received_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=400, blank=True)
