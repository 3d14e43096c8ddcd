"""
Inspections (检查实施): lists, one inspection with its record, review, exclusion; batches with a confirmation.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import WORK, OfficerRequest, door
from fairdraw.desk import bulk, changes, forms, people, publishing, record, services, tasks
from fairdraw.desk.views import publishing as publishing_doors
from fairdraw.inspections import permissions
from fairdraw.inspections import selectors as inspections
from fairdraw.inspections import services as verbs
from fairdraw.inspections.entries import RecordEntry
from fairdraw.inspections.states import INSPECTION_LABELS, InspectionMove, InspectionState
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import InvalidInput, NotFound, NotPermitted, RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.publication import selectors as publications
from fairdraw.publication import services as publication
from fairdraw.rulebook import selectors as rulebook
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import OPERATIONS, ROW_NUMBER, Column, Tab

COLUMNS = (
    Column(gettext_lazy("选择"), kind="tickcell"),
    Column(gettext_lazy("检查对象"), sort="name", fields=("target__name", "number")),
    Column(gettext_lazy("编号"), sort="number"),
    Column(gettext_lazy("状态"), sort="state", fields=("state", "number")),
    Column(gettext_lazy("结果")),
    Column(gettext_lazy("检查日期"), sort="day", fields=("checked_on", "number")),
    Column(gettext_lazy("办结期限"), sort="due", fields=("due_on", "number")),
    OPERATIONS,
)
FILTERS = (
    ("waiting", gettext_lazy("待检查录入")),
    ("unpublished", gettext_lazy("已检查未公示")),
    ("overdue", gettext_lazy("逾期未公示")),
    *((state.value, INSPECTION_LABELS[state]) for state in InspectionState),
)
PRINTERS = (Duty.PLANNER, Duty.CLERK, Duty.INSPECTOR, Duty.LEADER, Duty.OFFICE)
PUBLISHING = ("reviewed", "submitted", "published")


def listed(request: OfficerRequest, *, task: Any = None) -> dict[str, Any]:
    """Context of a list of inspections: filter bar, table, what can be done to many."""
    form = forms.InspectionFilter(request.GET or None, states=[(c, _(str(label))) for c, label in FILTERS])
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    today = clock.today()
    rows = tasks.inspection_rows(
        request.actor, task=task, state=asked.get("state", ""), text=asked.get("text", ""), today=today
    )
    page = pages.page_of(rows.order_by(*pages.ordering(COLUMNS, request.GET, "number")), request.GET, size=20)
    return {
        "filter_form": form,
        "columns": COLUMNS,
        "page": page,
        "rows": record.list_lines(request.actor, list(page), today=today),
        "bulk": bulk_actions(request.actor, task=task),
        "back": request.get_full_path(),
        "show_task": task is None,
    }


def bulk_actions(actor: Actor, *, task: Any, states: tuple[str, ...] = ()) -> list[bulk.Waiting]:
    """What this person can do to many inspections at once, with how many wait."""
    return bulk.waiting(actor, task=task, states=states)


def may_notify(actor: Actor, task: Any) -> Verdict:
    """Whether *actor* may number the notices of *task*: its agency, once inspections are open."""
    duties = permissions.DUTIES[InspectionMove.NOTIFY]
    if not actor.holds(*duties, within=task.agency.path):
        return Verdict(NotPermitted(_("只有承办单位可以制发通知书")))
    if task.unannounced:
        return Verdict(RuleBroken(_("本任务不预先通知，不制发通知书")))
    if not inspections.open_visits(task).filter(notified_at__isnull=True).exists():
        return Verdict(RuleBroken(_("没有待制发的通知书")))
    return ALLOWED


def may_print(actor: Actor, task: Any) -> Verdict:
    """Whether *actor* may print the papers of *task*: those who plan it and carry it out."""
    if actor.holds(*PRINTERS, within=task.agency.path):
        return ALLOWED
    return Verdict(NotPermitted(_("只有承办单位可以打印检查文书")))


@door(*WORK)
@require_GET
def inspection_list(request: OfficerRequest) -> HttpResponse:
    """The inspections of one's scope (检查列表)."""
    context = {"title": _("检查列表"), **listed(request)}
    return pages.show(request, "desk/inspections.html", "desk/_inspections.html", context)


@door(*WORK)
@require_GET
def publication_list(request: OfficerRequest) -> HttpResponse:
    """What waits to be published, and what waits for its receipt (结果公示; N04)."""
    asked = request.GET.get("state", "")
    state = asked if asked in PUBLISHING else PUBLISHING[0]
    tabs = [Tab(_(INSPECTION_LABELS[InspectionState(s)]), f"?state={s}", s == state) for s in PUBLISHING]
    if state == InspectionState.PUBLISHED:
        return _published_list(request, tabs)
    rows = tasks.inspection_rows(request.actor, state=state, today=clock.today())
    page = pages.page_of(rows.order_by(*pages.ordering(COLUMNS, request.GET, "number")), request.GET, size=20)
    context = {
        "title": _("结果公示"),
        "tabs": tabs,
        "columns": COLUMNS,
        "page": page,
        "rows": record.list_lines(request.actor, list(page), today=clock.today()),
        "bulk": bulk_actions(request.actor, task=None, states=(state,)),
        "back": request.get_full_path(),
        "show_task": True,
    }
    return pages.show(request, "desk/publication.html", "desk/_inspections.html", context)


def _published_list(request: OfficerRequest, tabs: list[Tab]) -> HttpResponse:
    """What was published, with what may be taken off (已公示)."""
    page = pages.page_of(publications.acknowledged(request.actor), request.GET, size=20)
    context = {
        "title": _("结果公示"),
        "tabs": tabs,
        "columns": publishing_doors.PUBLISHED_COLUMNS,
        "page": page,
        "published": publishing.lines(request.actor, page),
        "show_task": True,
    }
    return pages.show(request, "desk/publication.html", "desk/_published.html", context)


@door(*WORK)
@require_GET
def inspection(request: OfficerRequest, number: str) -> HttpResponse:
    """One inspection: what was sealed, who goes, what was found, what can be done now."""
    row = inspections.inspection(request.actor, number)
    moves = {
        move.value: permissions.can_move(request.actor, row, move)
        for move in (
            InspectionMove.RECORD,
            InspectionMove.REVIEW,
            InspectionMove.RETURN,
            InspectionMove.SUBMIT,
            InspectionMove.PUBLISH,
            InspectionMove.EXCLUDE,
            InspectionMove.REOPEN,
        )
    }
    context = {
        "title": row.target.name,
        "row": row,
        "state": record.state_of(row)[0],
        "tone": record.state_of(row)[1],
        "facts": record.facts(row),
        "result": record.result(row, on=clock.today()),
        "team": record.team(row),
        "answers": record.answers(row),
        "events": record.events(row),
        "findings": list(row.findings.select_related("follow_up").order_by("pk")),
        "verdicts": moves,
        "publications": publishing.shown(request.actor, row),
        "succession": changes.succession(row),
        "may_change": changes.may_change(request.actor, row),
        "reachable": people.reachable(request.actor, row),
    }
    return render(request, "desk/inspection.html", context)


@door(Duty.INSPECTOR, Duty.CLERK)
@require_http_methods(["GET", "POST"])
def enter(request: OfficerRequest, number: str) -> HttpResponse:
    """Enter the record of one inspection (录入检查结果), then the next one that waits."""
    row = inspections.inspection(request.actor, number)
    permissions.can_move(request.actor, row, InspectionMove.RECORD).require()
    today = clock.today()
    items = record.items(row)
    form = forms.Record(
        posted(request),
        today=today,
        initial=record.initial(row, today=today),
        **record.choices(row, on=today),
    )
    parts = [(item, forms.ItemRecord(posted(request), prefix=f"item{item.item_id}")) for item in items]
    context = {
        "title": _("录入检查结果"),
        "row": row,
        "parts": parts,
        "inside": accounts.is_of_the_bureau(request.actor),
        "team": record.team(row),
        "rules": record.hints(today),
    }
    if request.method == "POST" and form.is_valid() and all(part.is_valid() for _i, part in parts):
        try:
            verbs.record([_entry(row.pk, form, parts)], actor=request.actor, now=clock.now())
        except InvalidInput as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("已录入 %(name)s 的检查结果") % {"name": row.target.name})
            return _next(request, row)
    if request.method == "POST":
        return pages.again(request, "desk/record.html", form, **context)
    return render(request, "desk/record.html", {**context, "form": form})


def _entry(pk: int, form: forms.Record, parts: list[tuple[Any, forms.ItemRecord]]) -> RecordEntry:
    return RecordEntry(
        inspection_id=pk,
        checked_on=form.cleaned_data["checked_on"],
        codes=tuple(form.cleaned_data["codes"]),
        measure=form.cleaned_data["measure"],
        answers=record.item_answers([(item, part.cleaned_data) for item, part in parts]),
        method=form.cleaned_data["method"],
        note=form.cleaned_data["note"],
    )


def _next(request: OfficerRequest, row: Any) -> HttpResponseRedirect:
    """The next inspection of the same task that waits for its record, or the task's list."""
    following = bulk.eligible(request.actor, bulk.ACTIONS["clean"], task=row.task).filter(
        number__gt=row.number
    )
    first = following.first()
    if first is not None and request.POST.get("next") == "1":
        return HttpResponseRedirect(reverse("desk:inspection-record", args=[first.number]))
    return HttpResponseRedirect(reverse("desk:inspection", args=[row.number]))


@door(Duty.PLANNER, Duty.LEADER)
@require_http_methods(["GET", "POST"])
def exclude(request: OfficerRequest, number: str) -> HttpResponse:
    """Take a target out before its visit, for a coded reason that stays visible (不再检查)."""
    row = inspections.inspection(request.actor, number)
    permissions.can_move(request.actor, row, InspectionMove.EXCLUDE).require()
    known = rulebook.exclusions(clock.today())
    form = forms.Exclude(posted(request), codes=[(c.code, c.label) for c in known.values()])
    context = {"title": _("不再检查"), "row": row}
    if request.method == "GET":
        return render(request, "desk/exclude.html", {**context, "form": form})
    if form.is_valid() and known[form.cleaned_data["code"]].needs_note and not form.cleaned_data["reason"]:
        form.add_error("reason", _("选择这项原因时请写明情况"))
    if not form.is_valid():
        return pages.again(request, "desk/exclude.html", form, **context)
    verbs.exclude(
        inspection_id=row.pk,
        code=form.cleaned_data["code"],
        reason=form.cleaned_data["reason"],
        actor=request.actor,
        now=clock.now(),
    )
    messages.success(request, _("已列为不再检查，原因保留在任务中"))
    return redirect("desk:inspection", number)


@door(Duty.INSPECTOR, Duty.CLERK, Duty.REVIEWER, Duty.LEADER)
@require_POST
def many(request: OfficerRequest) -> HttpResponse:
    """Do something to many inspections: first a page that names the number, then the deed (批量办理)."""
    action = bulk.ACTIONS.get(request.POST.get("do", ""))
    if action is None:
        raise NotFound(_("没有这项批量操作"))
    if not request.actor.holds_anywhere(*permissions.DUTIES[action.move]):
        raise NotPermitted(_("您的职责不包括这项操作"))
    rows = _ticked(request, action)
    back = _back(request)
    if not rows:
        messages.warning(request, _("没有选择检查记录"))
        return HttpResponseRedirect(back)
    split = bulk.split(request.actor, action, rows)
    sure = request.POST.get("sure") == "1"
    form = _batch_form(request, action, bound=sure)
    context = {
        "title": _(action.title),
        "action": action,
        "split": split,
        "ids": ",".join(str(row.pk) for row in split.ready),
        "back": back,
        "label": _(action.label),
    }
    if not sure or not split.ready:
        return render(request, "desk/confirm.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/confirm.html", form, **context)
    count = _do(request, action, [row.pk for row in split.ready], form.cleaned_data)
    messages.success(request, _("%(what)s：%(n)s户") % {"what": _(action.title), "n": count})
    return HttpResponseRedirect(back)


def _ticked(request: OfficerRequest, action: bulk.Action) -> list[Any]:
    if request.POST.get("all") == "1":
        number = request.POST.get("task", "")
        task = tasks.task(request.actor, number) if number else None
        return list(bulk.eligible(request.actor, action, task=task))
    words = request.POST.getlist("id") + request.POST.get("ids", "").split(",")
    ids = sorted({int(w) for w in words if w.isascii() and w.isdigit()})
    rows = bulk.rows_of(request.actor, ids)
    if len(rows) != len(ids):
        raise NotFound(_("其中有检查记录不存在，或不在您的职责范围内"))
    return rows


def _back(request: OfficerRequest) -> str:
    asked = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe else reverse("desk:inspections")


def _batch_form(request: OfficerRequest, action: bulk.Action, *, bound: bool) -> Any:
    given = request.POST if bound else None
    if action.code == "clean":
        return forms.CleanRecords(
            given, methods=record.methods(), initial={"checked_on": clock.today()}, auto_id="batch_%s"
        )
    if action.code == "review":
        return forms.Opinion(given, initial={"opinion": _("同意")}, auto_id="batch_%s")
    if action.code == "return":
        return forms.ReturnOpinion(given, auto_id="batch_%s")
    return forms.Receipt(given, auto_id="batch_%s") if action.code == "acknowledge" else forms.Nothing(given)


def _do(request: OfficerRequest, action: bulk.Action, ids: list[int], given: dict[str, Any]) -> int:
    actor, now = request.actor, clock.now()
    if action.code == "clean":
        entries = record.clean_entries(ids, checked_on=given["checked_on"], method=given["method"])
        return len(verbs.record(entries, actor=actor, now=now))
    if action.code in {"review", "return"}:
        passed = action.code == "review"
        return len(services.review(ids, passed=passed, opinion=given["opinion"], actor=actor, now=now))
    if action.code == "submit":
        return len(publication.submit(ids, channel=services.CHANNEL, actor=actor, now=now))
    rows = publication.acknowledge(
        ids, receipt=given["receipt"], channel=services.CHANNEL, actor=actor, now=now
    )
    return len(rows)


FOLLOWUP_COLUMNS = (
    ROW_NUMBER,
    Column(gettext_lazy("检查对象")),
    Column(gettext_lazy("发现问题")),
    Column(gettext_lazy("责任单位")),
    Column(gettext_lazy("状态")),
    Column(gettext_lazy("处置措施")),
    Column(gettext_lazy("期限")),
    OPERATIONS,
)


def followup_list(request: OfficerRequest, rows: Any) -> dict[str, Any]:
    """Context of a list of follow-ups."""
    page = pages.page_of(rows, request.GET, size=20)
    return {
        "columns": FOLLOWUP_COLUMNS,
        "page": page,
        "rows": record.followup_lines(request.actor, list(page), on=clock.today()),
        "empty": _("没有发现问题"),
    }
