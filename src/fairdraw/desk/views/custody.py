"""
Custody of a draw (保管): the deposit of the server's share and its return; a target's own proof (在库证明).
"""

from __future__ import annotations

import secrets
import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import change_forms, custody, draw_page, people
from fairdraw.desk.views.given import uploaded
from fairdraw.draws import permissions as may
from fairdraw.draws.refusals import NotDrawable
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.ui import pages
from fairdraw.ui.pages import posted


def _file(data: bytes, *, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@door(Duty.SUPERVISOR, Duty.AUDITOR)
@require_GET
def deposit(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """The sealed deposit of the server's share for the custodian, who opens it with ``age -d`` (存证)."""
    draw = draw_page.visible(request.actor, draw_id)
    may.can_restore_share(request.actor, draw).require()
    return _file(custody.deposit(draw), kind="application/octet-stream", name=f"deposit-{draw.number}.age")


@door(Duty.SUPERVISOR, Duty.AUDITOR)
@never_cache
@sensitive_post_parameters("text")
@require_http_methods(["GET", "POST"])
def restore(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Hand back what the custodian decrypted (恢复服务器份额); the draw goes on from where it stood."""
    draw = draw_page.visible(request.actor, draw_id)
    may.can_restore_share(request.actor, draw).require()
    form = change_forms.OpenedDeposit(posted(request), uploaded(request))
    context = {"title": _("恢复服务器份额"), "draw": draw, "lost": custody.is_share_lost(draw)}
    if request.method == "GET":
        return render(request, "desk/restore.html", {**context, "form": form})
    if form.is_valid():
        try:
            custody.restore(
                draw=draw,
                text=form.content,
                actor=request.actor,
                now=clock.now(),
                entropy=secrets.token_bytes,
            )
        except NotDrawable as refused:
            form.add_error("text", str(refused))
        else:
            messages.success(request, _("服务器份额已恢复，与封存的核对值一致，已留痕"))
            return redirect("desk:draw", draw.pk)
    return pages.again(request, "desk/restore.html", form, **context)


@door(Duty.OFFICE, Duty.PLANNER, Duty.LEADER, Duty.CLERK)
@never_cache
@require_http_methods(["GET", "POST"])
def member(request: OfficerRequest, draw_id: uuid.UUID) -> HttpResponse:
    """Look up where a target stands in a draw, and hand its proof out (查询在库、出具在库证明)."""
    draw = draw_page.visible(request.actor, draw_id)
    may.can_prove_member(request.actor, draw).require()
    form = change_forms.Member(posted(request))
    context = {"title": _("查询在库和抽中"), "draw": draw}
    if request.method == "GET":
        return render(request, "desk/member.html", {**context, "form": form})
    if form.is_valid():
        try:
            target = people.target(form.cleaned_data["target"])
        except people.NoSuchTarget as refused:
            form.add_error("target", str(refused))
    if not form.is_valid():
        return pages.again(request, "desk/member.html", form, **context)
    now = clock.now()
    if request.POST.get("proof") == "1":
        proof = custody.prove(draw=draw, target=target, actor=request.actor, now=now)
        return _file(proof, kind="application/json", name=f"member-{draw.number}-{target.draw_code}.json")
    found = custody.place(draw=draw, target=target, actor=request.actor, now=now)
    context |= {"target": target, "found": found, "facts": custody.place_facts(draw, target, found)}
    return render(request, "desk/member.html", {**context, "form": form})
