"""
The register of document numbers (文号登记): per agency, kind and year the next number to give out.

Source: domain workflow §8.2 (numbered separately per kind), data_standards §8.
"""

from __future__ import annotations

from django.db import models


class DocumentNumber(models.Model):
    """The next number of one series; the agency is a code in plain text, so that it outlives reorganisation."""

    agency_code = models.CharField(max_length=36)
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    next = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_code", "kind", "year"], name="document_numbers_have_one_row_a_series"
            ),
            models.CheckConstraint(condition=models.Q(next__gte=1), name="document_numbers_begin_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_code} {self.kind} {self.year}"
