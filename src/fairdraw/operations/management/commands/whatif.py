"""``fairdraw whatif YEAR|TASK``: what the plan would do to enterprises, inspectors and goals, before a seal (X14)."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.desk import whatif
from fairdraw.kernel import clock
from fairdraw.kernel.errors import NotFound
from fairdraw.operations import command
from fairdraw.oversight import forecast_answer, forecast_plan


def rate(text: str) -> tuple[str, Fraction]:
    """A rate as people type it: ``A=0.01`` or ``A=1%``."""
    code, _equals, amount = text.partition("=")
    whole, percent = amount.strip().removesuffix("%"), amount.strip().endswith("%")
    try:
        found = Fraction(Decimal(whole)) / (100 if percent else 1)
    except (InvalidOperation, ValueError, OverflowError):
        found = Fraction(-1)
    if code.strip() not in forecast_plan.RATED or not 0 <= found <= 1:
        raise ArgumentTypeError(_("比例应写作 A=0.01 或 A=1%，类别为 A、B、C、D、N，比例在0到1之间"))
    return code.strip(), found


class Command(command.Command):
    """Expectations and dates of the planned draws; nothing is changed, nobody is drawn."""

    help = _("推演：全年或一项任务在封存前的走访、力量、工期和目标预测，不改变任何方案")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the year or the task, and the rates to try."""
        parser.add_argument("what", metavar="YEAR|TASK", help=_("年度，或任务编号"))
        parser.add_argument(
            "--rate", action="append", type=rate, default=[], metavar="A=0.01", help=_("试算某类的抽查比例")
        )
        parser.add_argument("--propose", action="store_true", help=_("给出满足目标、抽查A类最少的一组比例"))
        parser.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and print."""
        command.installation()
        bureau, on, what = accounts.root(), clock.today(), options["what"]
        whole = what.isdigit() and len(what) == 4
        year = int(what) if whole else int(what[:4]) if what[:4].isdigit() else 0
        rates, only = dict(options["rate"]), "" if whole else what
        held = whatif.answer(bureau, year, on=on, rates=rates, only=only)
        if held is None:
            raise NotFound(_("没有编号为“%(n)s”的待抽任务；已抽取的任务不再推演") % {"n": what})
        answer = held.plain
        if not options["propose"]:
            del answer["proposal"]
        if options["json"]:
            self.emit(answer)
            return
        for line in forecast_answer.told(answer):
            self.tell(line)
