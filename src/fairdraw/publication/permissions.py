"""Who may make public, and take off again: duty, scope and state together (公示的权限)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted, RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.plans.models import Task
from fairdraw.plans.states import TaskState
from fairdraw.publication.models import Publication

ANNOUNCERS = (Duty.OFFICE, Duty.LEADER, Duty.PLANNER, Duty.REVIEWER, Duty.CLERK)


ENDED = (TaskState.COMPLETED.value, TaskState.SUMMARISED.value)
DRAWN = (TaskState.DRAWN.value, TaskState.IN_PROGRESS.value, *ENDED)


class TooEarly(RuleBroken):
    """The notice of a task tells of its draw, and an unannounced one is told of when its visits are over."""

    code = "publication.too-early"


class NotPublic(RuleBroken):
    """What is not public cannot be taken off."""

    code = "publication.not-public"


def can_announce(actor: Actor) -> Verdict:
    """Whether *actor* may publish a notice of a plan, a task, a draw."""
    if actor.holds_anywhere(*ANNOUNCERS):
        return ALLOWED
    return Verdict(NotPermitted(_("您的职责不包括发布公告")))


def can_announce_task(actor: Actor, task: Task) -> Verdict:
    """Whether *actor* may publish the notice of *task*: its agency, once it is drawn; I1 of rules.md keeps some back."""
    if not actor.holds(*ANNOUNCERS, within=task.agency.path):
        return Verdict(NotPermitted(_("任务公告由承办单位发布")))
    if task.state not in DRAWN:
        return Verdict(TooEarly(_("抽取完成后才能发布任务公告")))
    if task.unannounced and task.state not in ENDED:
        return Verdict(TooEarly(_("本任务不预先通知，全部检查完成后才能发布公告")))
    return ALLOWED


def can_take_off(actor: Actor, publication: Publication) -> Verdict:
    """Whether *actor* may take a published result off: who reviews for its agency, while it is public."""
    if not actor.holds(Duty.REVIEWER, Duty.LEADER, within=publication.inspection.agency.path):
        return Verdict(NotPermitted(_("撤下公示由检查单位审核岗或负责人办理")))
    if publication.acknowledged_at is None or publication.withdrawn_at is not None:
        return Verdict(NotPublic(_("这条结果没有在公示，不能撤下")))
    return ALLOWED
