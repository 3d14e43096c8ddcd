"""
Checkpoints and signed notes (检查点): the size and root of a log, signed, and cosigned by a witness.

A note is a text, an empty line and signature lines; a checkpoint is the text of three lines:
origin, size, root in base64.

Source: vdraw/1 §14; C2SP signed-note, tlog-checkpoint, tlog-cosignature.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from drawcore import ed25519
from drawcore.errors import FileRefused

FILE = "checkpoint.txt"
LOG_KEY, COSIGNER_KEY = 1, 4
_NAME = re.compile(r"[^\s+]+")
_SIGNATURE = re.compile(r"— ([^\s+]+) ([0-9A-Za-z+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,14}")


@dataclass(frozen=True)
class Checkpoint:
    """Origin of a log, number of entries, root over their leaves."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Write the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class NoteSignature(NamedTuple):
    """One signature line: name, key id (4 bytes), what the key type puts behind it."""

    name: str
    key_id: bytes
    data: bytes

    def line(self) -> str:
        """Write the line."""
        return f"— {self.name} {base64.b64encode(self.key_id + self.data).decode()}\n"


@dataclass(frozen=True)
class NoteKey:
    """A public Ed25519 key of a log (type 1) or of a witness (type 4)."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Give the four bytes by which signature lines name the key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def vkey(self) -> str:
        """Write the key as ``name+id+base64``, to be handed to a verifier."""
        return (
            f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"
        )

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read a key written by :meth:`vkey`; FileRefused if it is not one."""
        name, _plus, rest = vkey.partition("+")
        _id, _plus, coded = rest.partition("+")
        raw = _debase(coded)
        if (
            raw is None
            or len(raw) != 33
            or raw[0] not in (LOG_KEY, COSIGNER_KEY)
            or not _NAME.fullmatch(name)
        ):
            raise FileRefused(file="key", where="", reason="not-a-key")
        key = cls(name, raw[0], raw[1:])
        if key.vkey() != vkey:
            raise FileRefused(file="key", where="", reason="not-a-key")
        return key

    def signs(self, text: str, signatures: Sequence[NoteSignature]) -> bool:
        """Tell whether one of *signatures* is this key's valid signature over the note *text*."""
        return any(
            _valid(self, text, signature)
            for signature in signatures
            if (signature.name, signature.key_id) == (self.name, self.key_id)
        )


def _valid(key: NoteKey, text: str, signature: NoteSignature) -> bool:
    if key.kind == LOG_KEY:
        return ed25519.verify(key.public, text.encode(), signature.data)
    stamp = int.from_bytes(signature.data[:8], "big")
    return ed25519.verify(key.public, cosigned_text(text, stamp), signature.data[8:])


def cosigned_text(text: str, time: int) -> bytes:
    """Write what a witness signs at *time* (Unix seconds) over a checkpoint's text."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def signed_note(text: str, signatures: Sequence[NoteSignature]) -> bytes:
    """Write a text and its signature lines as a signed note."""
    return (text + "\n" + "".join(signature.line() for signature in signatures)).encode()


def sign_checkpoint(checkpoint: Checkpoint, key: NoteKey, sign: Callable[[bytes], bytes]) -> NoteSignature:
    """Sign a checkpoint as its log; *sign* makes the Ed25519 signature of the key."""
    return NoteSignature(key.name, key.key_id, sign(checkpoint.text().encode()))


def cosign_checkpoint(
    checkpoint: Checkpoint, key: NoteKey, time: int, sign: Callable[[bytes], bytes]
) -> NoteSignature:
    """Cosign a checkpoint as a witness at *time* (Unix seconds)."""
    signature = sign(cosigned_text(checkpoint.text(), time))
    return NoteSignature(key.name, key.key_id, time.to_bytes(8, "big") + signature)


def parse_checkpoint(data: bytes) -> tuple[Checkpoint, list[NoteSignature]]:
    """
    Read ``checkpoint.txt``.

    Raises:
        FileRefused: not the three lines, or not a signed note.

    Source: vdraw/1 §14.
    """
    try:
        text, _gap, tail = data.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise FileRefused(file=FILE, where="", reason="not-utf-8") from None
    lines = text.split("\n")
    root = _debase(lines[2]) if len(lines) == 3 else None
    if root is None or len(root) != 32 or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise FileRefused(file=FILE, where="1", reason="not-a-checkpoint")
    found = tail.split("\n")
    if found.pop() or not found:
        raise FileRefused(file=FILE, where="5", reason="not-a-signed-note")
    signatures = [_signature(line, number) for number, line in enumerate(found, 5)]
    return Checkpoint(lines[0], int(lines[1]), root), signatures


def _signature(line: str, number: int) -> NoteSignature:
    found = _SIGNATURE.fullmatch(line)
    raw = _debase(found[2]) if found else None
    if not found or raw is None or len(raw) < 5:
        raise FileRefused(file=FILE, where=str(number), reason="not-a-signed-note")
    return NoteSignature(found[1], raw[:4], raw[4:])


def _debase(text: str) -> bytes | None:
    """Decode base64 in its one canonical form, or give ``None``."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None
