"""``fairdraw backup FILE``: database and files in one file, read again before it counts (备份)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fairdraw.kernel import clock
from fairdraw.kernel.actor import COMMAND_LINE
from fairdraw.operations import backups, command, progress


class Command(command.Command):
    """May run while the installation is served; keys are not in the backup."""

    help = _("备份到一个文件（数据库和文件，不含密钥），运行中也可以；写完即核对")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, metavar="FILE", help=_("备份文件，不能已存在"))
        parser.add_argument("--json", action="store_true", help=_("在标准输出只打印一个 JSON 对象"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Back up."""
        command.installation()
        target = options["file"].resolve()
        with progress.reporter(sys.stderr) as report:
            made, digest = backups.back_up(target, actor=COMMAND_LINE, now=clock.now(), report=report)
        words = {
            "file": str(target),
            "sha256": digest,
            "files": len(made.members) - 1,
            "entries": made.entries,
            "root": made.root,
        }
        if options["json"]:
            self.emit(words)
            return
        self.tell(_("已备份：%(file)s，文件 %(files)s 份，日志 %(entries)s 条，根 %(root)s") % words)
        self.tell(_("备份文件的 SHA-256：%(sha256)s。密钥目录另行保管") % words)
