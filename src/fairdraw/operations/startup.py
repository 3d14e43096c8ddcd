"""
What must hold before anything is served (启动检查): every door, the guards of log and draws, a database that keeps
what it confirms. Settings are read back from the database, never believed.

Source: vdraw/1 §13; reliability.md T-K8.
"""

from __future__ import annotations

from django.db import connections
from django.utils.translation import gettext as _

from fairdraw.accounts import doors
from fairdraw.audit import guards

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
DRAW_GUARDS = (
    *("draw_begins_as_draft", "draw_org_fits", "draw_is_new", "draw_identity", "draw_set_once"),
    *("draw_follows_arrows", "draw_has_a_part", "draw_stays", "draw_ends"),
    *("part_joins_a_draft", "part_is_new", "part_keeps_its_task", "part_lives_as_its_draw", "part_stays"),
    *("draw_file_is_final", "draw_file_stays", "drawn_row_is_final", "drawn_row_stays"),
    *("drawn_team_is_final", "drawn_team_stays", "installation_keeps_its_org", "installation_stays"),
)
PRESENT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'index')",
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' "
        "UNION ALL SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE i.indisunique AND i.indisvalid"
    ),
}
DRAW_INDEXES = ("draw_one_live", "part_one_live")


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
    """Triggers and indexes of the log and of the one-draw rule that are not there."""
    absent = [*guards.missing(using), *_missing_of_draws(using)]
    return [_("数据库缺少守护规则 %(name)s") % {"name": name} for name in absent]


def _missing_of_draws(using: str) -> list[str]:
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor])
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in (*DRAW_GUARDS, *DRAW_INDEXES) if name not in present]
