"""
What an import would change in what is there (变更预览): compared before and after, in a trial that is taken back.

The stages enter their rows as they do; nothing of their rules is repeated here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Max, Model
from django.utils.translation import gettext as _

from fairdraw.kernel.text import gettext_noop
from fairdraw.registers.models import Inspector, ItemVersion, Target

LISTED = 2000  # things that are compared; more are only counted

Values = dict[str, str]
Held = Mapping[Any, Values]


@dataclass(frozen=True)
class Change:
    """One field of one thing: as it is, and as it would be."""

    code: str
    name: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """The changes of existing things, of at most ``LISTED`` of them; *total* things would change."""

    total: int = 0
    lines: tuple[Change, ...] = ()


class Watch(Protocol):
    """Looks before, in the trial's transaction, and after it was taken back."""

    def before(self) -> None:
        """Look at what is there."""

    def during(self, now: dt.datetime) -> None:
        """Look at what has become of it; *now* is the trial's time."""

    def changes(self) -> Changes:
        """Tell the changes; the trial has been taken back."""
        ...


class Nothing:
    """Of a file that only adds."""

    def before(self) -> None:
        """Look at nothing."""

    def during(self, now: dt.datetime) -> None:
        """Look at nothing."""

    def changes(self) -> Changes:
        """Tell that there are none."""
        return Changes()


class _Small:
    """A directory that is small enough to be held twice."""

    def before(self) -> None:
        """Hold it as it is."""
        self._before = self._held()

    def during(self, now: dt.datetime) -> None:
        """Hold it as it would be."""
        self._after = self._held()

    def changes(self) -> Changes:
        """Compare what was and would be there."""
        return _compared(self._before, self._after)

    def _held(self) -> Held:
        raise NotImplementedError


class Items(_Small):
    """The item list: the versions in force, by code."""

    def _held(self) -> Held:
        rows = ItemVersion.objects.filter(ends_on__isnull=True).select_related("item")
        return {row.item.code: _values(row, row.item.code, row.item.name, LEFT_OUT) for row in rows}


class Inspectors(_Small):
    """The directory of inspectors, by code."""

    def _held(self) -> Held:
        return {
            row.code: _values(row, row.code, row.name, LEFT_OUT)
            for row in Inspector.objects.select_related("agency")
        }


class Targets:
    """The target directory: only rows that the trial has touched are looked at, after and before."""

    def before(self) -> None:
        """Remember which rows there are."""
        self._last = Target.objects.aggregate(last=Max("pk"))["last"] or 0

    def during(self, now: dt.datetime) -> None:
        """Hold the first of the rows that the trial has touched."""
        touched = Target.objects.filter(updated_at=now, pk__lte=self._last)
        self._touched = touched.count()
        self._after = self._by_key(list(touched.order_by("draw_code").values_list("pk", flat=True)[:LISTED]))

    def changes(self) -> Changes:
        """Compare them with what stands there again."""
        found = _compared(self._by_key(list(self._after)), self._after)
        if self._touched <= LISTED:
            return found
        return Changes(self._touched, found.lines)

    @staticmethod
    def _by_key(keys: list[int]) -> Held:
        rows: dict[int, Values] = {}
        for first in range(0, len(keys), 500):
            part = Target.objects.filter(pk__in=keys[first : first + 500]).select_related("station")
            rows |= {row.pk: _values(row, row.draw_code, row.name, LEFT_OUT) for row in part}
        return {key: rows[key] for key in keys if key in rows}


#: Fields whose column has no Chinese name of its own.
LABELS = {
    "station": gettext_noop("市场监管所"),
    "credit_computed_on": gettext_noop("分类日期"),
    "agency": gettext_noop("单位"),
    "valid_from": gettext_noop("有效期起"),
    "valid_to": gettext_noop("有效期至"),
    "active": gettext_noop("在岗"),
    "user": gettext_noop("账号"),
    "state": gettext_noop("状态"),
    "annual_report": gettext_noop("年报"),
}
LEFT_OUT = frozenset({"id", "updated_at", "version", "starts_on", "ends_on", "item", "invented", "published"})
CODE, NAME = "", " "  # beside the fields, whose labels are longer


def _values(row: Model, code: str, name: str, left_out: frozenset[str]) -> Values:
    """The fields of a row in words, by their labels."""
    held: Values = {CODE: code, NAME: name}
    for field in row._meta.concrete_fields:
        if field.name in left_out:
            continue
        label = _(LABELS[field.name]) if field.name in LABELS else str(field.verbose_name)
        held[label] = _text(row, field)
    return held


def _text(row: Model, field: Any) -> str:
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    value = getattr(row, field.name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(map(str, value))
    return str(value)


def _compared(before: Held, after: Held) -> Changes:
    lines: list[Change] = []
    total = 0
    for key, new in after.items():
        old = before.get(key)
        if old is None or old == new:
            continue
        total += 1
        if total <= LISTED:
            lines += [
                Change(new[CODE], new[NAME], label, old.get(label, ""), value)
                for label, value in new.items()
                if label.strip() and old.get(label, "") != value
            ]
    return Changes(total, tuple(lines))
