"""
The envelope of somebody who locked a share in and stays silent (电子信封): handed to the custodian, opened on record.
"""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.desk import draw_page, forms, services
from fairdraw.draws import permissions as may
from fairdraw.draws import selectors as draws
from fairdraw.draws.refusals import NotDrawable
from fairdraw.files import selectors as files
from fairdraw.kernel import clock
from fairdraw.kernel.actor import Duty
from fairdraw.ui import pages
from fairdraw.ui.pages import posted


@door(Duty.SUPERVISOR, Duty.AUDITOR, Duty.LEADER)
@require_http_methods(["GET", "POST"])
def envelope(request: OfficerRequest, draw_id: uuid.UUID, source: str) -> HttpResponse:
    """Open the envelope of somebody who stayed silent, on record (开启信封)."""
    draw = draw_page.visible(request.actor, draw_id)
    place = draws.source(draw, source)
    may.can_open_envelope(request.actor, draw, place, now=clock.now()).require()
    form = forms.Envelope(posted(request))
    context = {"title": _("开启信封"), "draw": draw, "place": place}
    if request.method == "GET":
        return render(request, "desk/envelope.html", {**context, "form": form})
    if form.is_valid():
        try:
            services.open_envelope(
                draw=draw,
                source=source,
                text=form.cleaned_data["text"],
                actor=request.actor,
                now=clock.now(),
            )
        except services.EnvelopeUnreadable as refused:
            form.add_error("text", str(refused))
        else:
            return redirect("desk:draw", draw.pk)
    return pages.again(request, "desk/envelope.html", form, **context)


@door(Duty.SUPERVISOR, Duty.AUDITOR, Duty.LEADER)
@require_GET
def envelope_file(request: OfficerRequest, draw_id: uuid.UUID, source: str) -> HttpResponse:
    """The sealed envelope for the custodian, who opens it with ``age -d`` (电子信封)."""
    draw = draw_page.visible(request.actor, draw_id)
    place = draws.source(draw, source)
    may.can_open_envelope(request.actor, draw, place, now=clock.now()).require()
    if place.envelope_id is None:
        raise NotDrawable(_("这位参与人没有交存电子信封"))
    answer = HttpResponse(files.read(place.envelope_id), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="envelope-{draw.number}-{place.source}.age"'
    return answer
