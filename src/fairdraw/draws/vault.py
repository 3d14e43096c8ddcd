"""
The server's share and the blind key: encrypted under a key outside the database, deposited (vdraw/1 §7.1).

The deposit goes to the custodian before commitments open: else an operator could "lose" the share when
the outcome displeases.
"""

from __future__ import annotations

import pyrage
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from fairdraw.draws.rules import Entropy


def _cipher() -> AESGCM:
    return AESGCM(bytes.fromhex(settings.SHARE_KEY))


def lock(plain: bytes, *, draw: str, entropy: Entropy) -> bytes:
    """Encrypt *plain* for the draw *draw*: nonce, then ciphertext (AES-256-GCM)."""
    nonce = entropy(12)
    return nonce + _cipher().encrypt(nonce, plain, draw.encode())


def unlock(locked: bytes, *, draw: str) -> bytes:
    """Give back what :func:`lock` encrypted for the draw *draw*."""
    return _cipher().decrypt(locked[:12], locked[12:], draw.encode())


def deposit(plain: bytes, *, custodian: str) -> bytes:
    """Encrypt *plain* to the custodian's public key (an ``age1…`` recipient), opened with ``age -d``."""
    return bytes(pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(custodian)]))
