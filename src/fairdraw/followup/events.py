"""What follow-up writes into the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare("findings.opened", keys={"rows", "root"}, sentence=_("登记发现问题 {rows} 项"))
declare("followups.moved", keys={"move", "rows", "root"}, sentence=_("后续处置 {move} {rows} 项"))
