"""
A file from its upload to its rows (导入): taken, its columns said, tried, confirmed; or withdrawn.

Between the steps the file lies in the store under its digest: what is imported is what was looked at. There is no
undoing; a wrong import is set right by importing the right file.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.audit import services as audit
from fairdraw.exchange import importing, mapping, received
from fairdraw.exchange import services as exchange
from fairdraw.exchange.importing import Trial
from fairdraw.exchange.kinds import KINDS, MAPPED, Asked, Kind, Report
from fairdraw.exchange.mapping import Look
from fairdraw.exchange.models import ColumnMapping, FileImport, ImportState
from fairdraw.exchange.readers.report import Caution, Sieve, Told
from fairdraw.exchange.tables import Layout
from fairdraw.files import selectors as files
from fairdraw.files import services as file_services
from fairdraw.jobs import services as jobs
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput, NotFound, RuleBroken, Trouble

MOST_BYTES = 50 * 10**6
LINES_KEPT = 50_000
MEDIA_TYPE = "application/octet-stream"
TRY, ENTER = "exchange.try_import", "exchange.enter_import"
UNREAD = {"序号", "备注"}  # columns that most tables have and nothing needs
OPTIONS = ("source", "year", "title", "edition", "computed_on")


class ImportRefused(RuleBroken):
    """The file stands in a state that has no such step."""

    code = "exchange.import-refused"


def kind_of(code: str) -> Kind:
    """
    The kind of that code.

    Raises:
        NotFound: There is none.
    """
    if code not in KINDS:
        raise NotFound(_("没有这种导入"))
    return KINDS[code]


def visible(actor: Actor) -> QuerySet[FileImport]:
    """The files of the kinds that *actor* may import, the latest first; withdrawn ones are gone."""
    may = [code for code, kind in KINDS.items() if kind.may(actor)]
    rows = FileImport.objects.filter(kind__in=may).exclude(state=ImportState.WITHDRAWN)
    return rows.order_by("-put_at", "-pk")


def file_import(actor: Actor, pk: int) -> FileImport:
    """
    One uploaded file.

    Raises:
        NotFound: Absent, withdrawn, or of a kind that *actor* may not import.
    """
    row = visible(actor).filter(pk=pk).first()
    if row is None:
        raise NotFound(_("没有这次导入，或不在您的职责范围内"))
    return row


def take(*, kind: str, data: bytes, name: str, actor: Actor, now: dt.datetime) -> FileImport:
    """
    Take an uploaded file (上传): kept whole, its columns recognised by its header or by what was remembered of it.

    Raises:
        InvalidInput: Larger than 50 MB, or no table.
        NotPermitted: The duty does not allow this kind.
    """
    of = kind_of(kind)
    of.may(actor).require()
    if len(data) > MOST_BYTES:
        raise InvalidInput(_("文件超过 50 MB，请拆成几个文件，或由管理员用 fairdraw import 命令导入"))
    agency = accounts.root()
    with received.laid_out(data, name=name) as path:
        layout = recognised(kind, path)
        of.open(path, layout)
    stored = file_services.store(data, media_type=MEDIA_TYPE, name=name[:255], now=now)
    return FileImport.objects.create(
        kind=kind,
        agency=agency,
        name=name[:255],
        file=stored.pk,
        size=len(data),
        header_row=layout.header_row,
        columns=dict(layout.columns),
        put_at=now,
        put_by=actor.code,
        put_by_name=actor.name[:40],
    )


def recognised(kind: str, path: Path) -> Layout:
    """The layout with the columns that were remembered of the file's header, if it is known (自动套用)."""
    held = ColumnMapping.objects.filter(agency=accounts.root(), kind=kind)
    return mapping.recognised(path, Layout(), {row.shape: row.columns for row in held})


@contextmanager
def _laid_out(row: FileImport) -> Iterator[Path]:
    with received.linked(files.sound_path(row.file), name=row.name) as path:
        yield path


def layout_of(row: FileImport) -> Layout:
    """What was said of the file's shape."""
    return Layout(row.sheet, row.header_row, row.columns)


def look(row: FileImport, layout: Layout) -> Look:
    """
    Look at the file as *layout* has it (预览).

    Raises:
        InvalidInput: It cannot be read so.
    """
    with _laid_out(row) as path:
        return mapping.look(kind_of(row.kind), path, layout)


def arrange(
    row: FileImport,
    *,
    layout: Layout,
    options: Mapping[str, Any],
    remember: bool,
    actor: Actor,
    now: dt.datetime,
) -> FileImport:
    """
    Say what the columns are, and try the import (核对列并试导入); the trial is a job.

    Args:
        row: The uploaded file.
        layout: Sheet, row of the header, and the field of every column.
        options: What the file does not say, by the words of ``OPTIONS``.
        remember: Offer these columns when the header comes again.
        actor: Who.
        now: When.

    Raises:
        InvalidInput: A column is not there, is said twice, or a needed one is missing.
        ImportRefused: The file was imported already.
    """
    kind = kind_of(row.kind)
    with _laid_out(row) as path:
        mapping.require_sound(kind.open(path, layout), kind.aliases)
        found = mapping.look(kind, path, layout)
        if "year" in kind.options and not options.get("year"):
            options = {**options, "year": exchange.plan_year(path, layout=layout)}
    require_columns(kind, found)
    with transaction.atomic():
        held = _for_update(row, actor)
        held.sheet, held.header_row = layout.sheet, found.header_rows[0]
        held.columns = dict(layout.columns)
        held.options = {name: options[name] for name in OPTIONS if options.get(name)}
        held.state, held.trial, held.tried_at, held.report = ImportState.GIVEN, None, None, ""
        held.save()
        if remember:
            remember_columns(held, found, actor=actor, now=now)
    return _put(held, TRY, actor=actor, now=now)


def arrange_as_found(row: FileImport, *, actor: Actor, now: dt.datetime) -> bool:
    """
    Try the import at once where nothing is left to be said (免核对列); its columns can still be changed before it is confirmed.

    Nothing is left where every column that holds something is known, none is missing, and a plan names this year or the
    next: last year's table, taken up again, waits for its year.

    Returns:
        Whether it was tried.
    """
    kind, layout = kind_of(row.kind), layout_of(row)
    found, options = look(row, layout), dict[str, Any]()
    names = [column.name for column in found.columns]
    strange = {column.name for column in found.columns if column.samples and not column.field} - UNREAD
    if found.missing or strange - set(layout.columns) or len(set(names)) < len(names):
        return False
    if "computed_on" in kind.options:
        return False
    if "year" in kind.options:
        with _laid_out(row) as path:
            options["year"] = exchange.plan_year(path, layout=layout)
        if options["year"] not in {clock.local_date(now).year, clock.local_date(now).year + 1}:
            return False
    said = Layout(layout.sheet, found.header_rows[0], {column.name: column.field for column in found.columns})
    arrange(row, layout=said, options=options, remember=False, actor=actor, now=now)
    return True


def require_columns(kind: Kind, found: Look) -> None:
    """
    Refuse a file of which a needed column is not told.

    Raises:
        InvalidInput: Names the columns.
    """
    if found.missing:
        groups = (
            _("或").join(mapping.label_of(code, kind.aliases) for code in group) for group in found.missing
        )
        raise InvalidInput(_("还缺少：%(columns)s，请选择对应的列") % {"columns": "、".join(groups)})


def _for_update(row: FileImport, actor: Actor) -> FileImport:
    held = FileImport.objects.select_for_update().get(pk=row.pk)
    kind_of(held.kind).may(actor).require()
    if held.state not in {ImportState.GIVEN, ImportState.TRIED}:
        raise ImportRefused(_("这个文件已经导入或撤下；要更正请导入改正后的文件"))
    return held


def remember_columns(row: FileImport, found: Look, *, actor: Actor, now: dt.datetime) -> None:
    """Remember the columns of a file by the shape of its header (记住列对照)."""
    ColumnMapping.objects.update_or_create(
        agency=row.agency,
        kind=row.kind,
        shape=found.shape,
        defaults={
            "columns": row.columns,
            "example": row.name,
            "said_at": now,
            "said_by": actor.code,
            "said_by_name": actor.name[:40],
        },
    )
    said = [f"{name}={code}" for name, code in sorted(row.columns.items())]
    body = {"kind": row.kind, "shape": found.shape, "columns": said}
    audit.record("mapping.remembered", actor=actor, at=now, body=body)


def _put(row: FileImport, job: str, *, actor: Actor, now: dt.datetime) -> FileImport:
    put = jobs.put(job, actor=actor, now=now, lock_key=f"import:{row.kind}", row=row.pk)
    FileImport.objects.filter(pk=row.pk).update(job=put.pk)
    row.refresh_from_db()
    return row


def attempt(pk: int, *, actor: Actor, now: dt.datetime, report: Report) -> FileImport:
    """Try the import of an uploaded file and keep what came of it (试导入); called by its job."""
    row = FileImport.objects.get(pk=pk)
    if row.state != ImportState.GIVEN:
        return row
    with _laid_out(row) as path:
        trial = importing.attempt(_asked(row, path), actor=actor, now=now, report=report)
    stored = file_services.store(
        _written(trial), media_type="application/json", name=f"report-{row.pk}.json", now=now
    )
    FileImport.objects.filter(pk=pk, state=ImportState.GIVEN).update(
        state=ImportState.TRIED, tried_at=now, trial=_counts(trial), report=stored.pk
    )
    row.refresh_from_db()
    return row


def _asked(row: FileImport, path: Path) -> Asked:
    given = dict(row.options)
    day = given.pop("computed_on", None)
    return Asked(
        kind=row.kind,
        path=path,
        layout=layout_of(row),
        computed_on=dt.date.fromisoformat(day) if day else None,
        **given,
    )


def _counts(trial: Trial) -> dict[str, Any]:
    found = trial.found
    return {
        "rows": found.rows,
        "added": found.count.added,
        "changed": found.count.changed,
        "same": found.count.same,
        "refused": len(found.refused),
        "refused_rows": found.refused_rows,
        "cautions": len(found.cautions),
        "changes": trial.changes.total,
        "obstacle": trial.obstacle,
    }


@dataclass(frozen=True)
class Line:
    """One line of a report: where it stands, whether it keeps its row out, what is wrong."""

    row: int | None
    column: str
    refused: bool
    message: str


def _written(trial: Trial) -> bytes:
    told = [*trial.found.refused, *trial.found.cautions]
    lines = sorted((_line(trouble) for trouble in told), key=lambda line: (not line.refused, line.row or 0))
    held = {
        "lines": [astuple(line) for line in lines[:LINES_KEPT]],
        "changes": [astuple(change) for change in trial.changes.lines],
    }
    return json.dumps(held, ensure_ascii=False).encode()


def _line(trouble: Trouble) -> Line:
    return Line(
        trouble.row,
        trouble.column,
        not isinstance(trouble, Caution) and trouble.row is not None,
        trouble.message,
    )


@dataclass(frozen=True)
class Findings:
    """What a trial found."""

    lines: tuple[Line, ...]
    changes: tuple[tuple[str, str, str, str, str], ...]


def report_of(row: FileImport) -> Findings:
    """The stored report of a file's trial; nothing before there was one."""
    if not row.report:
        return Findings((), ())
    held = json.loads(files.read(row.report))
    return Findings(tuple(Line(*line) for line in held["lines"]), tuple(map(tuple, held["changes"])))


def confirm(row: FileImport, *, good_rows: bool, tried: str, actor: Actor, now: dt.datetime) -> FileImport:
    """
    Import what was tried (确认导入): the whole file, or its good rows where somebody says so (T-I7); a job.

    Args:
        row: The file.
        good_rows: Leave the rows with errors out; without it there must be none.
        tried: The report that was looked at, by its digest.
        actor: Who.
        now: When.

    Raises:
        ImportRefused: It was not tried, was tried again since, has errors, or cannot be entered.
    """
    with transaction.atomic():
        held = _for_update(row, actor)
        if held.state != ImportState.TRIED or held.report != tried:
            raise ImportRefused(_("试导入的结果已经变了，请重新查看后再确认"))
        if held.trial["obstacle"]:
            raise ImportRefused(held.trial["obstacle"])
        if held.trial["refused"] and not good_rows:
            raise ImportRefused(_("文件有错误，请改正后重新上传，或选择只导入可用行"))
        held.good_rows = good_rows and bool(held.trial["refused"])
        held.save(update_fields=["good_rows"])
    return _put(held, ENTER, actor=actor, now=now)


def enter(pk: int, *, actor: Actor, now: dt.datetime, report: Report) -> FileImport:
    """Import an uploaded file that was confirmed (导入): all of it in one transaction; called by its job."""
    row = FileImport.objects.get(pk=pk)
    if row.state != ImportState.TRIED:
        return row
    told: Told = Sieve() if row.good_rows else Told()
    with _laid_out(row) as path, transaction.atomic():
        found = importing.run(_asked(row, path), told=told, actor=actor, now=now, report=report)
        row.state, row.imported_at = ImportState.IMPORTED, now
        row.outcome = {
            "rows": found.rows,
            "added": found.count.added,
            "changed": found.count.changed,
            "same": found.count.same,
            "refused_rows": found.refused_rows,
        }
        row.save(update_fields=["state", "imported_at", "outcome"])
    return row


def stop(row: FileImport, *, actor: Actor) -> None:
    """Stop the trial or the import under way (停止); what it has done is taken back."""
    kind_of(row.kind).may(actor).require()
    if row.job is not None and row.state in {ImportState.GIVEN, ImportState.TRIED}:
        jobs.stop(row.job, actor=actor)


@transaction.atomic
def withdraw(row: FileImport, *, actor: Actor, now: dt.datetime) -> None:
    """Withdraw a file that was not imported (撤下)."""
    held = _for_update(row, actor)
    held.state = ImportState.WITHDRAWN
    held.save(update_fields=["state"])


def mappings(actor: Actor) -> QuerySet[ColumnMapping]:
    """The columns that are remembered of the kinds that *actor* may import, the latest first."""
    may = [code for code, kind in MAPPED.items() if kind.may(actor)]
    return ColumnMapping.objects.filter(kind__in=may).order_by("-said_at", "-pk")


@transaction.atomic
def forget(pk: int, *, actor: Actor, now: dt.datetime) -> None:
    """
    Forget what is remembered of a header (删除列对照).

    Raises:
        NotFound: There is no such one.
    """
    row = mappings(actor).select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound(_("没有这条列对照"))
    body = {"kind": row.kind, "shape": row.shape}
    row.delete()
    audit.record("mapping.forgotten", actor=actor, at=now, body=body)
