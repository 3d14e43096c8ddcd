"""Whether the items of a task are for all targets that its scope names (事项与对象匹配; rules.md C2)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from fairdraw.registers.models import ItemVersion, TargetKind
from fairdraw.registers.rules import unpack_tags
from fairdraw.registers.scopes import ScopeSpec


def unfit(versions: Iterable[ItemVersion], scope: ScopeSpec) -> str:
    """
    Why a scope holds targets that an item is not for, in words; empty where all fit.

    An item that names kinds or tags is for nothing else; one that names none is for every target.
    """
    for version in versions:
        kinds, tags = unpack_tags(version.kinds), unpack_tags(version.tags)
        if kinds and not (scope.kinds and set(scope.kinds) <= set(kinds)):
            named = "、".join(str(label) for kind, label in TargetKind.choices if kind in kinds)
        elif tags and not (scope.tags and set(scope.tags) <= set(tags)):
            named = _("带有监管标签“%(tags)s”的对象") % {"tags": "、".join(tags)}
        else:
            continue
        said = _("抽查事项“%(item)s”只适用于%(named)s，请把检查对象范围限定在其中")
        return said % {"item": version.name, "named": named}
    return ""
