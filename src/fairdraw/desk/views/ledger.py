"""The ledger of the target directory as a page (变更台账): who changed what, when and why; to take away as a table."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fairdraw.accounts import shell
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import ledger, target_forms
from fairdraw.registers import downloads, listing
from fairdraw.ui import pages
from fairdraw.ui.parts import Column

COLUMNS = (
    Column(gettext_lazy("时间")),
    Column(gettext_lazy("检查对象")),
    Column(gettext_lazy("项目")),
    Column(gettext_lazy("原值")),
    Column(gettext_lazy("新值")),
    Column(gettext_lazy("理由或来源")),
    Column(gettext_lazy("办理人")),
)


def _reach(request: OfficerRequest) -> listing.Reach:
    return listing.reach(shell.own_agencies(request), trusted=request.actor.trusted)


@door()
@require_GET
def changes(request: OfficerRequest) -> HttpResponse:
    """The ledger of what one sees of the directory, the newest first."""
    form = target_forms.LedgerFilter(request.GET or None)
    page = pages.page_of(ledger.rows(_reach(request), form.asked), request.GET)
    context = {
        "title": _("变更台账"),
        "filter_form": form,
        "columns": COLUMNS,
        "page": page,
        "lines": ledger.lines(page),
        "query": request.GET.urlencode(),
    }
    return pages.show(request, "desk/ledger.html", "desk/_ledger.html", context)


@door()
@require_GET
def export_changes(request: OfficerRequest, form: str) -> HttpResponse:
    """Exactly what the filter shows, as CSV or Excel (导出台账)."""
    asked = target_forms.LedgerFilter(request.GET or None).asked
    rows = ledger.table_rows(ledger.rows(_reach(request), asked))
    return downloads.table(
        request,
        form,
        name="target-changes",
        title=_("检查对象变更台账"),
        columns=ledger.columns(),
        rows=rows,
    )
