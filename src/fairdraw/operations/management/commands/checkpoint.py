"""``fairdraw checkpoint``: sign the log as it stands, to be published or kept elsewhere (存证点; vdraw/1 §14)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.audit import selectors as audit
from fairdraw.audit import services
from fairdraw.desk import services as desk
from fairdraw.kernel import clock
from fairdraw.operations import command


class Command(command.Command):
    """Prints the signed note; the same one again while nothing was added to the log."""

    help = _("生成存证点：对日志现状签名，供公布或存放他处；日志被动过手脚时拒绝，为1")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to put it."""
        parser.add_argument("--out", type=Path, metavar="FILE", help=_("另存到文件"))
        parser.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the checkpoint and print it."""
        command.installation()
        origin = desk.origin()
        try:
            made = services.checkpoint(clock.now(), origin=origin)
        except services.Inconsistent:
            self.say(_("日志与上一个存证点不符，不能签名。请运行 fairdraw log verify 查看不符之处"))
            self.end(command.ANSWER_IS_NO)
        if options["out"]:
            options["out"].write_text(made.text, encoding="utf-8")
        if options["json"]:
            key = audit.verifier_key(origin)
            self.emit({"origin": origin, "size": made.size, "root": made.root, "text": made.text, "key": key})
        else:
            self.tell(made.text)
            self.say(_("公钥 %(key)s") % {"key": audit.verifier_key(origin)})
