"""Who keeps the item list and the two directories (一单两库的维护): duty and scope together."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairdraw.accounts import selectors as accounts
from fairdraw.accounts.models import Agency
from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted
from fairdraw.kernel.verdict import ALLOWED, Verdict


def can_keep_registers(actor: Actor) -> Verdict:
    """Whether *actor* may change the item list or a directory of the bureau: its office or its clerk."""
    if actor.trusted or actor.holds(Duty.OFFICE, Duty.CLERK, within=accounts.root().path):
        return ALLOWED
    return Verdict(NotPermitted(_("只有领导小组办公室和局内勤可以维护一单两库")))


def can_confirm_items(actor: Actor) -> Verdict:
    """Whether *actor* may confirm and publish items of the list: the leading group's office."""
    if actor.trusted or actor.holds(Duty.OFFICE, within=accounts.root().path):
        return ALLOWED
    return Verdict(NotPermitted(_("抽查事项由领导小组办公室确认公布")))


def can_enter_base(actor: Actor, agency: Agency) -> Verdict:
    """Whether *actor* may enter the documented number of enterprises that the 3.5 % is of."""
    if actor.holds(Duty.OFFICE, within=agency.path):
        return ALLOWED
    return Verdict(NotPermitted(_("企业实有数由领导小组办公室录入")))


def can_declare(actor: Actor, agency: Agency) -> Verdict:
    """Whether *actor* may enter relations and absences of an inspector of *agency*."""
    if actor.holds(Duty.OFFICE, Duty.PLANNER, Duty.CLERK, Duty.LEADER, within=agency.path):
        return ALLOWED
    return Verdict(NotPermitted(_("检查人员的回避事由和缺勤由其单位登记")))
