"""What draws write into the log (vdraw/1 §14)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare(
    "frame.frozen",
    keys={"number", "approval"},
    about="number",
    sentence=_("准备抽取 {number}（审批核对码 {approval}）"),
)
declare(
    "frame.discarded",
    keys={"number", "approval"},
    about="number",
    sentence=_("撤销底册 {number}（审批核对码 {approval}）"),
)
declare(
    "frame.disclosure",
    keys={"number", "approval", "to", "when"},
    about="number",
    sentence=_("确定抽取 {number} 的披露范围（{to}，{when}）"),
)
declare("draw.sealed", keys={"draw", "seal"}, sentence=_("封存抽取底册 {seal}"))
declare(
    "draw.commit",
    keys={"draw", "source", "commit"},
    optional={"envelope"},
    sentence=_("{source} 锁定随机份额"),
)
declare("draw.reveals_open", keys={"draw", "commits"}, sentence=_("锁定截止，开始开启"))
declare(
    "draw.reveal",
    keys={"draw", "source", "salt", "share"},
    optional={"by"},
    sentence=_("{source} 开启随机份额"),
)
declare("draw.beacon", keys={"draw", "name", "round", "value"}, sentence=_("公开随机数 {value}"))
declare("draw.drawn", keys={"draw", "seed_hash", "result", "assign"}, sentence=_("抽取完成，结果根 {result}"))
declare("draw.voided", keys={"draw", "reason", "second"}, sentence=_("抽取作废：{reason}"))
declare("draw.failed", keys={"draw", "reason"}, optional={"silent"}, sentence=_("抽取未成：{reason}"))
declare("draw.share_restored", keys={"draw"}, sentence=_("由保管人的存证恢复服务器份额"))
declare(
    "draw.object_replaced",
    keys={"draw", "part", "object", "reason", "approver", "successor"},
    sentence=_("{object} 由 {successor} 递补"),
)
declare(
    "draw.officer_replaced",
    keys={"draw", "officer", "reason", "approver", "successor"},
    optional={"object", "slot", "team"},
    sentence=_("更换检查人员 {officer}（{reason}），由 {successor} 接替"),
)
declare(
    "draw.team_replaced",
    keys={"draw", "object", "team", "reason", "approver", "successor"},
    sentence=_("{object} 由检查组 {team} 转交 {successor}"),
)
declare(
    "draw.recused",
    keys={"draw", "officer", "object", "reason", "approver"},
    sentence=_("封存后登记回避：{officer} 不检查 {object}"),
)
declare(
    "draw.officers_supplemented",
    keys={"draw", "rows", "reason", "approver"},
    sentence=_("补充检查人员（{reason}）"),
)
declare(
    "draw.audited",
    keys={"draw", "auditor", "bundle", "verdict", "key", "signature"},
    sentence=_("{auditor} 复核抽取资料 {bundle}，结论 {verdict}"),
)
declare("draw.disclosed", keys={"draw", "to"}, sentence=_("披露抽取资料"))
declare(
    "list.received",
    keys={"task", "source", "of", "document", "file", "matched", "returned"},
    optional={"chosen"},
    sentence=_("接收外部名单：{matched} 户"),
)
declare("bundle.exported", keys={"number", "to"}, about="number", sentence=_("导出复核资料包"))
