"""
Questions of the public (公众查询): plans, task notices, results, draws, key figures.

Nothing here looks at what was not made public: figures come from notices and published results, and a task
that is not announced before its visits (不预先通知) appears, with
its draw and its results, only when its last visit has been made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from fairdraw.accounts.models import Agency
from fairdraw.audit import selectors as audit
from fairdraw.audit.models import Checkpoint
from fairdraw.draws.models import Draw, DrawPart
from fairdraw.draws.states import DrawState
from fairdraw.inspections.models import Inspection
from fairdraw.inspections.states import InspectionState
from fairdraw.kernel.errors import NotFound
from fairdraw.plans.models import PlanEdition, Task
from fairdraw.plans.states import TaskState
from fairdraw.portal import notices, rules
from fairdraw.portal.notices import PlanNotice, TaskNotice
from fairdraw.publication import selectors as publication
from fairdraw.publication.models import Announcement, Publication

PLAN, TASK = "plan", "task"
DONE = (TaskState.COMPLETED.value, TaskState.SUMMARISED.value, TaskState.CANCELLED.value)


@dataclass(frozen=True)
class Figures:
    """The year in numbers, from what was published alone."""

    planned: int
    announced: int
    drawn: int
    published: int
    targets: int
    by_result: tuple[tuple[str, int], ...]


def _kept_secret() -> QuerySet[Task]:
    """
    The tasks that nobody outside may know of yet: unannounced, and not every target of them is visited.

    From the last visit on nothing is given away, and each result has its own deadline of publication (D4).
    """
    held = Inspection.objects.filter(task=OuterRef("pk")).exclude(state=InspectionState.EXCLUDED.value)
    visited = Exists(held) & ~Exists(held.filter(checked_on__isnull=True))
    return Task.objects.filter(unannounced=True).exclude(state__in=DONE).exclude(visited)


def _published(task: str = "") -> QuerySet[Publication]:
    """The published results, none of a task that is still kept back: each names its task by its number."""
    return publication.public_results(task=task).exclude(inspection__task__in=_kept_secret())


def task_announcements(*, year: int | None = None) -> QuerySet[Announcement]:
    """The newest notice of each task that may be known, the newest first."""
    rows = publication.announcements(TASK).exclude(reference__in=_kept_secret().values("number"))
    return rows.filter(reference__startswith=f"{year}-") if year else rows


def plan_years() -> list[int]:
    """The years whose plan is public, the newest first."""
    references = publication.announcements(PLAN).values_list("reference", flat=True)
    return sorted({int(r) for r in references if r.isdigit()}, reverse=True)


def plan(year: int, version: int | None = None) -> PlanNotice:
    """
    The plan of *year*, its newest version or the one asked for.

    Raises:
        NotFound: It is not public.
    """
    return _numbered(notices.plan_notice(_version(PLAN, str(year), version)))


def plan_before(notice: PlanNotice) -> PlanNotice | None:
    """The public version of the plan that *notice* took the place of; None for the first."""
    earlier = [row for row in versions(PLAN, str(notice.year)) if row.version < notice.version]
    return notices.plan_notice(earlier[0]) if earlier else None


def _numbered(notice: PlanNotice) -> PlanNotice:
    """A version with the number that the office system gave to it afterwards (回填文号)."""
    if notice.document_number:
        return notice
    edition = PlanEdition.objects.filter(plan__year=notice.year, version=notice.version).first()
    if edition is None:
        return notice
    return replace(notice, document_number=edition.document_number, issued_on=edition.issued_on)


def task(number: str, version: int | None = None) -> TaskNotice:
    """
    The notice of a task, its newest version or the one asked for.

    Raises:
        NotFound: It is not public, or not yet.
    """
    if "\x00" in number or _kept_secret().filter(number=number).exists():
        raise NotFound(_("没有这项抽查任务公告"))
    return notices.task_notice(_version(TASK, number, version))


def versions(kind: str, reference: str) -> list[Announcement]:
    """Every version of a notice that stands, the newest first."""
    return list(publication.versions(kind, reference).filter(withdrawn_at__isnull=True))


def _version(kind: str, reference: str, version: int | None) -> Announcement:
    found = publication.announcement(kind, reference)
    if found is not None and version is not None and version != found.version:
        found = publication.versions(kind, reference).filter(version=version, withdrawn_at=None).first()
    if found is None:
        raise NotFound(_("没有这项公告，或公告已撤下"))
    return found


def results(text: str = "", task: str = "") -> QuerySet[Publication]:
    """
    The published results by name or code, by task; the latest first, never in the order of the draw.

    Of one day they are sorted by code: the order of drawing would tell strata apart (vdraw/1 §15).
    """
    rows = _published(task)
    words = rules.search_words(text)
    if words:
        asked = Q()
        for word in words:
            asked |= Q(inspection__target__name__contains=word)
            if word.isascii():
                asked |= Q(inspection__target__draw_code=word.upper())
                asked |= Q(inspection__target__uscc=word.upper())
                asked |= Q(inspection__target__old_number=word)
                asked |= Q(inspection__number=word)
        rows = rows.filter(asked)
    return rows.order_by("-acknowledged_at", "inspection__target__draw_code", "inspection__agency_id")


def figures(year: int) -> Figures:
    """The key figures of *year*."""
    plans = publication.announcement(PLAN, str(year))
    tasks = [notices.task_notice(row) for row in task_announcements(year=year)]
    rows = _published().filter(inspection__task__year=year).order_by()
    counted = rows.aggregate(n=Count("pk"), targets=Count("inspection__target", distinct=True))
    grouped = rows.values(result=KT("row__result")).annotate(n=Count("pk")).order_by("-n", "result")
    return Figures(
        planned=len(notices.plan_notice(plans).rows) if plans else 0,
        announced=len(tasks),
        drawn=sum(t.drawn for t in tasks),
        published=counted["n"],
        targets=counted["targets"],
        by_result=tuple((row["result"], row["n"]) for row in grouped),
    )


def public_draws() -> QuerySet[Draw]:
    """The draws that everybody may look at: sealed, and of no task that is still kept back."""
    secret = DrawPart.objects.filter(draw=OuterRef("pk"), task__in=_kept_secret().values("number"))
    rows = Draw.objects.exclude(state=DrawState.DRAFT.value).exclude(Exists(secret))
    return rows.select_related("agency").order_by("-sealed_at", "-attempt", "pk")


def public_draw(draw_id: str) -> Draw:
    """
    One public draw.

    Raises:
        NotFound: Absent, not sealed yet, or of a task that is still kept back.
    """
    found = public_draws().filter(pk=draw_id).first()
    if found is None:
        raise NotFound(_("没有这次抽取，或尚未公开"))
    return found


def attempts(draw: Draw) -> list[Draw]:
    """Every sealed attempt under the number of *draw*, the first one first."""
    return list(public_draws().filter(org=draw.org, number=draw.number).order_by("attempt"))


def task_names(numbers: Iterable[str]) -> dict[str, str]:
    """The names of tasks that have a public notice, by number."""
    rows = task_announcements().filter(reference__in=list(numbers))
    return {row.reference: row.title for row in rows}


def task_number(text: str) -> str:
    """The number of the announced task that *text* is, or nothing."""
    asked = text.replace("\x00", "").strip().upper()
    return asked if asked and task_announcements().filter(reference=asked).exists() else ""


def office_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of agencies by code."""
    return dict(Agency.objects.filter(code__in=list(codes)).values_list("code", "name"))


def checkpoint(size: int) -> Checkpoint:
    """
    The checkpoint of the log at *size*.

    Raises:
        NotFound: None was made there.
    """
    found = audit.checkpoints().filter(size=size).first()
    if found is None:
        raise NotFound(_("没有这个存证点"))
    return found
