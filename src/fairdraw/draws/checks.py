"""The system check of the one-draw rule: no command runs on a database that would draw a task twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Critical
from django.db import OperationalError, connections
from django.utils.translation import gettext as _

from fairdraw.draws import guards


def one_draw_rule(**_asked: Any) -> Sequence[CheckMessage]:
    """Report what of the one-draw rule is missing; a database without the draw tables yet has nothing to say."""
    try:
        connection = connections["default"]
        if "draw_part" not in connection.introspection.table_names():
            return []
        absent = guards.missing()
    except OperationalError:  # no database yet: the command itself says so
        return []
    return [
        Critical(
            _("数据库缺少“一项任务只抽一次”的守护规则 %(name)s（vdraw/1 §13），不能运行") % {"name": name},
            id="draws.E001",
        )
        for name in absent
    ]
