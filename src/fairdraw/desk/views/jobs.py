"""The page of long work (后台作业): how far it is, what came of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from fairdraw.accounts.doors import OfficerRequest, door
from fairdraw.files import selectors as files
from fairdraw.jobs import selectors as jobs
from fairdraw.kernel.actor import Duty
from fairdraw.kernel.errors import NotFound
from fairdraw.ui import pages


@door(*Duty)
@never_cache
@require_GET
def job(request: OfficerRequest, pk: int) -> HttpResponse:
    """One job; the progress asks again by itself while it runs."""
    row = jobs.job(request.actor, pk)
    told = jobs.shown(row)
    context = {
        "title": told.label,
        "job": told,
        "url": reverse("desk:job", args=[pk]),
        "has_file": bool(told.result and told.result.get("file")),
        "put_at": row.put_at,
    }
    return pages.show(request, "desk/job.html", "desk/_job.html", context)


@door(*Duty)
@require_GET
def job_file(request: OfficerRequest, pk: int) -> HttpResponse:
    """The file that a job made."""
    told = jobs.shown(jobs.job(request.actor, pk))
    held = (told.result or {}).get("file", "")
    if not held:
        raise NotFound(_("这项作业没有文件"))
    answer = HttpResponse(files.read(str(held)), content_type="application/octet-stream")
    header = content_disposition_header(True, str((told.result or {}).get("name", "file")))
    answer["Content-Disposition"] = header or "attachment"
    return answer
