"""
Entries of the append-only log (全程留痕) in the exact bytes that are hashed.

Every entry is one canonical JSON document that names the leaf of the entry before it; the same
leaves form the Merkle tree whose root a checkpoint signs.

Source: vdraw/1 §14.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from drawcore import canonical, merkle, shapes, suites
from drawcore.errors import FileRefused
from drawcore.shapes import Doc

EVENTS_FILE = "events.jsonl"
PROOFS_FILE = "proofs.json"
FIRST_PREV = "0" * 64
_KIND = re.compile(r"[a-z][a-z0-9_.-]{0,63}")


@dataclass(frozen=True)
class Entry:
    """One entry: who, when (Unix seconds), what kind, the body, its place, the leaf before it."""

    seq: int
    at: int
    actor: str
    kind: str
    body: dict[str, object]
    prev: str

    def encode(self) -> bytes:
        """Write the entry as it is stored and hashed."""
        document = {
            "actor": self.actor,
            "at": self.at,
            "body": self.body,
            "kind": self.kind,
            "prev": self.prev,
            "seq": self.seq,
            "v": 1,
        }
        data = canonical.encode(document, file=EVENTS_FILE)
        parse_entry(data)
        return data


def parse_entry(data: bytes, *, where: str = "") -> Entry:
    """Read one entry; FileRefused if it is not in its form."""
    doc = Doc.of(canonical.parse(data, file=EVENTS_FILE), file=EVENTS_FILE, where=where)
    doc.only(("actor", "at", "body", "kind", "prev", "seq", "v"))
    doc.whole("v", least=1, most=1)
    return Entry(
        seq=doc.whole("seq"),
        at=doc.whole("at"),
        actor=doc.text("actor", shapes.TEXT),
        kind=doc.text("kind", _KIND),
        body=doc.inner("body").value,
        prev=doc.text("prev", shapes.HEX64),
    )


def leaf(entry: bytes, suite: suites.Suite) -> bytes:
    """Give the leaf of an entry's bytes, which the next entry names as ``prev``."""
    return merkle.leaf(entry, suite)


def log_suite(origin: str) -> suites.Suite:
    """Give the suite of a log, which its origin tells (``…/sm3`` for SM3)."""
    return suites.suite("sm3" if origin.endswith("/sm3") else "sha256")


def split_events(data: bytes) -> list[bytes]:
    """Give the entries' bytes of ``events.jsonl``, one a line."""
    lines = data.split(b"\n")
    if lines.pop() or not lines:
        raise FileRefused(file=EVENTS_FILE, where=str(len(lines) + 1), reason="no-final-newline")
    return lines


def encode_proofs(size: int, paths: dict[int, list[bytes]]) -> bytes:
    """
    Write ``proofs.json``: one inclusion path for each entry of ``events.jsonl``.

    Args:
        size: The size of the tree of ``checkpoint.txt``.
        paths: Inclusion path by seq, ascending.
    """
    entries = [{"seq": seq, "path": [step.hex() for step in path]} for seq, path in paths.items()]
    return canonical.encode({"size": size, "entries": entries}, file=PROOFS_FILE)


def parse_proofs(data: bytes) -> tuple[int, list[tuple[int, list[bytes]]]]:
    """Read ``proofs.json``: the size, and (seq, path) for each entry."""
    doc = Doc.of(canonical.parse(data, file=PROOFS_FILE), file=PROOFS_FILE)
    doc.only(("size", "entries"))
    found = []
    for entry in doc.inners("entries"):
        entry.only(("seq", "path"))
        path = entry.items("path")
        if not all(isinstance(step, str) and shapes.HEX64.fullmatch(step) for step in path):
            entry.refuse("path", "bad-form")
        found.append((entry.whole("seq"), [bytes.fromhex(str(step)) for step in path]))
    return doc.whole("size"), found
