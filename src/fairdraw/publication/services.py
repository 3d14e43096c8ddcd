"""Verbs of publication: hand in, acknowledge by receipt, withdraw; public notices of plans, tasks, draws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.inspections import selectors as inspection_selectors
from fairdraw.inspections import services as inspections
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionMove
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.canonical import JSON
from fairdraw.kernel.errors import InvalidInput, RuleBroken
from fairdraw.publication import permissions, rules
from fairdraw.publication.models import Announcement, Publication
from fairdraw.rulebook import selectors as rulebook

CHUNK = 500


class NoReceipt(RuleBroken):
    """A result counts as published only on a receipt of the far side."""

    code = "publication.no-receipt"


class ReasonMissing(InvalidInput):
    """Taking off and publishing anew need their reason in words."""

    code = "publication.reason-missing"


@transaction.atomic
def submit(ids: Iterable[int], *, channel: str, actor: Actor, now: dt.datetime) -> list[Publication]:
    """Hand reviewed results in to be published (报送公示); they are not published yet."""
    rows = inspection_selectors.for_update(ids)
    codes = rulebook.result_codes(clock.local_date(now))
    last = _last_versions([row.pk for row in rows])
    made = [
        Publication(
            inspection=row,
            version=last.get(row.pk, 0) + 1,
            channel=channel,
            row=rules.public_row(
                number=row.number,
                name=row.target.name,
                code=row.target.uscc or row.target.old_number or row.target.draw_code,
                agency=row.agency.name,
                checked_on=str(row.checked_on),
                result=codes[row.outcome].label,
            ),
            submitted_at=now,
            submitted_by=actor.code,
        )
        for row in rows
    ]
    inspections.mark(rows, InspectionMove.SUBMIT, at=now, actor=actor)
    Publication.objects.bulk_create(made, batch_size=CHUNK)
    lines = [f"{p.row['number']}\t{p.row['code']}\t{p.row['result']}".encode() for p in made]
    audit.record_batch("results.submitted", actor=actor, at=now, body={"channel": channel}, rows=lines)
    return made


def _last_versions(ids: Sequence[int]) -> dict[int, int]:
    """The last published version of inspections that were corrected."""
    found: dict[int, int] = {}
    for start in range(0, len(ids), CHUNK):
        rows = Publication.objects.filter(inspection__in=ids[start : start + CHUNK])
        found |= dict(rows.values_list("inspection").annotate(last=Max("version")))
    return found


@transaction.atomic
def acknowledge(
    ids: Iterable[int], *, receipt: str, channel: str, actor: Actor, now: dt.datetime
) -> list[Inspection]:
    """
    Enter the far side's receipt: now the results are published (公示回执; N04), and finished tasks complete.

    Raises:
        NoReceipt: The receipt is empty.
    """
    if not receipt.strip():
        raise NoReceipt(_("请填写公示系统的回执编号"))
    rows = inspection_selectors.for_update(ids)
    inspections.mark(rows, InspectionMove.PUBLISH, at=now, actor=actor)
    for start in range(0, len(rows), CHUNK):
        chunk = [r.pk for r in rows[start : start + CHUNK]]
        Publication.objects.filter(inspection__in=chunk, acknowledged_at__isnull=True).update(
            acknowledged_at=now, receipt=receipt
        )
    lines = [r.number.encode() for r in rows]
    inspections.complete_tasks({r.task.number for r in rows}, actor=actor, now=now)
    audit.record_batch(
        "results.published", actor=actor, at=now, body={"channel": channel, "receipt": receipt}, rows=lines
    )
    return rows


@transaction.atomic
def withdraw(*, publication: Publication, reason: str, actor: Actor, now: dt.datetime) -> Publication:
    """
    Take a wrong result off (撤下): version and reason are kept, and no figure counts it any more.

    Raises:
        NotPublic: It was not published, or is off already.
        ReasonMissing: No reason is given.
    """
    publication = _take_off(publication, reason=reason, actor=actor, now=now)
    inspection = publication.inspection
    inspection.withdrawn_at = now
    inspection.save(update_fields=["withdrawn_at"])
    body: dict[str, JSON] = {
        "inspection": inspection.number,
        "version": publication.version,
        "reason": reason,
    }
    audit.record("result.withdrawn", actor=actor, at=now, body=body)
    return publication


@transaction.atomic
def end_display(*, publication: Publication, reason: str, actor: Actor, now: dt.datetime) -> Publication:
    """
    Stop showing a result after credit repair (停止公示): what was inspected and published stays counted.

    Source: 市场监管总局令第107号; kpi.md K3.
    """
    publication = _take_off(publication, reason=reason, actor=actor, now=now)
    body: dict[str, JSON] = {
        "inspection": publication.inspection.number,
        "version": publication.version,
        "reason": reason,
    }
    audit.record("result.display_ended", actor=actor, at=now, body=body)
    return publication


def _take_off(publication: Publication, *, reason: str, actor: Actor, now: dt.datetime) -> Publication:
    [inspection] = inspection_selectors.for_update([publication.inspection_id])
    publication = Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk)
    publication.inspection = inspection
    permissions.can_take_off(actor, publication).require()
    if not reason.strip():
        raise ReasonMissing(_("撤下公示必须写明原因"))
    publication.withdrawn_at = now
    publication.reason = reason
    publication.save(update_fields=["withdrawn_at", "reason"])
    return publication


@transaction.atomic
def announce(
    *,
    kind: str,
    reference: str,
    title: str,
    body: dict[str, Any],
    actor: Actor,
    now: dt.datetime,
    reason: str = "",
) -> Announcement:
    """
    Make a plan, a task or a draw public (发布公告); a change is a new version with its reason.

    Raises:
        ReasonMissing: A later version does not say why it differs.
    """
    permissions.can_announce(actor).require()
    last = Announcement.objects.filter(kind=kind, reference=reference).order_by("-version").first()
    if last is not None and not reason.strip():
        raise ReasonMissing(_("公告已经发布，再次发布请写明调整原因"))
    row = Announcement.objects.create(
        kind=kind,
        reference=reference,
        version=last.version + 1 if last else 1,
        title=title,
        body=body,
        published_at=now,
        reason=reason,
    )
    audit.record(
        "notice.published",
        actor=actor,
        at=now,
        body={"kind": kind, "reference": reference, "version": row.version},
    )
    return row
