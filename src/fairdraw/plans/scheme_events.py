"""What schemes write into the log beside their draft and approval."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare("scheme.returned", keys={"task", "reason"}, sentence=_("退回任务 {task} 的抽查方案：{reason}"))
declare("sheet.made", keys={"sheet", "tasks"}, sentence=_("编制抽查方案审批表 {sheet}"))
declare("sheet.approved", keys={"sheet", "tasks"}, sentence=_("审批表 {sheet} 的抽查方案全部审定"))
declare("sheet.returned", keys={"sheet", "tasks", "reason"}, sentence=_("退回审批表 {sheet}：{reason}"))
declare("division.set", keys={"task", "rows", "root"}, sentence=_("任务 {task} 的任务分工 {rows} 行"))
