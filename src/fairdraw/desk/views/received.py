"""
A list that was drawn elsewhere (外部名单): choose the file, say its columns, settle rows with several candidates, confirm;
then the rows to send back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.accounts.doors import WORK, OfficerRequest, door
from fairdraw.desk import last_days, received, received_forms, return_papers, tasks
from fairdraw.desk.views.given import uploaded
from fairdraw.draws import list_rows, receiving
from fairdraw.exchange import list_uploads, mapping
from fairdraw.exchange.kinds import LIST
from fairdraw.exchange.tables import Layout
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import InvalidInput, NotFound
from fairdraw.plans import cities
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import Column

MAY = (Duty.PLANNER, Duty.CLERK, Duty.OFFICE)
SHOWN = 50
ASKED = 100  # rows to settle on one page
RETURN_COLUMNS = (
    Column(gettext_lazy("行号"), numeric=True),
    Column(gettext_lazy("名称")),
    Column(gettext_lazy("代码")),
    Column(gettext_lazy("退回原因")),
)
MAP_COLUMNS = (
    Column(gettext_lazy("文件中的列")),
    Column(gettext_lazy("前几行的内容")),
    Column(gettext_lazy("作为")),
)


def _frame(task: Any, reached: int) -> dict[str, Any]:
    """What stands on every page on the way: the task, the steps, the working days left."""
    return {
        "title": _("接收名单"),
        "task": task,
        "steps": received.receive_steps(reached),
        "countdown": last_days.of_task(task, today=clock.today()),
    }


@door(*MAY)
@require_http_methods(["GET", "POST"])
def receive(request: OfficerRequest, number: str) -> HttpResponse:
    """Choose a list that was drawn elsewhere, and say where it comes from (接收名单)."""
    task = tasks.task(request.actor, number)
    receiving.can_receive(request.actor, task, task.channel).require()
    form = received_forms.Given(
        posted(request),
        uploaded(request),
        today=clock.today(),
        auto_id="list_%s",
        initial=received.last_origin(request.actor),
    )
    context = {
        **_frame(task, 0),
        "divisions": cities.divisions(),
        "waiting": list_uploads.waiting(task),
    }
    if request.method == "GET":
        return render(request, "desk/receive.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/receive.html", form, **context)
    sent = form.cleaned_data["file"]
    try:
        row = list_uploads.take(
            task,
            data=sent.read(),
            name=sent.name,
            origin=form.origin,
            actor=request.actor,
            now=clock.now(),
        )
        look = list_uploads.look(row, list_uploads.layout_of(row), headless=False)
    except InvalidInput as refused:
        form.add_error("file", received.in_words(refused))
        return pages.again(request, "desk/receive.html", form, **context)
    return redirect("desk:task-list-columns" if look.missing else "desk:task-list-one", number, row.pk)


@door(*MAY)
@require_http_methods(["GET", "POST"])
def columns(request: OfficerRequest, number: str, pk: int) -> HttpResponse:
    """Where the header stands, if there is one, and what the columns are (核对列)."""
    task = tasks.task(request.actor, number)
    receiving.can_receive(request.actor, task, task.channel).require()
    row = list_uploads.of_task(task, pk)
    layout, headless = _asked(request.POST if request.method == "POST" else request.GET, row)
    try:
        look = list_uploads.look(row, layout, headless=headless)
    except InvalidInput as refused:
        messages.error(request, received.in_words(refused))
        layout, headless = list_uploads.layout_of(row), list_uploads.is_headless(row)
        look = list_uploads.look(row, layout, headless=headless)
    form = received_forms.ListColumns(
        posted(request), look=look, fields=mapping.fields(LIST), headless=headless
    )
    context = {
        **_frame(task, 1),
        "row": row,
        "look": look,
        "layout": layout,
        "headless": headless,
        "columns": MAP_COLUMNS,
        "preview_columns": [Column(_("行号"), numeric=True), *(Column(c.name) for c in look.columns)],
        "where": received_forms.Where(
            initial={"sheet": layout.sheet, "header_row": layout.header_row or look.header_rows[0]},
            sheets=look.sheets,
        ),
    }
    if request.method == "GET":
        return render(request, "desk/receive_columns.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/receive_columns.html", form, **context)
    try:
        list_uploads.arrange(
            row,
            task,
            layout=Layout(layout.sheet, 0 if headless else look.header_rows[0], form.said),
            headless=headless,
            remember=bool(form.cleaned_data.get("remember")),
            actor=request.actor,
            now=clock.now(),
        )
    except InvalidInput as refused:
        form.add_error(None, received.in_words(refused))
        return pages.again(request, "desk/receive_columns.html", form, **context)
    return redirect("desk:task-list-one", number, pk)


def _asked(given: Mapping[str, str], row: Any) -> tuple[Layout, bool]:
    """The layout that is asked for, and whether there is no header; another sheet or header finds the columns anew."""
    held, headless = list_uploads.layout_of(row), list_uploads.is_headless(row)
    if "header_row" not in given:
        return held, headless
    if given.get("headless") == "1":
        sheet = given.get("sheet", "")
        return (held if headless and sheet == held.sheet else Layout(sheet)), True
    number = given["header_row"]
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    asked = Layout(given.get("sheet", ""), at)
    same = not headless and (asked.sheet, asked.header_row) == (held.sheet, held.header_row)
    return (held if same else asked), False


@door(*MAY)
@require_http_methods(["GET", "POST"])
def one(request: OfficerRequest, number: str, pk: int) -> HttpResponse:
    """What the list would become; rows with several candidates are settled here, then it is entered for good (确认接收)."""
    task = tasks.task(request.actor, number)
    receiving.can_receive(request.actor, task, task.channel).require()
    row = list_uploads.of_task(task, pk)
    if request.method == "POST":
        try:
            return _done(request, task, row)
        except InvalidInput as refused:
            messages.error(request, received.in_words(refused))
            return redirect("desk:task-list-one", number, pk)
    try:
        found = list_uploads.matched(row)
    except InvalidInput as refused:
        messages.error(request, received.in_words(refused))
        return redirect("desk:task-list-columns", number, pk)
    origin = list_uploads.origin_of(row)
    counts = list_rows.tally(found.matched, found.returned)
    asked = received.asked(found.questions)
    context = {
        **_frame(task, 2 if found.open else 3),
        "row": row,
        "found": found,
        "origin": origin,
        "proposal": received.proposal(origin.division, task),
        "asked": asked[:ASKED],
        "more_asked": max(0, len(asked) - ASKED),
        "single": sum(one.living is not None for one in found.open),
        "ways": list_rows.ways(counts),
        "backs": list_rows.backs(counts),
        "columns": RETURN_COLUMNS,
        "shown": SHOWN,
    }
    return render(request, "desk/received.html", context)


def _done(request: OfficerRequest, task: Any, row: Any) -> HttpResponse:
    actor, step = request.actor, request.POST.get("step", "")
    if step == "settle":
        found = list_uploads.settle(row, task, choices=received.choices_in(request.POST.dict()), actor=actor)
    elif step == "living":
        found = list_uploads.settle_living(row, task, actor=actor)
    elif step == "withdraw":
        list_uploads.withdraw(row, task, actor=actor)
        messages.success(request, _("已撤下“%(name)s”，没有存入任何内容") % {"name": row.name})
        return redirect("desk:task-list", task.number)
    elif step == "confirm":
        found = list_uploads.confirm(row, task, actor=actor, now=clock.now())
        words = {"n": len(found.matched), "back": len(found.returned)}
        messages.success(
            request,
            _("名单已接收：可检查%(n)s户，退回%(back)s行；请随机抽取检查人员") % words,
        )
        return redirect("desk:task-draw", task.number)
    else:
        raise NotFound(_("没有这一步"))
    left = len(found.open)
    messages.success(
        request, _("已认定，还有%(n)s行待认定") % {"n": left} if left else _("全部认定，请核对后确认接收")
    )
    return redirect("desk:task-list-one", task.number, row.pk)


def _told(request: OfficerRequest, number: str) -> received.Told:
    told = received.told(tasks.task(request.actor, number))
    if told is None:
        raise NotFound(_("这项任务没有接收过名单"))
    return told


@door(*WORK)
@require_GET
def returned(request: OfficerRequest, number: str) -> HttpResponse:
    """The rows of the list that go back to the sender, with counts and reasons (退回清单)."""
    told = _told(request, number)
    context = {
        "title": _("退回清单"),
        "task": told.held.task,
        "received": told,
        "columns": RETURN_COLUMNS,
        "page": pages.page_of(told.back.returned, request.GET),
    }
    return render(request, "desk/returned.html", context)


@door(*WORK)
@require_GET
def returned_file(request: OfficerRequest, number: str, form: str) -> HttpResponse:
    """The same as Word, Excel or CSV, to be sent (退回清单下载)."""
    told = _told(request, number)
    data = return_papers.paper(told.back, form)
    answer = HttpResponse(data, content_type=return_papers.MEDIA_TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="returned-{number}.{form}"'
    return answer
