"""
Verbs on the item list (随机抽查事项清单; N20, rules.md B1–B5): entries, confirmation, changes from a day, publication.

What a version said when a task was planned on it is never rewritten: a confirmed item changes by a new version from a
day, on which the old one ends. Only a version that waits (待核) is filled in where it stands; no task points at it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import fields as fields_of
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput, RuleBroken
from fairdraw.registers import basis, permissions, rules, selectors
from fairdraw.registers.aliases import keep_old_name
from fairdraw.registers.entries import ImportCount, ItemEntry
from fairdraw.registers.models import BasisType, Item, ItemAlias, ItemEdition, ItemState, ItemVersion
from fairdraw.registers.wordings import plain
from fairdraw.rulebook import selectors as rulebook

STATED = tuple(f.name for f in fields_of(ItemEntry) if f.name not in {"code", "confirmed"})
PENDING = {"state": ItemState.PENDING.value, "published": False}
CONFIRMED = {"state": ItemState.CONFIRMED.value, "published": True}


class ItemRefused(RuleBroken):
    """An item cannot be entered, confirmed or changed as it stands."""

    code = "registers.item-refused"


@transaction.atomic
def import_items(
    entries: Iterable[ItemEntry], *, source: str, starts_on: dt.date, actor: Actor, now: dt.datetime
) -> ImportCount:
    """
    Enter an item list (导入抽查事项清单): new items, and a new version of each that changed.

    What the list leaves open stays as it is held. An entry is plannable only when it states kind, limit and basis, the
    office brings it, and its name is not new; every other one stands as 待核 (rules.md B1–B3). An item with a new name
    under its code is the same item; plans that still use the old name find it.

    Raises:
        InvalidInput: A code is given to what another code already names, as a list that was numbered anew does.
    """
    permissions.can_keep_registers(actor).require()
    may_confirm = bool(permissions.can_confirm_items(actor))
    held = _Held()
    added = changed = same = 0
    lines: list[bytes] = []
    for entry in entries:
        item = held.find(entry)
        last = item.versions.order_by("-version").first() if item else None
        said = _merged(entry, last)
        renamed = item is not None and plain(said["name"]) != plain(item.name)
        sure = entry.confirmed and may_confirm and not renamed and not _missing(said, on=starts_on)
        if last is not None and not _differs(last, said) and (last.state == ItemState.CONFIRMED or not sure):
            same += 1
            continue
        if item is None:
            item = held.add(entry)
        elif renamed:
            held.rename(item, said["name"], entry.name)
        start = max(starts_on, last.starts_on) if last else starts_on
        _add_version(item, last, said | (CONFIRMED if sure else PENDING), starts_on=start)
        added, changed = (added, changed + 1) if last else (added + 1, changed)
        lines.append(f"{item.code}\t{item.name}".encode())
    audit.record_batch(
        "items.imported",
        actor=actor,
        at=now,
        body={"added": added, "changed": changed, "same": same, "source": source},
        rows=lines,
    )
    return ImportCount(added, changed, same)


class _Held:
    """The items of the list by code, and by name or remembered name for lists without codes."""

    def __init__(self) -> None:
        items = list(Item.objects.all())
        self.by_code = {item.code: item for item in items}
        self.by_name = {plain(item.name): item for item in items}
        self.by_alias = {row.plain: row.item for row in ItemAlias.objects.select_related("item")}

    def find(self, entry: ItemEntry) -> Item | None:
        """The item that an entry is about; of an entry without code by its name, then by an old name."""
        if entry.code:
            return self.by_code.get(entry.code)
        name = plain(entry.name)
        return self.by_name.get(name) or self.by_alias.get(name)

    def add(self, entry: ItemEntry) -> Item:
        """A new item; without a code it gets one that its name decides."""
        code = entry.code or f"S{hashlib.sha256(plain(entry.name).encode()).hexdigest()[:9].upper()}"
        item = Item.objects.create(code=code, name=entry.name)
        self.by_code[code] = item
        self.by_name.setdefault(plain(entry.name), item)
        return item

    def rename(self, item: Item, name: str, written: str) -> None:
        """Give *item* its new name, unless another item bears that."""
        other = self.by_name.get(plain(name))
        if other is not None and other != item:
            said = _(
                "编号“%(code)s”已是抽查事项“%(held)s”，文件写的“%(name)s”是编号“%(other)s”的事项；编号排错了，请核对"
            )
            words = {"code": item.code, "held": item.name, "name": written, "other": other.code}
            raise InvalidInput(said % words)
        self.by_name.pop(plain(item.name), None)
        self.by_name[plain(name)] = item
        _rename(item, name)


def _rename(item: Item, name: str) -> None:
    keep_old_name(item, item.name, new=name)
    item.name = name
    item.save(update_fields=["name"])


def _columns(entry: ItemEntry) -> dict[str, Any]:
    """What an entry states, as the columns of a version hold it."""
    said = {name: getattr(entry, name) for name in STATED if name != "guide_file"}
    return said | {
        "guide_file_id": entry.guide_file or None,
        "kinds": rules.pack_tags(entry.kinds),
        "tags": rules.pack_tags(entry.tags),
        "points": [point.to_json() for point in entry.points],
        "results": sorted(entry.results),
        "measures": sorted(entry.measures),
    }


def _merged(entry: ItemEntry, last: ItemVersion | None) -> dict[str, Any]:
    """What an entry states; what it leaves open as it is held."""
    said = _columns(entry)
    if last is not None:
        said |= {k: getattr(last, k) for k, v in said.items() if v in ("", None, [])}
        by_old_name = not entry.code and plain(entry.name) != plain(last.name)
        if by_old_name or plain(entry.name) == plain(last.name):
            said["name"] = last.name
    if not said["basis_type"] and (last is None or said["legal_basis"] != last.legal_basis):
        said["basis_type"] = basis.strongest(said["legal_basis"])
    return said


def _differs(last: ItemVersion, said: dict[str, Any]) -> list[str]:
    """The columns in which a version differs from what is said."""
    return [name for name, value in said.items() if getattr(last, name) != value]


def _missing(said: dict[str, Any], *, on: dt.date) -> list[str]:
    """What an item lacks to be confirmed; invented ones of rehearsals are taken as they are."""
    if said["invented"]:
        return []
    missing = rules.missing_to_confirm(
        item_class=said["item_class"], legal_basis=said["legal_basis"], ratio_limit=said["ratio_limit"]
    )
    return [_(word) for word in missing] + _wrong_basis(said["legal_basis"], said["basis_type"], on=on)


def _wrong_basis(text: str, kind: str, *, on: dt.date) -> list[str]:
    """Why a basis does not carry an inspection (rules.md B2)."""
    if not text.strip():
        return []
    normative = basis.only_normative(text)
    if normative:
        named = "、".join(f"《{title}》" for title in normative)
        return [
            _("法律、法规、规章或国务院决定及其条款（%(named)s是规范性文件，不能作为依据）")
            % {"named": named}
        ]
    if kind not in BasisType.values:
        return [_("依据类型")]
    if kind == BasisType.LOCAL_REGULATION and not rulebook.number("local_regulation_as_basis", on):
        return [_("地方性法规以外的依据（本地规则未把地方性法规作为抽查依据）")]
    return []


def _add_version(
    item: Item, last: ItemVersion | None, columns: dict[str, Any], *, starts_on: dt.date, reason: str = ""
) -> ItemVersion:
    """A new version from a day; the one before it ends on that day."""
    if last is not None and (last.ends_on is None or last.ends_on > starts_on):
        last.ends_on = starts_on
        last.save(update_fields=["ends_on"])
    number = last.version + 1 if last else 1
    return ItemVersion.objects.create(
        item=item, version=number, starts_on=starts_on, reason=reason, **columns
    )


def _fill(version: ItemVersion, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(version, name, value)
    version.save(update_fields=[*columns])


@transaction.atomic
def confirm_item(
    *,
    code: str,
    item_class: str,
    legal_basis: str,
    ratio_limit: Decimal | None,
    actor: Actor,
    now: dt.datetime,
    basis_type: str = "",
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
        basis_type: What the basis is; where nothing is said, what its titles say.

    Raises:
        NotFound: There is no such item.
        ItemRefused: It does not wait, or kind, basis or limit are missing, or the basis creates no inspection.

    Source: rules.md B1-B3.
    """
    permissions.can_confirm_items(actor).require()
    version = selectors.newest_version_for_update(code)
    if version.state != ItemState.PENDING or version.ends_on is not None:
        raise ItemRefused(_("抽查事项“%(item)s”不在待核状态，不需要确认") % {"item": version.name})
    columns = {
        "item_class": item_class,
        "legal_basis": legal_basis.strip(),
        "basis_type": basis_type or basis.strongest(legal_basis),
        "ratio_limit": ratio_limit,
    }
    _require_complete({**columns, "name": version.name, "invented": False}, on=clock.local_date(now))
    _fill(version, columns | CONFIRMED)
    audit.record("item.confirmed", actor=actor, at=now, body={"item": code, "version": version.version})
    return version


def _require_complete(said: dict[str, Any], *, on: dt.date) -> None:
    missing = _missing(said, on=on)
    if missing:
        words = {"item": said["name"], "named": "、".join(missing)}
        raise ItemRefused(_("确认抽查事项“%(item)s”还须写明：%(named)s") % words)


@transaction.atomic
def add_item(*, entry: ItemEntry, starts_on: dt.date, actor: Actor, now: dt.datetime) -> ItemVersion:
    """
    Enter one item by hand (新增抽查事项); it waits to be confirmed.

    Raises:
        ItemRefused: Its code or its name stands in the list already.
    """
    permissions.can_confirm_items(actor).require()
    held = _Held()
    double = held.by_code.get(entry.code) if entry.code else None
    double = double or held.by_name.get(plain(entry.name))
    if double is not None:
        words = {"code": double.code, "name": double.name}
        raise ItemRefused(_("清单里已有编号“%(code)s”的“%(name)s”，请改它的内容，或另用编号和名称") % words)
    version = _add_version(held.add(entry), None, _merged(entry, None) | PENDING, starts_on=starts_on)
    audit.record("item.added", actor=actor, at=now, body={"item": version.item.code})
    return version


@transaction.atomic
def change_item(
    *, entry: ItemEntry, starts_on: dt.date, reason: str, actor: Actor, now: dt.datetime
) -> ItemVersion:
    """
    Change what an item says from a day on (变更抽查事项): tasks planned before keep the version they were planned on.

    A version that waits is filled in where it stands. An ended item comes back with a new version.

    Raises:
        NotFound: There is no such item.
        ItemRefused: Nothing differs, the reason is missing, the day is past, the name is another item's, or the item
            would lack what a confirmed one needs.
    """
    permissions.can_confirm_items(actor).require()
    last = selectors.newest_version_for_update(entry.code)
    said = _columns(entry)
    said["basis_type"] = said["basis_type"] or basis.strongest(said["legal_basis"])
    if plain(entry.name) == plain(last.name):
        said["name"] = last.name
    changed = _differs(last, said)
    if not changed and last.ends_on is None:
        raise ItemRefused(_("没有改动"))
    if plain(said["name"]) != plain(last.item.name):
        other = _Held().by_name.get(plain(said["name"]))
        if other is not None and other != last.item:
            raise ItemRefused(
                _("“%(name)s”是编号“%(code)s”的事项") % {"name": said["name"], "code": other.code}
            )
        _rename(last.item, said["name"])
    if last.state == ItemState.PENDING and last.ends_on is None:
        _fill(last, said)
        version = last
    else:
        version = _changed(last, said, starts_on=starts_on, reason=reason, on=clock.local_date(now))
    audit.record(
        "item.changed",
        actor=actor,
        at=now,
        body={"item": last.item.code, "version": version.version, "starts_on": str(version.starts_on)},
    )
    return version


def _changed(
    last: ItemVersion, said: dict[str, Any], *, starts_on: dt.date, reason: str, on: dt.date
) -> ItemVersion:
    if not reason.strip():
        raise ItemRefused(_("请写明变更原因"))
    earliest = max(on, last.starts_on, last.ends_on or on)
    if starts_on < earliest:
        raise ItemRefused(_("生效日期最早是%(day)s") % {"day": earliest.isoformat()})
    _require_complete(said, on=starts_on)
    standing = {"state": ItemState.CONFIRMED.value, "published": last.published or last.ends_on is not None}
    return _add_version(last.item, last, said | standing, starts_on=starts_on, reason=reason.strip())


@transaction.atomic
def end_item(*, code: str, ends_on: dt.date, reason: str, actor: Actor, now: dt.datetime) -> ItemVersion:
    """
    End an item on a day (停用抽查事项): from then on it cannot be planned; tasks that stand are not touched.

    Raises:
        NotFound: There is no such item.
        ItemRefused: It has ended, the day is past, or the reason is missing.
    """
    permissions.can_confirm_items(actor).require()
    version = selectors.newest_version_for_update(code)
    if version.ends_on is not None:
        raise ItemRefused(_("抽查事项“%(item)s”已经停用") % {"item": version.name})
    if not reason.strip():
        raise ItemRefused(_("请写明停用原因"))
    earliest = max(clock.local_date(now), version.starts_on)
    if ends_on < earliest:
        raise ItemRefused(_("停用日期最早是%(day)s") % {"day": earliest.isoformat()})
    _fill(version, {"ends_on": ends_on, "reason": reason.strip()})
    audit.record("item.ended", actor=actor, at=now, body={"item": code, "ends_on": str(ends_on)})
    return version


@transaction.atomic
def withdraw_item(*, code: str, reason: str, actor: Actor, now: dt.datetime) -> ItemVersion:
    """
    Take an item off the public list (撤下公布): what is not published is not inspected (rules.md B1).

    Raises:
        NotFound: There is no such item.
        ItemRefused: It is not published, or the reason is missing.
    """
    permissions.can_confirm_items(actor).require()
    version = selectors.newest_version_for_update(code)
    if not version.published:
        raise ItemRefused(_("抽查事项“%(item)s”没有公布") % {"item": version.name})
    if not reason.strip():
        raise ItemRefused(_("请写明撤下原因"))
    _fill(version, {"published": False})
    audit.record("item.withdrawn", actor=actor, at=now, body={"item": code, "reason": reason.strip()})
    return version


@transaction.atomic
def publish_item(*, code: str, actor: Actor, now: dt.datetime) -> ItemVersion:
    """
    Put a confirmed item back on the public list (公布抽查事项).

    Raises:
        NotFound: There is no such item.
        ItemRefused: It is not confirmed, or is published.
    """
    permissions.can_confirm_items(actor).require()
    version = selectors.newest_version_for_update(code)
    if version.state != ItemState.CONFIRMED or version.published:
        raise ItemRefused(_("只有已确认而未公布的事项可以公布"))
    _fill(version, {"published": True})
    audit.record("item.published", actor=actor, at=now, body={"item": code})
    return version


@transaction.atomic
def issue_list(*, document_number: str, issued_on: dt.date, actor: Actor, now: dt.datetime) -> ItemEdition:
    """
    Issue the item list with a document (公布清单): an edition that keeps which versions it held.

    Raises:
        ItemRefused: No item is confirmed and published, or nothing has changed since the last edition.
    """
    permissions.can_confirm_items(actor).require()
    last = ItemEdition.objects.select_for_update().order_by("-number").first()
    standing = list(selectors.items_on(issued_on).filter(state=ItemState.CONFIRMED, published=True))
    if not standing:
        raise ItemRefused(_("没有已确认并公布的事项"))
    if last is not None and set(last.versions.values_list("pk", flat=True)) == {v.pk for v in standing}:
        raise ItemRefused(_("与第%(n)s版相同，不需要再公布") % {"n": last.number})
    edition = ItemEdition.objects.create(
        number=last.number + 1 if last else 1,
        document_number=document_number,
        issued_on=issued_on,
        issued_at=now,
    )
    edition.versions.set(standing)
    audit.record_batch(
        "items.issued",
        actor=actor,
        at=now,
        body={"edition": edition.number, "document": document_number, "issued_on": str(issued_on)},
        rows=[f"{v.item.code}\t{v.version}".encode() for v in standing],
    )
    return edition
