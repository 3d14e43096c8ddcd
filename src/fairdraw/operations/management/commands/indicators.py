"""``fairdraw indicators YEAR``: every figure of a year, as it stood on any day (指标; kpi.md)."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.kernel import clock
from fairdraw.operations import command
from fairdraw.oversight import selectors
from fairdraw.oversight.facts import Indicator


def day(text: str) -> dt.date:
    """A day as people type it."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(_("日期应写作 2025-06-30")) from None


class Command(command.Command):
    """Numerators, denominators, goals; met or missed on the exact fraction."""

    help = _("某年的指标及是否达到目标，可看过去任何一天（--as-of）")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the year and the day."""
        parser.add_argument("year", type=int, metavar="YEAR", help=_("年度"))
        parser.add_argument("--as-of", type=day, metavar="D", help=_("截至哪一天，默认今天"))
        parser.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and print."""
        command.installation()
        as_of = options["as_of"] or clock.today()
        found = selectors.indicators(accounts.root(), options["year"], as_of=as_of)
        if options["json"]:
            indicators = {code: plain(one) for code, one in found.items()}
            self.emit({"year": options["year"], "as_of": as_of.isoformat(), "indicators": indicators})
            return
        self.tell(_("%(year)s年指标，截至%(day)s") % {"year": options["year"], "day": as_of.isoformat()})
        for code, one in found.items():
            self.tell(line(code, one))


def line(code: str, one: Indicator) -> str:
    """One indicator in one line."""
    met = {True: _("达到"), False: _("未达到"), None: "—"}[one.met]
    share = f"{one.display}%" if one.display else "—"
    goal = "—" if one.goal is None else f"{float(one.goal):.2%}"
    return f"  {code:<12}{one.numerator}/{one.denominator}　{share}　{_('目标')} {goal}　{met}"


def plain(one: Indicator) -> dict[str, Any]:
    """An indicator as JSON holds it: the goal as an exact decimal or fraction in text."""
    goal = None if one.goal is None else exact(one.goal)
    return {"numerator": one.numerator, "denominator": one.denominator, "goal": goal, "met": one.met}


def exact(goal: Fraction) -> str:
    """A goal without rounding: 0.035, or 17/300 where no decimal is exact."""
    decimal = Decimal(goal.numerator) / Decimal(goal.denominator)
    return format(decimal.normalize(), "f") if Fraction(decimal) == goal else str(goal)
