"""``fairdraw void DRAW``: give a sealed draw up before it is opened, two people agreeing (作废)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.operations import command, drawing, signing


class Command(command.Command):
    """Both people type their own passwords."""

    help = _("作废一次已封存、未开启的抽取：写明原因，另一位负责人或监督人同意，两人各输密码")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the draw, the reason, the two people."""
        parser.add_argument("number", metavar="DRAW", help=_("抽取编号"))
        parser.add_argument("--reason", required=True, help=_("原因，一直公开"))
        parser.add_argument("--as", dest="account", required=True, help=_("发起单位计划岗或负责人的账号"))
        parser.add_argument("--second", required=True, help=_("第二人的账号"))
        parser.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Void it."""
        command.installation()
        actor = signing.person(options["account"])
        second = signing.person(options["second"])
        draw = drawing.void(options["number"], reason=options["reason"], second=second, actor=actor)
        if options["json"]:
            self.emit(drawing.plain(draw))
            return
        self.tell(_("抽取 %(n)s 已作废，任务回到待抽取；原因一直公开") % {"n": draw.number})
