"""Items of the list change, end and are found again under the words of a plan (抽查事项变更、停用、写法对照)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import item_forms, items, keeping, keeping_forms
from fairdraw.desk.views.given import uploaded
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import NotFound
from fairdraw.plans import selectors as plans
from fairdraw.registers import aliases, downloads, permissions
from fairdraw.registers import items as verbs
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import Column

EDITION_COLUMNS = (
    Column(gettext_lazy("版次")),
    Column(gettext_lazy("文号")),
    Column(gettext_lazy("公布日期")),
    Column(gettext_lazy("事项数"), numeric=True),
)
WORDING_COLUMNS = (
    Column(gettext_lazy("计划表的写法")),
    Column(gettext_lazy("所在行")),
    Column(gettext_lazy("可能的抽查事项")),
)
REMEMBERED_COLUMNS = (
    Column(gettext_lazy("写法")),
    Column(gettext_lazy("抽查事项")),
    Column(gettext_lazy("确认")),
    Column(gettext_lazy("操作")),
)


@door()
@require_GET
def export(request: OfficerRequest, form: str) -> HttpResponse:
    """Exactly the items that the filter shows, as CSV or Excel (导出)."""
    search = keeping_forms.ItemFilter(request.GET)
    asked = search.cleaned_data if search.is_valid() else {}
    rows = items.table_rows(keeping.items(**asked))
    return downloads.table(
        request, form, name="items", title=_("抽查事项清单"), columns=items.columns(), rows=rows
    )


def _words() -> dict[str, Any]:
    """What the forms of an item are labelled and offer."""
    return {"labels": items.labels(), "outcomes": items.outcomes(), "today": clock.today()}


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def add(request: OfficerRequest) -> HttpResponse:
    """Enter one item by hand (新增抽查事项); it waits to be confirmed."""
    permissions.can_confirm_items(request.actor).require()
    form = item_forms.AddItem(
        posted(request), uploaded(request), version=items.blank(clock.today()), **_words()
    )
    context = {"title": _("新增抽查事项")}
    if request.method == "GET":
        return render(request, "desk/item_add.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/item_add.html", form, **context)
    try:
        version = verbs.add_item(
            entry=form.entry(guide_file=items.kept_guide(form.cleaned_data["guide_document"])),
            starts_on=form.cleaned_data["starts_on"],
            actor=request.actor,
            now=clock.now(),
        )
    except verbs.ItemRefused as refused:
        form.add_error(None, str(refused))
        return pages.again(request, "desk/item_add.html", form, **context)
    messages.success(request, _("已新增“%(name)s”，确认后即可列入计划") % {"name": version.name})
    return redirect("desk:item", version.item.code)


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def withdraw(request: OfficerRequest, code: str) -> HttpResponse:
    """Take an item off the public list (撤下公布)."""
    version = keeping.item(code)
    permissions.can_confirm_items(request.actor).require()
    form = item_forms.WithdrawItem(posted(request))
    context = {"title": _("撤下公布"), "version": version}
    if request.method == "GET":
        return render(request, "desk/item_withdraw.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/item_withdraw.html", form, **context)
    try:
        verbs.withdraw_item(code=code, **form.cleaned_data, actor=request.actor, now=clock.now())
    except verbs.ItemRefused as refused:
        form.add_error(None, str(refused))
        return pages.again(request, "desk/item_withdraw.html", form, **context)
    messages.success(request, _("“%(name)s”已撤下，不再列入计划") % {"name": version.name})
    return redirect("desk:item", code)


@door(Duty.OFFICE)
@require_POST
def publish(request: OfficerRequest, code: str) -> HttpResponse:
    """Put an item back on the public list (公布抽查事项)."""
    version = verbs.publish_item(code=code, actor=request.actor, now=clock.now())
    messages.success(request, _("已公布“%(name)s”") % {"name": version.name})
    return redirect("desk:item", code)


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def edit(request: OfficerRequest, code: str) -> HttpResponse:
    """Change what an item says from a day on (变更抽查事项)."""
    version = keeping.item(code)
    permissions.can_confirm_items(request.actor).require()
    form = item_forms.EditItem(posted(request), uploaded(request), version=version, **_words())
    context = {"title": _("变更抽查事项"), "version": version}
    if request.method == "GET":
        return render(request, "desk/item_edit.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/item_edit.html", form, **context)
    try:
        changed = verbs.change_item(
            entry=form.entry(guide_file=items.kept_guide(form.cleaned_data["guide_document"])),
            starts_on=form.cleaned_data["starts_on"],
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            now=clock.now(),
        )
    except verbs.ItemRefused as refused:
        form.add_error(None, str(refused))
        return pages.again(request, "desk/item_edit.html", form, **context)
    messages.success(request, _("已存为第 %(n)s 版") % {"n": changed.version})
    return redirect("desk:item", code)


@door()
@require_GET
def guide(request: OfficerRequest, code: str, number: int) -> HttpResponse:
    """The guide that a version of an item carries, to take along (检查指引文件)."""
    data, name = items.guide(code, number)
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def end(request: OfficerRequest, code: str) -> HttpResponse:
    """End an item from a day on (停用抽查事项)."""
    version = keeping.item(code)
    permissions.can_confirm_items(request.actor).require()
    form = item_forms.EndItem(posted(request), initial={"ends_on": clock.today()})
    context = {"title": _("停用抽查事项"), "version": version}
    if request.method == "GET":
        return render(request, "desk/item_end.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/item_end.html", form, **context)
    try:
        verbs.end_item(code=code, **form.cleaned_data, actor=request.actor, now=clock.now())
    except verbs.ItemRefused as refused:
        form.add_error(None, str(refused))
        return pages.again(request, "desk/item_end.html", form, **context)
    messages.success(request, _("“%(name)s”将自该日起停用") % {"name": version.name})
    return redirect("desk:items")


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def issue(request: OfficerRequest) -> HttpResponse:
    """Issue the list with a document (公布清单): an edition keeps which versions it held."""
    permissions.can_confirm_items(request.actor).require()
    form = item_forms.IssueList(posted(request), initial={"issued_on": clock.today()})
    context = {"title": _("公布抽查事项清单"), "editions": items.editions(), "columns": EDITION_COLUMNS}
    if request.method == "GET":
        return render(request, "desk/items_issue.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/items_issue.html", form, **context)
    try:
        edition = verbs.issue_list(**form.cleaned_data, actor=request.actor, now=clock.now())
    except verbs.ItemRefused as refused:
        form.add_error(None, str(refused))
        return pages.again(request, "desk/items_issue.html", form, **context)
    messages.success(request, _("已公布第 %(n)s 版清单") % {"n": edition.number})
    return redirect("desk:items-issue")


@door()
@require_http_methods(["GET", "POST"])
def wordings(request: OfficerRequest, year: int) -> HttpResponse:
    """The wordings of the year's plan that no item bears, with offers; confirmed they are remembered (写法对照)."""
    plan = plans.annual_plan(accounts.root(), year)
    if plan is None:
        raise NotFound(_("没有%(year)s年的计划") % {"year": year})
    found = items.unmatched(plan, on=clock.today())
    if request.method == "POST":
        return _remember(request, year, found)
    verdict = permissions.can_keep_registers(request.actor)
    context = {
        "title": _("计划写法对照"),
        "year": year,
        "columns": WORDING_COLUMNS,
        "found": list(enumerate(found)),
        "sure": sum(1 for one in found if one.sure),
        "verdict": verdict,
        "remembered": items.remembered(),
        "remembered_columns": REMEMBERED_COLUMNS if verdict else REMEMBERED_COLUMNS[:-1],
    }
    return render(request, "desk/wordings.html", context)


def _remember(request: OfficerRequest, year: int, found: list[items.Unmatched]) -> HttpResponse:
    permissions.can_keep_registers(request.actor).require()
    if request.POST.get("step") == "sure":
        meant = {one.wording: one.sure.code for one in found if one.sure}
    else:
        given = {one.wording: request.POST.get(f"item-{n}", "") for n, one in enumerate(found)}
        meant = {wording: code for wording, code in given.items() if code}
    count = aliases.remember(meant, actor=request.actor, now=clock.now()) if meant else 0
    if count:
        messages.success(request, _("已记住 %(n)s 条写法，以后的计划也按此对应") % {"n": count})
    else:
        messages.error(request, _("没有选择对应的抽查事项"))
    is_done = len(meant) == len(found) and request.actor.holds_anywhere(Duty.OFFICE, Duty.PLANNER)
    return redirect("desk:planning" if is_done else "desk:wordings", year)


@door()
@require_POST
def forget(request: OfficerRequest, year: int) -> HttpResponse:
    """Take back what a wording was said to mean (取消对应)."""
    aliases.forget(wording=request.POST.get("wording", ""), actor=request.actor, now=clock.now())
    messages.success(request, _("已取消对应"))
    return redirect("desk:wordings", year)
