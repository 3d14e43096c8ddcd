"""
Locks of an installation between processes (独占): who holds a file in its folder is the only one to do that work.

The machine frees them when a process ends, however it ends.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from fairdraw.kernel.errors import FairdrawError


@contextmanager
def held(name: str, refusal: FairdrawError) -> Iterator[None]:
    """
    Hold the lock *name* of this installation.

    Raises:
        FairdrawError: *refusal*, where another process holds it.
    """
    path = Path(settings.VAR_DIR) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        if os.name != "nt":
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise refusal from error
        yield
