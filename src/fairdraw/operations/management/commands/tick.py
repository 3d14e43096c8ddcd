"""``fairdraw tick``: what the clock asks for, once or every so many seconds (定时工作); started by ``serve``."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.db import close_old_connections
from django.utils.translation import gettext as _

from fairdraw.operations import command, ticking


class Command(command.Command):
    """One round, or rounds until it is stopped."""

    help = _("定时工作一次：接续中断的作业、清理文件、每日存证点；由 serve 反复执行")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the interval."""
        parser.add_argument(
            "--every", type=float, metavar="SECONDS", help=_("每隔多少秒一次，不写则只做一次")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one round after the other."""
        command.installation()
        rounds, stop = ticking.Round(), threading.Event()
        if options["every"]:
            signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
        while True:
            done = rounds.go()
            if not options["every"]:
                self.tell("　".join(done))
                return
            close_old_connections()
            if stop.wait(options["every"]):
                return
