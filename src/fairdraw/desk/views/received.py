"""A list that was drawn elsewhere (外部名单): choose the file, see what it becomes, confirm; rows to send back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.accounts.doors import WORK, OfficerRequest, door
from fairdraw.desk import change_forms, received, tasks
from fairdraw.desk.views.given import uploaded
from fairdraw.draws import receiving
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import InvalidInput, NotFound
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import Column

SHOWN = 50
COLUMNS = (
    Column(gettext_lazy("行号"), numeric=True),
    Column(gettext_lazy("名称")),
    Column(gettext_lazy("代码")),
    Column(gettext_lazy("退回原因")),
)


@door(Duty.PLANNER, Duty.CLERK, Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def receive(request: OfficerRequest, number: str) -> HttpResponse:
    """Take a list that was drawn elsewhere: first what it would become, then for good (接收名单)."""
    task = tasks.task(request.actor, number)
    receiving.can_receive(request.actor, task, task.channel).require()
    word = request.POST.get("kept", "")
    form = change_forms.ReceivedList(
        posted(request), uploaded(request), kept=bool(word), today=clock.today(), auto_id="list_%s"
    )
    context = {"title": _("接收名单"), "task": task}
    if request.method == "GET":
        return render(request, "desk/receive.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/receive.html", form, **context, kept=word)
    given = {name: form.cleaned_data[name] for name in ("drawn_by", "document_number", "drawn_on")}
    try:
        if word and request.POST.get("sure") == "1":
            found = received.enter(task, word, **given, actor=request.actor, now=clock.now())
            words = {"n": len(found.matched), "back": len(found.returned)}
            messages.success(request, _("名单已接收：可检查%(n)s户，退回%(back)s行") % words)
            return redirect("desk:task-draw", number)
        if not word:
            sent = form.cleaned_data["file"]
            word = received.keep(task, data=sent.read(), name=sent.name, now=clock.now())
        found = received.match(task, word)
    except InvalidInput as refused:
        form = change_forms.ReceivedList(
            request.POST, request.FILES, kept=False, today=clock.today(), auto_id="list_%s"
        )
        form.is_valid()
        form.add_error("file", received.in_words(refused))
        return pages.again(request, "desk/receive.html", form, **context)
    context |= {"found": found, "kept": word, "given": given, "columns": COLUMNS, "shown": SHOWN}
    return render(request, "desk/received.html", {**context, "form": form})


@door(*WORK)
@require_GET
def returned(request: OfficerRequest, number: str) -> HttpResponse:
    """The rows of the list that go back to the sender, with their reasons (退回清单, CSV)."""
    task = tasks.task(request.actor, number)
    if received.told(task) is None:
        raise NotFound(_("这项任务没有接收过名单"))
    answer = HttpResponse(received.return_csv(task), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="returned-{task.number}.csv"'
    return answer
