"""``fairdraw fsck``: log, files, database and draws against each other (全面核对)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.operations import command, integrity, progress


class Command(command.Command):
    """Lists what does not hold; changes nothing."""

    help = _("全面核对日志、文件、数据库和每次抽取，列出不符之处；有不符为1")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take ``--json``."""
        parser.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and print."""
        held = command.installation()
        with progress.reporter(sys.stderr) as report:
            checked = integrity.check(report)
        if options["json"]:
            problems = [asdict(problem) for problem in checked.problems]
            self.emit({"installation": held.org, "draws": checked.draws, "problems": problems})
        else:
            for problem in checked.problems:
                self.tell("　".join(filter(None, [problem.part, problem.where, problem.message])))
            if checked.problems:
                self.tell(_("发现 %(count)s 处不符") % {"count": len(checked.problems)})
            else:
                self.tell(_("核对无误：日志、文件、%(draws)s 次抽取") % {"draws": checked.draws})
        self.end(command.ANSWER_IS_NO if checked.problems else command.DONE)
