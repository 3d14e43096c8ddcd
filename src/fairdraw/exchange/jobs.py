"""Long work of the exchange: the trial of an uploaded file, and its import (试导入、导入)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from fairdraw.exchange import uploads
from fairdraw.exchange.kinds import Report
from fairdraw.jobs import registry
from fairdraw.jobs.progress import Progress
from fairdraw.kernel import clock

PER_CENT = 100


@registry.job(uploads.TRY, label=gettext_lazy("试导入"))
def try_import(progress: Progress, *, row: int) -> dict[str, Any]:
    """Try the import of an uploaded file; nothing is stored but the report."""
    uploads.attempt(row, actor=progress.actor, now=clock.now(), report=_told(progress))
    return {"import": row}


@registry.job(uploads.ENTER, label=gettext_lazy("导入"))
def enter_import(progress: Progress, *, row: int) -> dict[str, Any]:
    """Import an uploaded file that was confirmed."""
    uploads.enter(row, actor=progress.actor, now=clock.now(), report=_told(progress))
    return {"import": row}


def _told(progress: Progress) -> Report:
    return lambda label, fraction: progress.step(round(fraction * PER_CENT), PER_CENT, label)
