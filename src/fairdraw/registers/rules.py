"""Pure decisions about items, targets and inspectors (rules.md B, C, D)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from fairdraw.kernel.text import gettext_noop as _

# Why a register row of the scope is not in the frame: the reason codes of excluded.tsv (workflow.md §3.3).
EXCLUSION_BY_STATUS = {
    "deregistered": "deregistered",
    "revoked": "revoked",
    "annulled": "annulled",
    "moved_out": "moved_out",
    "suspended": "suspended",
    "unknown": "status_unknown",
}

EXCLUSION_LABELS = {
    "deregistered": _("注销"),
    "revoked": _("吊销"),
    "annulled": _("撤销"),
    "moved_out": _("迁出"),
    "suspended": _("歇业"),
    "status_unknown": _("登记状态待核"),
    "already_covered": _("已覆盖"),
    "cap_reached": _("达到频次上限"),
    "recent": _("近期已检查"),
    "closed": _("注销"),
    "moved": _("迁出"),
    "done": _("已检查"),
    "duplicate": _("重复"),
    "outside": _("不在辖区"),
}

HUNDREDTH = Decimal("0.01")

CLASS_LABELS = {
    "A": _("信用风险低（A）"),
    "B": _("信用风险一般（B）"),
    "C": _("信用风险较高（C）"),
    "D": _("信用风险高（D）"),
    "N": _("未分类"),
}


def missing_to_confirm(*, item_class: str, legal_basis: str, ratio_limit: Decimal | None) -> list[str]:
    """What an item must state before it is planned and this one does not (rules.md B1, B3)."""
    missing = []
    if item_class not in {"key", "general"}:
        missing.append(_("事项类型（重点或一般）"))
    if not legal_basis.strip():
        missing.append(_("抽查依据"))
    if item_class == "general" and ratio_limit is None:
        missing.append(_("比例上限"))
    elif ratio_limit is not None and not 0 < ratio_limit <= 1:
        missing.append(_("比例上限（大于0，至多100%）"))
    return missing


def pack_tags(tags: Iterable[str]) -> str:
    """The stored form of a set of tags: sorted, wrapped in commas, empty for none."""
    kept = sorted({t for t in tags if t})
    return f",{','.join(kept)}," if kept else ""


def index_text(value: Decimal) -> str:
    """A risk index as it is stored: two decimals (风险指数)."""
    return str(value.quantize(HUNDREDTH))


def unpack_tags(stored: str) -> tuple[str, ...]:
    """The tags in their stored form."""
    return tuple(t for t in stored.split(",") if t)


def may_be_drawn(
    *,
    valid_from: dt.date,
    valid_to: dt.date,
    starts_on: dt.date,
    ends_on: dt.date,
    active: bool,
    trained: bool,
) -> bool:
    """Whether an inspector's certificate covers the task and nothing else keeps them out (rules.md D1)."""
    return active and trained and valid_from <= starts_on and valid_to >= ends_on


def is_away(periods: Iterable[tuple[dt.date, dt.date]], *, starts_on: dt.date, ends_on: dt.date) -> bool:
    """
    Whether absences keep an inspector out of a task: away on its first day, or on half of its days or more.

    Args:
        periods: Half-open periods of absence that do not meet.
        starts_on: First day of the task.
        ends_on: Last day of the task.

    >>> may = dt.date(2026, 5, 1)
    >>> is_away([(dt.date(2026, 5, 20), dt.date(2026, 5, 25))], starts_on=may, ends_on=dt.date(2026, 5, 31))
    False
    >>> is_away([(dt.date(2026, 5, 2), dt.date(2027, 1, 1))], starts_on=may, ends_on=dt.date(2026, 5, 31))
    True
    """
    end = ends_on + dt.timedelta(1)
    held = list(periods)
    away = sum(max(0, (min(back, end) - max(first, starts_on)).days) for first, back in held)
    return any(first <= starts_on < back for first, back in held) or 2 * away >= (end - starts_on).days


def is_stale(computed_on: dt.date | None, *, on: dt.date, days: int) -> bool:
    """Whether a credit class is older than *days* on the day *on* (rules.md O2)."""
    return computed_on is None or (on - computed_on).days > days
