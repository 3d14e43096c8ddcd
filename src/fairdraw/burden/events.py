"""What the record of visits writes into the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare("visits.imported", keys={"source", "rows", "root"}, sentence=_("导入入企检查记录 {rows} 条"))
declare(
    "campaign.registered", keys={"campaign", "document"}, sentence=_("登记专项检查“{campaign}”（{document}）")
)
declare("campaign.withdrawn", keys={"campaign", "reason"}, sentence=_("撤销专项检查“{campaign}”：{reason}"))
declare("blackout.entered", keys={"blackout", "from", "to"}, sentence=_("登记停检期“{blackout}”"))
declare("blackout.withdrawn", keys={"blackout", "from", "to"}, sentence=_("撤销停检期“{blackout}”"))
