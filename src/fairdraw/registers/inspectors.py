"""
Verbs on the inspector directory (执法检查人员名录库; N20, N23, rules.md D1–D4): entries, absences, relations.

Every changed field is kept with its editor. Names never enter the log; the log holds codes and field names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput, RuleBroken
from fairdraw.registers import permissions
from fairdraw.registers.entries import Certified, ImportCount, InspectorEntry
from fairdraw.registers.models import (
    AbsenceKind,
    DeclaredInterest,
    Inspector,
    InspectorAbsence,
    InspectorChange,
    InspectorQualification,
    Target,
)


class InspectorRefused(RuleBroken):
    """An inspector cannot be entered or changed as asked."""

    code = "registers.inspector-refused"


@transaction.atomic
def import_inspectors(
    entries: Iterable[InspectorEntry], *, source: str, actor: Actor, now: dt.datetime
) -> ImportCount:
    """
    Enter the inspector directory (导入执法检查人员名录): new ones, and what changed of the others.

    What an entry leaves open (None) stays as it is held. Nobody is taken out by a file that does not name them.

    Raises:
        InvalidInput: An entry's unit is not known here.
    """
    permissions.can_keep_registers(actor).require()
    agencies = {a.code: a for a in Agency.objects.all()}
    held = {i.code: i for i in Inspector.objects.select_related("agency").prefetch_related("certified")}
    added = changed = same = 0
    lines: list[bytes] = []
    edits: list[tuple[Inspector, dict[str, tuple[str, str]]]] = []
    for entry in entries:
        if entry.agency_code not in agencies:
            raise InvalidInput(
                _("执法检查人员 %(code)s 的单位代码 %(agency)s 不存在，请先建立该单位")
                % {"code": entry.code, "agency": entry.agency_code}
            )
        fields = _fields(entry, agencies[entry.agency_code])
        row = held.get(entry.code)
        if row is None:
            row = Inspector.objects.create(code=entry.code, **fields)
            _certify(row, entry.certified)
            added += 1
        else:
            differs = _differences(row, fields) | _certify(row, entry.certified)
            if not differs:
                same += 1
                continue
            Inspector.objects.filter(pk=row.pk).update(**fields)
            edits.append((row, differs))
            changed += 1
        lines.append(f"{entry.code}\t{entry.agency_code}\t{entry.valid_to}".encode())
    log = audit.record_batch(
        "inspectors.imported",
        actor=actor,
        at=now,
        body={"added": added, "changed": changed, "same": same, "source": source},
        rows=lines,
    )
    for row, differs in edits:
        _keep(row, differs, seq=log.seq, actor=actor, now=now)
    return ImportCount(added, changed, same)


def _fields(entry: InspectorEntry, agency: Agency) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": entry.name,
        "agency": agency,
        "certificate_number": entry.certificate_number,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
        "qualifications": ",".join(sorted({*entry.qualifications, *(c.code for c in entry.certified)})),
        "areas": ",".join(entry.areas),
        "assistant": entry.assistant,
        "expert": entry.expert,
        "invented": entry.invented,
    }
    open_ones = {
        "post": entry.post,
        "trained": entry.trained,
        "trained_on": entry.trained_on,
        "training": entry.training,
        "active": entry.active,
    }
    return fields | {name: value for name, value in open_ones.items() if value is not None}


def _differences(row: Inspector, fields: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Field → text before and after, of those that differ."""
    return {
        name: (_text(getattr(row, name)), _text(value))
        for name, value in fields.items()
        if getattr(row, name) != value
    }


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Agency):
        return value.code
    return "" if value is None else str(value)


def _certify(row: Inspector, certified: Iterable[Certified]) -> dict[str, tuple[str, str]]:
    """Enter certificates of qualifications; gives what changed, by ``资格:code``."""
    held = {c.code: c for c in row.certified.all()}
    differs: dict[str, tuple[str, str]] = {}
    for new in certified:
        old = held.get(new.code)
        before = _certificate(old.certificate_number, old.valid_from, old.valid_to) if old else ""
        after = _certificate(new.certificate_number, new.valid_from, new.valid_to)
        if before == after:
            continue
        InspectorQualification.objects.update_or_create(
            inspector=row,
            code=new.code,
            defaults={
                "certificate_number": new.certificate_number,
                "valid_from": new.valid_from,
                "valid_to": new.valid_to,
            },
        )
        differs[f"certificate:{new.code}"[:24]] = (before, after)
    return differs


def _certificate(number: str, starts: dt.date | None, ends: dt.date) -> str:
    return f"{number} {starts or ''}~{ends}".strip()


def _keep(
    row: Inspector, differs: Mapping[str, tuple[str, str]], *, seq: int, actor: Actor, now: dt.datetime
) -> None:
    InspectorChange.objects.bulk_create(
        InspectorChange(
            inspector=row,
            field=field,
            before=before[:300],
            after=after[:300],
            at=now,
            actor=actor.code,
            seq=seq,
        )
        for field, (before, after) in differs.items()
    )


@transaction.atomic
def enter_inspector(entry: InspectorEntry, *, actor: Actor, now: dt.datetime) -> Inspector:
    """
    Enter one inspector by hand (新增执法检查人员).

    Raises:
        InspectorRefused: The number stands in the directory.
    """
    permissions.can_keep_registers(actor).require()
    if Inspector.objects.filter(code=entry.code).exists():
        raise InspectorRefused(_("编号“%(code)s”已经在名录里") % {"code": entry.code})
    import_inspectors([entry], source=_("逐人录入"), actor=actor, now=now)
    return Inspector.objects.get(code=entry.code)


@transaction.atomic
def change_inspector(
    *,
    inspector: Inspector,
    fields: Mapping[str, Any],
    certified: Iterable[Certified] | None = None,
    actor: Actor,
    now: dt.datetime,
) -> list[str]:
    """
    Change what the directory says of an inspector (变更执法检查人员信息): a transfer, a renewed certificate, training.

    Draws that are sealed keep what they sealed.

    Args:
        inspector: Who.
        fields: New values by field, as the model has them.
        certified: The certificates of qualifications as they are now, all of them; None leaves them.

    Returns:
        The names of the fields that changed; empty where nothing did, and then nothing is logged.

    Raises:
        InspectorRefused: A certificate would end before it starts.
    """
    permissions.can_keep_registers(actor).require()
    row = Inspector.objects.select_for_update(of=("self",)).select_related("agency").get(pk=inspector.pk)
    starts, ends = fields.get("valid_from", row.valid_from), fields.get("valid_to", row.valid_to)
    if ends < starts:
        raise InspectorRefused(_("执法证有效期的止期早于起期，请核对"))
    differs = _differences(row, fields)
    if certified is not None:
        kept = list(certified)
        for gone in row.certified.exclude(code__in=[c.code for c in kept]):
            before = _certificate(gone.certificate_number, gone.valid_from, gone.valid_to)
            differs[f"certificate:{gone.code}"[:24]] = (before, "")
            gone.delete()
        differs |= _certify(row, kept)
    if not differs:
        return []
    Inspector.objects.filter(pk=row.pk).update(**fields)
    log = audit.record(
        "inspector.changed",
        actor=actor,
        at=now,
        body={"inspector": row.code, "fields": sorted(differs)},
    )
    _keep(row, differs, seq=log.seq, actor=actor, now=now)
    return sorted(differs)


@transaction.atomic
def transfer_inspector(
    *, inspector: Inspector, agency: Agency, area: tuple[str, str], actor: Actor, now: dt.datetime
) -> None:
    """
    Let an inspector go over to another unit with its area (随单位撤并转隶); the caller has judged who may.

    Args:
        inspector: Who.
        agency: The unit from now on.
        area: Code of the old station in the areas, and of the one in its place.
    """
    words = [area[1] if word == area[0] else word for word in inspector.areas.split(",")]
    fields = {"agency": agency, "areas": ",".join(dict.fromkeys(words))}
    differs = _differences(inspector, fields)
    if not differs:
        return
    Inspector.objects.filter(pk=inspector.pk).update(**fields)
    body = {"inspector": inspector.code, "fields": sorted(differs)}
    log = audit.record("inspector.changed", actor=actor, at=now, body=body)
    _keep(inspector, differs, seq=log.seq, actor=actor, now=now)


@transaction.atomic
def declare_interest(
    *, inspector: Inspector, target: Target, reason: str, actor: Actor, now: dt.datetime, on: dt.date
) -> DeclaredInterest:
    """Enter a relation that keeps *inspector* away from *target* (登记回避事由)."""
    permissions.can_declare(actor, inspector.agency).require()
    row = DeclaredInterest.objects.create(inspector=inspector, target=target, reason=reason, declared_on=on)
    audit.record(
        "interest.declared",
        actor=actor,
        at=now,
        body={"inspector": inspector.code, "target": target.draw_code},
    )
    return row


@transaction.atomic
def withdraw_interest(*, interest: DeclaredInterest, reason: str, actor: Actor, now: dt.datetime) -> None:
    """
    Take a relation off that no longer holds or was a mistake (解除回避事由); the log keeps both acts and why.

    Raises:
        InspectorRefused: No reason is given.
    """
    inspector = interest.inspector
    permissions.can_declare(actor, inspector.agency).require()
    if not reason.strip():
        raise InspectorRefused(_("请写明解除回避事由的原因"))
    body = {"inspector": inspector.code, "target": interest.target.draw_code, "reason": reason.strip()}
    interest.delete()
    audit.record("interest.withdrawn", actor=actor, at=now, body=body)


@transaction.atomic
def enter_absence(
    *,
    inspector: Inspector,
    starts_on: dt.date,
    ends_on: dt.date,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    kind: str = AbsenceKind.LEAVE.value,
) -> InspectorAbsence:
    """
    Enter days on which an inspector is away (登记缺勤): leave, secondment, other duties.

    Args:
        inspector: Who.
        starts_on: First day away.
        ends_on: First day back.
        reason: In a few words.
        kind: One of ``AbsenceKind``.

    Raises:
        InspectorRefused: The days meet another absence of the same person, or there are none.
    """
    permissions.can_declare(actor, inspector.agency).require()
    if ends_on <= starts_on:
        raise InspectorRefused(_("结束日期不能早于开始日期"))
    met = InspectorAbsence.objects.filter(inspector=inspector, starts_on__lt=ends_on, ends_on__gt=starts_on)
    if (other := met.first()) is not None:
        raise InspectorRefused(
            _("与已登记的缺勤（%(first)s至%(last)s）重叠，请先修改那一条")
            % {"first": other.starts_on, "last": other.ends_on - dt.timedelta(1)}
        )
    row = InspectorAbsence.objects.create(
        inspector=inspector, starts_on=starts_on, ends_on=ends_on, reason=reason, kind=kind
    )
    body = {"inspector": inspector.code, "starts_on": str(starts_on), "ends_on": str(ends_on), "kind": kind}
    audit.record("absence.entered", actor=actor, at=now, body=body)
    return row


@transaction.atomic
def end_absence(
    *, absence: InspectorAbsence, back_on: dt.date, actor: Actor, now: dt.datetime
) -> InspectorAbsence | None:
    """
    Change the day on which an inspector is back (提前返岗、延长): on the first day away it is as if never entered.

    Returns:
        The absence as it is now; None where nothing is left of it.
    """
    inspector = absence.inspector
    permissions.can_declare(actor, inspector.agency).require()
    body = {
        "inspector": inspector.code,
        "starts_on": str(absence.starts_on),
        "ends_on": str(absence.ends_on),
        "back_on": str(back_on),
    }
    left: InspectorAbsence | None = absence
    if back_on <= absence.starts_on:
        absence.delete()
        left = None
    else:
        absence.ends_on = back_on
        absence.save(update_fields=["ends_on"])
    audit.record("absence.changed", actor=actor, at=now, body=body)
    return left
