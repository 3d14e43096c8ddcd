"""``fairdraw worker``: do the long work that waits in the database (后台作业); started by ``serve``."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.utils.translation import gettext as _

from fairdraw.operations import command


class Command(command.Command):
    """Runs until it is stopped; a SQLite installation has one, PostgreSQL may have more on other machines."""

    help = _("执行后台作业，由 serve 启动；多台机器时可另外启动")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work."""
        command.installation()
        call_command("db_worker", queue_name="*", startup_delay=False, reload=False, verbosity=1)
