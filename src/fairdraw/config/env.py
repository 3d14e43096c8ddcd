"""
The environment, read here and nowhere else.

Every variable has a line in ``docs/reference/settings.md``; a test compares the two.
"""

from __future__ import annotations

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[3]


def text(name: str, default: str = "") -> str:
    """The variable *name*, or *default*."""
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """Whether the variable *name* says yes."""
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


VAR_DIR = Path(text("FAIRDRAW_VAR", str(BASE_DIR / "var"))).resolve()
DATABASE_URL = text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'fairdraw.sqlite3'}")
DEBUG = flag("FAIRDRAW_DEBUG")
SECRET_KEY_FILE = Path(text("FAIRDRAW_SECRET_KEY_FILE", str(VAR_DIR / "keys" / "secret.key")))
SHARE_KEY_FILE = Path(text("FAIRDRAW_SHARE_KEY_FILE", str(VAR_DIR / "keys" / "share.key")))
ALLOWED_HOSTS = [h for h in text("FAIRDRAW_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in text("FAIRDRAW_ORIGINS").split(",") if o]
HTTPS = flag("FAIRDRAW_HTTPS")
PUBLIC_BASE_URL = text("PUBLIC_BASE_URL")
JOBS_INLINE = flag("FAIRDRAW_JOBS_INLINE")
