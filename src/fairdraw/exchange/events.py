"""What the exchange writes into the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare(
    "file.imported",
    keys={"kind", "file", "sha256", "rows_used", "rows_refused", "columns"},
    sentence=_("由文件“{file}”（SHA-256：{sha256}）导入，采用 {rows_used} 行，未采用 {rows_refused} 行"),
)
declare(
    "mapping.remembered",
    keys={"kind", "shape", "columns"},
    sentence=_("记住列对照（{kind}）"),
)
declare("mapping.forgotten", keys={"kind", "shape"}, sentence=_("删除列对照（{kind}）"))
