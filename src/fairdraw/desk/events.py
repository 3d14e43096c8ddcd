"""What the pages that join stages write into the log beside the stages' own entries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare("drawlist.viewed", keys={"draw", "to"}, sentence=_("查看或导出抽取名单"))
declare("member.proved", keys={"number", "target"}, about="number", sentence=_("出具在库证明 {target}"))
