"""
The kinds of rows of the rulebook (规则库): units of deadlines, certainty of sources, outcomes.

Nothing moves here: rows of regulation are replaced by later rows, never changed (有效期).
"""

from __future__ import annotations

from enum import StrEnum

from fairdraw.kernel.text import gettext_noop as _


class DeadlineUnit(StrEnum):
    """What a deadline counts in (期限单位)."""

    WORKDAYS = "workdays"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    DATE = "date"  # a fixed day of each year, such as 20 November


class Certainty(StrEnum):
    """How well the source of a row is known; the tags of the domain papers."""

    TEXT = "C"
    SECOND_HAND = "C2"
    PRACTICE = "P"
    RECALLED = "R"
    PROPOSED = "I"


class Origin(StrEnum):
    """Who put a row in: the product as shipped, or an office of this installation."""

    SHIPPED = "shipped"
    OFFICE = "office"


DEADLINE_UNIT_LABELS = {
    DeadlineUnit.WORKDAYS: _("个工作日"),
    DeadlineUnit.DAYS: _("日"),
    DeadlineUnit.MONTHS: _("个月"),
    DeadlineUnit.YEARS: _("年"),
    DeadlineUnit.DATE: _("固定日期"),
}
CERTAINTY_LABELS = {
    Certainty.TEXT: _("已见原文"),
    Certainty.SECOND_HAND: _("见于转述"),
    Certainty.PRACTICE: _("外地做法，供参考"),
    Certainty.RECALLED: _("待核实"),
    Certainty.PROPOSED: _("本系统建议值"),
}
ORIGIN_LABELS = {Origin.SHIPPED: _("随系统提供"), Origin.OFFICE: _("本机关设定")}

MAY_BE_SHOWN_AS_LAW = frozenset({Certainty.TEXT, Certainty.SECOND_HAND})
