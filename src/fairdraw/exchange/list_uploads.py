"""
A list drawn elsewhere, from its upload to its entry by page (接收外部名单; N14, N18): taken, columns said, rows settled
by a person, confirmed; or withdrawn.

Between the steps the file lies in the store under its digest, what is said of it in a row of ``FileImport``: another
person can go on, and what is entered is what was looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.draws import receiving
from fairdraw.draws.receiving import Origin
from fairdraw.exchange import mapping, received, uploads
from fairdraw.exchange.kinds import LIST, ListKind
from fairdraw.exchange.mapping import Look
from fairdraw.exchange.matching import MatchedList
from fairdraw.exchange.models import FileImport, ImportState
from fairdraw.exchange.tables import Layout
from fairdraw.exchange.uploads import MEDIA_TYPE, ImportRefused, layout_of
from fairdraw.files import selectors as files
from fairdraw.files import services as file_services
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.plans import selectors as plans
from fairdraw.plans.models import Task

KIND = "list"


def take(task: Task, *, data: bytes, name: str, origin: Origin, actor: Actor, now: dt.datetime) -> FileImport:
    """
    Take an uploaded list (上传名单): kept whole, its columns recognised by its header or by what was remembered of it.

    Raises:
        InvalidInput: It is no table.
        ListRefused: The task takes no list.
    """
    receiving.can_receive(actor, task, task.channel).require()
    with received.laid_out(data, name=name) as path:
        layout = uploads.recognised(KIND, path)
        LIST.open(path, layout)
    stored = file_services.store(data, media_type=MEDIA_TYPE, name=name[:255], now=now)
    return FileImport.objects.create(
        kind=KIND,
        agency=accounts.root(),
        name=name[:255],
        file=stored.pk,
        size=len(data),
        header_row=layout.header_row,
        columns=dict(layout.columns),
        options={
            "task": task.number,
            "drawn_by": origin.drawn_by,
            "document_number": origin.document_number,
            "drawn_on": origin.drawn_on.isoformat(),
            "division": origin.division,
            "document_title": origin.document_title,
        },
        put_at=now,
        put_by=actor.code,
        put_by_name=actor.name[:40],
    )


def waiting(task: Task) -> FileImport | None:
    """The list of *task* that somebody has uploaded and nobody has confirmed yet, the newest."""
    rows = FileImport.objects.filter(kind=KIND, state=ImportState.GIVEN, options__task=task.number)
    return rows.order_by("-put_at", "-pk").first()


def of_task(task: Task, pk: int) -> FileImport:
    """
    An uploaded list of *task* that is not entered yet.

    Raises:
        NotFound: There is none of this key, or it was entered or withdrawn.
    """
    row = FileImport.objects.filter(
        kind=KIND, pk=pk, state=ImportState.GIVEN, options__task=task.number
    ).first()
    if row is None:
        raise NotFound(_("没有这份待接收的名单，可能已经接收或撤下"))
    return row


def origin_of(row: FileImport) -> Origin:
    """Where the list comes from, as it was typed."""
    held = row.options
    return Origin(
        held["drawn_by"],
        held["document_number"],
        dt.date.fromisoformat(held["drawn_on"]),
        held["division"],
        held["document_title"],
    )


def is_headless(row: FileImport) -> bool:
    """Whether somebody has said that the list has no header."""
    return bool(row.options.get("headless"))


def choices_of(row: FileImport) -> dict[int, str]:
    """What was said of rows to which several targets answer."""
    return {int(number): choice for number, choice in row.options.get("choices", {}).items()}


@contextmanager
def _laid_out(row: FileImport) -> Iterator[Path]:
    with received.laid_out(files.read(row.file), name=row.name) as path:
        yield path


def _kind(headless: bool) -> ListKind:
    return replace(LIST, headless=headless)


def look(row: FileImport, layout: Layout, *, headless: bool) -> Look:
    """
    Look at the file as *layout* has it (预览).

    Raises:
        InvalidInput: It cannot be read so.
    """
    with _laid_out(row) as path:
        return mapping.look(_kind(headless), path, layout)


@transaction.atomic
def arrange(
    row: FileImport,
    task: Task,
    *,
    layout: Layout,
    headless: bool,
    remember: bool,
    actor: Actor,
    now: dt.datetime,
) -> FileImport:
    """
    Say what the columns of the list are (核对列); what was settled of its rows is forgotten.

    Raises:
        InvalidInput: A column is not there, is said twice, or neither names nor codes are told.
    """
    held = _for_update(row, task, actor)
    kind = _kind(headless)
    with _laid_out(held) as path:
        mapping.require_sound(kind.open(path, layout), kind.aliases)
        found = mapping.look(kind, path, layout)
    uploads.require_columns(kind, found)
    held.sheet, held.header_row = layout.sheet, 0 if headless else found.header_rows[0]
    held.columns = dict(layout.columns)
    held.options = {**held.options, "headless": headless, "choices": {}}
    held.save(update_fields=["sheet", "header_row", "columns", "options"])
    if remember and not headless:
        uploads.remember_columns(held, found, actor=actor, now=now)
    return held


def _for_update(row: FileImport, task: Task, actor: Actor) -> FileImport:
    [task] = plans.tasks_for_update([task.number])
    held = FileImport.objects.select_for_update().get(pk=row.pk)
    receiving.can_receive(actor, task, task.channel).require()
    if held.state != ImportState.GIVEN:
        raise ImportRefused(_("这份名单已经接收或撤下"))
    return held


def matched(row: FileImport, *, choices: Mapping[int, str] | None = None) -> MatchedList:
    """
    Match the list against the register, as its columns and rows were settled; changes nothing (匹配名单).

    Raises:
        InvalidInput: It cannot be read so, or a choice does not fit.
    """
    said = choices_of(row) if choices is None else choices
    with _laid_out(row) as path:
        return received.read_list(path, layout=layout_of(row), headless=is_headless(row), choices=said)


@transaction.atomic
def settle(row: FileImport, task: Task, *, choices: Mapping[int, str], actor: Actor) -> MatchedList:
    """
    Keep what a person says of rows to which several targets answer (认定); an empty choice takes it back.

    Raises:
        InvalidInput: A choice is no candidate of its row.
    """
    held = _for_update(row, task, actor)
    said = {number: choice for number, choice in (choices_of(held) | dict(choices)).items() if choice}
    found = matched(held, choices=said)
    held.options = {**held.options, "choices": {str(number): choice for number, choice in said.items()}}
    held.save(update_fields=["options"])
    return found


def settle_living(row: FileImport, task: Task, *, actor: Actor) -> MatchedList:
    """Choose the only existing one of the candidates, in every open row that has only one (一次认定)."""
    choices = {one.row: one.living.draw_code for one in matched(row).open if one.living is not None}
    return settle(row, task, choices=choices, actor=actor)


@transaction.atomic
def confirm(row: FileImport, task: Task, *, actor: Actor, now: dt.datetime) -> MatchedList:
    """
    Enter the list for good (确认接收); see :func:`draws.receiving.receive_list`.

    Raises:
        InvalidInput: A row still waits for a person.
        ListRefused, ListUnusable: The task takes no list, or nobody is left to check.
    """
    held = _for_update(row, task, actor)
    with _laid_out(held) as path:
        _list, found = received.receive_file(
            path,
            task=task,
            source=task.channel,
            origin=origin_of(held),
            actor=actor,
            now=now,
            layout=layout_of(held),
            headless=is_headless(held),
            choices=choices_of(held),
            name=held.name,
        )
    held.state, held.imported_at = ImportState.IMPORTED, now
    held.outcome = {"matched": len(found.matched), "returned": len(found.returned)}
    held.save(update_fields=["state", "imported_at", "outcome"])
    return found


@transaction.atomic
def withdraw(row: FileImport, task: Task, *, actor: Actor) -> None:
    """Withdraw a list that was not entered (撤下)."""
    held = _for_update(row, task, actor)
    held.state = ImportState.WITHDRAWN
    held.save(update_fields=["state"])
