"""Settings of the test suite: the same product, with quick password hashes and jobs run inline."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("FAIRDRAW_VAR", str(Path(tempfile.gettempdir()) / f"fairdraw-test-{os.getpid()}"))
os.environ.setdefault("DATABASE_URL", f"sqlite:///{os.environ['FAIRDRAW_VAR']}/test.sqlite3")

from fairdraw.config.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
AXES_ENABLED = False
ALLOWED_HOSTS = ["*"]
