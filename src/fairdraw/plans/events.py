"""What plans write into the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare(
    "plan.imported",
    keys={"agency", "year", "source", "rows", "root"},
    sentence=_("导入 {year} 年抽查计划 {rows} 行"),
)
declare("plan.moved", keys={"agency", "year", "move", "version"}, sentence=_("年度计划：{move}"))
declare("plan.row_held", keys={"agency", "year", "row", "reason"}, sentence=_("计划第 {row} 行暂缓"))
declare("plan.row_released", keys={"agency", "year", "row"}, sentence=_("计划第 {row} 行取消暂缓"))
declare(
    "plan.amended",
    keys={"agency", "year", "version", "reason", "rows", "root"},
    sentence=_("调整 {year} 年抽查计划 {rows} 行：{reason}"),
)
declare("task.created", keys={"task", "agency", "kind", "channel"}, sentence=_("建立任务 {task}"))
declare("task.moved", keys={"task", "move"}, sentence=_("任务 {task}：{move}"))
declare("scheme.drafted", keys={"task", "scheme"}, sentence=_("制定任务 {task} 的抽查方案"))
declare("scheme.approved", keys={"task", "paper", "scheme"}, sentence=_("审定任务 {task} 的抽查方案"))
declare(
    "scheme.paper_entered",
    keys={"task", "scan", "scheme"},
    sentence=_("回填任务 {task} 抽查方案的线下审批"),
)
declare(
    "merge.accepted",
    keys={"first", "second", "reason"},
    sentence=_("任务 {first} 与 {second} 合并检查：{reason}"),
)
declare(
    "merge.refused",
    keys={"first", "second", "reason"},
    sentence=_("任务 {first} 与 {second} 不合并：{reason}"),
)
declare("merge.undone", keys={"first", "second"}, sentence=_("撤回任务 {first} 与 {second} 的合并答复"))
declare(
    "plan.returned",
    keys={"agency", "year", "reason"},
    sentence=_("退回 {year} 年年度计划：{reason}"),
)
declare("plan.filed", keys={"agency", "year", "with", "number", "on"}, sentence=_("年度计划报 {with} 备案"))
declare("plan.filing_receipt", keys={"agency", "year", "receipt", "on"}, sentence=_("登记备案回执 {receipt}"))
declare(
    "plan.numbered",
    keys={"agency", "year", "version", "number", "on"},
    sentence=_("回填 {year} 年年度计划第 {version} 版文号 {number}"),
)
declare("plan.ground", keys={"agency", "year", "row"}, sentence=_("写明计划第 {row} 行的上级来源或本地理由"))
declare("plan.letter", keys={"agency"}, sentence=_("修改印发通知的正文模板"))
declare(
    "plan.amendment_drafted",
    keys={"agency", "year", "reason"},
    sentence=_("起草 {year} 年计划调整：{reason}"),
)
declare(
    "plan.amendment_returned",
    keys={"agency", "year", "reason"},
    sentence=_("退回 {year} 年计划调整：{reason}"),
)
declare("plan.amendment_discarded", keys={"agency", "year"}, sentence=_("放弃 {year} 年计划调整"))
declare(
    "plan.received",
    keys={"year", "version", "agency", "paper"},
    sentence=_("{agency} 签收 {year} 年年度计划第 {version} 版"),
)
declare(
    "plan.urged", keys={"agency", "year", "version", "units"}, sentence=_("催收 {year} 年年度计划：{units}")
)
declare(
    "task.deadline",
    keys={"task", "before", "due", "document"},
    optional={"inspections"},
    sentence=_("任务 {task} 的办结期限由 {before} 调整为 {due}（{document}）"),
)
declare("division.kept", keys={"division", "agency"}, sentence=_("市局处室 {division} 对应 {agency}"))
declare("division.removed", keys={"division"}, sentence=_("删除市局处室 {division} 的对应关系"))
