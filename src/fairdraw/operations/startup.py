"""
What must hold before anything is served (启动检查): every door, the guards of log and draws, a database that keeps
what it confirms. Settings are read back from the database, never believed.

Source: vdraw/1 §13; reliability.md T-K8.
"""

from __future__ import annotations

from django.db import connections
from django.utils.translation import gettext as _

from fairdraw.accounts import doors
from fairdraw.audit import guards as log_guards
from fairdraw.draws import guards as draw_guards

SQLITE = {
    "journal_mode": ("wal",),
    "synchronous": ("2", "3"),  # FULL, EXTRA
    "foreign_keys": ("1",),
    "recursive_triggers": ("1",),
}
POSTGRESQL = {
    "fsync": ("on",),
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
    "full_page_writes": ("on",),
}
OLDEST_POSTGRESQL = 140000


def faults() -> list[str]:
    """Everything that keeps the product from being served, a sentence each; none where all is well."""
    return [*door_faults(), *database_faults(), *guard_faults()]


def door_faults() -> list[str]:
    """Addresses that do not say who may open them."""
    return [_("地址 %(route)s 没有声明谁可以打开") % {"route": route} for route in doors.unguarded()]


def database_faults(using: str = "default") -> list[str]:
    """
    Settings of the database under which a confirmed change could be lost or a guard passed by.

    Returns:
        A sentence for each setting, with its value and the values that are accepted.
    """
    connection = connections[using]
    is_sqlite = connection.vendor == "sqlite"
    found = []
    with connection.cursor() as cursor:
        for name, accepted in (SQLITE if is_sqlite else POSTGRESQL).items():
            cursor.execute(f"PRAGMA {name}" if is_sqlite else f"SHOW {name}")
            row = cursor.fetchone()
            value = str(row[0]).lower() if row else ""
            if value not in accepted:
                words = {"name": name, "value": value, "accepted": "、".join(accepted)}
                found.append(_("数据库设置 %(name)s 为 %(value)s，须为 %(accepted)s") % words)
        if not is_sqlite:
            cursor.execute("SHOW server_version_num")
            if int(cursor.fetchone()[0]) < OLDEST_POSTGRESQL:
                found.append(_("PostgreSQL 版本过低，须为14或更高"))
    return found


def guard_faults(using: str = "default") -> list[str]:
    """What of the guards of the log and of the one-draw rule is not there."""
    absent = dict.fromkeys([*log_guards.missing(using), *draw_guards.missing(using)])
    return [_("数据库缺少守护规则 %(name)s") % {"name": name} for name in absent]
