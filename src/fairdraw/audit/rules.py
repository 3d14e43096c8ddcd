"""
The form of a log entry (留痕条目) and of a checkpoint (存证点), as bytes.

Pure: no database, no clock, no key file. Source: vdraw/1 §14.
"""

from __future__ import annotations

import datetime as dt
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fairdraw.kernel import canonical, merkle
from fairdraw.kernel.canonical import JSON

VERSION = 1
FIRST_PREV = "0" * 64
ENTRY_KEYS = frozenset({"actor", "at", "body", "kind", "prev", "seq", "v"})
BATCH_KEYS = frozenset({"rows", "root"})
ED25519 = b"\x01"


class BadNote(ValueError):
    """A checkpoint text that cannot be read, or whose signature does not hold."""


@dataclass(frozen=True)
class Note:
    """What a signed checkpoint says: the log *origin* had *size* entries under *root* (64 hex digits)."""

    origin: str
    size: int
    root: str


def unix(moment: dt.datetime) -> int:
    """Whole seconds of an aware *moment*, as entries state time."""
    if moment.tzinfo is None:
        raise ValueError("the log takes aware times only")
    return int(moment.timestamp() // 1)


def entry_bytes(*, seq: int, prev: str, at: int, kind: str, actor: str, body: Mapping[str, JSON]) -> bytes:
    """The exact bytes of an entry: what is stored, and what is hashed."""
    return canonical.encode(
        {"actor": actor, "at": at, "body": body, "kind": kind, "prev": prev, "seq": seq, "v": VERSION}
    )


def leaf(document: bytes) -> str:
    """The leaf (64 hex digits) of an entry: its place in the tree, and ``prev`` of the next one."""
    return merkle.leaf_hash(document).hex()


def is_batch(keys: frozenset[str]) -> bool:
    """Whether an event with these body keys carries rows of its own (one event per batch)."""
    return keys >= BATCH_KEYS


def subject(key: str, body: Mapping[str, JSON]) -> str:
    """What an entry is found under: ``key:value`` of its body, empty where the body does not name it."""
    return f"{key}:{body[key]}" if key and body.get(key) is not None else ""


def blinded(code: bytes, *, blind: bytes) -> str:
    """
    Stand for something personal in the log: ``hex(H(blind || code))``.

    Names, ID and phone numbers, positions and images never enter the log themselves.

    Args:
        code: What is meant, in any fixed form.
        blind: 16 random bytes, kept with the thing itself, so that destroying them forgets it.
    """
    if len(blind) != 16:
        raise ValueError("a blind has 16 bytes")
    return sha256(blind + code).hexdigest()


def note_text(note: Note) -> str:
    """The text of a C2SP ``tlog-checkpoint``: origin, size, base64 root, each on a line."""
    return f"{note.origin}\n{note.size}\n{b64encode(bytes.fromhex(note.root)).decode()}\n"


def key_id(name: str, public: Ed25519PublicKey) -> bytes:
    """The four bytes that name a key in a signature line (C2SP signed-note)."""
    return sha256(name.encode() + b"\n" + ED25519 + public.public_bytes_raw()).digest()[:4]


def verifier_key(name: str, public: Ed25519PublicKey) -> str:
    """The key as witnesses keep it (C2SP ``vkey``): ``name+id+base64``."""
    coded = b64encode(ED25519 + public.public_bytes_raw()).decode()
    return f"{name}+{key_id(name, public).hex()}+{coded}"


def sign(note: Note, key: Ed25519PrivateKey) -> str:
    """Sign a checkpoint: its text, a blank line, one signature line."""
    text = note_text(note)
    signature = key_id(note.origin, key.public_key()) + key.sign(text.encode())
    return f"{text}\n— {note.origin} {b64encode(signature).decode()}\n"


def read_note(signed: str, public: Ed25519PublicKey) -> Note:
    """
    Read a signed checkpoint, and verify our own signature on it; further lines are of witnesses.

    Raises:
        BadNote: not a checkpoint, no line of this key, or the signature does not hold.
    """
    text, blank, lines = signed.partition("\n\n")
    parts = text.split("\n")
    if not blank or len(parts) < 3 or not parts[1].isascii() or not parts[1].isdigit():
        raise BadNote("not a checkpoint")
    origin = parts[0]
    wanted = key_id(origin, public)
    for line in lines.splitlines():
        mark, _, rest = line.partition(" ")
        name, _, coded = rest.partition(" ")
        try:
            raw = b64decode(coded, validate=True)
        except ValueError as error:
            raise BadNote("bad base64") from error
        if mark == "—" and name == origin and raw[:4] == wanted:
            try:
                public.verify(raw[4:], f"{text}\n".encode())
            except InvalidSignature as error:
                raise BadNote("signature does not hold") from error
            return Note(origin=origin, size=int(parts[1]), root=_root(parts[2]))
    raise BadNote("not signed by this key")


def _root(coded: str) -> str:
    try:
        root = b64decode(coded, validate=True)
    except ValueError as error:
        raise BadNote("bad base64") from error
    if len(root) != 32:
        raise BadNote("bad root")
    return root.hex()
