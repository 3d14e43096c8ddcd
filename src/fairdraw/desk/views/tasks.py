"""The task page (任务页): scheme, draw, team, inspections, publication, follow-up of one task."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.doors import WORK, OfficerRequest, door
from fairdraw.desk import (
    changes,
    division,
    draw_page,
    forms,
    last_days,
    merging,
    publishing,
    readiness,
    received,
    schemes,
    services,
    stale,
    tasks,
    todo,
    whatif,
)
from fairdraw.desk.jobs import TASK_BATCH
from fairdraw.desk.views import inspections as inspection_doors
from fairdraw.desk.views import publishing as publishing_doors
from fairdraw.desk.views.given import uploaded
from fairdraw.desk.views.quality import reach_of
from fairdraw.draws import permissions as draw_permissions
from fairdraw.draws import receiving
from fairdraw.draws import rules as draw_rules
from fairdraw.draws.states import DRAW_LABELS, DrawState
from fairdraw.exchange import list_uploads
from fairdraw.files import selectors as files
from fairdraw.followup import selectors as followups
from fairdraw.inspections import helping, papers
from fairdraw.inspections import selectors as inspections
from fairdraw.inspections import services as inspection_services
from fairdraw.jobs import services as jobs
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import NotFound
from fairdraw.plans import deadlines, scheme_permissions
from fairdraw.plans import permissions as plan_permissions
from fairdraw.plans import schemes as verbs
from fairdraw.plans import selectors as plans
from fairdraw.plans import services as plan_services
from fairdraw.plans.states import (
    CHANNEL_LABELS,
    KIND_LABELS,
    TASK_LABELS,
    Channel,
    TaskKind,
    TaskMove,
    TaskState,
)
from fairdraw.publication import permissions as publication_permissions
from fairdraw.publication import selectors as publications
from fairdraw.registers import class_counts
from fairdraw.registers import permissions as register_permissions
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import OPERATIONS, Column

BATCH_AT_ONCE = 60  # visits; a larger print batch is typeset in the background
COLUMNS = (
    Column(gettext_lazy("任务"), sort="name"),
    Column(gettext_lazy("编号"), sort="number"),
    Column(gettext_lazy("承办单位")),
    Column(gettext_lazy("状态"), sort="state"),
    Column(gettext_lazy("办结期限"), sort="due", fields=("due_on", "number")),
    Column(gettext_lazy("公示进度"), numeric=True),
)


@door(*WORK)
@require_GET
def task_list(request: OfficerRequest) -> HttpResponse:
    """The tasks of one's scope (抽查任务)."""
    rows = plans.visible_tasks(request.actor)
    years = sorted(set(rows.order_by().values_list("year", flat=True)), reverse=True)
    form = forms.TaskFilter(
        request.GET or None,
        states=[(s.value, _(TASK_LABELS[s])) for s in TaskState],
        years=[(str(y), str(y)) for y in years],
    )
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if asked.get("text"):
        rows = rows.filter(Q(name__contains=asked["text"]) | Q(number__startswith=asked["text"]))
    if asked.get("state"):
        rows = rows.filter(state=asked["state"])
    if asked.get("year"):
        rows = rows.filter(year=int(asked["year"]))
    page = pages.page_of(rows.order_by(*pages.ordering(COLUMNS, request.GET, "due")), request.GET)
    context = {
        "title": _("抽查任务"),
        "filter_form": form,
        "columns": COLUMNS,
        "page": page,
        "lines": todo.task_lines(list(page)),
        "plans": request.actor.holds_anywhere(Duty.OFFICE, Duty.PLANNER),
    }
    return pages.show(request, "desk/tasks.html", "desk/_tasks.html", context)


def frame(request: OfficerRequest, number: str, current: str) -> dict[str, Any]:
    """What stands above every part of a task page: the task, its steps, its tabs."""
    task = tasks.task(request.actor, number)
    progress = inspections.progress(task)
    open_count = followups.open_followups(request.actor).filter(finding__inspection__task=task).count()
    return {
        "title": task.name,
        "task": task,
        "state": _(TASK_LABELS[TaskState(task.state)]),
        "tone": todo.TASK_TONES.get(TaskState(task.state), "plain"),
        "kind": _(KIND_LABELS[TaskKind(task.kind)]),
        "channel": _(CHANNEL_LABELS[Channel(task.channel)]),
        "provenance": receiving.provenance(task),
        "progress": progress,
        "steps": tasks.steps(task, progress, current=current),
        "tabs": tasks.tabs(
            task,
            current=current,
            counts={"desk:task-inspections": sum(progress.values()), "desk:task-followups": open_count},
        ),
        "is_open": task.state in todo.OPEN_TASKS,
    }


@door(*WORK)
@require_GET
def task(request: OfficerRequest, number: str) -> HttpResponse:
    """Scheme, rates by class, schedule and course of a task."""
    context = frame(request, number, "desk:task")
    held = context["task"]
    scheme = tasks.scheme_of(held)
    draw = tasks.live_draw(held)
    may_summarise = plan_permissions.can_move(
        request.actor, held, TaskMove.SUMMARISE, Duty.PLANNER, Duty.LEADER
    )
    context |= {
        "scheme": scheme,
        "facts": tasks.scheme_facts(held, scheme) if scheme else [],
        "strata": tasks.strata(scheme) if scheme else [],
        "beyond": tasks.beyond_limits(held),
        "together": merging.together(request.actor, held),
        "missing": verbs.missing(held) if scheme and held.state == TaskState.DRAFTING.value else [],
        "shares": division.of_task(held),
        "countdown": last_days.of_task(held, today=clock.today()),
        "events": tasks.events(held, scheme, draw),
        "deadlines": deadlines.changes_of(held),
        "summary": held.summaries.order_by("-sent_at").first(),
        "verdicts": {
            "draft": plan_permissions.can_draft(request.actor, held),
            "approve": plan_permissions.can_approve(request.actor, held),
            "paper": plan_permissions.can_enter_approval(request.actor, held),
            "confirm": plan_permissions.can_confirm_approval(request.actor, held),
            "send_back": schemes.may_return(request.actor, held),
            "deadline": plan_permissions.can_change_deadline(request.actor, held),
            "divide": scheme_permissions.can_divide(request.actor, held),
            "foresee": whatif.may_foresee(request.actor, held),
            "summary": may_summarise,
            "cancel": plan_permissions.can_move(request.actor, held, TaskMove.CANCEL, Duty.OFFICE),
        },
    }
    return render(request, "desk/task_scheme.html", context)


@door(*WORK)
@require_GET
def draw(request: OfficerRequest, number: str) -> HttpResponse:
    """The draw of a task: what waits, or what was drawn from each stratum."""
    context = frame(request, number, "desk:task-draw")
    held = context["task"]
    live = tasks.live_draw(held)
    office = held.agency
    people = draw_page.candidates(Duty.SUPERVISOR, office=office, on=clock.today()) if live is None else []
    waiting = draw_page.waiting_tasks(request.actor).count() if live is None else 0
    context |= {
        "draw": live,
        "draw_state": _(DRAW_LABELS[DrawState(live.state)]) if live else "",
        "draw_tone": draw_page.TONES[DrawState(live.state)].value if live else "",
        "finished": tasks.is_drawn(live),
        "strata": tasks.drawn_strata(held) if tasks.scheme_of(held) else [],
        "people": people,
        "form": forms.PrepareDraw(
            supervisors=[(c.value, f"{c.name}（{c.office}）") for c in people], auto_id="prepare_%s"
        ),
        "verdict": draw_permissions.can_prepare(request.actor, [held]),
        "stale": [] if live else stale.of_tasks([held], today=clock.today()),
        **({} if live else readiness.of_task(request.actor, held, reach_of(request))),
        "elsewhere": received.is_elsewhere(held),
        "received": received.told(held),
        "class_counts": class_counts.counts_of(accounts.root(), held.number),
        "may_count": register_permissions.can_keep_registers(request.actor),
        "may_receive": receiving.can_receive(request.actor, held, held.channel),
        "uploaded": list_uploads.waiting(held),
        "waiting": waiting,
        "suggest_pool": waiting >= draw_rules.POOL_SUGGESTED_FROM,
        "takes_all": tasks.scheme_of(held) is not None
        and all(row.get("num") == row.get("den") == 1 for row in held.scheme.strata),
    }
    return render(request, "desk/task_draw.html", context)


@door(*WORK)
@require_GET
def team(request: OfficerRequest, number: str) -> HttpResponse:
    """Who was dealt to a task: teams, certificates, how many targets each."""
    context = frame(request, number, "desk:task-team")
    visits = inspections.visits_of(context["task"])
    context |= {
        "teams": tasks.teams(context["task"]),
        "columns": (
            Column(_("检查组")),
            Column(_("检查人员（执法证号）")),
            Column(_("检查对象"), numeric=True),
            Column(_("已检查"), numeric=True),
            OPERATIONS,
        ),
        "visit_count": visits.count(),
        "unplanned": visits.filter(planned_on__isnull=True).count(),
        "unnotified": inspections.open_visits(context["task"]).filter(notified_at__isnull=True).count(),
        "verdict": inspection_doors.may_notify(request.actor, context["task"]),
        "large": visits.count() > BATCH_AT_ONCE,
        "may_print": inspection_doors.may_print(request.actor, context["task"]),
        "may_change": changes.may_change_task(request.actor, context["task"]),
        "helpers": helping.helpers_of([context["task"]]),
        "helper_columns": (
            Column(_("姓名")),
            Column(_("单位")),
            Column(_("身份")),
            Column(_("协助内容")),
            OPERATIONS,
        ),
        "may_name": helping.can_name(request.actor, context["task"]),
    }
    return render(request, "desk/task_team.html", context)


@door(*WORK)
@require_GET
def task_inspections(request: OfficerRequest, number: str) -> HttpResponse:
    """The inspections of a task, by state, with what can be done to many at once."""
    context = frame(request, number, "desk:task-inspections")
    context |= inspection_doors.listed(request, task=context["task"])
    return pages.show(request, "desk/task_inspections.html", "desk/_inspections.html", context)


@door(*WORK)
@require_GET
def publication(request: OfficerRequest, number: str) -> HttpResponse:
    """What of a task is public: its notice with versions, its results with receipts."""
    context = frame(request, number, "desk:task-publication")
    held = context["task"]
    page = pages.page_of(publications.public_results(task=held.number), request.GET, size=50)
    context |= {
        "notice": publications.announcement("task", held.number),
        "versions": list(publications.versions("task", held.number)),
        "may_announce": publication_permissions.can_announce_task(request.actor, held),
        "page": page,
        "published": publishing.lines(request.actor, page),
        "columns": publishing_doors.PUBLISHED_COLUMNS,
        "bulk": inspection_doors.bulk_actions(request.actor, task=held, states=("reviewed", "submitted")),
    }
    return pages.show(request, "desk/task_publication.html", "desk/_published.html", context)


@door(*WORK)
@require_GET
def task_followups(request: OfficerRequest, number: str) -> HttpResponse:
    """The problems found in a task and how far each is."""
    context = frame(request, number, "desk:task-followups")
    rows = followups.visible_followups(request.actor).filter(finding__inspection__task=context["task"])
    context |= inspection_doors.followup_list(request, rows)
    return pages.show(request, "desk/task_followups.html", "desk/_followups.html", context)


@door(Duty.LEADER)
@require_POST
def approve(request: OfficerRequest, number: str) -> HttpResponse:
    """Approve the scheme on screen (审定方案)."""
    held = tasks.task(request.actor, number)
    plan_services.approve_scheme(task=held, actor=request.actor, now=clock.now())
    messages.success(request, _("方案已审定，可以抽取"))
    return redirect("desk:task-draw", number)


@door(Duty.PLANNER, Duty.CLERK, Duty.OFFICE, Duty.LEADER)
@require_http_methods(["GET", "POST"])
def paper(request: OfficerRequest, number: str) -> HttpResponse:
    """Enter an approval that was signed on paper, with its scan (纸质审批回填)."""
    held = tasks.task(request.actor, number)
    plan_permissions.can_enter_approval(request.actor, held).require()
    form = forms.PaperApproval(posted(request), uploaded(request), today=clock.today())
    context = {"title": _("回填线下审批"), "task": held}
    if request.method == "GET":
        return render(request, "desk/paper.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/paper.html", form, **context)
    given = form.cleaned_data
    services.enter_paper_approval(
        task=held,
        scan=given["scan"].read(),
        scan_name=given["scan"].name,
        media_type=given["scan"].content_type,
        signer=given["signer"],
        signed_on=given["signed_on"],
        actor=request.actor,
        now=clock.now(),
    )
    messages.success(request, _("已回填，请另一人核对扫描件后确认"))
    return redirect("desk:task", number)


@door(Duty.PLANNER, Duty.CLERK, Duty.OFFICE, Duty.LEADER)
@require_POST
def confirm_paper(request: OfficerRequest, number: str) -> HttpResponse:
    """Confirm, as a second person, what was entered from the signed sheet (确认线下审批)."""
    held = tasks.task(request.actor, number)
    plan_services.confirm_paper_approval(task=held, actor=request.actor, now=clock.now())
    messages.success(request, _("线下审批已确认，可以抽取"))
    return redirect("desk:task-draw", number)


@door(*WORK)
@require_GET
def scan(request: OfficerRequest, number: str) -> HttpResponse:
    """The scan of the signed approval sheet (审批表扫描件)."""
    held = tasks.task(request.actor, number)
    scheme = tasks.scheme_of(held)
    if scheme is None or not scheme.approval_scan:
        raise NotFound(_("这项任务没有线下审批扫描件"))
    answer = HttpResponse(files.read(scheme.approval_scan), content_type="application/octet-stream")
    answer["Content-Disposition"] = (
        f'attachment; filename="approval-{held.number}{tasks.scan_ending(scheme)}"'
    )
    return answer


@door(Duty.OFFICE)
@require_http_methods(["GET", "POST"])
def cancel(request: OfficerRequest, number: str) -> HttpResponse:
    """Give a task up before its draw, with a reason (取消任务)."""
    held = tasks.task(request.actor, number)
    plan_permissions.can_move(request.actor, held, TaskMove.CANCEL, Duty.OFFICE).require()
    form = forms.Reason(posted(request))
    context = {"title": _("取消任务"), "task": held}
    if request.method == "GET":
        return render(request, "desk/cancel.html", {**context, "form": form})
    if not form.is_valid():
        return pages.again(request, "desk/cancel.html", form, **context)
    plan_services.cancel_task(
        task=held, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now()
    )
    messages.success(request, _("任务已取消，原因已记录"))
    return redirect("desk:task", number)


@door(Duty.PLANNER, Duty.CLERK, Duty.INSPECTOR)
@require_http_methods(["GET", "POST"])
def notify(request: OfficerRequest, number: str) -> HttpResponse:
    """Number the notices of the visits to come (制发通知书); asks once more, naming how many."""
    held = tasks.task(request.actor, number)
    inspection_doors.may_notify(request.actor, held).require()
    visits = [v for v in inspections.open_visits(held) if v.notified_at is None]
    if request.method == "GET":
        context = {"title": _("制发通知书"), "task": held, "count": len(visits)}
        return render(request, "desk/notify.html", context)
    prefix = held.agency.number_prefix or held.agency.code
    count = inspection_services.notify(visits, prefix=prefix, actor=request.actor, now=clock.now())
    messages.success(request, _("已制发通知书%(n)s份，可以打印") % {"n": count})
    return redirect("desk:task-team", number)


@door(*inspection_doors.PRINTERS)
@require_GET
def batch(request: OfficerRequest, number: str) -> HttpResponse:
    """The sorted print batch of a task: cover, notices, record sheets (批量打印, PDF)."""
    held = tasks.task(request.actor, number)
    inspection_doors.may_print(request.actor, held).require()
    data = papers.task_batch(held, on=clock.today(), mark=services.installation().mark)
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="batch-{held.number}.pdf"'
    return answer


@door(*inspection_doors.PRINTERS)
@require_POST
def batch_job(request: OfficerRequest, number: str) -> HttpResponse:
    """Typeset a large batch in the background, with its progress shown (后台生成)."""
    held = tasks.task(request.actor, number)
    inspection_doors.may_print(request.actor, held).require()
    made = jobs.put(
        TASK_BATCH, actor=request.actor, now=clock.now(), lock_key=f"batch:{held.number}", task=held.number
    )
    return redirect("desk:job", made.pk)


@door(Duty.PLANNER, Duty.LEADER)
@require_POST
def summarise(request: OfficerRequest, number: str) -> HttpResponse:
    """Write the summary of a finished task and send it to the office (生成并报送总结)."""
    held = tasks.task(request.actor, number)
    services.send_summary(task=held, actor=request.actor, now=clock.now())
    messages.success(request, _("总结已生成并报送领导小组办公室"))
    return redirect("desk:task", number)


@door(*WORK)
@require_GET
def summary(request: OfficerRequest, number: str) -> HttpResponse:
    """The summary as it was sent (Word)."""
    held = tasks.task(request.actor, number)
    sent = held.summaries.order_by("-sent_at").first()
    if sent is None:
        raise NotFound(_("这项任务还没有报送总结"))
    answer = HttpResponse(files.read(sent.stored_id), content_type=sent.stored.media_type)
    answer["Content-Disposition"] = f'attachment; filename="summary-{held.number}.docx"'
    return answer


def task_address(number: str) -> str:
    """Where the inspections of a task are listed."""
    return reverse("desk:task-inspections", args=[number])
