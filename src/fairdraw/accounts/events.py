"""What accounts write into the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare("installation.created", keys={"org", "rehearsal"}, sentence=_("建立安装 {org}"))
declare("agency.created", keys={"agency", "kind"}, sentence=_("新增单位 {agency}"))
declare("account.created", keys={"user"}, sentence=_("开通账号 {user}"))
declare(
    "duty.granted", keys={"user", "agency", "duty", "starts_on"}, sentence=_("账号 {user} 在 {agency} 任职")
)
declare("token.issued", keys={"token", "agency"}, sentence=_("授权接口调用方 {token}"))
declare("installation.practice_time", keys={"at"}, sentence=_("设置练习时间"))
