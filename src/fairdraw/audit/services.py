"""
Appending to the log (留痕): the last statement of every verb, in the transaction of the change.

Source: vdraw/1 §13, §14.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, transaction

from fairdraw.audit import events, keys, rules, tree
from fairdraw.audit.models import Checkpoint, LogEntry, LogRow
from fairdraw.kernel import merkle
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.canonical import JSON

LOCK = 0x6661697264726177  # "fairdraw": the advisory lock of the log
ROWS_AT_ONCE = 1000


class OutsideTransaction(RuntimeError):
    """The log is written in the transaction of the change, never beside it: a bug."""


class WrongKeys(ValueError):
    """The body has other keys than its event declares: a bug."""


class Inconsistent(RuntimeError):
    """The log no longer begins with what the last checkpoint states; nothing is signed."""


def record(kind: str, *, actor: Actor, at: dt.datetime, body: Mapping[str, JSON]) -> LogEntry:
    """
    Append one entry to the log (记入日志).

    Names, ID and phone numbers, positions and images never enter the log: codes only, or
    :func:`fairdraw.audit.rules.blinded`. Call it last: it holds the log until the transaction ends.

    Args:
        kind: A declared event without rows.
        actor: Who did it; the code is written.
        at: When, aware; whole seconds are written.
        body: Exactly the declared keys; text, integers below 2^53, truth values, arrays, objects.

    Raises:
        OutsideTransaction: there is no transaction to write in.
        events.UndeclaredEvent: no stage has declared *kind*.
        WrongKeys: *body* has other keys than declared.
        fairdraw.kernel.canonical.NotCanonical: a value has no canonical form.

    Source: vdraw/1 §14.
    """
    if events.event(kind).is_batch:
        raise WrongKeys(f"{kind} has rows: record_batch")
    return _append(kind, actor=actor, at=at, body=body, row_count=0)


def record_batch(
    kind: str, *, actor: Actor, at: dt.datetime, body: Mapping[str, JSON], rows: Iterable[bytes]
) -> LogEntry:
    """
    Append one entry for many changed rows (批量变更): their count and Merkle root stand in its body.

    Args:
        kind: A declared event whose keys include ``rows`` and ``root``.
        actor: Who did it.
        at: When, aware.
        body: The declared keys without ``rows`` and ``root``, which are added.
        rows: The changes, each as its bytes (canonical JSON by custom), in an order that can be repeated.

    Raises:
        As :func:`record`; WrongKeys also for an event without rows.

    Source: design.md §3; vdraw/1 §5, §14.
    """
    if not events.event(kind).is_batch or rules.BATCH_KEYS & body.keys():
        raise WrongKeys(f"{kind}: rows and root are declared, and added here")
    held = list(rows)
    root = merkle.root_of(merkle.leaf_hash(row) for row in held).hex()
    whole = {**body, "rows": len(held), "root": root}
    entry = _append(kind, actor=actor, at=at, body=whole, row_count=len(held))
    _insert_rows(entry, held)
    return entry


def _insert_rows(entry: LogEntry, rows: Sequence[bytes]) -> None:
    """The rows of a batch in plain statements: a register's import has a hundred thousand of them."""
    table = connection.ops.quote_name(LogRow._meta.db_table)
    names = ", ".join(connection.ops.quote_name(name) for name in ("entry_id", "index", "document"))
    statement = f"INSERT INTO {table} ({names}) VALUES (%s, %s, %s)"  # noqa: S608 -- names of this file
    with connection.cursor() as cursor:
        for first in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[first : first + ROWS_AT_ONCE]
            cursor.executemany(statement, [(entry.pk, n, row) for n, row in enumerate(part, start=first)])


@transaction.atomic
def checkpoint(now: dt.datetime, *, origin: str) -> Checkpoint:
    """
    Sign the log as it stands (生成存证点), to be published.

    Made before commitments open, at every draw and disclosure, and once a day. Where nothing was
    added since, the last one is returned.

    Args:
        now: When, aware.
        origin: The log's public name, e.g. ``ssj.example.cn/log``.

    Raises:
        Inconsistent: the stored log does not begin with what the last checkpoint states.

    Source: vdraw/1 §14; C2SP tlog-checkpoint, signed-note.
    """
    if not origin or "\n" in origin or "+" in origin or " " in origin:
        raise ValueError("an origin is one word without '+'")
    _hold_log()
    size = LogEntry.objects.order_by("-seq").values_list("seq", flat=True).first()
    size = 0 if size is None else size + 1
    stored = tree.StoredTree()
    root = stored.root(size)
    last = Checkpoint.objects.order_by("-size", "-pk").first()
    if last is not None:
        if not _continues(last, size, root, stored):
            raise Inconsistent(f"checkpoint of {last.size}, log of {size}")
        if last.size == size and last.origin == origin:
            return last
    note = rules.Note(origin=origin, size=size, root=root.hex())
    signed = rules.sign(note, keys.log_key())
    return Checkpoint.objects.create(origin=origin, size=size, root=note.root, text=signed, made_at=now)


def _continues(last: Checkpoint, size: int, root: bytes, stored: tree.StoredTree) -> bool:
    if last.size > size:
        return False
    path = merkle.consistency_path(last.size, size, stored.subtree)
    return merkle.is_consistent(last.size, size, bytes.fromhex(last.root), root, path)


def _append(
    kind: str, *, actor: Actor, at: dt.datetime, body: Mapping[str, JSON], row_count: int
) -> LogEntry:
    event = events.event(kind)
    if misfits := event.misfits(body):
        raise WrongKeys(f"{kind}: {', '.join(sorted(misfits))}")
    seconds = rules.unix(at)
    _hold_log()
    last = LogEntry.objects.order_by("-seq").values_list("seq", "leaf").first()
    seq, prev = (0, rules.FIRST_PREV) if last is None else (last[0] + 1, last[1])
    document = rules.entry_bytes(seq=seq, prev=prev, at=seconds, kind=kind, actor=actor.code, body=body)
    entry = LogEntry.objects.create(
        seq=seq,
        at=dt.datetime.fromtimestamp(seconds, dt.UTC),
        kind=kind,
        actor=actor.code,
        about=event.subject(body),
        prev=prev,
        leaf=rules.leaf(document),
        row_count=row_count,
        document=document,
    )
    tree.complete(seq)
    return entry


def _hold_log() -> None:
    """Be the only one to append until the transaction ends. On SQLite it began IMMEDIATE and already is."""
    if not connection.in_atomic_block:
        raise OutsideTransaction("the log is written in the transaction of the change")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
