"""Pure decisions about what targets bear: kinds of visits, reasons that no cap counts, days without visits (rules.md I2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from fairdraw.kernel.text import gettext_noop as _

RANDOM = "double_random"
POST_LICENCE = "post_licence"
OTHER = "other"
KINDS = {
    RANDOM: _("双随机抽查"),
    "case_inspection": _("个案检查"),
    "special_campaign": _("专项检查"),
    "full_coverage": _("重点监管"),
    POST_LICENCE: _("证后监督检查"),
    "licence_check": _("许可现场核查"),
    OTHER: _("其他入企检查"),
}
# Visits that are held whatever the cap says, each for a reason of its own (国办发〔2024〕54号; rules.md I2).
EXEMPTIONS = {
    "complaint": _("投诉举报"),
    "assigned": _("上级交办"),
    "support": _("配合上级检查"),
    "internal_audit": _("内部审计"),
    "monitoring": _("非现场监测线索"),
    "media": _("媒体曝光"),
    "rectification": _("核查整改情况"),
    "at_request": _("企业申请"),
    "licence": _("许可现场核查"),
    "urgent": _("其他法定紧急情形"),
}


def pack(codes: Iterable[str]) -> str:
    """The stored form of a set of item codes: sorted, wrapped in commas, empty for none."""
    kept = sorted({code for code in codes if code})
    return f",{','.join(kept)}," if kept else ""


def months_before(day: dt.date, months: int) -> dt.date:
    """
    The same day so many months earlier, or the last day of that month.

    >>> months_before(dt.date(2026, 5, 31), 3)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(1)).day
    return dt.date(year, month + 1, min(day.day, last))


def days_left(workdays: Sequence[dt.date], blackouts: Iterable[tuple[dt.date, dt.date]]) -> list[dt.date]:
    """The working days outside every blackout; both ends of a blackout are days without visits."""
    closed = list(blackouts)
    return [day for day in workdays if not any(start <= day <= end for start, end in closed)]
