"""What inspections write into the log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare(
    "inspections.opened", keys={"number", "rows", "root"}, about="number", sentence=_("建立检查 {rows} 户次")
)
declare("visits.planned", keys={"rows", "root"}, sentence=_("安排实地检查 {rows} 次"))
declare("visits.notified", keys={"rows", "root"}, sentence=_("制发抽查通知书 {rows} 份"))
declare("inspections.recorded", keys={"rows", "root", "invented"}, sentence=_("录入检查结果 {rows} 户次"))
declare("inspections.reviewed", keys={"rows", "root", "passed"}, sentence=_("审核检查结果 {rows} 户次"))
declare("inspection.excluded", keys={"inspection", "reason"}, sentence=_("{inspection} 不再检查：{reason}"))
declare("inspection.reopened", keys={"inspection", "reason"}, sentence=_("{inspection} 更正检查结果"))
declare(
    "inspector.replaced",
    keys={"inspection", "slot", "reason", "successor"},
    sentence=_("{inspection} 更换检查人员"),
)
declare(
    "helper.named",
    keys={"task", "inspector"},
    about="task",
    sentence=_("任务 {task} 指定辅助人员或专家 {inspector}"),
)
declare(
    "helper.removed",
    keys={"task", "inspector"},
    about="task",
    sentence=_("任务 {task} 取消辅助人员或专家 {inspector}"),
)
