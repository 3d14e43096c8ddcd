"""What the pages that join stages write into the log beside the stages' own entries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.audit.events import declare

declare("drawlist.viewed", keys={"draw", "to"}, sentence=_("查看或导出抽取名单"))
declare("member.proved", keys={"number", "target"}, about="number", sentence=_("出具在库证明 {target}"))
declare(
    "unit.merged",
    keys={
        "agency",
        "successor",
        "document",
        "targets",
        "inspectors",
        "tasks",
        "inspections",
        "followups",
    },
    about="agency",
    sentence=_("{agency} 的对象 {targets} 户、任务 {tasks} 项、检查 {inspections} 户次转给 {successor}"),
)
declare(
    "tasks.handed_over",
    keys={"successor", "document", "tasks", "inspections", "followups"},
    sentence=_("任务移交给 {successor}（{document}）"),
)
declare(
    "towns.handed_over",
    keys={"agency", "successor", "document", "towns", "targets"},
    about="agency",
    sentence=_("辖区调整：{agency} 的 {targets} 户转给 {successor}（{document}）"),
)
declare(
    "targets.reassigned", keys={"station", "rows", "root"}, sentence=_("检查对象 {rows} 户改属 {station}")
)
