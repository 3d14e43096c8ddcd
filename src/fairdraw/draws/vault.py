"""
The server's share and the blind key: encrypted under a key outside the database, deposited (vdraw/1 §7.1).

The deposit goes to the custodian before commitments open: else an operator could "lose" the share when
the outcome displeases.
"""

from __future__ import annotations

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from fairdraw.draws.rules import Entropy
from fairdraw.kernel.errors import InvalidInput, RuleBroken


class SecretLost(RuleBroken):
    """What was encrypted cannot be opened with this installation's key."""

    code = "draws.secret-lost"


class NotARecipient(InvalidInput):
    """The custodian's public key is not an ``age1…`` recipient."""

    code = "draws.not-a-recipient"


def _cipher() -> AESGCM:
    return AESGCM(bytes.fromhex(settings.SHARE_KEY))


def lock(plain: bytes, *, draw: str, entropy: Entropy) -> bytes:
    """Encrypt *plain* for the draw *draw*: nonce, then ciphertext (AES-256-GCM)."""
    nonce = entropy(12)
    return nonce + _cipher().encrypt(nonce, plain, draw.encode())


def unlock(locked: bytes, *, draw: str) -> bytes:
    """
    Give back what :func:`lock` encrypted for the draw *draw*.

    Raises:
        SecretLost: The key outside the database is another one, or the bytes are damaged.
    """
    try:
        return _cipher().decrypt(locked[:12], locked[12:], draw.encode())
    except (InvalidTag, ValueError):
        raise SecretLost(
            _("服务器份额无法解密，请由保管人用存证恢复；无法恢复的，宣告本次抽取未成")
        ) from None


def deposit(plain: bytes, *, custodian: str) -> bytes:
    """
    Encrypt *plain* to the custodian's public key (an ``age1…`` recipient), opened with ``age -d``.

    Raises:
        NotARecipient: *custodian* is no such key.
    """
    try:
        recipient = pyrage.x25519.Recipient.from_str(custodian)
    except pyrage.RecipientError:
        raise NotARecipient(_("保管人公钥不是 age 公钥（age1…），请核对")) from None
    return bytes(pyrage.encrypt(plain, [recipient]))
