"""``fairdraw packs --out FILE``: everything that tasks in the field need on paper, as one file (任务包)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.desk import packs
from fairdraw.kernel import clock
from fairdraw.kernel.actor import COMMAND_LINE
from fairdraw.kernel.errors import NotFound
from fairdraw.operations import command


class Command(command.Command):
    """The same file as the page 打印任务包 makes; notices get their numbers only where that is asked for."""

    help = _("任务包：把实施中任务的审批表、通知书、记录表按路线排成一个PDF")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the tasks, the file, and whether to issue notices."""
        parser.add_argument(
            "task", nargs="*", metavar="TASK", help=_("任务编号；不写为全部有待检查对象的任务")
        )
        parser.add_argument("--out", required=True, type=Path, metavar="FILE", help=_("写到哪个文件"))
        parser.add_argument(
            "--issue", action="store_true", help=_("先给还没有编号的通知书编号，编号后不能收回")
        )
        parser.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Issue where asked for, typeset, write, say how many."""
        command.installation()
        numbers = options["task"]
        lines = packs.lines(COMMAND_LINE, numbers)
        if not lines:
            raise NotFound(_("没有待检查的对象，抽取完成后才有检查文书可以打印"))
        now = clock.now()
        issued = packs.issue(lines, actor=COMMAND_LINE, now=now) if options["issue"] else 0
        options["out"].write_bytes(packs.printed(lines, on=clock.local_date(now)))
        answer = {
            "tasks": [line.task.number for line in lines],
            "doors": packs.doors(lines),
            "issued": issued,
            "file": str(options["out"]),
        }
        if options["json"]:
            self.emit(answer)
            return
        words = {"tasks": len(lines), "doors": answer["doors"], "issued": issued, "file": answer["file"]}
        self.tell(
            _("任务 %(tasks)s 项、检查对象 %(doors)s 户，本次制发通知书 %(issued)s 份，写入 %(file)s") % words
        )
