"""What targets bear (入企检查): visits of the year, special campaigns, days without visits."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.burden import permissions, selectors, services
from fairdraw.desk import burden, burden_forms
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import NotFound
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import OPERATIONS, Column

READERS = (Duty.OFFICE, Duty.PLANNER, Duty.LEADER, Duty.CLERK, Duty.AUDITOR)
COLUMNS = (
    Column(gettext_lazy("检查对象")),
    Column(gettext_lazy("统一社会信用代码")),
    Column(gettext_lazy("本年入企（含待检查）"), numeric=True),
)
CAMPAIGN_COLUMNS = (
    Column(gettext_lazy("专项检查")),
    Column(gettext_lazy("批准文件")),
    Column(gettext_lazy("时间")),
    Column(gettext_lazy("抽查事项")),
    Column(gettext_lazy("与计划重复的任务")),
    OPERATIONS,
)
BLACKOUT_COLUMNS = (
    Column(gettext_lazy("停检期")),
    Column(gettext_lazy("时间")),
    Column(gettext_lazy("适用")),
    Column(gettext_lazy("依据或原因")),
    OPERATIONS,
)


@door(*READERS)
@require_GET
def overview(request: OfficerRequest) -> HttpResponse:
    """Targets by visits of the year, campaigns with what they repeat, days without visits."""
    if not accounts.is_of_the_bureau(request.actor):
        raise NotFound(_("没有这个页面，或不在您的职责范围内"))
    year = clock.today().year
    context = {
        "title": _("入企检查与停检期"),
        "year": year,
        "cap": burden.cap(year),
        "columns": COLUMNS,
        "campaign_columns": CAMPAIGN_COLUMNS,
        "blackout_columns": BLACKOUT_COLUMNS,
        "page": pages.page_of(burden.most_visited(request.actor, year), request.GET, size=20),
        "campaigns": burden.campaigns(year),
        "blackouts": [(row, burden.place_of(row)) for row in selectors.blackouts(year)],
        "may_campaign": permissions.can_keep_campaigns(request.actor),
        "may_close": permissions.can_keep_blackouts(request.actor),
    }
    return render(request, "desk/burden.html", context)


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def campaign(request: OfficerRequest) -> HttpResponse:
    """Register a special campaign with the document that approved it (登记专项检查)."""
    permissions.can_keep_campaigns(request.actor).require()
    form = burden_forms.RegisterCampaign(posted(request), items=burden.item_choices())
    context = {"title": _("登记专项检查")}
    if request.method == "GET":
        return render(request, "desk/campaign.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/campaign.html", form, **context)
    made = services.register_campaign(form.entry(), actor=request.actor, now=clock.now())
    messages.success(request, _("已登记“%(name)s”") % {"name": made.name})
    return redirect("desk:burden")


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def withdraw(request: OfficerRequest, pk: int) -> HttpResponse:
    """Take a campaign off with its reason; it stays in the list (撤销专项检查)."""
    permissions.can_keep_campaigns(request.actor).require()
    form = burden_forms.Withdraw(posted(request))
    context = {"title": _("撤销专项检查")}
    if request.method == "GET":
        return render(request, "desk/campaign.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/campaign.html", form, **context)
    services.withdraw_campaign(
        campaign_id=pk, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now()
    )
    messages.success(request, _("专项检查已撤销"))
    return redirect("desk:burden")


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def blackout(request: OfficerRequest) -> HttpResponse:
    """Enter days without visits for an industry or place (登记停检期)."""
    permissions.can_keep_blackouts(request.actor).require()
    form = burden_forms.EnterBlackout(posted(request), stations=burden.station_choices())
    context = {"title": _("登记停检期")}
    if request.method == "GET":
        return render(request, "desk/campaign.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/campaign.html", form, **context)
    services.enter_blackout(form.entry(), actor=request.actor, now=clock.now())
    messages.success(request, _("停检期已登记，安排检查时避开"))
    return redirect("desk:burden")


@door(Duty.OFFICE)
@require_POST
def reopen(request: OfficerRequest, pk: int) -> HttpResponse:
    """Take days without visits back (撤销停检期)."""
    services.withdraw_blackout(blackout_id=pk, actor=request.actor, now=clock.now())
    messages.success(request, _("停检期已撤销"))
    return redirect("desk:burden")
