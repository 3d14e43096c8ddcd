"""
What the clock asks for (定时工作): jobs of killed workers, forgotten files, the day's checkpoint, old rows.

Every step can be done at any time and more than once; several machines may do it.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.management import call_command
from django.utils.translation import gettext as _

from fairdraw.audit import selectors as audit
from fairdraw.audit import services as log
from fairdraw.desk import services as desk
from fairdraw.files import services as files
from fairdraw.jobs import services as jobs
from fairdraw.kernel import clock

SILENT = dt.timedelta(minutes=15)
FORGOTTEN = dt.timedelta(days=1)
KEEP_DAYS = 30
logger = logging.getLogger("fairdraw.tick")


@dataclass
class Round:
    """The rounds of one process: what is due each minute, each hour, each day of the machine."""

    hour: str = ""
    day: str = ""
    done: list[str] = field(default_factory=list)

    def go(self) -> list[str]:
        """Do what is due; a step that fails is logged and does not keep the others back. Returns what was done."""
        machine = dt.datetime.now(dt.UTC)
        self.done = []
        self._step("jobs", lambda: jobs.recover(silent_since=machine - SILENT, now=clock.now()))
        self._step("checkpoint", daily_checkpoint)
        hour, day = machine.strftime("%Y-%m-%d %H"), machine.strftime("%Y-%m-%d")
        if hour != self.hour:
            self.hour = hour
            self._step("files", lambda: files.sweep(older_than=FORGOTTEN))
        if day != self.day:
            self.day = day
            self._step("sessions", lambda: call_command("clearsessions", verbosity=0))
            self._step("tasks", _prune)
        return self.done

    def _step(self, name: str, work: Callable[[], object]) -> None:
        try:
            work()
            self.done.append(name)
        except Exception:
            logger.exception("%s failed", name)


def daily_checkpoint() -> bool:
    """Sign the log once a day, and at the first round of all (每日存证点); whether a checkpoint was made."""
    now = clock.now()
    last = audit.checkpoints().first()
    if last is not None and clock.local_date(last.made_at) >= clock.local_date(now):
        return False
    try:
        return log.checkpoint(now, origin=desk.origin()) != last
    except log.Inconsistent:
        logger.critical(_("日志与上一个存证点不符，不能生成每日存证点；请运行 fairdraw log verify"))
        return False


def _prune() -> None:
    call_command("prune_db_task_results", min_age_days=KEEP_DAYS, verbosity=0)
