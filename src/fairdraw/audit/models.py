"""
The append-only log (全程留痕): entries, rows of batches, kept tree nodes, checkpoints (存证点).

Triggers of the database refuse every change and removal, and every insert that is not the next one.
Actor and subject are plain text, so that nothing else can be held back or lost by the log.

Source: vdraw/1 §13, §14.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fairdraw.kernel import canonical
from fairdraw.kernel.canonical import JSON


class LogEntry(models.Model):
    """One entry (留痕条目). ``document`` is what counts; the other columns repeat it for searching."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=64)
    actor = models.CharField(max_length=64)
    about = models.CharField(max_length=128, blank=True)
    prev = models.CharField(max_length=64)
    leaf = models.CharField(max_length=64, unique=True)
    row_count = models.PositiveIntegerField(default=0)
    document = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["about", "seq"], name="log_entry_about"),
            models.Index(fields=["kind", "seq"], name="log_entry_kind"),
            models.Index(fields=["actor", "seq"], name="log_entry_actor"),
            models.Index(fields=["at"], name="log_entry_at"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(seq__gte=0), name="log_entry_seq_starts_at_zero"),
            models.CheckConstraint(condition=~Q(prev=F("leaf")), name="log_entry_does_not_follow_itself"),
        ]

    def __str__(self) -> str:
        """Its place and kind."""
        return f"{self.seq} {self.kind}"

    def body(self) -> dict[str, JSON]:
        """The event's own part of the document."""
        document = canonical.decode(bytes(self.document))
        assert isinstance(document, dict)
        body = document["body"]
        assert isinstance(body, dict)
        return body


class LogRow(models.Model):
    """One row of a batch entry, whose body holds the Merkle root over all its rows."""

    entry = models.ForeignKey(LogEntry, on_delete=models.PROTECT, related_name="rows")
    index = models.PositiveIntegerField()
    document = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "index"], name="log_row_has_one_place")]

    def __str__(self) -> str:
        """Its place."""
        return f"{self.entry_id}/{self.index}"


class LogNode(models.Model):
    """
    The root over 256 hashes of the tier below it (tier 0: leaves), complete and so never to change.

    Kept that proofs and checkpoints need not read the whole log; ``verify_log`` recomputes them.
    """

    tier = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tier", "index"], name="log_node_has_one_place"),
            models.CheckConstraint(condition=Q(tier__gte=1), name="log_node_stands_above_leaves"),
        ]

    def __str__(self) -> str:
        """Its place."""
        return f"{self.tier}/{self.index}"


class Checkpoint(models.Model):
    """A signed statement of the log's size and root (C2SP ``tlog-checkpoint``), to be published."""

    origin = models.CharField(max_length=200)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin", "size"], name="checkpoint_states_a_size_once"),
        ]

    def __str__(self) -> str:
        """Origin and size."""
        return f"{self.origin} {self.size}"
