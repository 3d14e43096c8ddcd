"""
Records that calling systems hand in (接口录入): once for each idempotency key, by the same rules as a person.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from fairdraw.exchange.api import questions
from fairdraw.exchange.api.shapes import RecordIn
from fairdraw.inspections import selectors
from fairdraw.inspections import services as inspections
from fairdraw.inspections.entries import ItemAnswer, RecordEntry
from fairdraw.inspections.models import Inspection, ReplayedRequest
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput, RuleBroken, Trouble

OK = 200


class KeyReused(RuleBroken):
    """An idempotency key answers one request only."""

    code = "exchange.key-reused"


class UnknownItem(InvalidInput):
    """The record speaks of an item that the task does not check."""

    code = "exchange.unknown-item"


@dataclass(frozen=True)
class Answered:
    """What the calling system gets, and whether it got it before."""

    body: dict[str, Any]
    replayed: bool


def enter(*, number: str, record: RecordIn, key: str, actor: Actor, now: dt.datetime) -> Answered:
    """
    Enter the record of an inspection, or give the answer again that the same key got before.

    A refused request leaves no trace of its key, so it may be corrected and sent again.

    Args:
        number: The inspection's number.
        record: What was found.
        key: The caller's ``Idempotency-Key``.
        actor: The calling system.
        now: When.

    Raises:
        NotFound: No such inspection in the caller's scope.
        KeyReused: The key came before with another request.
        UnknownItem: An answer names an item that the task does not check.
        As :func:`inspections.services.record`.
    """
    row = selectors.inspection(actor, number)
    digest = hashlib.sha256(f"{number}\n{record.model_dump_json()}".encode()).hexdigest()
    with transaction.atomic():
        try:
            with transaction.atomic():  # the key is taken first: of two at once the other waits here
                held = ReplayedRequest.objects.create(
                    token=actor.code, key=key, digest=digest, status=OK, body={}, at=now
                )
        except IntegrityError:
            return _again(actor, key, digest)
        inspections.record([_entry(row, record)], actor=actor, now=now)
        held.body = questions.shown(selectors.inspection(actor, number)).model_dump(mode="json")
        held.save(update_fields=["body"])
    return Answered(held.body, replayed=False)


def _again(actor: Actor, key: str, digest: str) -> Answered:
    held = ReplayedRequest.objects.get(token=actor.code, key=key)
    if held.digest != digest:
        raise KeyReused(_("这个幂等键已用于另一次请求，请换一个新的键"))
    return Answered(held.body, replayed=True)


def _entry(row: Inspection, record: RecordIn) -> RecordEntry:
    items = {i.item.code: i for i in row.task.task_items.select_related("item")}
    unknown = [
        Trouble(_("任务不检查这一事项"), column=f"answers.{n}.item")
        for n, answer in enumerate(record.answers)
        if answer.item not in items
    ]
    if len({a.item for a in record.answers}) < len(record.answers):
        unknown.append(Trouble(_("同一事项出现了两次"), column="answers"))
    if unknown:
        raise UnknownItem(_("检查情况与任务的抽查事项不符"), troubles=tuple(unknown))
    return RecordEntry(
        inspection_id=row.pk,
        checked_on=record.checked_on,
        codes=tuple(record.codes),
        measure=record.measure,
        answers=tuple(
            ItemAnswer(
                item_id=items[a.item].item_id,
                version_id=items[a.item].version_id,
                checked=a.checked,
                problem=a.problem,
                handling=a.handling,
            )
            for a in record.answers
        ),
        method=record.method,
        note=record.note,
    )
