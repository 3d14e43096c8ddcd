"""``fairdraw serve``: serve the installation on this machine (启动服务)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fairdraw.operations import command, serving


class Command(command.Command):
    """Web server, worker and clock work until Ctrl+C or SIGTERM."""

    help = _("启动服务：网页、后台作业、定时工作，Ctrl+C 停止")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to serve."""
        parser.add_argument("--host", default=serving.HOST, help=_("监听地址，默认只限本机"))
        parser.add_argument("--port", type=int, default=serving.PORT, help=_("端口，默认8000"))
        parser.add_argument("--workers", type=int, default=serving.WORKERS, help=_("网页进程数，默认2"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        if not serving.is_loopback(options["host"]) and settings.ALLOWED_HOSTS == [
            "127.0.0.1",
            "localhost",
            "[::1]",
        ]:
            print(_("提示：要从其他机器访问，请在 FAIRDRAW_HOSTS 写明主机名"), file=sys.stderr)
        self.end(serving.serve(options["host"], options["port"], options["workers"]))
