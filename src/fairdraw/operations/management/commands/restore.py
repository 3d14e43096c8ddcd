"""``fairdraw restore FILE``: a backup in the place of the installation, read whole before anything moves (恢复)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.kernel import clock
from fairdraw.kernel.actor import COMMAND_LINE
from fairdraw.operations import command, progress, restoring, serving


class Command(command.Command):
    """What was there is put aside, not deleted; the restore is an entry of the log."""

    help = _("从备份恢复；先核对整个备份，原有安装移到一旁（--replace）")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, metavar="FILE", help=_("备份文件"))
        parser.add_argument("--replace", action="store_true", help=_("取代这里已有的安装"))
        parser.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore."""
        with serving.alone(), progress.reporter(sys.stderr) as report:
            done = restoring.restore(
                options["file"],
                replace=options["replace"],
                actor=COMMAND_LINE,
                now=clock.now,
                report=report,
            )
        words = {
            "org": done.manifest.org,
            "name": done.manifest.name,
            "made_at": done.manifest.made_at,
            "entries": done.manifest.entries,
            "root": done.manifest.root,
            "aside": str(done.aside) if done.aside else None,
        }
        if options["json"]:
            self.emit({**words, "cautions": list(done.cautions)})
            return
        self.tell(_("已恢复：%(name)s，%(made_at)s 的备份，日志 %(entries)s 条，根 %(root)s") % words)
        if done.aside:
            self.tell(_("原有内容在 %(aside)s") % words)
        for caution in done.cautions:
            self.tell(_("提醒 %(caution)s") % {"caution": caution})
