"""
The log's signing key: a file of mode 600 that database administrators cannot read.

Source: vdraw/1 §14.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

FILE_NAME = "log.key"


def log_key_file() -> Path:
    """Where the key lies: beside the key of the server shares."""
    return Path(settings.SHARE_KEY_FILE).parent / FILE_NAME


def log_key() -> Ed25519PrivateKey:
    """The signing key of this installation, made at first need."""
    path = log_key_file()
    if not path.exists():
        _make(path)
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # never over a key that another process made meanwhile
    except FileExistsError:
        return
    finally:
        draft.unlink()
