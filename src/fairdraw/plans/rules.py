"""Pure decisions about plans, tasks and schemes: names, numbers, windows (N12; rules.md E, F)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from fairdraw.kernel.text import gettext_noop as _

OFF_SITE = ("书面", "网络", "线上", "非现场", "数据")


def scheme_name(*, region: str, year: int, subject: str) -> str:
    """The name 地区+年度+抽查事项+抽查方案 (安市监〔2024〕26号 三（一）)."""
    subject = subject.removesuffix("抽查").removesuffix("检查")
    return f"{region}{year}年{subject}抽查方案"


def number_pattern(prefix: str) -> str:
    """
    The pattern of a scheme's number: 机关字号+抽查+〔年〕+序号 (rules.md F2).

    >>> number_pattern("演市监")
    '演市监抽查〔{year}〕{seq}号'
    """
    return f"{prefix.replace('{', '').replace('}', '')}抽查〔{{year}}〕{{seq}}号"


def sheet_pattern(prefix: str) -> str:
    """The pattern of the number of an approval sheet, a series of its own."""
    return f"{prefix.replace('{', '').replace('}', '')}抽查审〔{{year}}〕{{seq}}号"


def numeral(number: int) -> str:
    """
    A small number in Chinese, for names that stand twice.

    >>> numeral(2), numeral(12), numeral(20), numeral(100)
    ('二', '十二', '二十', '100')
    """
    digits = "零一二三四五六七八九"
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")


def on_site_needs_reason(method: str, item_methods: Iterable[str]) -> bool:
    """
    Whether going to the door must be explained: an item can be checked by documents or online (rules.md I3).

    >>> on_site_needs_reason("on_site", ["实地核查、书面检查"]), on_site_needs_reason("on_site", ["实地核查"])
    (True, False)
    """
    return method == "on_site" and any(word in text for text in item_methods for word in OFF_SITE)


def weeks(start: dt.date, end: dt.date) -> list[tuple[dt.date, dt.date]]:
    """
    The weeks of a period, Monday to Sunday, the first and the last cut to it.

    >>> [f"{a:%m-%d}/{b:%m-%d}" for a, b in weeks(dt.date(2026, 5, 6), dt.date(2026, 5, 12))]
    ['05-06/05-10', '05-11/05-12']
    """
    found, first = [], start
    while first <= end:
        last = min(end, first + dt.timedelta(6 - first.weekday()))
        found.append((first, last))
        first = last + dt.timedelta(1)
    return found


def task_number(*, year: int, sequence: int) -> str:
    """The number of a task: its part code in draws, at most 20 characters (vdraw/1 §5)."""
    return f"{year}-{sequence:03d}"


def due_on(*, scheme_end: dt.date, cutoff: dt.date) -> dt.date:
    """When a task must be finished and published: the earlier of its scheme's end and the cut-off (N03)."""
    return min(scheme_end, cutoff)


def missing_in_scheme(
    *, scope_text: str, departments: int, items: int, ratio_text: str, finishes_on: dt.date | None
) -> list[str]:
    """What a scheme must state and this one does not (N12: 检查对象、参与部门、检查事项、抽查比例、完成时间)."""
    missing = []
    if not scope_text.strip():
        missing.append(_("检查对象"))
    if departments == 0:
        missing.append(_("参与部门"))
    if items == 0:
        missing.append(_("检查事项"))
    if not ratio_text.strip():
        missing.append(_("抽查比例"))
    if finishes_on is None:
        missing.append(_("完成时间"))
    return missing
