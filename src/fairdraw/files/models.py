"""
Stored files (存储文件): photos, scans, frames, bundles. The row says that the file is there to stay.

The bytes lie in the installation's folder of files under their own hash; a row is inserted only after they are
on the disk for good, so a row without its file means damage. Source: design.md §3; vdraw/1 §13.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class StoredFile(models.Model):
    """One content, named by its SHA-256; name and media type are those it first came with."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=127)
    name = models.CharField(max_length=255)
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gte=0), name="stored_file_has_a_size")]

    def __str__(self) -> str:
        """Its name."""
        return self.name
