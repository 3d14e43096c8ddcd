"""Pure decisions about plans, tasks and schemes: names, numbers, windows (N12; rules.md E, F)."""

from __future__ import annotations

import datetime as dt

from fairdraw.kernel.text import gettext_noop as _


def scheme_name(*, region: str, year: int, subject: str) -> str:
    """The name 地区+年度+抽查事项+抽查方案 (安市监〔2024〕26号 三（一）)."""
    subject = subject.removesuffix("抽查").removesuffix("检查")
    return f"{region}{year}年{subject}抽查方案"


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
