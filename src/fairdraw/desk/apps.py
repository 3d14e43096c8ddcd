"""Django's entry for this stage."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from fairdraw.kernel.actor import Duty


class DeskConfig(AppConfig):
    """The stage ``desk``."""

    name = "fairdraw.desk"
    label = "desk"

    def ready(self) -> None:
        """Declare the events and the long work, enter the menu."""
        from fairdraw.desk import events, jobs  # noqa: F401
        from fairdraw.ui.menu import Section, register

        register(Section.WORKBENCH, _("工作台"), "desk:workbench", order=0)
        register(Section.REGISTERS, _("抽查事项"), "desk:items", order=5)
        register(Section.REGISTERS, _("检查人员"), "desk:inspectors", order=20)
        register(Section.REGISTERS, _("质量报告"), "desk:quality", order=25)
        register(Section.REGISTERS, _("导入"), "desk:imports", (Duty.OFFICE, Duty.CLERK), order=40)
        register(Section.PLANS, _("推演"), "desk:whatif", (Duty.OFFICE, Duty.PLANNER, Duty.LEADER), order=15)
        register(Section.PLANS, _("抽查任务"), "desk:tasks", order=20)
        register(Section.PLANS, _("方案报审"), "desk:sheets", order=25)
        register(
            Section.PLANS, _("合并建议"), "desk:merging", (Duty.OFFICE, Duty.PLANNER, Duty.LEADER), order=30
        )
        register(Section.PLANS, _("入企检查与停检期"), "desk:burden", (Duty.OFFICE, Duty.PLANNER), order=35)
        register(Section.DRAWS, _("抽取记录"), "desk:draws", order=10)
        register(Section.DRAWS, _("外部名单"), "desk:lists", order=15)
        register(Section.DRAWS, _("批次抽取"), "desk:pool", (Duty.PLANNER,), order=20)
        register(Section.INSPECTIONS, _("检查列表"), "desk:inspections", order=10)
        register(
            Section.INSPECTIONS,
            _("打印任务包"),
            "desk:packs",
            (Duty.OFFICE, Duty.PLANNER, Duty.CLERK, Duty.INSPECTOR, Duty.LEADER),
            order=20,
        )
        register(Section.PUBLICATION, _("结果公示"), "desk:publication", order=10)
        register(Section.FOLLOWUP, _("后续处置"), "desk:followups", order=10)
        register(Section.OVERSIGHT, _("年度看板"), "desk:board", order=10)
        register(Section.OVERSIGHT, _("机构调整"), "desk:reorganising", (Duty.OFFICE,), order=90)
