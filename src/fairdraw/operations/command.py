"""
What the commands share (命令): an exact standard output, words on stderr, an installation to work on.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Installation
from fairdraw.kernel.errors import FairdrawError

DONE, ANSWER_IS_NO, BAD_USE = 0, 1, 2


class NoInstallation(FairdrawError):
    """There is nothing to work on yet."""

    code = "operations.no-installation"
    exit_status = BAD_USE


class Command(BaseCommand):
    """A command of ``fairdraw``: options cleaned, one service or some questions, an answer."""

    requires_system_checks: list[str] = []

    def tell(self, text: str) -> None:
        """Write a line of the answer."""
        self.stdout.write(text)

    def say(self, text: str) -> None:
        """Write a line beside the answer."""
        self.stderr.write(text)

    def emit(self, answer: dict[str, Any]) -> None:
        """Write the answer as one JSON object (``--json``)."""
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1, default=str))

    def end(self, code: int) -> NoReturn:
        """End with an exit status."""
        raise SystemExit(code)


def installation() -> Installation:
    """
    The installation that this command works on.

    Raises:
        NoInstallation: There is none, or its database cannot be reached.
    """
    try:
        held = accounts.installation() if _has_tables() else None
        behind = held is not None and not is_current()
    except OperationalError as error:
        raise _unreachable(error) from error
    if held is None:
        raise _nothing()
    if behind:
        raise NoInstallation(_("数据库是旧版本的，请先启动一次新版本（serve），它会升级数据库"))
    return held


def require_answer() -> None:
    """
    Refuse where the server of the database does not answer; a SQLite file is made where none is.

    Raises:
        NoInstallation: It does not.
    """
    if connection.vendor == "sqlite":
        return
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise _unreachable(error) from error


def require_founded() -> None:
    """
    Refuse where nothing was set up, whatever version its database has; nothing is written, not even a lock.

    Raises:
        NoInstallation: There is none.
    """
    is_there = connection.vendor != "sqlite" or Path(connection.settings_dict["NAME"]).exists()
    if not is_there or not _has_tables() or not Installation.objects.filter(pk=1).exists():
        raise _nothing()


def is_current() -> bool:
    """Whether the database has every change of this version."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _nothing() -> NoInstallation:
    return NoInstallation(_("还没有建立安装，请先运行 fairdraw new（或 sh run.sh new）"))


def _has_tables() -> bool:
    return Installation._meta.db_table in connection.introspection.table_names()


def _unreachable(error: OperationalError) -> NoInstallation:
    reason = str(error).splitlines()[0]
    said = _("数据库不能打开：%(reason)s。请核对 DATABASE_URL，确认数据库服务已启动")
    return NoInstallation(said % {"reason": reason})
