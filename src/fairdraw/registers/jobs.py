"""Long work of the registers: a large export as Excel (后台导出)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairdraw.accounts import selectors as accounts
from fairdraw.documents import tables
from fairdraw.files import services as files
from fairdraw.jobs import registry
from fairdraw.jobs.progress import Progress
from fairdraw.kernel import clock
from fairdraw.registers import export, listing
from fairdraw.registers.selectors import TargetFilter

STEP = 2000


@registry.job(export.JOB, label=gettext_lazy("导出检查对象"))
def export_targets(
    progress: Progress, *, asked: dict[str, str], everything: bool, stations: list[int]
) -> dict[str, Any]:
    """Write the rows that a filter shows into an Excel file; the job's page offers it."""
    within = listing.Reach(everything=everything, stations=tuple(stations))
    wanted = TargetFilter(**asked)
    total = export.count(within, wanted)
    installed = accounts.installation()
    data = tables.table_xlsx(
        _("检查对象名录"),
        export.columns(),
        _counted(export.table_rows(within, wanted), progress, total),
        note=export.note(clock.now()),
        mark=installed.mark if installed else "",
    )
    stored = files.store(data, media_type=export.XLSX, name="targets.xlsx", now=clock.now())
    progress.step(total, total, _("已写完"))
    return {"file": stored.pk, "name": "targets.xlsx", "rows": total}


def _counted(rows: Iterator[tuple[Any, ...]], progress: Progress, total: int) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(rows, start=1):
        if number % STEP == 0:
            progress.step(number, total)
        yield row
