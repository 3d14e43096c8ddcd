"""
Files that people bring in by page (导入), and the columns of headers that are remembered (列对照).

The uploaded file and the report of its trial lie in the store of files; the rows here name them by digest.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairdraw.accounts.models import Agency


class ImportState(models.TextChoices):
    """How far an uploaded file is; a trial or an import under way is a job."""

    GIVEN = "given", _("待核对列")
    TRIED = "tried", _("已试导入")
    IMPORTED = "imported", _("已导入")
    WITHDRAWN = "withdrawn", _("已撤下")


class FileImport(models.Model):
    """One uploaded file, from the upload to its rows in the register."""

    kind = models.CharField(max_length=12)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    name = models.CharField(_("文件"), max_length=255)
    file = models.CharField(max_length=64)
    size = models.BigIntegerField()
    sheet = models.CharField(max_length=100, blank=True)
    header_row = models.PositiveIntegerField(default=0)
    columns: Any = models.JSONField(default=dict)
    options: Any = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.GIVEN)
    put_at = models.DateTimeField()
    put_by = models.CharField(max_length=64)
    put_by_name = models.CharField(max_length=40, blank=True)
    job = models.BigIntegerField(null=True)
    tried_at = models.DateTimeField(null=True)
    trial: Any = models.JSONField(null=True)
    report = models.CharField(max_length=64, blank=True)
    imported_at = models.DateTimeField(null=True)
    good_rows = models.BooleanField(default=False)
    outcome: Any = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "-put_at"], name="file_import_of_a_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="file_import_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state=ImportState.IMPORTED, imported_at__isnull=False)
                | (~Q(state=ImportState.IMPORTED) & Q(imported_at__isnull=True)),
                name="file_import_has_a_time_when_imported",
            ),
        ]

    def __str__(self) -> str:
        """The file's name."""
        return self.name


class ColumnMapping(models.Model):
    """The fields of a header's columns as somebody said them (列对照): offered when the header comes again."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    shape = models.CharField(max_length=64)
    columns: Any = models.JSONField()
    example = models.CharField(max_length=255, blank=True)
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=64)
    said_by_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "shape"], name="a_header_of_a_kind_is_remembered_once"
            )
        ]

    def __str__(self) -> str:
        """The file that it was said of."""
        return self.example
