"""Who may change rows of regulation: the leading group office (领导小组办公室), the system administrator."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted
from fairdraw.kernel.verdict import ALLOWED, Verdict


def can_change(actor: Actor, *, scope: str = "") -> Verdict:
    """
    Whether *actor* may enter a rule for the agency path *scope*; empty means the whole installation.

    The whole installation is the concern of those who hold the duty at the top of the tree ("/1/").
    """
    if actor.trusted:
        return ALLOWED
    duties = (Duty.OFFICE, Duty.SYSTEM_ADMIN)
    held = [g for g in actor.grants if g.duty in duties]
    if any(scope.startswith(g.path) if scope else g.path.count("/") == 2 for g in held):
        return ALLOWED
    return Verdict(NotPermitted(_("只有领导小组办公室或系统管理员可以修改规则库，请与其联系")))
