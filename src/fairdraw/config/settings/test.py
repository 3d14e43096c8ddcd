"""
Settings of the test suite: the same product, with quick password hashes and jobs run inline.

Reading them writes nothing that lasts: mypy and ``makemigrations`` read them too, and mypy ends without tidying up.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("FAIRDRAW_VAR", str(Path(tempfile.gettempdir()) / f"fairdraw-test-{os.getpid()}"))
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")  # tests get a file: tests/conftest.py

from fairdraw.config import env

with tempfile.TemporaryDirectory(prefix="fairdraw-keys-") as _folder:
    env.SECRET_KEY_FILE, env.SHARE_KEY_FILE = (Path(_folder) / name for name in ("secret.key", "share.key"))
    from fairdraw.config.settings.base import *  # noqa: F403

SHARE_KEY_FILE = env.VAR_DIR / "keys" / "share.key"  # the log's key is made beside it, at need
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
AXES_ENABLED = False
ALLOWED_HOSTS = ["*"]
