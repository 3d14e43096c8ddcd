"""
Files into a real installation (导入): a whole file or nothing of it, or its good rows where somebody says so (T-I7).

A trial does everything and takes it back, so that it finds what only the database knows, and tells what would change.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.exchange.changes import Changes
from fairdraw.exchange.kinds import KINDS, Asked, Report
from fairdraw.exchange.readers.report import Sieve, Told
from fairdraw.kernel import collecting
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import FairdrawError, InvalidInput, Trouble
from fairdraw.registers.entries import ImportCount

NONE = ImportCount(0, 0, 0)


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do: rows read, added, changed and left as they were, cautions, rows refused."""

    rows: int
    count: ImportCount
    cautions: tuple[Trouble, ...]
    refused: tuple[Trouble, ...] = ()
    refused_rows: int = 0


@dataclass(frozen=True)
class Trial:
    """
    What an import would do (试导入).

    Attributes:
        found: As of the import of the good rows.
        changes: What would change in what is there.
        obstacle: Why not even the good rows can be entered; empty where they can.
    """

    found: Imported
    changes: Changes
    obstacle: str = ""


def run(asked: Asked, *, told: Told, actor: Actor, now: dt.datetime, report: Report) -> Imported:
    """
    Import one file (导入).

    Args:
        asked: What and how.
        told: Says which rows are used: ``Told()`` all or none, ``Sieve()`` the good ones.
        actor: Who does it.
        now: When.
        report: Told how far it is.

    Raises:
        InvalidInput: The file cannot be used; every row and column is named, nothing is stored.
        NotPermitted, RuleBroken: Duty, or what is there already, does not allow it.
    """
    enter = _prepared(asked, told, actor, report)
    with collecting.at_rest(), transaction.atomic():
        rows, count = enter(actor, now)
        found = Imported(rows, count, tuple(told.cautions), *_refused(told))
        _record(asked, found, actor=actor, now=now)
    report(_("完成"), 1.0)
    return found


def rehearse(asked: Asked, *, told: Told, actor: Actor, now: dt.datetime, report: Report) -> Imported:
    """Import one file and take it back (试导入, by command); refusals as :func:`run`."""
    enter = _prepared(asked, told, actor, report)
    with collecting.at_rest(), transaction.atomic():
        rows, count = enter(actor, now)
        transaction.set_rollback(True)
    report(_("完成"), 1.0)
    return Imported(rows, count, tuple(told.cautions), *_refused(told))


def attempt(asked: Asked, *, actor: Actor, now: dt.datetime, report: Report) -> Trial:
    """
    Import the good rows of one file, compare what is there, and take it back (试导入, by page).

    Raises:
        InvalidInput: It cannot be read as a table of its kind at all.
        NotPermitted: The duty does not allow it.
    """
    sieve = Sieve()
    enter = _prepared(asked, sieve, actor, report)
    watch = KINDS[asked.kind].watch()
    watch.before()
    rows, count, obstacle = 0, NONE, ""
    try:
        with collecting.at_rest(), transaction.atomic():
            rows, count = enter(actor, now)
            watch.during(now)
            transaction.set_rollback(True)
    except FairdrawError as error:
        obstacle = str(error)
    except IntegrityError:
        obstacle = _("有两行或一行与库中已有的一条使用同一个代码，请按质量报告核对后再导入")
    report(_("完成"), 1.0)
    found = Imported(rows, count, tuple(sieve.cautions), *_refused(sieve))
    return Trial(found, Changes() if obstacle else watch.changes(), obstacle)


@collecting.at_rest()
def _prepared(
    asked: Asked, told: Told, actor: Actor, report: Report
) -> Callable[[Actor, dt.datetime], tuple[int, ImportCount]]:
    kind = KINDS[asked.kind]
    kind.may(actor).require()
    if not asked.path.is_file():
        raise InvalidInput(_("没有这个文件：%(path)s") % {"path": asked.path})
    report(_("读取 %(name)s") % {"name": asked.path.name}, 0.0)
    return kind.read(asked, told, report)


def _refused(told: Told) -> tuple[tuple[Trouble, ...], int]:
    """The errors of rows that were left out, and how many rows those are."""
    return (tuple(told.refused), len(told.refused_rows)) if isinstance(told, Sieve) else ((), 0)


def _record(asked: Asked, found: Imported, *, actor: Actor, now: dt.datetime) -> None:
    """The file stands in the log by its digest, beside what its stage has written."""
    audit.record(
        "file.imported",
        actor=actor,
        at=now,
        body={
            "kind": asked.kind,
            "file": asked.path.name,
            "sha256": digest(asked.path),
            "rows_used": found.rows,
            "rows_refused": found.refused_rows,
            "columns": [f"{name}={code}" for name, code in sorted(asked.layout.columns.items())],
        },
    )


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
