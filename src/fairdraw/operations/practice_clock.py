"""
The clock of a practice installation (练习时间): it starts at the practice date and runs on while it is served.

The date is practice data (design.md §2). Serving begins at the practice date, or at the last entry of the log where
that is later, so time never runs backwards; it stands still while nothing is served. Every process that the
supervisor starts reads one anchor file, so all of them have the same time. Other installations keep the machine's.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Installation
from fairdraw.audit import selectors as audit
from fairdraw.kernel import clock


def anchor_file() -> Path:
    """The file that ties the practice date to the machine's clock while the installation is served."""
    return Path(settings.VAR_DIR) / "practice-clock.json"


def start() -> None:
    """Let the practice clock run from where it stood; called by the supervisor before its children start."""
    held = _installation()
    stop()
    if held is None or held.practice_at is None:
        return
    anchor = {"practice": _standing(held.practice_at).timestamp(), "machine": _machine().timestamp()}
    draft = anchor_file().with_suffix(".draft")
    draft.write_text(json.dumps(anchor), encoding="ascii")
    draft.replace(anchor_file())
    follow()


def stop() -> None:
    """Stop the practice clock: no process is left that shows its time."""
    anchor_file().unlink(missing_ok=True)


def follow() -> None:
    """Make :mod:`fairdraw.kernel.clock` tell the practice time, where this is a practice installation."""
    held = _installation()
    if held is None or held.practice_at is None:
        return
    try:
        anchor = json.loads(anchor_file().read_text(encoding="ascii"))
        practice, machine = (dt.datetime.fromtimestamp(anchor[k], dt.UTC) for k in ("practice", "machine"))
    except (
        FileNotFoundError,
        KeyError,
        TypeError,
        ValueError,
    ):  # not served now: this process alone lets it run
        practice, machine = _standing(held.practice_at), _machine()
    clock.use(lambda: practice + (_machine() - machine))


def _standing(practice_at: dt.datetime) -> dt.datetime:
    """The practice time at which nothing was done yet."""
    last = audit.entries().order_by("-seq").values_list("at", flat=True).first()
    return max(practice_at, last) if last is not None else practice_at


def _installation() -> Installation | None:
    """What this database is for; ``None`` also where there is no database yet."""
    file = connection.settings_dict["NAME"] if connection.vendor == "sqlite" else None
    if file and not Path(file).exists():  # asking would make an empty one
        return None
    try:
        return accounts.installation()
    except DatabaseError:
        return None


def _machine() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
