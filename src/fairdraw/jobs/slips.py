"""
What a running job and those who watch it tell each other beside the database (进度、停止): slips of paper in a folder.

A large import is one transaction of half a minute. Until its end nobody sees what it writes, and on SQLite nobody
else can write; so how far it is, and that somebody wants it stopped, is told by small files.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.conf import settings


def say(job_id: int, *, done: int, total: int, message: str) -> None:
    """Tell how far the job is."""
    path = _place(job_id, "progress")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps([done, total, message]), encoding="utf-8")
    os.replace(draft, path)


def said(job_id: int) -> tuple[int, int, str] | None:
    """How far the job says it is; ``None`` where it has said nothing here."""
    try:
        done, total, message = json.loads(_place(job_id, "progress").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return int(done), int(total), str(message)


def ask_to_stop(job_id: int) -> None:
    """Ask the job to stop at its next step."""
    path = _place(job_id, "stop")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def is_asked_to_stop(job_id: int) -> bool:
    """Whether somebody wants the job stopped."""
    return _place(job_id, "stop").exists()


def clear(job_id: int) -> None:
    """Throw the slips of a job that has ended away."""
    for kind in ("progress", "stop"):
        _place(job_id, kind).unlink(missing_ok=True)


def _place(job_id: int, kind: str) -> Path:
    return Path(settings.VAR_DIR) / "jobs" / f"{job_id}.{kind}"
