"""
A list drawn elsewhere, from the upload to its entry (接收外部名单; N14, N18): kept, matched, looked at, confirmed.

Between the two steps the file lies in the store; the page carries its signed name, so nothing is uploaded twice
and what is entered is what was looked at.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core import signing
from django.utils.translation import gettext as _

from fairdraw.draws import receiving
from fairdraw.draws import selectors as draws
from fairdraw.draws.models import DrawnList
from fairdraw.draws.receiving import ReturnedEntry
from fairdraw.exchange import received
from fairdraw.exchange.received import MatchedList
from fairdraw.files import selectors as files
from fairdraw.files import services as file_services
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput
from fairdraw.plans.models import Task
from fairdraw.plans.states import Channel

MEDIA_TYPE = "application/octet-stream"
KEPT_SECONDS = 86_400


class UploadLost(InvalidInput):
    """The file of the first step cannot be told any more."""

    code = "desk.upload-lost"


def keep(task: Task, *, data: bytes, name: str, now: dt.datetime) -> str:
    """Keep an uploaded list for the second step; gives the signed word that names it."""
    stored = file_services.store(data, media_type=MEDIA_TYPE, name=name[:255], now=now)
    return signing.dumps([stored.pk, name], salt=_salt(task))


def _salt(task: Task) -> str:
    return f"desk.received:{task.number}"


def _kept(task: Task, word: str) -> tuple[bytes, str]:
    try:
        digest, name = signing.loads(word, salt=_salt(task), max_age=KEPT_SECONDS)
    except signing.BadSignature:
        raise UploadLost(_("上传的名单已失效，请重新选择文件")) from None
    return files.read(digest), name


def match(task: Task, word: str) -> MatchedList:
    """
    Match a kept list against the register; changes nothing (试匹配).

    Raises:
        InvalidInput: It cannot be read as a list; UploadLost where it is not there.
    """
    data, name = _kept(task, word)
    with received.laid_out(data, name=name) as path:
        return received.read_list(path)


def enter(
    task: Task,
    word: str,
    *,
    drawn_by: str,
    document_number: str,
    drawn_on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> MatchedList:
    """Enter a kept list for good (接收名单); refusals as :func:`exchange.received.import_list`."""
    data, name = _kept(task, word)
    with received.laid_out(data, name=name) as path:
        return received.import_list(
            path,
            number=task.number,
            drawn_by=drawn_by,
            document_number=document_number,
            drawn_on=drawn_on,
            actor=actor,
            now=now,
        )


@dataclass(frozen=True)
class Told:
    """A received list as the task's page shows it: whose, under which document, how many rows became what."""

    held: DrawnList
    matched: int
    returned: list[ReturnedEntry]


def told(task: Task) -> Told | None:
    """The list that the task received, if it has one from elsewhere."""
    held = draws.list_of(task)
    if held is None or held.received_id is None:
        return None
    return Told(held, held.received_rows.count(), receiving.returned_rows(task))


def is_elsewhere(task: Task) -> bool:
    """Whether the targets of *task* are drawn on another platform or by a superior."""
    return task.channel != Channel.FAIRDRAW.value


def return_csv(task: Task) -> bytes:
    """The rows that go back to the sender, as a table that Excel opens (退回清单)."""
    return received.return_list(receiving.returned_rows(task))


def in_words(refused: InvalidInput) -> str:
    """A refusal with the first rows that it is about."""
    rows = [str(trouble) for trouble in refused.troubles[:5]]
    return "；".join([str(refused), *rows])
