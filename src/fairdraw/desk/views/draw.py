"""
The draw, step by step (抽取): prepare, seal, lock, supervise, open, number; six clicks of two people.

Without script the server makes a person's share and hands it to that person's device in a cookie; with
script the browser makes it and posts its hash alone. The operating system's entropy is read here, at the door.
"""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fairdraw.accounts.doors import WORK, OfficerRequest, door
from fairdraw.desk import custody, device, draw_page, forms, rules, services, stale
from fairdraw.draws import bundles, sheets, shown
from fairdraw.draws import permissions as may
from fairdraw.draws import rules as draw_rules
from fairdraw.draws import selectors as draws
from fairdraw.draws import services as verbs
from fairdraw.draws.refusals import NotAPerson, NotDrawable
from fairdraw.draws.states import DRAW_LABELS, DrawState
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.registers.rules import EXCLUSION_LABELS
from fairdraw.ui import pages
from fairdraw.ui.pages import posted
from fairdraw.ui.parts import Column

COLUMNS = (
    Column(gettext_lazy("抽取编号")),
    Column(gettext_lazy("级别")),
    Column(gettext_lazy("任务")),
    Column(gettext_lazy("发起单位")),
    Column(gettext_lazy("状态")),
    Column(gettext_lazy("封存时间")),
    Column(gettext_lazy("抽取时间")),
)


@door(*WORK)
@require_GET
def draw_list(request: OfficerRequest) -> HttpResponse:
    """Every draw of one's reach, voided ones included (抽取记录)."""
    page = pages.page_of(draws.visible_draws(request.actor), request.GET, size=50)
    context = {
        "title": _("抽取记录"),
        "columns": COLUMNS,
        "page": page,
        "lines": draw_page.lines(list(page)),
        "waiting": draw_page.waiting_tasks(request.actor).count(),
    }
    return pages.show(request, "desk/draws.html", "desk/_draws.html", context)


@door(Duty.PLANNER)
@require_http_methods(["GET", "POST"])
def pool(request: OfficerRequest) -> HttpResponse:
    """Put several waiting tasks into one draw with a witness (批次抽取)."""
    tasks = list(draw_page.waiting_tasks(request.actor))
    numbers = request.POST.getlist("task")
    chosen = draw_page.tasks_by_number(request.actor, numbers) if numbers else tasks
    office = draw_page.initiating_office(request.actor, chosen) if chosen else None
    people = _people(office) if office else ([], [])
    form = forms.PrepareDraw(posted(request), supervisors=_choices(people[0]), witnesses=_choices(people[1]))
    context = {
        "title": _("批次抽取"),
        "tasks": tasks,
        "chosen": {t.number for t in chosen} if numbers else {t.number for t in tasks},
        "stale": stale.of_tasks(tasks, today=clock.today()),
        "suggested": draw_rules.POOL_SUGGESTED_FROM,
        "people": people,
    }
    if request.method == "POST":
        if not numbers:
            form.add_error(None, _("请至少选择一项任务"))
        if form.is_valid():
            return _prepared(request, numbers, form, people)
        return pages.again(request, "desk/pool.html", form, **context)
    return render(request, "desk/pool.html", {**context, "form": form})


@door(Duty.PLANNER)
@require_POST
def prepare(request: OfficerRequest) -> HttpResponse:
    """Freeze the lists of one task with the supervisor chosen on its page (准备抽取)."""
    numbers = request.POST.getlist("task")
    tasks = draw_page.tasks_by_number(request.actor, numbers)
    people = _people(draw_page.initiating_office(request.actor, tasks))
    form = forms.PrepareDraw(request.POST, supervisors=_choices(people[0]))
    if not form.is_valid():
        may.can_prepare(request.actor, tasks).require()
        messages.error(request, _("请选择另一股室的监督人"))
        return redirect("desk:task-draw", tasks[0].number)
    return _prepared(request, numbers, form, people)


def _people(
    office: draw_page.Agency,
) -> tuple[list[draw_page.Candidate], list[draw_page.Candidate]]:
    today = clock.today()
    return (
        draw_page.candidates(Duty.SUPERVISOR, office=office, on=today),
        draw_page.candidates(Duty.AUDITOR, office=office, on=today),
    )


def _choices(found: list[draw_page.Candidate]) -> list[tuple[str, str]]:
    return [(c.value, f"{c.name}（{c.office}）") for c in found]


def _prepared(
    request: OfficerRequest,
    numbers: list[str],
    form: forms.PrepareDraw,
    people: tuple[list[draw_page.Candidate], list[draw_page.Candidate]],
) -> HttpResponse:
    tasks = draw_page.tasks_by_number(request.actor, numbers)
    witness = form.cleaned_data.get("witness", "")
    single = len(tasks) == 1 and not witness
    draw = services.prepare(
        tasks=tasks,
        number=tasks[0].number if len(tasks) == 1 else draw_page.pool_number(tasks[0].year),
        agency=draw_page.initiating_office(request.actor, tasks),
        supervisor=draw_page.chosen(people[0], form.cleaned_data["supervisor"], "supervisor"),
        witness=None if single else draw_page.chosen(people[1], witness, "witness"),
        actor=request.actor,
        now=clock.now(),
        entropy=secrets.token_bytes,
    )
    return redirect("desk:draw", draw.pk)


@door(*WORK)
@never_cache
@require_GET
def page(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """One draw on its way; a finished one leads to its receipt."""
    draw = draw_page.visible(request.actor, draw_id)
    if draw_page.is_finished(draw) and shown.receipt_of(draw) is not None:
        return redirect("desk:draw-receipt", draw.pk)
    return render(request, "desk/draw.html", _page(request, draw, forms.Supervise(), forms.Number()))


@door(*WORK)
@never_cache
@require_GET
def status(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """The part of the page that is asked for again while people act; a finished draw leads on."""
    draw = draw_page.visible(request.actor, draw_id)
    if draw_page.is_finished(draw) and shown.receipt_of(draw) is not None:
        answer = HttpResponse(status=200)
        answer["HX-Redirect"] = reverse("desk:draw-receipt", args=[draw.pk])
        return answer
    if request.GET.get("state") == _stamp(draw):
        return HttpResponse(status=204)
    answer = HttpResponse(status=200)
    answer["HX-Redirect"] = reverse("desk:draw", args=[draw.pk])
    return answer


def _stamp(draw: draw_page.Draw) -> str:
    """What changes whenever somebody has done something."""
    done = [f"{bool(p.source.commitment):d}{bool(p.source.revealed_at):d}" for p in draw_page.places(draw)]
    return f"{draw.state}.{'.'.join(done)}.{bool(draw.beacon_value):d}"


def _page(
    request: OfficerRequest, draw: draw_page.Draw, supervise: forms.Supervise, number: forms.Number
) -> dict[str, object]:
    now = clock.now()
    mine = draws.source_of(request.actor, draw)
    found = shown.frozen(draw)
    lost = custody.is_share_lost(draw)
    held = {t.number: t for t in draws.tasks(draw)}
    is_draft = draw.state == DrawState.DRAFT.value
    return {
        "title": _("抽取 %(number)s") % {"number": draw.number},
        "draw": draw,
        "state": _(DRAW_LABELS[DrawState(draw.state)]),
        "tone": draw_page.TONES[DrawState(draw.state)].value,
        "level": _(draw_page.LEVEL_LABELS.get(draw.level, "")),
        "code": rules.grouped(draw.approval_code),
        "frozen": found,
        "shortages": sheets.shortages(found),
        "unchosen": sheets.unchosen(found.unchosen),
        "excluded": [(_(EXCLUSION_LABELS.get(c, c)), n) for c, n in sorted(found.excluded.items())],
        "tasks": held,
        "stale": stale.of_tasks(held.values(), today=clock.today()) if is_draft else [],
        "places": draw_page.places(draw),
        "mine": mine,
        "stamp": _stamp(draw),
        "need": _need(request, draw, mine),
        "supervise": supervise,
        "number": number,
        "verdicts": {
            "seal": may.can_seal(request.actor, draw),
            "commit": may.can_commit(request.actor, draw, mine, now=now) if mine else None,
            "reveal": may.can_reveal(request.actor, draw, mine, now=clock.now()) if mine else None,
            "number": may.can_enter_number(request.actor, draw),
            "void": may.can_void(request.actor, draw, second="?"),
            "discard": may.can_discard(request.actor, draw),
            "close_commitments": may.can_close_commitments(request.actor, draw, now=now),
            "close_reveals": may.can_close_reveals(request.actor, draw, now=now),
            "fail": may.can_fail(request.actor, draw, now=now, secret_lost=lost),
            "restore": may.can_restore_share(request.actor, draw),
            "member": may.can_prove_member(request.actor, draw),
        },
        "lost": lost,
        "custodian": services.custodian_if_named(),
        "envelopes": draw_page.envelopes(request.actor, draw, now=now),
        "attempts": draw_page.attempts(draw),
        "ended": draw_page.is_ended(draw),
        "stuck": draw_page.is_finished(draw),
    }


def _need(request: OfficerRequest, draw: draw_page.Draw, mine: draw_page.DrawSource | None) -> str:
    """What this person's device can do by itself now: lock (initiator), or open."""
    if mine is None:
        return ""
    if mine.role == "initiator" and may.can_commit(request.actor, draw, mine, now=clock.now()):
        return "commit"
    return "reveal" if may.can_reveal(request.actor, draw, mine, now=clock.now()) else ""


@door(Duty.PLANNER)
@require_POST
def seal(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Seal the lists (封存); without script the initiator's share is locked in at once."""
    draw = draw_page.visible(request.actor, draw_id)
    sealed = verbs.seal_draw(
        draw_id=draw.pk, custodian=services.custodian(), actor=request.actor, now=clock.now()
    )
    answer = redirect("desk:draw", draw.pk)
    mine = draws.source_of(request.actor, sealed)
    if mine is not None and not request.POST.get("device"):
        _lock(request, answer, sealed, mine, given={})
    return answer


@door(*WORK)
@require_POST
def commit(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Lock a share in: the initiator's device by itself, a witness by a press (锁定)."""
    draw = draw_page.visible(request.actor, draw_id)
    form = forms.Commit(request.POST)
    if not form.is_valid():
        raise NotDrawable(_("锁定值的形式不对，请刷新页面后重试"))
    answer = redirect("desk:draw", draw.pk)
    _lock(request, answer, draw, _mine(request, draw), given=form.cleaned_data)
    return answer


@door(Duty.SUPERVISOR)
@require_POST
def supervise(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Compare the code, lock and open one's share: 监督并抽取."""
    draw = draw_page.visible(request.actor, draw_id)
    mine = _mine(request, draw)
    form = forms.Supervise(request.POST)
    if not form.is_valid():
        context = _page(request, draw, form, forms.Number())
        return pages.again(request, "desk/draw.html", form, **context)
    answer = redirect("desk:draw", draw.pk)
    if not mine.commitment:
        _lock(request, answer, draw, mine, given=form.cleaned_data)
    return answer


def _mine(request: OfficerRequest, draw: draw_page.Draw) -> draw_page.DrawSource:
    mine = draws.source_of(request.actor, draw)
    if mine is None:
        raise NotAPerson(_("您不是本次抽取的参与人"))
    return mine


def _lock(
    request: OfficerRequest,
    answer: HttpResponse,
    draw: draw_page.Draw,
    mine: draw_page.DrawSource,
    *,
    given: dict[str, Any],
) -> None:
    """Lock in what the device made, or a share made here for it; open that at once where it is possible."""
    made, commitment, envelope = None, given.get("commitment", ""), given.get("envelope")
    if not commitment:
        made = device.make(secrets.token_bytes)
        text = rules.commit_text(seal=draw.seal or "", source=mine.source, salt=made.salt, share=made.share)
        commitment = bundles.suite_of(draw).hex(text)
        envelope = services.envelope(text)
    draw = verbs.commit(
        draw_id=draw.pk,
        source=mine.source,
        commitment=commitment,
        envelope=envelope,
        actor=request.actor,
        now=clock.now(),
    )
    if made is None:
        return
    device.keep(request, answer, draw.pk, mine.source, made, path=reverse("desk:draw", args=[draw.pk]))
    if draw.state == DrawState.REVEALING.value:
        services.reveal(
            draw=draw, place=mine, salt=made.salt, share=made.share, actor=request.actor, now=clock.now()
        )


@door(*WORK)
@require_POST
def reveal(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Open one's share, from the device that locked it (开启); the last one finishes the draw."""
    draw = draw_page.visible(request.actor, draw_id)
    mine = _mine(request, draw)
    form = forms.Reveal(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    kept = device.held(request, draw.pk).get(mine.source)
    salt, share = given.get("salt") or (kept and kept.salt), given.get("share") or (kept and kept.share)
    if not salt or not share:
        raise NotDrawable(_("随机份额保存在锁定时使用的那台设备上，请用那台设备打开本页开启"))
    services.reveal(draw=draw, place=mine, salt=salt, share=share, actor=request.actor, now=clock.now())
    return redirect("desk:draw", draw.pk)


@door(*WORK)
@require_POST
def number(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Enter the ball numbers, typed twice, and draw (录入公开随机数)."""
    draw = draw_page.visible(request.actor, draw_id)
    may.can_enter_number(request.actor, draw).require()
    form = forms.Number(request.POST)
    if not form.is_valid():
        context = _page(request, draw, forms.Supervise(), form)
        return pages.again(request, "desk/draw.html", form, **context)
    services.enter_number(
        draw=draw,
        first=form.cleaned_data["first"],
        second=form.cleaned_data["second"],
        actor=request.actor,
        now=clock.now(),
    )
    return redirect("desk:draw", draw.pk)


@door(*WORK)
@require_POST
def settle(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Take up what an interruption left: inspections, notices, receipt (继续)."""
    draw = draw_page.visible(request.actor, draw_id)
    services.settle(draw_id=draw.pk, now=clock.now())
    return redirect("desk:draw", draw.pk)


@door(Duty.PLANNER)
@require_POST
def discard(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Throw frozen lists away before the seal, to prepare anew (撤销底册)."""
    draw = draw_page.visible(request.actor, draw_id)
    verbs.discard_draw(draw_id=draw.pk, actor=request.actor, now=clock.now())
    messages.success(request, _("底册已撤销，可以重新准备抽取"))
    return redirect("desk:draws")


@door(*WORK)
@require_POST
def close(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Go on without those who stayed silent past the deadline, where the rules allow it (锁定截止、开启截止)."""
    draw = draw_page.visible(request.actor, draw_id)
    if draw.state == DrawState.SEALED.value:
        verbs.close_commitments(draw_id=draw.pk, actor=request.actor, now=clock.now())
    else:
        verbs.close_reveals(draw_id=draw.pk, actor=request.actor, now=clock.now())
    return redirect("desk:draw", draw.pk)
