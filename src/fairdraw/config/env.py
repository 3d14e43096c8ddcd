"""
The environment, read here and nowhere else.

Every variable has a line in ``docs/reference/settings.md``; a test compares the two.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[3]


def text(name: str, default: str = "") -> str:
    """The variable *name*, or *default*."""
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """Whether the variable *name* says yes."""
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def holds_installation(database: Path) -> bool:
    """Whether the SQLite file *database* belongs to an installation; one that cannot be read is taken for one."""
    if not database.is_file():
        return False
    try:
        with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT 1 FROM accounts_installation").fetchone() is not None
    except sqlite3.Error as error:
        return "no such table" not in str(error)


def installation_folder() -> Path:
    """
    Where everything of this installation lies.

    With ``FAIRDRAW_PRACTICE``, the practice installation's folder, unless there is a real installation or the
    environment names a folder or a database.
    """
    if given := text("FAIRDRAW_VAR"):
        return Path(given).resolve()
    folder = BASE_DIR / "var"
    practice = flag("FAIRDRAW_PRACTICE") and not text("DATABASE_URL")
    return folder / "practice" if practice and not holds_installation(folder / DATABASE_NAME) else folder


DATABASE_NAME = "fairdraw.sqlite3"
VAR_DIR = installation_folder()
DATABASE_URL = text("DATABASE_URL", f"sqlite:///{VAR_DIR / DATABASE_NAME}")
DEBUG = flag("FAIRDRAW_DEBUG")
SECRET_KEY_FILE = Path(text("FAIRDRAW_SECRET_KEY_FILE", str(VAR_DIR / "keys" / "secret.key")))
SHARE_KEY_FILE = Path(text("FAIRDRAW_SHARE_KEY_FILE", str(VAR_DIR / "keys" / "share.key")))
ALLOWED_HOSTS = [h for h in text("FAIRDRAW_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in text("FAIRDRAW_ORIGINS").split(",") if o]
HTTPS = flag("FAIRDRAW_HTTPS")
PUBLIC_BASE_URL = text("PUBLIC_BASE_URL")
JOBS_INLINE = flag("FAIRDRAW_JOBS_INLINE")
CUSTODIAN = text("FAIRDRAW_CUSTODIAN")
