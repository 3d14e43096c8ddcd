"""
Whether a task counts as class-dependent (差异化抽查), with the reason for each condition (K5).

A task counts only if (1) at least two classes have different rates, (2) the rates do not fall from A to D,
(3) the classes were not older than 45 days at the draw, (4) the draw record proves the rates. Tasks of a
professional field (专业领域) are left out of the share, with the reason stated.
Source: 安市监〔2024〕26号 三（二）; kpi §2; conditions (1)-(4) are the product's own reading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from fairdraw.kernel.text import gettext_noop as _

CLASSES = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class DrawnTask:
    """
    What is known of a task's draw.

    Attributes:
        rates: Rate by class, 0 to 1, as sealed (planned, before the seal).
        classes_computed_on: Day of the class data used (the oldest of them); ``None`` where unknown.
        drawn_on: Day of the draw, or the day planned for it; ``None`` where neither is known.
        proved: The draw record carries the rates as strata (own draw, or the imported provincial record).
        exempt_reason: Why the task lies in a professional field; empty where it does not.
    """

    rates: Mapping[str, Fraction]
    classes_computed_on: dt.date | None
    drawn_on: dt.date | None
    proved: bool
    exempt_reason: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of K5: stable code, whether it is kept, and one sentence for the officer."""

    code: str
    kept: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Differentiation:
    """The verdict on one task (差异化判定): what counts, and why."""

    exempt: bool
    conditions: tuple[Condition, ...]
    exempt_reason: str = ""

    @property
    def counts(self) -> bool:
        """Whether the task's targets count in the numerator of K5; an exempt task counts nowhere."""
        return not self.exempt and all(condition.kept for condition in self.conditions)

    @property
    def missing(self) -> tuple[Condition, ...]:
        """The conditions not kept: what to do so that the task counts."""
        return tuple(condition for condition in self.conditions if not condition.kept)


def judge(task: DrawnTask, *, max_age_days: int) -> Differentiation:
    """
    Judge whether *task* counts for K5, with every condition explained.

    Args:
        task: The draw of the task, or its plan before the draw.
        max_age_days: How old classes may be at the draw (rule number ``class_max_age_days``).
    """
    rates = [task.rates[c] for c in CLASSES if c in task.rates]
    conditions = (
        Condition("two_rates", len(set(rates)) >= 2, _two_rates(rates)),
        Condition("rising", rates == sorted(rates), _rising(rates)),
        _freshness(task, max_age_days),
        Condition(
            "proved",
            task.proved,
            _("抽取记录载明各类比例") if task.proved else _("抽取记录未载明各类比例，请补充抽取凭证"),
        ),
    )
    return Differentiation(
        exempt=bool(task.exempt_reason), conditions=conditions, exempt_reason=task.exempt_reason
    )


def _two_rates(rates: list[Fraction]) -> str:
    if len(set(rates)) >= 2:
        return _("至少两类企业的抽查比例不同")
    return _("各类企业抽查比例相同，请按信用风险分类设定不同比例")


def _rising(rates: list[Fraction]) -> str:
    if rates == sorted(rates):
        return _("抽查比例由A到D逐级不降")
    return _("风险较高一类的抽查比例低于风险较低的一类，请调整")


def _freshness(task: DrawnTask, max_age_days: int) -> Condition:
    if task.classes_computed_on is None:
        return Condition("fresh", False, _("没有信用风险分类结果的日期，请导入分类结果或录入分类户数"))
    if task.drawn_on is None:
        return Condition("fresh", False, _("尚未抽取，抽取时再核对分类结果的时效"))
    age = (task.drawn_on - task.classes_computed_on).days
    words = {"age": age, "most": max_age_days}
    if age < 0:
        return Condition("fresh", False, _("分类结果的日期晚于抽取日期，请核对"))
    if age > max_age_days:
        return Condition("fresh", False, _("抽取时分类结果已有%(age)d日，超过%(most)d日") % words)
    return Condition("fresh", True, _("抽取时分类结果为%(age)d日前所出，未超过%(most)d日") % words)
