"""Verbs on the registers: imports, classes, the year's base, interests, absences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import services as audit
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput, RuleBroken
from fairdraw.registers import bulk, permissions, rules, selectors
from fairdraw.registers.entries import ImportCount, ItemEntry, TargetEntry
from fairdraw.registers.inspectors import (
    declare_interest,
    enter_absence,
    import_inspectors,
)
from fairdraw.registers.models import (
    CreditClass,
    Item,
    ItemAlias,
    ItemState,
    ItemVersion,
    Target,
)
from fairdraw.registers.year_base import BaseRefused, enter_base

__all__ = [
    "BaseRefused",
    "ItemRefused",
    "confirm_item",
    "declare_interest",
    "enter_absence",
    "enter_base",
    "import_inspectors",
    "import_items",
    "import_targets",
    "receive_classes",
    "remember_alias",
]

CHUNK = 2000
# What a confirmation writes, and how a file that leaves it open has it.
CONFIRMED_WITH: dict[str, object] = {
    "item_class": "",
    "legal_basis": "",
    "ratio_limit": None,
    "state": ItemState.PENDING.value,
    "published": False,
}
TARGET_FIELDS = (
    "uscc",
    "old_number",
    "name",
    "kind",
    "entity_type",
    "status",
    "registered_on",
    "address",
    "town_code",
    "town",
    "station_id",
    "industry",
    "scope",
    "tags",
    "abnormal",
    "serious",
    "annual_report",
    "invented",
)


class ItemRefused(RuleBroken):
    """An item cannot be entered or confirmed as it stands."""

    code = "registers.item-refused"


@transaction.atomic
def import_items(
    entries: Iterable[ItemEntry], *, source: str, starts_on: dt.date, actor: Actor, now: dt.datetime
) -> ImportCount:
    """
    Enter an item list (导入抽查事项清单): new items, and a new version of each that changed.

    An entry that is not marked confirmed stays 待核 and cannot be planned (rules.md B1–B3).

    Raises:
        InvalidInput: A code already names another item, whose name it would bear.
    """
    permissions.can_keep_registers(actor).require()
    added = changed = same = 0
    lines: list[bytes] = []
    for entry in entries:
        item, is_new = Item.objects.get_or_create(code=entry.code, defaults={"name": entry.name})
        if item.name != entry.name:
            said = _("编号“%(code)s”已是抽查事项“%(held)s”，文件写的是“%(name)s”；另一事项请用另一编号")
            raise InvalidInput(said % {"code": entry.code, "held": item.name, "name": entry.name})
        last = item.versions.order_by("-version").first()
        fields = _item_fields(entry)
        if last is not None and _says_the_same(last, fields):
            same += 1
            continue
        if last is not None and last.ends_on is None:
            last.ends_on = max(starts_on, last.starts_on)
            last.save(update_fields=["ends_on"])
        ItemVersion.objects.create(
            item=item, version=last.version + 1 if last else 1, starts_on=starts_on, **fields
        )
        added, changed = (added + 1, changed) if is_new else (added, changed + 1)
        lines.append(f"{entry.code}\t{entry.name}".encode())
    audit.record_batch(
        "items.imported",
        actor=actor,
        at=now,
        body={"added": added, "changed": changed, "same": same, "source": source},
        rows=lines,
    )
    return ImportCount(added, changed, same)


def _item_fields(entry: ItemEntry) -> dict[str, object]:
    return {
        "category": entry.category,
        "content": entry.content,
        "legal_basis": entry.legal_basis,
        "object_text": entry.object_text,
        "item_class": entry.item_class,
        "ratio_limit": entry.ratio_limit,
        "ratio_text": entry.ratio_text,
        "frequency": entry.frequency,
        "method": entry.method,
        "qualification": entry.qualification,
        "points": list(entry.points),
        "state": ItemState.CONFIRMED.value if entry.confirmed else ItemState.PENDING.value,
        "published": entry.confirmed,
        "invented": entry.invented,
    }


def _says_the_same(last: ItemVersion, fields: dict[str, object]) -> bool:
    """Whether a file says what stands; what was filled in when it was confirmed (确认) does not differ from a gap."""
    kept = CONFIRMED_WITH if last.state == ItemState.CONFIRMED and not fields["published"] else {}
    return all(
        getattr(last, name) == value or (name in kept and value == kept[name])
        for name, value in fields.items()
    )


@transaction.atomic
def confirm_item(
    *,
    code: str,
    item_class: str,
    legal_basis: str,
    ratio_limit: Decimal | None,
    actor: Actor,
    now: dt.datetime,
) -> ItemVersion:
    """
    Confirm and publish the version of an item that waits (确认抽查事项): from now on it can be planned.

    No task points at a version that waits, so what the file left out is filled in where it stands.

    Args:
        code: The item.
        item_class: ``key`` 重点 or ``general`` 一般.
        legal_basis: Law and article.
        ratio_limit: The most of its targets that may be drawn; needed for a general item.
        actor: The leading group's office.
        now: When.

    Raises:
        NotFound: There is no such item.
        ItemRefused: It does not wait, or kind, basis or limit are missing.

    Source: rules.md B1-B3.
    """
    permissions.can_confirm_items(actor).require()
    version = selectors.newest_version_for_update(code)
    if version.state != ItemState.PENDING:
        raise ItemRefused(_("抽查事项“%(item)s”不在待核状态，不需要确认") % {"item": version.item.name})
    missing = rules.missing_to_confirm(
        item_class=item_class, legal_basis=legal_basis, ratio_limit=ratio_limit
    )
    if missing:
        words = {"item": version.item.name, "named": "、".join(_(word) for word in missing)}
        raise ItemRefused(_("确认抽查事项“%(item)s”还须写明：%(named)s") % words)
    version.item_class, version.legal_basis = item_class, legal_basis.strip()
    version.ratio_limit = ratio_limit
    version.state, version.published = ItemState.CONFIRMED.value, True
    version.save(update_fields=["item_class", "legal_basis", "ratio_limit", "state", "published"])
    audit.record("item.confirmed", actor=actor, at=now, body={"item": code, "version": version.version})
    return version


@transaction.atomic
def remember_alias(*, wording: str, item: Item) -> ItemAlias:
    """Remember what a plan table means by *wording* (记住别名)."""
    return ItemAlias.objects.update_or_create(wording=wording, defaults={"item": item})[0]


def _chunks(entries: Iterable[TargetEntry]) -> Iterator[list[TargetEntry]]:
    walk = iter(entries)
    while chunk := list(islice(walk, CHUNK)):
        yield chunk


@transaction.atomic
def import_targets(
    entries: Iterable[TargetEntry], *, source: str, actor: Actor, now: dt.datetime
) -> ImportCount:
    """
    Enter the target directory (导入检查对象名录): all of the file, or nothing.

    Targets are known by their draw code. A class in an entry is entered as received with its date.
    """
    permissions.can_keep_registers(actor).require()
    stations = dict(Agency.objects.filter(kind="station").values_list("code", "pk"))
    empty = not Target.objects.exists()
    added = changed = same = 0
    lines: list[bytes] = []
    for chunk in _chunks(entries):
        held = {} if empty else _held(chunk)
        fresh: list[tuple[object, ...]] = []
        altered: list[Target] = []
        for entry in chunk:
            row = held.get(entry.draw_code)
            fields = _target_fields(entry, stations)
            if row is None:
                fresh.append((entry.draw_code, *(fields[c] for c in bulk.INSERT_COLUMNS[1:-1]), now))
                lines.append(f"{entry.draw_code}\t{entry.kind}\t{entry.status}".encode())
            elif any(getattr(row, k) != v for k, v in fields.items()):
                for key, value in fields.items():
                    setattr(row, key, value)
                row.updated_at = now
                altered.append(row)
            else:
                same += 1
        bulk.insert(fresh)
        Target.objects.bulk_update(
            altered, [*TARGET_FIELDS, "credit_class", "credit_computed_on", "updated_at"]
        )
        added += len(fresh)
        changed += len(altered)
        lines += [f"{t.draw_code}\t{t.kind}\t{t.status}".encode() for t in altered]
    audit.record_batch(
        "targets.imported",
        actor=actor,
        at=now,
        body={"added": added, "changed": changed, "same": same, "source": source},
        rows=lines,
    )
    return ImportCount(added, changed, same)


def _held(chunk: list[TargetEntry]) -> dict[str, Target]:
    rows = Target.objects.filter(draw_code__in=[e.draw_code for e in chunk])
    return {row.draw_code: row for row in rows}


def _target_fields(entry: TargetEntry, stations: dict[str, int]) -> dict[str, object]:
    if entry.station_code and entry.station_code not in stations:
        raise InvalidInput(
            _("检查对象 %(target)s 的市场监管所代码 %(station)s 不存在，请先建立该所")
            % {"target": entry.draw_code, "station": entry.station_code}
        )
    return {
        "uscc": entry.uscc,
        "old_number": entry.old_number,
        "name": entry.name,
        "kind": entry.kind,
        "entity_type": entry.entity_type,
        "status": entry.status,
        "registered_on": entry.registered_on,
        "address": entry.address,
        "town_code": entry.town_code,
        "town": entry.town,
        "station_id": stations.get(entry.station_code),
        "industry": entry.industry,
        "scope": entry.scope,
        "tags": rules.pack_tags(entry.tags),
        "credit_class": entry.credit_class,
        "credit_computed_on": entry.credit_computed_on,
        "abnormal": entry.abnormal,
        "serious": entry.serious,
        "annual_report": entry.annual_report,
        "invented": entry.invented,
    }


@transaction.atomic
def receive_classes(
    values: dict[str, str],
    *,
    edition: str,
    computed_on: dt.date,
    source: str,
    invented: bool,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """
    Enter an edition of credit-risk classes (接收信用风险分类), by draw code; each change is kept in the history.

    Returns:
        How many targets of the register received a class.
    """
    permissions.can_keep_registers(actor).require()
    held = _classes_held(values)
    known = [code for code in sorted(values) if code in held]
    changed = {code: values[code] for code in known if held[code][1] != values[code]}
    classed = sum(1 for _pk, value in held.values() if value)
    if classed == Target.objects.exclude(credit_class="").count():
        bulk.set_classes(changed.items(), computed_on=computed_on, at=now)
        bulk.date_classes(computed_on=computed_on, at=now)
    else:
        bulk.set_classes(((code, values[code]) for code in known), computed_on=computed_on, at=now)
    CreditClass.objects.bulk_create(
        (
            CreditClass(
                target_id=held[code][0],
                value=value,
                computed_on=computed_on,
                received_at=now,
                edition=edition,
                source=source,
                invented=invented,
            )
            for code, value in changed.items()
        ),
        batch_size=CHUNK,
    )
    if invented:
        _mark_invented(list(changed), "classes")
    lines = [f"{code}\t{value}".encode() for code, value in changed.items()]
    audit.record_batch(
        "classes.received",
        actor=actor,
        at=now,
        body={
            "edition": edition,
            "computed_on": str(computed_on),
            "source": source,
            "invented": invented,
            "targets": len(known),
        },
        rows=lines,
    )
    return len(known)


def _classes_held(wanted: Container[str]) -> dict[str, tuple[int, str]]:
    """Key and class of each target among *wanted*, by draw code."""
    rows = Target.objects.values_list("draw_code", "pk", "credit_class").iterator(chunk_size=5000)
    return {code: (pk, value) for code, pk, value in rows if code in wanted}


def _mark_invented(codes: Sequence[str], part: str) -> None:
    """Mark in the register that a part of these targets was made up."""
    for start in range(0, len(codes), CHUNK):
        rows = list(Target.objects.filter(draw_code__in=codes[start : start + CHUNK]))
        for row in rows:
            row.invented = ",".join(sorted({*filter(None, row.invented.split(",")), part}))
        Target.objects.bulk_update(rows, ["invented"], batch_size=CHUNK)
