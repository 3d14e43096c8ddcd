"""The quality report of the directories as pages (一单两库质量报告); each number leads to its rows."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fairdraw.accounts import shell
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import keeping, quality, staff
from fairdraw.kernel import clock
from fairdraw.registers import downloads, listing
from fairdraw.registers.quality import MOST_WITH_BLOCKING
from fairdraw.ui import pages
from fairdraw.ui.parts import Column

STANDINGS = frozenset({"expiring", "expired", "untrained", "absent"})


def _reach(request: OfficerRequest) -> listing.Reach:
    return listing.reach(shell.own_agencies(request), trusted=request.actor.trusted)


@door()
@require_GET
def report(request: OfficerRequest) -> HttpResponse:
    """What is wanting in targets, inspectors and items, and the readiness of the target directory."""
    found = quality.report(_reach(request))
    people = staff.counts(request.actor, today=clock.today())
    context = {
        "title": _("名录库质量报告"),
        "report": found,
        "lines": quality.lines(found),
        "people": [row for row in people if row[0] in STANDINGS],
        "pending": keeping.items(state="pending").count(),
        "most": MOST_WITH_BLOCKING,
        "columns": (
            Column(_("问题")),
            Column(_("户数"), numeric=True),
            Column(_("最多扣分"), numeric=True),
        ),
        "people_columns": (Column(_("问题")), Column(_("人数"), numeric=True)),
    }
    return render(request, "desk/quality.html", context)


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
    """Exactly the targets with one kind of fault."""
    held = quality.fault(code)
    page = pages.page_of(quality.rows(code, _reach(request)), request.GET)
    context = {"title": held.label, "fault": held, "columns": COLUMNS, "page": page}
    return pages.show(request, "desk/quality_fault.html", "desk/_quality_fault.html", context)


@door()
@require_GET
def export_fault(request: OfficerRequest, code: str, form: str) -> HttpResponse:
    """The rows of one kind of fault, as CSV or Excel."""
    held = quality.fault(code)
    rows = quality.table_rows(quality.rows(code, _reach(request)))
    return downloads.table(
        request, form, name=code, title=str(held.label), columns=quality.columns(), rows=rows
    )
