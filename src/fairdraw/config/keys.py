"""Secret keys of the installation: files of mode 600 outside the database, made at first need."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def text_key(path: Path) -> str:
    """The key in *path* as 64 hex digits; a new one is made where there is none."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        _make(path)
    return path.read_text(encoding="ascii").strip()


def _make(path: Path) -> None:
    """Put a new key where there is none: the name appears with the whole key behind it, once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was quicker
            os.link(draft, path)
    finally:
        draft.unlink()
