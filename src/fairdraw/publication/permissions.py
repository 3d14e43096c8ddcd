"""Who may make public, and take off again: duty, scope and state together (公示的权限)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted, RuleBroken
from fairdraw.kernel.verdict import ALLOWED, Verdict
from fairdraw.publication.models import Publication

ANNOUNCERS = (Duty.OFFICE, Duty.LEADER, Duty.PLANNER, Duty.REVIEWER, Duty.CLERK)


class NotPublic(RuleBroken):
    """What is not public cannot be taken off."""

    code = "publication.not-public"


def can_announce(actor: Actor) -> Verdict:
    """Whether *actor* may publish a notice of a plan, a task, a draw."""
    if actor.holds_anywhere(*ANNOUNCERS):
        return ALLOWED
    return Verdict(NotPermitted(_("您的职责不包括发布公告")))


def can_take_off(actor: Actor, publication: Publication) -> Verdict:
    """Whether *actor* may take a published result off: who reviews for its agency, while it is public."""
    if not actor.holds(Duty.REVIEWER, Duty.LEADER, within=publication.inspection.agency.path):
        return Verdict(NotPermitted(_("撤下公示由检查单位审核岗或负责人办理")))
    if publication.acknowledged_at is None or publication.withdrawn_at is not None:
        return Verdict(NotPublic(_("这条结果没有在公示，不能撤下")))
    return ALLOWED
