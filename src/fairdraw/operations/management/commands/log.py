"""``fairdraw log verify``: the log against itself, every byte hashed again (日志核对; vdraw/1 §14)."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.audit import selectors as audit
from fairdraw.audit.verify import verify_log
from fairdraw.operations import command, integrity

MOST = 1000


class Command(command.Command):
    """Names every entry that does not hold, the first one first."""

    help = _("核对日志（log verify）：逐条重算，有不符为1")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the verb."""
        parser.add_argument("verb", choices=["verify"], help=_("verify：从头核对"))
        parser.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print."""
        command.installation()
        problems = verify_log(public_key=integrity.public_key(), limit=MOST)
        size = audit.size()
        if options["json"]:
            self.emit({"size": size, "problems": [asdict(problem) for problem in problems]})
        else:
            for problem in problems:
                self.tell(problem.message)
            self.tell(
                _("日志不符 %(count)s 处") % {"count": len(problems)}
                if problems
                else _("日志核对无误，共 %(size)s 条，根 %(root)s") % {"size": size, "root": audit.root(size)}
            )
        self.end(command.ANSWER_IS_NO if problems else command.DONE)
