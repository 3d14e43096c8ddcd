"""
What the page of an inspector shows (检查人员): relations and absences, and where they meet visits that wait.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.desk import tasks
from fairdraw.inspections.models import Assignment, Inspection
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.errors import InvalidInput, NotFound
from fairdraw.registers import permissions
from fairdraw.registers.models import DeclaredInterest, Inspector, InspectorAbsence, Target


class NoSuchTarget(InvalidInput):
    """What was typed names no target of the register, or several."""

    code = "desk.no-such-target"


def inspector(actor: Actor, code: str) -> Inspector:
    """
    One inspector of the actor's scope.

    Raises:
        NotFound: Absent, or outside the actor's scope.
    """
    rows = Inspector.objects.filter(accounts.within_scopes(actor, "agency__path"), code=code)
    found = rows.select_related("agency").first()
    if found is None:
        raise NotFound(_("没有这位检查人员，或不在您的职责范围内"))
    return found


def reachable(actor: Actor, inspection: Inspection) -> set[str]:
    """The codes of the inspectors seated at *inspection* whose pages *actor* may open."""
    held = inspection.assignments.filter(replaced_at__isnull=True).select_related("inspector__agency")
    return {s.inspector.code for s in held if permissions.can_declare(actor, s.inspector.agency)}


def facts(person: Inspector) -> list[tuple[str, Any]]:
    """What the directory says of an inspector."""
    names = {s.code: s.name for s in accounts.stations()}
    areas = [names.get(word, word) for word in person.areas.split(",")]
    trained = _("未培训，不抽取") if not person.trained else person.training or _("已培训")
    return [
        (_("编号"), person.code),
        (_("单位"), str(person.agency)),
        (_("职务"), person.post),
        (_("执法证号"), person.certificate_number),
        (_("执法证有效期至"), person.valid_to),
        (_("资格"), person.qualifications.replace(",", "、")),
        (_("片区"), _("全县") if person.areas in {"*", ""} else "、".join(areas)),
        (_("培训"), trained),
        (_("最近培训日期"), person.trained_on),
    ]


def interests(person: Inspector) -> list[DeclaredInterest]:
    """The relations of an inspector, the newest first."""
    rows = DeclaredInterest.objects.filter(inspector=person).select_related("target")
    return list(rows.order_by("-declared_on", "-pk"))


def absences(person: Inspector) -> list[tuple[InspectorAbsence, dt.date]]:
    """The absences of an inspector with the last day of each, the newest first."""
    rows = InspectorAbsence.objects.filter(inspector=person).order_by("-starts_on", "-pk")
    return [(row, row.ends_on - dt.timedelta(1)) for row in rows]


def absence(person: Inspector, pk: int) -> InspectorAbsence:
    """
    One absence of *person*.

    Raises:
        NotFound: It is no longer there, or another's.
    """
    found = (
        InspectorAbsence.objects.filter(inspector=person, pk=pk).select_related("inspector__agency").first()
    )
    if found is None:
        raise NotFound(_("这条缺勤已经不在了"))
    return found


def interest(person: Inspector, pk: int) -> DeclaredInterest:
    """
    One relation of *person*.

    Raises:
        NotFound: It is no longer there, or another's.
    """
    rows = DeclaredInterest.objects.filter(inspector=person, pk=pk)
    found = rows.select_related("inspector__agency", "target").first()
    if found is None:
        raise NotFound(_("这条利害关系已经不在了"))
    return found


def conflicts(person: Inspector) -> list[Assignment]:
    """The seats of an inspector at targets with a relation, or on planned days of absence, before any record."""
    away = Q(pk__in=[])
    for starts_on, ends_on in InspectorAbsence.objects.filter(inspector=person).values_list(
        "starts_on", "ends_on"
    ):
        away |= Q(
            inspection__visits__planned_on__gte=starts_on,
            inspection__visits__planned_on__lt=ends_on,
        )
    related = Q(inspection__target__interests__inspector=person)
    rows = Assignment.objects.filter(
        related | away, inspector=person, replaced_at__isnull=True, inspection__state__in=tasks.WAITING
    )
    return list(rows.select_related("inspection__target").distinct().order_by("inspection__number"))


def target(typed: str) -> Target:
    """
    The target that somebody means by a code or by its whole name.

    Raises:
        NoSuchTarget: There is none, or several bear the name.
    """
    text = typed.strip()
    code = text.upper()
    found = Target.objects.filter(Q(draw_code=code) | Q(uscc=code) | Q(old_number=code) | Q(name=text))[:2]
    if len(found) != 1:
        many = _("有多户同名，请填写统一社会信用代码")
        raise NoSuchTarget(many if found else _("名录库中没有这一户，请核对代码或完整名称"))
    return found[0]


def is_declared(person: Inspector, at: Target) -> bool:
    """Whether the relation stands in the register already."""
    return DeclaredInterest.objects.filter(inspector=person, target=at).exists()
