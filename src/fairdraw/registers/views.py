"""The target directory as pages (检查对象名录库): filter bar, table of 150,000 rows, export of what is shown."""

from __future__ import annotations

import datetime as dt

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fairdraw.accounts import shell
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.jobs import services as jobs
from fairdraw.kernel import clock
from fairdraw.registers import downloads, export, listing
from fairdraw.registers.forms import TargetSearch
from fairdraw.registers.selectors import TargetFilter
from fairdraw.rulebook import selectors as rulebook
from fairdraw.ui import pages
from fairdraw.ui.parts import ROW_NUMBER, Column

COLUMNS = (
    ROW_NUMBER,
    Column(gettext_lazy("名称"), sort="name"),
    Column(gettext_lazy("代码"), sort="draw_code"),
    Column(gettext_lazy("类别")),
    Column(gettext_lazy("登记状态")),
    Column(gettext_lazy("市场监管所")),
    Column(gettext_lazy("乡镇")),
    Column(gettext_lazy("信用风险")),
    Column(gettext_lazy("成立日期"), sort="registered_on"),
)
SIZE = 20


def _reach(request: OfficerRequest) -> listing.Reach:
    return listing.reach(shell.own_agencies(request), trusted=request.actor.trusted)


def _search(request: OfficerRequest, at: listing.Head) -> TargetSearch:
    return TargetSearch(request.GET or None, **export.choices(at))


def _asked(request: OfficerRequest, form: TargetSearch) -> TargetFilter:
    order = pages.ordering(COLUMNS, request.GET, "draw_code")[0]
    return form.asked(order, stale_before=_stale_before(), on=clock.today())


def _stale_before() -> dt.date:
    """Classes of an earlier day are too old to draw by (rules.md O2)."""
    today = clock.today()
    return today - dt.timedelta(int(rulebook.number("class_max_age_days", today)))


@door()
@require_GET
def targets(request: OfficerRequest) -> HttpResponse:
    """The directory, filtered and paged on the server (检查对象列表)."""
    at = listing.head()
    form = _search(request, at)
    size = request.GET.get("size", "")
    per_page = int(size) if size.isdigit() and int(size) in pages.SIZES else SIZE
    asked = _asked(request, form)
    page = listing.Pages(_reach(request), asked, per_page, at=at).get_page(request.GET.get("page"))
    context = {
        "title": _("检查对象"),
        "filter_form": form,
        "columns": COLUMNS,
        "page": page,
        "rows": export.lines(
            page, address=reverse("desk:target", args=["CODE"]), stale_before=_stale_before()
        ),
        "large": page.paginator.count > export.AT_ONCE,
        "query": request.GET.urlencode(),
        "asked": [(name, value) for name, value in request.GET.items() if name != "page"],
    }
    return pages.show(request, "registers/targets.html", "registers/_targets.html", context)


@door()
@require_GET
def export_targets(request: OfficerRequest, form: str) -> HttpResponse:
    """Exactly what the filter shows, as CSV or Excel (导出)."""
    asked = _asked(request, _search(request, listing.head()))
    rows = export.table_rows(_reach(request), asked)
    return downloads.table(
        request, form, name="targets", title=_("检查对象名录"), columns=export.columns(), rows=rows
    )


@door()
@require_POST
def export_job(request: OfficerRequest) -> HttpResponse:
    """A large Excel file is written in the background, with its progress shown (后台导出)."""
    search = TargetSearch(request.POST, **export.choices(listing.head()))
    asked = search.asked(
        request.POST.get("sort", "draw_code"), stale_before=_stale_before(), on=clock.today()
    )
    within = _reach(request)
    job = jobs.put(
        export.JOB,
        actor=request.actor,
        now=clock.now(),
        lock_key=f"export:{request.actor.code}",
        asked=dict(export.packed(asked)),
        everything=within.everything,
        stations=list(within.stations),
    )
    return redirect("desk:job", job.pk)
