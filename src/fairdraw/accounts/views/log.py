"""The log for auditors (系统管理：操作日志): read here, verified by ``fairdraw log verify`` and on the public page."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fairdraw.accounts import logbook
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.accounts.forms import LogSearch
from fairdraw.kernel.actor import Duty
from fairdraw.ui import pages
from fairdraw.ui.parts import Column

COLUMNS = (
    Column(gettext_lazy("条目"), numeric=True),
    Column(gettext_lazy("时间")),
    Column(gettext_lazy("经办")),
    Column(gettext_lazy("事项")),
    Column(gettext_lazy("事项代码")),
)


@door(Duty.AUDITOR, Duty.AUDIT_ADMIN)
@require_GET
def log(request: OfficerRequest) -> HttpResponse:
    """Every entry, the latest first (操作日志)."""
    form = LogSearch(request.GET or None)
    page = pages.page_of(logbook.entries(request.actor, form.asked()), request.GET, size=50)
    size, root = logbook.state()
    context = {
        "title": _("操作日志"),
        "filter_form": form,
        "columns": COLUMNS,
        "page": page,
        "lines": logbook.lines(page),
        "size": size,
        "root": root,
    }
    return pages.show(request, "accounts/log.html", "accounts/_log.html", context)
