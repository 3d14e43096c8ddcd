"""What the registers write into the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare(
    "items.imported",
    keys={"added", "changed", "same", "source", "rows", "root"},
    sentence=_("导入抽查事项 {rows} 行"),
)
declare("item.confirmed", keys={"item", "version"}, sentence=_("确认抽查事项 {item}"))
declare("item.added", keys={"item"}, sentence=_("新增抽查事项 {item}"))
declare(
    "item.changed",
    keys={"item", "version", "starts_on"},
    sentence=_("变更抽查事项 {item}，自 {starts_on} 起"),
)
declare("item.ended", keys={"item", "ends_on"}, sentence=_("停用抽查事项 {item}，自 {ends_on} 起"))
declare("item.withdrawn", keys={"item", "reason"}, sentence=_("撤下抽查事项 {item} 的公布"))
declare("item.published", keys={"item"}, sentence=_("公布抽查事项 {item}"))
declare(
    "items.issued",
    keys={"edition", "document", "issued_on", "rows", "root"},
    sentence=_("公布抽查事项清单第 {edition} 版"),
)
declare("aliases.remembered", keys={"rows", "root"}, sentence=_("记住计划表的事项写法 {rows} 条"))
declare("alias.forgotten", keys={"item", "wording"}, sentence=_("取消一条事项写法的对应，原指 {item}"))
declare(
    "targets.imported",
    keys={"added", "changed", "same", "source", "rows", "root"},
    sentence=_("导入检查对象：新增 {added}，变更 {changed}，未变 {same}"),
)
declare(
    "classes.received",
    keys={"edition", "computed_on", "source", "invented", "targets", "rows", "root"},
    sentence=_("接收信用风险分类 {targets} 户，其中变动 {rows} 户（{edition}）"),
)
declare(
    "inspectors.imported",
    keys={"added", "changed", "same", "source", "rows", "root"},
    sentence=_("导入执法检查人员 {rows} 人"),
)
declare(
    "base.entered",
    keys={"agency", "year", "count", "source"},
    sentence=_("登记 {year} 年企业实有数 {count} 户"),
)
declare("interest.declared", keys={"inspector", "target"}, sentence=_("登记回避事由 {inspector}"))
declare(
    "absence.entered",
    keys={"inspector", "starts_on", "ends_on"},
    optional={"kind"},
    sentence=_("登记缺勤 {inspector}"),
)
declare(
    "absence.changed",
    keys={"inspector", "starts_on", "ends_on", "back_on"},
    sentence=_("更改缺勤 {inspector}，{back_on}返岗"),
)
declare("interest.withdrawn", keys={"inspector", "target", "reason"}, sentence=_("解除回避事由 {inspector}"))
declare("inspector.changed", keys={"inspector", "fields"}, sentence=_("变更检查人员信息 {inspector}"))
declare("target.changed", keys={"target", "fields", "reason"}, sentence=_("变更检查对象信息 {target}"))
declare("target.moved", keys={"target", "on", "reason"}, sentence=_("检查对象 {target} 自{on}起改属"))
declare(
    "licences.imported",
    keys={"added", "changed", "same", "source", "rows", "root"},
    sentence=_("导入许可 {rows} 件"),
)
declare("tags.settled", keys={"on", "rows", "root"}, sentence=_("按许可有效期核定监管标签，变动 {rows} 户"))
declare(
    "class_counts.entered",
    keys={"agency", "task", "counts", "computed_on", "source"},
    sentence=_("录入分类户数（{source}）"),
)
