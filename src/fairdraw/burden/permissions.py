"""Who may keep the record of visits, campaigns and days without visits."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted
from fairdraw.kernel.verdict import ALLOWED, Verdict


def can_import_visits(actor: Actor) -> Verdict:
    """Whether *actor* may enter visits that came from no draw: the office, planners and clerks of the bureau."""
    if actor.trusted or (
        accounts.is_of_the_bureau(actor) and actor.holds_anywhere(Duty.OFFICE, Duty.PLANNER, Duty.CLERK)
    ):
        return ALLOWED
    return Verdict(NotPermitted(_("入企检查记录由本局的领导小组办公室、计划岗或内勤导入")))


def can_keep_campaigns(actor: Actor) -> Verdict:
    """Whether *actor* may register special campaigns: the leading group's office."""
    return _office(actor, _("专项检查由领导小组办公室登记"))


def can_keep_blackouts(actor: Actor) -> Verdict:
    """Whether *actor* may enter days without visits: the leading group's office."""
    return _office(actor, _("停检期由领导小组办公室登记"))


def _office(actor: Actor, refusal: str) -> Verdict:
    if actor.trusted or actor.holds(Duty.OFFICE, within=accounts.root().path):
        return ALLOWED
    return Verdict(NotPermitted(refusal))
