"""One target (检查对象详情): what was drawn, what it has borne, its classes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fairdraw.accounts.doors import WORK, OfficerRequest, door
from fairdraw.desk import ledger, merging, profile
from fairdraw.kernel import clock
from fairdraw.registers import permissions
from fairdraw.registers import selectors as registers
from fairdraw.ui.parts import Column


@door(*WORK)
@require_GET
def target(request: OfficerRequest, code: str) -> HttpResponse:
    """The profile of the target with the draw code *code*."""
    found = registers.target(request.actor, code)
    borne = profile.borne(found)
    today = clock.today()
    context = {
        "title": found.name,
        "target": found,
        "facts": profile.facts(found),
        "drawn": profile.drawn(request.actor, found, today=today),
        "borne": borne,
        "account": merging.account(found, today.year),
        "classes": profile.classes(found),
        "changes": ledger.of_target(found),
        "may_keep": permissions.can_keep_registers(request.actor),
        "stale": profile.is_class_stale(found, today=today),
        "licences": profile.licences(found, today=today),
        "former": profile.former_places(found),
        "licence_columns": (
            Column(_("许可")),
            Column(_("编号")),
            Column(_("有效期")),
            Column(_("发证机关")),
            Column(_("监管标签")),
            Column(_("状态")),
        ),
        "former_columns": (Column(_("至（不含）")), Column(_("市场监管所")), Column(_("乡镇"))),
        "drawn_columns": (
            Column(_("任务")),
            Column(_("承办单位")),
            Column(_("分类（封存时）")),
            Column(_("被抽中概率"), numeric=True),
            Column(_("状态")),
            Column(_("结果")),
        ),
        "borne_columns": (Column(_("日期")), Column(_("检查类型")), Column(_("单位")), Column(_("来源"))),
        "class_columns": (Column(_("分类")), Column(_("计算日期")), Column(_("版次")), Column(_("来源"))),
        "change_columns": (
            Column(_("时间")),
            Column(_("项目")),
            Column(_("原值")),
            Column(_("新值")),
            Column(_("理由或来源")),
            Column(_("办理人")),
        ),
    }
    return render(request, "desk/target.html", context)
