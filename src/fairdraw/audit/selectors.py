"""
Questions to the log: what happened, to what, by whom; proofs for receipts, bundles and witnesses.

Source: vdraw/1 §14, §15.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from fairdraw.audit import events, keys, permissions, rules, tree
from fairdraw.audit.models import Checkpoint, LogEntry
from fairdraw.kernel import merkle
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.canonical import JSON


@dataclass(frozen=True)
class Told:
    """One entry as the audit page shows it."""

    seq: int
    at: dt.datetime
    kind: str
    actor: str
    sentence: str


def entries(
    *,
    about: str | None = None,
    kind: str | None = None,
    actor_code: str | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> QuerySet[LogEntry]:
    """
    Entries in their order, narrowed by what is given.

    Args:
        about: The thing, as ``key:value``: ``draw:<UUID>``, ``task:17``.
        kind: ``draw.sealed``, or the first part with its dot for all of a stage: ``draw.``.
        actor_code: ``u:7``.
        since: From this moment on.
        until: Before this moment.
    """
    found = LogEntry.objects.order_by("seq")
    if about is not None:
        found = found.filter(about=about)
    if kind is not None:
        found = found.filter(kind__startswith=kind) if kind.endswith(".") else found.filter(kind=kind)
    if actor_code is not None:
        found = found.filter(actor=actor_code)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return found


def visible_entries(
    actor: Actor,
    *,
    about: str | None = None,
    kind: str | None = None,
    actor_code: str | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> QuerySet[LogEntry]:
    """The entries that *actor* may read, the latest first; all of them, or none."""
    found = entries(about=about, kind=kind, actor_code=actor_code, since=since, until=until)
    if not permissions.can_read_log(actor):
        return found.none()
    return found.order_by("-seq")


def told(found: Iterable[LogEntry]) -> list[Told]:
    """Say what the *found* entries mean, a sentence each."""
    return [
        Told(entry.seq, entry.at, entry.kind, entry.actor, events.sentence(entry.kind, entry.body()))
        for entry in found
    ]


def size() -> int:
    """How many entries the log has."""
    last = LogEntry.objects.order_by("-seq").values_list("seq", flat=True).first()
    return 0 if last is None else last + 1


def root(at_size: int) -> str:
    """The root (64 hex digits) over the first *at_size* entries."""
    return tree.StoredTree().root(at_size).hex()


def documents(*, about: str) -> list[tuple[int, bytes]]:
    """The exact bytes of all entries about one thing with their places: the lines of ``events.jsonl``."""
    return [(seq, bytes(document)) for seq, document in entries(about=about).values_list("seq", "document")]


def prove(seqs: Sequence[int], at_size: int) -> dict[str, JSON]:
    """
    Prove that entries are in the tree of a checkpoint.

    Args:
        seqs: Places of the entries, each below *at_size*.
        at_size: The size that the checkpoint states.

    Returns:
        What ``proofs.json`` holds: ``{"size": n, "entries": [{"seq": n, "path": [hex, …]}, …]}``.

    Raises:
        ValueError: an entry lies outside the tree.
        tree.DamagedTree: the log is shorter than *at_size*, or has lost something.

    Source: vdraw/1 §15.
    """
    stored = tree.StoredTree()
    stored.root(at_size)
    return {
        "size": at_size,
        "entries": [
            {"seq": seq, "path": [h.hex() for h in merkle.inclusion_path(seq, at_size, stored.subtree)]}
            for seq in seqs
        ],
    }


def consistency(old: int, new: int) -> list[str]:
    """
    Prove that the log of *new* entries begins with the log of *old* entries, for a witness.

    Returns:
        The path of RFC 9162, 2.1.4, as hex; under 2 KB for any log.
    """
    return [h.hex() for h in merkle.consistency_path(old, new, tree.StoredTree().subtree)]


def checkpoints() -> QuerySet[Checkpoint]:
    """All checkpoints, the latest first."""
    return Checkpoint.objects.order_by("-size", "-pk")


def verifier_key(origin: str) -> str:
    """The public key of this installation's log as witnesses keep it (C2SP vkey)."""
    return rules.verifier_key(origin, keys.log_key().public_key())
