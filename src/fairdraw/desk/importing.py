"""
Files brought in by page (导入), as the pages show them: steps, counts, report lines, exports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.documents import tables
from fairdraw.documents.tables import CellKind, Column
from fairdraw.exchange import mapping, uploads
from fairdraw.exchange.kinds import KINDS
from fairdraw.exchange.models import FileImport, ImportState
from fairdraw.exchange.uploads import Line
from fairdraw.jobs import selectors as jobs
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.ui import parts
from fairdraw.ui.parts import Tone

TONES = {
    ImportState.GIVEN: Tone.PLAIN,
    ImportState.TRIED: Tone.INFO,
    ImportState.IMPORTED: Tone.SUCCESS,
    ImportState.WITHDRAWN: Tone.PLAIN,
}


@dataclass(frozen=True)
class Offer:
    """A kind of file as the page offers it: what it is called, and why this person cannot import it."""

    code: str
    label: str
    refusal: str


def offers(actor: Actor) -> list[Offer]:
    """The kinds of files, each with whether *actor* may import it."""
    found = []
    for code, kind in KINDS.items():
        verdict = kind.may(actor)
        found.append(Offer(code, str(kind.label), "" if verdict else str(verdict.refusal)))
    return found


@dataclass(frozen=True)
class Shown:
    """An uploaded file as a line of the list."""

    row: FileImport
    kind: str
    state: str
    tone: Tone


def shown(row: FileImport) -> Shown:
    """The file in words."""
    kind = KINDS[row.kind]
    return Shown(row, str(kind.label), str(ImportState(row.state).label), TONES[ImportState(row.state)])


def steps(row: FileImport) -> list[parts.Step]:
    """上传 → 核对列 → 试导入 → 确认导入."""
    reached = {ImportState.GIVEN: 1, ImportState.TRIED: 3, ImportState.IMPORTED: 4}
    labels = (_("上传文件"), _("核对列"), _("试导入"), _("确认导入"))
    return parts.steps(reached.get(ImportState(row.state), 0), labels)


def running(actor: Actor, row: FileImport) -> jobs.Shown | None:
    """The job that works on the file, or that failed on it; nothing where it has done its work."""
    if row.job is None or row.state == ImportState.IMPORTED:
        return None
    try:
        told = jobs.shown(jobs.job(actor, row.job))
    except NotFound:  # somebody else has started it
        return None
    return None if told.is_finished and not told.error else told


def is_open(row: FileImport) -> bool:
    """Whether the file can still be changed, tried and withdrawn."""
    return row.state in {ImportState.GIVEN, ImportState.TRIED}


def is_tried(row: FileImport) -> bool:
    """Whether its trial waits to be confirmed."""
    return row.state == ImportState.TRIED


def is_imported(row: FileImport) -> bool:
    """Whether its rows are in."""
    return row.state == ImportState.IMPORTED


def afterwards(row: FileImport) -> str:
    """Where its rows are seen; empty where there is no such page."""
    kind = KINDS[row.kind]
    arguments = [row.options["year"]] if row.kind == "plan" and row.options.get("year") else []
    try:
        return reverse(kind.after, args=arguments) if kind.after else ""
    except NoReverseMatch:
        return reverse("desk:workbench")


def facts(row: FileImport) -> list[tuple[str, Any]]:
    """What is known of the file."""
    aliases = KINDS[row.kind].aliases
    said = [f"{name} → {mapping.label_of(code, aliases)}" for name, code in row.columns.items() if code]
    return [
        (_("文件"), row.name),
        (_("种类"), KINDS[row.kind].label),
        (_("上传"), f"{row.put_by_name or row.put_by}"),
        (_("SHA-256"), row.file),
        (_("工作表"), row.sheet or None),
        *([(_("计划年度"), row.options["year"])] if row.options.get("year") else []),
        (_("表头"), _("第%(n)s行") % {"n": row.header_row} if row.header_row else None),
        (_("列对照"), "；".join(said) or None),
    ]


def lines(row: FileImport, *, level: str = "", column: str = "", text: str = "") -> list[Line]:
    """The lines of its report that a filter asks for."""
    found = []
    for line in uploads.report_of(row).lines:
        if level and line.refused != (level == "refused"):
            continue
        if (column and line.column != column) or (text and text not in line.message):
            continue
        found.append(line)
    return found


def columns_of(row: FileImport) -> list[str]:
    """The columns that its report names."""
    return sorted({line.column for line in uploads.report_of(row).lines if line.column})


def exported(row: FileImport, form: str, found: Sequence[Line]) -> bytes:
    """The report as a table that leaves the product (导出)."""
    head = (
        Column(_("行号"), CellKind.INTEGER, width=8),
        Column(_("列"), width=24),
        Column(_("程度"), width=8),
        Column(_("说明"), width=80),
    )
    rows = ((line.row, line.column, _("错误") if line.refused else _("提醒"), line.message) for line in found)
    if form == "csv":
        return tables.table_csv(head, rows)
    installed = accounts.installation()
    mark = installed.mark if installed else ""
    return tables.table_xlsx(_("试导入报告"), head, rows, note=row.name, mark=mark)
