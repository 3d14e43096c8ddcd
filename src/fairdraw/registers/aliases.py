"""
Wordings of plan tables and the items they mean (事项别名; N20, N07): what a person confirmed is remembered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.audit import services as audit
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.registers import permissions
from fairdraw.registers.models import Item, ItemAlias
from fairdraw.registers.wordings import Names, plain

LENGTH = 400


def names(keys: Mapping[int, str]) -> Names:
    """The names of the items *keys* with the wordings that are remembered for them."""
    return Names(keys, ItemAlias.objects.values_list("wording", "item_id"))


@transaction.atomic
def remember(meant: Mapping[str, str], *, actor: Actor, now: dt.datetime) -> int:
    """
    Remember which items wordings of plan tables mean (记住事项写法): all of them or none.

    Args:
        meant: By wording the code of the item; a wording that was remembered before means the new item from now on.
        actor: The leading group's office, or the bureau's clerk.
        now: When.

    Raises:
        NotFound: A code names no item.
    """
    permissions.can_keep_registers(actor).require()
    items = {item.code: item for item in Item.objects.filter(code__in=set(meant.values()))}
    lines = []
    for wording, code in sorted(meant.items()):
        if code not in items:
            raise NotFound(_("没有编号为“%(code)s”的抽查事项") % {"code": code})
        said = {"wording": wording, "item": items[code], "renamed": False, "by": actor.name[:60], "at": now}
        ItemAlias.objects.update_or_create(plain=plain(wording)[:LENGTH], defaults=said)
        lines.append(f"{wording}\t{code}".encode())
    audit.record_batch("aliases.remembered", actor=actor, at=now, body={}, rows=lines)
    return len(lines)


@transaction.atomic
def forget(*, wording: str, actor: Actor, now: dt.datetime) -> None:
    """
    Take back what a wording was said to mean (取消对应); tasks that stand are not touched.

    Raises:
        NotFound: It is not remembered.
    """
    permissions.can_keep_registers(actor).require()
    found = ItemAlias.objects.select_for_update(of=("self",)).select_related("item")
    alias = found.filter(plain=plain(wording)[:LENGTH]).first()
    if alias is None:
        raise NotFound(_("没有记住过“%(wording)s”") % {"wording": wording})
    alias.delete()
    body = {"item": alias.item.code, "wording": alias.wording}
    audit.record("alias.forgotten", actor=actor, at=now, body=body)


def keep_old_name(item: Item, old: str, *, new: str) -> None:
    """Let plans that still use the old name of an item find it; a name taken up again is no old one."""
    ItemAlias.objects.filter(item=item, plain=plain(new)[:LENGTH], renamed=True).delete()
    ItemAlias.objects.get_or_create(
        plain=plain(old)[:LENGTH], defaults={"wording": old, "item": item, "renamed": True}
    )
