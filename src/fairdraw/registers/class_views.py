"""Editions of classes as received (信用风险分类结果), each with its difference report, for the screen and to take away."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fairdraw.accounts import shell
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.documents import tables
from fairdraw.registers import class_editions, listing, permissions
from fairdraw.ui import pages
from fairdraw.ui.parts import Column

MOVES = {
    "rose": gettext_lazy("风险升高"),
    "fell": gettext_lazy("风险降低"),
    "new": gettext_lazy("新增分类"),
    "lost": gettext_lazy("本期未列入"),
}
CODES = (*class_editions.CLASSES, "-")


def _chosen(request: OfficerRequest) -> Any:
    asked = request.GET.get("edition", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        return class_editions.edition(int(asked))
    return class_editions.editions().first()


def _rows(request: OfficerRequest, chosen: Any, kind: str = "") -> Any:
    within = listing.reach(shell.own_agencies(request), trusted=request.actor.trusted)
    return class_editions.moved(chosen, kind=kind).filter(target__in=within.rows())


@door()
@require_GET
def classes(request: OfficerRequest) -> HttpResponse:
    """The editions, and of one of them who rose, fell, is new or no longer named (差异报告)."""
    chosen = _chosen(request)
    kind = request.GET.get("kind", "")
    context: dict[str, Any] = {
        "title": _("信用风险分类结果"),
        "may_keep": permissions.can_keep_registers(request.actor),
        "editions": class_editions.editions()[:60],
        "edition_columns": (
            Column(_("版次")),
            Column(_("分类办法")),
            Column(_("计算日期")),
            Column(_("户数"), numeric=True),
            Column(_("来源")),
        ),
        "chosen": chosen,
    }
    if chosen is not None:
        told = class_editions.difference(chosen)
        rows = _rows(request, chosen, kind)
        context |= {
            "counts": [(code, label, getattr(told, code)) for code, label in MOVES.items()],
            "same": told.same,
            "matrix_columns": (
                Column(_("上期")),
                *(Column(c if c != "-" else _("未列入"), numeric=True) for c in CODES),
            ),
            "matrix": [
                (c if c != "-" else _("未分类"), counts) for c, counts in class_editions.matrix(chosen)
            ],
            "row_columns": (Column(_("名称")), Column(_("上期")), Column(_("本期")), Column(_("变动"))),
            "page": (page := pages.page_of(rows, request.GET)),
            "rows": [
                (row, MOVES.get(class_editions.kind_of_move(row.before, row.value), "")) for row in page
            ],
        }
    return render(request, "registers/classes.html", context)


@door()
@require_GET
def class_rows(request: OfficerRequest) -> HttpResponse:
    """The rows of the difference report as CSV (差异明细)."""
    chosen = _chosen(request)
    columns = (
        tables.Column(_("抽取编码"), width=22),
        tables.Column(_("名称"), width=36),
        tables.Column(_("市场监管所"), width=18),
        tables.Column(_("上期"), width=8),
        tables.Column(_("本期"), width=8),
        tables.Column(_("变动"), width=12),
    )
    rows = _rows(request, chosen).iterator(chunk_size=5000) if chosen is not None else ()
    lines = (
        (
            row.target.draw_code,
            row.target.name,
            str(row.target.station or ""),
            row.before,
            row.value,
            str(MOVES.get(class_editions.kind_of_move(row.before, row.value), "")),
        )
        for row in rows
    )
    answer = HttpResponse(tables.table_csv(columns, lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="class-changes.csv"'
    return answer
