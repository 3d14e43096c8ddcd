"""Who may see a job: the person who asked for it, and the system administrator (系统管理员)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fairdraw.kernel.actor import Actor, Duty
from fairdraw.kernel.errors import NotPermitted
from fairdraw.kernel.verdict import ALLOWED, Verdict


def can_see_all(actor: Actor) -> Verdict:
    """Whether *actor* may see the jobs of others."""
    if not actor.holds_anywhere(Duty.SYSTEM_ADMIN):
        return Verdict(
            NotPermitted(str(_("只有系统管理员可以查看他人的作业")), code="jobs.not-administrator")
        )
    return ALLOWED
