"""Verbs on the registers: imports, classes, the year's base, interests, absences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput, RuleBroken
from fairdraw.registers import permissions, rules, selectors
from fairdraw.registers.class_counts import CountsRefused, enter_class_counts
from fairdraw.registers.class_editions import EditionRefused, receive_classes
from fairdraw.registers.entries import ImportCount, ItemEntry
from fairdraw.registers.inspectors import (
    declare_interest,
    enter_absence,
    import_inspectors,
)
from fairdraw.registers.licences import LicenceRefused, enter_licence, import_licences, settle_tags
from fairdraw.registers.models import (
    Item,
    ItemAlias,
    ItemState,
    ItemVersion,
)
from fairdraw.registers.target_changes import TargetRefused, change_target, move_target
from fairdraw.registers.target_import import import_targets
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
    "CountsRefused",
    "EditionRefused",
    "LicenceRefused",
    "TargetRefused",
    "change_target",
    "enter_class_counts",
    "enter_licence",
    "import_licences",
    "move_target",
    "settle_tags",
    "receive_classes",
    "remember_alias",
]

# What a confirmation writes, and how a file that leaves it open has it.
CONFIRMED_WITH: dict[str, object] = {
    "item_class": "",
    "legal_basis": "",
    "ratio_limit": None,
    "state": ItemState.PENDING.value,
    "published": False,
}


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
