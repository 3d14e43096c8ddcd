"""
After the draw (抽取凭证): receipt, verification, what may be handed out to whom; and how a draw is given up.
"""

from __future__ import annotations

import uuid

import segno
from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fairdraw.accounts.doors import WORK, OfficerRequest, door, public_door
from fairdraw.desk import custody, draw_page, forms, packing, packs, permissions, rules, services
from fairdraw.documents import pdf
from fairdraw.draws import permissions as may
from fairdraw.draws import selectors as draws
from fairdraw.draws import services as verbs
from fairdraw.draws import sheets, shown
from fairdraw.draws.refusals import NotDrawable
from fairdraw.draws.states import DRAW_LABELS, DrawState
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.ui import pages

ZIP = "application/zip"


@door(*WORK)
@never_cache
@require_GET
def receipt(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """The receipt of a finished draw (抽取凭证)."""
    draw = draw_page.visible(request.actor, draw_id)
    told = shown.receipt_of(draw)
    if told is None:
        return redirect("desk:draw", draw.pk)
    tasks = list(draws.tasks(draw))
    text = shown.code_text(draw)
    context = {
        "title": _("抽取凭证 %(number)s") % {"number": draw.number},
        "draw": draw,
        "state": _(DRAW_LABELS[DrawState(draw.state)]),
        "tone": draw_page.TONES[DrawState(draw.state)].value,
        "level": _(draw_page.LEVEL_LABELS.get(draw.level, "")),
        "code": rules.grouped(draw.approval_code),
        "told": told,
        "unchosen": sheets.unchosen(shown.unchosen_of(draw)),
        "tasks": {t.number: t for t in tasks},
        "places": draw_page.places(draw),
        "code_text": text,
        "qr": qr(text),
        "attempts": draw_page.attempts(draw),
        "may_print": request.actor.holds_anywhere(*packs.PRINTERS),
        "verdicts": {
            "bundle": permissions.can_take_bundle(request.actor, draw),
            "member": may.can_prove_member(request.actor, draw),
            "list": permissions.can_see_list(request.actor, draw),
            "disclose": may.can_disclose(request.actor, draw, tasks),
        },
    }
    return render(request, "desk/receipt.html", context)


def qr(text: str) -> SafeString:
    """The receipt's code as inline SVG, with its text as its name."""
    code = segno.make(text, error="m", micro=False)
    drawn: str = code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None, title=text)
    return mark_safe(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S308 - our own drawing of plain text


@door(*WORK)
@never_cache
@require_GET
def verification(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Recompute the draw from its files, step by step (复核)."""
    draw = draw_page.visible(request.actor, draw_id)
    if shown.receipt_of(draw) is None:
        return redirect("desk:draw", draw.pk)
    steps = shown.verification(draw)
    context = {
        "title": _("复核 %(number)s") % {"number": draw.number},
        "draw": draw,
        "steps": steps,
        "failed": [s for s in steps if s.state == "failed"],
        "unshown": [s for s in steps if s.state == "not_shown"],
    }
    return pages.show(request, "desk/verification.html", "desk/_verification.html", context)


def _attachment(data: bytes, *, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@door(*WORK)
@require_POST
def bundle(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Hand the whole bundle to an auditor; every handing out is an entry of the log (导出复核资料包)."""
    draw = draw_page.visible(request.actor, draw_id)
    permissions.can_take_bundle(request.actor, draw).require()
    data = packing.bundle(draw)
    services.note_export(draw, to=request.actor.code, actor=request.actor, now=clock.now())
    return _attachment(data, kind=ZIP, name=f"bundle-{draw.number}.zip")


@door(*WORK)
@require_GET
def evidence(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Seal, receipt and checkpoint: what everybody may keep (公开凭证)."""
    draw = draw_page.visible(request.actor, draw_id)
    if shown.receipt_of(draw) is None:
        raise NotDrawable(_("抽取完成后才有凭证"))
    return _attachment(packing.evidence(draw), kind=ZIP, name=f"receipt-{draw.number}.zip")


@door(*WORK)
@require_POST
def drawn(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """The list of who was drawn, for the drawing office and its supervisor; every view is logged (抽取名单)."""
    draw = draw_page.visible(request.actor, draw_id)
    permissions.can_see_list(request.actor, draw).require()
    data = packing.drawn_list(draw)
    services.note_list_view(draw, actor=request.actor, now=clock.now())
    return _attachment(data, kind="text/csv; charset=utf-8", name=f"list-{draw.number}.csv")


@public_door
@require_GET
def verifier(request: OfficerRequest) -> HttpResponse:
    """The standalone verifier: one file, the standard library alone (复核工具)."""
    return _attachment(packing.verifier(), kind="text/x-python; charset=utf-8", name="verify.py")


@door(*WORK)
@require_GET
def approval_sheet(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """The approval sheet to be signed before the draw (抽查审批表, PDF)."""
    draw = draw_page.visible(request.actor, draw_id)
    data = pdf.approval_sheet_pdf(sheets.approval_sheet(draw), mark=services.installation().mark)
    return _attachment(data, kind="application/pdf", name=f"approval-{draw.number}.pdf")


@door(*WORK)
@require_GET
def record(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """The record of the finished draw (抽取记录表, PDF)."""
    draw = draw_page.visible(request.actor, draw_id)
    if shown.receipt_of(draw) is None:
        raise NotDrawable(_("抽取完成后才能打印抽取记录表"))
    data = pdf.draw_record_pdf(sheets.record(draw), mark=services.installation().mark)
    return _attachment(data, kind="application/pdf", name=f"record-{draw.number}.pdf")


@door(Duty.PLANNER, Duty.LEADER)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def void(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Give a sealed draw up before reveals open, with a reason and a second person at the screen (作废)."""
    draw = draw_page.visible(request.actor, draw_id)
    may.can_void(request.actor, draw, second="?").require()
    context = {"title": _("作废抽取 %(number)s") % {"number": draw.number}, "draw": draw}
    if request.method == "GET":
        return render(request, "desk/void.html", {**context, "form": forms.EndDraw()})
    form = forms.EndDraw(request.POST)
    second = _second(request, form) if form.is_valid() else ""
    if not second:
        return pages.again(request, "desk/void.html", form, **context)
    verbs.void_draw(
        draw_id=draw.pk,
        reason=form.cleaned_data["reason"],
        second=second,
        actor=request.actor,
        now=clock.now(),
    )
    messages.success(request, _("抽取已作废，原因和第二人已留痕；任务回到待抽取"))
    return redirect("desk:draw", draw.pk)


def _second(request: OfficerRequest, form: forms.EndDraw) -> str:
    """The code of the second person, who types account and password here; empty with an error on the form."""
    user = authenticate(request, username=form.cleaned_data["second"], password=form.cleaned_data["password"])
    if user is None:
        form.add_error("password", _("第二人的账号或密码不正确"))
        return ""
    person = draw_page.second_person(user, on=clock.today())
    if user.first_password:
        form.add_error("password", _("第二人的密码还是初始密码，请本人先登录改掉"))
    elif person.code == request.actor.code:
        form.add_error("second", _("第二人不能是您本人"))
    elif not person.holds_anywhere(Duty.LEADER, Duty.SUPERVISOR):
        form.add_error("second", _("第二人须是负责人或监督人"))
    return "" if form.errors else person.code


@door(*WORK)
@require_http_methods(["GET", "POST"])
def fail(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Declare a draw failed whose shares or number never came (未成; vdraw/1 §17)."""
    draw = draw_page.visible(request.actor, draw_id)
    may.can_fail(request.actor, draw, now=clock.now(), secret_lost=custody.is_share_lost(draw)).require()
    context = {"title": _("抽取未成 %(number)s") % {"number": draw.number}, "draw": draw}
    if request.method == "GET":
        return render(request, "desk/fail.html", {**context, "form": forms.FailDraw()})
    form = forms.FailDraw(request.POST)
    if not form.is_valid():
        return pages.again(request, "desk/fail.html", form, **context)
    verbs.fail_draw(draw_id=draw.pk, reason=form.cleaned_data["reason"], actor=request.actor, now=clock.now())
    messages.success(request, _("已记为未成，任务回到待抽取"))
    return redirect("desk:draw", draw.pk)


@door(Duty.PLANNER, Duty.LEADER, Duty.OFFICE)
@require_POST
def disclose(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Hand the bundle to those whom the seal names, once its tasks are finished (披露)."""
    draw = draw_page.visible(request.actor, draw_id)
    verbs.disclose(draw_id=draw.pk, actor=request.actor, now=clock.now())
    messages.success(request, _("已披露，审计和纪检可以取得完整复核资料包"))
    return redirect("desk:draw-receipt", draw.pk)
