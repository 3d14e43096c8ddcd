"""``fairdraw draw NUMBER``: seal and draw, each person the own step (抽取)."""

from __future__ import annotations

import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.operations import command, drawing, signing
from fairdraw.operations.drawing import Asked, Keeping, Person

KEEPING = "~/.fairdraw/shares"


class Command(command.Command):
    """The operating system's entropy is read here, at the door."""

    help = _("抽取一项任务或一个批次：每人用本人账号办自己的一步（封存、监督、锁定、开启、录入随机数）")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the draw, the person, and whom a new draw needs."""
        parser.add_argument("number", metavar="NUMBER", help=_("任务编号，或批次编号"))
        parser.add_argument(
            "--as", dest="account", default="", help=_("本人账号，密码在提示后输入；演练可不写")
        )
        parser.add_argument(
            "--task", action="append", default=[], metavar="NUMBER", help=_("新批次的任务，写多次")
        )
        parser.add_argument(
            "--supervisor", default="", metavar="ACCOUNT", help=_("监督人的账号；只有一人可选时可不写")
        )
        parser.add_argument("--witness", default="", metavar="ACCOUNT", help=_("见证人的账号，批次抽取要有"))
        parser.add_argument(
            "--keep",
            default=KEEPING,
            metavar="DIR",
            help=_("存放本人随机份额的目录，只许本人能读"),
        )
        parser.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the step and say how far the draw is."""
        command.installation()
        asked = Asked(options["number"], tuple(options["task"]), options["supervisor"], options["witness"])
        keeping = Keeping(Path(os.path.expanduser(options["keep"])))
        if options["account"]:
            actor = signing.person(options["account"])
            draw = drawing.step(asked, Person(actor, keeping, signing.answer, secrets.token_bytes))
        else:
            draw = drawing.play(asked, keeping=keeping, entropy=secrets.token_bytes)
        if options["json"]:
            self.emit(drawing.plain(draw))
            return
        for line in drawing.told(draw):
            self.tell(line)
