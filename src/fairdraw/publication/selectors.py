"""Questions on what is public, asked by everybody, and on what waits to be."""

from __future__ import annotations

from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.inspections import selectors as inspections
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import NotFound
from fairdraw.publication.models import Announcement, Publication


def public_results(text: str = "", task: str = "") -> QuerySet[Publication]:
    """The published results, the newest first; by name or code, by task."""
    rows = Publication.objects.filter(
        acknowledged_at__isnull=False, withdrawn_at__isnull=True
    ).select_related("inspection__target", "inspection__agency", "inspection__task")
    if task:
        rows = rows.filter(inspection__task__number=task)
    if text:
        asked = text.strip()
        if asked.isascii():
            rows = rows.filter(inspection__target__draw_code=asked.upper())
        else:
            rows = rows.filter(inspection__target__name__contains=asked)
    return rows.order_by("-acknowledged_at", "-pk")


def publication(actor: Actor, pk: int) -> Publication:
    """
    One version of a published result, in the scope of whoever asks.

    Raises:
        NotFound: Absent, or outside the actor's scope.
    """
    rows = Publication.objects.select_related("inspection__target", "inspection__agency", "inspection__task")
    found = rows.filter(pk=pk, inspection__in=inspections.visible_inspections(actor)).first()
    if found is None:
        raise NotFound(_("没有这条公示信息，或不在您的职责范围内"))
    return found


def acknowledged(actor: Actor) -> QuerySet[Publication]:
    """What was published in the scope of whoever asks, taken off again or not, the newest first."""
    rows = Publication.objects.filter(
        accounts.within_scopes(actor, "inspection__agency__path"), acknowledged_at__isnull=False
    )
    related = ("inspection__target", "inspection__agency", "inspection__task")
    return rows.select_related(*related).order_by("-acknowledged_at", "-pk")


def versions_of(inspection: Inspection) -> QuerySet[Publication]:
    """Every version of a published result, the newest first."""
    return Publication.objects.filter(inspection=inspection).order_by("-version")


def announcements(kind: str) -> QuerySet[Announcement]:
    """The newest version of each public notice of a kind, the newest first."""
    newest = (
        Announcement.objects.filter(kind=kind, reference=OuterRef("reference"))
        .values("reference")
        .annotate(last=Max("version"))
        .values("last")
    )
    rows = Announcement.objects.filter(kind=kind, withdrawn_at__isnull=True).annotate(last=Subquery(newest))
    return rows.filter(version=F("last")).order_by("-published_at", "-pk")


def announcement(kind: str, reference: str) -> Announcement | None:
    """The newest version of one public notice."""
    return announcements(kind).filter(reference=reference).first()


def versions(kind: str, reference: str) -> QuerySet[Announcement]:
    """Every version of one public notice, the newest first."""
    return Announcement.objects.filter(kind=kind, reference=reference).order_by("-version")


def receipt_pending() -> QuerySet[Inspection]:
    """What was handed in and has no receipt yet (N04): not published."""
    return Inspection.objects.filter(state=InspectionState.SUBMITTED.value).order_by("due_on", "pk")
