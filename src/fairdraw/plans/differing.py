"""
What differs between two versions of the plan (计划调整对照): rows added, dropped, changed, cell by cell.

Pure functions over the rows of an edition as they were published (``rows_of``), so that an old version stays readable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fairdraw.kernel.text import gettext_noop as _

Row = Mapping[str, Any]
LABELS = {
    "task": _("任务名称"),
    "type": _("抽查类型"),
    "items": _("抽查事项"),
    "scope": _("检查对象"),
    "amount": _("比例或数量"),
    "initiator": _("发起部门"),
    "participants": _("配合部门"),
    "starts_on": _("开始时间"),
    "ends_on": _("结束时间"),
    "upstream": _("上级来源"),
    "local_reason": _("本地理由"),
}


@dataclass(frozen=True)
class Cell:
    """One cell that changed: its column in words, what stood there, what stands there now."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Changed:
    """A row that says something else than before."""

    number: int
    task: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Difference:
    """What a version changes: rows as the edition holds them."""

    added: tuple[Row, ...] = ()
    dropped: tuple[Row, ...] = ()
    changed: tuple[Changed, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.dropped or self.changed)


def difference(
    before: Iterable[Row], after: Iterable[Row], *, labels: Mapping[str, str] = LABELS
) -> Difference:
    """
    Compare two editions by the numbers of their rows.

    >>> found = difference([{"number": 1, "task": "甲"}, {"number": 2, "task": "乙"}], [{"number": 1, "task": "丙"}])
    >>> [c.cells[0].after for c in found.changed], [r["task"] for r in found.dropped]
    (['丙'], ['乙'])
    """
    old = {row["number"]: row for row in before}
    new = {row["number"]: row for row in after}
    changed = [
        Changed(number, as_text(row.get("task")), cells)
        for number, row in new.items()
        if number in old and (cells := _cells(old[number], row, labels))
    ]
    return Difference(
        added=tuple(row for number, row in new.items() if number not in old),
        dropped=tuple(row for number, row in old.items() if number not in new),
        changed=tuple(changed),
    )


def _cells(before: Row, after: Row, labels: Mapping[str, str]) -> tuple[Cell, ...]:
    return tuple(
        Cell(label, old, new)
        for name, label in labels.items()
        if (old := as_text(before.get(name))) != (new := as_text(after.get(name)))
    )


def as_text(value: Any) -> str:
    """A cell in words: lists joined, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(str(one) for one in value)
    return str(value)
