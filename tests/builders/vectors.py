"""
The protocol's own test vectors: how they are taken from the document, and where their copy lies.

``tests/golden/vdraw/vN`` is a whole bundle of vector N: the fenced files of the document, its empty
files, and the evidence files that the document describes in words (the log of vector 1, the first
attempt of vector 3), which are built here.

Source: vdraw/1 §18.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path

from drawcore import canonical, log, merkle
from drawcore.bundle import Bundle, read_bundle
from drawcore.outcome import Sealed
from drawcore.prf import Keys
from drawcore.receipt import parse_receipt
from drawcore.rows import Commitments
from drawcore.seal import BeaconRound, Seal
from drawcore.seed import Reveal, SeedText, keys
from drawcore.shares import server_text
from drawcore.suites import suite

GOLDEN = Path(__file__).resolve().parent.parent / "golden" / "vdraw"
NUMBERS = (1, 2, 3, 4, 5)
LOG_SECRET = bytes(range(32))
LOG_PUBLIC = bytes.fromhex("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")

SEAL_HASHES = (
    "6bb811465ff13276b9418bd48cd3e5efe1ee971aa7a681cefa33a015555b0b64",
    "ce7d4bfeb88892edec784426f15e79e057dc033a770216e1e7d6ea00c8f6e891",
    "8fbfb936ac6b0269b18a27a360a91d33a1991263fa6e52b761a27b344ebef8a5",
    "677d6d3c8df0fcfa6f66b81df027dc8597c697b5b499044bf5d5bb34a0b0e6cf",
    "57033723c67ba6e78a7453e5299bf4b923f5dddbade97178a0b41832cfd91569",
)
APPROVAL_CODES = (
    "5d258a21b637db3d",
    "4e4e76b5673ab8a9",
    "1ca99e939dcfd492",
    "45de1eeea96e100c",
    "7ea50beae53fbfef",
)
SEEDS = (
    "1b80e25f191e314373c26c5d286d829ce4ef80ac79cbd2979f1de8ba19400777",
    "3f4d2a544f0753ee26e24a2cd2dfa0522c0b4c0ffa9cf18ce2a0ad6e6b18e4e3",
    "595667737b21dd205e20edb23846e078430a67f0d7df2ac66c8ce4a115e5deac",
    "5844f93f80110349a4300f494912575b284397d13ed7032591dd77b6378881ef",
    "82d382164f052439cb5be1456b274fe7ab9cfd368daeabfffdfb30002ec55691",
)
FIRST_ENTRY = log.Entry(
    0, 1714199940, "u:7", "register.snapshot", {"n": 10, "note": "初始名单"}, log.FIRST_PREV
)

_FENCE = re.compile(r"^```text (v[1-5]/\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def fenced_files(document: str) -> dict[str, bytes]:
    """Take the fenced files out of the protocol's text, by name; JSON files without a final newline."""
    found = {}
    for name, text in _FENCE.findall(document):
        found[name] = (text.removesuffix("\n") if name.endswith(".json") else text).encode()
    return found


def invented(label: str) -> str:
    """Make the 64 hex digits from which salts, shares and blinds of the vectors are cut."""
    return hashlib.sha256(f"test {label}".encode()).hexdigest()


def bundle(number: int) -> Bundle:
    """Give the golden bundle of a vector."""
    return read_bundle(GOLDEN / f"v{number}")


def seal(number: int) -> Seal:
    """Give the seal of a vector."""
    return Seal.parse(bundle(number).core("seal.json"))


def sealed(number: int) -> Sealed:
    """Give the sealed lists and plan of a vector."""
    return bundle(number).sealed()


def keys_of(number: int) -> Keys:
    """Give the keys of a vector."""
    return keys(bundle(number).core("seed.txt"), seal(number))


def log_of_vector_1() -> list[bytes]:
    """Build the eight log entries that the document describes for vector 1."""
    files = bundle(1)
    receipt, _told = parse_receipt(files.core("receipt.json"))
    commits = Commitments.parse(files.core("commits.tsv"))
    opened = SeedText.parse(files.core("seed.txt")).persons
    result, assign = receipt["result"], receipt["assign"]
    assert isinstance(result, dict)
    assert isinstance(assign, dict)
    story: list[tuple[str, int, str, dict[str, object]]] = [
        ("u:7", 0, "draw.sealed", {"seal": receipt["seal"]})
    ]
    for actor, after, source in (("u:7", 10, "p1"), ("u:8", 11, "p2")):
        story.append((actor, after, "draw.commit", {"source": source, "commit": commits.by_source[source]}))
    story.append(("system", 20, "draw.reveals_open", {"commits": hashlib.sha256(commits.data).hexdigest()}))
    for actor, after, source in (("u:7", 21, "p1"), ("u:8", 22, "p2")):
        state = opened[source]
        assert isinstance(state, Reveal)
        body: dict[str, object] = {"source": source, "salt": state.salt, "share": state.share}
        story.append((actor, after, "draw.reveal", body))
    roots = {"seed_hash": receipt["seed_hash"], "result": result["root"], "assign": assign["root"]}
    story.append(("system", 31, "draw.drawn", roots))
    return chained(story, draw=seal(1).draw, start=seal(1).sealed_at)


def chained(story: list[tuple[str, int, str, dict[str, object]]], *, draw: str, start: int) -> list[bytes]:
    """Write a story of (actor, seconds after *start*, kind, body) as entries after the first entry."""
    entries = [FIRST_ENTRY.encode()]
    for seq, (actor, after, kind, body) in enumerate(story, 1):
        prev = log.leaf(entries[-1], suite("sha256")).hex()
        entry = log.Entry(seq, start + after, actor, kind, {**body, "draw": draw}, prev)
        entries.append(entry.encode())
    return entries


def proofs_of(entries: list[bytes], seqs: range) -> bytes:
    """Write ``proofs.json`` for the entries *seqs* of a log."""
    sha256 = suite("sha256")
    tree = merkle.leaves(entries, sha256)
    return log.encode_proofs(len(tree), {seq: merkle.inclusion_path(tree, seq, sha256) for seq in seqs})


def first_attempt_of_vector_3() -> bytes:
    """Build the seal of the first attempt that the document describes for vector 3."""
    later = seal(3)
    draw = later.draw[:-2] + "a3"
    server = suite("sm3").hex(server_text(draw, invented("v3 first server")))
    earlier = replace(
        later,
        attempt=1,
        prev="",
        draw=draw,
        sealed_at=1714300000,
        commit_by=1714300600,
        reveal_by=1714301200,
        beacon_from=1714311600,
        sources=replace(later.sources, server=server, beacon=BeaconRound("cwl-ssq", "2024048")),
    )
    return earlier.encode()


def document_of(data: bytes) -> dict[str, object]:
    """Parse a canonical document of a vector, to be changed by a test."""
    value = canonical.parse(data)
    assert isinstance(value, dict)
    return value
