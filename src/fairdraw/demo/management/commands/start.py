"""``sh run.sh``: build the practice installation where there is nothing yet, then serve."""

from __future__ import annotations

import datetime as dt
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.demo import installation, outputs
from fairdraw.demo.management.commands import year as year_command
from fairdraw.operations import progress, serving
from fairdraw.oversight import selectors as oversight


class Command(BaseCommand):
    """Build once, serve always."""

    help = _("首次运行时建立练习安装（演示县，虚构数据），然后在本机提供服务")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to listen."""
        parser.add_argument("--host", default="127.0.0.1", help=_("监听地址"))
        parser.add_argument("--port", type=int, default=8000, help=_("监听端口"))
        parser.add_argument("--build-only", action="store_true", help=_("只建立练习安装，不提供服务"))

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Build the practice installation if the database is empty; serve."""
        if not options["build_only"]:
            serving.require_port(options["host"], options["port"])
        call_command("migrate", verbosity=0)
        if accounts.installation() is None:
            self._build()
        if not options["build_only"]:
            sys.exit(serving.serve(host=options["host"], port=options["port"]))
        return None

    def _build(self) -> None:
        begun = time.monotonic()
        with progress.reporter(sys.stderr) as report:
            built = installation.build(settings.VAR_DIR, report)
        last = built.last
        as_of = dt.date(last.year, 12, 31)
        result = outputs.figures(last, oversight.indicators(last.cast.bureau, last.year, as_of=as_of))
        result["seconds"] = round(time.monotonic() - begun, 1)
        self.stdout.write(year_command.table(result, settings.VAR_DIR))
