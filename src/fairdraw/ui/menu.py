"""
The menu on the left (菜单): sections follow the cycle, each stage registers its own pages.

Registered from a stage's ``apps.ready()``; an entry whose address does not exist yet, or whose duties
the person does not hold, is not shown.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, get_urlconf, resolve, reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from fairdraw.kernel.actor import Actor, Duty
from fairdraw.ui import icons


class Section(StrEnum):
    """Groups of the menu, in the order of the cycle."""

    WORKBENCH = "workbench"
    REGISTERS = "registers"
    PLANS = "plans"
    DRAWS = "draws"
    INSPECTIONS = "inspections"
    PUBLICATION = "publication"
    FOLLOWUP = "followup"
    OVERSIGHT = "oversight"
    ADMINISTRATION = "administration"


LABELS = {
    Section.WORKBENCH: _("工作台"),
    Section.REGISTERS: _("一单两库"),
    Section.PLANS: _("计划与方案"),
    Section.DRAWS: _("抽取"),
    Section.INSPECTIONS: _("检查实施"),
    Section.PUBLICATION: _("结果公示"),
    Section.FOLLOWUP: _("后续处置"),
    Section.OVERSIGHT: _("督导"),
    Section.ADMINISTRATION: _("系统管理"),
}


@dataclass(frozen=True)
class Entry:
    """A page as a stage registers it."""

    section: Section
    label: str | Promise
    url_name: str
    duties: tuple[Duty, ...] = ()
    order: int = 100


@dataclass(frozen=True)
class Item:
    """A line of the menu as it is shown."""

    label: str | Promise
    href: str
    current: bool


@dataclass(frozen=True)
class Group:
    """A section of the menu with the lines this person may see."""

    section: Section
    label: str
    items: tuple[Item, ...]

    @property
    def current(self) -> bool:
        """Whether the page shown belongs to this section."""
        return any(item.current for item in self.items)


_entries: dict[str, Entry] = {}


def register(
    section: Section, label: str | Promise, url_name: str, duties: Iterable[Duty] = (), *, order: int = 100
) -> None:
    """
    Put a page into the menu (登记菜单).

    Args:
        section: The group it stands in.
        label: What the line says, lazily translated.
        url_name: ``plans:list``; must resolve without arguments, else the line stays hidden.
        duties: Any one of them shows the line; none: everybody who is signed in.
        order: Place within the section, the smallest first.
    """
    _entries[url_name] = Entry(Section(section), label, url_name, tuple(duties), order)


def _href(url_name: str) -> str:
    return _reversed(url_name, get_urlconf() or settings.ROOT_URLCONF)


@functools.lru_cache(maxsize=1024)
def _reversed(url_name: str, urlconf: str) -> str:
    try:
        return reverse(url_name, urlconf=urlconf)
    except NoReverseMatch:
        return ""


def _door(href: str) -> Any:
    """The door of the page at *href*, by what the view declares; a line whose door is shut is not shown."""
    return getattr(resolve(href).func, "door", None)


def opens(actor: Actor, href: str) -> bool:
    """Whether the door of the page at *href* opens to *actor*."""
    declared = _door(href.partition("?")[0])
    return declared is None or bool(declared.verdict(actor))


def visible(actor: Actor, path: str) -> list[Group]:
    """
    The sections and lines *actor* may see, the one that leads to *path* marked as current.

    The current line is the one with the longest address that *path* begins with.
    """
    opens = functools.cache(lambda door: bool(door.verdict(actor)))
    shown = [
        (entry, href)
        for entry in sorted(_entries.values(), key=lambda e: e.order)
        if not entry.duties or actor.holds_anywhere(*entry.duties)
        if (href := _href(entry.url_name))
        if (door := _door(href)) is None or opens(door)
    ]
    current = max((href for _entry, href in shown if path.startswith(href)), key=len, default="")
    groups = []
    for section in Section:
        items = tuple(
            Item(entry.label, href, href == current) for entry, href in shown if entry.section == section
        )
        if items:
            groups.append(Group(section, str(LABELS[section]), items))
    return groups


def lines(groups: Iterable[Group]) -> SafeString:
    """*groups* as a list, written without a template: every page carries it twice, for screen and telephone."""
    return format_html('<ul class="menu">{}</ul>', format_html_join("", "<li{}>{}</li>", map(_line, groups)))


def _line(group: Group) -> tuple[SafeString | str, SafeString]:
    icon = icons.svg(group.section.value)
    here = mark_safe(' class="current"') if group.current else ""
    if len(group.items) == 1:
        (item,) = group.items
        return here, format_html(
            '<a href="{}" class="alone"{}>{}{}</a>', item.href, _mark(item), icon, group.label
        )
    inner = format_html_join(
        "", '<li><a href="{}"{}>{}</a></li>', ((i.href, _mark(i), i.label) for i in group.items)
    )
    return here, format_html('<span class="section">{}{}</span><ul>{}</ul>', icon, group.label, inner)


def _mark(item: Item) -> SafeString | str:
    return mark_safe(' aria-current="page"') if item.current else ""
