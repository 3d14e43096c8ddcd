"""What publication writes into the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare("results.submitted", keys={"channel", "rows", "root"}, sentence=_("报送公示 {rows} 条"))
declare(
    "results.published", keys={"channel", "receipt", "rows", "root"}, sentence=_("公示回执确认 {rows} 条")
)
declare("result.withdrawn", keys={"inspection", "version", "reason"}, sentence=_("撤下公示 {inspection}"))
declare(
    "result.display_ended",
    keys={"inspection", "version", "reason"},
    sentence=_("信用修复后停止公示 {inspection}"),
)
declare(
    "notice.published",
    keys={"kind", "reference", "version"},
    about="reference",
    sentence=_("发布公告 {reference}"),
)
