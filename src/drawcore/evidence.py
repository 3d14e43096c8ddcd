"""
Order in time (时序): this draw's log entries, their proofs, the checkpoint and its signatures.

Source: vdraw/1 §14, §15, §16 steps 6 and 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from drawcore import canonical, log, merkle, note
from drawcore.errors import Mismatch
from drawcore.log import Entry
from drawcore.note import Checkpoint, NoteKey
from drawcore.receipt import LogPlace
from drawcore.rows import Commitments
from drawcore.seal import Seal
from drawcore.seed import Reveal, SeedText
from drawcore.suites import Suite

_ONCE = ("draw.sealed", "draw.reveals_open", "draw.drawn")
_ENDED = ("draw.voided", "draw.failed")


@dataclass(frozen=True)
class Facts:
    """What the entries of this draw must say."""

    seal: Seal
    seal_hash: str
    commits: Commitments
    seed: SeedText
    seed_hash: str
    result_root: str
    assign_root: str
    suite: Suite


@dataclass(frozen=True)
class Events:
    """The entries of ``events.jsonl`` with their bytes."""

    raw: Sequence[bytes]
    entries: Sequence[Entry]

    def of(self, kind: str) -> list[Entry]:
        """Give the entries of one kind."""
        return [entry for entry in self.entries if entry.kind == kind]


def read_events(data: bytes) -> Events:
    """Read ``events.jsonl``; FileRefused names the line."""
    raw = log.split_events(data)
    return Events(raw, [log.parse_entry(line, where=str(number)) for number, line in enumerate(raw, 1)])


def check_events(events: Events, facts: Facts, suite: Suite) -> None:
    """
    Check that the entries tell this draw's story in its order (*suite* is the log's).

    Raises:
        Mismatch: *what* is the kind of entry or rule, *where* the seq.

    Source: vdraw/1 §14, §16 step 6.
    """
    _chain(events, suite)
    for entry in events.entries:
        if entry.body.get("draw") != facts.seal.draw or entry.kind in _ENDED:
            raise Mismatch(what=entry.kind, where=str(entry.seq))
    _phases(events, facts)
    _bodies(events, facts)
    _deadlines(events, facts)


def _chain(events: Events, suite: Suite) -> None:
    for number in range(1, len(events.entries)):
        before, after = events.entries[number - 1], events.entries[number]
        if before.seq >= after.seq or before.at > after.at:
            raise Mismatch(what="order", where=str(after.seq))
        if before.seq + 1 == after.seq and after.prev != log.leaf(events.raw[number - 1], suite).hex():
            raise Mismatch(what="chain", where=str(after.seq))


def _phases(events: Events, facts: Facts) -> None:
    order = ["draw.sealed", "draw.commit", "draw.reveals_open", "draw.reveal", "draw.drawn"]
    if facts.seal.sources.beacon:
        order.insert(4, "draw.beacon")
    for kind in (*_ONCE, "draw.beacon"):
        if len(events.of(kind)) != (kind in order):
            raise Mismatch(what=kind)
    seen = [entry for kind in order for entry in events.of(kind)]
    for before, after in pairwise(seen):
        if before.seq >= after.seq:
            raise Mismatch(what="order", where=str(after.seq))


def _bodies(events: Events, facts: Facts) -> None:
    draw, number = facts.seal.draw, facts.seed.beacon
    opened = {id_: state for id_, state in facts.seed.persons.items() if isinstance(state, Reveal)}
    expected: dict[str, dict[str, object]] = {
        "draw.sealed": {"seal": facts.seal_hash},
        "draw.reveals_open": {"commits": facts.suite.hex(facts.commits.data)},
        "draw.drawn": {
            "seed_hash": facts.seed_hash,
            "result": facts.result_root,
            "assign": facts.assign_root,
        },
    }
    if number:
        expected["draw.beacon"] = {"name": number.kind, "round": number.round, "value": number.value}
    for kind, body in expected.items():
        for entry in events.of(kind):
            _same(entry, {**body, "draw": draw})
    commits = {id_: {"commit": value} for id_, value in facts.commits.by_source.items()}
    _by_source(events.of("draw.commit"), draw, commits, "envelope")
    reveals = {id_: {"salt": state.salt, "share": state.share} for id_, state in opened.items()}
    _by_source(events.of("draw.reveal"), draw, reveals, "by")


def _by_source(
    entries: Sequence[Entry], draw: str, expected: dict[str, dict[str, str]], optional: str
) -> None:
    sources = [str(entry.body.get("source")) for entry in entries]
    if sorted(sources) != sorted(expected):
        raise Mismatch(what="sources", where=",".join(sources))
    for entry, source in zip(entries, sources, strict=True):
        body = {**expected[source], "source": source, "draw": draw}
        if isinstance(entry.body.get(optional), str):
            body[optional] = str(entry.body[optional])
        _same(entry, body)


def _same(entry: Entry, body: dict[str, object] | dict[str, str]) -> None:
    if not canonical.same(entry.body, body):
        raise Mismatch(what=entry.kind, where=str(entry.seq))


def _deadlines(events: Events, facts: Facts) -> None:
    seal, committed = facts.seal, len(facts.commits.by_source)
    all_locked = committed == len(seal.sources.persons)
    all_opened = committed == sum(isinstance(state, Reveal) for state in facts.seed.persons.values())
    number_from = max(seal.beacon_from, 0 if all_opened else seal.reveal_by)
    early = {
        "draw.reveals_open": (0 if all_locked else seal.commit_by, "open-early"),
        "draw.beacon": (number_from, "beacon-early"),
        "draw.drawn": (number_from, "drawn-early"),
    }
    for entry in events.entries:
        least, what = early.get(entry.kind, (0, ""))
        envelope = entry.body.get("by") == "envelope"
        if entry.at < seal.sealed_at:
            what = "before-seal"
        elif entry.kind == "draw.commit" and entry.at > seal.commit_by:
            what = "commit-late"
        elif entry.kind == "draw.reveal" and envelope and entry.at < seal.reveal_by:
            what = "envelope-early"
        elif entry.kind == "draw.reveal" and not envelope and entry.at > seal.reveal_by:
            what = "reveal-late"
        elif entry.at >= least:
            continue
        raise Mismatch(what=what, where=str(entry.seq))


def check_proofs(events: Events, proofs: bytes, checkpoint: Checkpoint) -> list[list[bytes]]:
    """
    Check that every entry is in the tree of the checkpoint; give the paths.

    Raises:
        Mismatch: size, seqs, or a path that leads to another root.

    Source: vdraw/1 §15, §16 step 6.
    """
    suite = log.log_suite(checkpoint.origin)
    size, paths = log.parse_proofs(proofs)
    if size != checkpoint.size:
        raise Mismatch(what="proofs-size")
    if [seq for seq, _path in paths] != [entry.seq for entry in events.entries]:
        raise Mismatch(what="proofs-entries")
    for raw, (seq, path) in zip(events.raw, paths, strict=True):
        if merkle.root_by_path(log.leaf(raw, suite), seq, size, path, suite) != checkpoint.root:
            raise Mismatch(what="inclusion", where=str(seq))
    return [path for _seq, path in paths]


def check_place(
    place: LogPlace, events: Events, paths: Sequence[Sequence[bytes]], checkpoint: Checkpoint
) -> bool:
    """
    Check the receipt's place in the log against the checkpoint of the bundle.

    Returns:
        Whether the receipt's root is shown to be right: either it is the bundle's checkpoint, or the
        root of the log up to one of the shown entries, which follows from that entry's path.

    Raises:
        Mismatch: another origin, root or a log that shrank.
    """
    if place.origin != checkpoint.origin or place.size > checkpoint.size:
        raise Mismatch(what="receipt-log")
    if place.size == checkpoint.size:
        if place.root != checkpoint.root.hex():
            raise Mismatch(what="receipt-log")
        return True
    suite = log.log_suite(checkpoint.origin)
    for raw, entry, path in zip(events.raw, events.entries, paths, strict=True):
        if entry.seq == place.size - 1:
            leaf = log.leaf(raw, suite)
            if merkle.earlier_root(leaf, entry.seq, checkpoint.size, path, suite).hex() != place.root:
                raise Mismatch(what="receipt-log")
            return True
    return False


def check_signatures(data: bytes, keys: Sequence[NoteKey]) -> None:
    """
    Check that each of *keys* has validly signed ``checkpoint.txt``.

    Raises:
        Mismatch: *where* names the key whose signature is missing or wrong.

    Source: vdraw/1 §14.
    """
    checkpoint, signatures = note.parse_checkpoint(data)
    for key in keys:
        if key.kind == note.LOG_KEY and key.name != checkpoint.origin:
            raise Mismatch(what="signature", where=key.name)
        if not key.signs(checkpoint.text(), signatures):
            raise Mismatch(what="signature", where=key.name)
