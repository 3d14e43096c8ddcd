"""
The log checked against itself (日志核对): every byte hashed again, every root computed again.

Source: vdraw/1 §14; design.md §2 ``log verify``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils.translation import gettext as _

from fairdraw.audit import events, rules
from fairdraw.audit.models import Checkpoint, LogEntry, LogNode, LogRow
from fairdraw.audit.tree import LEVELS
from fairdraw.kernel import canonical, merkle
from fairdraw.kernel.canonical import JSON

AT_ONCE = 2000
HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Problem:
    """
    One thing that does not hold.

    Attributes:
        code: What it is: ``entry-changed``, ``entry-missing``, …
        seq: The entry, or the size of the checkpoint, or ``None``.
        message: One sentence.
    """

    code: str
    seq: int | None
    message: str


def verify_log(
    *, using: str = "default", public_key: Ed25519PublicKey | None = None, limit: int = 50
) -> list[Problem]:
    """
    Read the whole log and compute everything again from the stored bytes (核对日志).

    Args:
        using: The database to read.
        public_key: Checks the signatures of checkpoints; without it they are only compared.
        limit: Stop after so many problems.

    Returns:
        Problems in the order of the log, the first bad entry first; none where all holds.
    """
    problems: list[Problem] = []
    for problem in _Reading(using, public_key).problems():
        problems.append(problem)
        if len(problems) == limit:
            break
    return problems


class _Reading:
    """One pass over the log."""

    def __init__(self, using: str, public_key: Ed25519PublicKey | None) -> None:
        self.using = using
        self.public_key = public_key
        self.prev = rules.FIRST_PREV
        self.expected = 0
        self.frontier = merkle.Frontier()
        self.checkpoints: dict[int, list[Checkpoint]] = {}
        self.tiers: list[merkle.Frontier] = []
        self.nodes: dict[tuple[int, int], str] = {}

    def problems(self) -> Iterator[Problem]:
        for point in Checkpoint.objects.using(self.using).order_by("size", "pk"):
            self.checkpoints.setdefault(point.size, []).append(point)
        for tier, index, hash_ in LogNode.objects.using(self.using).values_list("tier", "index", "hash"):
            self.nodes[tier, index] = hash_
        yield from self._checkpoints_here()
        entries = LogEntry.objects.using(self.using).order_by("seq")
        for entry in entries.iterator(chunk_size=AT_ONCE):
            yield from self._entry(entry)
        yield from self._left_over()

    def _entry(self, entry: LogEntry) -> Iterator[Problem]:
        if entry.seq != self.expected:
            message = _("第%(seq)s条起日志缺失") % {"seq": self.expected}
            yield Problem("entry-missing", self.expected, message)
            self.expected = entry.seq
        self.expected += 1
        document = bytes(entry.document)
        leaf = rules.leaf(document)
        fault = self._fault(entry, document, leaf)
        if fault is not None:
            yield fault
        kept = entry.leaf if HASH.fullmatch(entry.leaf) else leaf  # go on as stored: name each fault once
        self.prev = kept
        yield from self._rows(entry)
        self.frontier.add(bytes.fromhex(kept))
        yield from self._nodes_here(bytes.fromhex(kept), entry.seq)
        yield from self._checkpoints_here()

    def _fault(self, entry: LogEntry, document: bytes, leaf: str) -> Problem | None:
        where = {"seq": entry.seq}
        try:
            held = canonical.decode_object(document, keys=rules.ENTRY_KEYS)
        except canonical.NotCanonical:
            return Problem("entry-malformed", entry.seq, _("第%(seq)s条日志不是规范的记录") % where)
        if leaf != entry.leaf:
            return Problem("entry-changed", entry.seq, _("第%(seq)s条日志的内容被改动过") % where)
        if held["prev"] != self.prev or held["seq"] != entry.seq:
            return Problem("chain-broken", entry.seq, _("第%(seq)s条日志与前一条不相连") % where)
        if not _columns_agree(entry, held):
            return Problem("columns-differ", entry.seq, _("第%(seq)s条日志的检索字段与记录不一致") % where)
        return None

    def _rows(self, entry: LogEntry) -> Iterator[Problem]:
        if entry.row_count == 0:
            return
        rows = LogRow.objects.using(self.using).filter(entry_id=entry.seq).order_by("index")
        held = [bytes(row) for row in rows.values_list("document", flat=True)]
        try:
            body = entry.body()
        except (canonical.NotCanonical, AssertionError, KeyError):
            return  # the entry itself has been named
        root = merkle.root_of(merkle.leaf_hash(row) for row in held).hex()
        if len(held) != body.get("rows") or root != body.get("root"):
            message = _("第%(seq)s条日志所附的明细与其根值不符") % {"seq": entry.seq}
            yield Problem("rows-changed", entry.seq, message)

    def _nodes_here(self, leaf: bytes, seq: int) -> Iterator[Problem]:
        tier, hash_, index = 0, leaf, seq
        while True:
            if tier == len(self.tiers):
                self.tiers.append(merkle.Frontier())
            self.tiers[tier].add(hash_)
            if self.tiers[tier].size < 1 << LEVELS:
                return
            hash_ = self.tiers[tier].root()
            self.tiers[tier] = merkle.Frontier()
            tier, index = tier + 1, index >> LEVELS
            if self.nodes.pop((tier, index), None) != hash_.hex():
                yield Problem("node-differs", seq, _("截至第%(seq)s条的树节点与日志不符") % {"seq": seq})

    def _checkpoints_here(self) -> Iterator[Problem]:
        size = self.frontier.size
        for point in self.checkpoints.pop(size, []):
            note = rules.Note(origin=point.origin, size=size, root=self.frontier.root().hex())
            if point.root != note.root or not point.text.startswith(rules.note_text(note) + "\n"):
                message = _("第%(size)s条处的存证点与日志不符") % {"size": size}
                yield Problem("checkpoint-differs", size, message)
            elif self.public_key is not None and not _is_signed(point.text, self.public_key):
                message = _("第%(size)s条处的存证点签名无效") % {"size": size}
                yield Problem("checkpoint-unsigned", size, message)

    def _left_over(self) -> Iterator[Problem]:
        size = self.frontier.size
        for beyond in sorted(self.checkpoints):
            message = _("存证点载明%(stated)s条，日志只有%(size)s条") % {"stated": beyond, "size": size}
            yield Problem("log-shortened", size, message)
        if self.nodes:
            yield Problem("node-extra", None, _("树节点多于日志"))
        if LogRow.objects.using(self.using).filter(entry__row_count=0).exists():
            yield Problem("rows-extra", None, _("有不属于任何批量记录的明细"))


def _columns_agree(entry: LogEntry, held: dict[str, JSON]) -> bool:
    body = held["body"]
    if held["v"] != rules.VERSION or not isinstance(body, dict):
        return False
    count = body["rows"] if rules.is_batch(frozenset(body)) else 0
    at, kind = held["at"], held["kind"]
    if not isinstance(at, int) or not isinstance(kind, str):
        return False
    return (
        entry.kind == kind
        and entry.actor == held["actor"]
        and entry.prev == held["prev"]
        and entry.row_count == count
        and entry.at == dt.datetime.fromtimestamp(at, dt.UTC)
        and events.subject(kind, body) in {entry.about, None}
    )


def _is_signed(text: str, public_key: Ed25519PublicKey) -> bool:
    try:
        rules.read_note(text, public_key)
    except rules.BadNote:
        return False
    return True
