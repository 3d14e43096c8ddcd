"""What accounts write into the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare("installation.created", keys={"org", "rehearsal"}, sentence=_("建立安装 {org}"))
declare("agency.created", keys={"agency", "kind"}, sentence=_("新增单位 {agency}"))
declare("agency.revised", keys={"agency"}, sentence=_("修改单位 {agency} 的简称、代字或电话"))
declare(
    "agency.renamed",
    keys={"agency", "document"},
    about="agency",
    sentence=_("单位 {agency} 更名（{document}）"),
)
declare(
    "agency.closed",
    keys={"agency", "successor", "document", "members"},
    about="agency",
    sentence=_("单位 {agency} 并入 {successor}（{document}）"),
)
declare("account.created", keys={"user"}, sentence=_("开通账号 {user}"))
declare("account.locked", keys={"user"}, sentence=_("锁定账号 {user}"))
declare("account.unlocked", keys={"user"}, sentence=_("解锁账号 {user}"))
declare("account.password_reset", keys={"user"}, sentence=_("重设账号 {user} 的密码"))
declare("account.password_changed", keys={"user"}, sentence=_("账号 {user} 由本人修改密码"))
declare(
    "duty.granted",
    keys={"user", "agency", "duty", "starts_on"},
    optional={"ends_on"},
    sentence=_("账号 {user} 自 {starts_on} 起在 {agency} 任职：{duty}"),
)
declare(
    "duty.ended",
    keys={"user", "agency", "duty", "ends_on"},
    sentence=_("账号 {user} 在 {agency} 的任职自 {ends_on} 起结束：{duty}"),
)
declare("token.revoked", keys={"token"}, sentence=_("停用接口调用方 {token}"))
declare("token.issued", keys={"token", "agency"}, sentence=_("授权接口调用方 {token}"))
declare("installation.practice_time", keys={"at"}, sentence=_("设置练习时间"))
