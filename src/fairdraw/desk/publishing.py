"""
What the pages of publication show and do beyond one stage (公告、撤下、停止公示): the notice of a task, what is public.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fairdraw.inspections.models import Inspection
from fairdraw.kernel.actor import Actor
from fairdraw.kernel.verdict import Verdict
from fairdraw.oversight import papers
from fairdraw.plans import selectors as plans
from fairdraw.plans.models import Task
from fairdraw.plans.states import CHANNEL_LABELS, Channel
from fairdraw.publication import permissions, selectors, services
from fairdraw.publication.models import Announcement, Publication
from fairdraw.ui import formats


@transaction.atomic
def announce_task(*, task: Task, reason: str, actor: Actor, now: dt.datetime) -> Announcement:
    """
    Make the notice of a drawn task public, or a new version of it with its reason (发布任务公告; N07).

    Raises:
        TooEarly: It is not drawn, or is unannounced and still in the field.
        ReasonMissing: A later version does not say why it differs.
    """
    [task] = plans.tasks_for_update([task.number])
    permissions.can_announce_task(actor, task).require()
    return services.announce(
        kind="task",
        reference=task.number,
        title=task.name,
        body=papers.task_notice(task),
        reason=reason,
        actor=actor,
        now=now,
    )


def notice_facts(task: Task) -> list[tuple[str, Any]]:
    """The public text of a task's notice, as it would be published now."""
    body = papers.task_notice(task)
    return [
        (_("任务"), f"{task.name}（{body['number']}）"),
        (_("承办单位"), body["agency"]),
        (_("参与部门"), "、".join(body["departments"])),
        (_("抽查事项"), "、".join(body["items"])),
        (_("检查对象范围"), body["scope"]),
        (_("抽取户数"), body["drawn"]),
        (_("抽取渠道"), _(CHANNEL_LABELS[Channel(body["channel"])])),
        *_list_facts(body),
        (_("抽取编号"), body["draw_number"]),
        (_("检查时间"), f"{body['window_start']} — {body['due_on']}"),
    ]


def _list_facts(body: Mapping[str, Any]) -> list[tuple[str, Any]]:
    if "list_of" not in body:
        return []
    said = _("%(list_of)s抽取（%(list_document)s），未经本系统复核") % body
    return [(_("检查对象名单"), said)]


def announce_lines(task: Task, version: int) -> list[str]:
    """What publishing the notice will do, in sentences."""
    words = {"name": task.name, "number": task.number, "version": version}
    return [
        _("任务“%(name)s”（%(number)s）的公告第%(version)s版向社会公开，不列检查对象名单") % words,
        _("公告不能删除；以后调整的，另发新版本，各版本都可以查到"),
    ]


def take_off_lines(publication: Publication, *, repaired: bool) -> list[str]:
    """What taking a result off will do, in sentences that name the enterprise and the number."""
    assert publication.acknowledged_at is not None
    words = {
        "name": publication.inspection.target.name,
        "number": publication.inspection.number,
        "result": publication.row["result"],
        "at": formats.datetime_zh(publication.acknowledged_at),
        "receipt": publication.receipt,
    }
    said = _("“%(name)s”（%(number)s）%(at)s公示的结果“%(result)s”不再公开（回执 %(receipt)s）") % words
    counted = _("检查和公示仍计入各项指标") if repaired else _("这次公示不再计入公示率等指标")
    return [said, counted, _("版本和原因保留备查；公示系统上的同一条信息请同时办理")]


@dataclass(frozen=True)
class Shown:
    """A version of a published result, and whether it may be taken off."""

    row: Publication
    may_take_off: Verdict


def lines(actor: Actor, rows: Iterable[Publication]) -> list[Shown]:
    """Published results of a list, each with whether it may be taken off."""
    return [Shown(row, permissions.can_take_off(actor, row)) for row in rows]


def shown(actor: Actor, inspection: Inspection) -> list[Shown]:
    """Every version of an inspection's published result, the newest first."""
    return lines(actor, selectors.versions_of(inspection).select_related("inspection__agency"))
