"""What operations write into the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare("backup.made", keys={"sha256", "entries"}, sentence=_("备份到日志第 {entries} 条为止，文件 {sha256}"))
declare(
    "installation.restored",
    keys={"sha256", "entries", "head"},
    sentence=_("从备份恢复，日志 {entries} 条，根 {head}"),
)
