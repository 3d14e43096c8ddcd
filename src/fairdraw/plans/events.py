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
