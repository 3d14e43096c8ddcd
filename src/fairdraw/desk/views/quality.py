"""The quality report of the directories as pages (一单两库质量报告); each number leads to its rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fairdraw.accounts import shell
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import keeping, quality, staff, tasks
from fairdraw.kernel import clock
from fairdraw.kernel.errors import NotFound
from fairdraw.registers import downloads, listing
from fairdraw.registers.quality import MOST_WITH_BLOCKING
from fairdraw.ui import pages
from fairdraw.ui.parts import Column

STANDINGS = frozenset({"expiring", "expired", "untrained", "absent"})


def reach_of(request: OfficerRequest) -> listing.Reach:
    """Which part of the directory the signed-in person sees."""
    return listing.reach(shell.own_agencies(request), trusted=request.actor.trusted)


@door()
@require_GET
def report(request: OfficerRequest) -> HttpResponse:
    """What is wanting in targets, inspectors and items, and the readiness of the target directory."""
    found = quality.report(reach_of(request))
    people = staff.counts(request.actor, today=clock.today())
    context = {
        "title": _("名录库质量报告"),
        "report": found,
        "lines": quality.lines(found),
        "people": [row for row in people if row[0] in STANDINGS],
        "wanted": staff.wanted(request.actor, today=clock.today()),
        "items": _items(),
        "most": MOST_WITH_BLOCKING,
        "columns": (
            Column(_("问题")),
            Column(_("户数"), numeric=True),
            Column(_("扣分"), numeric=True),
            Column(_("最多扣分"), numeric=True),
        ),
        "people_columns": (Column(_("问题")), Column(_("人数"), numeric=True)),
        "wanted_columns": (
            Column(_("事项要求的资格")),
            Column(_("要求它的事项"), numeric=True),
            Column(_("可抽取人员中具备"), numeric=True),
            Column(_("可抽取人员中不具备"), numeric=True),
        ),
        "item_columns": (Column(_("问题")), Column(_("项数"), numeric=True)),
    }
    return render(request, "desk/quality.html", context)


def _items() -> list[tuple[str, str, int]]:
    """What is wanting in the item list: the query of its page, in words, how many; only what there is."""
    found = [("state=pending", _("待核"), keeping.items(state="pending").count())]
    found += [
        (f"lacking={code}", str(label), keeping.items(lacking=code).count())
        for code, label in keeping.LACKING
    ]
    return [line for line in found if line[2]]


def _task(request: OfficerRequest) -> Any:
    """The task that a list of faults is narrowed to (``?task=``), with its scheme."""
    number = request.GET.get("task", "")
    if not number:
        return None
    held = tasks.task(request.actor, number)
    if tasks.scheme_of(held) is None:
        raise NotFound(_("任务还没有抽查方案"))
    return held


COLUMNS = (
    Column(gettext_lazy("名称")),
    Column(gettext_lazy("抽取编码")),
    Column(gettext_lazy("登记状态")),
    Column(gettext_lazy("住所")),
    Column(gettext_lazy("市场监管所")),
)


@door()
@require_GET
def fault(request: OfficerRequest, code: str) -> HttpResponse:
    """Exactly the targets with one kind of fault, of the whole directory or of one task."""
    held, task = quality.fault(code), _task(request)
    page = pages.page_of(quality.rows(code, reach_of(request), task), request.GET)
    context = {"title": held.label, "fault": held, "task": task, "columns": COLUMNS, "page": page}
    return pages.show(request, "desk/quality_fault.html", "desk/_quality_fault.html", context)


@door()
@require_GET
def export_fault(request: OfficerRequest, code: str, form: str) -> HttpResponse:
    """The rows of one kind of fault, as CSV or Excel."""
    held = quality.fault(code)
    rows = quality.table_rows(quality.rows(code, reach_of(request), _task(request)))
    return downloads.table(
        request, form, name=code, title=str(held.label), columns=quality.columns(), rows=rows
    )
